"""The words of a reply: templates filled with what the tools gave, and the buttons that go with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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

_HONORIFICS = {"mme", "mlle", "mr", "mrs", "ms", "dr", "el", "madame", "monsieur", "maman", "papa", "mama"}
_FACTS = {"title", "items", "options"}  # values that are the catalogue's words, amounts in them included
_ITEMS_IN_FULL = 2  # a longer basket gets a line an article
_ITEMS_LISTED = 8  # and no more, so that the message stays one
_ITEMS_NAMED = 3  # in one line; the others are counted


def options_text(options: Mapping[str, str]) -> str:
    return f" ({', '.join(options.values())})" if options else ""


def first_name(name: str | None) -> str | None:
    """How to greet somebody: ``Aminata`` of ``Aminata Diallo 🌸``, ``Mme Diop`` in full; none for ``+221 77…``."""
    words = [word for word in (name or "").split() if word[:1].isalpha()]
    if not words:
        return None
    return " ".join(words[:2]) if words[0].strip(".").casefold() in _HONORIFICS else words[0]


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


class Phrasing:
    """Replies to one buyer, in one language."""

    def __init__(self, scene: Scene, language: str) -> None:
        self.scene = scene
        self.language = language
        self.facts: list[str] = []

    def say(self, template: str, /, **values: Any) -> str:
        """A template, filled in. Amounts and the catalogue's words are noted as facts that the reply may state."""
        self.facts += [str(value) for key, value in values.items() if isinstance(value, Money) or key in _FACTS]
        return text(self.language, template, **values)

    def _amount(self, price: Money) -> str:
        self.facts.append(str(price))
        return str(price)

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
            return [f"{what} · {self._amount(price)}"]
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

    def how_many(self, line: Line, order: Order, quantity: int) -> Reply:
        """A number alone, after an article was held: is it the quantity?"""
        body = self.say(
            "conversation.how_many",
            title=line.title,
            options=options_text(line.options),
            quantity=quantity,
            price=line.unit * quantity,
        )
        return Reply(body, (self._take(line.code, quantity), *self.pay_or_cancel(order.id)))

    def which_variant(
        self, product: Product, options: Sequence[Mapping[str, str]], free: Sequence[int], quantity: int
    ) -> Reply:
        """Ask for the size or colour: up to three as buttons, more as a list; what is sold out is said."""
        named = [", ".join(option.values()) for option in options]
        choices = tuple(
            Choice(f"variant:{product.code}:{quantity}:{n}", name, self._in_stock(left))
            for n, (name, left) in enumerate(zip(named, free, strict=True), start=1)
        )
        gone = " · ".join(name for name, left in zip(named, free, strict=True) if not left)
        lines = [self.say("conversation.which_variant", title=product.title, price=self._price_range(product))]
        if gone:
            lines.append(self.say("conversation.variants_gone", options=gone))
        return Reply("\n".join(lines), choices, self.say("conversation.which_label"))

    def _in_stock(self, free: int) -> str:
        return self.say("conversation.row_left", left=free) if free else self.say("conversation.row_none")

    def means(self, order: Order, again: bool = False) -> Reply:
        """The means of payment as buttons; ``again``: what was answered the first time was none of them."""
        choices = tuple(
            Choice(f"means:{order.id}:{means}", self.say(f"conversation.means_{means}"))
            for means in self.scene.shop.settings.means
        )
        left = time_left(order.seconds_left(self.scene.now))
        body = self.say(
            "conversation.choose_means",
            again=self.say("conversation.again_please") if again else "",
            reference=order.reference,
            total=order.total,
            left=left,
        )
        return Reply(body, choices)

    def pay_link(self, order: Order, means: str, url: str) -> Reply:
        left = time_left(order.seconds_left(self.scene.now))
        body = self.say("conversation.pay_link", means=self.say(f"conversation.means_{means}"), url=url, left=left)
        return Reply(body, (self.choice("change_means", f"means:{order.id}"),))

    def still_held(self, order: Order) -> Reply:
        """After a “non” that gives nothing up."""
        left = time_left(order.seconds_left(self.scene.now))
        return Reply(self.say("conversation.still_held", left=left), self.pay_or_cancel(order.id))

    def fixed(self, order: Order) -> Reply:
        """Once the link to pay is there the basket stays as it is."""
        return Reply(f"{self._open_line(order)}\n{self.say('conversation.fixed')}", self.pay_or_cancel(order.id))

    def nothing_open(self) -> Reply:
        """Whoever has bought before may mean an order that is paid: the vendor can help."""
        bought = self.scene.customer.standing.paid_orders > 0
        return replace(self.plain("nothing_open"), choices=(self.choice("human", "human"),) if bought else ())

    def card(self, product: Product, free: int, understood: bool) -> Reply:
        """What the article is and costs; nothing is held. ``understood``: nothing else was asked."""
        lines = [
            self.say("conversation.card", title=product.title),
            self.say("conversation.price", price=self._price_range(product)),
            self.say("conversation.card_stock", left=free) if free else self.say("conversation.card_none"),
        ]
        if product.description:
            lines.append(product.description[:300])
        lines += ["", self.say("conversation.card_how", code=product.code) if free else ""]
        if not understood:
            lines.append(self.say("conversation.card_rest"))
        button = self.choice("take", f"take:{product.code}") if free else self.choice("wait", f"wait:{product.code}:1")
        return Reply("\n".join(lines).strip(), (button, self.choice("human", "human")))

    def and_the_rest(self, reply: Reply) -> Reply:
        return replace(reply, text=f"{reply.text}\n{self.say('conversation.card_rest')}")

    def cards(self, shown: Sequence[tuple[Product, int]], understood: bool) -> Reply:
        """Several articles side by side, each with a button; nothing is held."""
        lines = []
        for product, free in shown:
            what = self.say("conversation.card", title=product.title)
            stock = self.say("conversation.card_stock", left=free) if free else self.say("conversation.card_none")
            lines.append(f"{what} · {self._price_range(product)} · {stock}")
        if not understood:
            lines += ["", self.say("conversation.card_rest")]
        choices = tuple(
            Choice(f"take:{product.code}" if free else f"wait:{product.code}:1", product.code)
            for product, free in shown
        )
        return Reply("\n".join(lines), choices, self.say("conversation.which_label"))

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
        lines = [self._open_line(order) for order in open_orders]
        lines += [
            self.say("conversation.status_paid", reference=o.reference, items=items_text(o), total=o.total)
            for o in paid[:1]
        ]
        if not lines:
            return self.nothing_open()
        if open_orders:
            choices = self.pay_or_cancel(open_orders[0].id)
            if open_orders[0].status == "awaiting_payment":  # "I have paid": somebody may have to look
                choices += (self.choice("human", "human"),)
            return Reply("\n".join(lines), choices)
        return Reply("\n".join(lines), (self.choice("human", "human"),))

    def _open_line(self, order: Order) -> str:
        under_payment = order.status == "awaiting_payment"
        return self.say(
            "conversation.status_awaiting" if under_payment else "conversation.status_open",
            reference=order.reference,
            items=items_text(order),
            total=order.total,
            left=time_left(order.seconds_left(self.scene.now)),
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
