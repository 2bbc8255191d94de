"""Ways into a shop for who sees it on a screen or on a label: a link to scan or tap, with the words ready to send."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import segno

from griot.channels.doors import door
from griot.core.db.pool import Tx
from griot.tools.shops import queries

_NOT_A_REFERENCE = re.compile(r"[^A-Za-z0-9_=-]+")


@dataclass(frozen=True, slots=True)
class Door:
    """``address`` opens a conversation with the shop's account on ``channel``."""

    channel: str
    address: str

    @property
    def qr(self) -> str:
        """The address as a QR code: an SVG element that fills its box, dark on white with the margin that cameras
        need."""
        return _drawn(self.address)


@lru_cache(maxsize=1000)
def _drawn(address: str) -> str:
    """Drawing one takes milliseconds, and a page of labels has many."""
    code = segno.make(address, error="m", micro=False)
    svg: str = code.svg_inline(border=4, light="#fff", dark="#000", omitsize=True)
    return svg


async def doors(tx: Tx, words: str) -> list[Door]:
    """The ways into the shop, its oldest channel first: one for each channel, through its oldest account that has an
    address.

    ``words`` is what a buyer would write: a code, a greeting. On WhatsApp it is ready to be sent; the others bring it
    along as a reference, which takes no spaces: a code arrives as it is (``agent.coming``).
    """
    return (await doors_of(tx, [words]))[0]


async def doors_of(tx: Tx, words: Sequence[str]) -> list[list[Door]]:
    """The ways in for each of several words, as ``doors``."""
    accounts = await queries.all_accounts(tx)
    return [_ways(accounts, one) for one in words]


def _ways(accounts: Sequence[dict[str, Any]], words: str) -> list[Door]:
    reference = _NOT_A_REFERENCE.sub("-", words)
    found: dict[str, Door] = {}
    for account in accounts:
        address = door(account["channel"], account["external_id"], account["display"], reference, words)
        if address:
            found.setdefault(account["channel"], Door(account["channel"], address))
    return list(found.values())
