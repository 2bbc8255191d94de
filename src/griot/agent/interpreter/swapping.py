"""One thing instead of another: an article for one that is held or quoted, or the same in another size or colour."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from griot.agent.interpreter.asking import which
from griot.agent.interpreter.basket import (
    Basket,
    Item,
    as_args,
    basket_of,
    is_value,
    named,
    places_named,
    spoken_of,
    strangers,
)
from griot.agent.interpreter.choosing import Choices, article, choose
from griot.agent.interpreter.edits import ends_with, fates, parts_of, says, spans_of, turned_down
from griot.agent.interpreter.hearing import Hearing
from griot.agent.interpreter.lines import OWN_NAME
from griot.agent.interpreter.recounting import number_meant
from griot.agent.reading.options import Forms
from griot.agent.reading.tokens import Token, tokenise
from griot.knowledge.catalogue.models import Product
from griot.knowledge.search.words import fold, split, stem

_LIKELY = 0.3
_PART_OF_NAME = 0.5
_FEW = 3  # words of a message that is little more than a size or a colour
_PLENTY = 12  # a larger bare number that is a size of the article is its size
_CHANGE = re.compile(
    r"\b(chan[gj]\w*|echang\w*|remplac\w*|swap\w*|switch\w*|replac\w*|exchang\w*|solo\w*|ova\w*|avadi\w*|soppi\w*|wecci\w*)\b"
)
_FOR = re.compile(r"\b(par|contre|pour|for|with|by|ny|ak|ag|amin'ny)\b", re.I)  # "remplace X par Y", "swap X for Y"
_TOGETHER = re.compile(r"\b(et|and|ou|or|sy|na|ak|wala)\b", re.I)
_PREFERRED = re.compile(r"\b(pluto?t?|prefer\w*|rather|better|mieux|aleo\w*|g[eë]na)\b")
_LARGER = re.compile(
    r"\b(taille|tay|pointure|size)s? (au|o|en|juste au)[- ]?dess?us?\b"
    r"|\bsizes? (up|bigger|larger)\b|\bplus grande? taille\b"
)
_SMALLER = re.compile(
    r"\b(taille|tay|pointure|size)s? (au|o|en|juste en)[- ]?dess?ous?\b"
    r"|\bsizes? (down|smaller)\b|\bplus petite taille\b"
)
_LETTERS = ("XXS", "XS", "S", "M", "L", "XL", "XXL", "XXXL", "3XL", "4XL")
_AXIS = re.compile(r"\b(taille|pointure|size|couleur|colou?r|coloris|loko|modele|parfum|flavou?r|gout|format)\b")
_TOO = re.compile(r"\b(trop|tro|too|si|tres)$")
_SIZE_OF = re.compile(r"\b(en|taille|pointure|size|laharana|du|le|la|in|to|format|version)$")
_SIZE_BEHIND = frozenset({"parts", "part", "personnes", "pers", "ans", "litres", "kg", "people", "olona"})


class _Said(NamedTuple):
    """An option that is said. ``counted``: a number stands before it ("un M"); ``denied``: "pas le rouge"."""

    axis: str
    value: str
    counted: bool
    denied: bool


def exchange(heard: Hearing) -> Choices | None:
    """What a message, or a sentence of it, puts in the place of an item."""
    clauses = heard.clauses if len(heard.clauses) > 1 else ()
    alone = (Hearing(replace(heard.brief, text=clause)) for clause in clauses)
    return next((found for said in (heard, *alone) if (found := _exchanged(said))), None)


def _exchanged(heard: Hearing) -> Choices | None:
    """Questions and additions put nothing in its place, unless the word for it is there."""
    basket = basket_of(heard)
    if not basket.items or says("more", heard.text):
        return None
    if "?" in heard.text and not (says("instead", heard.text) or _CHANGE.search(fold(heard.text)) or _sets(heard)):
        return None
    for rule in (_articles, _options, _step, _sibling, _unsaid):
        if found := rule(heard, basket):
            return found
    return None


def _sets(heard: Hearing) -> bool:
    return any(part.verb and part.verb[0] == "set" for part in parts_of(heard.text))


# Another article


def _articles(heard: Hearing, basket: Basket) -> Choices | None:
    """ "Les créoles à la place de la montre": what is not there yet comes for what is."""
    plain = fold(heard.text)
    codes = {item.code for item in basket.items}
    changes = says("instead", heard.text) or bool(_CHANGE.search(plain)) or _takes_back(heard, basket)
    if not (changes or _PREFERRED.search(plain)):
        return None
    sides, least = (_sides(heard), _PART_OF_NAME) if changes else ([heard.text], OWN_NAME)
    mentions = [
        mention
        for side in sides
        for mention in heard.brief.find.mentions(side)
        if mention.score >= least and not is_value(heard, basket, side[mention.start : mention.end])
    ]
    new = {mention.code: mention for mention in mentions if not {mention.code, *mention.alternatives} & codes}
    there = {mention.code for mention in mentions} & codes
    old = [*places_named(heard, basket), *(n for n, item in enumerate(basket.items) if item.code in there)]
    if len(new) != 1 or len({basket.items[n].code for n in old}) > 1 or (len(basket.items) > 1 and not old):
        return None
    code, mention = new.popitem()
    if not old and mention.score < OWN_NAME:
        return None
    if len(mention.alternatives) > 1:
        return which(mention.alternatives)
    line = next((line for line in heard.lines if line.code == code), None)
    quantity = line.quantity if line else None
    options = dict(line.options) if line else mention.options
    return _put(heard, basket, old[0] if old else 0, article(code, quantity, options))


def _takes_back(heard: Hearing, basket: Basket) -> bool:
    """ "Le jean large, pas le slim": is an item turned down where it is named, and no verb keeps it?"""
    names = named(heard, basket)
    said = fates(heard.text, [(name.start, name.end) for name in names])
    return any(fate is None and turned_down(heard.text[: name.start]) for name, fate in zip(names, said, strict=True))


def _sides(heard: Hearing) -> list[str]:
    """What stands before, between and behind the words for "instead": names there are no parts of one name."""
    spans = spans_of("instead", heard.text) or spans_of("deny", heard.text)
    spans = spans or [match.span() for match in _FOR.finditer(heard.text)]
    edges = [0, *(edge for span in spans for edge in span), len(heard.text)]
    return [heard.text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)]


def _sibling(heard: Hearing, basket: Basket) -> Choices | None:
    """ "Le même en 5 litres": the article of that name that comes in the measure that is said."""
    measures = {word.text for word in split(heard.text) if word.kind == "measure"}
    if not measures or not says("otherwise", heard.text):
        return None
    place = spoken_of(heard, basket, places_named(heard, basket))
    own = heard.brief.products[basket.items[place].code]
    fitting = [
        product
        for product in heard.brief.products.values()
        if product.code != own.code and _name(product) == _name(own) and measures & _measures(product) - _measures(own)
    ]
    return _put(heard, basket, place, article(fitting[0].code)) if len(fitting) == 1 else None


def _name(product: Product) -> set[str]:
    return {stem(word.text) for word in split(product.title) if word.kind == "word" and len(word.text) > 3}


def _measures(product: Product) -> set[str]:
    return {word.text for word in split(product.title) if word.kind == "measure"}


# The same article otherwise


def _options(heard: Hearing, basket: Basket) -> Choices | None:
    """ "Finalement en bleu", "pas amande, c'est karité", "échange le M, L c'est mieux"."""
    if strangers(heard, basket) and (heard.counts or heard.chance("change_variant") <= heard.chance("order")):
        return None
    told = places_named(heard, basket) or range(len(basket.items))
    said = {code: list(_said(heard, heard.brief.products[code])) for code in {basket.items[n].code for n in told}}
    wanted = {}
    for place in told:
        item = basket.items[place]
        new = _new(item, said[item.code])
        if (
            new
            and not _is_twins(basket, item, new, said[item.code])
            and _replaces(heard, item, [value for value in said[item.code] if value.axis in new])
        ):
            wanted[place] = new
    if not wanted:
        return None
    pointed = [place for place in wanted if _points_at(basket.items[place], said)]
    place = spoken_of(heard, basket, pointed or list(wanted))
    return _put(heard, basket, place, article(basket.items[place].code, _number(heard, wanted[place]), wanted[place]))


def _is_twins(basket: Basket, item: Item, new: Mapping[str, str], said: Sequence[_Said]) -> bool:
    """ "Le noir, mets 50" beside another colour: what another item has names that one, unless both are said."""
    if _points_at(item, {item.code: said}):
        return False
    twins = [other for other in basket.items if other.code == item.code and other is not item]
    return any(new.items() <= other.options.items() for other in twins)


def _points_at(item: Item, said: Mapping[str, Sequence[_Said]]) -> bool:
    """Is the size or colour that the item has now among those that are said?"""
    return any(item.options.get(value.axis) == value.value for value in said[item.code])


def _new(item: Item, said: Sequence[_Said]) -> dict[str, str]:
    """By axis, the one value that is said and is not the item's own; none in "une bleue et une rouge"."""
    new: dict[str, set[str]] = {}
    shared = {value.axis for value in said if value.counted and item.options.get(value.axis) == value.value}
    for value in said:
        if not value.denied and item.options.get(value.axis) != value.value and value.axis not in shared:
            new.setdefault(value.axis, set()).add(value.value)
    return {axis: values.pop() for axis, values in new.items()} if all(len(v) == 1 for v in new.values()) else {}


def _replaces(heard: Hearing, item: Item, said: Sequence[_Said]) -> bool:
    """Does the message take the new value instead of the old one, and not one more in it?"""
    old = [value for value in said if item.options.get(value.axis) == value.value]
    if any(value.denied for value in old) or (old and not _TOGETHER.search(heard.text)):
        return True
    if heard.chance("change_variant") >= _LIKELY or any(says(kind, heard.text) for kind in ("otherwise", "instead")):
        return True
    if "?" in heard.text and not _CHANGE.search(fold(heard.text)):
        return False
    counted = any(value.counted for value in said)
    return not counted and (_sets(heard) or len(heard.text.split()) <= _FEW)


def _number(heard: Hearing, new: Mapping[str, str]) -> int | None:
    """How many there are to be, when that is said too; "les deux" says nothing new, nor does the size itself."""
    count = number_meant(heard)
    if count is None or str(count.value) in new.values():
        return None
    return count.value if _sets(heard) else None


def _said(heard: Hearing, product: Product) -> Iterator[_Said]:
    """The options of an article that the message says, each time; by their own words, else as the search hears them."""
    forms = Forms({product.code: [variant.options for variant in product.variants]})
    tokens = tokenise(heard.text)
    place, found = 0, False
    while place < len(tokens):
        hit = forms.find(tokens, place, len(tokens))
        value = hit[0].values.get(product.code) if hit else None
        if hit is None or value is None or not _is_option(tokens, place, hit[1]):
            place += 1
            continue
        before = " ".join(token.text for token in tokens[max(0, place - 3) : place])
        if _TOO.search(before):  # "trop petit" asks for no small one
            place = hit[1]
            continue
        yield _Said(*value, counted=_is_number(tokens, place - 1), denied=_denied(before))
        place, found = hit[1], True
    if not found:
        for axis, value_ in heard.options_in(heard.text, product.code).items():
            yield _Said(axis, value_, counted=False, denied=False)


def _is_option(tokens: Sequence[Token], start: int, end: int) -> bool:
    """A lone letter or number is an option when it looks like one: "en m", "M", "10 parts", "taille 38", "44"."""
    token = tokens[start]
    if end > start + 1 or (len(token.text) > 1 and token.kind == "word"):
        return True
    if start and _SIZE_OF.search(tokens[start - 1].text):
        return True
    if token.kind == "number":
        return int(token.text) > _PLENTY or (end < len(tokens) and tokens[end].text in _SIZE_BEHIND)
    return token.raw.isupper()


def _is_number(tokens: Sequence[Token], place: int) -> bool:
    return place >= 0 and (tokens[place].kind == "number" or tokens[place].text in {"un", "une", "one", "deux", "two"})


def _denied(before: str) -> bool:
    return ends_with("deny", re.sub(r"\b(le|la|les|l|the|a|ny|ilay|un|une|de|du|en)$", "", before).strip())


def _step(heard: Hearing, basket: Basket) -> Choices | None:
    """ "La taille au-dessus", "one size down": the next value of the axis that comes in sizes."""
    plain = fold(heard.text)
    step = 1 if _LARGER.search(plain) else -1 if _SMALLER.search(plain) else 0
    if not step:
        return None
    place = spoken_of(heard, basket, places_named(heard, basket))
    item = basket.items[place]
    for axis, value in item.options.items():
        values = list(dict.fromkeys(v.options[axis] for v in heard.brief.products[item.code].variants))
        at = values.index(value) + step
        if _is_sizes(values) and 0 <= at < len(values):
            return _put(heard, basket, place, article(item.code, None, {axis: values[at]}))
    return None


def _is_sizes(values: Sequence[str]) -> bool:
    """Are these in the order of their size? Letters or figures, smallest first."""
    return all(value.upper() in _LETTERS for value in values) or all(value[:1].isdigit() for value in values)


def _unsaid(heard: Hearing, basket: Basket) -> Choices | None:
    """ "Je veux changer la taille": which one, is asked."""
    plain = fold(heard.text)
    if not _CHANGE.search(plain) or heard.whens:
        return None
    item = basket.items[spoken_of(heard, basket, places_named(heard, basket))]
    axes = {fold(axis) for axis in item.options}
    named = any(re.search(rf"\b{re.escape(axis)}", plain) for axis in axes) or (axes and _AXIS.search(plain))
    return choose("clarify", question="variant", codes=[item.code]) if named else None


def chosen_instead(heard: Hearing) -> Choices | None:
    """The answer to that question: the size or colour that comes in the place of the one that is held."""
    asked = heard.brief.asked or {}
    basket = basket_of(heard)
    places = [place for place, item in enumerate(basket.items) if item.code == asked.get("code")]
    before = next((said.text for said in reversed(heard.brief.history) if said.by == "buyer"), "")
    if asked.get("kind") != "variant" or not places or not _CHANGE.search(fold(before)):
        return None
    options = heard.options_in(heard.text, asked["code"])
    return _put(heard, basket, places[-1], article(asked["code"], None, options)) if options else None


# What becomes of it


def _put(heard: Hearing, basket: Basket, place: int, new: Mapping[str, Any]) -> Choices:
    """The calls that put a new line in the place of an item, as many pieces of it unless a number is said."""
    item = basket.items[place]
    code, options, number = new["code"], new.get("options") or {}, new.get("quantity")
    if code != item.code:
        options = {**_shared(item, heard.brief.products[code]), **options}
    whole = {**item.options, **options} if code == item.code else options
    if basket.quoted:
        line = article(code, number or item.quantity, whole)
        return choose("quote", lines=[line if other is item else as_args(other) for other in basket.items])
    twins = [other for other in basket.items if other.code == item.code == code and other is not item]
    if twins and heard.free(code, whole) >= (number or item.quantity):
        there = sum(twin.quantity for twin in twins if twin.options == whole)
        held = choose("hold", lines=[article(code, (number or item.quantity) + there, whole)])
        return held + choose("cancel", code=code, options=dict(item.options))
    return choose("swap", code=item.code, new_code=code, new_options=options or None, quantity=number)


def _shared(item: Item, product: Product) -> dict[str, str]:
    """The size and colour of an item that another article has as well, when it comes in them."""
    options = {a: v for a, v in item.options.items() if any(x.options.get(a) == v for x in product.variants)}
    return options if any(options.items() <= variant.options.items() for variant in product.variants) else {}
