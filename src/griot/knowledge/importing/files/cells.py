"""What the cells of a row say: price and currency, stock, images, options."""

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from griot.knowledge.importing.amounts import currency_code
from griot.knowledge.importing.availability import availability_of, of_pieces
from griot.knowledge.importing.currencies import country_of
from griot.knowledge.importing.files.dates import is_on
from griot.knowledge.importing.files.doubts import Doubts
from griot.knowledge.importing.files.drafts import Draft, count_of
from griot.knowledge.importing.files.mapping import ANSWERS, AXES, Column
from griot.knowledge.importing.files.origin import Origin, money_of
from griot.knowledge.importing.files.plain import address, one_line
from griot.knowledge.importing.files.prices import Price, header_currency, read_price, style_of, tidy
from griot.knowledge.importing.files.tables import Row, Table
from griot.knowledge.importing.files.vocabulary import folded, pieces_said, says_of_stock
from griot.knowledge.importing.models import Availability

_PRICES = ("price", "sale_price", "old_price", "price_excl_tax", "surcharge", "size_price")
_BETWEEN_ADDRESSES = re.compile(r"[\s|;,]+(?=(?:https?:)?//)")
_BETWEEN_NAMES = re.compile(r"\s*[|;,\n]\s*")
_IN_FORMULA = re.compile(r"https?://[^\s\"'),;]+")
_ENDLESS = re.compile(r"(?i)^\s*(?:illimit|unlimited|infini|∞|ilimitad|unbegrenzt)")
_YES = frozenset({"1", "true", "yes", "oui", "sí", "si", "sim", "ja", "نعم", "vrai", "x"})
_RATE = re.compile(r"(\d{1,2}(?:[.,]\d{1,2})?)\s*%")


@dataclass(frozen=True, slots=True)
class Cost:
    """What a row says of money. ``source``: the columns it was read in. ``zero``: a price of 0 is written there."""

    price: Decimal | None
    upper: Decimal | None
    currency: str | None
    source: str
    zero: bool = False


class Cells:
    """Reads the rows of one table. ``machine``: a program wrote the prices."""

    def __init__(self, table: Table, doubts: Doubts, origin: Origin, *, machine: bool = False) -> None:
        self.table = table
        self.doubts = doubts
        self.base = origin.url
        self._today = origin.today
        self._country = origin.country or self._country_of_links()
        self._hint = money_of(self._country)
        self._places = {folded(header): at for at, header in reversed(list(enumerate(table.headers))) if header}
        columns = table.mapping.fields()
        money = [column for field in _PRICES for column in columns.get(field, ())]
        self._style = style_of((text for column in money for text in self._texts(column)), machine=machine)
        self._currencies = {column.index: self._column_currency(column) for column in money}
        named = {code for column in money if (code := self._currencies[column.index])}
        self.currency = table.mapping.currency or (next(iter(named)) if len(named) == 1 else None) or table.currency

    def _country_of_links(self) -> str | None:
        """The country of the addresses that products have."""
        for column in self.table.mapping.fields().get("url", ()):
            named = {country_of(text) for text in self._texts(column)[:20] if text.strip()}
            if len(named) == 1:
                return next(iter(named))
        return None

    def has(self, header: str) -> bool:
        """Whether the table has a column of this name."""
        return folded(header) in self._places

    def raw(self, row: Row, *headers: str) -> str:
        """The text in the first filled column of one of these names, known field or not."""
        for header in headers:
            at = self._places.get(folded(header))
            if at is not None and at < len(row.cells) and row.cells[at].strip():
                return row.cells[at].strip()
        return ""

    def _texts(self, column: Column) -> list[str]:
        return [line.cells[column.index] for line in self.table.sample if column.index < len(line.cells)]

    def _column_currency(self, column: Column) -> str | None:
        """The currency of a column: its header's, or the one that its cells name and no other."""
        named = header_currency(column.header, self._country)
        if named:
            return named
        read = {price.currency for text in self._texts(column) if (price := read_price(text, self._style, self._hint))}
        read.discard(None)
        return next(iter(read)) if len(read) == 1 else None

    def price_in(self, row: Row, field: str) -> tuple[Price | None, Column | None]:
        """The price in the field's first column that states one."""
        for column, text in row.all(field):
            read = read_price(text, self._style, self._currencies.get(column.index) or self.currency or self._hint)
            if read:
                return read, column
        return None, None

    def prices_by_size(self, row: Row) -> list[tuple[Column, Price]]:
        """The prices under the columns that are sizes, each with its currency where it is known."""
        found = []
        for column, text in row.all("size_price"):
            known = self._currencies.get(column.index) or self.currency
            read = read_price(text, self._style, known or self._hint)
            if read:
                named = read.currency or currency_code(row.get("currency")) or known
                found.append((column, replace(read, currency=named)))
        return found

    def cost(self, row: Row) -> Cost:
        """What a buyer pays now: the promotional price while it is on, tax included where the rate is known."""
        cost = self._before_discount(row)
        if self.table.mapping.format != "prestashop-csv" or cost.price is None or not self._on_sale(row):
            return cost
        percent, _ = self.price_in(row, "discount_percent")
        amount, _ = self.price_in(row, "discount_amount")
        off = cost.price * percent.value / 100 if percent else amount.value if amount else Decimal(0)
        return replace(cost, price=tidy(cost.price - off) or None) if 0 < off < cost.price else cost

    def _before_discount(self, row: Row) -> Cost:
        """The price that a row states."""
        regular, column = self.price_in(row, "price")
        sale, sale_column = self.price_in(row, "sale_price")
        if regular is None and sale is None:
            return self._without_tax(row)
        now, source = (regular, column) if regular else (sale, sale_column)
        if regular and sale and sale.value < regular.value and self._on_sale(row):
            now, source = sale, sale_column
        assert now is not None and source is not None
        currency = self._currency_of_row(row, now, regular or sale, source)
        return Cost(now.value, now.upper, currency, f"column {source.label}")

    def _on_sale(self, row: Row) -> bool:
        if self.table.mapping.format != "prestashop-csv" and row.get("on_sale").casefold() in (
            "0",
            "no",
            "false",
            "non",
            "n",
        ):
            return False
        return is_on(self._today, row.get("sale_from"), row.get("sale_to"), row.get("sale_period"))

    def _currency_of_row(self, row: Row, now: Price, other: Price | None, column: Column) -> str | None:
        """The currency of one price: its own cell's, the row's, its column's, the table's; never a guess."""
        return (
            now.currency
            or (other.currency if other else None)
            or currency_code(row.get("currency"))
            or self._currencies.get(column.index)
            or self.currency
        )

    def _without_tax(self, row: Row) -> Cost:
        net, column = self.price_in(row, "price_excl_tax")
        if net is None or column is None:
            zero = any(count_of(text) == 0 for field in ("price", "price_excl_tax") for _, text in row.all(field))
            return Cost(None, None, currency_code(row.get("currency")) or self.currency, "", zero)
        currency = self._currency_of_row(row, net, None, column)
        rate = self._rate(row)
        if rate is None:
            self.doubts.add(
                f"column {column.label}",
                "The prices are without tax, and the rate of the tax is not in the file.",
                "Check the prices: buyers pay what stands there.",
            )
            return Cost(net.value, None, currency, f"column {column.label}")
        gross = tidy((net.value * (100 + rate) / 100).quantize(Decimal("0.01")))
        return Cost(gross or None, None, currency, f"column {column.label} and its tax")

    @staticmethod
    def _rate(row: Row) -> Decimal | None:
        text = row.get("tax_rate")
        found = _RATE.search(text) or re.fullmatch(r"\s*(\d{1,2}(?:[.,]\d{1,2})?)\s*", text)
        if not found:
            return None
        rate = Decimal(found[1].replace(",", "."))
        rate = rate * 100 if 0 < rate < 1 else rate
        return rate if rate == 0 or 2 <= rate <= 35 else None

    def stock(self, row: Row) -> tuple[int | None, Availability | None]:
        """(pieces, whether it can be bought), each None where the row does not say."""
        if row.get("endless").casefold() in _YES:
            return None, "in_stock"
        pieces, availability = self._pieces(row)
        for _, text in row.all("availability"):
            count, said = count_of(text), pieces_said(text)
            if said is not None or (count is not None and count > 1):
                pieces = (count if said is None else said) if pieces is None else pieces
            availability = says_of_stock(text) or availability_of(text) or availability
        if availability is None and row.get("status"):
            availability = self._from_status(row.get("status"))
        offered = availability_of(row.get("orderable"))  # whether it may be ordered says little of what is left
        return pieces, offered if offered == "out_of_stock" else availability or of_pieces(pieces) or offered

    @staticmethod
    def _from_status(text: str) -> Availability | None:
        """A status speaks of stock only in words that mean nothing else."""
        if text.strip().casefold() in ANSWERS:
            return None
        return (
            availability_of(text)
            if not re.search(r"(?i)activ|publi|draft|brouillon|archiv|visible|new|neuf", text)
            else None
        )

    @staticmethod
    def _pieces(row: Row) -> tuple[int | None, Availability | None]:
        counts = []
        for _, text in row.all("stock"):
            count = count_of(text)
            if count is None:
                count = pieces_said(text)
            if count is not None:
                counts.append(count)
            elif _ENDLESS.match(text):
                return None, "in_stock"
            elif told := says_of_stock(text) or availability_of(text):
                return None, told
        return (sum(counts) if counts else None), None

    def images(self, row: Row, prefix: str | None = None) -> list[str]:
        """The addresses of a row's images, in order."""
        found: list[str] = []
        for column, text in row.all("image"):
            for part in parted(text):
                image = address(prefix + part if prefix and "://" not in part else part, self.base)
                if image:
                    found.append(image)
                elif part:
                    self.doubts.add(
                        f"column {column.label}",
                        "Images are given by the names of files, which cannot be fetched.",
                        "Write their full addresses (https://…), or add the images afterwards.",
                    )
        return found

    def axes(self, row: Row) -> dict[str, str]:
        """The options that a row names: axis -> value, by numbered pairs, then by columns such as size.

        What something is made of tells variants apart only where a column groups them.
        """
        options: dict[str, str] = {}
        names = {column.number: text for column, text in row.all("option_name")}
        named = self.table.mapping.reads("option_name")
        for column, text in row.all("option_value"):
            axis = names.get(column.number) or ("" if named else column.label)
            if axis and text.casefold() not in ("default title", "default", "none"):
                options.setdefault(one_line(axis, 60), one_line(text, 120))
        for field in AXES if row.get("group") else AXES[:2]:
            for column, text in row.all(field):
                options.setdefault(one_line(column.label, 60), one_line(text, 120))
        for column, text in row.all("variant_title") if not options else ():
            options[one_line(column.label, 60)] = one_line(text, 120)
        return options

    def settle(self, draft: Draft, row: Row) -> Cost:
        """Fill in a draft what one row says of price, stock and images, and where it was read."""
        cost = self.cost(row)
        draft.base = draft.base or cost.price
        draft.upper = draft.upper or cost.upper
        draft.currency = draft.currency or cost.currency
        if cost.source:
            draft.from_source(cost.source, "price")
        if cost.currency:
            draft.from_source(self.currency_source(row, cost), "currency")
        pieces, availability = self.stock(row)
        draft.stock = pieces if draft.stock is None else draft.stock
        draft.availability = draft.availability or availability
        draft.add_images(self.images(row))
        for name in ("title", "description", "category", "brand", "sku", "image", "url", "stock", "availability"):
            self.note(draft, row, name, "images" if name == "image" else name)
        return cost

    def currency_source(self, row: Row, cost: Cost) -> str:
        """Where the currency of a row was read."""
        if self.table.mapping.currency:
            return "you said so"
        held = row.all("currency")
        return f"column {held[0][0].label}" if held else cost.source or "above the table"

    @staticmethod
    def note(draft: Draft, row: Row, field: str, name: str) -> None:
        """Note the column that a field of a draft came from."""
        held = row.all(field)
        if held:
            draft.from_source(sys.intern(f"column {held[0][0].label}"), name)


def parted(text: str) -> Sequence[str]:
    """The images of one cell: addresses or names of files, separated as people do."""
    if text.startswith("="):  # =IMAGE("https://…"), =HYPERLINK("https://…";"voir")
        return _IN_FORMULA.findall(text)
    bare = text.strip().strip("[]")
    parts = (_BETWEEN_ADDRESSES if "//" in bare else _BETWEEN_NAMES).split(bare)
    return [part for one in parts if (part := one.strip().strip("\"',;|").strip())]
