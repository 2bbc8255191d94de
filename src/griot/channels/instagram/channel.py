"""Instagram, as the house sees it: one professional account of a shop."""

from griot.channels.instagram.parse import parse, parse_bytes
from griot.channels.meta.direct_errors import refusals
from griot.channels.meta.limits import MEGABYTE, SOUND, Limits
from griot.channels.meta.send import HUMAN_WINDOW, DirectInlet, DirectOutlet
from griot.channels.meta.standing import of_profile
from griot.channels.port import Channel, Line, Standing
from griot.channels.texts import utf8_bytes

LIMITS = Limits(
    "Instagram",
    text=1000,
    reach=utf8_bytes,
    buttons=0,  # quick replies do the same; no templates: on a computer nothing of them is shown, not even the words
    files={
        "image/jpeg": 8 * MEGABYTE,
        "image/png": 8 * MEGABYTE,
        **SOUND,
        "video/mp4": 25 * MEGABYTE,
        "application/pdf": 25 * MEGABYTE,
    },
)
REFUSALS = refusals("Instagram")


def outlet(line: Line) -> DirectOutlet:
    return DirectOutlet(line, REFUSALS, LIMITS, marks=False)


def inlet(line: Line) -> DirectInlet:
    return DirectInlet(line, REFUSALS)


async def standing(line: Line) -> Standing:
    return await of_profile(line, REFUSALS, "username")


INSTAGRAM = Channel("instagram", parse, parse_bytes, outlet, inlet, standing, human_window=HUMAN_WINDOW)
