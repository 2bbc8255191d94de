"""Articles in words: what they are, cost, and whether they are there. Nothing here holds anything."""

from collections.abc import Mapping, Sequence

from griot.agent.guarding import presentable
from griot.agent.saying import Saying
from griot.channels.model import Choice, Reply
from griot.core.money import Money
from griot.knowledge.catalogue.models import Product

_DESCRIPTION = 300  # characters
_VARIANTS_NAMED = 12
_BREAKS_NAMED = 3


class Showing(Saying):
    """Product cards, and the question which size or colour."""

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
        lines = [self.say("conversation.which_variant", title=product.title, price=self.price_range(product))]
        if gone:
            lines.append(self.say("conversation.variants_gone", options=gone))
        return Reply("\n".join(lines), choices, self.say("conversation.which_label"))

    def _in_stock(self, free: int) -> str:
        return self.say("conversation.row_left", left=free) if free else self.say("conversation.row_none")

    def card(self, product: Product, free: Mapping[int, int], quantity: int | None = None) -> Reply:
        """What the article is and costs, by quantity too, and what of it is there. ``free``: pieces by variant id."""
        left = sum(free[variant.id] for variant in product.variants)
        lines = [
            self.say("conversation.card", title=product.title),
            self.say("conversation.price", price=self.price_range(product)),
            *self._breaks(product),
            *self._price_for(product, quantity),
            self.say("conversation.card_stock", left=left) if left else self.say("conversation.card_none"),
            *self._variants(product, free),
        ]
        description = presentable(product.description)
        if description:
            lines.append(description[:_DESCRIPTION])
        lines += ["", self.say("conversation.card_how", code=product.code) if left else ""]
        button = self.choice("take", f"take:{product.code}") if left else self.choice("wait", f"wait:{product.code}:1")
        return Reply("\n".join(lines).strip(), (button, self.choice("human", "human")))

    def _breaks(self, product: Product) -> list[str]:
        return [
            self.say("talk.price_from", quantity=step.min_quantity, price=step.unit)
            for step in product.price_breaks[:_BREAKS_NAMED]
        ]

    def _variants(self, product: Product, free: Mapping[int, int]) -> list[str]:
        """Which options are there and which are gone."""
        if len(product.variants) < 2:
            return []
        there = [f"{variant.label} ({free[variant.id]})" for variant in product.variants if free[variant.id]]
        gone = [variant.label for variant in product.variants if not free[variant.id]]
        lines = [self.say("talk.variants_free", options=_some(there))] if there else []
        return lines + ([self.say("talk.variants_gone", options=_some(gone))] if there and gone else [])

    def _price_for(self, product: Product, quantity: int | None) -> list[str]:
        """What so many pieces cost, when all variants cost the same."""
        units = {product.unit_price(variant, quantity) for variant in product.variants} if quantity else set()
        if quantity is None or quantity < 2 or len(units) != 1:
            return []
        unit = units.pop()
        return [self.say("talk.price_for", quantity=quantity, total=unit * quantity, unit=unit)]

    def cards(self, shown: Sequence[tuple[Product, int]], opening: str = "", quantity: int | None = None) -> Reply:
        """Several articles side by side, each with a button; nothing is held."""
        lines = [opening] if opening else []
        for product, free in shown:
            what = self.say("conversation.card", title=product.title)
            stock = self.say("conversation.card_stock", left=free) if free else self.say("conversation.card_none")
            lines.append(f"{what} ({product.code}) · {self.price_range(product)} · {stock}")
            lines += self._price_for(product, quantity)
        choices = tuple(
            Choice(f"take:{product.code}" if free else f"wait:{product.code}:1", product.code)
            for product, free in shown
        )
        return Reply("\n".join(lines), choices, self.say("conversation.which_label"))

    def price_range(self, product: Product) -> str:
        """``15 000 F CFA``, or from the cheapest to the dearest variant."""
        prices = sorted({v.price.minor for v in product.variants} or {product.price.minor})
        low, high = Money(prices[0], product.price.currency), Money(prices[-1], product.price.currency)
        self.facts += [str(low), str(high), product.description]
        return str(low) if low == high else f"{low} – {high}"


def _some(labels: Sequence[str]) -> str:
    named = " · ".join(labels[:_VARIANTS_NAMED])
    return f"{named} …" if len(labels) > _VARIANTS_NAMED else named
