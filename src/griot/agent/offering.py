"""Quotes, promotions, dates and what buyers let the shop know."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from griot.agent import acts
from griot.agent.changing import CLARIFY, Changing
from griot.agent.desk import Wish
from griot.agent.models import Draft
from griot.agent.phrasing import Taken, line_of
from griot.agent.taking import joined
from griot.channels.model import Reply
from griot.knowledge.catalogue.models import Product, Variant
from griot.tools.offers.models import Applied, NotApplied, Promotion
from griot.tools.quotes.models import Quote
from griot.tools.quotes.wording import quote_ready

_FIGURES = re.compile(r"\d\s?%|\d{3}|\d\s?(f|ar|€|fcfa|cfa)\b", re.I)  # a price in it would read like ours
_TEXT = 200  # characters of a request that are said back
_PLACE = ("landmark", "district", "city", "location")  # of an address that was given in parts


class Offering(Changing):
    """The acts around an offer, and the structured ones."""

    async def quote(self, lines: Sequence[acts.Wanted], on: date | None) -> Draft:
        """A numbered PDF. Without lines: of what is held, or of what was quoted before."""
        chosen: list[tuple[int, int]] = []
        for line in lines:
            product = self.scene.catalogue.products[line.code]
            variants = _fitting(product, line)
            if len(variants) != 1:
                return await self._which_variant(product, variants or list(product.variants), line.quantity)
            chosen.append((variants[0].id, line.quantity))
        if not chosen:
            chosen = await self._to_quote()
        if not chosen:
            return Draft("asked", (self.phrasing.talk("ask_what"),), effects=(CLARIFY,))
        before = await self.desk.open_quote(self.scene)
        if on is None and before is not None and before.wanted_on is not None and before.wanted_on >= self._today():
            on = before.wanted_on  # what is wanted changes, the day does not
        return self._quoted(await self.desk.quote(self.scene, chosen, on, self.phrasing.language), before)

    def _quoted(self, offer: Quote, before: Quote | None = None) -> Draft:
        """The quote with its document; ``before``: the one that was open until now."""
        reply = quote_ready(self.phrasing.language, offer, replaces=before)
        self.phrasing.facts.append(reply.text)
        return Draft("quoted", (reply,), {"kind": "quote", "quote": offer.id})

    async def swap(self, item: acts.Swap) -> Draft:
        """Instead of what is held; when nothing is, instead of what is quoted."""
        offer = await self.desk.open_quote(self.scene) if self._order(None) is None else None
        named = [line for line in offer.lines if item.code in (None, line.code)] if offer else []
        if offer is None or not named:
            return await super().swap(item)
        kept = named[-1].options if item.new_code == named[-1].code else {}
        new = acts.Wanted(item.new_code, item.quantity or named[-1].quantity, {**kept, **item.new_options})
        sold = [line for line in offer.lines if line is named[-1] or self._article(line)]
        return await self.quote(
            [new if line is named[-1] else acts.Wanted(line.code, line.quantity, line.options) for line in sold], None
        )

    async def _to_quote(self) -> list[tuple[int, int]]:
        order = self._order(None)
        if order is not None:
            return [(line.variant_id, line.quantity) for line in order.lines if line.status == "held"]
        offer = await self.desk.open_quote(self.scene)
        return [(line.variant_id, line.quantity) for line in offer.lines] if offer else []

    async def accept_quote(self, quote_id: int | None = None) -> Draft:
        """Everything that the open quote offers is held, as far as it is there; what is not is said.

        ``quote_id``: the quote whose button was tapped. One that has been replaced is not accepted: the open one is
        shown again.
        """
        offer = await self.desk.open_quote(self.scene)
        if offer is None:
            if self._order(None) is not None:
                return await self.status()
            return Draft("nothing_open", (Reply(self.phrasing.say("quotes.none_open")),), effects=(CLARIFY,))
        if quote_id not in (None, offer.id):
            return self._quoted(offer)
        before = self._draft()
        held = await self.desk.take(self.scene, [Wish(line.variant_id, line.quantity) for line in offer.lines])
        good: list[Taken] = []
        missing: list[Draft] = []
        for line, hold in zip(offer.lines, held.holds, strict=True):
            found = self._article(line)
            if found is None:
                missing.append(Draft("gone", (self.phrasing.plain("gone", title=line.title),), effects=(CLARIFY,)))
                continue
            had = line_of(before, line.variant_id) if before else None
            item = Taken(*found, hold, had.quantity if had else 0)
            if hold.outcome in ("held", "same"):
                good.append(replace(item, hold=replace(hold, unit=line.unit)))
            else:
                missing.append(self._not_held(item, line.quantity))
        if not good or held.order is None:
            return joined(missing, None)
        await self.desk.quote_accepted(offer.id, held.order.id)
        if offer.wanted_on is not None and offer.wanted_on >= self._today():
            await self.desk.set_wanted(held.order.id, offer.wanted_on, None)
        order = await self.desk.order(held.order.id)  # as it is at the quoted prices
        assert order is not None
        return joined([self._held(self._keep(order), good, new_order=True), *missing], None)

    def _today(self) -> date:
        return self.scene.now.astimezone(ZoneInfo(self.scene.shop.timezone)).date()

    async def wanted_on(self, on: date | None, at: str | None) -> Draft:
        """When it is wanted: of what is held, or of the open quote, which is made again."""
        when = self.phrasing.day(on, at)
        order = self._order(None)
        if order is not None:
            self._keep(await self.desk.set_wanted(order.id, on, at))
            return self._about_open("dated", self.phrasing.talk("wanted_on", when=when))
        offer = await self.desk.open_quote(self.scene)
        if offer is not None and on is not None:
            return await self.quote((), on)
        reply = self.phrasing.talk("wanted_what", when=when)
        return Draft("asked", (reply,), self._still_asked(), effects=(CLARIFY,))

    async def intake(self, item: acts.Intake) -> Draft:
        """Where to deliver, when, what to make: kept with the order and shown to the vendor."""
        order = self._order(None)
        fields = dict(item.fields)
        await self.desk.intake(self.scene, order.id if order else None, item.kind, fields)
        lines = []
        match item.kind:
            case "address":
                where = fields.get("text") or ", ".join(fields[name] for name in _PLACE if name in fields)
                lines.append(self.phrasing.say("talk.noted_address", text=where[:_TEXT]))
                if "phone" in fields:
                    lines.append(self.phrasing.say("talk.noted_phone", phone=fields["phone"]))
            case "slot":
                on = date.fromisoformat(fields["date"]) if "date" in fields else None
                when = self.phrasing.day(on, fields.get("time"))
                lines.append(self.phrasing.say("talk.noted_slot", when=when))
                if order is not None:
                    self._keep(await self.desk.set_wanted(order.id, on, fields.get("time")))
            case "custom":
                request = fields.get("request") or fields.get("text", "")
                name = "noted_custom_only" if _FIGURES.search(request) else "noted_custom"
                lines.append(self.phrasing.say(f"talk.{name}", text=request[:_TEXT], shop=self.scene.shop.name))
        draft = self._about_open("noted_form", replace(self.phrasing.talk("noted_next"), text="\n".join(lines)))
        if order is not None:
            replies = tuple(replace(r, choices=self.phrasing.pay_or_cancel(order.id)) for r in draft.replies)
            return replace(draft, replies=replies)
        return draft

    async def use_promotion(self, code: str) -> Draft:
        """A code is worth what the merchant made of it, or nothing."""
        order = self._order(None)
        return self._of_promotion(code, await self.desk.promotion(order.id if order else None, code))

    def _of_promotion(self, code: str, outcome: Applied | NotApplied | Promotion) -> Draft:
        values = {"code": code.upper()}
        match outcome:
            case Applied():
                order = self._keep(outcome.order)
                reply = self.phrasing.talk("promotion_applied", discount=outcome.discount, total=order.total, **values)
                return self._about_open("promotion", replace(reply, choices=self.phrasing.pay_or_cancel(order.id)))
            case Promotion():
                reply = self.phrasing.talk("promotion_needs_order", **values)
                return Draft("asked", (reply,), self._still_asked(), effects=(CLARIFY,))
            case NotApplied("below_least", promotion) if promotion:
                reply = self.phrasing.talk("promotion_least", least=promotion.least, **values)
            case NotApplied("already_has_one"):
                reply = self.phrasing.talk("promotion_already")
            case NotApplied("being_paid"):
                reply = self.phrasing.talk("promotion_fixed")
            case _:
                reply = self.phrasing.talk("refuse_promotion", **values)
        return self._about_open("refused", reply, effects=({"action": "refuse"},))


def _fitting(product: Product, line: acts.Wanted) -> list[Variant]:
    return [variant for variant in product.variants if line.options.items() <= variant.options.items()]
