"""Changing one's mind: another quantity, size or article, less of it, more time, a place in the line."""

from collections.abc import Mapping
from dataclasses import replace

from griot.agent import acts
from griot.agent.models import Draft
from griot.agent.paying import STATUS, Paying
from griot.agent.phrasing import Taken
from griot.agent.saying import options_text
from griot.core.errors import Conflict
from griot.knowledge.catalogue.models import Product, Variant
from griot.tools.orders.models import Line, Order
from griot.tools.orders.wording import left_to_pay

CLARIFY = {"action": "clarify"}


class Changing(Paying):
    """The acts on what is held already."""

    async def set_quantity(self, quantity: int) -> Draft:
        """“Non, en fait 3”: about the last article of the open order, else about the one that was just asked about.

        A number that is a size of that article, and not of how many are held, is the size.
        """
        order = self._draft()
        if order is None and (asked := self._asked_about(quantity)):
            return await self.take([asked])
        if order is None:
            under_payment = self._order(None)
            if under_payment is None:
                return self._nothing_held()
            reply = self.phrasing.fixed(under_payment)
            return Draft("order_status", (reply,), {"kind": "pay", "order": under_payment.id}, effects=(STATUS,))
        line = self._last_line(order)
        if quantity == 0:
            return await self._cancel_line(order, line)
        found = self._article(line)
        if found is None:
            return self._nothing_held()
        if sized := variant_of_size(found[0], line, quantity):
            return await self._swap(order, line, found[0], sized, line.quantity)
        return await self._hold([(acts.Take(line.code, quantity, {}), *found)])

    def _asked_about(self, quantity: int) -> acts.Take | None:
        """So many of the article whose number or size is still open; nothing when a number means something else."""
        code, kind = self.asked.get("code"), self.asked.get("kind")
        if quantity < 1 or code not in self.scene.catalogue.products or kind not in ("variant", "confirm_quantity"):
            return None
        return acts.Take(code, quantity)

    def no(self) -> Draft:
        """Nothing is given up by a mere “non”: what stays held is said, and how to give it up."""
        if self.asked.get("kind") == "heard":
            return Draft("asked", (self.phrasing.plain("misheard"),), effects=({"action": "clarify"},))
        order = self._order(None)
        reply = self.phrasing.still_held(order) if order else self.phrasing.plain("refused")
        return self._about_open("refused", reply, effects=({"action": "smalltalk"},))

    async def cancel(self, order_id: int | None, code: str | None, options: Mapping[str, str]) -> Draft:
        order = self._order(order_id, code)
        if order is None:
            if order_id is None and self.asked.get("kind") == "waiting":
                return await self.leave_waitlist(self.asked["code"])
            return await self._nothing(order_id)
        lines = _lines_meant(order, code, options)
        if not lines:
            return await self.status()  # that article, or that size of it, is not in the order
        if len(lines) == len(order.lines):
            return self._cancelled(await self.desk.cancel_order(order.id))
        if order.status != "reserved":
            return self._about_open("order_status", self.phrasing.fixed(order), effects=(STATUS,))
        return [await self._cancel_line(order, line) for line in lines][-1]

    async def drop(self, item: acts.Cancel) -> Draft | None:
        """Give up an article beside which others are taken: what it all comes to is told by the answer about those.

        None when the order would be over without it, or is none that can be changed.
        """
        order = self._order(item.order_id, item.code)
        lines = _lines_meant(order, item.code, item.options) if order else []
        if order is None or order.status != "reserved" or not lines or len(lines) == len(order.lines):
            return None
        for line in lines:
            self._keep(await self.desk.cancel_line(order.id, line.variant_id))
        return Draft("cancelled", (self.phrasing.plain("line_dropped", title=lines[0].title),))

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

    async def swap(self, item: acts.Swap) -> Draft:
        """The same in black, or another article instead: the new one is held before the old one is let go."""
        order = self._draft()
        if order is None:
            under_payment = self._order(None)
            if under_payment is None:
                return await self.take([acts.Take(item.new_code, item.quantity, item.new_options)])
            return self._about_open("order_status", self.phrasing.fixed(under_payment), effects=(STATUS,))
        lines = [line for line in order.lines if line.status == "held"]
        line = next((line for line in reversed(lines) if line.code == item.code), lines[-1])
        product = self.scene.catalogue.products[item.new_code]
        kept = line.options if product.code == line.code else {}
        wanted = {**kept, **item.new_options}
        fitting = [v for v in product.variants if wanted.items() <= v.options.items()]
        fitting = fitting or [v for v in product.variants if item.new_options.items() <= v.options.items()]
        quantity = item.quantity or line.quantity
        if len(fitting) != 1:
            return await self._which_variant(product, fitting or list(product.variants), quantity)
        if fitting[0].id == line.variant_id:
            return await self._hold([(acts.Take(line.code, quantity, {}), product, fitting[0])])
        return await self._swap(order, line, product, fitting[0], quantity)

    async def _swap(self, order: Order, line: Line, product: Product, variant: Variant, quantity: int) -> Draft:
        hold = await self.desk.swap(order.id, line.variant_id, variant.id, quantity)
        taken = Taken(product, variant, hold, 0)
        if hold.outcome != "held":
            return self._not_held(taken, quantity)
        after = await self.desk.order(order.id)
        assert after is not None
        self._keep(after)
        reply = self.phrasing.taken(after, [taken], new_order=False)
        opening = self.phrasing.say("talk.swapped")
        return Draft("held", (replace(reply, text=f"{opening}\n{reply.text}"),), {"kind": "pay", "order": after.id})

    def _nothing_held(self) -> Draft:
        return Draft("nothing_open", (self.phrasing.talk("nothing_to_change"),), effects=(CLARIFY,))

    async def extend(self, order_id: int | None) -> Draft:
        order = self._order(order_id)
        if order is None:
            return await self._nothing(order_id)
        try:
            order, name = self._keep(await self.desk.extend(order.id)), "extended"
        except Conflict:
            name = "not_extended"
        left = left_to_pay(self.phrasing.language, order, self.scene.now)
        reply = replace(self.phrasing.plain(name, left=left), choices=self.phrasing.pay_or_cancel(order.id))
        return Draft(name, (reply,), {"kind": "pay", "order": order.id}, effects=(STATUS,))

    # Waiting

    async def join_waitlist(self, code: str | None, quantity: int | None, options: Mapping[str, str]) -> Draft:
        code = code or self.asked.get("code")
        product = self.scene.catalogue.products.get(code or "")
        if product is None:
            return Draft("asked", (self.phrasing.talk("ask_which_of"),), effects=(CLARIFY,))
        asked = self.asked if self.asked.get("code") == code else {}
        known = [variant for variant in product.variants if variant.id == asked.get("wait_for")]
        named = [variant for variant in product.variants if options and options.items() <= variant.options.items()]
        variants = named or known or list(product.variants)
        quantity = quantity or (asked.get("quantity", 1) if known else 1)
        if len(variants) > 1:
            free = await self.desk.availability([variant.id for variant in variants])
            gone = [variant for variant in variants if not free[variant.id]]
            variants = gone if len(gone) == 1 else variants
        if len(variants) > 1:
            return await self._which_variant(product, variants, quantity)
        place = await self.desk.join_waitlist(self.scene, variants[0].id, quantity)
        if place == 0:
            return Draft("waitlist_served")  # it had just come back: the offer is on its way
        reply = self.phrasing.plain(
            "waiting", title=product.title, options=options_text(variants[0].options), place=place
        )
        return Draft("waitlist_joined", (reply,), {"kind": "waiting", "code": product.code})

    async def leave_waitlist(self, code: str | None) -> Draft:
        product = self.scene.catalogue.products.get(code or self.asked.get("code", ""))
        if product is None:
            return Draft("asked", (self.phrasing.talk("ask_which_of"),), effects=(CLARIFY,))
        for variant in product.variants:
            await self.desk.leave_waitlist(self.scene, variant.id)
        return Draft("waitlist_left", (self.phrasing.plain("left_waitlist"),))


def _lines_meant(order: Order, code: str | None, options: Mapping[str, str]) -> list[Line]:
    """What an order holds of an article in these options; without a code, of all of them."""
    return [
        line
        for line in order.lines
        if line.status == "held" and code in (None, line.code) and options.items() <= line.options.items()
    ]


def variant_of_size(product: Product, line: Line, number: int) -> Variant | None:
    """The variant that differs from a line's in a size of this number alone: "plutôt 39" of shoes in 38."""
    return next(
        (
            variant
            for variant in product.variants
            if sum(line.options.get(axis) != value for axis, value in variant.options.items()) == 1
            and any(value == str(number) != line.options.get(axis) for axis, value in variant.options.items())
        ),
        None,
    )
