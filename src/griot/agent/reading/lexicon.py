"""The words, from ``griot/prompts/lexicon/*.toml``: phrases of a sense, number words, names of means, synonyms.

In the files ``(a|b|)`` stands for alternatives, the empty one included; an apostrophe may be left out by the buyer.
A phrase listed under several senses keeps them all: which one is meant depends on what else the message says.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from griot.agent.reading.tokens import Token, fold, tokenise


class Sense(StrEnum):
    """What a stretch of a message is. Those from ``words`` tables carry the name they have there."""

    # Heard beside an order without changing it
    FILLER = "filler"
    DETERMINER = "determiner"
    PREPOSITION = "preposition"
    LINK = "link"  # harmless once an ordering verb or an assent is there
    PLEA = "plea"  # "pardon": a courtesy before the code, a correction after it
    LABEL = "label"  # "code", "article"
    NUMBER_LABEL = "number_label"  # "numéro"
    CONJUNCTION = "conjunction"
    UNIT = "unit"  # "pièces"
    AXIS = "axis"  # "taille", "couleur"
    GREETING = "greeting"
    WELLBEING = "wellbeing"  # "ça va": takes its own question mark
    THANKS = "thanks"
    YES = "yes"
    TAKE = "take"
    AGAIN = "again"
    STILL = "still"  # "encore": one more beside a number or an ordering verb, otherwise perhaps a question
    # Asks for something
    PAY = "pay"
    MEANS = "means"
    CHANGE_MEANS = "change_means"
    CANCEL = "cancel"
    EXTEND = "extend"
    JOIN = "join"
    LEAVE = "leave"
    PURCHASES = "purchases"
    STATUS = "status"
    WAIT = "wait"  # "j'attends": an assent to a waiting list, otherwise unclear
    HUMAN = "human"
    ASK = "ask"  # price, stock, picture: showing the product answers it
    # Keeps from holding
    NO = "no"
    NEGATION = "negation"
    QUESTION = "question"
    OR = "or"
    CORRECTION = "correction"
    CLAIM = "claim"  # "déjà payé"
    UNCLEAR = "unclear"
    # Numbers
    NUMBER = "number"
    TIMES = "times"
    DOZEN = "dozen"
    MINUTES = "minutes"
    AMOUNT_UNIT = "amount_unit"  # money, hours, weight: what makes a number no quantity
    ORDINAL = "ordinal"
    # Made by the reader, never by a word list
    CODE = "code"
    OPTION = "option"
    QUANTITY = "quantity"
    AMOUNT = "amount"
    SEPARATOR = "separator"
    QUESTION_MARK = "question_mark"
    UNKNOWN = "unknown"


class Meaning(NamedTuple):
    sense: Sense
    value: str | int | None = None


class Entry(NamedTuple):
    meanings: tuple[Meaning, ...]
    languages: frozenset[str]

    def value(self, sense: Sense) -> str | int | None:
        return next((meaning.value for meaning in self.meanings if meaning.sense is sense), None)

    def has(self, sense: Sense) -> bool:
        return any(meaning.sense is sense for meaning in self.meanings)


class Found(NamedTuple):
    entry: Entry
    end: int


class _Node:
    __slots__ = ("entry", "next")

    def __init__(self) -> None:
        self.next: dict[str, _Node] = {}
        self.entry: Entry | None = None


_STUCK_TO_NUMBERS = {Sense.TIMES, Sense.UNIT, Sense.DOZEN, Sense.MINUTES, Sense.AMOUNT_UNIT}
_ALTERNATIVES = re.compile(r"\(([^()]*)\)")
_REPEATED = re.compile(r"(.)\1{2,}")


class Lexicon:
    """Phrases by their words.

    ``synonyms``: a word -> the words that say the same option. ``evidence``: a word -> the languages it shows.
    ``number_openers``: the words a number, or the word "number", begins with.
    """

    def __init__(self, sources: Sequence[dict[str, Any]]) -> None:
        self._root = _Node()
        self._vocabulary: set[str] = set()
        self.number_openers: set[str] = set()
        self.evidence: dict[str, frozenset[str]] = {}
        self.synonyms: dict[str, tuple[str, ...]] = {}
        for source in sources:
            self._read(source)
        self._add_unaccented()

    def find(self, tokens: Sequence[Token], start: int, stop: int) -> Found | None:
        """The longest phrase that begins at ``start`` and ends before ``stop``."""
        node, at, best = self._root, start, None
        while at < stop:
            step = self._step(node, tokens[at])
            if step is None:
                if at > start and _bridges(tokens, at, stop):
                    at += 1
                    continue
                break
            node, at = step, at + 1
            if node.entry:
                best = Found(node.entry, at)
        return best

    def number(self, tokens: Sequence[Token], start: int, stop: int) -> tuple[int, int] | None:
        """A number in words at ``start``: its value and where it ends."""
        found = self.find(tokens, start, stop)
        value = found.entry.value(Sense.NUMBER) if found else None
        return (value, found.end) if found and isinstance(value, int) else None

    def phrases(self) -> Iterator[tuple[tuple[str, ...], Entry]]:
        """Every phrase with what it means."""
        return _phrases(self._root, ())

    def _step(self, node: _Node, token: Token) -> _Node | None:
        step = node.next.get(token.key)
        if step is None and token.kind == "word" and token.key not in self._vocabulary and _REPEATED.search(token.key):
            for letters in (r"\1", r"\1\1"):  # "ouiiii", "okkkk"
                step = step or node.next.get(_REPEATED.sub(letters, token.key))
        return step

    def _read(self, source: dict[str, Any]) -> None:
        languages = frozenset(source.get("languages", ()))
        for name, phrases in source.get("words", {}).items():
            self._add_all(phrases, Meaning(Sense(name)), languages)
        for means, phrases in source.get("means", {}).items():
            self._add_all(phrases, Meaning(Sense.MEANS, means), languages)
        for place, phrases in source.get("ordinals", {}).items():
            self._add_all(phrases, Meaning(Sense.ORDINAL, int(place)), languages)
        for value, phrases in _numbers(source.get("numbers", {})):
            self._add_all(phrases, Meaning(Sense.NUMBER, value), languages)
        for word in source.get("evidence", ()):
            self.evidence[fold(word)] = self.evidence.get(fold(word), frozenset()) | languages
        for group in source.get("synonyms", ()):
            for word in group:
                self.synonyms[fold(word)] = (*self.synonyms.get(fold(word), ()), *map(fold, group))

    def _add_all(self, patterns: Sequence[str], meaning: Meaning, languages: frozenset[str]) -> None:
        for pattern in patterns:
            for phrase in expand(pattern):
                for spelling in {phrase, phrase.replace("'", "")}:
                    keys = tuple(key for word in spelling.split() for key in _keys(word))
                    self._add(keys, meaning, languages)
                    if meaning.sense in _STUCK_TO_NUMBERS:
                        self._add(("~" + keys[0], *keys[1:]), meaning, languages)

    def _add(self, keys: tuple[str, ...], meaning: Meaning, languages: frozenset[str]) -> None:
        node = self._root
        for key in keys:
            node = node.next.setdefault(key, _Node())
        self._vocabulary.update(keys)
        if meaning.sense in (Sense.NUMBER, Sense.NUMBER_LABEL):
            self.number_openers.add(keys[0])
        known = node.entry or Entry((), frozenset())
        meanings = known.meanings if meaning in known.meanings else (*known.meanings, meaning)
        node.entry = Entry(meanings, known.languages | languages)

    def _add_unaccented(self) -> None:
        """ "payé" is also found as "paye", where no other phrase says "paye" in its own right."""
        for keys, entry in list(self.phrases()):
            plain = tuple(key.rstrip("´") for key in keys)
            if plain != keys and not self._has(plain):
                for meaning in entry.meanings:
                    self._add(plain, meaning, entry.languages)

    def _has(self, keys: tuple[str, ...]) -> bool:
        node: _Node | None = self._root
        for key in keys:
            node = node.next.get(key) if node else None
        return node is not None and node.entry is not None


def _phrases(node: _Node, keys: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Entry]]:
    if node.entry:
        yield keys, node.entry
    for key, below in node.next.items():
        yield from _phrases(below, (*keys, key))


@cache
def _keys(word: str) -> tuple[str, ...]:
    return tuple(token.key for token in tokenise(word))


def _bridges(tokens: Sequence[Token], at: int, stop: int) -> bool:
    """A hyphen or dot inside a phrase: "donne-moi", "s.v.p"."""
    return (
        tokens[at].text in ("-", "‐", "‑", ".")
        and not tokens[at].spaced
        and at + 1 < stop
        and not tokens[at + 1].spaced
    )


def expand(pattern: str) -> list[str]:
    """Every phrase a pattern stands for.

    >>> expand("je (prends|veux)( bien|)")
    ['je prends bien', 'je prends', 'je veux bien', 'je veux']
    """
    match = _ALTERNATIVES.search(pattern)
    if not match:
        return [" ".join(pattern.split())]
    before, after = pattern[: match.start()], pattern[match.end() :]
    return [phrase for choice in match.group(1).split("|") for phrase in expand(before + choice + after)]


def _numbers(table: dict[str, Any]) -> Iterator[tuple[int, list[str]]]:
    """The numbers of a language: those listed, and those made of tens and units where ``joined`` says how."""
    listed = {int(value): words for value, words in table.items() if value.isdigit()}
    yield from listed.items()
    joints = table.get("joined", {})
    for tens, joint in joints.items():
        base = int(tens)
        for unit in range(1, int(joint["upto"]) + 1):
            if base + unit not in listed:
                words = [f"{ten} {unit_word}" for ten in listed[base] for unit_word in listed[unit]]
                if unit in (1, 11):
                    words += [f"{ten} {joint['one']} {unit_word}" for ten in listed[base] for unit_word in listed[unit]]
                yield base + unit, words


@cache
def lexicon() -> Lexicon:
    """The lexicon of this installation, read once."""
    folder = files("griot").joinpath("prompts", "lexicon")
    sources = sorted(
        (source for source in folder.iterdir() if source.name.endswith(".toml")), key=lambda item: item.name
    )
    return Lexicon([tomllib.loads(source.read_text(encoding="utf-8")) for source in sources])
