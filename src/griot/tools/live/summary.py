"""The summary of a live, from its facts alone: figures, one advice, a message to read and a text to say."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from griot.core.texts import text
from griot.tools.live.models import Facts
from griot.tools.live.wording import counted, duration, spoken_duration, spoken_money

EARLY = 0.75  # share of the live before which running out costs sales
FEW_UNITS = 5  # below this one article's share says nothing


@dataclass(frozen=True, slots=True)
class Advice:
    """``rule`` names the template ``live.advice_<rule>``, ``values`` fill it."""

    rule: str
    values: dict[str, Any]


def advise(facts: Facts) -> Advice:
    """The one thing to do better next time: the first rule that applies, documented in docs/how-to/run-a-live.md.

    no_orders: nobody ordered. sold_out: an article ran out before three quarters of the live. pending: more than half
    of the orders are still to be paid. expired, cancelled: less than half are paid, and this is what became of most
    others. one_article: one article makes more than 60 % of at least five pieces sold. praise: none of these.
    """
    totals = facts.totals
    if not totals.orders:
        return Advice("no_orders", {})
    for article in facts.sold_out:
        if article.at - facts.started_at < EARLY * facts.duration:
            return Advice("sold_out", {"code": article.code, "duration": article.at - facts.started_at})
    if 2 * totals.pending > totals.orders:
        return Advice("pending", {"pending": totals.pending})
    if totals.conversion < 50:
        rule = "expired" if totals.expired >= totals.cancelled else "cancelled"
        return Advice(rule, {rule: getattr(totals, rule), "orders": totals.orders})
    units = sum(article.units for article in facts.sold)
    if units >= FEW_UNITS and facts.sold[0].units > 0.6 * units:
        return Advice("one_article", {"code": facts.sold[0].code, "share": round(100 * facts.sold[0].units / units)})
    return Advice("praise", {"conversion": totals.conversion})


def summarise(facts: Facts, language: str, timezone: str) -> dict[str, Any]:
    """What is kept in ``lives.summary``: numbers, times in ISO 8601, ``text`` to send, ``spoken`` to say."""
    totals = facts.totals
    advice = advise(facts)
    return {
        "duration_seconds": int(facts.duration.total_seconds()),
        "orders": totals.orders,
        "paid": totals.paid,
        "pending": totals.pending,
        "expired": totals.expired,
        "cancelled": totals.cancelled,
        "conversion": totals.conversion,
        "turnover_minor": totals.turnover.minor,
        "currency": totals.turnover.currency,
        "sold": [{"code": article.code, "units": article.units} for article in facts.sold],
        "new_buyers": facts.new_buyers,
        "returning_buyers": facts.returning_buyers,
        "peak": facts.peak
        and {"at": facts.peak.minute.isoformat(), "code": facts.peak.code, "asked": facts.peak.asked},
        "sold_out": [{"code": article.code, "at": article.at.isoformat()} for article in facts.sold_out],
        "advice": {"rule": advice.rule, "text": _advice(advice, language, duration)},
        "text": _message(facts, advice, language, ZoneInfo(timezone)),
        "spoken": _spoken(facts, advice, language),
    }


def _advice(advice: Advice, language: str, tell: Callable[[str, timedelta], str]) -> str:
    values = {
        name: tell(language, value) if isinstance(value, timedelta) else value for name, value in advice.values.items()
    }
    return text(language, f"live.advice_{advice.rule}", **values)


def _message(facts: Facts, advice: Advice, language: str, zone: ZoneInfo) -> str:
    totals = facts.totals
    return text(
        language,
        "live.summary",
        title=facts.title and f"*{facts.title}*",
        duration=duration(language, facts.duration),
        turnover=totals.turnover,
        orders=totals.orders,
        outcomes=_outcomes(facts, language),
        conversion=totals.conversion,
        best_seller=_best_seller(facts, language, "best_seller"),
        peak=_peak(facts, language, zone),
        sold_out=_sold_out(facts, language),
        new_buyers=facts.new_buyers,
        returning_buyers=facts.returning_buyers,
        advice=_advice(advice, language, duration),
    )


def _outcomes(facts: Facts, language: str) -> str:
    """``24 payées, 4 expirées``; what did not occur is left out, except that nothing was paid."""
    totals = facts.totals
    counts = {"expired": totals.expired, "cancelled": totals.cancelled, "pending": totals.pending}
    told = [counted(language, "outcome_paid", totals.paid)]
    told += [counted(language, f"outcome_{name}", count) for name, count in counts.items() if count]
    return ", ".join(told)


def _best_seller(facts: Facts, language: str, template: str) -> str:
    if not facts.sold:
        return ""
    best = facts.sold[0]
    return text(language, f"live.{template}", code=best.code, sales=counted(language, "sales", best.units))


def _peak(facts: Facts, language: str, zone: ZoneInfo) -> str:
    if facts.peak is None:
        return ""
    time = facts.peak.minute.astimezone(zone)
    requests = counted(language, "requests", facts.peak.asked)
    return text(language, "live.peak", time=f"{time:%H:%M}", requests=requests, code=facts.peak.code)


def _sold_out(facts: Facts, language: str) -> str:
    if not facts.sold_out:
        return ""
    articles = [
        text(
            language,
            "live.sold_out_item",
            code=article.code,
            duration=duration(language, article.at - facts.started_at),
        )
        for article in facts.sold_out
    ]
    return text(language, "live.sold_out_list", articles=", ".join(articles))


def _spoken(facts: Facts, advice: Advice, language: str) -> str:
    totals = facts.totals
    lasted = spoken_duration(language, facts.duration)
    said_advice = _advice(advice, language, spoken_duration)
    if not totals.orders:
        return text(language, "live.spoken_no_orders", duration=lasted, advice=said_advice)
    return text(
        language,
        "live.spoken",
        duration=lasted,
        turnover=spoken_money(language, totals.turnover),
        paid=counted(language, "spoken_paid", totals.paid),
        orders=totals.orders,
        expired=counted(language, "spoken_expired", totals.expired) if totals.expired else "",
        best_seller=_best_seller(facts, language, "spoken_best_seller"),
        buyers=_spoken_buyers(facts, language),
        advice=said_advice,
    )


def _spoken_buyers(facts: Facts, language: str) -> str:
    if not facts.totals.paid:
        return ""
    return text(
        language,
        "live.spoken_buyers",
        new_buyers=counted(language, "new_buyers", facts.new_buyers),
        returning_buyers=counted(language, "returning_buyers", facts.returning_buyers),
    )
