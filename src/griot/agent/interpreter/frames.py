"""A message as its frame: the words that say what is wanted, with the goods, numbers and courtesies taken out.

"Bjr jvx 2 robes wax pr samdi svp" and "Bonsoir je veux 3 gâteaux pour mardi" have the same frame,
``je veux {number} {product} pour {day}``. What is learnt from one shop's messages so holds for another's.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from griot.agent.interpreter.pieces import word_list
from griot.agent.reading.lexicon import lexicon
from griot.agent.reading.tokens import clean, fold

Span = tuple[int, int]

PRODUCT, CODE, NUMBER, AMOUNT = "{product}", "{code}", "{number}", "{amount}"
DATE, DAY, COLOUR, SIZE = "{date}", "{day}", "{colour}", "{size}"  # the others are named by the groups of ``_PIECE``

_MONEY = r"(?:f\s?cfa|fcfa|cfa|francs?|frs?|f|€|euros?|eur|ariary|ar|mga|usd|\$|dollars?|balles|mille|k)"
_FIGURES = r"\d{1,3}(?:[ .\u00a0\u202f]\d{3})+|\d+(?:[.,]\d+)?"
_PIECE = re.compile(
    rf"""
    (?P<mask>\{{[a-z]+\}})
    | (?P<url>https?://\S+|www\.\S+)
    | (?P<place>\[location:[^\]]*\])
    | (?P<media>\[(?:image|audio|video|voice|document|file|sticker|contact)(?::[^\]]*)?\])
    | (?P<reference>\#?\b[a-z]{{2,4}}-\d{{4}}-[a-z0-9-]+|\#\d{{2,}})
    | (?P<percent>\d+\s?%)
    | (?P<phone>(?<!\w)(?:\+\d{{2,3}}|00\d{{2,3}})?[ .]?\d{{2,3}}(?:[ .-]?\d{{2,3}}){{3,4}}(?!\d))
    | (?P<time>\b\d{{1,2}}\s?(?:h(?:eures?)?\s?(?:\d{{2}})?|:\d{{2}}|\s?[ap]m)\b)
    | (?P<date>\b\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?\b)
    | (?P<amount>(?<!\w)(?:{_FIGURES})\s?{_MONEY}(?!\w))
    | (?P<code>\b(?!x\d)[a-z]{{2,}}[-_]?\d+[a-z]?\b)
    | (?P<joined>(?<!\w)\d+[^\W\d_]+\d*)
    | (?P<number>(?<!\w)(?:{_FIGURES}))
    | (?P<word>aujourd'hui|quelqu'un|d'accord
        | [^\W\d_]+(?:'(?=[^\W\d_])(?:(?<=\b[ldjmtscn]')|(?<=qu'))|(?:'[^\W\d_]+)*\d*))
    | (?P<sign>[?!])
    """,
    re.VERBOSE,
)
_MASK = re.compile(r"\{[a-z]+\}")
_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
_TELLING = 3  # words that must be left for courtesies to be left out
_LARGE = 1000  # a bare number from here on is an amount of money
_SIZES = ("xs", "s", "m", "l", "xl", "xxl", "xxxl")
_NOT_NUMBERS = frozenset({"un", "une", "one", "neuf", "iray", "ray", "benn", "both", "only", "just"})


class Words(NamedTuple):
    """The word lists of ``prompts/words`` that framing needs."""

    spellings: dict[str, tuple[str, ...]]
    courtesies: frozenset[str]
    phrases: dict[str, list[tuple[str, ...]]]  # by their first word, the longest first
    classes: dict[str, str]


def masked(text: str, spans: Sequence[Span], mask: str = PRODUCT) -> str:
    """The text with each stretch (offsets of ``text``; they may touch or overlap) replaced by a mask."""
    parts, at = [], 0
    for start, end in sorted(spans):
        if end <= at:
            continue
        if start >= at:
            parts += [text[at:start], " ", mask, " "]
        at = end
    return "".join([*parts, text[at:]])


def unmasked(text: str) -> str:
    """The text without its masks."""
    return _MASK.sub(" ", text)


def frame(text: str) -> list[str]:
    """The words of the frame, in order; those of the message when it is little more than courtesies."""
    found = words()
    tokens = [token for match in _PIECE.finditer(_lowered(text)) for token in _token(match, found)]
    return _without_courtesies(tokens, found) or tokens


def _lowered(text: str) -> str:
    return _REPEATED.sub(r"\1", fold(clean(text)))


def _token(match: re.Match[str], found: Words) -> Sequence[str]:
    kind, text = match.lastgroup or "", match.group()
    if kind in ("word", "code", "joined"):
        known = (found.classes[text],) if text in found.classes else found.spellings.get(text)
        return known or _unknown(kind, text)
    if kind in ("mask", "sign"):
        return (text,)
    if kind == "number":
        digits = re.sub(r"\D", "", text)
        return (AMOUNT,) if len(digits) > 3 and int(digits) >= _LARGE else (NUMBER,)
    return ("{" + kind + "}",)


def _unknown(kind: str, text: str) -> Sequence[str]:
    """A word as it is, a code for what it is, and figures apart from the letters stuck to them: "5kg", "2robes"."""
    if kind == "joined":
        return NUMBER, text.lstrip("0123456789")
    return (text,) if kind == "word" else (CODE,)


def _without_courtesies(tokens: list[str], found: Words) -> list[str]:
    kept: list[str] = []
    at = 0
    while at < len(tokens):
        begun = found.phrases.get(tokens[at], ())
        phrase = next((phrase for phrase in begun if tuple(tokens[at : at + len(phrase)]) == phrase), None)
        if phrase:
            at += len(phrase)
            continue
        if tokens[at] not in found.courtesies:
            kept.append(tokens[at])
        at += 1
    return kept if sum(word not in "?!" for word in kept) >= _TELLING else []


@cache
def words() -> Words:
    """The word lists, read once."""
    spellings = word_list("spellings")["words"]
    around = word_list("courtesy")["around"]
    phrases: dict[str, list[tuple[str, ...]]] = {}
    for phrase in sorted((tuple(_plain(phrase)) for phrase in around["phrases"]), key=len, reverse=True):
        phrases.setdefault(phrase[0], []).append(phrase)
    return Words(
        {fold(variant): tuple(_plain(word)) for word, variants in spellings.items() for variant in variants},
        frozenset(fold(word) for word in around["words"]),
        phrases,
        _classes(word_list("days"), word_list("classes"), word_list("numbers")),
    )


def _plain(phrase: str) -> list[str]:
    return [match.group() for match in _PIECE.finditer(fold(phrase))]


def _classes(days: Mapping[str, Any], kinds: Mapping[str, Any], numbers: Mapping[str, Any]) -> dict[str, str]:
    """Words that matter only for what kind they are: numbers, sizes, colours, days."""
    classes = dict.fromkeys(_SIZES, SIZE) | {fold(word): COLOUR for word in kinds["colours"]}
    for keys, entry in lexicon().phrases():
        if len(keys) == 1 and any(meaning.sense == "number" for meaning in entry.meanings):
            classes[keys[0].strip("~´")] = NUMBER
    for said in numbers["values"].values():
        classes.update({fold(word): NUMBER for word in said if " " not in word and "-" not in word})
    for word in _NOT_NUMBERS:
        classes.pop(word, None)
    for names in days["weekdays"].values():
        classes.update({fold(name): DAY for name in names if " " not in name})
    for names in days["relative"].values():
        classes.update({fold(name): DAY for name in names if " " not in name})
    for names in days["months"].values():
        classes.update({fold(name): DATE for name in names if len(name) > 3})
    return classes
