"""Messenger, as the house sees it: one Facebook page of a shop."""

from griot.channels.messenger.parse import parse, parse_bytes
from griot.channels.meta.direct_errors import refusals
from griot.channels.meta.limits import MEGABYTE, SOUND, Limits
from griot.channels.meta.send import HUMAN_WINDOW, DirectInlet, DirectOutlet
from griot.channels.meta.standing import of_profile
from griot.channels.port import Channel, Line, Standing
from griot.channels.texts import characters

LIMITS = Limits(
    "Messenger",
    text=2000,
    reach=characters,
    buttons=3,
    cards=10,
    files={
        "image/*": 8 * MEGABYTE,
        **SOUND,
        "video/*": 25 * MEGABYTE,
        "application/*": 25 * MEGABYTE,
        "text/*": 25 * MEGABYTE,
    },
)
REFUSALS = refusals("Messenger")


def outlet(line: Line) -> DirectOutlet:
    return DirectOutlet(line, REFUSALS, LIMITS, marks=True)


def inlet(line: Line) -> DirectInlet:
    return DirectInlet(line, REFUSALS)


async def standing(line: Line) -> Standing:
    return await of_profile(line, REFUSALS, "name")


MESSENGER = Channel("messenger", parse, parse_bytes, outlet, inlet, standing, human_window=HUMAN_WINDOW)
