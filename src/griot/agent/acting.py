"""From what was read to what is done: each act of a reading calls its tool and drafts its answer."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from griot.agent import acts
from griot.agent.desk import Desk
from griot.agent.models import Draft, Scene
from griot.agent.phrasing import Phrasing, line_of, options_text
from griot.agent.reading import Reading
from griot.agent.taking import Taking, joined, offer
from griot.channels.model import Reply
from griot.core.errors import Conflict
from griot.core.texts import text
from griot.knowledge.catalogue.models import Product
from griot.tools.orders.models import Line, Order
from griot.tools.orders.wording import time_left

_CODE = re.compile(r"\W*([^\W\d_]{2,12})[ .-]?\d{1,4}\W*")
_NUMBER = re.compile(
    r"[^\w+]*(\+?)(?:x|ok|juste|just|only)?\s*(\d{1,3})\s*(?:svp|stp|pls|please|azafady|merci)?\W*", re.I
)
FOR_HUMANS = {"image", "video", "audio", "voice", "document", "location", "contacts", "order", "form", "unsupported"}

_SHORT = 15  # characters of an answer that may be a slip of the thumb


async def act(scene: Scene, reading: Reading, language: str, desk: Desk) -> Draft:
    """Carry out a reading. Articles taken in one message are held in one go; the rest follows in order."""
    turn = _Acting(scene, reading.certain, Phrasing(scene, language), desk)
    wanted = [item for item in reading.acts if isinstance(item, acts.Take)]
    asked = [item.code for item in reading.acts if isinstance(item, acts.Ask)]
    others = [item for item in reading.acts if not isinstance(item, acts.Take | acts.Ask)]
    if any(isinstance(item, acts.Pay | acts.Cancel | acts.ChooseMeans) for item in others):
        others = [item for item in others if not isinstance(item, acts.Greet | acts.Thanks)]
    drafts = [await turn.take(wanted)] if wanted else []
    drafts += [await turn.ask(asked)] if asked else []
    for item in others:
        if drafts and isinstance(item, acts.Greet | acts.Thanks | acts.Yes):
            continue  # politeness around an order needs no answer of its own
        drafts.append(await turn.other(item))
    if len(drafts) > 1:
        drafts = [*map(_without_paying, drafts[:-1]), drafts[-1]]
    return replace(joined(drafts, scene.thread.asked), facts=tuple(turn.phrasing.facts))


def _without_paying(draft: Draft) -> Draft:
    """An answer that is not the last leaves PAYER to those that follow, so that they fit into one message."""
    replies = tuple(
        replace(reply, choices=()) if any(choice.id.startswith("pay:") for choice in reply.choices) else reply
        for reply in draft.replies
    )
    return replace(draft, replies=replies)


class _Acting(Taking):
    """The acts of one turn."""

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
            case acts.Purchases():
                return Draft("purchases", (self.phrasing.purchases(await self.desk.purchases(self.scene)),))
            case acts.OrderStatus():
                return await self.status()
            case acts.Greet():
                return self._about_open("greet", self.phrasing.greeting(self._open()))
            case acts.Thanks():
                return Draft("thanks", (self.phrasing.plain("thanks"),))
            case acts.Yes():
                return await self.pay(None) if self._open() else Draft("noted", (self.phrasing.plain("ready"),))
            case acts.No():
                return self.no()
            case acts.Human():
                return await self.human()
            case acts.Unknown(words):
                return await self.unknown(words)
            case _:
                return await self.hand_over()

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
        order = self._keep(await self.desk.await_payment(order.id, means))
        url = self.desk.pay_url(order.id)
        return Draft("payment_link", (self.phrasing.pay_link(order, means, url),))

    async def status(self) -> Draft:
        paid = await self.desk.purchases(self.scene)
        return self._about_open("order_status", self.phrasing.status(self._open(), paid))

    # Changing one's mind

    async def set_quantity(self, quantity: int) -> Draft:
        """“Non, en fait 3”: about the last article of the open order."""
        order = self._draft()
        if order is None:
            under_payment = self._order(None)
            if under_payment is None:
                return await self.hand_over()
            reply = self.phrasing.fixed(under_payment)
            return Draft("order_status", (reply,), {"kind": "pay", "order": under_payment.id})
        line = self._last_line(order)
        if quantity == 0:
            return await self._cancel_line(order, line)
        found = self._article(line)
        if found is None:
            return await self.hand_over()
        return await self._hold([(acts.Take(line.code, quantity, {}), *found)])

    def no(self) -> Draft:
        """Nothing is given up by a mere “non”: what stays held is said, and how to give it up."""
        order = self._order(None)
        reply = self.phrasing.still_held(order) if order else self.phrasing.plain("refused")
        return self._about_open("refused", reply)

    async def cancel(self, order_id: int | None, code: str | None) -> Draft:
        order = self._order(order_id, code)
        if order is None:
            if order_id is None and self.asked.get("kind") == "waiting":
                return await self.leave_waitlist(self.asked["code"])
            return await self._nothing(order_id)
        lines = [line for line in order.lines if code in (None, line.code) and line.status == "held"]
        if not lines:
            return await self.status()  # that article is not in the order
        if len(lines) == len(order.lines):
            return self._cancelled(await self.desk.cancel_order(order.id))
        if order.status != "reserved":
            return self._about_open("order_status", self.phrasing.fixed(order))
        return [await self._cancel_line(order, line) for line in lines][-1]

    async def _cancel_line(self, order: Order, line: Line) -> Draft:
        after = await self.desk.cancel_line(order.id, line.variant_id)
        if after.status == "cancelled":
            return self._cancelled(after)
        self._keep(after)
        reply = self.phrasing.plain("line_cancelled", title=line.title, total=after.total)
        return self._about_open("cancelled", replace(reply, choices=self.phrasing.pay_or_cancel(after.id)))

    def _cancelled(self, order: Order) -> Draft:
        self._keep(order)
        return Draft("cancelled", (self.phrasing.plain("cancelled", reference=order.reference),))

    async def extend(self, order_id: int | None) -> Draft:
        order = self._order(order_id)
        if order is None:
            return await self._nothing(order_id)
        try:
            order, name = self._keep(await self.desk.extend(order.id)), "extended"
        except Conflict:
            name = "not_extended"
        left = time_left(order.seconds_left(self.scene.now))
        reply = replace(self.phrasing.plain(name, left=left), choices=self.phrasing.pay_or_cancel(order.id))
        return Draft(name, (reply,), {"kind": "pay", "order": order.id})

    # Waiting

    async def join_waitlist(self, code: str | None, quantity: int | None) -> Draft:
        code = code or self.asked.get("code")
        product = self.scene.catalogue.products.get(code or "")
        if product is None:
            return await self.hand_over()
        asked = self.asked if self.asked.get("code") == code else {}
        known = [variant for variant in product.variants if variant.id == asked.get("wait_for")]
        variants = known or product.variants
        quantity = quantity or (asked.get("quantity", 1) if known else 1)
        if len(variants) > 1:
            return await self._which_variant(product, list(variants), quantity)
        place = await self.desk.join_waitlist(self.scene, variants[0].id, quantity)
        if place == 0:
            return Draft("waitlist_served")  # it had just come back: the offer is on its way
        options = options_text(variants[0].options)
        reply = self.phrasing.plain("waiting", title=product.title, options=options, place=place)
        return Draft("waitlist_joined", (reply,), {"kind": "waiting", "code": product.code})

    async def leave_waitlist(self, code: str | None) -> Draft:
        product = self.scene.catalogue.products.get(code or self.asked.get("code", ""))
        if product is None:
            return await self.hand_over()
        for variant in product.variants:
            await self.desk.leave_waitlist(self.scene, variant.id)
        return Draft("waitlist_left", (self.phrasing.plain("left_waitlist"),))

    # Asking

    async def ask(self, codes: list[str]) -> Draft:
        """Show the articles; whatever else was asked about them goes to the vendor."""
        products = [self.scene.catalogue.products[code] for code in codes]
        if not self.certain:
            await self.desk.escalate(self.scene, "unknown", said(self.scene))
        if len(products) == 1 and (held := self._held_already(products[0])):
            return held
        free = await self.desk.availability([v.id for product in products for v in product.variants])
        shown = [(product, sum(free[v.id] for v in product.variants)) for product in products]
        if len(shown) > 1:
            return Draft("product_shown", (self.phrasing.cards(shown, self.certain),))
        product, left = shown[0]
        asked = {"kind": "waitlist", "code": product.code, "quantity": 1}
        if left:
            asked |= {"kind": "variant", "options": [dict(variant.options) for variant in product.variants]}
        return Draft("product_shown", (self.phrasing.card(product, left, self.certain),), asked)

    def _held_already(self, product: Product) -> Draft | None:
        """Who asks about an article that is held for them is told so, and not offered it again."""
        variant = product.variants[0]
        order = next((order for order in self._open() if line_of(order, variant.id)), None)
        if order is None or len(product.variants) > 1:
            return None
        draft, rest = self._already(order, product, variant), self.phrasing.and_the_rest
        return draft if self.certain else replace(draft, replies=tuple(map(rest, draft.replies)))

    async def human(self) -> Draft:
        await self.desk.escalate(self.scene, "human", said(self.scene))
        return Draft("escalated", (self.phrasing.plain("human", shop=self.scene.shop.name),))

    async def unknown(self, words: str) -> Draft:
        """What was not understood: asked again once when it looks like an answer, else handed over."""
        if not any(letter.isalnum() for letter in words):  # "😂" asks for nothing, "?" for where things stand
            return self._about_open("greet", self.phrasing.greeting(self._open())) if "?" in words else Draft("noted")
        order = self._draft()
        if (number := _NUMBER.fullmatch(words)) and order and len(order.lines) == 1 and int(number[2]) > 0:
            return self._how_many(order, int(number[2]) + (order.lines[0].quantity if number[1] else 0))
        if (code := _CODE.fullmatch(words)) and (words[code.end(1)].isdigit() or self._sells(code[1])):
            reply = self.phrasing.plain("unknown_code", code=words.strip().upper())
            return Draft("unknown_code", (reply,), dict(self.asked) or None)
        order = self._order(self.asked.get("order"))
        if order and self.asked.get("kind") == "means" and len(words) <= _SHORT and not self.asked.get("repeated"):
            return Draft("choose_means", (self.phrasing.means(order, again=True),), {**self.asked, "repeated": True})
        return await self.hand_over()

    def _sells(self, word: str) -> bool:
        """Does a code of the shop begin with this word?"""
        return any(code.rstrip("0123456789") == word.upper() for code in self.scene.catalogue.products)

    def _how_many(self, order: Order, quantity: int) -> Draft:
        line = self._last_line(order)
        found = self._article(line)
        asked: dict[str, Any] = {"kind": "pay", "order": order.id}
        if found is None or quantity == line.quantity:
            return Draft("order_status", (self.phrasing.status([order], []),), asked)
        asked |= offer(*found, quantity)
        asked |= {"kind": "variant", "quantity": quantity, "options": [dict(line.options)]}
        return Draft("how_many", (self.phrasing.how_many(line, order, quantity),), asked)

    async def hand_over(self) -> Draft:
        """What nobody understood is said so, and goes to the vendor."""
        await self.desk.escalate(self.scene, "unknown", said(self.scene))
        reply = self.phrasing.plain("handed_over", shop=self.scene.shop.name, code=self.scene.catalogue.example)
        return Draft("escalated", (reply,))

    def _about_open(self, outcome: str, reply: Reply) -> Draft:
        """A reply that shows an open order is a question too: pay or cancel?"""
        order = self._order(None)
        return Draft(outcome, (reply,), {"kind": "pay", "order": order.id} if order else None)

    async def _nothing(self, order_id: int | None) -> Draft:
        """The order is over, or there was none; the buyer is told which."""
        order = await self.desk.order(order_id) if order_id is not None else None
        if order is None or order.customer_id != self.scene.customer.id:
            return Draft("nothing_open", (self.phrasing.nothing_open(),))
        if order.status == "paid":
            return Draft("order_status", (self.phrasing.status([], [order]),))
        reply = self.phrasing.over(order)
        asked = _again(order, self.scene.catalogue.products) if len(reply.choices) == 1 else None
        return Draft("cancelled" if order.status == "cancelled" else "order_over", (reply,), asked)


def _again(order: Order, products: Mapping[str, Product]) -> dict[str, Any]:
    """The question whether an order of one article is to be taken again."""
    line = next(line for line in order.lines if line.code in products)
    taken = {"code": line.code, "take": line.quantity, "take_options": dict(line.options)}
    return {"kind": "variant", "quantity": line.quantity, "options": [dict(line.options)], **taken}


def said(scene: Scene) -> str:
    """What the buyer sent in this turn, for the vendor."""
    kinds = {message.kind for message in scene.thread.messages if not message.text}
    named = {kind: text(scene.shop.language, f"escalation.kind_{kind}") for kind in kinds & FOR_HUMANS}
    parts = [message.text or named.get(message.kind, message.kind) for message in scene.thread.messages]
    return " / ".join(" ".join(part.split()) for part in parts)
