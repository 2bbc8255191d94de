"""Numbers in a text, in figures and in words, with their offsets: "15 000", "12,50", "quinze mille", "roa arivo"."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache, lru_cache
from typing import NamedTuple

from griot.agent.interpreter.pieces import Phrases, Piece, word_list
from griot.agent.reading.lexicon import Sense, lexicon

_ARTICLES = frozenset({"un", "une", "one", "a", "an"})
_NUMBER_WORD = re.compile(r"[~´]")


class Figure(NamedTuple):
    """A number: ``first`` and ``last`` are the places of its pieces, ``last`` not included.

    ``said``: in words. ``article``: "un" or "one", which may be no number at all. ``collective``: "douzaine".
    ``multiplied``: ends in "mille", "k" or the like.
    """

    value: Decimal
    first: int
    last: int
    said: bool = False
    article: bool = False
    collective: bool = False
    multiplied: bool = False


def figures_in(found: Sequence[Piece]) -> Sequence[Figure]:
    """Every number, in order; none overlap."""
    return _known(tuple(found))


@lru_cache(maxsize=2048)
def _known(found: tuple[Piece, ...]) -> Sequence[Figure]:
    """Kept: many rules ask for the numbers of one message."""
    return tuple(_figures(found))


def _figures(found: Sequence[Piece]) -> Iterator[Figure]:
    place = 0
    while place < len(found):
        figure = _figure(found, place)
        if figure:
            yield figure
            place = figure.last
        else:
            place += 1


def _figure(found: Sequence[Piece], place: int) -> Figure | None:
    collective = _collectives().at(found, place)
    if collective:
        return Figure(Decimal(collective[0]), place, collective[1], said=True, collective=True)
    figure = _in_figures(found, place) if found[place].is_number else _in_words(found, place)
    if figure is None:
        return None
    collective = _collectives().at(found, figure.last)
    if collective and collective[0] != 6:
        return figure._replace(value=figure.value * collective[0], last=collective[1], article=False, collective=True)
    multiplier = None if figure.article else _multipliers().at(found, figure.last)
    if multiplier and figure.value < 1000 and not (figure.said and figure.value >= multiplier[0]):
        return figure._replace(value=figure.value * multiplier[0], last=multiplier[1], multiplied=True)
    return figure


def _in_figures(found: Sequence[Piece], place: int) -> Figure:
    """ "15 000", "15.000", "12,50": groups of three belong together, a comma or dot before one or two is decimal."""
    text, last = found[place].text, place + 1
    if len(text) <= 3:
        while (end := _group(found, last, len(text))) is not None:
            text += found[end - 1].text
            last = end
    if last == place + 1 and _decimal(found, last):
        return Figure(Decimal(f"{text}.{found[last + 1].text}"), place, last + 2)
    return Figure(Decimal(text), place, last)


def _group(found: Sequence[Piece], at: int, digits: int) -> int | None:
    """Where a further group of three figures ends that begins at ``at``, its sign or space included."""
    if not digits or at >= len(found):
        return None
    sign = found[at].kind == "sign" and found[at].text in ".," and found[at].glued
    number = at + 1 if sign else at
    if number >= len(found) or not found[number].is_number or len(found[number].text) != 3:
        return None
    apart = found[number].start - found[number - 1].end
    return number + 1 if (apart == 0 if sign else apart == 1) else None


def _decimal(found: Sequence[Piece], at: int) -> bool:
    if at + 1 >= len(found) or found[at].text not in (",", ".") or not found[at].glued:
        return False
    after = found[at + 1]
    return after.is_number and after.glued and len(after.text) <= 2


def _in_words(found: Sequence[Piece], place: int) -> Figure | None:
    """ "quinze", "vingt-deux", "deux cent cinquante", "trois mille cinq cents", "ñaar fukk", "telo ambin'ny folo"."""
    total = current = 0
    at, parts = place, 0
    while at < len(found):
        joined = _joined(found, at, current) if parts else None
        if joined:
            current, at, parts = current + joined[0], joined[1], parts + 1
            continue
        unit = _values().at(found, at)
        if unit and (parts == 0 or current % 100 == 0):
            current, at, parts = current + unit[0], unit[1], parts + 1
            continue
        times = _multipliers().at(found, at) if found[at].text != "k" else None
        if not times or (parts == 0 and times[0] not in (100, 1000)) or (parts == 0 and found[at].text == "mil"):
            break
        if times[0] < 1000:
            current = max(current, 1) * times[0]
        else:
            total, current = total + max(current, 1) * times[0], 0
        at, parts = times[1], parts + 1
    if not parts:
        return None
    article = parts == 1 and found[place].text in _ARTICLES and at == place + 1
    return Figure(Decimal(total + current), place, at, said=True, article=article, multiplied=total > 0)


def _joined(found: Sequence[Piece], at: int, current: int) -> tuple[int, int] | None:
    """What a word at ``at`` joins to a number, and where that ends: "ambin'ny folo", "ak ñaar"."""
    joint = _joints().at(found, at)
    if not joint:
        return None
    rest = _values().at(found, joint[1])
    if joint[0] == "smaller_first":
        rest = rest or _multipliers().at(found, joint[1])
        return rest if rest and current < 10 <= rest[0] else None
    larger = joint[0] == "larger_first" and _joints().at(found, at - 1)
    return rest if larger and larger[0] == "larger" and rest and rest[0] < 10 else None


@cache
def _values() -> Phrases[int]:
    listed = [(word, int(value)) for value, words in word_list("numbers")["values"].items() for word in words]
    known = [
        (" ".join(_NUMBER_WORD.sub("", key) for key in keys), value)
        for keys, entry in lexicon().phrases()
        if isinstance(value := entry.value(Sense.NUMBER), int) and not keys[0].startswith("~")
    ]
    return Phrases([(words, value) for words, value in (*known, *listed) if not words[:1].isdigit()])


@cache
def _multipliers() -> Phrases[int]:
    return Phrases((word, int(value)) for value, words in word_list("numbers")["multipliers"].items() for word in words)


@cache
def _joints() -> Phrases[str]:
    return Phrases((word, kind) for kind, words in word_list("numbers")["joints"].items() for word in words)


@cache
def _collectives() -> Phrases[int]:
    return Phrases((word, int(value)) for value, words in word_list("numbers")["collectives"].items() for word in words)
