"""Which channel reads which webhook body. A new channel is one line here."""

from collections.abc import Callable

from griot.channels.model import Parsed
from griot.channels.whatsapp.parse import parse_bytes as whatsapp
from griot.core.errors import InvalidInput

Parser = Callable[[bytes], Parsed]

_PARSERS: dict[str, Parser] = {"whatsapp": whatsapp}


def parser(channel: str) -> Parser:
    """The function that reads the raw bytes of a channel's webhook; ``InvalidInput`` when the channel is unknown."""
    try:
        return _PARSERS[channel]
    except KeyError:
        known = ", ".join(sorted(_PARSERS))
        raise InvalidInput(f"There is no channel {channel!r}; known channels: {known}.") from None
