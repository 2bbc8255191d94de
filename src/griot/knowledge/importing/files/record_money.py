"""What objects of JSON and XML say of money: numbers, texts, objects of amount and currency, cents."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from griot.knowledge.importing.amounts import currency_code
from griot.knowledge.importing.currencies import WITH_THREE_DECIMALS, WITHOUT_DECIMALS, currency_of
from griot.knowledge.importing.files.dates import is_on
from griot.knowledge.importing.files.nodes import Node
from griot.knowledge.importing.files.origin import Origin, money_of
from griot.knowledge.importing.files.prices import Price, Style, machine_price, read_price, style_of
from griot.knowledge.importing.files.records import CENTS, MONEY_FIELDS, Record, spoken, variants_of
from griot.knowledge.importing.files.vocabulary import Recognised, recognised

_AMOUNTS = (
    *("current", "sale", "final", "now", "discounted", "amount", "value", "price", "regular", "base", "ttc", "gross"),
    *(
        "start",
        "pricerange",
        "minvariantprice",
        "calculated_price",
        "calculated_amount",
        "min",
        "net",
        "#text",
        "_",
        "text",
        "__cdata",
    ),
)
_TYPES = frozenset({"type", "art", "typ", "tipo", "kind", "name", "label", "nom", "code"})
_OTHER_CENTS = re.compile(r"(?i)compare|old|cost|ship")


class Money:
    """Reads the prices of one source's objects. ``currency``: what is said of all prices, above them.

    ``sample``: objects by whose texts it is judged which of dot and comma stands before decimals.
    """

    def __init__(self, origin: Origin, sample: Iterable[Node], currency: str | None) -> None:
        self._today = origin.today
        self._hint = money_of(origin.country)
        self._currency = currency
        texts: list[str] = []
        for source in sample:
            record = Record(source)
            for holder in (record, *(Record(one) for one in variants_of(record)[:3])):
                texts += [text for field in MONEY_FIELDS if isinstance(text := holder.value(field), str)]
        plain = all(re.fullmatch(r"\d+(?:\.\d+)?", text.strip()) for text in texts)
        self._style = Style(style_of(texts).decimal, machine=plain and _are_decimals(texts))

    def price(self, record: Record) -> tuple[Price | None, str]:
        """(what a buyer pays now, the key it stands under)."""
        regular, key = self._first(record, "price")
        sale, sale_key = self._first(record, "sale_price")
        if regular and sale and sale.value < regular.value and self._is_on_sale(record):
            return Price(sale.value, sale.currency or regular.currency, sale.upper), sale_key
        if regular or sale:
            return (regular, key) if regular else (sale, sale_key)
        for field in ("old_price", "price_excl_tax"):
            other, other_key = self._first(record, field)
            if other:
                return other, other_key
        return self._cents(record)

    def currency(self, record: Record) -> str | None:
        """The currency that an object names, else the one that is said of all."""
        own = record.value("currency")
        inner = own.get("code") if isinstance(own, dict) else None
        return currency_code(spoken(own)) or currency_code(inner) or _beside_price(record) or self._currency

    def _is_on_sale(self, record: Record) -> bool:
        return is_on(self._today, record.text("sale_from"), record.text("sale_to"), record.text("sale_period"))

    def _first(self, record: Record, field: str) -> tuple[Price | None, str]:
        for key in record.keys(field):
            price = None if CENTS.search(key) else self._amount(record.source[key])
            if price:
                named = price.currency or currency_of(key.replace("_", " "))
                return Price(price.value, named, price.upper), key
        return None, ""

    def _cents(self, record: Record) -> tuple[Price | None, str]:
        """A price under a key that says it is in minor units (``price_cents``, ``unit_amount``)."""
        currency = self.currency(record)
        digits = _digits(currency)
        for name, value in record.source.items():
            if CENTS.search(str(name)) and not _OTHER_CENTS.search(str(name)):
                minor = machine_price(value)
                if minor:
                    return Price(minor.scaleb(-digits)), str(name)
        return None, ""

    def _amount(self, value: Any, depth: int = 5) -> Price | None:
        """A price as a number, a text, an object with an amount and a currency, or the first of a list."""
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            number = machine_price(value)
            return Price(number) if number else None
        if isinstance(value, str):
            return read_price(value, self._style, self._currency or self._hint)
        if isinstance(value, list) and value and depth:
            return self._of_list(value, depth)
        return self._of_object(value, depth) if isinstance(value, dict) and depth else None

    def _of_list(self, value: list[Any], depth: int) -> Price | None:
        """The first of several prices; the one that is called a sale's, where they are told apart by a type."""
        typed = {_type_of(one): one for one in reversed(value) if isinstance(one, dict) and _type_of(one)}
        first = self._amount(value[0], depth - 1)
        paid = [one for name, one in typed.items() if any(f.field == "sale_price" for f in _called(name))]
        bought = [one for name, one in typed.items() if any(f.field in ("cost", "old_price") for f in _called(name))]
        sale = self._amount(paid[0], depth - 1) if paid else None
        if sale and (first is None or sale.value < first.value):
            return sale
        if value[0] in bought:
            return next((found for one in value[1:] if one not in bought and (found := self._amount(one, 1))), None)
        return first

    def _of_object(self, value: Node, depth: int) -> Price | None:
        lowered = {str(key).lower(): inner for key, inner in value.items()}
        named = (currency_code(spoken(inner)) for key, inner in lowered.items() if _names_currency(key))
        currency = next((code for code in named if code), None)
        cents = next(
            (inner for key, inner in lowered.items() if CENTS.search(key) and not _OTHER_CENTS.search(key)), None
        )
        if cents is not None:
            minor = machine_price(cents)
            return Price(minor.scaleb(-_digits(currency)), currency) if minor else None
        also = [key for key in lowered if any(one.field in ("price", "sale_price") for one in recognised(key)[:1])]
        for name in dict.fromkeys([*_AMOUNTS, *also]):
            found = self._amount(lowered.get(name), depth - 1)
            if found:
                found = self._on_offer(value, found, depth)
                return Price(found.value, found.currency or currency, found.upper)
        codes = [(code, inner) for key, inner in lowered.items() if len(key) == 3 and (code := currency_code(key))]
        if len(codes) == 1:
            found = self._amount(codes[0][1], depth - 1)
            return Price(found.value, codes[0][0]) if found else None
        return self._by_size(lowered, currency, depth) if not codes else None

    def _on_offer(self, value: Node, regular: Price, depth: int) -> Price:
        """The lower price that an object of prices states beside the regular one, unless it says that it is off."""
        if any(value.get(key) is False for key in ("onSale", "on_sale", "isOnSale")):
            return regular
        keys = [key for key in value if any(one.field == "sale_price" for one in recognised(str(key))[:1])]
        offers = (self._amount(value[key], depth - 1) for key in keys)
        return next((one for one in offers if one and one.value < regular.value), regular)

    def _by_size(self, value: Node, currency: str | None, depth: int) -> Price | None:
        """``{"petit": 5000, "grand": 8000}``: from the lowest to the highest."""
        retail = [key for key in value if any(one.field == "price" for one in _called(str(key)))]
        if retail:  # {"détail": 500, "gros": 450}
            return self._amount(value[retail[0]], depth - 1)
        held = [found for inner in list(value.values())[:40] if (found := self._amount(inner, depth - 1))]
        if not held or len(held) < len(value):
            return None
        lowest, highest = min(one.value for one in held), max(one.value for one in held)
        return Price(lowest, currency or held[0].currency, highest if highest > lowest else None)


def _digits(currency: str | None) -> int:
    """How many decimals a currency has."""
    return 0 if currency in WITHOUT_DECIMALS else 3 if currency in WITH_THREE_DECIMALS else 2


def _beside_price(record: Record) -> str | None:
    """The currency beside a price that is none: ``{"amount": 0, "currency": "SAR"}``, ``0.00 XOF``."""
    for key in record.keys("price"):
        value = record.source[key]
        if isinstance(value, str):
            code = currency_of(value[:60])
        else:
            held = value.items() if isinstance(value, dict) else ()
            code = next(
                (code for name, one in held if _names_currency(str(name)) and (code := currency_code(one))), None
            )
        if code:
            return code
    return None


def _type_of(price: Node) -> str:
    """What one of several prices is called: ``<preis art="aktion">``, ``{"type": "sale", "value": 8}``."""
    return next((text for key, one in price.items() if str(key).lower() in _TYPES and (text := spoken(one))), "")


def _called(name: str) -> tuple[Recognised, ...]:
    """What a type of price means: ``sale`` is ``sale price``, ``aktion`` ``aktionspreis``."""
    tried = (f"{name} price", name, f"{name}preis", f"{name}spreis", f"prix {name}", f"precio {name}")
    return tuple(one for text in tried for one in recognised(text) if one.exactness > 1)


def _names_currency(key: str) -> bool:
    """Whether a key or attribute beside an amount is its currency: ``currencyCode``, ``devise``, ``waehrung``."""
    return "curren" in key or any(one.field == "currency" for one in recognised(key))


def _are_decimals(texts: list[str]) -> bool:
    """Whether plain numbers are a program's: none has a dot, or one has not exactly three figures after it."""
    dotted = [text for text in texts if "." in text]
    return not dotted or any(len(text.rpartition(".")[2]) != 3 for text in dotted)
