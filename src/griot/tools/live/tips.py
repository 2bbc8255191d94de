"""Advice while a live runs, and alerts: rules over what is known now, documented in docs/how-to/run-a-live.md."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from griot.tools.live.board_models import Alert, Moment, Pulse, Shelf, Tip

LATELY = timedelta(minutes=10)
QUIET = timedelta(minutes=5)
FEW_ORDERS = 8  # left before an article runs out
WELL = 3  # orders of the last ten minutes that make an article sell well
MOST_TIPS = 3


def tips(
    shelves: Sequence[Shelf], moment: Moment, vips: int, pulse: Pulse, started_at: datetime, now: datetime
) -> list[Tip]:
    """What to do in the next minutes, the most pressing first, three at most.

    running_out: an article that sells well is enough for 8 orders at most. waiting_line: buyers wait for an article of
    which nothing is left. slow: at least two open orders have used up more than half of their time. quiet: nobody has
    ordered for five minutes. best_seller: the article that sells best just now, while there is enough of it. vip:
    buyers of high trust are there; what there is most of.
    """
    found = [
        _running_out(shelves),
        _waiting_line(shelves),
        Tip("slow", {"count": moment.slow}) if moment.slow >= 2 else None,
        _quiet(shelves, pulse, started_at, now),
        _best_seller(shelves),
        _vip(shelves, vips),
    ]
    return [tip for tip in found if tip][:MOST_TIPS]


def alerts(shelves: Sequence[Shelf], moment: Moment, escalations: int) -> list[Alert]:
    """What has to be looked at, the most pressing first."""
    found = [Alert("escalations", count=escalations)] if escalations else []
    found += [Alert("sold_out", shelf.code) for shelf in shelves if shelf.sold_out]
    found += [Alert("low", shelf.code, shelf.free) for shelf in shelves if shelf.free and shelf.low]
    found += [Alert("all_held", shelf.code, shelf.held) for shelf in shelves if shelf.held and not shelf.free]
    if moment.expiring:
        found.append(Alert("expiring", count=moment.expiring))
    if moment.paid >= 2:
        found.append(Alert("payments", count=moment.paid, amount=moment.received))
    return found


def _running_out(shelves: Sequence[Shelf]) -> Tip | None:
    close = [shelf for shelf in shelves if shelf.lately >= WELL and 0 < shelf.orders_left <= FEW_ORDERS]
    if not close:
        return None
    first = min(close, key=lambda shelf: (shelf.orders_left, shelf.code))
    return Tip("running_out", {"code": first.code, "count": first.orders_left})


def _waiting_line(shelves: Sequence[Shelf]) -> Tip | None:
    longest = max(shelves, key=lambda shelf: (shelf.waiting, shelf.code), default=None)
    if longest is None or not longest.waiting or longest.free:
        return None
    return Tip("waiting_line", {"code": longest.code, "count": longest.waiting})


def _quiet(shelves: Sequence[Shelf], pulse: Pulse, started_at: datetime, now: datetime) -> Tip | None:
    offer = _to_offer(shelves)
    if offer is None or now - started_at < QUIET:
        return None
    if any(bar.orders for bar in pulse.bars if bar.at + pulse.step > now - QUIET):
        return None
    return Tip("quiet", {"code": offer.code})


def _best_seller(shelves: Sequence[Shelf]) -> Tip | None:
    well = [shelf for shelf in shelves if shelf.lately >= WELL and shelf.orders_left > FEW_ORDERS]
    if not well:
        return None
    best = max(well, key=lambda shelf: (shelf.lately, shelf.code))
    return Tip("best_seller", {"code": best.code, "count": best.lately})


def _vip(shelves: Sequence[Shelf], vips: int) -> Tip | None:
    offer = _to_offer(shelves)
    return Tip("vip", {"code": offer.code, "count": vips}) if vips and offer else None


def _to_offer(shelves: Sequence[Shelf]) -> Shelf | None:
    """The article that is asked for least, and of those the one with most pieces; none when nothing is left."""
    left = [shelf for shelf in shelves if shelf.free]
    return min(left, key=lambda shelf: (shelf.lately, -shelf.free, shelf.code), default=None)
