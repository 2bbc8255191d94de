"""The words of a reply: templates filled with what the tools gave, and the buttons that go with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from griot.agent.models import Scene
from griot.channels.model import Choice, Reply
from griot.core.money import Money
from griot.core.texts import text
from griot.knowledge.catalogue.models import Product, Variant
from griot.tools.orders.models import Line, Order
from griot.tools.orders.wording import time_left
from griot.tools.reservation.models import Hold


def options_text(options: Mapping[str, str]) -> str:
    return f" ({', '.join(options.values())})" if options else ""


def items_text(order: Order) -> str:
    """``2 × Robe Wax, Sac``: the lines that count."""
    lines = [line for line in order.lines if line.status in ("held", "sold")] or list(order.lines)
    return ", ".join(f"{line.quantity} × {line.title}" if line.quantity > 1 else line.title for line in lines)


@dataclass(frozen=True, slots=True)
class Taken:
    """One wished article with what the reservation answered."""

    product: Product
    variant: Variant
    hold: Hold
    had: int


class Phrasing:
    """Replies to one buyer, in one language."""

    def __init__(self, scene: Scene, language: str) -> None:
        self.scene = scene
        self.language = language
        self.facts: list[str] = []

    def say(self, template: str, /, **values: Any) -> str:
        """A template, filled in. Every amount given to it is noted as a fact that the reply may state."""
        self.facts += [str(value) for value in values.values() if isinstance(value, Money)]
        return text(self.language, template, **values)

    def choice(self, button: str, choice_id: str, /, **values: Any) -> Choice:
        return Choice(choice_id, self.say(f"conversation.button_{button}", **values))

    def pay_or_cancel(self, order_id: int) -> tuple[Choice, ...]:
        return (self.choice("pay", f"pay:{order_id}"), self.choice("cancel", f"cancel:{order_id}"))

    def plain(self, template: str, /, **values: Any) -> Reply:
        """A template of ``conversation`` that needs no button."""
        return Reply(self.say(f"conversation.{template}", **values))

    def taken(self, order: Order, items: list[Taken], new_order: bool) -> Reply:
        """The article is held: name, price, what is left, how long, and the buyer's standing."""
        lines: list[str] = []
        if all(item.hold.outcome == "same" for item in items):
            lines.append(self.say("conversation.already_held"))
        elif any(item.had and item.hold.outcome == "held" for item in items):
            lines.append(self.say("conversation.quantity_changed"))
        elif new_order and self.scene.customer.name:
            lines += [self.say("conversation.hello", name=self.scene.customer.name), ""]
        for item in items:
            times = f" × {item.hold.quantity}" if item.hold.quantity > 1 else ""
            options = options_text(item.variant.options)
            lines.append(self.say("orders.line", title=item.product.title, options=options, times=times))
            lines.append(
                self.say("conversation.price", price=(item.hold.unit or item.variant.price) * item.hold.quantity)
            )
            if item.hold.outcome == "held":
                lines.append(self._stock(item.hold.left, item.product.low_stock))
        held = [line for line in order.lines if line.status == "held"]
        if len(held) > 1:
            lines.append(self.say("conversation.total", total=order.total))
        minutes = max(1, round(order.seconds_left(self.scene.now) / 60))
        count = sum(line.quantity for line in held)
        reserved = self.say("conversation.reserved_many" if count > 1 else "conversation.reserved_one")
        lines.append(self.say("conversation.held_for", reserved=reserved, minutes=minutes))
        lines += self._standing()
        return Reply("\n".join(lines), self.pay_or_cancel(order.id))

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

    def short(self, item: Taken, wanted: int) -> Reply:
        """There is not enough: what is left may be taken, or the buyer waits in line."""
        code, title, options = item.product.code, item.product.title, options_text(item.variant.options)
        index = item.product.variants.index(item.variant)
        wait = self.choice("wait", f"wait:{code}:{wanted}")
        left = item.hold.left
        if left > 0:
            total = item.had + left
            take = f"take:{code}:{total}" if len(item.product.variants) == 1 else f"variant:{code}:{total}:{index}"
            body = self.say("conversation.short_some", title=title, options=options, left=left)
            return Reply(body, (self.choice("take_left", take, left=total), wait))
        body = self.say("conversation.short_none", title=title, options=options)
        return Reply(f"{body}\n{self.say('conversation.wait_hint')}", (wait,))

    def which_variant(self, product: Product, quantity: int) -> Reply:
        """Ask for the size or colour: up to three as buttons, more as a list."""
        choices = tuple(
            Choice(f"variant:{product.code}:{quantity}:{n}", ", ".join(v.options.values()), str(v.price))
            for n, v in enumerate(product.variants[:10])
        )
        label = self.say("conversation.which_label")
        return Reply(self.say("conversation.which_variant", title=product.title), choices, label)

    def means(self, order: Order) -> Reply:
        choices = tuple(
            Choice(f"means:{order.id}:{means}", self.say(f"conversation.means_{means}"))
            for means in self.scene.shop.settings.means
        )
        left = time_left(order.seconds_left(self.scene.now))
        return Reply(
            self.say("conversation.choose_means", reference=order.reference, total=order.total, left=left), choices
        )

    def pay_link(self, order: Order, means: str, url: str) -> Reply:
        left = time_left(order.seconds_left(self.scene.now))
        body = self.say("conversation.pay_link", means=self.say(f"conversation.means_{means}"), url=url, left=left)
        return Reply(body, (self.choice("change_means", f"means:{order.id}"),))

    def card(self, product: Product, free: int) -> Reply:
        """What the article is and costs; nothing is held."""
        lines = [
            self.say("conversation.card", title=product.title),
            self.say("conversation.price", price=self._price_range(product)),
            self.say("conversation.card_stock", left=free) if free else self.say("conversation.card_none"),
        ]
        if product.description:
            lines.append(product.description[:300])
        lines += ["", self.say("conversation.card_how", code=product.code)]
        button = self.choice("take", f"take:{product.code}") if free else self.choice("wait", f"wait:{product.code}:1")
        return Reply("\n".join(lines), (button, self.choice("human", "human")))

    def _price_range(self, product: Product) -> str:
        prices = sorted({v.price.minor for v in product.variants} or {product.price.minor})
        low, high = Money(prices[0], product.price.currency), Money(prices[-1], product.price.currency)
        self.facts += [str(low), str(high), product.description]
        return str(low) if low == high else f"{low} – {high}"

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

    def status(self, open_orders: list[Order], paid: list[Order]) -> Reply:
        """Where the open orders stand, and the last paid one."""
        lines = [
            self.say(
                "conversation.status_open",
                reference=order.reference,
                items=items_text(order),
                total=order.total,
                left=time_left(order.seconds_left(self.scene.now)),
            )
            for order in open_orders
        ]
        lines += [
            self.say("conversation.status_paid", reference=o.reference, items=items_text(o), total=o.total)
            for o in paid[:1]
        ]
        if not lines:
            return self.plain("nothing_open")
        return Reply("\n".join(lines), self.pay_or_cancel(open_orders[0].id) if open_orders else ())

    def greeting(self) -> Reply:
        code = self.scene.catalogue.example
        if self.scene.customer.standing.paid_orders and self.scene.customer.name:
            return self.plain("welcome_back", name=self.scene.customer.name)
        return self.plain("greet", shop=self.scene.shop.name, code=code)


def line_of(order: Order, variant_id: int) -> Line | None:
    return next((line for line in order.lines if line.variant_id == variant_id and line.status == "held"), None)
