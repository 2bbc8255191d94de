"""Sizes, colours and flavours said of an article, with their places in the text, in any language and spelling."""

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from rapidfuzz.distance import OSA

from griot.agent.interpreter.pieces import Phrases, phrases_of, pieces, word_list, words_of
from griot.knowledge.catalogue.models import Product
from griot.knowledge.search.glossary import glossary
from griot.knowledge.search.words import Word, figure, fold, sound, split, stem

_PLENTY = 12  # a larger number that is a size of the article is its size
_SHORTEST = 4  # letters from which a word may be misspelled, or stand for a value of several words
_TYPO = 5
_GLUE = frozenset({"de", "du", "des", "d", "la", "le", "l", "les", "a", "au", "aux", "et", "of", "the", "and", "ny"})
_EXACT, _SAME_WORD, _SAME_THING, _SOUNDS, _SLIP, _PART, _NO = range(7)  # how a word says a value, the surest first


class Value(NamedTuple):
    """``axis`` and ``value`` as the catalogue spells them, and the offsets of the words that say it."""

    axis: str
    value: str
    start: int
    end: int


def axes_in(text: str, product: Product) -> list[tuple[int, int]]:
    """Where the text says the names of the article's axes: "taille", "couleur"."""
    axes = {stem(fold(axis)) for variant in product.variants for axis in variant.options}
    return [(word.start, word.end) for word in split(text) if stem(word.text) in axes]


class _Listed(NamedTuple):
    """A value of an article. ``own``: those of its words that no other value of the axis has."""

    axis: str
    value: str
    words: tuple[Word, ...]
    own: tuple[str, ...]


def meant(text: str, product: Product) -> list[Value]:
    """The values that the text wants of an article, in its order.

    Left out are those denied ("pas le rouge"), put to choice ("rouge ou bleu"), taken back ("rouge, non, bleu") and
    given away ("change le M en L").
    """
    said = [value for value in values_in(text, product) if not ends_with("denied", text[: value.start])]
    changes = says("changing", text)
    gone: set[Value] = set()
    for first, second in pairwise(said):
        between = text[first.end : second.start]
        if first.axis != second.axis or first.value == second.value:
            continue
        if _is("choice", between):
            gone |= {first, second}
        elif says("correction", between) or (changes and _is("becomes", between)):
            gone.add(first)
    return [value for value in said if value not in gone]


def values_in(text: str, product: Product) -> Sequence[Value]:
    """Every value of the article that the text names, in its order; of two at one place the longer or surer one."""
    listed = _listed(product)
    return _read(text, listed) if listed else ()


@lru_cache(maxsize=1024)
def _read(text: str, listed: tuple["_Listed", ...]) -> Sequence[Value]:
    words = [word for word in split(text) if word.text not in ("-", "/")]
    found: list[Value] = []
    at = 0
    while at < len(words):
        best = _best(words, at, listed)
        if best is None:
            at += 1
            continue
        entry, end = best
        found.append(Value(entry.axis, entry.value, words[at].start, words[end - 1].end))
        at = end
    return found


def _listed(product: Product) -> tuple[_Listed, ...]:
    values = dict.fromkeys((axis, str(v)) for variant in product.variants for axis, v in variant.options.items())
    words = {key: {word.text for word in _telling(key[1])} for key in values}
    listed = []
    for axis, value in values:
        others = [have for key, have in words.items() if key[0] == axis and key[1] != value]
        listed.append(_Listed(axis, value, _telling(value), tuple(sorted(words[axis, value].difference(*others)))))
    return tuple(listed)


@lru_cache(maxsize=4096)
def _telling(value: str) -> tuple[Word, ...]:
    words = [word for word in split(value) if word.kind in ("word", "number", "measure")]
    return tuple([word for word in words if word.text not in _GLUE] or words)


def _best(words: Sequence[Word], at: int, listed: Sequence[_Listed]) -> tuple[_Listed, int] | None:
    """The value that begins at a word, and the place where it ends; none when two of an axis are said as well."""
    hits: dict[tuple[int, int], list[tuple[_Listed, int]]] = {}
    for entry in listed:
        quality, end = _says(words, at, entry, listed)
        if quality < _NO:
            length = end - at if quality < _PART else 0
            hits.setdefault((-length, quality), []).append((entry, end))
    if not hits:
        return None
    best = hits[min(hits)]
    return best[0] if len({entry.value for entry, _ in best if entry.axis == best[0][0].axis}) == 1 else None


def _says(words: Sequence[Word], at: int, entry: _Listed, listed: Sequence[_Listed]) -> tuple[int, int]:
    """How surely the words from ``at`` on say a value, and where they end."""
    if entry.words[0].number:
        return _in_figures(words, at, entry, listed)
    if len(entry.words) == 1:
        return _likeness(words, at, entry.words[0]), at + 1
    worst, place = _EXACT, at
    for wanted in entry.words:
        while place > at and place < len(words) and words[place].text in _GLUE:
            place += 1
        quality = _of_several(words[place], wanted) if place < len(words) else _NO
        if quality == _NO:
            return (_PART, at + 1) if _is_part(words[at], entry) else (_NO, at)
        worst, place = max(worst, quality), place + 1
    return worst, place


def _is_part(said: Word, entry: _Listed) -> bool:
    """ "Blue" for "bleu ciel", when no other of the colours is blue."""
    long = said.kind == "word" and len(said.text) >= _SHORTEST
    return long and any(_same_name(said.text, own) < _NO for own in entry.own if len(own) >= _SHORTEST)


def _of_several(said: Word, wanted: Word) -> int:
    """A word of a value that has several: "E27" is two, "bleu ciel" too."""
    if said.kind != wanted.kind or said.kind != "word" or len(wanted.text) == 1:
        return _EXACT if (said.kind, said.text) == (wanted.kind, wanted.text) else _NO
    return _same_name(said.text, wanted.text)


def _in_figures(words: Sequence[Word], at: int, entry: _Listed, listed: Sequence[_Listed]) -> tuple[int, int]:
    """A size in figures: with what it counts ("8 parts", "100 mm"), announced ("en 38") or beyond any quantity."""
    said, wanted = words[at], entry.words[0]
    if said.kind == "measure":
        return (_EXACT, at + 1) if said.text == "".join(word.text for word in entry.words) else (_NO, at)
    if (said.text if said.kind == "number" else figure(said.text)) != wanted.number:
        return _NO, at
    following = words[at + 1] if at + 1 < len(words) else None
    noun = stem(following.text) if following and following.kind == "word" else ""
    if noun and noun in {stem(fold(entry.axis)), *(stem(word.text) for word in entry.words[1:]), *_people()}:
        return _EXACT, at + 2
    before = words[at - 1].text if at else ""
    if ends_with("people", " ".join(word.text for word in words[max(0, at - 3) : at])):
        return _EXACT, at + 1
    if said.kind != "number" or noun in _units() or before in ("x", "×"):
        return _NO, at
    announced = before in _leads() or before == fold(entry.axis)
    large = float(said.text) > _PLENTY and _counts_nothing(following, listed)
    return (_EXACT, at + 1) if announced or large else (_NO, at)


def _counts_nothing(following: Word | None, listed: Sequence[_Listed]) -> bool:
    """Is what comes after a number no article: the end, a sign, a small word, another number, another value?"""
    if following is None or following.kind in ("sign", "break", "number", "measure") or figure(following.text):
        return True
    values = {stem(word.text) for entry in listed for word in entry.words}
    small = following.text in _GLUE | words_of("picks", "around") or glossary().role(following.text) is not None
    return small or stem(following.text) in values


def _likeness(words: Sequence[Word], at: int, wanted: Word) -> int:
    """How surely one word says a value of one word."""
    said = words[at]
    if said.kind != wanted.kind or said.kind != "word":
        return _EXACT if (said.kind, said.text) == (wanted.kind, wanted.text) else _NO
    if wanted.text in _sizes().values() or len(wanted.text) == 1:
        return _in_letters(words, at, wanted.text)
    return _NO if said.elided else _same_name(said.text, wanted.text)


def same_word(said: str, wanted: str) -> bool:
    """Do two folded words name the same thing, a language or a slip of the thumb aside?"""
    return _same_name(said, wanted) < _NO


@lru_cache(maxsize=16384)
def _same_name(said: str, wanted: str) -> int:
    """Is it the word, a name of the same thing, or one that sounds or looks like it?"""
    if stem(said) == stem(wanted):
        return _EXACT
    if wanted in _same().get(said, ()):
        return _SAME_WORD
    known = glossary()
    ours = {sense.concept for sense in known.senses(said) if sense.strength == 1}
    theirs = {sense.concept for sense in known.senses(wanted) if sense.strength == 1}
    if ours & theirs:
        return _SAME_THING
    if ours or known.role(said) is not None:
        return _NO
    if said.endswith("z") and sound(said[:-1] + "se") == sound(wanted):
        return _SOUNDS  # "roz": a z that thumbs write at the end is heard
    if len(said) < _SHORTEST:
        return _NO
    if sound(said) == sound(wanted):
        return _SOUNDS
    long = min(len(said), len(wanted)) >= _TYPO
    return _SLIP if long and OSA.distance(said, wanted, score_cutoff=1) <= 1 else _NO


def _in_letters(words: Sequence[Word], at: int, wanted: str) -> int:
    """ "L", "taille m", "XL", "medium"; a small letter by itself, or "grande", says a size only where one is due."""
    said = words[at]
    if said.elided or _sizes().get(said.text, said.text) != wanted:
        return _NO
    due = len(words) == 1 or (at > 0 and words[at - 1].text in _leads())
    if said.text == wanted:
        return _EXACT if len(wanted) > 1 or said.capital or due else _NO
    return _SAME_WORD if due or said.text in _clear_sizes() else _NO


# Words, from prompts/words/picks.toml


def says(kind: str, text: str) -> bool:
    """Does a phrase of this kind, of those listed in ``picks.toml``, stand in the text?"""
    return _phrases(kind).stand_in(text)


def _is(kind: str, text: str) -> bool:
    """Is the text one phrase of this kind, small words aside?"""
    found = [piece for piece in pieces(text) if piece.text not in _GLUE - {"a"} and piece.kind != "sign"]
    hit = _phrases(kind).at(found, 0)
    return hit is not None and hit[1] == len(found)


def ends_with(kind: str, text: str) -> bool:
    """Does a phrase of this kind end the text, small words aside?"""
    found = pieces(text)
    while found and found[-1].text in _GLUE | {"en", "un", "une"}:
        found = found[:-1]
    return _phrases(kind).before(found, len(found)) is not None


def _phrases(kind: str) -> Phrases[bool]:
    return phrases_of("picks", "between", kind)


@cache
def _sizes() -> Mapping[str, str]:
    """Every way to say a size in letters, and the letters."""
    listed = word_list("picks")["sizes"]
    return {fold(word): size for size, words in listed.items() for word in (size, *words)}


@cache
def _clear_sizes() -> frozenset[str]:
    """Ways to say a size that say nothing else."""
    return frozenset(word_list("picks")["announce"]["clear"])


@cache
def _same() -> Mapping[str, frozenset[str]]:
    """By word, the values that it says besides those of the glossary."""
    same: dict[str, set[str]] = {}
    for value, words in (*word_list("picks")["same"].items(), *word_list("spellings")["words"].items()):
        for word in words:
            same.setdefault(fold(word), set()).add(fold(value))
    return {word: frozenset(values) for word, values in same.items()}


@cache
def _leads() -> frozenset[str]:
    return frozenset(fold(word) for word in word_list("picks")["announce"]["size"])


@cache
def _people() -> frozenset[str]:
    return frozenset(stem(fold(word)) for word in word_list("picks")["announce"]["people"])


@cache
def _units() -> frozenset[str]:
    """What a number counts that is no size: goods, hours, money."""
    listed = word_list("numbers")
    words = (*listed["units"]["goods"], *listed["units"]["other"], *listed["money"]["words"])
    return frozenset(stem(fold(word).split()[0]) for word in words)
