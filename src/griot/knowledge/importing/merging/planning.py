"""What an import would do: what is new, what has changed at the source, what is gone, and what looks broken.

Only what the *source* has changed since the last time is taken over, so what a vendor corrected here stays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from griot.knowledge.importing.merging.codes import new_code
from griot.knowledge.importing.merging.models import Change, Kind, Known, Offer, OnSale, Plan, Step, Terms
from griot.knowledge.importing.merging.offers import fields_of, label, offers_of
from griot.knowledge.importing.models import Doubt, Found

_FEW = 5  # products from which shares mean something
_LEAST_LEFT = 0.5  # share of the known products that a sound source still lists
_JUMP = 8  # times dearer or cheaper: a slip of the decimal point, or of the currency
_NAMES = {
    "title": "title",
    "description": "description",
    "category": "category",
    "price_minor": "price",
    "image_url": "picture",
}


def plan(found: Found, catalogue: Sequence[Known], terms: Terms, *, accept_gone: bool = False) -> Plan:
    """Compare what a source says with the catalogue. ``catalogue``: every product of the shop, on sale or not.

    ``accept_gone``: the merchant has looked, and most of it is really gone.
    """
    offers, doubts = offers_of(found.products, terms)
    named = [doubt.what for doubt in found.warnings]
    doubts = [*found.warnings, *(one for one in doubts if not any(f"“{one.where}”" in what for what in named))]
    keyed = {known.key: known for known in catalogue if known.key is not None}
    listed = {offer.key for offer in offers}
    # made by hand, or known under a key that the source no longer uses (another way to read it, another address)
    free = [known for known in catalogue if known.key not in listed]
    by_code = {known.code: known for known in free}
    by_title = {_plain(known.fields["title"]): known for known in free if known.active}
    taken = {known.code for known in catalogue}
    numbered: dict[str, int] = {}
    steps: list[Step] = []
    met: set[int] = set()
    for offer in offers:
        known = keyed.get(offer.key) or by_code.get(offer.code or "") or by_title.get(_plain(offer.title))
        if known is not None and known.id not in met:
            met.add(known.id)
            steps.append(_again(offer, known, complete=found.complete))
            continue
        code = new_code(offer.title, taken, offer.code, numbered)
        taken.add(code)
        steps.append(Step("new", code, offer.title, offer=offer, kinds=offer.kinds))
    slips = _price_slip(steps, keyed)
    if slips is not None:
        steps = [_without_price(step) for step in steps]
        doubts.append(slips)
    gone, doubt = _gone(found, keyed, met, sound=accept_gone)
    return Plan(
        (*steps, *gone),
        (*doubts, *doubt),
        left_out=len(found.products) - len(offers),
        currency_needed=terms.stated is None and any(product.currency is None for product in found.products),
    )


def _again(offer: Offer, known: Known, *, complete: bool) -> Step:
    """A product that the shop has: what the source changed since it last spoke. ``complete``: all of it was read."""
    said = known.said or {}
    fields = {
        name: value
        for name, value in fields_of(offer).items()
        if value != said.get(name) and value != known.fields[name] and (known.said is not None or value)
    }
    says = [f"{_NAMES[name]}: {_short(known.fields[name])} -> {_short(value)}" for name, value in fields.items()]
    if not known.active:
        fields["active"] = True
        says.append("on sale again")
    kinds, prices, stock = _variants(offer, known, said.get("kinds") or {}, complete=complete)
    named = {variant.id: label(variant.options) for variant in known.variants}
    says += [f"stock {named[variant]}".rstrip() + f": {pieces:+d}" for variant, pieces in stock.items()]
    says += [f"new variant {label(kind.options)}" for kind in kinds]
    says += [f"price of {named[variant]} changed" for variant in prices]
    change: Change = "changed" if fields or stock or prices or kinds else "unchanged"
    return Step(
        change,
        known.code,
        offer.title,
        known.id,
        offer,
        fields=fields,
        stock=stock,
        prices=prices,
        kinds=kinds,
        says=tuple(says),
    )


def _variants(
    offer: Offer, known: Known, said: Mapping[str, Any], *, complete: bool
) -> tuple[tuple[Any, ...], dict[int, int | None], dict[int, int]]:
    """Variants to make, prices that change, and pieces that come in or go out, by variant."""
    there = {label(variant.options): variant for variant in known.variants}
    offered = {label(kind.options): kind for kind in offer.kinds}
    if "" in offered and "" not in there:
        return (), {}, {}  # the source no longer tells the variants apart: nothing is known of any of them
    kinds = tuple(kind for name, kind in offered.items() if name not in there)
    prices: dict[int, int | None] = {}
    stock: dict[int, int] = {}
    for name, variant in there.items():
        kind = offered.get(name)
        before = said.get(name)
        if kind is None:
            if before is not None and variant.on_hand and complete:
                stock[variant.id] = -variant.on_hand
            continue
        price = kind.price.minor if kind.price else None
        if price != variant.price_minor and (before is None or price != before["price_minor"]):
            prices[variant.id] = price
        pieces = _pieces(kind, before, variant)
        if pieces:
            stock[variant.id] = pieces
    return kinds, prices, stock


def _pieces(kind: Kind, before: Mapping[str, Any] | None, variant: OnSale) -> int:
    """Pieces that come in: by how many the source's own number changed, since it knows nothing of what is sold here."""
    if before is None:
        return kind.stock - variant.on_hand if kind.counted else 0
    if not kind.counted and before["stock"] > 0:
        return 0  # there are still some
    return max(kind.stock - int(before["stock"]), -variant.on_hand)


def _gone(found: Found, keyed: Mapping[str, Known], met: set[int], *, sound: bool) -> tuple[list[Step], list[Doubt]]:
    """Products that the source lists no longer leave the shop window, unless it is the source that looks broken."""
    listed = {key for key, known in keyed.items() if known.active}
    missing = [keyed[key] for key in sorted(listed) if keyed[key].id not in met]
    if not missing or not found.complete:
        return [], []
    left = len(listed) - len(missing)
    if not sound and len(listed) >= _FEW and left < _LEAST_LEFT * len(listed):
        doubt = Doubt(
            "the source",
            f"It lists {left} of the {len(listed)} products that came from it: it looks broken.",
            "Nothing is taken off sale. Look at the source; if it is right, import again with --accept-gone.",
        )
        return [], [doubt]
    return [
        Step("gone", known.code, str(known.fields["title"]), known.id, fields={"active": False}, says=("off sale",))
        for known in missing
    ], []


def _price_slip(steps: Sequence[Step], keyed: Mapping[str, Known]) -> Doubt | None:
    before = {known.id: known.fields["price_minor"] for known in keyed.values()}
    jumped = [
        step
        for step in steps
        if step.product_id in before
        and "price_minor" in step.fields
        and not 1 / _JUMP < step.fields["price_minor"] / before[step.product_id] < _JUMP
    ]
    if len(jumped) < _FEW or len(jumped) < len(before) * (1 - _LEAST_LEFT):
        return None
    return Doubt(
        "prices",
        f"{len(jumped)} of {len(before)} prices are more than {_JUMP} times higher or lower than before.",
        "No price is changed. Look at the currency and the decimals of the source, then import again.",
    )


def _without_price(step: Step) -> Step:
    """The same step with every price left as it is."""
    fields = {name: value for name, value in step.fields.items() if name != "price_minor"}
    if step.product_id is None or (fields == step.fields and not step.prices):
        return step
    says = tuple(line for line in step.says if not line.startswith("price"))
    change: Change = "changed" if fields or step.stock or step.kinds else "unchanged"
    return replace(step, change=change, offer=None, fields=fields, prices={}, says=says)


def _plain(title: str) -> str:
    return " ".join(title.casefold().split())


def _short(value: Any) -> str:
    text = str(value if value is not None else "none")
    return text if len(text) <= 40 else f"{text[:39]}…"
