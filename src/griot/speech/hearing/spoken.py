"""From what the model wrote to what a buyer would have typed, and which of its words are not sure.

Names and codes of the shop are written as the catalogue writes them; a small word that stands where a number must be
becomes that number. Nothing is changed that could have been meant as it stands.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from griot.speech.hearing.goods import ECHO, SURE, Goods, Mention, lower, plural
from griot.speech.hearing.numbers import Number, Piece, in_words, numbers, pieces, words_of
from griot.speech.hearing.sounds import key

AGREED = 0.6  # share of the transcripts considered that must agree on a number or product
UNCOUNTED = 4  # letters: shorter words after a number are seldom a thing

_ONE = {
    "fr": words_of("un une le la l les ce mon ma votre vos"),  # not "du", "des" nor "cette": "dix", "sept" sound alike
    "en": words_of("a an the one this that my your"),
}
_SEVERAL = words_of("des les ces mes tes vos nos some these those")
_WANTING = {
    "fr": words_of(
        "veux voudrais voulais voulons prends prend prendre prendrai prendrais prenons faut faudrait moi nous donne "
        "donnez mets mettez commande commander reserve reservez reserver garde gardez ajoute ajoutez envoie envoyez "
        "achete acheter aimerais et plus sera bonjour bonsoir avoir plait dire cote alors ok oui non"
    ),
    "en": words_of("want take like need get have me reserve add send order and buy"),
}
_MEASURES = words_of(
    "piece pieces exemplaire exemplaires unite unites paire paires paquet paquets carton cartons boite boites sac sacs "
    "sachet sachets bouteille bouteilles pot pots plateau plateaux coffret coffrets lot lots kilo kilos gramme grammes "
    "litre litres centilitre centilitres metre metres part parts personne personnes morceau morceaux "
    "item items unit units pair pairs pack packs packet packets box boxes bag bags bottle bottles jar jars set sets "
    "meter meters yard yards gram grams liter liters centiliter centiliters centilitre serving servings slice slices "
    "people"
)  # in which goods are counted
_COUNTED = _MEASURES | words_of(
    "fois francs franc cfa ariary euros minutes heures jours pour merci plait taille pointure mai juin "
    "times dollars days hours please"
)  # what a number may stand before without being a number of goods by name
_OF = words_of("de d of")
_ENDINGS = {"fr": {*range(2, 11), 20, 100}, "en": {100}}  # of larger numbers, whose beginning may be heard as a word
_BEFORE = {
    "fr": words_of(
        "a article au aux avec c ce ces ci code de du en est il la les leur leurs ma me mes modele nos numero on ou "
        "par pour que reference sa sera ses son sur tes un une vos"
    ),
    "en": words_of("at code for in is item my number of on the this that with your"),
}  # words before a number that are no beginning of one
_LIKE_NUMBERS = {  # what the model writes for a number that was said, where no such word can stand
    "fr": {"de": 2, "deu": 2, "d": 2, "si": 6, "scie": 6, "dit": 10, "dis": 10, "vin": 20, "vain": 20, "sans": 100},
    "en": {"won": 1, "to": 2, "too": 2, "for": 4, "ate": 8, "den": 10},
}


_MAY_BE_NUMBERS = {  # what may have been a number before a thing wanted, and what hardly is anything else anywhere
    "fr": (words_of("de d des du cet cette set si sans dit"), words_of("vin vain scie deu dis")),
    "en": (frozenset[str](), frozenset[str]()),
}

_FRANCS = re.compile(r"\bfran[cç](?:ais|s|es?) (?:c\.?)?f\.?a\b", re.IGNORECASE)  # a currency new to the model


class Hypothesis(NamedTuple):
    """A transcript the model considered, and its likelihood as a share of all that it considered."""

    text: str
    share: float


class Spoken(NamedTuple):
    """A transcript as a buyer would type it, and the words of it that may have been said otherwise."""

    text: str
    doubtful: tuple[str, ...]


def typed(
    considered: Sequence[Hypothesis],
    unprompted: str,
    goods: Goods,
    language: str,
    clear: Mapping[int, bool] = MappingProxyType({}),
) -> Spoken:
    """The best of the transcripts considered, mended.

    ``unprompted``: what the model wrote when it knew nothing of the shop. ``clear``: the place of a number's first word
    -> is it likelier than the ones it is taken for? A number not in there is sure when both transcripts have it.
    """
    text = considered[0].text
    words = pieces(text)
    mentions = goods.find(text)
    counts = _counts(words, mentions, language)
    shares = _shares(considered, goods, language)
    alone = _shares([Hypothesis(unprompted, 1.0)], goods, language)
    doubtful: list[tuple[int, str]] = []
    edits: list[tuple[int, int, str]] = []
    for number in counts:
        counted = next((mention.written for mention in mentions if mention.first == number.last + 1), "")
        heard_alone = alone[number.value] or _echoes(number.value, counted, unprompted, goods, language)
        agreed = shares[number.value] >= AGREED and heard_alone
        if not clear.get(number.first, agreed) or _is_cut(number, counts, words, language):
            doubtful.append((number.first, text[words[number.first].start : words[number.last].end]))
        if not counted and (thing := _unknown(words, number.last + 1, goods)):
            doubtful.append((number.last + 1, text[thing.start : thing.end]))
    for mention in mentions:
        count = next((number for number in counts if number.last == mention.first - 1), None)
        before = words[mention.first - 1] if mention.first else None
        wanted = _wants(words, mention.first - 2, language)
        meant = _LIKE_NUMBERS.get(language, {}).get(before.key) if before and wanted and not count else None
        written = _written(mention, text, words, language, count.value if count else meant)
        edits.append((words[mention.first].start, words[mention.last].end, written))
        unsure = mention.alike < SURE or shares[mention.written] < AGREED
        unsure |= not all(clear.get(at, True) for at in range(mention.first, mention.last + 1))
        if unsure or goods.echo(unprompted, mention.written) < ECHO:
            doubtful.append((mention.first, written))
        if count or (before and before.key in _ONE.get(language, ())):
            continue
        if mention.is_code and (_wants(words, mention.first - 1, language) or _goes_before(before, language)):
            continue
        if _is_measured(words, mention.first, counts):
            continue
        if before and meant:
            edits.append(
                (before.start, before.end + (text[before.end : before.end + 1] == "'"), in_words(meant, language))
            )
            doubtful.append((mention.first - 1, in_words(meant, language)))
        elif before is None or _wants(words, mention.first - 1, language):
            doubtful.append((mention.first, written))
        else:
            doubtful.append((mention.first - 1, text[before.start : before.end]))
    handled = {mention.first - 1 for mention in mentions}
    doubtful += [
        (at, text[word.start : word.end])
        for at, word in enumerate(words)
        if at not in handled and _may_be_number(words, at, language)
    ]
    for at in range(1, len(words) - 1):
        if words[at].key in _MEASURES and words[at + 1].key in _OF and not _is_counted(words, at, counts, language):
            doubtful.append((at - 1, text[words[at - 1].start : words[at - 1].end]))
    for start, end, written in sorted(edits, reverse=True):
        text = text[:start] + written + text[end:]
    text = _FRANCS.sub("francs CFA", text)
    return Spoken(text, tuple(dict.fromkeys(word for _, word in sorted(doubtful))))


def _may_be_number(words: Sequence[Piece], at: int, language: str) -> bool:
    """Does a small word stand where a number is likely: "Gardez-moi de bassine", "au lieu de vin"?"""
    wanted, anywhere = _MAY_BE_NUMBERS.get(language, _MAY_BE_NUMBERS["en"])
    if words[at].key in anywhere:
        return True
    thing = at + 1 < len(words) and len(words[at + 1].key) >= UNCOUNTED
    return thing and at > 0 and words[at].key in wanted and _wants(words, at - 1, language)


def _is_cut(number: Number, counts: Sequence[Number], words: Sequence[Piece], language: str) -> bool:
    """May this be the end of a larger number, whose beginning was heard as a word: "Hadis 8" for "dix-huit"?"""
    if any(other.last == number.first - 1 for other in counts) or _is_packed(number, words, language):
        return True
    if number.value not in _ENDINGS.get(language, ()) or _wants(words, number.first - 1, language):
        return False
    return not _goes_before(words[number.first - 1], language)


def _is_packed(number: Number, words: Sequence[Piece], language: str) -> bool:
    """May "36 packs" be thirty six-packs?"""
    after = words[number.last + 1].key if number.last + 1 < len(words) else ""
    return language == "en" and number.value > 20 and number.value % 10 > 1 and after.startswith("pack")


def _goes_before(word: Piece | None, language: str) -> bool:
    """Is this a word that often stands before a number or code, and is no part of one?"""
    return word is None or word.key in _BEFORE.get(language, ())


def _is_measured(words: Sequence[Piece], first: int, counts: Sequence[Number]) -> bool:
    """Do goods stand after what they are counted in: "deux paires de babouches"? ``first``: their first word."""
    at = first - 2
    if at < 1 or words[first - 1].key not in _OF:
        return False
    return words[at].key in _MEASURES or any(number.last == at - 1 for number in counts)


def _is_counted(words: Sequence[Piece], at: int, counts: Sequence[Number], language: str) -> bool:
    """Does a number or article stand before this word?"""
    return any(number.last == at - 1 for number in counts) or words[at - 1].key in _ONE.get(language, ())


def _counts(words: Sequence[Piece], mentions: Sequence[Mention], language: str) -> list[Number]:
    """The numbers that are not part of a name or code."""
    inside = {at for mention in mentions for at in range(mention.first, mention.last + 1)}
    return [number for number in numbers(list(words), language) if number.first not in inside]


def _shares(considered: Sequence[Hypothesis], goods: Goods, language: str) -> dict[int | str, float]:
    """Number, name or code -> share of the transcripts that have it."""
    shares: dict[int | str, float] = defaultdict(float)
    for one in considered:
        mentions = goods.find(one.text)
        values: set[int | str] = {number.value for number in _counts(pieces(one.text), mentions, language)}
        for value in values | {mention.written for mention in mentions}:
            shares[value] += one.share
    return shares


def _unknown(words: Sequence[Piece], at: int, goods: Goods) -> Piece | None:
    """The word after a number, when it is a thing that the shop does not have: a name that was not understood."""
    if at >= len(words) or len(words[at].key) < UNCOUNTED or words[at].key in _COUNTED or not goods.vocabulary.names:
        return None
    return None if goods.has_word(words[at].key) else words[at]


def _echoes(value: int, counted: str, unprompted: str, goods: Goods, language: str) -> bool:
    """Does a word that sounds like the number stand before the same goods: "de gâteau" for "deux gâteaux"?"""
    words = pieces(unprompted)
    sound = key(in_words(value, language), language)
    return any(
        mention.written == counted and mention.first > 0 and key(words[mention.first - 1].key, language) == sound
        for mention in goods.find(unprompted)
    )


def _wants(words: Sequence[Piece], at: int, language: str) -> bool:
    """Is a thing wanted expected after the word at this place (-1: the start)?"""
    return at < 0 or words[at].key in _WANTING.get(language, ())


def _written(mention: Mention, text: str, words: Sequence[Piece], language: str, count: int | None) -> str:
    """The name or code as the catalogue has it; in French in the plural that is not heard."""
    if mention.is_code:
        return mention.written
    if language == "en":
        said = text[words[mention.first].start : words[mention.last].end]
        return said if mention.alike == 1.0 else lower(mention.written)
    name = lower(mention.written)
    if count is None:
        before = words[mention.first - 1].key if mention.first else ""
        already = words[mention.first].key[-1] in "sx" and mention.written.split()[0][-1] not in "sx"
        several = before in _SEVERAL or (already and before not in _ONE["fr"])
    else:
        several = count > 1
    return plural(name, language) if several else name
