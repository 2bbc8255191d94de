"""What tells articles of one name apart: numbers in their titles with what they count, and words of their own."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from griot.agent.interpreter.pieces import word_list
from griot.agent.interpreter.values import ends_with, same_word
from griot.knowledge.search.glossary import glossary
from griot.knowledge.search.words import MEASURES, Word, figure, fold, split, stem

_PREFIX = 4  # letters by which a word is another with an ending: "Lyon", "lyonnais"
_ENDING = 5  # letters of the longest ending
_LEADS = frozenset({"de", "d", "do", "of", "a", "le", "la", "les", "the", "ny", "l", "en"})
_SIZES = frozenset({"taille", "tailles", "pointure", "size", "t", "numero", "no", "n", "habe", "laharana", "format"})
_SERVES = frozenset({"pour", "pr", "por", "for", "ngir"})


class Measure(NamedTuple):
    """A number and what it counts: ``unit`` is empty where nothing says it.

    ``led``: a word announces it ("de 12"). ``bare``: it stands behind a noun, with no unit ("ciment 42").
    """

    number: str
    unit: str
    start: int
    end: int
    led: bool = False
    bare: bool = False


def measures(text: str) -> list[Measure]:
    """Every number of a text with its unit: "1,5 L", "10 parts", "olona 6", "carton de 24", "pr 12"."""
    words = split(text)
    return [_measure(text, words, at) for at in range(len(words)) if _number(words[at])]


def _measure(text: str, words: Sequence[Word], at: int) -> Measure:
    word = words[at]
    before = words[at - 1].text if at else ""
    number = _number(word)
    led = before in _LEADS or "." in number
    if word.kind == "measure":
        return Measure(number, word.text.removeprefix(word.number), word.start, word.end, led)
    if before in _SIZES:
        return Measure(number, "size", words[at - 1].start, word.end)
    following = words[at + 1] if at + 1 < len(words) else None
    if following and following.kind == "word" and (unit := _unit(following.text)):
        return Measure(number, unit, word.start, following.end, led)
    if before and _unit(before) == "people":
        return Measure(number, "people", words[at - 1].start, word.end, led)
    if before in _SERVES or ends_with("people", text[: word.start]):
        return Measure(number, "people", word.start, word.end)
    bare = at > 0 and words[at - 1].kind == "word" and _unit(before) not in ("", "people")
    return Measure(number, "", word.start, word.end, led, bare)


def _number(word: Word) -> str:
    """The figures of a word, without idle noughts; empty when it is no number."""
    said = word.number or (figure(word.text) if word.kind == "word" else "")
    return said.rstrip("0").rstrip(".") if "." in said else said


def _unit(word: str) -> str:
    """One name for every way to say a unit; the stem of a noun that is none; empty for small words."""
    if (length := word.removesuffix("2")) in MEASURES:  # "mm²" is said as "mm"
        return MEASURES[length]
    if glossary().role(word) in ("grammar", "glue", "join", "determiner"):
        return ""
    return _units().get(stem(word), stem(word))


@cache
def _units() -> Mapping[str, str]:
    listed: Mapping[str, Sequence[str]] = word_list("numbers")["alike"]
    return {stem(fold(word)): unit for unit, words in listed.items() for word in words}


def fitting(said: Measure, titles: Sequence[str], counted: bool = False) -> list[str]:
    """The titles with this number, counted in the same unit, or in any when the text says none.

    A number that all of them have tells nothing: of bars of 12 m "de 12" is the one of 12 mm. ``counted``: another
    number says how many, so that one behind the name ("20 sacs de ciment 42") is a size.
    """
    listed = {title: {(own.number, own.unit) for own in _titled(title)} for title in titles}
    shared = set.intersection(*listed.values()) if listed else set()
    loose = (said.led and said.unit not in _known_units()) or (said.bare and counted)
    return [
        title
        for title, own in listed.items()
        if any(_is(number, said.number, loose) and (unit == said.unit or loose) for number, unit in own - shared)
    ]


def _is(own: str, said: str, loose: bool) -> bool:
    """The same number; loosely, without what is behind its point: "42" for "42,5"."""
    return own == said or (loose and "." in own and own.partition(".")[0] == said)


@cache
def _known_units() -> frozenset[str]:
    return frozenset((*_units().values(), *MEASURES.values()))


@lru_cache(maxsize=4096)
def _titled(title: str) -> tuple[Measure, ...]:
    return tuple(measures(title))


def by_unit(unit: str, title: str) -> bool:
    """Is it sold by this unit: "Riz 1 kg", "au kilo"?"""
    return any(own.number == "1" and own.unit == unit for own in _titled(title))


def own_words(titles: Sequence[str]) -> list[frozenset[str]]:
    """The words of each title that not all of them have."""
    listed = [frozenset(_words(title)) for title in titles]
    shared = frozenset.intersection(*listed) if listed else frozenset()
    return [words - shared for words in listed]


def _words(text: str) -> Iterator[str]:
    """The words that tell something, and those that belong together: "USB-C" is "usbc"."""
    words = [word for word in split(text) if word.text != "-"]
    for word in words:
        if word.kind == "word" and len(word.text) > 2 and glossary().role(word.text) in (None, "talk"):
            yield word.text
    for left, right in pairwise(words):
        if left.kind == right.kind == "word" and len(right.text) == 1 < len(left.text):
            yield left.text + right.text


def said_of(text: str, own: frozenset[str]) -> frozenset[str]:
    """Which of these words the text says: as they are, in another language, misspelled, or without an ending."""
    spoken = set(_words(text))
    return frozenset(word for word in own if any(_same(said, word) for said in spoken))


def _same(said: str, wanted: str) -> bool:
    return same_word(said, wanted) or _derived(said, wanted) or _held_alike(said, wanted)


def _derived(said: str, wanted: str) -> bool:
    """ "Lyon" in "lyonnais": one word is the other with an ending."""
    shorter, longer = sorted((stem(said), stem(wanted)), key=len)
    return len(shorter) >= _PREFIX and longer.startswith(shorter) and len(longer) - len(shorter) <= _ENDING


def _held_alike(said: str, wanted: str) -> bool:
    """Two words for what goods come in: "gony", "sac"."""
    return bool(_containers(said) & _containers(wanted))


def _containers(word: str) -> set[str]:
    return {sense.concept for sense in glossary().senses(word) if glossary().kind(sense.concept) == "container"}
