"""How well a stretch of a message names each product: the words lane of the search.

A *run* is a product and the stretch of the message that names it. Its score is calibrated: what share of the name that
the buyer said is this product's (words that name something else count against it), and how much of the product's own
title was said. Where several products are named as well, none of them is sure.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log
from typing import NamedTuple

from griot.knowledge.catalogue.models import Product
from griot.knowledge.search.glossary import Glossary
from griot.knowledge.search.sentence import Piece
from griot.knowledge.search.titles import LIGHT, Title, read_title
from griot.knowledge.search.vocabulary import Found

SURE = 0.75  # from here on the buyer means this product
_UNSURE = SURE - 0.01
_OVERSHADOWED = 0.68
_TIE = 0.95  # named nearly as well as the best

# What a name is worth that does not say what the product is: several details ("tecno spark"), one ("ankara"), one that
# is a thing by itself ("chocolat" for a chocolate cake), only a colour or a size in the title or an option, only talk.
_DETAILS, _DETAIL, _ANOTHER_THING, _LIGHT_ONLY, _OPTION_ONLY, _TALK_ONLY = 0.92, 0.88, 0.74, 0.62, 0.58, 0.55

_UNTITLED = 0.45  # what counts as said of a title when the buyer named the category or what is written of the product
_SIZE = 1.8  # a size in the title of another ("5 litres") weighs against as a word does, though it says less by itself
_LEAP = 4  # words that say nothing between two that belong to one name
_FOREIGN, _ASIDE, _UNHEARD, _UNHEARD_MOST = 0.8, 0.3, 0.12, 0.3  # weights of words that the product has not


_CLEARLY = 0.5  # of a name whose very words count against others
_OUTWRITTEN = 0.7  # what is left of those


@dataclass(slots=True, eq=False)
class Run:
    """Pieces ``first`` to ``last`` of a message name a product. ``covered``: the weight of the words that do."""

    product: int
    first: int
    last: int
    matched: dict[int, Found]
    score: float = 0.0
    named: float = 0.0  # the score before what was left unsaid of the title counts
    complete: bool = False  # every word of the title was said
    covered: float = 0.0
    ambiguous: bool = False
    weak: bool = False  # named by words of trade or a colour only
    why: list[str] = field(default_factory=list)


class Against(NamedTuple):
    """What a word takes from the names that it is not part of: from one around it, from one beside it.

    ``unheard``: the word means nothing to anybody; many of those weigh little more than one.
    """

    within: float = 0.0
    beside: float = 0.0
    unheard: float = 0.0


class Naming:
    """Scores the runs of messages over one catalogue."""

    def __init__(self, products: Sequence[Product], glossary: Glossary) -> None:
        self.titles = [read_title(product.title, glossary) for product in products]
        self._glossary = glossary
        self._count = len(products)

    def runs(self, pieces: Sequence[Piece]) -> list[Run]:
        """Every run of the message that names something, scored, best first."""
        found: list[Run] = []
        stretches: dict[int, list[Run]] = {}
        for at, piece in enumerate(pieces):
            if piece.part != "content":
                continue
            for product, item in piece.found.items():
                runs = stretches.setdefault(product, [])
                if runs and self._reaches(pieces, runs[-1].last, at, product):
                    runs[-1].last = at
                    runs[-1].matched[at] = item
                else:
                    runs.append(Run(product, at, at, {at: item}))
        for runs in stretches.values():
            found.extend(runs)
        weights = [self._weight(pieces, at) for at in range(len(pieces))]
        against = [self._against(pieces, at, weights[at]) for at in range(len(pieces))]
        for run in found:
            self._score(run, pieces, weights, against)
        self._prefer_written(found, pieces)
        self._compare(found)
        found.sort(key=lambda run: (-run.score, run.product))
        return found

    def _reaches(self, pieces: Sequence[Piece], last: int, at: int, product: int) -> bool:
        """Whether a word continues the name that the words before began."""
        gaps = 0
        for between in range(last + 1, at):
            piece = pieces[between]
            if piece.part == "wall":
                return False
            if piece.part == "join" and not self.titles[product].joins:
                return False
            if piece.part == "gap":
                gaps += 1
            elif piece.part == "content" and product not in piece.found and self._heads_other(piece):
                return False
        return gaps <= _LEAP

    def _heads_other(self, piece: Piece) -> bool:
        """Whether a word says what some product is."""
        return any(item.strength > 0.7 and item.names(self.titles[product]) for product, item in piece.found.items())

    def _weight(self, pieces: Sequence[Piece], at: int) -> float:
        """How much a word tells: less when many products have it, or when it only holds the thing ("bidon d'huile")."""
        piece = pieces[at]
        if not piece.found:
            return 0.0
        strong = sum(item.strength > 0.5 for item in piece.found.values()) or 1
        rare = 1 - log(strong) / log(self._count + 1) if self._count > 1 else 1.0
        weight = 0.45 + 0.55 * rare
        holds = at + 1 < len(pieces) and pieces[at + 1].part == "glue" and self._glossary.is_container(piece.word.text)
        return weight * (0.5 if piece.talk or holds or piece.word.kind != "word" else 1.0)

    def _score(self, run: Run, pieces: Sequence[Piece], weights: Sequence[float], against: Sequence[Against]) -> None:
        said = sum(weights[at] for at in run.matched)
        several = len({item.position for item in run.matched.values() if item.position >= 0}) > 1
        own = sum(
            weights[at] * (item.strength / item.doubt if several else item.strength) for at, item in run.matched.items()
        )
        other = self._others(run, pieces, against)
        share = own / (said + other) if said else 0.0
        title = self.titles[run.product]
        places: dict[int, float] = {}
        for item in run.matched.values():
            for position in range(item.position, item.position + item.length) if item.position >= 0 else ():
                places[position] = max(places.get(position, 0.0), item.strength)
        if title.alias in places:
            places[title.head] = max(places.get(title.head, 0.0), places[title.alias])
        spoken = sum(title.weights.get(position, 0.0) * strength for position, strength in places.items())
        told = (spoken / title.total) ** 0.5 if title.total else 0.0
        if not places:
            told = _UNTITLED
        run.named = share**1.3 * self._evidence(run, title, pieces)
        run.score = run.named * (0.72 + 0.28 * told)
        run.complete = places.keys() >= title.weights.keys()
        run.covered = own
        run.why = list(dict.fromkeys(item.why for item in run.matched.values()))

    def _evidence(self, run: Run, title: Title, pieces: Sequence[Piece]) -> float:
        """Less than 1 when the word that says what the product is was not said."""
        if all(pieces[at].talk for at in run.matched):
            run.weak = True
            return _TALK_ONLY
        items = run.matched.values()
        if any(item.field == "code" or item.names(title) for item in items):
            return 1.0
        titled = {at: item for at, item in run.matched.items() if item.field == "title"}
        if titled:
            if all(title.weights.get(item.position, 0) <= LIGHT for item in titled.values()):
                run.weak = True
                return _LIGHT_ONLY
            if len({item.position for item in titled.values()}) > 1:
                return _DETAILS
            thing = any(self._glossary.is_article(pieces[at].word.text) for at in titled)
            return _ANOTHER_THING if thing else _DETAIL
        fields = {item.field for item in items}
        return 1.0 if fields & {"category", "description"} else _OPTION_ONLY

    def _against(self, pieces: Sequence[Piece], at: int, weight: float) -> Against:
        piece = pieces[at]
        if piece.part != "content" or piece.talk or self._glossary.is_container(piece.word.text):
            return Against()
        glued = self._glued(pieces, at)
        if piece.found:
            titled = any(item.field in ("title", "code") for item in piece.found.values())
            within = weight * (_SIZE if piece.word.kind == "measure" else 0.9) if titled else _ASIDE
            another = self._heads_other(piece) and not glued  # beside: the next name has begun
            return Against(within, weight * 0.4 if another else within)
        if self._glossary.is_article(piece.word.text):
            foreign = _FOREIGN if glued else _FOREIGN * 0.75
            return Against(foreign, foreign)
        if self._glossary.is_attribute(piece.word.text):
            return Against(_ASIDE, _ASIDE)
        return Against(unheard=_UNHEARD)

    def _others(self, run: Run, pieces: Sequence[Piece], against: Sequence[Against]) -> float:
        """The weight of the words in the same breath that are not this product's."""
        first, last = run.first, run.last
        while first > 0 and self._same_breath(pieces, first - 1, -1):
            first -= 1
        while last + 1 < len(pieces) and self._same_breath(pieces, last + 1, 1):
            last += 1
        heavy = unheard = 0.0
        for at in range(first, last + 1):
            if at not in run.matched:
                heavy += against[at].within if run.first <= at <= run.last else against[at].beside
                unheard += against[at].unheard
        return heavy + min(unheard, _UNHEARD_MOST)

    @staticmethod
    def _same_breath(pieces: Sequence[Piece], at: int, step: int) -> bool:
        piece = pieces[at]
        if piece.part == "content":
            return True
        beyond = at + step
        return piece.part == "glue" and 0 <= beyond < len(pieces) and pieces[beyond].part in ("content", "glue")

    @staticmethod
    def _glued(pieces: Sequence[Piece], at: int) -> bool:
        return any(0 <= near < len(pieces) and pieces[near].part == "glue" for near in (at - 1, at + 1))

    def _prefer_written(self, runs: Sequence[Run], pieces: Sequence[Piece]) -> None:
        """Whose title has the very words steps before who has only some of them and means the same by others."""
        words = {id(run): _written(run, pieces) for run in runs}
        whole = {words[id(run)] for run in runs if run.named >= _CLEARLY and self._is_named(run)}
        for run in runs:
            own = words[id(run)]
            if any(own < other and not other.isdisjoint(run.matched) for other in whole):
                run.score *= _OUTWRITTEN
                run.named *= _OUTWRITTEN
                run.covered *= _OUTWRITTEN

    def _is_named(self, run: Run) -> bool:
        return any(item.field == "code" or item.names(self.titles[run.product]) for item in run.matched.values())

    def _compare(self, runs: Sequence[Run]) -> None:
        """Who explains less of the same words steps back; who is named as well as another is not sure."""
        most: dict[int, float] = {}
        for run in runs:
            for at in run.matched:
                most[at] = max(most.get(at, 0.0), run.covered)
        for run in runs:
            best = max(most[at] for at in run.matched)
            if run.covered < 0.97 * best:
                less = (run.covered / best) ** 0.6
                run.score *= less
                run.named *= less
        by_piece: dict[int, list[Run]] = {}
        for run in runs:
            for at in run.matched:
                by_piece.setdefault(at, []).append(run)
        for named in by_piece.values():
            top = max(run.named for run in named)
            close = [run for run in named if run.named >= top * _TIE]
            whole = [run for run in close if run.complete]
            for run in close if whole else ():
                if not run.complete:  # "croissant" where there are croissants, and almond croissants too
                    run.score = min(run.score, _OVERSHADOWED)
            close = whole or close
            if len({run.product for run in close}) > 1:
                for run in close:
                    run.ambiguous = True
        for run in runs:
            if run.ambiguous and run.score > _UNSURE:
                run.score = _UNSURE - (1 - run.score) * 0.05


def _written(run: Run, pieces: Sequence[Piece]) -> frozenset[int]:
    """The places whose very words stand in what the product is called; words of trade tell nothing."""
    return frozenset(
        at
        for at, item in run.matched.items()
        if item.written and item.doubt == 1.0 and item.field != "description" and not pieces[at].talk
    )
