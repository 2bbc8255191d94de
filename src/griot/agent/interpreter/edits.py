"""Verbs that change what there is: what a message takes out, keeps, sets and adds, and of which stretch it says so."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from griot.agent.interpreter.pieces import Phrases, Piece, phrases_of, pieces, word_list

Fate = Literal["remove", "keep", "set"]

_SENTENCE = frozenset(".;!?…")
_STOPS = frozenset(',:()"«»')
_VERBS = ("remove", "keep", "let", "set", "more", "except")
_ROUND = {"remove": "keep", "keep": "remove", "let": "keep"}
_ME = frozenset({"moi", "nous", "me", "us", "lui"})  # "laissez-moi deux savons"
_ARTICLES = frozenset({"de", "d", "le", "la", "les", "l", "du", "des", "the", "any", "ny", "lé", "ilay", "une", "un"})
_JOINTS = frozenset(word_list("edits")["joints"])


class Part(NamedTuple):
    """A stretch of a message (offsets) that says one thing. ``verb``: its kind and where it ends.

    ``opens``: it begins a sentence, so that nothing said before carries over to it.
    """

    start: int
    end: int
    verb: tuple[str, int] | None
    opens: bool


def says(kind: str, text: str) -> bool:
    """Does one of the phrases of this list of ``prompts/words/edits.toml`` stand in the text?"""
    return _phrases(kind).stand_in(text)


def spans_of(kind: str, text: str) -> list[tuple[int, int]]:
    """The offsets at which phrases of this list stand."""
    found = pieces(text)
    return [(found[at].start, found[end - 1].end) for _, at, end in _phrases(kind).all_in(found)]


def ends_with(kind: str, text: str) -> bool:
    """Is a phrase of this list the last thing before the end, signs aside?"""
    found = [piece for piece in pieces(text) if piece.kind != "sign"]
    return any(end == len(found) for _, _, end in _phrases(kind).all_in(found))


def turned_down(before: str) -> bool:
    """Does what stands before a name turn it down: "pas de", "not the", "fa tsy ny"?"""
    words = before.rstrip(" '’").rsplit(maxsplit=1)
    return ends_with("deny", words[0] if len(words) > 1 and words[-1].casefold() in _ARTICLES else before)


def parts_of(text: str) -> list[Part]:
    """The message cut at its signs, its "and"s and "but"s, and before every further verb of a part."""
    found = pieces(text)
    parts: list[Part] = []
    start, place = 0, 0
    verb: tuple[str, int] | None = None
    opens = True
    while place < len(found):
        if others := _phrases("rest").at(found, place):  # "le reste" is no verb
            place = others[1]
            continue
        piece = found[place]
        said = _verb(found, place)
        stop = None if said else _stop(text, found, place)
        if ((said and verb) or stop) and piece.start > start:
            parts.append(Part(start, piece.start, verb, opens))
            start, verb, opens = piece.start, None, stop == "sentence"
        if said:
            verb = said[0], found[said[1] - 1].end
        place = said[1] if said else place + 1
    return [*parts, Part(start, len(text), verb, opens)]


def _verb(found: Sequence[Piece], place: int) -> tuple[str, int] | None:
    """The kind of verb that begins here, and where it ends; the longest phrase of any kind."""
    hits = [(hit[1], kind) for kind in _VERBS if (hit := _phrases(kind).at(found, place))]
    if not hits:
        return None
    end, kind = max(hits)
    if kind == "let" and end < len(found) and found[end].text in _ME:
        return "set", end
    turned = _phrases("not_before").before(found, place) or _phrases("not_behind").at(found, end)
    return (_ROUND.get(kind, kind) if turned else kind), end


def _stop(text: str, found: Sequence[Piece], place: int) -> Literal["part", "sentence"] | None:
    """What ends before this piece, if anything."""
    piece = found[place]
    if place and "\n" in text[found[place - 1].end : piece.start]:
        return "sentence"
    if piece.kind != "sign":
        return "part" if piece.text in _JOINTS else None
    amid = piece.glued and place + 1 < len(found) and found[place + 1].is_number and found[place + 1].glued
    if amid:
        return None  # "1,5"
    return "sentence" if piece.text in _SENTENCE else "part" if piece.text in _STOPS else None


def fates(text: str, spans: Sequence[tuple[int, int]]) -> list[Fate | None]:
    """What becomes of each stretch that names something: taken out, kept, set or added; none when nothing is said.

    The verb of its part decides, before it or after it ("les mules, garde-les"); without one, that of the part before
    in the same sentence ("enlève le sac et les savons"). "Laisse" takes out, unless something else is taken out.
    """
    parts = parts_of(text)
    kinds = {part.verb[0] for part in parts if part.verb}
    return [_fate(_verb_of(text, parts, start), kinds) for start, _ in spans]


def _verb_of(text: str, parts: Sequence[Part], at: int) -> str | None:
    kind = None
    for part in parts:
        if part.start > at:
            break
        if part.verb:
            kind = part.verb[0]
        elif at < part.end and (told := _told(text[part.start : part.end])):
            kind = told
        elif part.opens:
            kind = None
    return kind


def _told(part: str) -> str | None:
    """What a part without a verb says of what it names: "la robe oui, le sac non", "ny éclair ihany"."""
    words = [piece.text for piece in pieces(part) if piece.kind == "word"]
    if words and words[-1] in word_list("edits")["no_behind"]:
        return "remove"
    return "keep" if says("only", part) or (words and words[-1] in word_list("edits")["yes_behind"]) else None


def _fate(kind: str | None, kinds: set[str]) -> Fate | None:
    if kind in ("let", "except"):
        return "keep" if kinds & ({"remove"} if kind == "let" else {"remove", "let"}) else "remove"
    if kind in ("set", "more"):
        return "set"
    return "remove" if kind == "remove" else "keep" if kind == "keep" else None


def _phrases(kind: str) -> Phrases[bool]:
    return phrases_of("edits", kind)
