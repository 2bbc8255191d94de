"""Paying and where things stand."""

from griot.agent.models import Draft
from griot.agent.taking import Taking
from griot.tools.orders.models import Order

STATUS = {"action": "order_status"}


class Paying(Taking):
    """The acts that lead to the payment page, and those that ask how far an order is."""

    async def pay(self, order_id: int | None, at_once: bool = False) -> Draft:
        """PAYER: the means are offered, unless there is only one, or the link was asked for."""
        order = self._order(order_id)
        if order is None:
            return await self._nothing(order_id)
        means = self.scene.shop.settings.means
        if at_once:
            return await self._link(order, order.means)
        if len(means) == 1:
            return await self._link(order, means[0])
        asked = {"kind": "means", "order": order.id, "means": list(means)}
        return Draft("choose_means", (self.phrasing.means(order),), asked, effects=(_link_of(order),))

    async def choose_means(self, means: str, order_id: int | None) -> Draft:
        order = self._order(order_id)
        if order is None:
            return await self._nothing(order_id)
        if means not in self.scene.shop.settings.means:
            return await self.pay(order.id)
        return await self._link(order, means)

    async def _link(self, order: Order, means: str | None) -> Draft:
        """The address of the payment page, where every means can be chosen; ``means`` comes first there."""
        order = self._keep(await self.desk.await_payment(order.id, means))
        url = self.desk.pay_url(order.id)
        return Draft("payment_link", (self.phrasing.pay_link(order, means, url),), effects=(_link_of(order),))

    async def status(self, reference: str | None = None) -> Draft:
        """Where the open orders and the last paid one stand; or one order, when it is the buyer's own."""
        if reference is not None:
            order = await self.desk.own_order(self.scene, reference)
            if order is None:
                return self._about_open("order_status", self.phrasing.unknown_reference(reference), effects=(STATUS,))
            found = {"action": "order_status", "order": order.reference}
            if order.open and not order.overdue(self.scene.now):
                return self._about_open("order_status", self.phrasing.status([order], []), effects=(found,))
            return Draft("order_status", (self.phrasing.status([], [order]),), effects=(found,))
        closed = list(self.scene.past) or await self.desk.purchases(self.scene)
        shown = [*self._open(), *closed[:1]]
        found = {"action": "order_status", "order": shown[0].reference} if shown else STATUS
        return self._about_open("order_status", self.phrasing.status(self._open(), closed), effects=(found,))

    async def purchases(self) -> Draft:
        reply = self.phrasing.purchases(await self.desk.purchases(self.scene))
        return Draft("purchases", (reply,), effects=(STATUS,))

    async def _nothing(self, order_id: int | None) -> Draft:
        """The order is over, or there was none; the buyer is told which."""
        order = await self.desk.order(order_id) if order_id is not None else None
        if order is None or not self.scene.customer.is_one_with(order.customer_id):
            return Draft("nothing_open", (self.phrasing.nothing_open(),), effects=(STATUS,))
        if order.status == "paid":
            return Draft("order_status", (self.phrasing.status([], [order]),), effects=(STATUS,))
        reply = self.phrasing.over(order)
        asked = self._again(order) if len(reply.choices) == 1 else None
        return Draft("cancelled" if order.status == "cancelled" else "order_over", (reply,), asked, effects=(STATUS,))

    def _again(self, order: Order) -> dict[str, object]:
        """The question whether an order of one article is to be taken again."""
        line = next(line for line in order.lines if line.code in self.scene.catalogue.products)
        taken = {"code": line.code, "take": line.quantity, "take_options": dict(line.options)}
        return {"kind": "variant", "quantity": line.quantity, "options": [dict(line.options)], **taken}


def _link_of(order: Order) -> dict[str, object]:
    return {"action": "payment_link", "order": order.reference}
