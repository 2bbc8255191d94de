"""The briefing in words: to read, and to listen to. What is nothing is not said."""

from griot.core.texts import counted, text
from griot.tools.briefing.models import Facts

_SHORTEST_SUMMARY = 120  # characters of what was said last


def _counted(language: str, name: str, count: int) -> str:
    return counted(language, f"briefing.{name}", count)


def written(facts: Facts, language: str, console: str) -> str:
    """Hier : 12 conversations, 3 commandes payées (45 000 F CFA) … ``console``: before a place in the console."""
    lines = [
        text(
            language,
            "briefing.yesterday",
            day=f"{facts.day:%d/%m}",
            conversations=_counted(language, "conversations", facts.conversations),
            orders=_counted(language, "orders", facts.orders),
            paid=_counted(language, "paid", facts.paid),
            turnover=facts.turnover,
        )
    ]
    lines += [_counted(language, name, count) for name, count in _open(facts) if count]
    if facts.sold_out:
        lines.append(text(language, "briefing.sold_out", codes=", ".join(facts.sold_out)))
    if facts.watch:
        said = " ".join(facts.watch.summary.split())
        short = said if len(said) <= _SHORTEST_SUMMARY else said[: _SHORTEST_SUMMARY - 1] + "…"
        lines.append(text(language, "briefing.watch", buyer=facts.watch.buyer, summary=short))
    place = f"/inbox/{facts.watch.conversation}" if facts.watch else "/today"
    lines.append(text(language, "briefing.link", link=f"{console}{place}"))
    return "\n".join(lines)


def spoken(facts: Facts, language: str) -> str:
    """The same in sentences; what a buyer wrote is read, not said aloud."""
    lines = [
        text(
            language,
            "briefing.spoken",
            conversations=_counted(language, "conversations", facts.conversations),
            paid=_counted(language, "paid", facts.paid),
            turnover=facts.turnover,
        )
    ]
    lines += [_counted(language, f"{name}_spoken", count) for name, count in _open(facts) if count]
    if facts.watch:
        lines.append(text(language, "briefing.watch_spoken", buyer=facts.watch.buyer))
    return "\n".join(lines)


def _open(facts: Facts) -> tuple[tuple[str, int], ...]:
    """What waits for the vendor, by the name of its sentence."""
    return (
        ("hot", facts.hot),
        ("waiting", facts.waiting),
        ("complaints", facts.complaints),
        ("refunds", facts.refunds),
    )
