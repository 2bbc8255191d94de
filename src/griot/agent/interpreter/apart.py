"""Of several articles that go by one name, the one that is meant; and the same article in another measure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from griot.agent.interpreter.amounts import Count
from griot.agent.interpreter.lines import POINTED, OrderLine
from griot.agent.interpreter.naming import CLEAR
from griot.agent.interpreter.values import meant
from griot.knowledge.catalogue.models import Product
from griot.knowledge.search.models import Mention
from griot.knowledge.search.words import fold, split, stem

_LITRE, _KILO = "l|litres?|litatra", "kg|kilos?|kilao"
_MEASURES = {
    word: pattern
    for pattern, words in {
        _LITRE: "l litre litres litatra liter liters",
        _KILO: "kg kilo kilos kilao kilogramme kilogrammes",
    }.items()
    for word in words.split()
}
_CONTENT = re.compile(
    r"\b(?:de|of|a|à|x)\s*(\d+)\b(?!\s*(?:f|fcfa|cfa|ar|h|%)\b)|\b(?:le|la|les|the|ny)\s+(\d+)\b", re.I
)


def told_apart(text: str, line: OrderLine, counts: Sequence[Count], products: Mapping[str, Product]) -> OrderLine:
    """The only one of the size, content or colour that was said; the line as it is when that leaves several."""
    if measured := _measured(line.alternatives, counts, products):
        return measured
    if named := _by_content(text, line, products) or _by_container(line, counts, products):
        return named
    fitting = {}
    for code in line.alternatives:
        if options := {value.axis: value.value for value in meant(text, products[code])}:
            fitting[code] = options
    if len(fitting) != 1:
        return line
    code, options = fitting.popitem()
    quantity = None if str(line.quantity) in options.values() else line.quantity
    return OrderLine(code, quantity, options, (), line.score)


def _measured(codes: Sequence[str], counts: Sequence[Count], products: Mapping[str, Product]) -> OrderLine | None:
    """The article of the size that was said in its own unit: "un bidon d'un litre", "5 kg"."""
    for count in counts:
        unit = _MEASURES.get(fold(count.unit or ""))
        size = re.compile(rf"(?<!\d){count.value} ?({unit})\b") if unit else None
        fitting = [code for code in codes if size and size.search(fold(products[code].title))]
        if len(fitting) == 1:
            others = [other.value for other in counts if other is not count]
            return OrderLine(fitting[0], others[0] if len(others) == 1 else None, {}, (), CLEAR)
    return None


def _by_content(text: str, line: OrderLine, products: Mapping[str, Product]) -> OrderLine | None:
    """ "La boîte de 12": the one with that number in its title."""
    numbers = {found[1] or found[2] for found in _CONTENT.finditer(text)}
    fitting = [
        code for code in line.alternatives if numbers & {word.number for word in split(products[code].title)} - {""}
    ]
    if len(fitting) != 1:
        return None
    quantity = None if str(line.quantity) in numbers else line.quantity
    options = {value.axis: value.value for value in meant(text, products[fitting[0]])}
    return OrderLine(fitting[0], quantity, options, (), line.score)


def _by_container(line: OrderLine, counts: Sequence[Count], products: Mapping[str, Product]) -> OrderLine | None:
    """ "40 packs d'eau": the water that comes in packs, and not the one in bottles."""
    unit = next((stem(fold(count.unit)) for count in counts if count.unit and count.value == line.quantity), None)
    fitting = [code for code in line.alternatives if unit in {stem(word.text) for word in split(products[code].title)}]
    return replace(line, code=fitting[0], alternatives=()) if len(fitting) == 1 else None


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
