"""Variants by the words buyers use for them: "M", "taille m", "en bleue", "pointure 38"."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from griot.agent.reading.codes import Options
from griot.agent.reading.lexicon import lexicon
from griot.agent.reading.tokens import Token, fold, tokenise

Value = tuple[str, str]  # (axis, value): ("taille", "M")
_ENDINGS = ("", "e", "s", "es")


class Spoken(NamedTuple):
    """An option named in a message: which value of each code it may be. No value: two of them go by that name."""

    values: Mapping[str, Value | None]


class Forms:
    """The words for the options of the products a message is about. ``axes``: the words for the axes themselves."""

    def __init__(self, variants: Mapping[str, Sequence[Options]]) -> None:
        self._words: dict[tuple[str, ...], dict[str, Value | None]] = {}
        self.axes: set[str] = set()
        self._longest = 0
        for code, options in variants.items():
            for value in _values(options):
                self.axes.add(fold(value[0]))
                for words in _forms(value[1]):
                    self._file(words, code, value)

    def find(self, tokens: Sequence[Token], start: int, stop: int) -> tuple[Spoken, int] | None:
        """The longest option that begins at ``start``, and where it ends."""
        for length in range(min(self._longest, stop - start), 0, -1):
            span = tokens[start : start + length]
            values = self._words.get(tuple(token.text for token in span))
            if values and not any(token.elided for token in span):
                return Spoken(values), start + length
        return None

    def _file(self, words: tuple[str, ...], code: str, value: Value) -> None:
        known = self._words.setdefault(words, {})
        known[code] = value if known.get(code, value) == value else None
        self._longest = max(self._longest, len(words))


def _values(variants: Iterable[Options]) -> list[Value]:
    return list(dict.fromkeys((axis, str(value)) for options in variants for axis, value in options.items()))


@lru_cache(maxsize=4096)
def _forms(value: str) -> frozenset[tuple[str, ...]]:
    """The value as written, in its feminine and plural, and by its synonyms in the other languages."""
    words = tuple(token.text for token in tokenise(value) if token.kind in ("word", "number"))
    if not words:
        return frozenset()
    if not all(word.isalpha() and len(word) > 2 for word in words):
        return frozenset([words, *((word,) for word in _synonyms(words))])
    forms = {tuple(word + ending for word in words) for ending in _ENDINGS}
    return frozenset(forms | {(word + ending,) for word in _synonyms(words) for ending in _ENDINGS})


def _synonyms(words: tuple[str, ...]) -> tuple[str, ...]:
    return lexicon().synonyms.get(words[0], ()) if len(words) == 1 else ()


def settle(variants: Sequence[Options], said: Sequence[Value]) -> dict[str, str] | None:
    """The options meant by the values said: all of the one variant left, else those said; None without a variant."""
    wanted: dict[str, str] = {}
    for axis, value in said:
        if wanted.setdefault(axis, value) != value:
            return None
    if not wanted:
        return {}
    left = [options for options in variants if all(str(options.get(axis)) == value for axis, value in wanted.items())]
    if not left:
        return None
    return {axis: str(value) for axis, value in left[0].items()} if len(left) == 1 else wanted
