"""How many people there will be, and what is sold by the head."""

import re

from griot.agent.interpreter.figures import figures_in
from griot.agent.interpreter.pieces import phrases_of, pieces
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
    people, we = phrases_of("picks", "between", "heads"), phrases_of("picks", "between", "we")
    for figure in figures_in(found):
        behind = people.at(found, figure.last)
        before = we.before(found, figure.first) or people.before(found, figure.first)
        if (behind or before) and figure.value == int(figure.value) and figure.value > 1:
            said.add(int(figure.value))
    return said.pop() if len(said) == 1 else None


def by_the_head(product: Product) -> bool:
    """Is the price that of one person: "Buffet, par personne"?"""
    return bool(_BY_HEAD.search(fold(f"{product.title}\n{product.description}")))
