"""Columns that are sizes: ``S | M | L`` over pieces, ``30 cm | 40 cm`` over prices, ``36 | 37 | 38`` over crosses.

The header names the size, the cell says how many there are, what it costs, or that it exists (``x``, ``oui``).
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from griot.knowledge.importing.availability import availability_of, of_pieces
from griot.knowledge.importing.files.drafts import count_of
from griot.knowledge.importing.files.vocabulary import pieces_said, says_of_stock
from griot.knowledge.importing.models import Availability

_CLOTHES = r"(?:x{0,4}s|m|x{0,4}l|[2-6]\s?xl|[2-4]\s?xs|tu)"
_WORDS = (
    r"(?:petite?s?|moyen(?:ne)?s?|grande?s?|small|medium|large|x-?large|mini|maxi|familiale?|family|kely|lehibe|antonony"
    r"|simple|double|enfant|adulte|homme|femme|junior|senior|pequeñ[oa]|median[oa]|klein|mittel|groß)"
)
_UNIT = r"(?:cm|mm|m|g|gr|kg|ml|cl|l|litres?|liters?|pouces?|inch|in|\"|oz|pers?(?:onnes)?\.?|pcs|yards?)"
_MEASURE = rf"\d{{1,4}}(?:[.,]\d{{1,2}})?\s?{_UNIT}"
_SIZE = re.compile(
    rf"(?i)(?P<lead>(?:taille|tailles|size|pointure|format|t\.?|p\.?)\s*)?(?P<size>{_CLOTHES}|{_WORDS}|{_MEASURE}|\d{{2}})"
)
_WHAT = re.compile(
    r"(?i)^(?:(?P<price>prix|price|tarif|precio|preço|vidiny)|(?P<stock>stock|qt[ée]|quantit[ée]s?|qty|nb|isa))\b[\s.:(_-]*|\)$"
)
_CROSS = re.compile(r"(?i)^(?:x|✓|✔|✅|v|o|ok)$")
_NUMBERED = re.compile(r"\d{2}")


def sizes_in(headers: Sequence[str]) -> dict[int, str]:
    """Index -> size of the columns that are sizes; empty when fewer than two are, or numbers that do not run on."""
    named = {at: size for at, header in enumerate(headers) if (size := size_of(header))}
    numbers = [at for at, size in named.items() if _NUMBERED.fullmatch(size)]
    if numbers and not _run_on([int(named[at]) for at in numbers]):
        named = {at: size for at, size in named.items() if at not in numbers}
    return named if len({size.casefold() for size in named.values()}) >= 2 else {}


def size_of(header: str) -> str:
    """The size that a header names (``Stock XL`` -> XL), or nothing."""
    bare = _WHAT.sub("", header.strip()).rstrip(")").strip()
    found = _SIZE.fullmatch(bare)
    return found["size"].strip() if found else ""


def told_by(header: str) -> str | None:
    """Whether a header says that prices (``price``) or pieces (``stock``) stand under it."""
    found = _WHAT.match(header.strip())
    return found.lastgroup if found else None


def _run_on(numbers: list[int]) -> bool:
    """Whether numbers are sizes of clothes or shoes: at least three, one or two apart."""
    steps = {after - before for before, after in pairwise(numbers)}
    return len(numbers) >= 3 and steps <= {1, 2} and numbers[0] >= 14


def hold_prices(headers: Sequence[str], values: Sequence[Sequence[str]], priced: Sequence[str]) -> bool:
    """Whether prices stand under sizes. ``priced``: the cells of the table's price column, empty when it has none."""
    told = {what for header in headers if (what := told_by(header))}
    if told:
        return "price" in told
    cells = [cell for column in values for cell in column[:40]]
    if any(re.search(r"[€$£₦]|(?i:\d\s?(?:f|fcfa|cfa|ar|dh|dt|da)\b)", cell) for cell in cells):
        return True
    figures = [figure for cell in cells if (figure := count_of(cell)) is not None]
    if not figures or len(figures) < 0.6 * len(cells):
        return False
    costs = [figure for cell in priced[:40] if (figure := count_of(re.sub(r"[^\d.,]", "", cell)))]
    if not costs:
        return not priced and sorted(figures)[len(figures) // 2] >= 3
    return sorted(figures)[len(figures) // 2] * 5 >= sorted(costs)[len(costs) // 2]


def pieces_of(text: str) -> tuple[int | None, Availability | None] | None:
    """What a cell under a size says of stock, None where it says that there is no such size."""
    if not text or text in ("-", "–", "—", "/"):
        return None
    if _CROSS.match(text):
        return None, "in_stock"
    count = count_of(text)
    if count is not None:
        return count, of_pieces(count)
    said = pieces_said(text)
    if said is not None:
        return said, of_pieces(said)
    return None, says_of_stock(text) or availability_of(text)
