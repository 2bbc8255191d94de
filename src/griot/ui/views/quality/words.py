"""Shares, times and effects as people read them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from griot.evals.models import Json
from griot.ui import words


def percent(language: str, share: float | None) -> str:
    """``91,4 %`` of .914; a dash of nothing."""
    if share is None:
        return "–"
    return f"{number(language, 100 * share, 1)} %"


def number(language: str, value: float, digits: int = 0) -> str:
    """``1 234,5`` in French and Malagasy, ``1,234.5`` in English."""
    written = f"{value:,.{digits}f}"
    return written if language == "en" else written.replace(",", "\u202f").replace(".", ",")


def span(language: str, seconds: float | None) -> str:
    """``180 ms``, ``1,5 s``, ``4 min 10``, ``2 h 05``, ``3 j``; a dash of nothing."""
    if seconds is None:
        return "–"
    if seconds < 1:
        return f"{number(language, 1000 * seconds)} ms"
    if seconds < 60:
        return f"{number(language, seconds, 1)} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d}"
    if minutes < 48 * 60:
        return f"{minutes // 60} h {minutes % 60:02d}"
    return words.say(language, "quality.days_long", days=timedelta(minutes=minutes).days)


def helpers(language: str) -> dict[str, Any]:
    """What the templates of this view call."""
    return {
        "percent": lambda share: percent(language, share),
        "number": lambda value, digits=0: number(language, value, digits),
        "span": lambda seconds: span(language, seconds),
        "effect": effect,
        "asked_for": lambda expect: asked_for(language, expect),
    }


def effect(item: Mapping[str, Any]) -> str:
    """What was done, or is expected: ``reserve · 2 × ROBE1 (M)``."""
    parts = [str(item["action"])] if item.get("action") else []
    products = item.get("product")
    if products:
        listed = products if isinstance(products, list) else [products]
        many = f"{item['quantity']} × " if item.get("quantity") is not None else ""
        parts.append(f"{many}{', '.join(map(str, listed))}{_variant(item.get('variant'))}")
    elif item.get("quantity") is not None:
        parts.append(f"{item['quantity']} ×")
    if item.get("lines"):
        parts.append("; ".join(effect(line) if isinstance(line, dict) else str(line) for line in item["lines"]))
    known = {"action", "product", "quantity", "variant", "lines", "alt", "also", "must_not", "must_mention"}
    parts += [f"{name}: {value}" for name, value in item.items() if name not in known and value not in (None, "", [])]
    return " · ".join(parts)


def _variant(value: Any) -> str:
    if not value:
        return ""
    return f" ({' / '.join(map(str, value.values())) if isinstance(value, dict) else value})"


def asked_for(language: str, expect: Any) -> list[str]:
    """An expectation of a suite, a line for each thing that is asked for."""
    if not expect:
        return []
    if isinstance(expect, str):
        return [expect]
    parts = [
        ("also", [effect(one) if isinstance(one, dict) else one for one in _list(expect.get("also"))]),
        ("or", [line for other in _list(expect.get("alt")) for line in asked_for(language, other)[:1]]),
        ("says", _list(expect.get("must_mention"))),
        ("never", _list(expect.get("must_not"))),
    ]
    told = [f"{words.say(language, f'quality.expect.{name}')} {line}" for name, lines in parts for line in lines]
    return [line for line in (effect(expect), *told) if line]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value else []


def past(line: Json) -> list[Json]:
    """The messages that were there before a case began."""
    customer = line.get("customer")
    history = customer.get("history") if isinstance(customer, dict) else None
    return [entry for entry in _list(history) if isinstance(entry, dict)]
