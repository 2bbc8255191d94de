"""Which column of a table is what, and why: shown to the merchant, who can correct it."""

import re
from collections.abc import Callable, Sequence
from collections.abc import Mapping as Dict
from dataclasses import dataclass, replace
from urllib.parse import unquote

from griot.knowledge.importing.availability import availability_of
from griot.knowledge.importing.files.contradictions import is_per_unit, numbers_lines
from griot.knowledge.importing.files.sizes import hold_prices, sizes_in
from griot.knowledge.importing.files.vocabulary import Recognised, recognised, says_of_stock, words

MANY = frozenset(
    {
        "image",
        "option_name",
        "option_value",
        "size",
        "color",
        "material",
        "pattern",
        "stock",
        "size_stock",
        "size_price",
    }
)
# What a merchant may say that a column is.
FIELDS = frozenset(
    {
        "title",
        "price",
        "sale_price",
        "old_price",
        "currency",
        "stock",
        "availability",
        "sku",
        "description",
        "category",
        "brand",
        "url",
        "image",
        "size",
        "color",
        "group",
    }
)
_PRICES = ("price", "sale_price", "old_price", "price_excl_tax")
AXES = ("size", "color", "material", "pattern")
_IMAGE_NAME = re.compile(r"(?i)\.(?:jpe?g|png|webp|gif|avif|bmp|svg|heic|tiff?)(?:[?#].*)?$|~mv2")
ANSWERS = frozenset(
    {
        *(
            "oui",
            "non",
            "yes",
            "no",
            "true",
            "false",
            "vrai",
            "faux",
            "y",
            "n",
            "o",
            "s",
            "si",
            "sí",
            "sim",
            "não",
            "nao",
        ),
        *("ja", "nein", "nee", "nej", "x", "نعم", "لا", "eny", "tsia", "ndiyo", "hapana", "да", "нет", "evet", "hayır"),
        *("tak", "nie", "ano", "ne", "da", "nu", "igen", "nem", "0", "1", "là", "-", "ok", "active", "inactive", "new"),
        *("actif", "inactif"),
    }
)
MONEY_LIKE = re.compile(r"^[^\d]{0,12}\d[\d\s.,'’\u00a0\u202f]*[^\d]{0,14}$|^[^\d]{0,8}\d[^a-zA-Z]{0,30}$")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``index`` from 0, ``header`` as written (empty when there is none), ``field`` or None when unread.

    ``number`` tells columns of one kind apart (``Option1 Name``). ``reason``: why, in a sentence for the merchant.
    """

    index: int
    header: str
    field: str | None
    reason: str
    number: int | None = None

    @property
    def label(self) -> str:
        """How the merchant finds it: its header, else its letter as in a spreadsheet."""
        return self.header or _letter(self.index)


@dataclass(frozen=True, slots=True)
class Mapping:
    """The columns of a table. ``header_line``: 1 is the file's first; None: the table has no header.

    ``currency``: what a merchant said all prices are in, for files that do not say. ``format``: whose export it is.
    """

    columns: tuple[Column, ...]
    header_line: int | None = None
    format: str = "own"
    currency: str | None = None

    def with_field(self, column: str | int, field: str | None) -> "Mapping":
        """The mapping with a column (its header, its letter, or its index from 0) read as ``field``; None: not read."""
        at = column if isinstance(column, int) else self._index_of(column)
        if at is None:
            return self
        corrected = []
        for one in self.columns:
            if one.index == at:
                corrected.append(replace(one, field=field, reason="you said so"))
            elif field and one.field == field and field not in MANY:
                corrected.append(replace(one, field=None, reason=f"you said that {field} is another column"))
            else:
                corrected.append(one)
        return replace(self, columns=tuple(corrected))

    def _index_of(self, name: str) -> int | None:
        for one in self.columns:
            if name in (one.header, one.label, _letter(one.index)):
                return one.index
        return None

    def names(self, column: str) -> bool:
        """Whether there is a column with this header or letter."""
        return self._index_of(column) is not None

    def fields(self) -> dict[str, list[Column]]:
        """Field -> its columns, in order."""
        by_field: dict[str, list[Column]] = {}
        for one in self.columns:
            if one.field:
                by_field.setdefault(one.field, []).append(one)
        return by_field

    def reads(self, *fields: str) -> bool:
        """Whether every one of the fields has a column."""
        present = {one.field for one in self.columns}
        return all(field in present for field in fields)


def _letter(index: int) -> str:
    """0 -> A, 26 -> AA, as spreadsheets name their columns."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def mapping_of(headers: Sequence[str], sample: Sequence[Sequence[str]], header_line: int | None) -> Mapping:
    """What the columns under these headers are, judged by their names and by what stands in them."""
    values = [[row[at] for row in sample if at < len(row) and row[at].strip()] for at in range(len(headers))]
    candidates = [_candidates(header, values[at]) for at, header in enumerate(headers)]
    candidates = _without_unit_prices(candidates, headers, values)
    best: dict[str, tuple[tuple[int, int, int, int], int]] = {}
    for at, found in enumerate(candidates):
        for one in found:
            certainty = 2 if one.exactness == 1 else 0 if _tells(one.field, values[at]) else 1
            key = (certainty, -one.exactness, one.rank if one.exactness > 1 else 999, at)
            if one.field not in best or key < best[one.field][0]:
                best[one.field] = (key, at)
    columns = tuple(_column(at, headers[at], candidates[at], best, headers) for at in range(len(headers)))
    return _completed(_sized(Mapping(columns, header_line), headers, values), values)


def _tells(field: str, values: Sequence[str]) -> bool:
    """Whether a column holds something; one of prices that are all 0 says as little as an empty one."""
    if field not in _PRICES:
        return bool(values)
    return any(re.search(r"[^\W\d_]|[^\D0٠۰]", text) for text in values)


def _without_unit_prices(
    candidates: Sequence[list[Recognised]], headers: Sequence[str], values: Sequence[Sequence[str]]
) -> list[list[Recognised]]:
    """What columns can be; a price per unit of measure beside a price without tax is not what a buyer pays."""
    net = next((values[at] for at, found in enumerate(candidates) if found and found[0].field == "price_excl_tax"), [])
    return [
        [one for one in found if one.field != "price"]
        if net and any(one.field == "price" for one in found) and is_per_unit(headers[at], values[at], net)
        else found
        for at, found in enumerate(candidates)
    ]


def _sized(mapping: Mapping, headers: Sequence[str], values: Sequence[Sequence[str]]) -> Mapping:
    """The mapping with the columns that are sizes; ``Prix S`` and ``Prix M`` are, though they begin like a price."""
    sizes = sizes_in(headers)
    sizes = {at: size for at, size in sizes.items() if mapping.columns[at].field in (None, "price", "stock", "size")}
    if len(sizes) < 2:
        return mapping
    others = [one for one in mapping.columns if one.field == "price" and one.index not in sizes]
    priced = values[others[0].index] if others else []
    field = (
        "size_price"
        if hold_prices([headers[at] for at in sizes], [values[at] for at in sizes], priced)
        else "size_stock"
    )
    columns = tuple(
        replace(one, field=field, reason=f"its header is the size {sizes[one.index]}") if one.index in sizes else one
        for one in mapping.columns
    )
    return replace(mapping, columns=columns)


def _candidates(header: str, values: Sequence[str]) -> list[Recognised]:
    """The fields that a column's name can mean and its values do not contradict; what they prove comes first."""
    found = [one for one in recognised(header) if not values or plausible(one.field, values)]
    if numbers_lines(header, values):
        found = [one for one in found if one.field not in ("sku", "id", "title", "mpn", "barcode", "group")]
    return sorted(found, key=lambda one: one.field != "kind") if values else found


def _column(
    at: int,
    header: str,
    found: Sequence[Recognised],
    best: Dict[str, tuple[tuple[int, int, int, int], int]],
    headers: Sequence[str],
) -> Column:
    for one in found:
        if one.field in ("unread", "order"):
            return Column(at, header, None, "it tells nothing that a shop shows")
        if one.field in MANY or best[one.field][1] == at:
            return Column(at, header, one.field, f"its header “{header.strip()}”", one.number)
    if found:
        other = headers[best[found[0].field][1]]
        return Column(at, header, None, f"“{other.strip()}” was taken for {found[0].field} instead")
    known = recognised(header)
    reason = "what stands in it is something else than its header says" if known else "its header is not known"
    return Column(at, header, None, reason)


def plausible(field: str, values: Sequence[str]) -> bool:
    """Whether the values of a column can be what its header says."""
    some = values[:60]
    if field == "title":
        return share(some, lambda text: any(char.isalpha() for char in text) and not is_address(text)) >= 0.5
    if field in _PRICES:
        return share(some, lambda text: any(char.isdigit() for char in text) and len(text) < 80) >= 0.4
    if field == "stock":
        return share(some, lambda text: len(text) < 40 and not is_address(text)) >= 0.6
    if field == "kind":
        return share(some, lambda text: bool(words("kinds").intersection(re.split(r"[,\s]+", text.casefold())))) >= 0.5
    if field == "url":
        return share(some, lambda text: is_address(text) or text.startswith("/")) >= 0.5
    if field == "image":
        return share(some, lambda text: looks_like_image(text) or "/" in text or "." in text) >= 0.4
    if field in ("sku", "id", "group", "barcode"):
        return share(some, lambda text: len(text) <= 120) >= 0.7
    if field == "category":  # not the number that one has in a database
        return share(some, lambda text: any(char.isalpha() for char in text)) >= 0.5
    if field == "currency":
        return share(some, lambda text: len(text) <= 12 and not text.isdigit()) >= 0.6
    return True


def share(values: Sequence[str], test: Callable[[str], object]) -> float:
    """How many of the values pass a test, from 0 to 1."""
    good = sum(1 for value in values if test(value.strip()))
    return good / len(values) if values else 1.0


def is_address(text: str) -> bool:
    """Whether a text is an address of the web."""
    return text.lower().startswith(("http://", "https://", "www.", "//"))


def looks_like_image(text: str) -> bool:
    """Whether a text is the name or address of an image."""
    return bool(_IMAGE_NAME.search(unquote(text.strip()[:600]))) or "wixstatic" in text or "/image" in text.lower()


def _completed(mapping: Mapping, values: Sequence[Sequence[str]]) -> Mapping:
    """A mapping whose title and price are found in other columns where no header names them."""
    if not mapping.reads("sku") and not mapping.reads("id"):
        mapping = _renamed(mapping, "mpn", "sku", "there is no other code")
    if not mapping.reads("kind"):
        mapping = _by_values(mapping, values, "kind")
    if not mapping.reads("title"):
        mapping = _with_title(mapping, values)
    if not mapping.reads("stock") and not mapping.reads("availability") and not mapping.reads("size_stock"):
        mapping = _by_values(mapping, values, "availability")
    if not mapping.reads("price") and not mapping.reads("size_price"):
        spare = next((one for one in ("sale_price", "old_price") if mapping.reads(one)), None)
        if spare and not mapping.reads("price_excl_tax"):
            mapping = _renamed(mapping, spare, "price", "it is the only price")
        elif not mapping.reads("price_excl_tax"):
            mapping = _by_values(mapping, values, "price")
    if not any(map(mapping.reads, ("price", "size_price", "price_excl_tax"))):
        mapping = _with_price(mapping, values)
    return mapping


def _with_title(mapping: Mapping, values: Sequence[Sequence[str]]) -> Mapping:
    """The name stands in the description, the model or a column without a header."""
    columns = mapping.fields()
    for field in ("description", "short_description", "variant_title", "model"):
        for column in columns.get(field, ()):
            texts = values[column.index][:60]
            if texts and sum(map(len, texts)) / len(texts) < 120:
                return _renamed(mapping, field, "title", "there is no column of names")
    mapped = _by_values(mapping, values, "title")
    if mapped.reads("title"):
        return mapped
    spare = next((one for one in ("description", "model", "sku", "category") if mapping.reads(one)), None)
    return _renamed(mapping, spare, "title", "there is no column of names") if spare else mapping


def _with_price(mapping: Mapping, values: Sequence[Sequence[str]]) -> Mapping:
    """The price stands under a word that is otherwise a description (``Gros | Détail``)."""
    for column in mapping.fields().get("description", ()):
        if _looks_like("price", values[column.index]):
            return _renamed(mapping, "description", "price", "what stands in it looks like it")
    return mapping


def _renamed(mapping: Mapping, field: str, to: str, why: str) -> Mapping:
    changed = False
    columns = []
    for one in mapping.columns:
        if one.field == field and not changed:
            changed = True
            one = replace(one, field=to, reason=why)
        columns.append(one)
    return replace(mapping, columns=tuple(columns))


def _by_values(mapping: Mapping, values: Sequence[Sequence[str]], field: str) -> Mapping:
    """The leftmost unknown column whose values look like the field's."""
    for one in mapping.columns:
        if (
            one.field is None
            and (one.reason == "its header is not known" or field == "availability")
            and _looks_like(field, values[one.index])
        ):
            mapped = replace(one, field=field, reason="what stands in it looks like it")
            return replace(mapping, columns=tuple(mapped if c.index == one.index else c for c in mapping.columns))
    return mapping


def _looks_like(field: str, values: Sequence[str]) -> bool:
    some = values[:60]
    if len(some) == 0:
        return False
    if field == "kind":
        return plausible("kind", some)
    if field == "availability":
        told = share(
            some,
            lambda text: (
                len(text) < 30 and any(map(str.isalpha, text)) and (says_of_stock(text) or availability_of(text))
            ),
        )
        return told >= 0.8 and any(text.strip().casefold() not in ANSWERS for text in some)
    if field == "price":
        return share(some, lambda text: bool(MONEY_LIKE.match(text)) and len(text) < 25) >= 0.8
    wordy = share(some, lambda text: sum(map(str.isalpha, text)) >= 3 and len(text) < 150 and not is_address(text))
    return wordy >= 0.8 and len(set(some)) >= 0.6 * len(some) and not all(looks_like_image(one) for one in some)
