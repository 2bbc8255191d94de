"""What the payment page shows, worked out from the order, its payments and the time; no HTML, no SQL."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

import segno

from griot.core.money import Money
from griot.core.tenancy import Shop
from griot.core.texts import LANGUAGES, text
from griot.tools.orders.models import Line, Order
from griot.tools.payments.models import Payment
from griot.tools.payments.telling import means_name

SHOWN_LINES = 6
LONGEST_LABEL = 60  # characters of a title; the page keeps its size whatever a merchant writes

REFRESH = 3  # seconds between two looks at a payment that is being confirmed

_WORDS = ("remaining", "or_with", "other_phone", "already_paid", "pay_otherwise")

State = Literal["open", "processing", "paid", "expired", "cancelled"]


@dataclass(frozen=True, slots=True)
class Button:
    """A means to pay by; the first one is the buyer's choice, names the amount and stands out."""

    means: str
    label: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the order: ``Robe Wax (M)``, ``2 × 7 500 F CFA``, ``15 000 F CFA``."""

    label: str
    detail: str
    amount: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What the page is about. ``preferred`` is the buyer's usual means, ``provider`` the name that buyers know."""

    shop: Shop
    order: Order
    payments: list[Payment]
    preferred: str | None
    provider: str
    link: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Visit:
    """How the buyer came: ``back`` from the provider unpaid, or ``done``; ``trouble`` names what stood in the way."""

    language: str
    done: bool = False
    back: bool = False
    trouble: Literal["down", "refused", "stale"] | None = None


@dataclass(frozen=True, slots=True)
class View:
    """The page in one language. ``refresh``: seconds after which the browser asks again; ``qr``: SVG of the link;
    ``timed``: whether a deadline runs."""

    language: str
    state: State
    shop: str
    badge: str
    logo: str | None
    heading: str
    lead: str
    notices: tuple[str, ...]
    rows: tuple[Row, ...]  # of the order
    sums: tuple[Row, ...]  # under them: the total, and what of it is paid now and what later
    due: str
    reference: str
    timed: bool
    deadline: str
    minutes: str
    seconds: int
    buttons: tuple[Button, ...]
    trust: tuple[str, ...]
    claims_paid: bool  # offers "I have paid already"
    pays_otherwise: bool  # offers the way back to the buttons
    refresh: int | None
    qr: str
    words: dict[str, str]


def build(facts: Facts, visit: Visit) -> View:
    """The page of an order as it stands."""
    language, order = visit.language, facts.order
    state = _state(facts, visit)
    shop = _cut(facts.shop.name)
    seconds = order.seconds_left(facts.now)
    payable = order.open and not order.overdue(facts.now)
    return View(
        language=language,
        state=state,
        shop=shop,
        badge=shop[:1].upper(),
        logo=facts.shop.settings.logo_url,
        heading=_t(language, state),
        lead=_lead(facts, language, state),
        notices=tuple(_notices(facts, visit, state)),
        rows=tuple(_rows(language, order)),
        sums=tuple(_sums(language, facts)),
        due=str(_due(facts)),
        reference=_t(language, "reference", reference=order.reference),
        timed=not order.on_delivery,
        deadline=_deadline(language, facts.shop, order),
        minutes=_t(language, "minutes_left", minutes=-(-seconds // 60)),
        seconds=seconds,
        buttons=tuple(_buttons(facts, language)) if state == "open" else (),
        trust=(
            _t(language, "trust_secure", provider=facts.provider),
            _t(language, "trust_secret", shop=shop),
            _t(language, "trust_money", provider=facts.provider),
        ),
        claims_paid=state == "open" and any(payment.open for payment in facts.payments),
        pays_otherwise=state == "processing" and payable,
        refresh=REFRESH if state == "processing" else None,
        qr=_qr(facts.link) if state == "open" else "",
        words={name: _t(language, name) for name in _WORDS},
    )


def choose_language(asked: str | None, buyer: str | None, accepted: str, shop: str) -> str:
    """``?lang=`` first, then the language the buyer writes in, then the browser's, then the shop's."""
    browser = [part.split(";")[0].strip()[:2].lower() for part in accepted.split(",")]
    return next((code for code in (asked, buyer, *browser, shop) if code in LANGUAGES), "fr")


def _t(language: str, name: str, **values: object) -> str:
    return text(language, f"paypage.{name}", **values)


def _state(facts: Facts, visit: Visit) -> State:
    order = facts.order
    if order.status == "paid":
        return "paid"
    if visit.done and any(payment.open for payment in facts.payments):
        return "processing"
    if order.status == "cancelled":
        return "cancelled"
    return "open" if order.open and not order.overdue(facts.now) else "expired"


def _lead(facts: Facts, language: str, state: State) -> str:
    order, shop = facts.order, facts.shop
    if state == "open":
        return ""
    if state == "paid" and order.paid_at is not None:
        means = next((p.means for p in facts.payments if p.outcome in ("settled", "late_settled")), order.means)
        when = f"{order.paid_at.astimezone(ZoneInfo(shop.timezone)):%d/%m/%Y %H:%M}"
        paid_by = _t(language, "paid_by", means=means_name(language, means or "card"), when=when)
        return f"{_t(language, 'paid_text')} {paid_by}"
    codes = ", ".join(line.code for line in order.lines[:SHOWN_LINES])
    return _t(language, f"{state}_text", codes=codes, shop=_cut(shop.name))


def _notices(facts: Facts, visit: Visit, state: State) -> list[str]:
    language = visit.language
    notices = [_attempt_notice(language, facts.payments[-1], visit)] if state == "open" and facts.payments else []
    if state == "open" and visit.trouble:
        notices = [_t(language, f"notice_{visit.trouble}")]
    for payment in facts.payments:
        if payment.outcome and payment.outcome.endswith("_refund"):
            reason = payment.outcome.removesuffix("_refund")
            notices.append(_t(language, f"notice_refund_{reason}", received=payment.received))
    return [notice for notice in notices if notice]


def _attempt_notice(language: str, last: Payment, visit: Visit) -> str:
    """What became of the last attempt to pay, as far as that helps to pay now."""
    if last.status == "failed":
        return _t(language, "notice_failed", means=means_name(language, last.means))
    if visit.back:
        return _t(language, "notice_back")
    return _t(language, "notice_started", means=means_name(language, last.means)) if last.status == "pending" else ""


def _buttons(facts: Facts, language: str) -> list[Button]:
    offered = facts.shop.settings.means
    first = next((means for means in (facts.order.means, facts.preferred) if means in offered), offered[0])
    label = _t(language, "pay_with", total=_due(facts), means=means_name(language, first))
    others = [Button(means, _capital(means_name(language, means))) for means in offered if means != first]
    return [Button(first, label), *others]


def _rows(language: str, order: Order) -> list[Row]:
    """The first lines of the order, the others added up in one, and what a promotion takes off."""
    rows = [_row(line) for line in order.lines[:SHOWN_LINES]]
    hidden = order.lines[SHOWN_LINES:]
    if hidden:
        amount = sum((line.total for line in hidden[1:]), start=hidden[0].total)
        rows.append(Row(_t(language, "more_lines", count=len(hidden)), "", str(amount)))
    if order.discount:
        rows.append(Row(_t(language, "discount"), "", f"−{order.discount}"))
    return rows


def _due(facts: Facts) -> Money:
    """What this page is about: what is to be paid now, or has been."""
    return facts.order.received or facts.order.due_now(facts.shop)


def _sums(language: str, facts: Facts) -> list[Row]:
    """The total; with a deposit, what is paid by this page and what remains for later comes after it."""
    order, due = facts.order, _due(facts)
    rows = [Row(_t(language, "total"), "", str(order.total))]
    if due != order.total:
        label = "deposit_paid" if order.received else "deposit"
        rows += [
            Row(_t(language, "balance"), "", str(order.total - due)),
            Row(_t(language, label), "", str(due)),
        ]
    return rows


def _row(line: Line) -> Row:
    options = f" ({', '.join(line.options.values())})" if line.options else ""
    detail = f"{line.quantity} × {line.unit}" if line.quantity > 1 else ""
    return Row(_cut(line.title + options), detail, str(line.total))


def _deadline(language: str, shop: Shop, order: Order) -> str:
    local = order.expires_at.astimezone(ZoneInfo(shop.timezone))
    city = shop.timezone.rsplit("/", 1)[-1].replace("_", " ")
    return _t(language, "deadline", time=f"{local:%H:%M}", city=city)


def _qr(link: str) -> str:
    code = segno.make(link, error="l", micro=False)
    return str(code.svg_inline(border=2, omitsize=True, svgclass=None, lineclass=None, dark="#000", light="#fff"))


def _capital(label: str) -> str:
    return label[:1].upper() + label[1:]


def _cut(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"
