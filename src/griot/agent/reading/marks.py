"""A message as a row of marks: each stretch with the one thing it means here, nothing left out."""

import unicodedata
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Literal, NamedTuple

from griot.agent.reading.codes import CodeMatch, squash
from griot.agent.reading.lexicon import Entry, Sense, lexicon
from griot.agent.reading.options import Forms, Spoken
from griot.agent.reading.tokens import Token

Form = Literal["plain", "unit", "after", "before"]  # 2 or deux, 2 pièces, x2, 2x


class Quantity(NamedTuple):
    number: int
    form: Form


Value = str | int | CodeMatch | Spoken | Quantity | None


class Mark(NamedTuple):
    """The tokens from ``start`` to ``end`` and what they mean. ``entry``: the phrase of the lexicon, if it is one."""

    sense: Sense
    start: int
    end: int
    value: Value = None
    entry: Entry | None = None

    @property
    def code(self) -> CodeMatch | None:
        return self.value if isinstance(self.value, CodeMatch) else None

    @property
    def quantity(self) -> Quantity | None:
        return self.value if isinstance(self.value, Quantity) else None

    @property
    def option(self) -> Spoken | None:
        return self.value if isinstance(self.value, Spoken) else None


Place = Literal["none", "before", "after"]  # of a phrase, in relation to the codes of the message

_SEPARATORS = {
    **dict.fromkeys(",;、،", ","),
    **dict.fromkeys(".!…•·¡-‐‑–—", "."),
    **dict.fromkeys("/+&|", "+"),
}
_DECORATION = frozenset("()[]{}\"«»“”„*_#°':=")
_QUESTION_MARKS = frozenset("?؟¿")

# Where a word has several senses, beside a code the one that keeps from holding wins.
_CAUTIOUS = (
    Sense.QUESTION,
    Sense.NEGATION,
    Sense.NO,
    Sense.CLAIM,
    Sense.UNCLEAR,
    Sense.OR,
    Sense.CORRECTION,
    Sense.ASK,
    Sense.CANCEL,
    Sense.LINK,
)

_DECORATIVE_CATEGORIES = {"So", "Sk", "Pi", "Pf", "Po"}
_SHORTEST_TAIL = 3  # letters of a word that may be stuck to a code: "robe1svp"


def mark(tokens: Sequence[Token], codes: Sequence[CodeMatch], forms: Forms) -> list[Mark]:
    """The marks of a message, in order, before its numbers are weighed (see ``numbers``)."""
    marks: list[Mark] = []
    begins = {match.start: match for match in codes}
    stops = [match.start for match in codes] + [len(tokens)]
    tokens = _unstuck(tokens, codes)
    at = 0
    while at < len(tokens):
        match = begins.get(at)
        if match:
            if marks and _names_kind(tokens[marks[-1].start], marks[-1], match):
                marks[-1] = marks[-1]._replace(sense=Sense.FILLER)
            marks += _code_marks(match)
        else:
            stop = next(stop for stop in stops if stop > at)
            place: Place = "none" if not codes else "before" if at < codes[0].start else "after"
            marks.append(_mark(tokens, at, stop, forms, place))
        at = marks[-1].end
    return _starred(_courteous(marks), tokens)


def _unstuck(tokens: Sequence[Token], codes: Sequence[CodeMatch]) -> list[Token]:
    """Lets the lexicon know the words that are stuck to the end of a code."""
    unstuck = list(tokens)
    for match in codes:
        if match.end < len(tokens) and tokens[match.end].glued and len(tokens[match.end].text) >= _SHORTEST_TAIL:
            unstuck[match.end] = tokens[match.end]._replace(key=tokens[match.end].text)
    return unstuck


def _names_kind(token: Token, mark: Mark, match: CodeMatch) -> bool:
    """ "la robe ROBE1": the word of the code said once more."""
    kind = squash(match.codes[0]).rstrip("0123456789")
    return mark.sense is Sense.UNKNOWN and mark.end == match.start and token.text in (kind, kind + "s", kind + "x")


def _courteous(marks: list[Mark]) -> list[Mark]:
    """ "ça va ?" keeps its question mark to itself, as long as no product was named before it."""
    for at, item in enumerate(marks):
        if item.sense is Sense.CODE:
            break
        if item.sense is Sense.QUESTION_MARK and at and marks[at - 1].sense in (Sense.WELLBEING, Sense.FILLER):
            asker = next((mark for mark in reversed(marks[:at]) if mark.sense is not Sense.FILLER), None)
            if asker and asker.sense is Sense.WELLBEING:
                marks[at] = item._replace(sense=Sense.FILLER)
    return marks


def _starred(marks: list[Mark], tokens: Sequence[Token]) -> list[Mark]:
    """A lone star before or after a line corrects the one before it: "ROBE1", then "*ROBE2".

    Before the first line it is like a "pardon": it may correct what was sent earlier.
    """
    ends = [-1] + [at for at, item in enumerate(marks) if item.value == "\n"] + [len(marks)]
    for before, after in pairwise(ends):
        stars = [at for at in range(before + 1, after) if tokens[marks[at].start].text == "*"]
        if len(stars) == 1 and stars[0] in (before + 1, after - 1) and after - before > 2:
            times = stars[0] == before + 1 and marks[stars[0] + 1].sense is Sense.NUMBER
            if not times and before >= 0:
                marks[stars[0]] = marks[stars[0]]._replace(sense=Sense.CORRECTION)
            elif not times and stars[0] == 0:
                marks[0] = marks[0]._replace(sense=Sense.PLEA)
    return marks


def _code_marks(match: CodeMatch) -> list[Mark]:
    code = Mark(Sense.CODE, match.start, match.end, match)
    return [Mark(Sense.TIMES, match.start, match.start), code] if match.after_times else [code]


def _mark(tokens: Sequence[Token], at: int, stop: int, forms: Forms, place: Place) -> Mark:
    token = tokens[at]
    if token.kind == "break":
        return Mark(Sense.SEPARATOR, at, at + 1, "\n")
    option = forms.find(tokens, at, stop)
    found = lexicon().find(tokens, at, stop)
    lone_number = token.kind == "number" and option is not None and option[1] == at + 1
    if option and not lone_number and option[1] >= (found.end if found else 0):
        small_word = found is not None and len(token.text) == 1 and place == "before" and token.raw.islower()
        return Mark(Sense.UNCLEAR if small_word else Sense.OPTION, at, option[1], option[0])
    if found:
        counts = found.end < stop and tokens[found.end].kind == "number"
        meaning = _meaning(found.entry, place, counts)
        return Mark(meaning[0], at, found.end, meaning[1], found.entry)
    if token.kind == "number":
        return Mark(Sense.NUMBER, at, at + 1, int(token.text) if len(token.text) < 10 else -1)
    if token.kind == "word":
        return Mark(Sense.AXIS if token.text in forms.axes else Sense.UNKNOWN, at, at + 1)
    return _sign(token, at)


def _meaning(entry: Entry, place: Place, counts: bool) -> tuple[Sense, str | int | None]:
    """The sense of a phrase here. A number keeps being one: its surroundings are weighed later.

    ``counts``: a number follows, and "no" may be "numéro".
    """
    meanings = entry.meanings
    if entry.has(Sense.NUMBER):
        return Sense.NUMBER, entry.value(Sense.NUMBER)
    if len(meanings) > 1:
        cautious = [meaning for meaning in meanings if meaning.sense in _CAUTIOUS]
        bold = [meaning for meaning in meanings if meaning.sense not in _CAUTIOUS]
        if place == "none" and not counts:
            bold = [meaning for meaning in bold if meaning.sense is not Sense.NUMBER_LABEL]
        ordering = place == "before" and entry.has(Sense.TAKE)  # "commande ROBE1", but not "ROBE1 commande(e)"
        meanings = tuple(bold + cautious if place == "none" or ordering else cautious + bold)
    return meanings[0].sense, meanings[0].value


def _sign(token: Token, at: int) -> Mark:
    if token.text in _QUESTION_MARKS:
        return Mark(Sense.QUESTION_MARK, at, at + 1)
    if token.text in _SEPARATORS:
        return Mark(Sense.SEPARATOR, at, at + 1, _SEPARATORS[token.text])
    decoration = token.text in _DECORATION or (
        not token.text.isascii() and unicodedata.category(token.text) in _DECORATIVE_CATEGORIES
    )
    return Mark(Sense.FILLER if decoration else Sense.UNKNOWN, at, at + 1)


def unglue(marks: Sequence[Mark], tokens: Sequence[Token]) -> list[Mark]:
    """Letters and digits in one piece are understood whole or not at all: "robe1x2" is, "robe1b" and "xyz9" are not."""
    piece = list(accumulate(not token.glued for token in tokens))  # the number of the piece each token belongs to
    broken = {
        piece[right.start]
        for left, right in pairwise(marks)
        if right.start < right.end and _breaks(left, right, tokens)
    }
    whole: list[Mark] = []
    last_piece = -1  # of the unknown mark made last, when it is the last of all
    for item in marks:
        pieces = piece[item.start : item.end]
        if not broken.intersection(pieces):
            whole.append(item)
            last_piece = -1
        elif pieces[0] == last_piece:
            whole[-1] = whole[-1]._replace(end=item.end)
            last_piece = pieces[-1]
        else:
            whole.append(Mark(Sense.UNKNOWN, item.start, item.end))
            last_piece = pieces[-1]
    return whole


def _breaks(left: Mark, right: Mark, tokens: Sequence[Token]) -> bool:
    if not tokens[right.start].glued:
        return False
    if right.sense is Sense.CODE:
        return left.sense is not Sense.QUANTITY
    if left.sense is not Sense.CODE:
        return True
    plural = right.sense is Sense.OPTION and tokens[right.start].raw == "s"
    return plural or right.sense is Sense.UNKNOWN or (right.quantity is not None and right.quantity.form != "after")
