"""Articles that come in packs: how many of them so many pieces are."""

import re
from functools import cache

from griot.agent.interpreter.amounts import Count
from griot.agent.interpreter.pieces import word_list
from griot.knowledge.catalogue.models import Product
from griot.knowledge.search.words import fold, stem


def packs(text: str, count: Count, product: Product) -> int | None:
    """ "36 bouteilles" of a "carton de 12 bouteilles" are 3; 0 when they fill no number of packs.

    None when nothing has to be reckoned: the article comes by the piece, or packs are what was counted. Of what is
    named in the plural ("Œufs plateau de 30") packs are counted too, unless the number fills some: "60 œufs" are 2.
    """
    title = fold(product.title)
    pack = _pack().search(title)
    following = re.match(r"\W*([^\W\d_]{3,})", fold(text[count.end :]))
    unit = fold(count.unit).split()[0] if count.unit else following[1] if following else ""
    counted = stem(unit)
    if pack is None or not counted or counted == stem(pack["holder"]):
        return None
    content = stem(pack["content"]) if pack["content"] else ""
    size = int(pack["size"])
    if counted == content or (not content and counted in _singles()):
        return count.value // size if count.value % size == 0 else 0
    named = title.split()[0]
    many = named.endswith("s") and counted == stem(named) and count.value % size == 0
    return count.value // size if many else None


@cache
def _pack() -> re.Pattern[str]:
    """ "Carton de 12 bouteilles", "pack of 6"."""
    holders = "|".join(word_list("numbers")["packs"]["holders"])
    return re.compile(rf"\b(?P<holder>{holders}) (?:de |of )(?P<size>\d+)(?: (?P<content>[^\W\d_]{{3,}}))?\b")


@cache
def _singles() -> frozenset[str]:
    """What a single piece is called, when the title does not say it."""
    return frozenset(stem(fold(word)) for word in word_list("numbers")["packs"]["pieces"])
