"""What a shop's buyers are likely to name, found in a transcript by how it sounds."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from string import ascii_lowercase
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from griot.speech.hearing.numbers import Piece, numbers, pieces, words_of
from griot.speech.hearing.sounds import key
from griot.speech.models import Vocabulary

ALIKE = 0.76  # share of a name's sounds that must be heard in their order for it to be taken as said
SURE = 0.87  # and for it to need no reading back
APART = 0.08  # by which it must be nearer than any other name
ECHO = 0.5  # share of a name's sounds that must be heard by who does not know it, or it came from the prompt
SHORT = 4  # sounds: what is shorter is said by chance too often

_NAMES_OF_LETTERS = {
    "fr": "a bé cé dé é effe gé hache i ji ka elle emme enne o pé cu erre esse té u vé doublevé ixe igrec zède",
    "en": "a bee see dee e eff jee aitch i jay kay el em en o pee cue ar ess tee u vee doubleu ex why zee",
}
_LETTERS = {
    language: dict(zip(ascii_lowercase, spoken.split(), strict=True)) for language, spoken in _NAMES_OF_LETTERS.items()
}
_CODE = re.compile(r"([^\W\d_]+)[-_ .]?(\d+)")
_DETAILS = re.compile(r"\s*(?:,\s|\(|\s[-–—]\s)")  # of a name: "Lait concentré sucré, boîte de 397 g"
_PAUSE = re.compile(r"[,.;:!?]\s")
_STOPS = words_of("de du des d a au aux en sans avec pour the of for with")
_LABELS = words_of("numero no number num n")


class Mention(NamedTuple):
    """A name or code in a transcript, from its first to its last word; ``alike`` is 1 when it sounds the same."""

    first: int
    last: int
    written: str
    alike: float
    is_code: bool


class _Form(NamedTuple):
    written: str
    key: str
    words: int
    stem: str = ""  # the letters of a code


class Goods:
    """The names and codes of a vocabulary, ready to be found in transcripts of one language."""

    def __init__(self, vocabulary: Vocabulary, language: str) -> None:
        self.vocabulary = vocabulary
        self._language = language
        self._names = [form for name in vocabulary.names for form in _forms(name, language)]
        self._words = {piece.key.rstrip("sx") for name in vocabulary.names for piece in pieces(name)}
        self._codes: dict[int, list[_Form]] = {}
        for code in vocabulary.codes:
            stem, number = _parts(code)
            if stem:
                letters = " ".join(_LETTERS.get(language, _LETTERS["fr"]).get(letter, letter) for letter in stem)
                found = self._codes.setdefault(number, [])
                found.append(_Form(code, key(stem, language), 1, stem))
                found.append(_Form(code, key(letters, language), len(stem), stem))

    def find(self, text: str) -> list[Mention]:
        """The names and codes of a transcript from left to right, none overlapping."""
        words = pieces(text)
        found = [*self._find_codes(text, words), *self._find_names(text, words)]
        chosen: list[Mention] = []
        for mention in sorted(found, key=lambda one: (-one.alike, one.first - one.last)):
            if all(mention.last < other.first or other.last < mention.first for other in chosen):
                chosen.append(mention)
        return sorted(chosen)

    def has_word(self, word: str) -> bool:
        """Is this a word of a name, in the singular or plural?"""
        return word.rstrip("sx") in self._words

    def siblings(self, code: str) -> frozenset[int]:
        """The numbers of the other codes with the letters of this one."""
        stem, own = _parts(code)
        return frozenset(
            number
            for number, forms in self._codes.items()
            if number != own and any(form.stem == stem for form in forms)
        )

    def echo(self, text: str, written: str) -> float:
        """How much of a name or code sounds anywhere in a text, 0 to 1."""
        forms = [form for codes in self._codes.values() for form in codes if form.written == written]
        forms += [form for form in self._names if form.written == written]
        words = pieces(text)
        nearest = 0.0
        for form in forms:
            for start in range(len(words)):
                for end in range(start, min(len(words), start + form.words + 1)):
                    sounded = key(text[words[start].start : words[end].end], self._language)
                    nearest = max(nearest, float(Levenshtein.normalized_similarity(sounded, form.key)))
        return nearest

    def _find_codes(self, text: str, words: Sequence[Piece]) -> Iterator[Mention]:
        """A number of a code with the code's letters before it, as a word or one by one."""
        for number in numbers(list(words), self._language):
            end = number.first
            if end and words[end - 1].key in _LABELS:
                end -= 1
            forms = self._codes.get(number.value, [])
            best: dict[str, Mention] = {}
            for form in forms:
                for start in range(max(0, end - form.words - 1), end):
                    spoken = text[words[start].start : words[end - 1].end]
                    if _PAUSE.search(text, words[start].start, words[number.first].start):
                        continue
                    spelled = "".join(word.key for word in words[start:end]) == form.stem
                    alike = 1.0 if spelled else _alike(key(spoken, self._language), form.key)
                    if alike >= max(ALIKE, best[form.written].alike if form.written in best else 0):
                        best[form.written] = Mention(start, number.last, form.written, alike, True)
            yield from _clear(list(best.values()))

    def _find_names(self, text: str, words: Sequence[Piece]) -> Iterator[Mention]:
        counted = {at for number in numbers(list(words), self._language) for at in range(number.first, number.last + 1)}
        for start in range(len(words)):
            if start in counted:
                continue
            best: dict[str, Mention] = {}
            for form in self._names:
                for end in range(max(start, start + form.words - 2), min(len(words), start + form.words + 1)):
                    alike = _alike(key(text[words[start].start : words[end].end], self._language), form.key)
                    if alike >= ALIKE and (form.written not in best or alike > best[form.written].alike):
                        best[form.written] = Mention(start, end, form.written, alike, False)
            yield from _clear(list(best.values()))


def plural(name: str, language: str) -> str:
    """A name in the plural: its words before the first preposition in French, the last of these in English.

    Marks, which have capitals or digits, stay as they are.
    """
    if any(char.isdigit() for char in name):
        return name
    words = name.split()
    if language == "en":
        head = next((at for at, word in enumerate(words) if word.lower() in _STOPS), len(words)) - 1
        return " ".join([*words[:head], _more(words[head], language), *words[head + 1 :]]) if head >= 0 else name
    for at, word in enumerate(words):
        if word.lower() in _STOPS or word.lower().startswith(("d'", "d’", "à")):
            break
        if at == 0 or word.islower():
            words[at] = _more(word, language)
    return " ".join(words)


def lower(name: str) -> str:
    """A name as it stands within a sentence: no capital at its start, unless it is a mark with figures in it."""
    first = name.split()[0] if name.split() else ""
    if not first[1:].islower() or any(char.isdigit() for char in name):
        return name
    return name[0].lower() + name[1:]


def _more(word: str, language: str) -> str:
    if not word.isalpha() or word[-1].lower() in "sxz" or (word.isupper() and len(word) > 1):
        return word
    if language == "fr" and word.endswith(("eau", "eu")):
        return word + "x"
    return word + "s"


def _parts(code: str) -> tuple[str, int]:
    """The letters and the number of a code; no letters when it is made otherwise."""
    match = _CODE.fullmatch(code)
    return (match[1].lower(), int(match[2])) if match else ("", 0)


@lru_cache(maxsize=20_000)
def _forms(name: str, language: str) -> tuple[_Form, ...]:
    """How a name may be said: whole or without its details. In English the plural is heard."""
    said = (name, _DETAILS.split(name)[0])
    written = [form for one in said for form in ((one, plural(one, language)) if language == "en" else (one,))]
    forms = (_Form(one, key(one, language), len(pieces(one))) for one in dict.fromkeys(written))
    return tuple(form for form in forms if len(form.key) >= SHORT)


def _alike(heard: str, said: str) -> float:
    return float(Levenshtein.normalized_similarity(heard, said, score_cutoff=ALIKE))


def _clear(mentions: Sequence[Mention]) -> Iterator[Mention]:
    """The nearest of several names, when it is nearer than any other."""
    ranked = sorted(mentions, key=lambda one: -one.alike)
    if ranked and (len(ranked) == 1 or ranked[0].alike - ranked[1].alike >= APART or ranked[0].alike == 1.0):
        yield ranked[0]
