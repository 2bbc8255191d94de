"""What columns, keys and tags are called: the words of ``griot/prompts/importing/columns.toml``, and their uses."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from griot.knowledge.importing.files.limits import MAX_TITLE
from griot.knowledge.importing.models import Availability

_BRACKETED = re.compile(r"\s*\[\d{1,2}\]\s*\S")
_COUNTED = re.compile(
    r"\s*(?P<about>[<>~+])?\s*(?P<count>\d{1,3}(?:\s\d{3})+|\d{1,7})\s*"
    r"(?:\+\s*$|(?P<unit>(?:(?:en|in|em)\s+)?[^\W\d_]+)|(?(about)$|(?!)))"
)
Exactness = int  # 3: the very name; 2: but for a currency, a number or brackets; 1: begins or ends with the name

_UNREAD_START = (
    "meta ",
    "video ",
    "product tags ",
    "custom label ",
    "additional info ",
    "custom text ",
    "style 0",
    "included ",
    "tax class",
    "new quantity ",
    "enabled ",
    "stock alert ",
)


@cache
def words(group: str) -> frozenset[str]:
    """One group of the words that headers are made of."""
    return frozenset(str(_table()["words"][group]).split())


@dataclass(frozen=True, slots=True)
class Recognised:
    """A name that was met: its ``field``, how exactly, how much it is preferred (0 first), and the number in it."""

    field: str
    exactness: Exactness
    rank: int
    number: int | None = None


def words_of(name: str) -> list[str]:
    """A name's words without case, accents and punctuation: ``productImageUrl`` -> product image url."""
    name = name.replace("MwSt", "mwst")
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z][a-z])|(?<=[a-z])(?=[A-Z]{2})", " ", name[:MAX_TITLE])
    spaced = re.sub(r"(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])", " ", spaced)
    plain = unicodedata.normalize("NFKD", spaced.casefold().replace("œ", "oe"))
    letters = "".join(char for char in plain if not unicodedata.combining(char) and char != "ـ")
    return re.findall(r"[^\W_]+", letters)


def folded(name: str) -> str:
    """The same as one text, without the small words."""
    known = words_of(name)
    return " ".join([word for word in known if word not in words("small")] or known)


@cache
def _names() -> dict[str, list[Recognised]]:
    """Folded name -> the fields it can be, most preferred first."""
    known: dict[str, list[Recognised]] = {}
    for field, entry in _table().items():
        for rank, name in enumerate(entry.get("names", ())):
            fields = known.setdefault(folded(name), [])
            if all(other.field != field for other in fields):
                fields.append(Recognised(field, 3, rank))
    return known


@cache
def _table() -> dict[str, dict[str, Any]]:
    source = files("griot").joinpath("prompts", "importing", "columns.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))


@cache
def _lines(kind: str) -> frozenset[str]:
    """One list of what stands in lines and cells, folded."""
    return frozenset(folded(name) or name for name in _table()["lines"][kind])


def says_of_stock(text: str) -> Availability | None:
    """What the whole of a cell says of stock in a merchant's own words: ``OK``, ``OUT``, ``lany``, ``épuisé``."""
    if not text or len(text) > 40:
        return None
    known = folded(text) or text.strip()
    return "out_of_stock" if known in _lines("gone") else "in_stock" if known in _lines("there") else None


def pieces_said(text: str) -> int | None:
    """The pieces that a cell counts, with their unit or roughly: ``12 pcs``, ``6 isa``, ``3 en stock``, ``>10``."""
    found = _COUNTED.match(text[:60])
    if not found:
        return None
    known = words_of(found["unit"] or "")
    return int(re.sub(r"\s", "", found["count"])) if not known or known[-1] in words("pieces") else None


def is_total(text: str) -> bool:
    """Whether a line's first words make it a sum rather than a product (``TOTAL``, ``Sous-total :``)."""
    known = re.sub(r"[ \d]+$", "", folded(text[:60]))
    first, _, rest = known.partition(" ")
    totals = _lines("total")
    if known in totals or (first in totals and rest.partition(" ")[0] in words("counted")):
        return True
    return any(known == name or known.startswith(f"{name} ") for name in _lines("sum"))


@lru_cache(maxsize=20_000)
def recognised(name: str) -> tuple[Recognised, ...]:
    """What a header, key or tag can stand for, likeliest first; empty when it is not known."""
    name = name.removeprefix("g:").removeprefix("c:")
    known = words_of(name)
    joined = " ".join(known)
    if joined.startswith("current quantity "):  # Square: a column a place
        return (Recognised("stock", 2, 0),)
    if not known or len(known) > 14 or "metafields" in known or joined.startswith(_UNREAD_START):
        return (Recognised("unread", 3, 0),) if "metafields" in known or joined.startswith(_UNREAD_START) else ()
    option = _option(name, known)
    if option:
        return (option,)
    number = next((int(word) for word in known if word.isdecimal() and len(word) < 4), None)
    exact = _names().get(folded(name))
    if exact and name.rstrip().endswith("#") and any(one.field == "title" for one in exact):  # Item #
        return (Recognised("sku", 2, 0, number),)
    if exact:
        return tuple(Recognised(one.field, 3, one.rank, number) for one in exact)
    taxed = _taxed(name, number)
    if taxed:
        return (taxed,)
    for variant in _simpler(name):
        nearly = _names().get(folded(variant)) if variant.strip() else None
        if nearly:
            return tuple(Recognised(one.field, 2, one.rank, number) for one in nearly)
    return _by_an_end(name, number) or _without_umlauts(name)


def _taxed(name: str, number: int | None) -> Recognised | None:
    """``Precio (imp. excl.)``, ``Prix TVA incluse``: a price that says whether the tax is in it."""
    known = words_of(name)
    said = words("with_tax") | words("without_tax")
    if words("tax").isdisjoint(known) or said.isdisjoint(known):
        return None
    rest = " ".join(word for word in known if word not in said | words("tax") | words("money") | words("small"))
    if all(one.field != "price" for one in _names().get(rest, ())):
        return None
    return Recognised("price" if words("without_tax").isdisjoint(known) else "price_excl_tax", 2, 0, number)


def _without_umlauts(name: str) -> tuple[Recognised, ...]:
    """German written without umlauts: ``waehrung``, ``Groesse``, ``verfuegbar``."""
    known = " ".join(words_of(name))
    plain = re.sub(r"(?<=[aou])e", "", known)
    return () if plain == known else tuple(replace(one, exactness=2) for one in _names().get(folded(plain), ()))


def _simpler(name: str) -> Iterable[str]:
    """The name without brackets, without what follows a dash or a slash, without currency and numbers."""
    bare = re.sub(r"[(\[{][^)\]}]*[)\]}]?", " ", name)
    yield bare
    yield " ".join(word for word in words_of(bare) if word not in words("money") and not word.isdecimal())
    yield " ".join(word for word in words_of(name) if word not in words("money") and not word.isdecimal())
    yield re.split(r"\s[-–/|:]\s|\n", bare)[0]
    first, *rest = words_of(bare) or [""]
    if first in words("whose") and rest:  # product_stock
        yield " ".join(rest)


def _by_an_end(name: str, number: int | None) -> tuple[Recognised, ...]:
    """A longer header that begins or ends with a known name, none of its other words telling otherwise."""
    known = [
        word
        for word in words_of(name)
        if word not in words("small") and word not in words("money") and not word.isdecimal()
    ]
    if not 2 <= len(known) <= 7:
        return ()
    for size in range(len(known) - 1, 0, -1):
        for part, rest in ((known[:size], known[size:]), (known[-size:], known[:-size])):
            fields = _names().get(" ".join(part))
            if fields and size * 3 >= len(known) and not words("other").intersection(rest):
                return tuple(
                    Recognised(one.field, 1, one.rank, number) for one in fields if one.field not in ("id", "order")
                )
    return ()


def _option(name: str, known: list[str]) -> Recognised | None:
    """``Option1 Name``, ``[1] القيمة``, ``Valeur de l'attribut 2``, ``VARIATION 1 TYPE``: one of an axis's pairs."""
    numbers = [word for word in known if word.isdecimal()]
    bracketed = bool(_BRACKETED.match(name))
    if len(numbers) != 1 or (words("axis").isdisjoint(known) and not bracketed) or len(known) > 8:
        return None
    number = int(numbers[0]) if len(numbers[0]) < 3 else 0
    if not 0 < number <= 20:
        return None
    rest = set(known)
    role = "option_name" if rest & words("pair_name") else "option_value" if rest & words("pair_value") else ""
    if not role and (bracketed or rest & words("pair_unread")):
        role = "unread"
    return Recognised(role or "option_value", 3, 0, number)
