"""What a call from the page does: show a view, or perform an act and show what became of it."""

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg_pool import PoolTimeout
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from griot.core import logs
from griot.core.errors import Forbidden, GriotError, NotFound, Unauthenticated
from griot.ui import words
from griot.ui.desk import Desk, Visitor
from griot.ui.registry import Address, Done, View, WrongField
from griot.ui.showing import Rendered, nothing, render, sheet
from griot.ui.views import ACTS, VIEWS, first_view

log = logs.get(__name__)


class Call(BaseModel):
    """``at``: where the page is; ``act`` with ``data``: what was tapped there; ``chrome``: what stands around the view
    is asked for too."""

    model_config = ConfigDict(extra="ignore", str_max_length=20_000)

    at: str = Field("", max_length=2000)
    shop: int | None = Field(None, ge=1, le=2**63 - 1)
    chrome: bool = False
    act: str | None = None
    data: dict[str, Any] = {}


async def answer(visitor: Visitor, given: Mapping[str, Any]) -> dict[str, Any]:
    """What the page has to show, as JSON: ``title``, ``frame`` and ``parts`` of the view, ``say`` in passing, a
    ``sheet`` above it, where to ``go``; ``error`` and wrong ``fields`` when it could not be; ``now``, by our clock."""
    return {"now": visitor.house.clock.now(), **await _answer(visitor, given)}


async def _answer(visitor: Visitor, given: Mapping[str, Any]) -> dict[str, Any]:
    language = visitor.language
    around: dict[str, Any] = {}
    try:
        call = Call.model_validate(given)
        desk = await visitor.sit_down(call.shop)
        around = await _chrome(visitor, desk) if call.chrome else {}
        if call.act is None:
            return {**around, **await _go(desk, Address.parse(call.at))}
        return await _perform(desk, call)
    except ValidationError as error:
        fields = {str(item["loc"][-1]): _wrong(language, item["type"]) for item in error.errors() if item["loc"]}
        return {"error": words.say(language, "errors.fields"), "fields": fields}
    except WrongField as error:
        return {"error": words.say(language, "errors.fields"), "fields": {error.field: str(error)}}
    except Unauthenticated:
        return {"login": True}
    except GriotError as error:
        return {**around, "error": told(language, error)}
    except (psycopg.OperationalError, PoolTimeout) as error:
        log.warning("the database does not answer", exc_info=error)
        return {"error": words.say(language, "errors.away")}
    except psycopg.DataError as error:
        log.info("a value cannot be stored", exc_info=error)
        return {"error": words.say(language, "errors.InvalidInput")}


async def _go(desk: Desk, at: Address) -> dict[str, Any]:
    """The view of an address; why there is none, and the way elsewhere, where there is none (``lost``)."""
    try:
        return _shown(await _look(desk, at))
    except GriotError as error:
        why = told(desk.language, error)
        return {"error": why, "lost": True, **_shown(await nothing(desk, why))}


async def _perform(desk: Desk, call: Call) -> dict[str, Any]:
    door = ACTS.get(call.act or "")
    if door is None:
        raise NotFound(f"There is nothing called {call.act!r} to do.")
    done: Done = await door.open(desk, call.data)
    told_back: dict[str, Any] = {"say": done.say, "go": done.go}
    if done.sheet:
        return {**told_back, "sheet": await sheet(desk, done.sheet, done.data)}
    if done.go is None:
        told_back |= _shown(await _look(desk, Address.parse(call.at)))
    return told_back


async def _chrome(visitor: Visitor, desk: Desk) -> dict[str, Any]:
    """What stands around the view: where one can go, in which shop, as whom; and the words of the page's script."""
    data = {"workplaces": await visitor.workplaces(), "email": visitor.session.email}
    script = {name: words.say(desk.language, f"shell.script.{name}") for name in _SCRIPT}
    return {"chrome": await sheet(desk, "shell.html", data), "shop": desk.access.shop_id, "words": script}


_SCRIPT = ("offline", "sure", "yes", "no", "close", "working", "now", "minutes", "hours", "days", "over")


def view_at(desk: Desk, at: Address) -> tuple[View, Address]:
    """The view of an address; nothing named is the first that somebody may see."""
    if not at.view:
        view = first_view(desk)
        return view, Address(view.name)
    if at.view not in VIEWS:
        raise NotFound(f"There is no view {at.view!r}.")
    return VIEWS[at.view], at


async def _look(desk: Desk, at: Address) -> Rendered:
    view, at = view_at(desk, at)
    return await render(view, desk, at)


def _shown(rendered: Rendered) -> dict[str, Any]:
    return {"title": rendered.title, "frame": rendered.frame, "parts": dict(rendered.parts)}


def told(language: str, error: GriotError) -> str:
    """An error in the words of the console; what exactly is wrong is only known in English."""
    kind = words.find(language, f"errors.{type(error).__name__}") or words.say(language, "errors.other")
    if isinstance(error, Forbidden):
        return kind
    return str(error) if language == "en" else f"{kind} ({error})"


def _wrong(language: str, kind: str) -> str:
    return words.find(language, f"errors.field.{kind}") or words.say(language, "errors.field.other")
