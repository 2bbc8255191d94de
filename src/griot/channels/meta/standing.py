"""How an account stands with Meta: asked of the account's own node."""

from typing import Any

from griot.channels.errors import ChannelError, ErrorClass
from griot.channels.meta.errors import Refusals
from griot.channels.meta.graph import GraphClient
from griot.channels.port import Line, Standing
from griot.channels.tolerant import as_object, as_text


async def of_number(line: Line, refusals: Refusals) -> Standing:
    """A number of WhatsApp. Its limit has had several names, so it is asked for apart: not to know one is no error."""
    about = await _fields(line, refusals, "verified_name,display_phone_number,quality_rating")
    names = (as_text(about.get(field)) for field in ("verified_name", "display_phone_number"))
    name = " · ".join(known for known in names if known)
    quality = (as_text(about.get("quality_rating")) or "").lower()
    try:
        limit = as_text((await _fields(line, refusals, "messaging_limit_tier")).get("messaging_limit_tier"))
    except ChannelError as refused:
        if refused.kind is not ErrorClass.REQUEST:
            raise
        limit = None
    return Standing(name, quality if quality in ("green", "yellow", "red") else None, limit)


async def of_profile(line: Line, refusals: Refusals, field: str) -> Standing:
    """An Instagram account or a page, by the field that holds its name."""
    about = await _fields(line, refusals, field)
    return Standing(as_text(about.get(field)) or "")


async def _fields(line: Line, refusals: Refusals, fields: str) -> dict[str, Any]:
    return as_object(await GraphClient(line, refusals).get(line.account, fields=fields))
