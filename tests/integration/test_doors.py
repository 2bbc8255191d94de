"""Ways into a shop: one link and one QR code for each of its channels."""

import re
from datetime import datetime
from xml.etree import ElementTree

from griot.core.clock import FrozenClock
from griot.core.crypto import Keyring
from griot.core.db.pool import Database
from griot.tools.shops.doors import Door, doors
from griot.tools.shops.service import connect_account, create_shop

KEYS = Keyring("a secret for tests")


async def test_every_channel_has_a_way_in_with_the_code_ready(
    db: Database, database_url: str, clock: FrozenClock
) -> None:
    now: datetime = clock.now()
    shop = await create_shop(database_url, name="Chez Awa", now=now)
    async with db.transaction(shop.id) as tx:
        assert await doors(tx, "ROBE1") == []
        for channel, account, display in (
            ("whatsapp", "106654000000001", ""),  # not said how it is displayed: no way in
            ("whatsapp", "106654000000002", "+221 33 800 00 00"),
            ("instagram", "17841400000000001", "@chez.awa"),
            ("messenger", "1234567890", "Chez Awa"),
        ):
            await connect_account(tx, KEYS, channel, account, display=display, token="t", now=now)
        assert await doors(tx, "ROBE1 x2") == [
            Door("whatsapp", "https://wa.me/221338000000?text=ROBE1%20x2"),
            Door("instagram", "https://ig.me/m/chez.awa?ref=ROBE1-x2"),
            Door("messenger", "https://m.me/1234567890?ref=ROBE1-x2"),
        ]


def test_a_qr_code_is_one_svg_element_without_script() -> None:
    svg = Door("whatsapp", "https://wa.me/221338000000?text=ROBE1").qr
    root = ElementTree.fromstring(svg)
    assert root.tag == "svg" and "viewBox" in root.attrib and "width" not in root.attrib
    assert {child.tag for child in root} == {"path"}
    assert not re.search(r"script|href|on\w+=", svg)
