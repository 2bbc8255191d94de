"""What the cells of columns say against their names: numbers of lines are no codes, a price per litre is no price."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from statistics import median

from griot.knowledge.importing.files.prices import read_price, style_of
from griot.knowledge.importing.files.vocabulary import folded, words_of

_SOME = 200
# Official names of the price per unit of measure (PrestaShop), which beside a price without tax is not what is paid.
_PER_UNIT = frozenset(
    {
        "unit price", "unit price for unity", "unit price ratio", "price per unit", "prix unitaire", "prix par unite",
        "prix unite", "precio unitario", "precio por unidad", "preco unitario", "preco por unidade", "einzelpreis",
        "grundpreis", "stuckpreis", "prezzo unitario", "prezzo per unita", "stukprijs", "eenheidsprijs",
    }
)  # fmt: skip
_IDENTITY = frozenset({"id", "ids", "identifiant", "identificador", "identificativo", "kennung", "uuid", "guid"})


def counts_up(values: Sequence[str]) -> bool:
    """Whether a column numbers the lines: 1, 2, 3 …, without a gap."""
    numbers = [int(one) for one in values[:_SOME] if one.isdecimal() and len(one) < 7]
    return (
        len(numbers) >= 3
        and len(numbers) == len(values[:_SOME])
        and numbers == list(range(numbers[0], numbers[-1] + 1))
    )


def numbers_lines(header: str, values: Sequence[str]) -> bool:
    """Whether a column only counts lines, from 1 on and again in each part, a line left out here and there.

    A column that is called an id keeps its numbers: programs give them, and other lines name them.
    """
    if not _IDENTITY.isdisjoint(words_of(header)):
        return False
    written = [one.strip().rstrip(".)°").removesuffix(".0").removesuffix(",0") for one in values[:_SOME]]
    some = [one for one in written if any(map(str.isdigit, one))]  # sums and headings stand in such a column, too
    if len(some) < 3 or len(some) < 0.5 * len(written):
        return False
    if not all(one.isdecimal() and len(one) < 6 and (one == "0" or one[0] != "0") for one in some):
        return False
    numbers = [int(one) for one in some]
    steps = [after - before for before, after in pairwise(numbers)]
    followed = sum(1 for at, step in enumerate(steps) if step == 1 or (numbers[at + 1] == 1 and numbers[at] > 1))
    return numbers[0] in (0, 1) and followed >= 0.8 * len(steps) and all(step <= 3 for step in steps)


def is_per_unit(header: str, gross: Sequence[str], net: Sequence[str]) -> bool:
    """Whether a column of prices beside one without tax is a price per unit of measure.

    It is called so, or its prices are lower: what is paid with tax is never less than without.
    """
    if folded(header) in _PER_UNIT:
        return True
    paid, before_tax = _usual(gross), _usual(net)
    return paid is not None and before_tax is not None and paid * 100 < before_tax * 95


def _usual(values: Sequence[str]) -> Decimal | None:
    """The median price of a column, None where it holds none."""
    style = style_of(values[:_SOME], machine=True)
    read = [price.value for text in values[:_SOME] if (price := read_price(text, style))]
    return median(read) if read else None
