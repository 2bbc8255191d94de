"""The words of one shop's catalogue, and what a buyer's word has to do with each of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple

from griot.knowledge.search.glossary import Glossary, Phrase
from griot.knowledge.search.places import places
from griot.knowledge.search.titles import Title
from griot.knowledge.search.typos import Typos
from griot.knowledge.search.words import Word, stem

Field = Literal["title", "code", "category", "option", "description"]

# How much a word tells by where it stands.
WEIGHTS: dict[Field, float] = {"title": 1.0, "code": 1.0, "category": 0.8, "option": 0.95, "description": 0.6}

STEM, CONCEPT = 0.99, 0.92
_WITHIN = 0.75  # what is left of a word that means something else where it stands
_EACH_WORD = 0.05
_REMEMBERED = 4096


class Place(NamedTuple):
    """Where a term stands: the product (by number), the field, and the words of the title (-1 in other fields)."""

    product: int
    field: Field
    position: int
    length: int = 1
    sure: float = 1.0  # less for a word that means something else where it stands ("pomme" in "pomme de terre")


class Found(NamedTuple):
    """A buyer's word met a word of a product. ``strength``: 0 to 1, the field's weight included.

    ``doubt``: what of it is left, in ``strength`` already, because the word means something else where it stands.
    ``written``: the very word stands there, a slip of the thumb aside, and not one that means the same.
    """

    strength: float
    field: Field
    position: int
    length: int
    why: str
    doubt: float = 1.0
    written: bool = False

    @property
    def rank(self) -> float:
        """What says more of a title is better evidence."""
        return self.strength + _EACH_WORD * (self.length - 1)

    def weaker(self, share: float) -> "Found":
        return self._replace(strength=self.strength * share)

    def names(self, title: Title) -> bool:
        """Whether the word that says what the product is was met, by this name or its other one."""
        return self.says(title.head) or (title.alias >= 0 and self.says(title.alias))

    def says(self, position: int) -> bool:
        """Whether this word of the title was met."""
        return self.field == "title" and self.position <= position < self.position + self.length


Findings = dict[int, Found]  # the best by product


class Vocabulary:
    """Filled with ``add``, then only read."""

    def __init__(self, glossary: Glossary) -> None:
        self._glossary = glossary
        self._terms: dict[str, list[Place]] = defaultdict(list)
        self._spelling: dict[str, str] = {}  # stem -> as first met, for the reader of "why"
        self._concepts: dict[str, list[tuple[Place, str]]] = defaultdict(list)
        self._typos = Typos(())
        self._joined: set[str] = set()  # two words in one piece, for those who write them so
        self.find = lru_cache(maxsize=_REMEMBERED)(self._find)

    def add(self, product: int, field: Field, words: Sequence[Word]) -> None:
        """Index the words of one field of a product; a title's positions are those of ``words``."""
        titled = field == "title"
        outer: Phrase | None = None  # the phrase that the words belong to, and where it ends
        end = 0
        for at, word in enumerate(words):
            phrases = [phrase for phrase in self._glossary.at(words, at) if _names(phrase)] if field != "code" else []
            begins = at >= end
            if begins:
                outer = next((phrase for phrase in phrases if phrase.length > 1), None)
                end = at + outer.length if outer else 0
            own = outer is None or self._glossary.belongs(word.text, outer)
            place = Place(product, field, at if titled else -1, sure=1.0 if own else _WITHIN)
            if word.kind in ("word", "measure"):
                self._file(word.text, place)
            if number := word.number:
                self._file(f"#{number}", place)
            for phrase in phrases:
                if phrase is outer:
                    self._take_phrase(phrase, words[at : at + phrase.length], place._replace(sure=1.0))
                elif own or begins:
                    sure = 1.0 if own else _WITHIN * _WITHIN
                    self._take_phrase(phrase, words[at : at + phrase.length], place._replace(sure=sure))
        for at, (left, right) in enumerate(pairwise(words)):
            if self._may_join(left, right):
                self._joined.add(self._file(left.text + right.text, Place(product, field, at if titled else -1)))

    def _take_phrase(self, phrase: Phrase, words: Sequence[Word], place: Place) -> None:
        whole = place._replace(length=phrase.length)
        name = " ".join(word.text for word in words)
        for sense in phrase.senses:
            if sense.strength == 1:  # what a dress is for does not make it a bag for the same
                self._concepts[sense.concept].append((whole, name))

    def _may_join(self, left: Word, right: Word) -> bool:
        roles = {self._glossary.role(left.text), self._glossary.role(right.text)}
        short = len(left.text) + len(right.text) <= 12
        return left.kind == right.kind == "word" and short and not roles & {"glue", "join", "determiner"}

    def seal(self) -> None:
        """No more words come."""
        self._typos = Typos((term, word) for term, word in self._spelling.items() if term not in self._joined)

    def _file(self, word: str, place: Place) -> str:
        term = stem(word)
        places = self._terms[term]
        if not places or places[-1] != place:
            places.append(place)
        self._spelling.setdefault(term, word)
        return term

    def __contains__(self, word: str) -> bool:
        return stem(word) in self._terms

    def titled(self, word: str, *, code: bool = True) -> bool:
        """Whether some title has the word, or the letters of some code are this word."""
        return any(
            place.field == "title" or (code and place.field == "code") for place in self._terms.get(stem(word), ())
        )

    def titles_with(self, words: Iterable[str]) -> set[int]:
        """The products whose titles have every one of these very words."""
        having = [{p.product for p in self._terms.get(stem(word), ()) if p.field == "title"} for word in words]
        return set.intersection(*having) if having else set()

    def optional(self, word: str) -> bool:
        """Whether a word, or a word it means the same as, is a value of some option."""
        return any(item.field == "option" for item in self.find(word).values())

    def _find(self, word: str) -> Findings:
        """Every product that a word may name, by the best evidence there is. Not to be changed by the caller."""
        found: Findings = {}
        term = stem(word)
        if term in self._terms:
            exact = self._spelling[term] == word
            self._take(found, term, 1.0 if exact else STEM, word)
        senses = self._glossary.senses(word)
        self.take_concepts(found, (sense for sense in senses if sense.strength == 1), word)
        if not found:  # a computer where none is sold may be what a bag is wanted for
            self.take_concepts(found, senses, word)
        if found or len(word) < 3 or not word.isalpha():
            return found
        if not senses and self._may_be_slip(word):
            self._guess(found, word)
        return found

    def _may_be_slip(self, word: str) -> bool:
        """Not a word of every day, of a question or of a place."""
        asks = self._glossary.senses(word, "questions")
        return self._glossary.may_be_slip(word) and not asks and word not in places()

    def take_concepts(self, found: Findings, senses: Iterable[tuple[str, float]], said: str) -> None:
        """Add the products that have one of these meanings, or a narrower or a broader one, to the findings."""
        for concept, sure in senses:
            for name, near in self._glossary.related(concept).items():
                for place, written in self._concepts.get(name, ()):
                    _keep(found, place, CONCEPT * sure * near, f"{place.field}: {said} = {written}")

    def _guess(self, found: Findings, word: str) -> None:
        """A word that nobody knows: what it may have been meant to be, in the catalogue or else in the glossary."""
        for term, strength in self._typos.near(word):
            self._take(found, term, strength, word)
        if not found:
            self.take_concepts(found, self._glossary.guess(word), word)

    def _take(self, found: Findings, term: str, strength: float, word: str) -> None:
        for place in self._terms[term]:
            shown = self._spelling[term]
            why = f"{place.field}: {shown}" if shown == word else f"{place.field}: {word}≈{shown}"
            _keep(found, place, strength, why, written=True)


def _keep(found: Findings, place: Place, strength: float, why: str, *, written: bool = False) -> None:
    strength *= WEIGHTS[place.field] * place.sure
    item = Found(strength, place.field, place.position, place.length, why, place.sure, written)
    known = found.get(place.product)
    if known is None or known.rank < item.rank:
        found[place.product] = item


def _names(phrase: Phrase) -> bool:
    return any(sense.strength == 1 for sense in phrase.senses)
