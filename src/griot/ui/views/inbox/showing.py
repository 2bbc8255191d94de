"""What the inbox shows: the list, and beside it a conversation or the cases that were made of ratings."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import orjson
from markupsafe import Markup, escape

from griot.core.db.pool import Tx
from griot.core.errors import InvalidInput
from griot.core.tenancy import Shop
from griot.tools.conversations import inbox
from griot.tools.conversations.inbox import Listed
from griot.tools.conversations.suggesting import Suggestion, advised, suggest
from griot.tools.customers.queries import standing
from griot.tools.orders.queries import open_orders
from griot.tools.priority import service as priority
from griot.tools.priority.service import FILTERS, Filter, Stands
from griot.tools.ratings import service as ratings
from griot.tools.ratings.models import Rating
from griot.tools.users.queries import members
from griot.ui.desk import Desk
from griot.ui.registry import Address, Shown
from griot.ui.views.inbox.view import view

PAGE = 30  # conversations of a page
SAID = 40  # messages of a page
_CASES = 50
_BOLD = re.compile(r"\*(\S(?:[^*\n]*\S)?)\*")
_PLACE = re.compile(r"(-?[0-9]{1,18})\.([0-9]{1,18})")


@view.show
async def show(desk: Desk, at: Address) -> Shown:
    """``/inbox`` the list, ``/inbox/12`` a conversation beside it, ``/inbox/cases`` the cases."""
    cases = at.rest[:1] == ("cases",) and desk.may("evals:read")
    number = None if cases else at.number()
    async with desk.shop() as (tx, shop):
        data = await _list(tx, desk, at)
        data |= {"thread": None, "cases": None, "opened": number, "whole": whole}
        parts: tuple[str, ...] = ("filters", "list")
        if cases:
            data["cases"] = await ratings.cases(tx, _CASES)
            parts += ("cases",)
        elif number is not None:
            data |= await _thread(tx, desk, shop, number, at)
            parts += ("head", "said", "answer")
    return Shown("inbox/view.html", parts, data, desk.t("inbox.title"))


async def _list(tx: Tx, desk: Desk, at: Address) -> dict[str, Any]:
    wanted = at.get("which")
    which: Filter = next((name for name in FILTERS if name == wanted), "all")
    channel, search = at.get("channel"), at.get("search")
    found = await priority.page(
        tx, desk.now, PAGE, _place(at.get("after")), which=which, channel=channel, search=search
    )
    kept = {"which": wanted, "channel": channel, "search": search}

    def address(path: str = "", **changes: Any) -> str:
        query = {name: value for name, value in {**kept, **changes}.items() if value}
        return f"#/inbox{path}" + (f"?{urlencode(query)}" if query else "")

    return {
        "threads": found,
        "which": which,
        "filters": FILTERS,
        "counts": await priority.counts(tx),
        "most": priority.COUNTED,
        "channel": channel,
        "channels": await priority.channels(tx),
        "search": search or "",
        "address": address,
        "next": address(after=_packed(found[-1].place)) if len(found) == PAGE else None,
        "first": at.get("after") is None,
    }


async def _thread(tx: Tx, desk: Desk, shop: Shop, number: int, at: Address) -> dict[str, Any]:
    thread = await inbox.thread(tx, number)
    before = _place(at.get("before"))
    entries, more = await inbox.entries(
        tx, number, SAID, (before[0] or None, before[1] or None) if before else (None, None)
    )
    thumbs: dict[int, list[Rating]] = {}
    for rating in await ratings.of_thread(tx, number):
        thumbs.setdefault(rating.message_id, []).append(rating)
    human = thread.handler == "human"
    stands = await priority.of_thread(tx, number, desk.now)
    return {
        "thread": thread,
        "stands": stands,
        "trust": standing(thread.counts),
        "orders": (await open_orders(tx, [number])).get(number, []),
        "entries": entries[::-1],
        "latest": before is None,
        "older": _packed((more[0] or 0, more[1] or 0)) if more else None,
        "ratings": thumbs,
        "people": {f"user:{member.user_id}": member.name for member in await members(tx)},
        "human": human,
        "window_open": human
        and await inbox.may_be_answered(tx, number, thread.channel, thread.last_inbound_at, desk.now),
        "suggestions": await _suggestions(tx, shop, thread, stands) if human else [],
        "longest": inbox.LONGEST_ANSWER,
        "chat": chat,
        "pieces": pieces,
    }


async def _suggestions(tx: Tx, shop: Shop, thread: Listed, stands: Stands | None) -> list[Suggestion]:
    """What might be answered, the best first: a mere first word says less than words for what may be done."""
    best = await suggest(tx, shop, thread)
    others = advised(shop, thread, stands.advice if stands else ())
    return [*others, best] if best.source == "template" else [best, *others]


def chat(text: str | None) -> Markup:
    """Words as a chat shows them: what stands between stars is bold."""
    return Markup(_BOLD.sub(r"<strong>\1</strong>", str(escape(text or ""))))  # noqa: S704 - escaped before


def whole(content: Mapping[str, Any]) -> str:
    """A case as its line of a suite, readable."""
    return orjson.dumps(content, option=orjson.OPT_INDENT_2).decode()


def pieces(text: str, doubtful: Sequence[str]) -> list[tuple[str, bool]]:
    """A transcript in pieces, each with whether it is doubtful."""
    words = sorted({str(word) for word in doubtful if str(word).strip()}, key=len, reverse=True)
    if not words:
        return [(text, False)]
    found = re.split("(" + "|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in words) + ")", text)
    return [(piece, bool(n % 2)) for n, piece in enumerate(found) if piece]


def _place(text: str | None) -> tuple[int, int] | None:
    """Where a list goes on, as an address says it; ``InvalidInput`` when it is none of ours."""
    if text is None:
        return None
    found = _PLACE.fullmatch(text)
    if found is None:
        raise InvalidInput("This is no place in the list: begin again from its head.")
    return int(found[1]), int(found[2])


def _packed(place: tuple[int, int]) -> str:
    return f"{place[0]}.{place[1]}"


@view.badge
async def waiting(tx: Tx) -> int:
    """Conversations that wait for a person."""
    return (await priority.counts(tx))["waiting"]
