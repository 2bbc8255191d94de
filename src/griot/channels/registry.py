"""The channels there are. A new one is one line here."""

from griot.channels.instagram.channel import INSTAGRAM
from griot.channels.messenger.channel import MESSENGER
from griot.channels.port import Channel
from griot.channels.whatsapp.channel import WHATSAPP
from griot.core.errors import InvalidInput

CHANNELS: dict[str, Channel] = {known.name: known for known in (WHATSAPP, INSTAGRAM, MESSENGER)}


def channel(name: str) -> Channel:
    """The channel of this name; ``InvalidInput`` when there is none."""
    try:
        return CHANNELS[name]
    except KeyError:
        known = ", ".join(sorted(CHANNELS))
        raise InvalidInput(f"There is no channel {name!r}; known channels: {known}.") from None
