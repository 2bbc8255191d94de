"""Codes for products that have none: short, and easy to say in a live and to type with one thumb: ROBE1, SAC2."""

import re
from collections.abc import Container

from griot.core.errors import InvalidInput
from griot.knowledge.catalogue.codes import fold_code, normalise_code

_LONGEST = 8  # letters; a buyer types it while the live goes on
_LONGEST_OWN = 10  # characters of a code of the source itself
_ANYTHING = "ART"
_WORD = re.compile(r"[^\W\d_]+")
# Words that titles begin with and that tell no article from another: French, English, Malagasy, Spanish.
# fmt: off
_EMPTY = frozenset({
    "LE", "LA", "LES", "UN", "UNE", "DES", "DU", "DE", "D", "L", "AU", "AUX", "EN", "ET", "A", "THE", "AN", "OF",
    "AND", "FOR", "WITH", "NY", "SY", "ILAY", "IRAY", "EL", "LOS", "LAS", "NEW", "NOUVEAU", "NOUVELLE", "NOUVEAUX",
    "PROMO", "PROMOTION", "SOLDE", "SOLDES", "OFFRE", "LOT", "PACK", "SET", "KIT", "PAIRE", "BOITE", "GRAND",
    "GRANDE", "PETIT", "PETITE", "BEAU", "BELLE", "JOLI", "JOLIE", "SUPER", "MINI", "MAXI",
})
# fmt: on


def speakable(own: str | None) -> str | None:
    """The source's own code (an SKU), where it can be said and typed: a word and a number, short."""
    if not own:
        return None
    try:
        code = normalise_code(own)
    except InvalidInput:
        return None
    return code if len(code) <= _LONGEST_OWN else None


def new_code(title: str, taken: Container[str], own: str | None = None, numbered: dict[str, int] | None = None) -> str:
    """A code that is not taken: the source's own where that will do, else the title's first telling word, numbered.

    ``numbered``: word -> the number that it had last; kept by whoever needs many codes, so that none is tried twice.
    """
    ready = speakable(own)
    if ready and ready not in taken:
        return ready
    stem = _stem(title)
    number = (numbered or {}).get(stem, 0) + 1
    while f"{stem}{number}" in taken:
        number += 1
    if numbered is not None:
        numbered[stem] = number
    return f"{stem}{number}"


def _stem(title: str) -> str:
    words = [fold_code(word) for word in _WORD.findall(title)]
    latin = [word for word in words if word.isascii() and word.isalpha()]
    telling = [word for word in latin if word not in _EMPTY and len(word) > 1]
    return (telling or latin or [_ANYTHING])[0][:_LONGEST]
