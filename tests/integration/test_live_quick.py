"""What a vendor types with one hand is read as they mean it."""

import pytest

from griot.core.clock import FrozenClock
from griot.core.crypto import Keyring
from griot.core.db.pool import Database
from griot.core.errors import InvalidInput
from griot.core.money import Money
from griot.knowledge.catalogue.models import NewProduct
from griot.knowledge.catalogue.service import create_products
from griot.tools.live.quick import Choice, choices, read_article, read_buyer
from griot.tools.shops.service import connect_account, create_shop

KEYS = Keyring("a secret for tests")


async def test_articles_and_buyers_as_they_are_typed(db: Database, database_url: str, clock: FrozenClock) -> None:
    now = clock.now()
    shop = await create_shop(database_url, name="Chez Awa", now=now)
    async with db.transaction(shop.id) as tx:
        account = await connect_account(tx, KEYS, "whatsapp", "1066", display="", token="t", now=now)
        made = await create_products(
            tx,
            [
                NewProduct("ROBE1", "Robe", Money(15_000, "XOF"), 5),
                NewProduct("JUPE3", "Jupe", Money(6_000, "XOF"), 3, options="taille:S|M"),
                NewProduct("HAUT4", "Haut", Money(6_000, "XOF"), 3, options="taille:S|M;couleur:rouge|bleu nuit"),
            ],
            now,
        )
        for typed, read in {
            "robe 1": ("ROBE1", None),
            "ROBE1": ("ROBE1", None),
            " jupe3  m ": ("JUPE3", "m"),
            "Jupe 3 M": ("JUPE3", "M"),
            "HAUT4 S rouge": ("HAUT4", "S/rouge"),
            "HAUT4 S/bleu nuit": ("HAUT4", "S/bleu nuit"),
            "VESTE9 M": ("VESTE9 M", None),
            "": ("", None),
        }.items():
            assert await read_article(tx, typed) == read, typed
        assert choices(made)[:3] == [Choice("ROBE1", "Robe"), Choice("JUPE3 S", "Jupe"), Choice("JUPE3 M", "Jupe")]
        for choice in choices(made):
            code, _ = await read_article(tx, choice.words)
            assert code in choice.words

        await tx.execute(
            "SELECT resolve_conversation(%(account)s, resolve_customer('whatsapp', ARRAY['phone:221781234567'],"
            " 'Binta Ba', '221781234567', %(now)s), 'phone:221781234567', %(now)s)",
            {"account": account, "now": now},
        )
        for typed, buyer in {
            "Awa Diop 77 123 45 67": ("Awa Diop", "77 123 45 67"),
            "+221 77-123-45-67 Awa": ("Awa", "+221 77-123-45-67"),
            "Aminata2 · 00221771234567": ("Aminata2", "00221771234567"),
            "78 123 45 67": ("Binta Ba", "78 123 45 67"),
            "77 000 00 00": ("", "77 000 00 00"),
        }.items():
            assert await read_buyer(tx, typed, "SN") == buyer, typed
        for typed in ("Awa", "", "Awa 77"):
            with pytest.raises(InvalidInput, match="77 123 45 67"):
                await read_buyer(tx, typed, "SN")
