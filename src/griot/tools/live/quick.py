"""What a vendor types with one hand while the camera runs: ``JUPE3 M``, ``Awa 77 123 45 67``."""

import re
from dataclasses import dataclass

from griot.core.db.pool import Tx
from griot.core.errors import InvalidInput
from griot.knowledge.catalogue.codes import fold_code
from griot.knowledge.catalogue.models import Product, Variant
from griot.knowledge.catalogue.service import products_by_code
from griot.tools.live import board_queries as queries
from griot.tools.shops.countries import country, normalise_phone

MOST_WORDS = 6
_PHONE = re.compile(r"(?:\+|\b00)?\d(?:[\s().\-/\u00a0]*\d){5,}")


@dataclass(frozen=True, slots=True)
class Choice:
    """An article as it is typed, and what it is."""

    words: str
    title: str


def choices(products: list[Product]) -> list[Choice]:
    """Every article of products, as ``read_article`` reads it."""
    return [Choice(_typed(product, variant), product.title) for product in products for variant in product.variants]


def _typed(product: Product, variant: Variant) -> str:
    return f"{product.code} {'/'.join(variant.options.values())}".rstrip()


async def read_article(tx: Tx, words: str) -> tuple[str, str | None]:
    """Code and variant of what was typed: as many words as make a code of the shop, then the options.

    What is no code comes back as it is, for the invoice to refuse.
    """
    said = words.split()[:MOST_WORDS]
    codes = {n: fold_code("".join(said[:n])) for n in range(len(said), 0, -1)}
    known = await products_by_code(tx, codes.values())
    for n, code in codes.items():
        if code in known:
            return code, _options(known[code], said[n:]) or None
    return words, None


def _options(product: Product, said: list[str]) -> str:
    """Options as an invoice wants them; ``S rouge`` is ``S/rouge`` where there is a size and a colour."""
    several = len(product.variants[0].options) > 1 and not any("/" in word for word in said)
    return ("/" if several else " ").join(said)


async def read_buyer(tx: Tx, words: str, country_code: str) -> tuple[str, str]:
    """Name and phone of what was typed, in either order; a name that is left out is the one known for the phone.

    ``InvalidInput``: there is no phone in it.
    """
    found = max(_PHONE.finditer(words), key=lambda match: len(match[0]), default=None)
    if found is None:
        raise InvalidInput(f"There is no phone number in {words!r}: write Awa {country(country_code).example}.")
    name = " ".join((words[: found.start()] + " " + words[found.end() :]).split()).strip(" ,;·-")
    if not name:
        name = await queries.name_of_phone(tx, normalise_phone(found[0], country_code)) or ""
    return name, found[0]
