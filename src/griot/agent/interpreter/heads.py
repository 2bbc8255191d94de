"""How many people there will be, and what is sold by the head."""

import re
from functools import cache

from griot.agent.interpreter.figures import figures_in
from griot.agent.interpreter.pieces import Phrases, pieces, word_list
from griot.knowledge.catalogue.models import Product
from griot.knowledge.search.words import fold

_BY_HEAD = re.compile(
    r"\b(par|per|/) ?(personne|pers|tete|invite|convive|couvert|person|head|guest)s?\b|/ ?pers\b|\bisan'?olona\b"
    r"|\bisaky ny olona\b"
)


def heads(text: str) -> int | None:
    """ "Pour 25 personnes", "on sera 52", "olona 30": so many; none when no number or several are said."""
    found = pieces(text)
    said = set()
    for figure in figures_in(found):
        behind = _phrases("heads").at(found, figure.last)
        before = _phrases("we").before(found, figure.first) or _phrases("heads").before(found, figure.first)
        if (behind or before) and figure.value == int(figure.value) and figure.value > 1:
            said.add(int(figure.value))
    return said.pop() if len(said) == 1 else None


def by_the_head(product: Product) -> bool:
    """Is the price that of one person: "Buffet, par personne"?"""
    return bool(_BY_HEAD.search(fold(f"{product.title}\n{product.description}")))


@cache
def _phrases(kind: str) -> Phrases[bool]:
    return Phrases((phrase, True) for phrase in word_list("picks")["between"][kind])
