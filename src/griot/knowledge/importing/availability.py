"""Whether something can be bought, as shops say it: schema.org's words, feeds' words and sentences for people."""

import re

from griot.knowledge.importing.models import Availability
from griot.knowledge.importing.wording import pattern

# The last path part of schema.org's ItemAvailability, and what feeds write in its place; letters only, folded.
# Pre-order and back-order can be bought now, which is what a buyer asks.
_YES = """
    instock instoreonly onlineonly limitedavailability lowstock preorder presale backorder madetoorder available
    availablefororder availableforpurchase avail onorder true yes y oui o si ja да 1 inventory onsale active onbackorder
    purchasable isinstock availablenow نعم eny vrai wahr
"""
_NO = """
    outofstock soldout discontinued unavailable notavailable oos false no n non nein нет 0 ended expired inactive
    outstock notinstock reserved faux falsch لا tsia
"""
_CODES: dict[str, Availability] = {
    **dict.fromkeys(_YES.split(), "in_stock"),
    **dict.fromkeys(_NO.split(), "out_of_stock"),
}

_LONGEST = 300  # characters looked at: a stock line is short


def availability_code(value: object) -> Availability | None:
    """What a field meant for it says: ``https://schema.org/InStock``, `` SoldOut``, ``in stock``, ``true``, or None."""
    if not isinstance(value, str):
        return of_truth(value)
    last = value.strip().rstrip("/").rpartition("/")[2].rpartition("#")[2]
    return _CODES.get(re.sub(r"[\s_\-.]", "", last).casefold())


def of_pieces(pieces: int | None) -> Availability | None:
    """What a count of pieces says: in stock while there is one; None where nobody counted."""
    return None if pieces is None else "in_stock" if pieces > 0 else "out_of_stock"


def of_truth(value: object) -> Availability | None:
    """What a truth value says; None for anything else, which a program may write there."""
    return None if not isinstance(value, bool) else "in_stock" if value else "out_of_stock"


def availability_of(text: str) -> Availability | None:
    """What a code or a sentence says about stock, in any of some thirty languages; None where it says nothing.

    A bare number is a count of pieces: 0 is out of stock.
    """
    short = " ".join(text[:_LONGEST].split())
    known = availability_code(short)
    if known is not None:
        return known
    if re.fullmatch(r"[-+]?\d+(?:[.,]\d+)?", short):
        return "in_stock" if float(short.replace(",", ".")) > 0 else "out_of_stock"
    if pattern("gone").search(short):
        return "out_of_stock"
    return "in_stock" if pattern("there").search(short) else None
