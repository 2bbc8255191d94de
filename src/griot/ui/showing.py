"""A view as HTML. Everything that buyers, vendors and catalogues wrote is escaped here, by the templates."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import phonenumbers
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from griot.core.money import Money
from griot.core.tenancy import load_shop
from griot.core.texts import text
from griot.ui import words
from griot.ui.desk import Desk
from griot.ui.registry import Address, View
from griot.ui.views import offered

NAVIGATION = "navigation"  # the part that every view has: where else one can go, and what waits there

_HERE = Path(__file__).parent
_BOLD = re.compile(r"\*(\S(?:[^*\n]*\S)?)\*")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A view at one moment: its frame with a place for every part, and the parts; ``again``: seconds until it is to be
    looked at again."""

    title: str
    frame: str
    parts: Mapping[str, str]
    again: float | None = None


@cache
def environment() -> Environment:
    """The templates. A value that nobody gave is an error, not an empty place."""
    made = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.do"],
    )
    made.filters["phone"] = phone
    made.filters["qr"] = lambda door: Markup(door.qr)  # noqa: S704 - drawn by us, from squares only
    made.filters["chat"] = chat
    made.filters["iso"] = lambda at: at.isoformat(timespec="seconds")
    return made


async def render(view: View, desk: Desk, at: Address) -> Rendered:
    """What a view shows at an address, read and rendered. Errors of the view come out as they are."""
    shown = await view.look(desk, at)
    context = await _context(desk)
    counts = await _waiting(desk)
    parts = {
        part: environment().get_template(f"{view.name}/{part}.html").render({**context, **shown.data}).strip()
        for part in shown.parts
    }
    parts[NAVIGATION] = environment().get_template("navigation.html").render({**context, "counts": counts}).strip()
    frame = environment().get_template(shown.frame).render({**context, **shown.data, "part": _place}).strip()
    return Rendered(shown.title, frame, parts, shown.again or view.every)


async def nothing(desk: Desk, why: str) -> Rendered:
    """What is shown where there is no view."""
    context = {**await _context(desk), "counts": await _waiting(desk), "why": why}
    navigation, frame = (environment().get_template(f"{name}.html").render(context) for name in (NAVIGATION, "nothing"))
    return Rendered("Griot", frame.strip(), {NAVIGATION: navigation.strip()})


async def _waiting(desk: Desk) -> dict[str, int]:
    """The views that somebody may see, with what waits for them in each."""
    async with desk.transaction() as tx:
        return {view.name: await view.waiting(tx) if view.waiting else 0 for view in offered(desk)}


async def sheet(desk: Desk, template: str, data: Mapping[str, Any]) -> str:
    """A template that is shown above a view."""
    return environment().get_template(template).render({**await _context(desk), **data}).strip()


def page(template: str, language: str, **data: Any) -> str:
    """A page of its own, such as that of the login."""
    return environment().get_template(template).render({**_speech(language), **data})


def _place(name: str, classes: str = "") -> Markup:
    """Where a part goes in the frame of its view."""
    return Markup('<div data-part="{}" class="{}"></div>').format(name, classes)


def _speech(language: str) -> dict[str, Any]:
    return {
        "language": language,
        "languages": words.NAMES,
        "t": lambda name, /, **values: words.say(language, name, **values),
        "tn": lambda name, count: words.counted(language, name, count),
        "maybe": lambda name, otherwise: words.find(language, name) or otherwise,
    }


async def _context(desk: Desk) -> dict[str, Any]:
    async with desk.transaction() as tx:
        shop = await load_shop(tx)
    zone, now = ZoneInfo(shop.timezone), desk.now
    return {
        **_speech(desk.language),
        "desk": desk,
        "may": desk.may,
        "shop": shop,
        "now": now,
        "local": lambda at: at.astimezone(zone),
        "clock": lambda at: at.astimezone(zone).strftime("%H:%M"),
        "moment": lambda at: _moment(at, now, zone),
        "file": lambda name, **query: _file(name, shop.id, query),
        "ago": lambda at: _time("since", at, _moment(at, now, zone)),
        "left": lambda at: _time("until", at, _left(at, now)),
        "money": Money,
        "buyers_text": text,
    }


def chat(text: str) -> Markup:
    """A message as telephones show it: ``*Chez Awa*`` in bold."""
    return Markup(_BOLD.sub(r"<b>\1</b>", str(escape(text))))  # noqa: S704 - escaped before


def phone(digits: str | None) -> str:
    """``+221 77 123 45 67`` from digits; empty without a number."""
    if not digits:
        return ""
    try:
        number = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return f"+{digits}"
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def _time(which: str, at: datetime, shown: str) -> Markup:
    """A moment that the page keeps telling rightly: ``data-since`` or ``data-until``."""
    iso = at.isoformat(timespec="seconds")
    return Markup('<time datetime="{0}" data-{1}="{0}">{2}</time>').format(iso, which, escape(shown))


def _moment(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """``20:15`` of today, else ``15/02 20:15``; with the year when it is another one."""
    there, today = at.astimezone(zone), now.astimezone(zone)
    if there.date() == today.date():
        return there.strftime("%H:%M")
    return there.strftime("%d/%m %H:%M" if there.year == today.year else "%d/%m/%Y")


def _left(at: datetime, now: datetime) -> str:
    seconds = max(0, int((at - now).total_seconds()))
    return f"{seconds // 60}:{seconds % 60:02d}"


def _file(name: str, shop_id: int, query: Mapping[str, Any]) -> str:
    return f"/files/{name}?{urlencode({'shop': shop_id, **query})}"
