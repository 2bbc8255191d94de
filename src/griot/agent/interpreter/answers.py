"""Picks from what was just offered, and assent: "la deuxième", "celui à 5000", "les deux", "eny", "the red one"."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from griot.agent.interpreter.amounts import amounts_in
from griot.agent.interpreter.pieces import Phrases, Piece, pieces, word_list, words_of
from griot.agent.reading.lexicon import Sense, lexicon
from griot.agent.reading.options import Forms, Value, settle
from griot.agent.reading.tokens import fold, tokenise
from griot.core.money import Money

_STRANGE = 2  # words beside a pick that may go unaccounted for
_SHORTEST = 3  # letters of a title's word that tells articles apart
_ASSENT = 4  # words beside a yes or no that may go unaccounted for
_PLACES = {"first": 0, "second": 1, "third": 2, "last": -1}


@dataclass(frozen=True, slots=True)
class Offer:
    """An article that was shown. ``options``: of each of its variants."""

    code: str
    title: str
    price: Money
    options: Sequence[Mapping[str, str]] = ()


@dataclass(frozen=True, slots=True)
class Pick:
    """What was picked, in the order offered. ``options``: those named with it, when one article was picked."""

    codes: tuple[str, ...]
    options: dict[str, str] = field(default_factory=dict)


def read_pick(text: str, offered: Sequence[Offer]) -> Pick | None:
    """Which of several articles a message points at; None when it points at none, at too many, or says much else."""
    if len(offered) < 2:
        return None
    found = pieces(text)
    kinds, pointed = _pointers(found)
    strange = [piece for place, piece in enumerate(found) if place not in pointed and _is_strange(piece)]
    options, spoken = _options(text, offered)
    strange = [piece for piece in strange if piece.text not in spoken]
    titled, named = _titled(found, offered)
    strange = [piece for piece in strange if piece.text not in named]
    if len(strange) > _STRANGE or _denies(text):
        return None
    if ("both" in kinds or "all" in kinds) and not options and not titled:
        whole = len(offered) == 2 or ("all" in kinds and len(offered) > 2)
        return Pick(tuple(offer.code for offer in offered)) if whole else None
    left = _pointed_at(text, kinds, offered, found)
    for narrowing in (titled, [offer for offer in offered if offer.code in options]):
        both = [offer for offer in left if offer in narrowing]
        left = both or (left if len(left) < len(offered) else narrowing) if narrowing else left
    picked = left[0] if len(left) == 1 else None
    return Pick((picked.code,), options.get(picked.code, {})) if picked else None


def pointers(text: str, offered: int) -> list[tuple[int, int]]:
    """Where "les deux" or "all three" stands, when so many were offered: it points at them and counts nothing."""
    found = pieces(text)
    whole = {"both": offered == 2, "all": offered > 2}
    return [(found[at].start, found[end - 1].end) for kind, at, end in _phrases().all_in(found) if whole.get(kind)]


def strange_words(text: str, known: Sequence[tuple[int, int]]) -> int:
    """How many words say something else than a pick does. ``known``: stretches that are accounted for."""
    return sum(_is_strange(p) for p in pieces(text) if not any(start <= p.start < end for start, end in known))


def said_yes(text: str) -> bool:
    """An assent and nothing that takes it back."""
    senses, strange = _senses(text)
    takes_back = {Sense.NO, Sense.NEGATION, Sense.CORRECTION, Sense.CANCEL, Sense.OR}
    return Sense.YES in senses and not senses & takes_back and strange <= _ASSENT


def said_no(text: str) -> bool:
    """A refusal, and nothing wanted instead."""
    senses, strange = _senses(text)
    refused = bool(senses & {Sense.NO, Sense.CANCEL}) or (Sense.NEGATION in senses and strange == 0)
    return refused and not senses & {Sense.YES, Sense.TAKE} and strange <= _ASSENT


def _senses(text: str) -> tuple[set[Sense], int]:
    """The senses of a message's phrases, and how many words are none."""
    tokens = tokenise(text)
    senses: set[Sense] = set()
    strange = place = 0
    while place < len(tokens):
        found = lexicon().find(tokens, place, len(tokens))
        if found:
            senses.update(meaning.sense for meaning in found.entry.meanings)
            place = found.end
        else:
            strange += tokens[place].kind == "word"
            place += 1
    return senses, strange


def _denies(text: str) -> bool:
    """ "Pas le rouge", "ni l'un ni l'autre", "quelque chose de moins cher": none of those is picked."""
    return bool(
        {"pas", "ni", "tsy", "not", "neither", "aucun", "aucune", "quelque", "truc", "something"}
        & {fold(word) for word in text.split()}
    )


def _pointers(found: Sequence[Piece]) -> tuple[set[str], set[int]]:
    """Which kinds of pointing words there are, and the places they cover."""
    kinds: set[str] = set()
    covered: set[int] = set()
    place = 0
    while place < len(found):
        hit = _phrases().at(found, place)
        if hit:
            kinds.add(hit[0])
            covered.update(range(place, hit[1]))
            place = hit[1]
        else:
            place += 1
    return kinds, covered


def _is_strange(piece: Piece) -> bool:
    return piece.kind == "word" and piece.text not in _around()


def _pointed_at(text: str, kinds: set[str], offered: Sequence[Offer], found: Sequence[Piece]) -> list[Offer]:
    """By price or by place in the list; all of them when neither is named."""
    prices = {int(amount.value) for amount in amounts_in(text)}
    if prices:
        return [offer for offer in offered if int(float(offer.price.decimal())) in prices]
    for kind, best in (("cheapest", min), ("dearest", max)):
        if kind in kinds:
            price = best(offer.price.minor for offer in offered)
            return [offer for offer in offered if offer.price.minor == price]
    if "other" in kinds and len(offered) == 2:
        return [offered[1]]
    place = _place(text, kinds, found)
    if place is not None and -len(offered) <= place < len(offered):
        return [offered[place]]
    return list(offered)


def _place(text: str, kinds: set[str], found: Sequence[Piece]) -> int | None:
    """The place in the list, from 0; -1 is the last. A bare number is one when nothing else is said."""
    ordinals = {value for kind, value in _PLACES.items() if kind in kinds}
    if len(ordinals) == 1:
        return ordinals.pop()
    tokens = tokenise(text)
    for at in range(len(tokens)):
        entry = lexicon().find(tokens, at, len(tokens))
        value = entry.entry.value(Sense.ORDINAL) if entry else None
        if isinstance(value, int):
            return value - 1 if value > 0 else -1
    numbers = [
        piece
        for at, piece in enumerate(found)
        if piece.is_number and not piece.glued and (not at or found[at - 1].text != "ny")  # "alaiko ny 2": two of them
    ]
    words = [piece for piece in found if piece.kind == "word" and piece.text not in _around()]
    labelled = [piece for piece in words if piece.text not in word_list("picks")["number"]]
    return int(numbers[0].text) - 1 if len(numbers) == 1 and not labelled and numbers[0].text != "0" else None


def _options(text: str, offered: Sequence[Offer]) -> tuple[dict[str, dict[str, str]], set[str]]:
    """By code, the options that the message names, of the articles that have most of them; and the words that do."""
    forms = Forms({offer.code: offer.options for offer in offered if offer.options})
    tokens = tokenise(text)
    said: dict[str, list[Value]] = {}
    words: set[str] = set()
    place = 0
    while place < len(tokens):
        hit = forms.find(tokens, place, len(tokens))
        if hit is None or (len(tokens[place].text) == 1 and tokens[place].raw.islower() and tokens[place].elided):
            place += 1
            continue
        for code, value in hit[0].values.items():
            if value:
                said.setdefault(code, []).append(value)
        words.update(token.text for token in tokens[place : hit[1]])
        place = hit[1]
    settled = {offer.code: settle(offer.options, said[offer.code]) for offer in offered if offer.code in said}
    most = max((len(set(said[code])) for code, options in settled.items() if options), default=0)
    return {code: options for code, options in settled.items() if options and len(set(said[code])) == most}, words


def _titled(found: Sequence[Piece], offered: Sequence[Offer]) -> tuple[list[Offer], set[str]]:
    """The articles whose code or title has a word of the message, when not all have it; and those words."""
    said = {
        piece.text
        for place, piece in enumerate(found)
        if (len(piece.text) >= _SHORTEST or _is_content(found, place, len(offered))) and piece.text not in _around()
    }
    words = {place: _title_words(offer) & said for place, offer in enumerate(offered)}
    most = max((len(have) for have in words.values()), default=0)
    if not most:
        return [], set()
    best = [offered[place] for place, have in words.items() if len(have) == most]
    return best, set().union(*words.values())


def _is_content(found: Sequence[Piece], place: int, offered: int) -> bool:
    """ "La boîte de 12": a number that may stand in a title, and is no place in the list."""
    number = found[place]
    return number.is_number and (int(number.text) > offered or found[place - 1].text == "de")


def _title_words(offer: Offer) -> set[str]:
    found = pieces(f"{offer.title} {offer.code}")
    return {piece.text for piece in found if len(piece.text) >= _SHORTEST or piece.is_number}


@cache
def _phrases() -> Phrases[str]:
    listed = word_list("picks")
    kinds = ("all", "both", "cheapest", "dearest", "other", *_PLACES)
    return Phrases((phrase, kind) for kind in kinds for phrase in listed[kind])


def _around() -> frozenset[str]:
    return words_of("picks", "around")
