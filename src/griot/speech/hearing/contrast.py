"""Numbers that sound alike: what else may have been said, to be compared with the sound itself.

"vingt" comes out as "un" in every transcript alike. That all transcripts agree says little; how much likelier the sound
is with one number than with the other says much.
"""

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from griot.speech.hearing.goods import Goods
from griot.speech.hearing.numbers import Number, Piece, in_words, numbers, pieces

# The first of each group is heard as each of the others, and the other way round.
_ALIKE = {
    "fr": (
        "1 20",
        "2 10 12",
        "3 13",
        "4 14 24",
        "5 15 50",
        "6 10 16 60",
        "7 17",
        "8 18",
        "9 19",
        "11 12",
        "13 16 30",
        "14 40",
        "17 18",
        "20 80",
        "30 40",
        "40 50",
        "60 70",
        "80 90",
    ),
    "en": (
        "2 10",
        "3 13 30",
        "4 14 40",
        "5 9 15 50",
        "6 16 60",
        "7 11 17 70",
        "8 18 80",
        "9 19 90",
        "13 30",
        "14 40",
        "15 50",
        "16 60",
        "17 70",
        "18 80",
        "19 90",
        "50 60",
    ),
}
_IN_WORDS = 7  # smaller numbers are written in words only, larger ones in either way

# Nats by which the sound must be likelier with a number than with its rival. 66 synthetic notes: right numbers had 2 to
# 15, wrong ones under 5 but where the end of a larger one was heard; "un" against "vingt" 18 and more, "vingt" under 3.
CLEAR = 5.0
CLEAR_ONE = 10.0


class Slot(NamedTuple):
    """A number of a transcript, its first word, and the transcripts that it is to be compared with.

    ``margin``: nats by which it has to be likelier than each of them.
    """

    first: int
    rivals: tuple[str, ...]
    margin: float


def slots(text: str, others: Iterable[str], goods: Goods, language: str) -> list[Slot]:
    """The numbers of a transcript that may have been said otherwise.

    ``others``: further transcripts of the same sound; a number in one of them is a rival, too. A number that belongs to
    a code competes only with the numbers of other codes.
    """
    words = pieces(text)
    own = numbers(words, language)
    seen = {number.value for other in others for number in numbers(pieces(other), language)}
    seen -= {number.value for number in own}
    mentions = goods.find(text)
    found = []
    for number in own:
        mention = next((one for one in mentions if one.first <= number.first <= one.last), None)
        alike = _alike(language).get(number.value, frozenset())
        if mention and mention.is_code:
            values = alike & goods.siblings(mention.written)
        elif mention:
            continue
        else:
            values = (alike | seen) - {number.value}
        rivals = tuple(form for value in sorted(values) for form in _with(value, text, words, number, language))
        if rivals:
            found.append(Slot(number.first, rivals, CLEAR_ONE if number.value == 1 else CLEAR))
    return found


def _with(value: int, text: str, words: list[Piece], number: Number, language: str) -> Iterable[str]:
    """The transcript with another number, as a word and, where the model may write it so, in figures."""
    start, end = words[number.first].start, words[number.last].end
    yield text[:start] + in_words(value, language) + text[end:]
    if value >= _IN_WORDS:
        yield text[:start] + str(value) + text[end:]


@cache
def _alike(language: str) -> dict[int, frozenset[int]]:
    """Number -> numbers that sound like it."""
    found: dict[int, set[int]] = {}
    for group in _ALIKE.get(language, ()):
        first, *others = map(int, group.split())
        for other in others:
            found.setdefault(first, set()).add(other)
            found.setdefault(other, set()).add(first)
    return {value: frozenset(others) for value, others in found.items()}
