"""How the live speaks of names, articles, durations and counts."""

from collections.abc import Mapping
from datetime import timedelta

from griot.core import texts
from griot.core.money import Money
from griot.core.texts import text
from griot.tools.orders.models import Line


def counted(language: str, name: str, count: int) -> str:
    """``3 ventes``, ``1 vente``: the templates ``live.<name>_one`` and ``live.<name>_many``."""
    return texts.counted(language, f"live.{name}", count)


def short_name(name: str | None, phone: str | None, language: str) -> str:
    """First name and initial: ``Aminata D.``; without a name the last four digits of the phone tell buyers apart."""
    words = (name or "").split()
    if not words:
        return text(language, "live.someone", digits=(phone or "")[-4:]).rstrip()
    initial = next((letter for letter in words[-1] if letter.isalpha()), "") if len(words) > 1 else ""
    return f"{words[0]} {initial.upper()}." if initial else words[0]


def coded(code: str, options: Mapping[str, str], quantity: int = 1) -> str:
    """An article as the vendor calls it: ``ROBE1``, ``ROBE1 (S, rouge) x2``."""
    return _article(code, options, quantity)


def titled(line: Line) -> str:
    """An article as the buyer reads it: ``Robe Wax Ankara (S) x2``."""
    return _article(line.title, line.options, line.quantity)


def _article(name: str, options: Mapping[str, str], quantity: int) -> str:
    label = f" ({', '.join(options.values())})" if options else ""
    return f"{name}{label}{f' x{quantity}' if quantity > 1 else ''}"


def duration(language: str, time: timedelta) -> str:
    """To read: ``1 h 23 min``, ``45 min``."""
    hours, minutes = divmod(int(time.total_seconds()) // 60, 60)
    return text(language, "live.duration_hours" if hours else "live.duration_minutes", hours=hours, minutes=minutes)


def spoken_duration(language: str, time: timedelta) -> str:
    """To say: ``1 heure et 23 minutes``."""
    hours, minutes = divmod(int(time.total_seconds()) // 60, 60)
    said_minutes = counted(language, "minutes", minutes)
    if not hours:
        return said_minutes
    said_hours = counted(language, "hours", hours)
    return text(language, "live.spoken_hours", hours=said_hours, minutes=said_minutes) if minutes else said_hours


def spoken_money(language: str, money: Money) -> str:
    """To say: ``456000 francs CFA``."""
    return f"{money.decimal()} {text(language, f'live.currency_{money.currency}')}"
