"""Holding stock in a turn: what was asked for, what became of it, and what is asked back."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from griot.agent import acts
from griot.agent.desk import Desk, Wish
from griot.agent.models import Draft, Effects, Scene
from griot.agent.phrasing import Phrasing, Taken, line_of
from griot.channels.model import Reply
from griot.core.texts import text
from griot.knowledge.catalogue.models import Product, Variant
from griot.tools.orders.models import Line, Order
from griot.tools.quotes.models import QuoteLine
from griot.tools.reservation.models import Hold

# Outcomes that tell something and leave the last question as it stands: "merci" does not take back "PAYER ?".
_LEAVES_QUESTION = {"escalated", "greet", "noted", "order_status", "purchases", "thanks"}


LONGEST_LIST = 10  # rows of a list; more variants are asked about one axis at a time


class Taking:
    """What a turn knows and the articles it takes. Orders change while it runs: what an act did is seen by the next."""

    def __init__(self, scene: Scene, phrasing: Phrasing, desk: Desk) -> None:
        self.scene = scene
        self.phrasing = phrasing
        self.desk = desk
        self.asked: Mapping[str, Any] = scene.thread.asked or {}
        self.asked_meanwhile: dict[str, Any] | None = None  # by an earlier act of this turn
        self._orders = list(scene.orders)

    async def take(self, wanted: list[acts.Take]) -> Draft:
        """Hold what was asked for; a product with several variants is asked about first."""
        ready: list[tuple[acts.Take, Product, Variant]] = []
        drafts: list[Draft] = []
        for item in wanted:
            product = self.scene.catalogue.products[item.code]
            options = item.options or self._options_asked_about(item)
            fitting = [variant for variant in product.variants if options.items() <= variant.options.items()]
            if len(fitting) != 1:
                drafts.append(await self._which_variant(product, fitting or list(product.variants), item.quantity or 1))
            elif order := self._waits_for_payment(item, fitting[0]):
                drafts.append(self._already(order, product, fitting[0]))
            else:
                ready.append((item, product, fitting[0]))
        if ready:
            drafts.insert(0, await self._hold(ready))
        return replace(joined(drafts, None), outcome=drafts[0].outcome)

    def _options_asked_about(self, item: acts.Take) -> Mapping[str, str]:
        """“EN PRENDRE 2” names no size: it is the one that the question was about."""
        same = self.asked.get("code") == item.code and item.quantity is not None
        return self.asked.get("take_options", {}) if same and self.asked.get("take") == item.quantity else {}

    async def _which_variant(self, product: Product, offered: list[Variant], quantity: int) -> Draft:
        free = await self.desk.availability([variant.id for variant in offered])
        options = [dict(variant.options) for variant in offered]
        if len(offered) > LONGEST_LIST:
            kinds = _first_axis(options)
            left = [sum(free[v.id] for v in offered if kind.items() <= v.options.items()) for kind in kinds]
            options = [*kinds, *options]  # all of it may be answered at once: "M rouge"
        else:
            kinds, left = options, [free[variant.id] for variant in offered]
        reply = self.phrasing.which_variant(product, kinds, left, quantity)
        asked = {"kind": "variant", "code": product.code, "quantity": quantity, "options": options}
        return Draft("which_variant", (reply,), asked, effects=({"action": "clarify", "product": [product.code]},))

    def _waits_for_payment(self, item: acts.Take, variant: Variant) -> Order | None:
        """The order under payment that has just this already: the buyer repeats the code and wants no second one."""
        if item.again or any(o.status == "reserved" and line_of(o, variant.id) for o in self._open()):
            return None
        for order in self._open():
            line = line_of(order, variant.id)
            if line and item.quantity in (None, line.quantity):
                return order
        return None

    def _already(self, order: Order, product: Product, variant: Variant) -> Draft:
        line = line_of(order, variant.id)
        assert line is not None
        hold = Hold("same", order.id, variant.id, line.quantity, line.unit, 0)
        reply = self.phrasing.taken(order, [Taken(product, variant, hold, line.quantity)], new_order=False)
        asked = {"kind": "pay", "order": order.id, **offer(product, variant, line.quantity + 1)}
        return Draft("held", (reply,), asked)

    async def _hold(self, ready: list[tuple[acts.Take, Product, Variant]]) -> Draft:
        before = self._draft()
        wishes, had = [], []
        for item, _, variant in ready:
            line = line_of(before, variant.id) if before else None
            has = line.quantity if line else 0
            had.append(has)
            wishes.append(Wish(variant.id, (item.quantity or 1) + has if item.again else item.quantity or has or 1))
        held = await self.desk.take(self.scene, wishes)
        taken = [
            Taken(product, variant, hold, has)
            for (_, product, variant), hold, has in zip(ready, held.holds, had, strict=True)
        ]
        drafts = []
        good = [item for item in taken if item.hold.outcome in ("held", "same")]
        if good:
            assert held.order is not None
            self._keep(held.order)
            drafts.append(self._held(held.order, good, new_order=before is None))
        drafts += [
            self._not_held(item, wish.quantity)
            for item, wish in zip(taken, wishes, strict=True)
            if item.hold.outcome not in ("held", "same")
        ]
        asked = next((draft.asked for draft in drafts if draft.asked), None)
        return replace(joined(drafts, None), outcome=drafts[0].outcome, asked=asked)

    def _held(self, order: Order, good: list[Taken], new_order: bool) -> Draft:
        asked: dict[str, Any] = {"kind": "pay", "order": order.id}
        if len(good) == 1 and good[0].hold.outcome == "same":
            asked |= offer(good[0].product, good[0].variant, good[0].hold.quantity + 1)
        return Draft("held", (self.phrasing.taken(order, good, new_order),), asked)

    def _not_held(self, item: Taken, wanted: int) -> Draft:
        title, left, code = item.product.title, item.hold.left, item.product.code
        asked: dict[str, Any]
        match item.hold.outcome:
            case "gone":
                return Draft("gone", (self.phrasing.plain("gone", title=title),), effects=_told(code))
            case "too_many":
                reply = self.phrasing.plain("too_many", title=title, limit=left)
                asked = {"kind": "quantity", "code": code, "options": item.variant.options}
                return Draft("too_many", (reply,), asked, effects=_told(code))
        asked = {"kind": "waitlist", "code": code, "quantity": wanted, "wait_for": item.variant.id}
        if left:  # "oui" takes what is left
            asked |= offer(item.product, item.variant, item.had + left)
            asked |= {"kind": "again", "quantity": left, "options": dict(item.variant.options)}
        return Draft("short", (self.phrasing.short(item, wanted),), asked, effects=_told(code))

    def _article(self, line: Line | QuoteLine) -> tuple[Product, Variant] | None:
        """The article of a line, as it is in the catalogue now."""
        product = self.scene.catalogue.products.get(line.code)
        variant = next((v for v in product.variants if v.id == line.variant_id), None) if product else None
        return (product, variant) if product and variant else None

    @staticmethod
    def _last_line(order: Order) -> Line:
        return [line for line in order.lines if line.status == "held"][-1]

    # Which order is meant

    def _keep(self, order: Order) -> Order:
        """An order as it is after an act."""
        self._orders = [order, *(known for known in self._orders if known.id != order.id)]
        return order

    def _open(self) -> list[Order]:
        return [order for order in self._orders if order.open and not order.overdue(self.scene.now)]

    def _draft(self) -> Order | None:
        return next((order for order in self._open() if order.status == "reserved"), None)

    def _about_open(self, outcome: str, reply: Reply, effects: Effects = ()) -> Draft:
        """A reply that shows an open order is a question too: pay or cancel?"""
        order = self._order(None)
        return Draft(outcome, (reply,), {"kind": "pay", "order": order.id} if order else None, effects=effects)

    def _still_asked(self) -> dict[str, Any] | None:
        """An aside leaves the last question open."""
        return self.asked_meanwhile or dict(self.asked) or None

    def _order(self, order_id: int | None, code: str | None = None) -> Order | None:
        """The order that a button names, when it is this buyer's and open; without a name, the newest open one."""
        named = [order for order in self._open() if order_id in (None, order.id)]
        holding = [order for order in named if any(line.code == code for line in order.lines)]
        return next(iter(holding or named), None)


def joined(drafts: list[Draft], before: dict[str, Any] | None) -> Draft:
    """One draft out of several: what was asked last is what the next short answer is about."""
    asked = next((draft.asked for draft in reversed(drafts) if draft.asked), None)
    if asked is None and all(draft.outcome in _LEAVES_QUESTION for draft in drafts):
        asked = before
    return Draft(
        outcome="+".join(dict.fromkeys(draft.outcome for draft in drafts)) or "noted",
        replies=tuple(reply for draft in drafts for reply in draft.replies),
        asked=asked,
        handler="human" if any(draft.handler == "human" for draft in drafts) else "agent",
        effects=tuple(effect for draft in drafts for effect in draft.effects),
        troubled=any(draft.troubled for draft in drafts),
    )


def _told(code: str) -> Effects:
    """What is left was shown, and a question asked; nothing was created."""
    return ({"action": "search", "product": [code]}, {"action": "clarify", "product": [code]})


def _first_axis(options: list[dict[str, str]]) -> list[dict[str, str]]:
    """The values of the first axis on which the options differ: sizes first, colours when the size is known."""
    for axis in options[0]:
        values = dict.fromkeys(option.get(axis, "") for option in options)
        if len(values) > 1:
            return [{axis: value} for value in values]
    return options


def offer(product: Product, variant: Variant, quantity: int) -> dict[str, Any]:
    """What a button “EN PRENDRE 2” is about, for when it is tapped."""
    return {"code": product.code, "take": quantity, "take_options": dict(variant.options), "wait_for": variant.id}


FOR_HUMANS = {
    *("image", "video", "audio", "voice", "document", "location", "contacts", "order", "form", "share", "unsupported"),
}


def said(scene: Scene) -> str:
    """What the buyer sent in this turn, for the vendor."""
    kinds = {message.kind for message in scene.thread.messages if not message.text}
    named = {kind: text(scene.shop.language, f"escalation.kind_{kind}") for kind in kinds & FOR_HUMANS}
    parts = [message.text or named.get(message.kind, message.kind) for message in scene.thread.messages]
    return " / ".join(" ".join(part.split()) for part in parts)
