"""Quantity prices as merchants write them in a description: “5000 F l'unité, 4500 F dès 10”.

Nothing is guessed. What counts is a price of one piece beside the quantity from which it holds; a price of a whole
carton, a delivery fee, a discount, a starting price or an age is left out, and so is what contradicts itself.
"""

import re
from functools import cache
from itertools import pairwise

from griot.core.accents import without_accents
from griot.core.errors import InvalidInput
from griot.core.money import Money

MOST_PIECES = 9_999
_CHEAPEST = 3  # a piece never costs less than a third of the single one: that is another thing's price

_CURRENCIES = {
    "XOF": r"f\.?\s?cfa|cfa|xof|francs?|frs?|f",
    "XAF": r"f\.?\s?cfa|cfa|xaf|francs?|frs?|f",
    "GNF": r"gnf|fg|francs?|f",
    "MGA": r"ariary|mga|ar",
    "EUR": r"€|euros?|eur",
    "USD": r"\$|dollars?|usd",
    "MAD": r"dirhams?|dhs?|mad",
    "TND": r"dinars?|dt|tnd",
}
_NUMBER = r"(?<![\d.,+-])(?:\d{1,3}(?:[ .,]\d{3})+|\d+(?:[.,]\d{1,2})?)(?![.,]?\d|\s?%)"
_EACH = (
    r"(?:/\s?|(?:l'|la |le |par |chaque |per |a |an |isaky ny |ny )?)"
    r"(?:pieces?|pcs?|unites?|unit|each|chacune?|isany|iray|tsirairay)\b"
)
# What the quantity counts, if that is said: one word, and none that makes it a time, a measure, an amount or a share.
_NO_PIECES = (
    r"(?:h|heures?|hours?|ora|am|pm|min|minutes?|jours?|days?|andro|semaines?|weeks?|herinandro|mois|months?|volana|ans?|"
    r"annees?|years?|taona|fois|times|versements?|tranches?|echeances?|kgs?|kilos?|g|gr|grammes?|mg|m|cm|mm|m2|metres?|"
    r"l|cl|ml|litres?|%|pour cent|f|fcfa|cfa|xof|xaf|gnf|ar|ariary|mga|eur|euros?|usd|dollars?|dh|dhs|dt|k|mille)"
)
_A_NOUN = (  # “4500 F le sac dès 10 sacs”: one of what the shop sells, and not a container of many
    rf"(?:/\s?|le |la |l'|par |per )(?!{_NO_PIECES}(?![a-z])|(?:cartons?|caisses?|lots?|packs?|box|palettes?|douzaines?"
    r"|dozen|baoritra|course|livraison)\b)[a-z]{3,}"
)
_AND_MORE = (
    r"(?:\+(?!\s?\d)|(?:et|ou) ?(?:\+|(?:plus|davantage)\b)|(?:and|or) (?:more|up|above|over)\b"
    r"|(?:no|na) (?:ho )?(?:mihoatra|miakatra)\b)"
)
_FROM = (
    r"(?:\bdes|\ba ?partir (?:de|d')|\ba compter de|\bfrom|\bstarting (?:at|from)|\bmanomboka (?:amin'ny|amin'|amin ny)"
    r"|>=|≥)"
)
_BEYOND = r"(?:\bplus de|\+ de|\bau[- ]dela de|\bmore than|\bover|\babove|\bmihoatra ny|>)"
_AT_LEAST = r"(?:\bminimum(?: de)?|\bmini|\bmin\.?|\bau moins|\bat least)"
_IF = (
    r"(?:\bpour|\bsi|\bquand|\bfor|\bif|\bwhen|\braha)?"
    r"(?: (?:vous|tu|on|you) (?:prenez|prends|prend|achetez|achetes|commandez|buy|take|order)"
    r"| (?:mividy|maka|manafatra))?"
)
_QUANTITY_LEFT = re.compile(rf"{_FROM} ?\d+(?: ?[a-z]+)?[\s,)–-]*$")
# In front of a price, these say that it is the price of something else, or no price at all.
_OTHER_THINGS = re.compile(
    r"\b(?:livraisons?|livres?|delivery|shipping|fanaterana|frais|fees?|acomptes?|avances?|cautions?|deposits?|remises?|"
    r"reductions?|rabais|discounts?|economi\w+|save|offerte?s?|gratuit\w*|free|cadeaux?|gifts?|supplements?|options?|"
    r"emballages?|retouches?|gravures?|installation|location|cartons?|caisses?|baoritra|packs?|lots?|douzaines?|dozens?|"
    r"box(?:es)?|palettes?|tailles?|pointures?|sizes?|ages?|sauf|hors)\b"
)
_NO_PRICE_AFTER = re.compile(r"\s*(?:de |d')?\s*(?:remises?|reductions?|rabais|discounts?|off|moins|fihenam-bidy)\b")
_SENTENCE = re.compile(r"[;\n|•!?]|(?<!\bmin)\.(?!\d)(?=\s|$)")


def read_price_breaks(text: str, base: Money) -> list[tuple[int, Money]]:
    """The quantity prices in a description: (from how many pieces on, the price of each), fewest pieces first.

    ``base`` is the price of a single piece; every price read is lower, and the lower the more pieces. A text that says
    two things about one quantity, or asks more for more pieces, gives none.
    """
    pattern = _pattern(base.currency)
    steps: set[tuple[int, int]] = set()
    for sentence in _SENTENCE.split(_plain(text)):
        said = 0
        for match in pattern.finditer(sentence):
            before, after = sentence[said : match.start()], sentence[match.end() :]
            said = match.end()
            if not (_of_another_thing(sentence[: match.start()], before) or _NO_PRICE_AFTER.match(after)):
                steps.update(_step(match, base))
    found = sorted(steps)
    falling = all(few < more and high > low for (few, high), (more, low) in pairwise(found))
    return [(quantity, Money(minor, base.currency)) for quantity, minor in found] if falling else []


def _step(match: re.Match[str], base: Money) -> list[tuple[int, int]]:
    """The step that a match writes, if it can be one."""
    said = {name.rstrip("0123456789"): value for name, value in match.groupdict().items() if value is not None}
    quantity = int(said["beyond"]) + 1 if "beyond" in said else int(said["pieces"])
    digits = re.sub(r"[ .,](?=\d{3}(?!\d))", "", said["amount"]).replace(",", ".")
    try:
        minor = Money.parse(digits, base.currency).minor
    except InvalidInput:
        return []
    believable = 2 <= quantity <= MOST_PIECES and minor < base.minor <= minor * _CHEAPEST
    return [(quantity, minor)] if believable else []


def _of_another_thing(sentence: str, before: str) -> bool:
    """Is the price that follows one of delivery, of a carton …, as its clause or a heading (“Livraison : …”) says?

    Or of another quantity: in “dès 10 4500 F dès 50 4000 F” nobody can tell which price is whose.
    """
    if _QUANTITY_LEFT.search(before):
        return True
    clause = re.split(r",(?!\d)|\bet\b|\band\b|\bary\b", before)[-1]
    heading = sentence.rpartition(":")[0]
    return bool(_OTHER_THINGS.search(clause) or (heading and _OTHER_THINGS.search(re.split(r"[,:]", heading)[-1])))


@cache
def _pattern(currency: str) -> re.Pattern[str]:
    """An amount and a quantity beside each other, in either order."""
    money = rf"(?:{_CURRENCIES[currency]})(?![a-z])"

    def amount(n: int) -> str:
        return rf"(?P<amount{n}>{_NUMBER})"

    def quantity(n: int, *, at_least: bool = False) -> str:
        count = r"\d{1,4}(?![\d]|[ .,]\d{3}(?!\d))"
        noun = rf"(?! ?{_NO_PIECES}(?![a-z]))(?: ?(?!(?:et|ou|and|or|no|na)\b)[a-z]{{2,}})?"
        start = rf"(?:{_FROM}|{_AT_LEAST})" if at_least else _FROM
        return (
            rf"(?:{start} ?(?P<pieces{n}0>{count}){noun}(?: ?{_AND_MORE})?"
            rf"|{_BEYOND} ?(?P<beyond{n}>{count}){noun}"
            rf"|(?<![\d.,])(?P<pieces{n}1>{count}){noun} ?{_AND_MORE})"
        )

    told = rf"(?:\s?{money}(?: ?{_EACH})?|\s?{_EACH})"
    of_one = rf"(?:{told}|\s?{money} ?{_A_NOUN})?"
    amount_first = rf"{amount(1)}{of_one}[\s(]*{_IF}\s?{quantity(1, at_least=True)}(?!\s?[:=→]\s?\d)"
    explicit = rf"{_IF}\s?{quantity(2)}\s?(?::|=|=>|->|→)\s?{amount(2)}{told}?"
    beside = rf"{_IF}\s?{quantity(3)}(?:\s?[,)–-])?\s(?:a |at |dia |c'est |soit )?{amount(3)}{told}"
    alone = rf"(?![\s(]*{_IF}\s?(?:{_FROM}|{_AT_LEAST}|{_BEYOND}|\d+ ?{_AND_MORE}))"
    each = rf"(?:\s?[:=,])?\s?(?:a )?{amount(4)}(?:\s?{money})?\s?{_EACH}"
    by_so_many = rf"\bpar (?:lots? de )?(?P<pieces4>\d{{1,4}})(?!\d){each}"
    return re.compile(rf"{explicit}|{amount_first}|{beside}{alone}|{by_so_many}")


def _plain(text: str) -> str:
    """Small letters without accents, plain apostrophes and single spaces; line breaks stay."""
    plain = without_accents(text.casefold().replace("’", "'").replace("ʼ", "'").replace("œ", "oe"))
    return re.sub(r"[^\S\n]+", " ", plain)
