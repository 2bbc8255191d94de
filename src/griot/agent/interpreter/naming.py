"""Which articles a message names, when it is known what the thread is about.

The search reads one message by itself. Here its findings are weighed against what was just offered and what is held:
"chocolat" is the flavour of the cake that was asked about, though a chocolate bar exists.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from griot.agent.interpreter.memory import Memory
from griot.agent.interpreter.pieces import phrases_of, pieces, words_of
from griot.agent.interpreter.values import values_in
from griot.knowledge.catalogue.models import Product
from griot.knowledge.search.models import Mention
from griot.knowledge.search.words import fold, sound, split

_SURE = 0.45  # of a mention: less is not what the buyer named
_FAINT = 0.55  # under this it is not believed beside a clear one
CLEAR = 0.8  # from here on it is the article's own name
_OWN = 0.9  # from here on it is a name even where it is also a flavour of what was just offered
_SHORT = 4  # letters of a name that an elided article may be glued to
_COUNTED = re.compile(r"\d\s*\w{0,9}\s*(de |d'|of )?$")
_ELIDED = re.compile(r"(?<![^\W\d_])[ldLD](?=[aeiouyhéèêàâîôœ])", re.I)
_PURPOSE = re.compile(r"\b(pour|pr|for|ho an'?ny|ngir)\W+(mon|ma|mes|mn|notre|nos|le|la|les|un|une|my|our)?\W*$", re.I)
_TIMES = re.compile(r"[x×*] ?\d", re.I)
_OWNED = re.compile(r"\b(mon|ma|mes|mn|my|sama)\W+$", re.I)
_HEADING = re.compile(r"\s*[:;,]")
Find = Callable[[str], Sequence[Mention]]


def named(text: str, find: Find, products: Mapping[str, Product], memory: Memory) -> list[Mention]:
    """The articles that a message names itself, in its order."""
    found = [_by_its_unit(text, item, find, products) for item in find(unglued(text, products)) if item.score >= _SURE]
    best = max((mention.score for mention in found), default=0.0)
    found = [
        mention
        for mention in found
        if mention.score >= _FAINT or best < CLEAR or _COUNTED.search(text[: mention.start])
    ]
    clear = {mention.code for mention in found if mention.score >= CLEAR and not mention.alternatives}
    kept = []
    for mention in found:
        others = [products[other.code] for other in found if other.code != mention.code]
        near = [products[code] for code in (*memory.near, *memory.kept)]
        if _is_verb(text, mention) or _says_nothing(_words(text, mention)) or clear & {*mention.alternatives}:
            continue
        if _is_value(text, mention, [*others, *near]) or _is_purpose(text, mention, found):
            continue
        if _is_own_thing(text, mention, near):
            continue
        known = _known(mention, memory)
        if known.alternatives and _is_container(_words(text, mention)) and (memory.near or _holds(mention, found)):
            continue
        kept.append(known)
    return kept


def unglued(text: str, products: Mapping[str, Product]) -> str:
    """ "Lhuile", "latieke": the letter of an article that was glued to a name becomes a space; offsets stay."""
    glued = {at: word for at, word in _may_be_glued(text) if len(word) > _SHORT}
    if not glued:
        return text
    names = frozenset[str]().union(*(_sounds(item.title) for item in products.values()))
    for at, word in glued.items():
        if sound(word[1:]) in names and sound(word) not in names:
            text = f"{text[:at]} {text[at + 1 :]}"
    return text


def _may_be_glued(text: str) -> Iterator[tuple[int, str]]:
    """Where words begin with the letter of an article and a vowel, and these words, folded."""
    for found in _ELIDED.finditer(text):
        word = re.match(r"[^\W\d_]+", text[found.start() :])
        if word:
            yield found.start(), fold(word[0])


@lru_cache(maxsize=1 << 16)  # titles of several large shops: each message goes through all of one
def _sounds(title: str) -> frozenset[str]:
    """How the words of a title sound, short ones left out."""
    return frozenset(sound(word.text) for word in split(title) if len(word.text) >= _SHORT)


def spans_of(text: str, mention: Mention, product: Product) -> list[tuple[int, int]]:
    """The stretches that are the article's name: a number that is none of its own only stands between its words."""
    return [
        (start, end)
        for start, end in mention.spans or ((mention.start, mention.end),)
        if _own_figure(text[start:end], product) and not _TIMES.match(text, start)
    ]


def _own_figure(said: str, product: Product) -> bool:
    """Does a number stand in the title, in the code or in an option of the article, with the same unit if any?"""
    values = (str(value) for variant in product.variants for value in variant.options.values())
    own = [word for name in (product.title, product.code, *values) for word in split(name)]
    measures = {word.text for word in own if word.kind == "measure"}
    figures = {word.number for word in own}
    return all(
        word.text in measures if word.kind == "measure" else word.number in figures
        for word in split(said)
        if word.number
    )


def _words(text: str, mention: Mention) -> list[str]:
    """The words of a name, without accents and numbers."""
    return [piece.text for piece in pieces(text[mention.start : mention.end]) if piece.kind == "word"]


def _by_its_unit(text: str, mention: Mention, find: Find, products: Mapping[str, Product]) -> Mention:
    """ "5 kg de haricots": of the beans that are sold by the kilo, though there is a sack of 5 kg of others."""
    said = text[mention.start : mention.end]
    measure = next((word for word in split(said) if word.kind == "measure"), None)
    if measure is None or mention.score == 1.0:
        return mention
    bare = said[: measure.start] + " " * (measure.end - measure.start) + said[measure.end :]
    for other in find(bare):
        unit = f"1{measure.text.removeprefix(measure.number)}"
        by_unit = unit in {word.text for word in split(products[other.code].title)}
        if other.code != mention.code and other.score >= _OWN and by_unit and not other.alternatives:
            spans = tuple((start + mention.start, end + mention.start) for start, end in other.spans)
            return replace(other, start=other.start + mention.start, end=other.end + mention.start, spans=spans)
    return mention


def _is_verb(text: str, mention: Mention) -> bool:
    """ "Wax ma": Wolof for "tell me", and no cloth."""
    return phrases_of("edits", "tell").at(pieces(text[mention.start :]), 0) is not None


def _is_value(text: str, mention: Mention, others: Sequence[Product]) -> bool:
    """Is the name only a colour or flavour of another article that is named or was just offered?"""
    if mention.score >= _OWN or any(item.code == mention.code for item in others):
        return False
    if mention.score >= CLEAR and _COUNTED.search(text[: mention.start]):
        return False
    said = text[mention.start : mention.end]
    axes = {fold(axis).rstrip("s") for item in others for variant in item.variants for axis in variant.options}
    if fold(said).rstrip("s") in axes:
        return mention.score < CLEAR
    return any(_covers(said, item) for item in others)


def _covers(said: str, product: Product) -> bool:
    """Does every word of it belong to values of the article?"""
    values = values_in(said, product)
    words = [piece for piece in pieces(said) if piece.kind != "sign"]
    return bool(values) and all(any(v.start <= word.start < v.end for v in values) for word in words)


def _is_purpose(text: str, mention: Mention, found: Sequence[Mention]) -> bool:
    """ "Pour mon couscous : 2 semoules": what it is for, at the head of a list whose articles are counted."""
    counted = [other for other in found if other is not mention and _COUNTED.search(text[: other.start])]
    heads = _PURPOSE.search(text[: mention.start]) and _HEADING.match(text, mention.end)
    return bool(heads) and len(counted) == len(found) - 1 > 0


def _is_own_thing(text: str, mention: Mention, near: Sequence[Product]) -> bool:
    """ "Ma lampe est à vis, alors E27": what the buyer has, beside an option of the bulb that was just talked of."""
    if mention.code in {item.code for item in near} or not _OWNED.search(text[: mention.start]):
        return False
    return any(v.end <= mention.start or v.start >= mention.end for item in near for v in values_in(text, item))


def _known(mention: Mention, memory: Memory) -> Mention:
    """Of several articles with one name, the only one that was just offered, else the only one that is held."""
    for codes in (memory.offered, memory.kept):
        fitting = [code for code in mention.alternatives if code in codes]
        if len(fitting) == 1:
            return replace(mention, code=fitting[0], alternatives=())
    return mention


def _says_nothing(words: Sequence[str]) -> bool:
    """Words of ordering are no name: "bloque 24"."""
    return bool(words) and words_of("picks", "around").issuperset(words)


def _holds(mention: Mention, found: Sequence[Mention]) -> bool:
    """ "Shea butter? Price for 10 buckets": those of what is named besides."""
    codes = {mention.code, *mention.alternatives}
    return any(other is not mention and codes & {other.code, *other.alternatives} for other in found)


def _is_container(words: Sequence[str]) -> bool:
    """ "Deux cartons": what goods come in names none of them."""
    return bool(words) and words_of("numbers", "units", "goods").issuperset(words)
