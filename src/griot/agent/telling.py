"""Telling and asking: product information, the shop's own answers, courtesies, refusals, one good question."""

from dataclasses import replace
from typing import Any

from griot.agent import acts
from griot.agent.guarding import presentable, sift
from griot.agent.models import Draft
from griot.agent.offering import Offering
from griot.agent.phrasing import line_of
from griot.agent.slips import Slip
from griot.agent.taking import offer, said
from griot.agent.verdicts import verdict
from griot.channels.model import Reply
from griot.knowledge.catalogue.models import Product
from griot.tools.offers.models import NotApplied
from griot.tools.orders.models import Order
from griot.tools.shops import hours

_SHOWN = 5  # articles in one message
_SMALL_TALK = {"action": "smalltalk"}


class Telling(Offering):
    """The acts that create nothing, and the one that calls a human."""

    async def show(self, codes: tuple[str, ...], quantity: int | None = None) -> Draft:
        """Articles with price and stock, and what a quantity costs; none found: said so, with some of what there is."""
        products = [self.scene.catalogue.products[code] for code in codes][:_SHOWN]
        opening = ""
        if not products:
            products = list(self.scene.catalogue.products.values())[:_SHOWN]
            opening = self.phrasing.say("talk.nothing_found", shop=self.scene.shop.name)
        effects = ({"action": "search", "product": list(codes[:_SHOWN])},)
        if len(products) == 1 and (held := self._held_already(products[0])):
            return replace(held, effects=effects)
        free = await self.desk.availability([v.id for product in products for v in product.variants])
        if len(products) > 1 or opening:
            shown = [(product, sum(free[v.id] for v in product.variants)) for product in products]
            offered = {"kind": "product", "codes": [product.code for product in products]}
            return Draft("product_shown", (self.phrasing.cards(shown, opening, quantity),), offered, effects=effects)
        product = products[0]
        asked: dict[str, Any] = {"kind": "waitlist", "code": product.code, "quantity": 1}
        if any(free.values()):
            options = [dict(variant.options) for variant in product.variants]
            asked |= {"kind": "variant", "options": options, "listed": False}  # "one" is a quantity, no place in a list
        card = self.phrasing.card(product, free, quantity)
        if product.image_url:
            card = replace(card, media=await self.desk.picture(product.id))
        return Draft("product_shown", (card,), asked, effects=effects)

    def _held_already(self, product: Product) -> Draft | None:
        """Who asks about an article that is held for them is told so, and not offered it again."""
        variant = product.variants[0]
        order = next((order for order in self._open() if line_of(order, variant.id)), None)
        if order is None or len(product.variants) > 1:
            return None
        return self._already(order, product, variant)

    async def answer_faq(self, key: str) -> Draft:
        """The shop's answer in its own words; in another language it is announced as the shop's."""
        if key == hours.KEY:
            return self._hours()
        entry = self.scene.catalogue.faq[key]
        name = "from_the_shop" if entry.language == self.phrasing.language else "from_the_shop_in"
        answer = presentable(entry.answer)
        if not answer:  # it speaks to nobody but the assistant
            return await self.hand_over()
        self.phrasing.facts.append(entry.answer)
        brief = verdict(answer, said(self.scene)) if name == "from_the_shop_in" else None
        reply = self.phrasing.talk(name, answer=answer, verdict=self.phrasing.say(f"talk.{brief}") if brief else "")
        return Draft("faq", (reply,), self._still_asked(), effects=({"action": "faq", "faq": key},))

    def _hours(self) -> Draft:
        """What the shop's settings say: open or closed now, and the week."""
        standing = hours.standing(self.scene.shop, self.phrasing.language, self.scene.now)
        return Draft("faq", (Reply(standing),), self._still_asked(), effects=({"action": "faq", "faq": hours.KEY},))

    async def clarify(self, item: acts.Clarify) -> Draft:
        """One question. What it is about is kept, so that a short answer is enough."""
        products = [self.scene.catalogue.products[code] for code in item.codes]
        effects = ({"action": "clarify", "product": list(item.codes)},)
        quantity = item.quantity or 1
        match item.question:
            case "product" if len(products) > 1:
                free = await self.desk.availability([v.id for product in products for v in product.variants])
                shown = [(p, sum(free[v.id] for v in p.variants)) for p in products[:_SHOWN]]
                asked = {"kind": "product", "codes": list(item.codes[:_SHOWN]), "quantity": quantity}
                reply = self.phrasing.cards(shown, self.phrasing.say("talk.ask_product"))
                return Draft("asked", (reply,), asked, effects=effects)
            case "variant" if products and len(products[0].variants) > 1:
                return await self._which_variant(products[0], list(products[0].variants), quantity)
            case "quantity" if products:
                asked = {"kind": "quantity", "code": products[0].code, "options": {}}
                return self._ask("ask_quantity", asked, effects, title=products[0].title)
            case "confirm_quantity" if products:
                asked = {"kind": "confirm_quantity", "code": products[0].code, "quantity": quantity}
                title = products[0].title
                return self._ask("ask_confirm_quantity", asked, effects, quantity=quantity, title=title)
            case "product" | "variant" | "quantity" | "confirm_quantity":
                return self._ask("ask_which_of", {"kind": "product", "codes": [], "quantity": quantity}, effects)
            case "what":
                draft = self._ask("ask_what", self._still_asked(), effects)
                return replace(draft, troubled=True)
            case "address":  # the first step of the form
                return self._ask("ask_address", {"kind": "address"}, ({"action": "form", "kind": "address"},))
            case "date" if not item.codes:
                return self._ask("ask_date", {"kind": "date"}, ({"action": "form", "kind": "slot"},))
            case question:
                return self._ask(f"ask_{question}", {"kind": question}, effects)

    def _ask(
        self, name: str, asked: dict[str, Any] | None, effects: tuple[dict[str, Any], ...], **values: Any
    ) -> Draft:
        return Draft("asked", (self.phrasing.talk(name, **values),), asked, effects=effects)

    async def refuse(self, what: acts.Refusal, code: str | None = None) -> Draft:
        """Kindly no. What the buyer may have instead stays on offer, at the price it has for everybody."""
        if what == "price" and code is not None:
            product = self.scene.catalogue.products[code]
            price = self.phrasing.price_range(product)
            reply = self.phrasing.talk("refuse_price_of", title=product.title, price=price)
            reply = replace(reply, choices=(self.phrasing.choice("take", f"take:{code}"),))
        else:
            reply = self.phrasing.talk(f"refuse_{what}", shop=self.scene.shop.name)
        return Draft("refused", (reply,), self._still_asked(), effects=({"action": "refuse"},))

    async def small_talk(self, kind: acts.Courtesy) -> Draft:
        reply = self.phrasing.talk(f"small_{kind}", shop=self.scene.shop.name)
        return Draft("smalltalk", (reply,), self._still_asked(), effects=(_SMALL_TALK,))

    def own_number(self, yes: bool) -> Draft:
        """What the answer does was done when it came in; here it is only acknowledged."""
        reply = Reply(self.phrasing.say("proofs.confirmed" if yes else "proofs.denied"))
        return Draft("noted", (reply,), self._still_asked(), effects=(_SMALL_TALK,))

    async def greet(self) -> Draft:
        return self._about_open("greet", self.phrasing.greeting(self._open()), effects=({"action": "greet"},))

    async def say(self, words: str) -> Draft:
        """A model's own words, sentence by sentence; when nothing may be said, a human takes it."""
        catalogue = self.scene.catalogue
        known = [*self.phrasing.facts, *(entry.answer for entry in catalogue.faq.values())]
        for product in catalogue.products.values():
            known += [product.title, product.description, self.phrasing.price_range(product)]
        left = sift(words, known, catalogue.products.keys())
        if not left.text:
            return await self.escalate(acts.Escalate("unknown", said(self.scene)))
        named = [
            code for code, product in catalogue.products.items() if code in left.text or product.title in left.text
        ]
        effect = {"action": "search", "product": named} if named else _SMALL_TALK
        self.phrasing.facts += known
        return Draft("said", (replace(self.phrasing.talk("small_ok"), text=left.text),), effects=(effect,))

    async def escalate(self, item: acts.Escalate) -> Draft:
        """A human takes the thread, with the reason, what it is about and an answer that might do."""
        summary = item.summary or said(self.scene)
        await self.desk.escalate(self.scene, item.reason, summary, item.suggestion, item.sentiment)
        reply = self.phrasing.talk(f"escalated_{item.reason}", shop=self.scene.shop.name)
        return Draft("escalated", (reply,), handler="human", effects=({"action": "escalate"},))

    async def hand_over(self) -> Draft:
        return await self.escalate(acts.Escalate("unknown"))

    async def slipped(self, item: Slip) -> Draft:
        """A message too short to think about (``slips``)."""
        words = self.scene.thread.messages[0].text or ""
        match item.kind:
            case "noise":
                return Draft("noted", asked=self._still_asked(), effects=(_SMALL_TALK,))
            case "state":
                return await self.greet()
            case "code":
                order = self._order(None)
                outcome = await self.desk.promotion(order.id if order else None, words)
                if outcome != NotApplied("unknown"):
                    return self._of_promotion(words.strip(), outcome)
                reply = self.phrasing.plain("unknown_code", code=words.strip().upper())
                return Draft("unknown_code", (reply,), self._still_asked(), effects=({"action": "clarify"},))
            case "means":
                order = self._order(self.asked.get("order"))
                assert order is not None
                return Draft(
                    "choose_means", (self.phrasing.means(order, again=True),), {**self.asked, "repeated": True}
                )
            case "number":
                order = self._draft()
                assert order is not None
                return self._how_many(order, item.number)

    def _how_many(self, order: Order, quantity: int) -> Draft:
        line = self._last_line(order)
        found = self._article(line)
        asked: dict[str, Any] = {"kind": "pay", "order": order.id}
        if found is None or quantity == line.quantity:
            reply = self.phrasing.status([order], [])
            return Draft("order_status", (reply,), asked, effects=({"action": "order_status"},))
        asked |= offer(*found, quantity)
        asked |= {"kind": "variant", "quantity": quantity, "options": [dict(line.options)]}
        product, variant = found
        reply = self.phrasing.how_many(line, order, quantity, product.unit_price(variant, quantity))
        return Draft("how_many", (reply,), asked, effects=({"action": "clarify", "product": [line.code]},))
