"""A shop and its rules, as every room reads them."""

from dataclasses import dataclass, field
from typing import Any, Literal

from griot.core.db.pool import Tx
from griot.core.errors import NotFound

Segment = Literal["live_seller", "shop", "events", "services", "b2b"]
Language = Literal["fr", "mg", "en"]

HOLD_MINUTES: dict[Segment, int] = {"live_seller": 10, "shop": 30, "events": 10, "services": 30, "b2b": 30}


@dataclass(frozen=True, slots=True)
class ShopSettings:
    """What a merchant may set (product.md §3). Absent keys take these defaults."""

    hold_minutes: int | None = None  # None: the segment's
    max_quantity: int = 20  # of one article in one order
    auto_reminder: bool = True
    auto_summary: bool = True
    means: tuple[str, ...] = ("wave", "orange_money", "card")
    provider: str = "sandbox"
    logo_url: str | None = None
    min_trust: int = 0

    @classmethod
    def read(cls, data: dict[str, Any]) -> "ShopSettings":
        known = {name: data[name] for name in cls.__slots__ if name in data}
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

    @property
    def hold_minutes(self) -> int:
        return self.settings.hold_minutes or HOLD_MINUTES[self.segment]


async def load_shop(tx: Tx) -> Shop:
    """The shop that the transaction was opened for."""
    cursor = await tx.execute(
        "SELECT shop_id, slug, name, segment, country, currency, timezone, language, vendor_phone,"
        " catalogue_version, settings FROM shops WHERE shop_id = current_shop()"
    )
    row = await cursor.fetchone()
    if row is None:
        raise NotFound("There is no such shop: `griot shop list` shows the shops, `griot shop create` makes one.")
    row["id"] = row.pop("shop_id")
    row["settings"] = ShopSettings.read(row["settings"])
    return Shop(**row)
