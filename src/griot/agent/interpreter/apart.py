"""Of several articles that go by one name, the one that is meant; and the same article in another measure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from griot.agent.interpreter.amounts import Count
from griot.agent.interpreter.lines import POINTED, OrderLine
from griot.agent.interpreter.traits import Measure, by_unit, fitting, measures, own_words, said_of
from griot.agent.interpreter.values import meant
from griot.knowledge.catalogue.models import Product
from griot.knowledge.search.models import Mention
from griot.knowledge.search.words import fold, split, stem

_DENIED = re.compile(r"\b(?:pas|pa|not|tsy)\s+(?:(?:le|la|les|the|du|de|ny|celui|celle)\s+)*[^\W\d_]+", re.I)
_CONTENT = re.compile(
    r"\b(?:de|of|a|à|x)\s*(\d+)\b(?!\s*(?:f|fcfa|cfa|ar|h|%)\b)|\b(?:le|la|les|the|ny)\s+(\d+)\b", re.I
)


def told_apart(
    text: str, line: OrderLine, counts: Sequence[Count], products: Mapping[str, Product], about: tuple[int, int]
) -> OrderLine:
    """The only one of the size, content, word or colour that was said; of several, those that are left.

    ``about``: the stretch of the text that speaks of this line.
    """
    said = f"{' ' * about[0]}{text[slice(*about)]}"
    near = [count for count in counts if about[0] <= count.start < about[1]]
    left, used = _by_measure(said, line.alternatives, products, len(near) > 1)
    if used and not left:
        return _by_the_unit(used[0], line, products)
    left = _by_container(line, left, near, products)
    left = _by_word(said, left, products)
    left = [code for code in left if meant(said, products[code])] or left
    quantity = _beside(used, line, near)
    if len(left) > 1:
        return replace(line, code=left[0], quantity=quantity, alternatives=tuple(left))
    options = {value.axis: value.value for value in meant(said, products[left[0]])}
    return OrderLine(left[0], None if str(quantity) in options.values() else quantity, options, (), line.score)


def _by_measure(
    text: str, codes: Sequence[str], products: Mapping[str, Product], counted: bool
) -> tuple[list[str], list[Measure]]:
    """ "Pour 10 personnes", "fer de 12", "5 L": those with that number in the title, and the numbers that told them.

    None, and the number, when what is counted is a unit that one of them is sold by.
    """
    left = list(codes)
    used: list[Measure] = []
    for said in measures(text):
        titles = fitting(said, [products[code].title for code in left], counted)
        if titles and len(titles) < len(left):
            left, used = [code for code in left if products[code].title in titles], [*used, said]
        elif not titles and said.unit and sum(by_unit(said.unit, products[code].title) for code in left) == 1:
            return [], [said]
    return left, used


def _by_the_unit(said: Measure, line: OrderLine, products: Mapping[str, Product]) -> OrderLine:
    """ "20 kg de riz", where one rice is sold by the kilo: twenty of it."""
    code = next(code for code in line.alternatives if by_unit(said.unit, products[code].title))
    return OrderLine(code, int(said.number) if said.number.isdigit() else None, {}, (), line.score)


def _beside(used: Sequence[Measure], line: OrderLine, counts: Sequence[Count]) -> int | None:
    """How many are wanted: no number that told the articles apart."""
    free = [count.value for count in counts if not any(own.start <= count.start < own.end for own in used)]
    if not used or line.quantity in free:
        return line.quantity
    return free[0] if len(set(free)) == 1 else None


def _by_container(
    line: OrderLine, codes: Sequence[str], counts: Sequence[Count], products: Mapping[str, Product]
) -> list[str]:
    """ "40 packs d'eau": the water that comes in packs, and not the one in bottles."""
    unit = next((stem(fold(count.unit)) for count in counts if count.unit and count.value == line.quantity), None)
    return [code for code in codes if unit in {stem(word.text) for word in split(products[code].title)}] or list(codes)


def _by_word(text: str, codes: Sequence[str], products: Mapping[str, Product]) -> list[str]:
    """ "Le pur": those of whose own words the text says most."""
    plain = _DENIED.sub(" ", text)
    said = [len(said_of(plain, words)) for words in own_words([products[code].title for code in codes])]
    return [code for code, many in zip(codes, said, strict=True) if many == max(said)]


def contents(text: str, titles: Sequence[str]) -> list[tuple[int, int]]:
    """Where the text says a number that only one of several titles has: "celui de 2 m" counts nothing."""
    numbers = [{word.number for word in split(title)} for title in titles]
    spans = (
        (found.start(group), found.end(group)) for found in _CONTENT.finditer(text) for group in (1, 2) if found[group]
    )
    return [
        (start, end) for start, end in spans if sum(text[start:end] in have for have in numbers) == 1 < len(numbers)
    ]


def in_another_measure(
    text: str, product: Product, find: Callable[[str], Sequence[Mention]], products: Mapping[str, Product]
) -> OrderLine | None:
    """ "Le même en 5 litres": the article whose title differs from this one's in the measure alone."""
    own = [word for word in split(product.title) if word.kind == "measure"]
    said = [word for word in split(text) if word.kind == "measure"]
    for measure in said:
        unit = measure.text.removeprefix(measure.number)
        same = next((word for word in own if word.text == f"{word.number}{unit}"), None)
        if same is None or same.text == measure.text:
            continue
        title = product.title[: same.start] + measure.text + product.title[same.end :]
        for mention in find(title):
            titled = [word.text for word in split(products[mention.code].title)]
            if mention.code != product.code and measure.text in titled and not mention.alternatives:
                return OrderLine(mention.code, None, {}, (), POINTED)
    return None


def without_measure(text: str, line: OrderLine, counts: Sequence[Count]) -> OrderLine:
    """A line with the number that is left when the one of its measure is taken away."""
    measures = [(word.start, word.end) for word in split(text) if word.kind == "measure"]
    left = [count for count in counts if not any(start <= count.start < end for start, end in measures)]
    return replace(line, quantity=left[0].value if len(left) == 1 else None)
