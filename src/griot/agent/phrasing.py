"""Orders in words: what is held, to pay, paid or over, and the buttons that go with each."""

from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from griot.agent.saying import first_name, options_text
from griot.agent.showing import Showing
from griot.channels.model import Choice, Reply
from griot.core.money import Money
from griot.knowledge.catalogue.models import Product, Variant
from griot.tools.orders.models import Line, Order
from griot.tools.orders.wording import left_to_pay, time_left
from griot.tools.reservation.models import Hold

_ITEMS_IN_FULL = 2  # a longer basket gets a line an article
_ITEMS_LISTED = 8  # and no more, so that the message stays one
_ITEMS_NAMED = 3  # in one line; the others are counted


def items_text(order: Order) -> str:
    """``2 × Robe Wax (M), Sac + 4``: the lines that count."""
    lines = [line for line in order.lines if line.status in ("held", "sold")] or list(order.lines)
    named = [(line.quantity, line.title + options_text(line.options)) for line in lines[:_ITEMS_NAMED]]
    shown = [f"{quantity} × {name}" if quantity > 1 else name for quantity, name in named]
    more = len(lines) - _ITEMS_NAMED
    return ", ".join(shown) + (f" + {more}" if more > 0 else "")


@dataclass(frozen=True, slots=True)
class Taken:
    """One wished article with what the reservation answered."""

    product: Product
    variant: Variant
    hold: Hold
    had: int


class Phrasing(Showing):
    """What is held, to pay, paid or over, in words."""

    def pay_or_cancel(self, order_id: int) -> tuple[Choice, ...]:
        return (self.choice("pay", f"pay:{order_id}"), self.choice("cancel", f"cancel:{order_id}"))

    def taken(self, order: Order, items: list[Taken], new_order: bool) -> Reply:
        """The article is held: name, price, what is left, how long, and the buyer's standing."""
        lines: list[str] = []
        same = all(item.hold.outcome == "same" for item in items)
        if same:
            lines.append(self.say("conversation.already_held"))
        elif any(item.had and item.hold.outcome == "held" for item in items):
            lines.append(self.say("conversation.quantity_changed"))
        elif new_order and (name := first_name(self.scene.customer.name)):
            lines += [self.say("conversation.hello", name=name), ""]
        listed = items if len(items) <= _ITEMS_LISTED + 1 else items[:_ITEMS_LISTED]
        for item in listed:
            lines += self._item(item, in_full=len(items) <= _ITEMS_IN_FULL)
        if len(listed) < len(items):
            lines.append(self.say("payments.more_articles", count=len(items) - len(listed)))
        held = [line for line in order.lines if line.status == "held"]
        if len(held) > 1:
            lines.append(self.say("conversation.total", total=order.total))
        seconds = order.seconds_left(self.scene.now)
        if same:
            lines.append(self.say("conversation.still_to_pay", left=time_left(seconds)))
        else:
            lines.append(self.say("conversation.held_for", minutes=max(1, round(seconds / 60))))
        lines += self._standing() if new_order else []
        choices = self.pay_or_cancel(order.id)
        if same and len(items) == 1 and order.status == "reserved":
            choices = (choices[0], self._take(items[0].product.code, items[0].hold.quantity + 1), choices[1])
        return Reply("\n".join(lines), choices, self.say("conversation.which_label"))

    def _item(self, item: Taken, in_full: bool) -> list[str]:
        times = f" × {item.hold.quantity}" if item.hold.quantity > 1 else ""
        price = (item.hold.unit or item.variant.price) * item.hold.quantity
        what = self.say(
            "orders.line", title=item.product.title, options=options_text(item.variant.options), times=times
        )
        if not in_full:
            return [f"{what} · {self.amount(price)}"]
        lines = [what, self.say("conversation.price", price=price)]
        if item.hold.outcome == "held":
            lines.append(self._stock(item.hold.left, item.product.low_stock))
        return lines

    def _stock(self, left: int, low_stock: int) -> str:
        if left == 0:
            return self.say("conversation.stock_last")
        if left <= max(low_stock, 2):
            return self.say("conversation.stock_low", left=left)
        return self.say("conversation.stock_left", left=left)

    def _standing(self) -> list[str]:
        count = self.scene.customer.standing.paid_orders
        if count == 0:
            return []
        name = "conversation.standing_one" if count == 1 else "conversation.standing"
        return ["", self.say(name, count=count) if count > 1 else self.say(name)]

    def _take(self, code: str, count: int) -> Choice:
        return self.choice("take_left", f"take:{code}:{count}", left=count)

    def short(self, item: Taken, wanted: int) -> Reply:
        """There is not enough: what is left may be taken, or the buyer waits in line."""
        code, left = item.product.code, item.hold.left
        wait = self.choice("wait", f"wait:{code}:{wanted}")
        body = self.say(
            "conversation.short_some" if left else "conversation.short_none",
            title=item.product.title,
            options=options_text(item.variant.options),
            left=left or "",
            had=self.say("conversation.have", count=item.had) if item.had else "",
        )
        return Reply(body, (self._take(code, item.had + left), wait) if left else (wait,))

    def how_many(self, line: Line, order: Order, quantity: int, unit: Money) -> Reply:
        """A number alone, after an article was held: is it the quantity? ``unit``: what a piece costs of so many."""
        body = self.say(
            "conversation.how_many",
            title=line.title,
            options=options_text(line.options),
            quantity=quantity,
            price=unit * quantity,
        )
        return Reply(body, (self._take(line.code, quantity), *self.pay_or_cancel(order.id)))

    def means(self, order: Order, again: bool = False) -> Reply:
        """The means of payment as buttons; ``again``: what was answered the first time was none of them."""
        choices = tuple(
            Choice(f"means:{order.id}:{means}", self.say(f"conversation.means_{means}"))
            for means in self.scene.shop.settings.means
        )
        left = self._left(order)
        body = self.say(
            "conversation.choose_means",
            again=self.say("conversation.again_please") if again else "",
            reference=order.reference,
            total=order.total,
            deposit=self._deposit(order),
            left=left,
        )
        return Reply(body, choices)

    def pay_link(self, order: Order, means: str | None, url: str) -> Reply:
        left = self._left(order)
        named = self.say(f"conversation.means_{means}") if means else self.say("conversation.means_any")
        body = self.say("conversation.pay_link", means=named, url=url, deposit=self._deposit(order), left=left)
        return Reply(body, (self.choice("change_means", f"means:{order.id}"),))

    def _left(self, order: Order) -> str:
        return left_to_pay(self.language, order, self.scene.now)

    def _deposit(self, order: Order) -> str:
        """What is to be paid now of an order, in a shop that does not ask for all of it at once."""
        due = order.due_now(self.scene.shop)
        return self.say("quotes.deposit", deposit=due) if due != order.total else ""

    def still_held(self, order: Order) -> Reply:
        """After a “non” that gives nothing up."""
        left = self._left(order)
        return Reply(self.say("conversation.still_held", left=left), self.pay_or_cancel(order.id))

    def fixed(self, order: Order) -> Reply:
        """Once the link to pay is there the basket stays as it is."""
        return Reply(f"{self._open_line(order)}\n{self.say('conversation.fixed')}", self.pay_or_cancel(order.id))

    def nothing_open(self) -> Reply:
        """Whoever has bought before may mean an order that is paid: the vendor can help."""
        bought = self.scene.customer.standing.paid_orders > 0
        return replace(self.plain("nothing_open"), choices=(self.choice("human", "human"),) if bought else ())

    def heard(self, lines: str) -> Reply:
        """What a voice note seems to have said, to be agreed to."""
        return Reply(self.say("conversation.heard", lines=lines), (self.choice("yes", "yes"), self.choice("no", "no")))

    def unheard(self, trouble: str) -> Reply:
        """Why a voice note has no answer, and what to do instead."""
        reply = self.plain(f"unheard_{trouble}", shop=self.scene.shop.name)
        return replace(reply, choices=(self.choice("human", "human"),))

    def purchases(self, orders: list[Order]) -> Reply:
        if not orders:
            return self.plain("no_purchases")
        zone = ZoneInfo(self.scene.shop.timezone)
        lines = [self.say("conversation.purchases")]
        for order in orders:
            date = (order.paid_at or order.created_at).astimezone(zone).strftime("%d/%m/%Y")
            lines.append(
                self.say(
                    "conversation.purchase",
                    reference=order.reference,
                    date=date,
                    items=items_text(order),
                    total=order.total,
                )
            )
        return Reply("\n".join(lines))

    def status(self, open_orders: list[Order], closed: list[Order]) -> Reply:
        """Where the open orders stand, and the last closed one."""
        lines = [self._open_line(order) for order in open_orders] + [self._closed_line(order) for order in closed[:1]]
        if not lines:
            return self.nothing_open()
        if open_orders:
            choices = self.pay_or_cancel(open_orders[0].id)
            if open_orders[0].status == "awaiting_payment":  # "I have paid": somebody may have to look
                choices += (self.choice("human", "human"),)
            return Reply("\n".join(lines), choices)
        if closed[0].status == "paid" and closed[0].fulfilment is None:
            lines.append(self.say("conversation.status_delivery"))
        return Reply("\n".join(lines), (self.choice("human", "human"),))

    def unknown_reference(self, reference: str) -> Reply:
        """The buyer has no such order; whether anybody else has is not said."""
        return self.plain("unknown_reference", reference=reference)

    def _closed_line(self, order: Order) -> str:
        state = (order.fulfilment or "paid") if order.status == "paid" else order.status
        if order.overdue(self.scene.now):
            state = "expired"
        return self.say(
            "conversation.status_closed",
            reference=order.reference,
            items=items_text(order),
            total=order.total,
            state=self.say(f"conversation.state_{state}"),
        )

    def _open_line(self, order: Order) -> str:
        under_payment = order.status == "awaiting_payment"
        return self.say(
            "conversation.status_awaiting" if under_payment else "conversation.status_open",
            reference=order.reference,
            items=items_text(order),
            total=order.total,
            left=self._left(order),
        )

    def over(self, order: Order) -> Reply:
        """An order that was cancelled or ran out, and the way to have its articles again."""
        name = "cancelled" if order.status == "cancelled" else "order_over"
        again = [line for line in order.lines if line.code in self.scene.catalogue.products][:3]
        single = self.say("reservation.button_again")
        choices = tuple(
            Choice(f"take:{line.code}:{line.quantity}", single if len(again) == 1 else line.code)
            for line in {line.code: line for line in again}.values()
        )
        return replace(self.plain(name, reference=order.reference), choices=choices)

    def greeting(self, open_orders: list[Order]) -> Reply:
        """A new buyer learns how it works; who has an order open is shown where it stands."""
        name = first_name(self.scene.customer.name)
        if open_orders:
            status = self.status(open_orders, [])
            return (
                replace(status, text=f"{self.say('conversation.hello', name=name)}\n{status.text}") if name else status
            )
        if self.scene.customer.standing.paid_orders and name:
            return self.plain("welcome_back", name=name)
        return self.plain("greet", shop=self.scene.shop.name, code=self.scene.catalogue.example)


def line_of(order: Order, variant_id: int) -> Line | None:
    return next((line for line in order.lines if line.variant_id == variant_id and line.status == "held"), None)
