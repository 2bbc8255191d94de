"""A shop and its rules, as every room reads them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from griot.core.db.pool import Tx
from griot.core.errors import NotFound
from griot.core.hours import OpeningHours
from griot.core.texts import Wording, speak_as

Segment = Literal["live_seller", "shop", "events", "services", "b2b"]
Language = Literal["fr", "mg", "en"]

PaymentTerms = Literal["immediate", "net30"]


@dataclass(frozen=True, slots=True)
class SegmentRules:
    """What a segment does where the merchant has said nothing (product.md §3).

    From ``confirm_above`` pieces of one article on, the buyer is asked whether they are meant; ``max_quantity`` is
    where an order ends.
    """

    hold_minutes: int
    max_quantity: int = 20
    confirm_above: int = 20
    quote_valid_days: int = 15
    deposit_percent: int = 0
    payment_terms: PaymentTerms = "immediate"


SEGMENTS: dict[Segment, SegmentRules] = {
    "live_seller": SegmentRules(hold_minutes=10),
    "shop": SegmentRules(hold_minutes=30, max_quantity=200, confirm_above=50),
    "events": SegmentRules(hold_minutes=10, deposit_percent=50, max_quantity=200, confirm_above=50),
    "services": SegmentRules(hold_minutes=30),
    "b2b": SegmentRules(
        hold_minutes=30, max_quantity=10_000, confirm_above=2_000, quote_valid_days=30, payment_terms="net30"
    ),
}


@dataclass(frozen=True, slots=True)
class ShopSettings:
    """What a merchant may set (product.md §3). Absent keys take these defaults; None is the segment's (see ``Shop``).

    ``max_quantity``: of one article in one order. ``tax_percent``: on everything sold, with at most two decimals.
    ``legal``: what has to stand on quotes and invoices: name, address, phone, email, and registration numbers under
    their own names (NINEA, RCCM, SIRET, NIF, STAT).
    """

    hold_minutes: int | None = None
    max_quantity: int = 20
    auto_reminder: bool = True
    auto_summary: bool = True
    means: tuple[str, ...] = ("wave", "orange_money", "card")
    provider: str = "sandbox"
    logo_url: str | None = None
    min_trust: int = 0
    model: str | None = None  # None: the installation's; `offline`, or a name of GRIOT_MODELS
    tax_percent: float = 0
    prices_include_tax: bool = True
    quote_valid_days: int | None = None
    deposit_percent: int | None = None
    payment_terms: PaymentTerms | None = None
    opening_hours: Mapping[str, Any] | None = None  # see core.hours; None: nobody is told of any
    legal: Mapping[str, str] = field(default_factory=dict)
    quote_prefix: str = "DEV"
    invoice_prefix: str = "FAC"
    voice_replies: bool = True  # to buyers who speak
    briefing_hour: int | None = 8  # in the shop's zone; None: no daily briefing
    briefing_email: str | None = None  # where it is sent as well

    @classmethod
    def read(cls, data: Mapping[str, Any], segment: Segment = "live_seller") -> "ShopSettings":
        """The settings as they are stored, of a shop of this segment."""
        known = {name: data[name] for name in cls.__slots__ if name in data}
        known["max_quantity"] = known.get("max_quantity") or SEGMENTS[segment].max_quantity
        if "means" in known:
            known["means"] = tuple(known["means"])
        return cls(**known)


@dataclass(frozen=True, slots=True)
class Shop:
    id: int
    slug: str
    name: str
    segment: Segment
    country: str
    currency: str
    timezone: str
    language: Language
    vendor_phone: str | None
    catalogue_version: int
    settings: ShopSettings = field(default_factory=ShopSettings)
    texts: Wording = field(default_factory=dict)  # its own words, where it has some

    @property
    def hours(self) -> OpeningHours | None:
        """When somebody is there; none when the shop has not said."""
        return None if self.settings.opening_hours is None else OpeningHours.read(self.settings.opening_hours)

    @property
    def _segment(self) -> SegmentRules:
        return SEGMENTS[self.segment]

    @property
    def hold_minutes(self) -> int:
        return self.settings.hold_minutes or self._segment.hold_minutes

    @property
    def max_quantity(self) -> int:
        """Pieces of one article in one order, at most."""
        return self.settings.max_quantity

    @property
    def confirm_above(self) -> int:
        """Pieces of one article beyond which the buyer is asked whether they are meant."""
        return self._segment.confirm_above

    @property
    def quote_valid_days(self) -> int:
        return self.settings.quote_valid_days or self._segment.quote_valid_days

    @property
    def deposit_percent(self) -> int:
        """Of the total, to pay with the order; 0: no deposit."""
        given = self.settings.deposit_percent
        return self._segment.deposit_percent if given is None else given

    @property
    def payment_terms(self) -> PaymentTerms:
        return self.settings.payment_terms or self._segment.payment_terms


async def load_shop(tx: Tx) -> Shop:
    """The shop that the transaction was opened for. Its logo, which only documents need, stays where it is.

    From here on the transaction speaks in the shop's own words (``core.texts``).
    """
    cursor = await tx.execute(
        "SELECT shop_id, slug, name, segment, country, currency, timezone, language, vendor_phone,"
        " catalogue_version, settings - 'logo' AS settings, texts FROM shops WHERE shop_id = current_shop()"
    )
    row = await cursor.fetchone()
    if row is None:
        raise NotFound("There is no such shop: `griot shop list` shows the shops, `griot shop create` makes one.")
    row["id"] = row.pop("shop_id")
    row["settings"] = ShopSettings.read(row["settings"], row["segment"])
    speak_as(row["texts"])
    return Shop(**row)
