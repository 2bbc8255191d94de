"""From what was read to what is done: each act of a reading calls its tool and drafts its answer."""

from dataclasses import replace
from typing import Any

from griot.agent.desk import Desk, Wish
from griot.agent.models import Draft, Scene
from griot.agent.phrasing import Phrasing, Taken, line_of
from griot.agent.reading import models as acts
from griot.channels.model import Reply
from griot.core.errors import Conflict
from griot.knowledge.catalogue.models import Product
from griot.tools.orders.models import Order
from griot.tools.orders.wording import time_left


async def act(scene: Scene, reading: acts.Reading, language: str, desk: Desk) -> Draft:
    """Carry out a certain reading. Articles taken in one message are held in one go; the rest follows in order."""
    turn = _Acting(scene, Phrasing(scene, language), desk)
    wanted = [item for item in reading.acts if isinstance(item, acts.Take)]
    others = [item for item in reading.acts if not isinstance(item, acts.Take)]
    if any(isinstance(item, acts.Pay | acts.Cancel | acts.ChooseMeans) for item in others):
        others = [item for item in others if not isinstance(item, acts.Greet | acts.Thanks)]
    drafts = [await turn.take(wanted)] if wanted else []
    for item in others:
        if drafts and isinstance(item, acts.Greet | acts.Thanks | acts.Yes):
            continue  # politeness around an order needs no answer of its own
        drafts.append(await turn.other(item))
    return replace(_joined(drafts), facts=tuple(turn.phrasing.facts))


def _joined(drafts: list[Draft]) -> Draft:
    """One draft out of several: what was asked last is what the next short answer is about."""
    asked = next((draft.asked for draft in reversed(drafts) if draft.asked), None)
    return Draft(
        outcome="+".join(dict.fromkeys(draft.outcome for draft in drafts)) or "noted",
        replies=tuple(reply for draft in drafts for reply in draft.replies),
        asked=asked,
    )


class _Acting:
    """The acts of one turn. Orders change while it runs, so they are asked for, not remembered."""

    def __init__(self, scene: Scene, phrasing: Phrasing, desk: Desk) -> None:
        self.scene = scene
        self.phrasing = phrasing
        self.desk = desk

    async def other(self, item: acts.Act) -> Draft:
        match item:
            case acts.Pay(order_id) | acts.ChangeMeans(order_id):
                return await self.pay(order_id)
            case acts.ChooseMeans(means, order_id):
                return await self.choose_means(means, order_id)
            case acts.Cancel(order_id, code):
                return await self.cancel(order_id, code)
            case acts.SetQuantity(quantity):
                return await self.set_quantity(quantity)
            case acts.Extend(order_id):
                return await self.extend(order_id)
            case acts.JoinWaitlist(code, quantity):
                return await self.join_waitlist(code, quantity)
            case acts.LeaveWaitlist(code):
                return await self.leave_waitlist(code)
            case acts.Ask(code):
                return await self.ask(code)
            case acts.Purchases():
                return Draft("purchases", (self.phrasing.purchases(await self.desk.purchases(self.scene)),))
            case acts.OrderStatus():
                paid = await self.desk.purchases(self.scene)
                return Draft("order_status", (self.phrasing.status(self._open(), paid),))
            case acts.Greet() | acts.Yes():
                return Draft("greet", (self.phrasing.greeting(),))
            case acts.Thanks():
                return Draft("thanks", (self.phrasing.plain("thanks"),))
            case acts.No():
                return Draft("refused", (self.phrasing.plain("refused"),))
            case acts.Human():
                return await self.human()
            case _:
                return await self.unknown()

    # Holding stock

    async def take(self, wanted: list[acts.Take]) -> Draft:
        """Hold what was asked for; a product with several variants is asked about first."""
        ready: list[tuple[acts.Take, Product, int]] = []
        questions: list[Reply] = []
        asked: dict[str, Any] | None = None
        for item in wanted:
            product = self.scene.catalogue.products[item.code]
            fitting = [n for n, v in enumerate(product.variants) if item.options.items() <= v.options.items()]
            if len(fitting) == 1:
                ready.append((item, product, fitting[0]))
                continue
            quantity = item.quantity or 1
            questions.append(self.phrasing.which_variant(product, quantity))
            options = [dict(v.options) for v in product.variants]
            asked = {"kind": "variant", "code": product.code, "quantity": quantity, "options": options}
        if not ready:
            return Draft("which_variant", tuple(questions), asked)
        held = await self._hold(ready)
        return replace(held, replies=held.replies + tuple(questions), asked=asked or held.asked, outcome=held.outcome)

    async def _hold(self, ready: list[tuple[acts.Take, Product, int]]) -> Draft:
        draft_order = next((o for o in self.scene.orders if o.status == "reserved"), None)
        wishes, had = [], []
        for item, product, n in ready:
            line = line_of(draft_order, product.variants[n].id) if draft_order else None
            before = line.quantity if line and draft_order and not draft_order.overdue(self.scene.now) else 0
            had.append(before)
            more = (item.quantity or 1) + before if item.again else item.quantity or before or 1
            wishes.append(Wish(product.variants[n].id, more))
        held = await self.desk.take(self.scene, wishes)
        taken = [
            Taken(product, product.variants[n], hold, before)
            for (_, product, n), hold, before in zip(ready, held.holds, had, strict=True)
        ]
        replies: list[Reply] = []
        asked: dict[str, Any] | None = None
        good = [item for item in taken if item.hold.outcome in ("held", "same")]
        if good:
            order = held.order
            assert order is not None
            replies.append(self.phrasing.taken(order, good, new_order=draft_order is None))
            asked = {"kind": "pay", "order": order.id}
            if all(item.hold.outcome == "same" for item in good) and len(good) == 1:
                asked = {
                    "kind": "again",
                    "code": good[0].product.code,
                    "quantity": good[0].hold.quantity,
                    "order": order.id,
                }
        for wished, wish in zip(taken, wishes, strict=True):
            title, outcome = wished.product.title, wished.hold.outcome
            if outcome == "short":
                replies.append(self.phrasing.short(wished, wish.quantity))
                asked = asked or {
                    "kind": "waitlist",
                    "code": wished.product.code,
                    "quantity": wish.quantity,
                    "variant": wished.product.variants.index(wished.variant),
                }
            elif outcome == "gone":
                replies.append(self.phrasing.plain("gone", title=title))
            elif outcome == "too_many":
                replies.append(self.phrasing.plain("too_many", title=title, limit=wished.hold.left))
        return Draft("held" if good else taken[0].hold.outcome, tuple(replies), asked)

    async def set_quantity(self, quantity: int) -> Draft:
        """“Non, en fait 3”: about the last article of the open order."""
        order = self._draft()
        if order is None:
            return await self.unknown()
        line = [line for line in order.lines if line.status == "held"][-1]
        if quantity == 0:
            return await self._cancel_line(order, line.code, line.variant_id, line.title)
        product = self.scene.catalogue.products.get(line.code)
        if product is None:
            return await self.unknown()
        n = next(i for i, v in enumerate(product.variants) if v.id == line.variant_id)
        return await self._hold([(acts.Take(line.code, quantity, {}), product, n)])

    # Paying

    async def pay(self, order_id: int | None) -> Draft:
        order = self._order(order_id)
        if order is None:
            return await self._nothing(order_id)
        means = self.scene.shop.settings.means
        if len(means) == 1:
            return await self.choose_means(means[0], order.id)
        return Draft(
            "choose_means",
            (self.phrasing.means(order),),
            {"kind": "means", "order": order.id, "means": list(means)},
        )

    async def choose_means(self, means: str, order_id: int | None) -> Draft:
        order = self._order(order_id)
        if order is None:
            return await self._nothing(order_id)
        if means not in self.scene.shop.settings.means:
            return await self.pay(order.id)
        order = await self.desk.await_payment(order.id, means)
        url = self.desk.pay_url(order.id)
        return Draft("payment_link", (self.phrasing.pay_link(order, means, url),))

    # Changing one's mind

    async def cancel(self, order_id: int | None, code: str | None) -> Draft:
        order = self._order(order_id)
        if order is None:
            return await self._nothing(order_id)
        if code is not None:
            lines = [line for line in order.lines if line.code == code and line.status == "held"]
            if lines:
                return await self._cancel_line(order, code, lines[0].variant_id, lines[0].title)
        await self.desk.cancel_order(order.id)
        return Draft("cancelled", (self.phrasing.plain("cancelled", reference=order.reference),))

    async def _cancel_line(self, order: Order, code: str, variant_id: int, title: str) -> Draft:
        after = await self.desk.cancel_line(order.id, variant_id)
        if after.status == "cancelled":
            return Draft("cancelled", (self.phrasing.plain("cancelled", reference=order.reference),))
        reply = self.phrasing.plain("line_cancelled", title=title, total=after.total)
        buttons = self.phrasing.pay_or_cancel(after.id)
        return Draft("cancelled", (replace(reply, choices=buttons),), {"kind": "pay", "order": after.id})

    async def extend(self, order_id: int | None) -> Draft:
        order = self._order(order_id)
        if order is None:
            return await self._nothing(order_id)
        try:
            order, name = await self.desk.extend(order.id), "extended"
        except Conflict:
            name = "not_extended"
        left = time_left(order.seconds_left(self.scene.now))
        reply = replace(self.phrasing.plain(name, left=left), choices=self.phrasing.pay_or_cancel(order.id))
        return Draft(name, (reply,), {"kind": "pay", "order": order.id})

    # Waiting

    async def join_waitlist(self, code: str | None, quantity: int | None) -> Draft:
        asked = self.scene.thread.asked or {}
        code = code or asked.get("code")
        product = self.scene.catalogue.products.get(code or "")
        if product is None:
            return await self.unknown()
        about_this = asked.get("kind") == "waitlist" and asked.get("code") == code
        n = asked.get("variant", 0) if about_this else 0
        quantity = quantity or (asked.get("quantity", 1) if about_this else 1)
        place = await self.desk.join_waitlist(self.scene, product.variants[n].id, quantity)
        if place == 0:
            return Draft("waitlist_served")  # it had just come back: the offer is on its way
        return Draft("waitlist_joined", (self.phrasing.plain("waiting", title=product.title, place=place),))

    async def leave_waitlist(self, code: str | None) -> Draft:
        product = self.scene.catalogue.products.get(code or (self.scene.thread.asked or {}).get("code", ""))
        if product is None:
            return await self.unknown()
        for variant in product.variants:
            await self.desk.leave_waitlist(self.scene, variant.id)
        return Draft("waitlist_left", (self.phrasing.plain("left_waitlist"),))

    # Asking

    async def ask(self, code: str) -> Draft:
        """Show the article; whatever else was asked about it goes to the vendor."""
        product = self.scene.catalogue.products[code]
        free = await self.desk.availability([v.id for v in product.variants])
        await self.desk.escalate(self.scene, "unknown", said(self.scene))
        return Draft("product_shown", (self.phrasing.card(product, sum(free.values())),))

    async def human(self) -> Draft:
        await self.desk.escalate(self.scene, "human", said(self.scene))
        return Draft("escalated", (self.phrasing.plain("human", shop=self.scene.shop.name),))

    async def unknown(self) -> Draft:
        """What nobody understood is said so, and goes to the vendor."""
        await self.desk.escalate(self.scene, "unknown", said(self.scene))
        reply = self.phrasing.plain("handed_over", shop=self.scene.shop.name, code=self.scene.catalogue.example)
        return Draft("escalated", (reply,))

    # Which order is meant

    def _open(self) -> list[Order]:
        return [order for order in self.scene.orders if not order.overdue(self.scene.now)]

    def _draft(self) -> Order | None:
        return next((order for order in self._open() if order.status == "reserved"), None)

    def _order(self, order_id: int | None) -> Order | None:
        """The order that a button names, when it is this buyer's and open; without a name, the newest open one."""
        return next((order for order in self._open() if order_id in (None, order.id)), None)

    async def _nothing(self, order_id: int | None) -> Draft:
        """The order is over, or there was none; the buyer is told which."""
        order = await self.desk.order(order_id) if order_id is not None else None
        if order is None or order.customer_id != self.scene.customer.id:
            return Draft("nothing_open", (self.phrasing.plain("nothing_open"),))
        if order.status == "paid":
            return Draft("order_status", (self.phrasing.status([], [order]),))
        if order.status == "cancelled":
            return Draft("cancelled", (self.phrasing.plain("cancelled", reference=order.reference),))
        return Draft("order_over", (self.phrasing.plain("order_over", reference=order.reference),))


def said(scene: Scene) -> str:
    """What the buyer wrote in this turn, for the vendor."""
    parts = [message.text or f"[{message.kind}]" for message in scene.thread.messages]
    return " / ".join(parts)
