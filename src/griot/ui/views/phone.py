"""A buyer's phone, to try the shop as buyers do.

What is sent goes the whole way, through the simulator of the channels, the webhook and the worker; what is shown is
what the phone got.
"""

import re
from typing import Annotated, Any
from urllib.parse import urlsplit

from markupsafe import Markup, escape
from pydantic import Field
from starlette.responses import Response

from griot.channels.simulator.model import Shown as Got
from griot.core.errors import ConfigurationError, GriotError
from griot.tools.trying import queries, service
from griot.tools.trying.models import Said, TestBuyer
from griot.ui import uploads
from griot.ui.desk import Desk
from griot.ui.registry import Address, Done, Shown, View

view = View(
    "phone",
    "conversations:read",
    concerns=("conversation.", "order.", "payment.", "test_buyer."),
    every=2.0,  # what a phone got is no event of the shop
)

_BOLD = re.compile(r"(?<!\w)\*(\S(?:[^*\n]*\S)?)\*(?!\w)")
_RECORDED = {"audio/webm", "audio/ogg", "audio/mp4", "audio/mpeg", "audio/wav"}


@view.show
async def show(desk: Desk, at: Address) -> Shown:
    """Those who try the shop, and the phone of one of them."""
    number = at.number()
    async with desk.transaction() as tx:
        known = await service.buyers(tx)
        accounts = await queries.accounts(tx)
        chosen = await service.buyer(tx, number) if number is not None else None
    data: dict[str, Any] = {
        "buyers": known,
        "accounts": accounts,
        "chosen": chosen,
        "messages": [],
        "typing": False,
        "trouble": await _trouble(desk),
    }
    if chosen is None:
        return Shown("phone/view.html", ("people",), data, desk.t("phone.title"))
    if data["trouble"] is None:
        data |= await _screen(desk, chosen)
    return Shown("phone/one_view.html", ("top", "screen", "write"), data, chosen.name)


async def _trouble(desk: Desk) -> str | None:
    """Why there is no phone, if there is none."""
    try:
        service.simulator(desk.house)
    except ConfigurationError:
        return desk.t("phone.no_simulator")
    return None


async def _screen(desk: Desk, buyer: TestBuyer) -> dict[str, Any]:
    try:
        screen = await service.screen(desk.house, desk.access.shop_id, buyer)
    except GriotError:
        return {"trouble": desk.t("phone.no_answer")}
    last = max((message.seq for message in screen.messages if isinstance(message, Got)), default=0)
    return {"messages": [_bubble(message, last) for message in screen.messages], "typing": screen.typing}


def _bubble(message: Said | Got, last: int) -> dict[str, Any]:
    """A message as the template draws it."""
    if isinstance(message, Said):
        return {"own": True, "text": message.text, "kind": message.kind, "at": message.at}
    media = message.media or {}
    link = message.link if message.link and urlsplit(message.link).scheme in ("http", "https") else None
    return {
        "own": False,
        "seq": message.seq,
        "text": _written(message.text),
        "kind": message.type,
        "at": message.at,
        "choices": message.choices,
        "latest": message.seq == last,
        "link": link,
        "media": media.get("kind"),
        "kept": "id" in media,
        "filename": media.get("filename") or "",
    }


def _written(text: str) -> Markup:
    """A text with what stands between stars in bold, as phones show it; all else is escaped."""
    return Markup(_BOLD.sub(r"<strong>\1</strong>", str(escape(text))))  # noqa: S704


@view.act("conversations:write")
async def make(desk: Desk, account: int, name: Annotated[str, Field(min_length=1, max_length=60)]) -> Done:
    """Somebody new who tries the shop."""
    made = await service.make(desk.house, desk.access.shop_id, desk.access.actor, account, name)
    return Done(go=f"/phone/{made}")


@view.act("conversations:write")
async def say(desk: Desk, buyer: int, text: Annotated[str, Field(min_length=1, max_length=4000)]) -> Done:
    """Write something."""
    await service.act(desk.house, desk.access.shop_id, await _buyer(desk, buyer), {"text": text})
    return Done()


@view.act("conversations:write")
async def tap(desk: Desk, buyer: int, choice: Annotated[str, Field(max_length=300)]) -> Done:
    """Tap a button or a row of a list."""
    await service.act(desk.house, desk.access.shop_id, await _buyer(desk, buyer), {"tap": choice})
    return Done()


@view.act("conversations:write")
async def voice(desk: Desk, buyer: int, file: str, mime: Annotated[str, Field(max_length=100)] = "") -> Done:
    """Send a voice note."""
    _, content = await uploads.read(file, service.LARGEST)
    known = mime.partition(";")[0].strip().lower()
    kind = mime if known in _RECORDED else "audio/ogg; codecs=opus"
    await service.send_file(desk.house, desk.access.shop_id, await _buyer(desk, buyer), "audio", kind, content)
    return Done(desk.t("phone.voice_sent"))


@view.act("conversations:write")
async def picture(desk: Desk, buyer: int, file: str) -> Done:
    """Send a picture."""
    _, content = await uploads.read(file, service.LARGEST)
    kind = "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"
    await service.send_file(desk.house, desk.access.shop_id, await _buyer(desk, buyer), "image", kind, content)
    return Done()


@view.file("conversations:read")
async def media(desk: Desk, buyer: int, seq: Annotated[int, Field(ge=1, le=1_000_000)]) -> Response:
    """A picture, document or voice reply that the phone got."""
    got = await service.received(desk.house, await _buyer(desk, buyer), seq)
    return Response(got.content, media_type=got.mime, headers={"Cache-Control": "private, max-age=3600"})


async def _buyer(desk: Desk, number: int) -> TestBuyer:
    async with desk.transaction() as tx:
        return await service.buyer(tx, number)
