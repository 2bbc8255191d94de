"""Which products a message names, where, and with which options."""

from collections.abc import Iterable, Iterator, Sequence

from rapidfuzz.distance import OSA

from griot.knowledge.catalogue.models import Product
from griot.knowledge.search.glossary import Glossary
from griot.knowledge.search.models import Mention
from griot.knowledge.search.naming import Run
from griot.knowledge.search.sentence import AXES, Piece
from griot.knowledge.search.words import Word, figure, fold, sound, split, stem

LEAST = 0.45  # of a run that counts as a mention
_RIVAL = 0.93  # named this nearly as well as the best: another product that may be meant

_LEADS = AXES | {
    "laharana",
    "no",
    "t",
    "p",
    "en",
    "du",
    "le",
    "la",
    "in",
    "pour",
    "version",
    "format",
    "modele",
    "amin",
    "for",
    "de",
}
_PEOPLE = {
    "personnes",
    "personne",
    "pers",
    "people",
    "persons",
    "olona",
    "part",
    "parts",
    "invites",
    "nit",
    "servings",
    "slices",
}
_SIZES = {
    "xs": "xs extra-small",
    "s": "s small petit petite kely",
    "m": "m medium moyen moyenne salantsalany antonony",
    "l": "l large grand grande lehibe ngeza",
    "xl": "xl extralarge",
    "xxl": "xxl 2xl",
    "xxxl": "xxxl 3xl",
}
_SIZE = {spelling: size for size, others in _SIZES.items() for spelling in others.split()}


class Options:
    """The option values of a catalogue, by the words that say them."""

    def __init__(self, products: Sequence[Product], glossary: Glossary) -> None:
        self._products = products
        self._glossary = glossary
        self._values = [_values(product) for product in products]
        self._axes = [tuple(dict.fromkeys(axis for axis, _, _ in values)) for values in self._values]

    def said(self, product: int, pieces: Sequence[Piece], places: Sequence[int]) -> dict[str, tuple[str, list[int]]]:
        """Axis -> value as the catalogue spells it, and the pieces that say it; the first said of an axis counts."""
        found: dict[str, tuple[str, list[int]]] = {}
        best: dict[str, tuple[int, int]] = {}
        for axis, value, words in self._values[product]:
            where = self._where(words, pieces, places, stem(fold(axis)))
            if where is None:
                continue
            rank = (-len(where), where[0])
            if axis not in best or rank < best[axis]:
                best[axis] = rank
                found[axis] = (value, where)
        return {axis: found[axis] for axis in self._axes[product] if axis in found}

    def _where(
        self, words: Sequence[Word], pieces: Sequence[Piece], places: Sequence[int], axis: str
    ) -> list[int] | None:
        """The places that say a value: all its words in a row, or a number and what it counts."""
        for start in range(len(places)):
            window = places[start : start + len(words)]
            if words[0].kind == "number":
                if self._is_number(words, pieces, window, axis):
                    more = window[1:] if len(window) == len(words) and self._say(words[1:], pieces, window[1:]) else []
                    return [window[0], *more]
            elif len(window) == len(words) and self._say(words, pieces, window):
                return list(window)
        return None

    def _say(self, words: Sequence[Word], pieces: Sequence[Piece], window: Sequence[int]) -> bool:
        return all(self._is(word, pieces, at) for word, at in zip(words, window, strict=True))

    def _is_number(self, words: Sequence[Word], pieces: Sequence[Piece], window: Sequence[int], axis: str) -> bool:
        """A size ("taille 38", "chaussures 38"), or a number with its noun ("8 parts", "pour 8 personnes")."""
        at = window[0]
        said = pieces[at].word
        if (said.text if said.kind == "number" else figure(said.text)) != words[0].text:
            return False
        following = pieces[at + 1].word.text if at + 1 < len(pieces) else ""
        counted = stem(following) in {axis, *(stem(word.text) for word in words[1:])} or following in _PEOPLE
        return counted or (said.kind == "number" and (self._led(pieces, at) or self._after_name(pieces, at)))

    def _is(self, word: Word, pieces: Sequence[Piece], at: int) -> bool:
        said = pieces[at].word
        if word.kind != "word" or said.kind != "word":
            return word.kind == said.kind and word.text == said.text
        if word.text in _SIZE or len(word.text) == 1:
            same = word.text == said.text or _SIZE.get(word.text, word.text) == _SIZE.get(said.text)
            clear = len(said.text) > 1 or said.capital or self._led(pieces, at)
            return same and clear and not said.elided
        if stem(said.text) == stem(word.text):
            return True
        theirs = {sense.concept for sense in self._glossary.senses(word.text) if sense.strength == 1}
        ours = {sense.concept for sense in self._glossary.senses(said.text) if sense.strength == 1}
        if ours or self._glossary.role(said.text) is not None or len(said.text) < 4:
            return bool(theirs & ours)
        return sound(said.text) == sound(word.text) or OSA.distance(said.text, word.text, score_cutoff=1) <= 1

    @staticmethod
    def _led(pieces: Sequence[Piece], at: int) -> bool:
        return at > 0 and pieces[at - 1].word.text in _LEADS

    @staticmethod
    def _after_name(pieces: Sequence[Piece], at: int) -> bool:
        """A bare number right after a name ("chaussures 38") is a size; one that counts something is not."""
        following = pieces[at + 1] if at + 1 < len(pieces) else None
        counted = following is not None and following.part == "content"
        return at > 0 and bool(pieces[at - 1].found) and not counted


def _values(product: Product) -> list[tuple[str, str, tuple[Word, ...]]]:
    seen = dict.fromkeys((axis, str(value)) for variant in product.variants for axis, value in variant.options.items())
    listed = []
    for axis, value in seen:
        words = [word for word in split(value) if word.kind in ("word", "number", "measure")]
        telling = [word for word in words if word.text not in ("de", "du", "la", "le", "a", "et", "personnes", "of")]
        listed.append((axis, value, tuple(telling or words)))
    return listed


def mentions(
    pieces: Sequence[Piece], runs: Sequence[Run], products: Sequence[Product], options: Options
) -> list[Mention]:
    """The products named, in the order of the message. ``runs``: those of the message, and of the codes in it."""
    named = list(_choose(runs))
    telling = [rivals for rivals in named if not rivals[0].weak]
    chosen = sorted(telling or named, key=lambda rivals: rivals[0].first)
    found = []
    for number, rivals in enumerate(chosen):
        start = chosen[number - 1][0].last + 1 if number else 0
        stop = chosen[number + 1][0].first if number + 1 < len(chosen) else len(pieces)
        if number + 1 < len(chosen):
            stop = _left_edge(pieces, stop)
        found.append(_mention(rivals, pieces, start, stop, products, options))
    return found


def _choose(runs: Sequence[Run]) -> Iterator[list[Run]]:
    """Names that do not overlap, the most telling first: the best run of each and its rivals."""
    left = [run for run in runs if run.score >= LEAST and _is_name(run)]
    while left:
        best = max(left, key=lambda run: (run.covered * run.score, run.score))
        overlapping = [run for run in left if run.first <= best.last and best.first <= run.last]
        named = sorted((run for run in overlapping if set(run.matched) & set(best.matched)), key=lambda run: -run.score)
        if best.complete and not best.ambiguous:
            named = [best]
        else:
            named = [run for run in named if run is best or run.named >= best.named * _RIVAL]
        named.sort(key=lambda run: (run is not best, -run.score))
        yield named
        left = [run for run in left if run not in overlapping]


def _is_name(run: Run) -> bool:
    """A name has a word of the title or the code; words of a description or a colour alone name nothing.

    Nor does the name of another of its kind: who asks for one brand means no other.
    """
    items = run.matched.values()
    return any(
        item.field == "category" or (item.field in ("title", "code") and item.strength >= LEAST) for item in items
    )


def _left_edge(pieces: Sequence[Piece], first: int) -> int:
    """Where the breath of a name begins: "a RED bag"."""
    while first > 0 and pieces[first - 1].part == "content":
        first -= 1
    return first


def _mention(
    named: Sequence[Run], pieces: Sequence[Piece], start: int, stop: int, products: Sequence[Product], options: Options
) -> Mention:
    best = named[0]
    edge = _left_edge(pieces, best.first) if start else 0
    places = list(range(max(start, edge), stop))
    said = {run.product: options.said(run.product, pieces, _free(places, run)) for run in named}
    most = max(len(found) for found in said.values())
    fitting = [run for run in named if len(said[run.product]) == most]
    best = fitting[0]
    chosen = said[best.product]
    taken = sorted({*best.matched, *(at for _, where in chosen.values() for at in where)})
    codes = tuple(dict.fromkeys(products[run.product].code for run in fitting))
    return Mention(
        code=products[best.product].code,
        start=pieces[best.first].word.start,
        end=pieces[best.last].word.end,
        score=round(best.score, 3),
        options={axis: value for axis, (value, _) in chosen.items()},
        alternatives=codes if len(codes) > 1 else (),
        spans=tuple(_spans(pieces, taken)),
    )


def _free(places: Iterable[int], run: Run) -> list[int]:
    """The places that may say an option: those that the title does not need ("Robe bleue" has blue in its name)."""
    return [at for at in places if at not in run.matched or run.matched[at].field == "option"]


def _spans(pieces: Sequence[Piece], places: Iterable[int]) -> Iterator[tuple[int, int]]:
    for at in places:
        yield pieces[at].word.start, pieces[at].word.end
