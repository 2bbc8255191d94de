"""The agent's only way to the tools: identity, shop, prices and stock are put in here, by no reader and no model."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from griot.agent.acts import IntakeKind
from griot.agent.models import Scene
from griot.agent.together import Together
from griot.channels.model import Media
from griot.core import metrics
from griot.core.db.pool import Tx
from griot.core.tenancy import Shop
from griot.knowledge.catalogue import service as catalogue
from griot.knowledge.importing.pictures import service as pictures
from griot.tools.customers import proofs
from griot.tools.escalation import service as escalation
from griot.tools.intakes import service as intakes
from griot.tools.live import service as live
from griot.tools.live.models import Live, Totals
from griot.tools.offers import service as offers
from griot.tools.offers.models import Applied, NotApplied, Promotion
from griot.tools.orders import queries as orders
from griot.tools.orders import service as order_service
from griot.tools.orders.models import Order
from griot.tools.quotes import service as quotes
from griot.tools.quotes.models import Quote
from griot.tools.reservation import service as reservation
from griot.tools.reservation.models import Hold, HoldRequest


@dataclass(frozen=True, slots=True)
class Wish:
    """A variant and how many of it the buyer wants to end up with."""

    variant_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Held:
    """What became of the wishes, in their order, and the order that holds what was granted."""

    holds: tuple[Hold, ...]
    order: Order | None


class Desk:
    """The tools of a batch of turns, in one transaction.

    Turns run side by side; what many do at once (holding stock) is sent as one statement, the rest one at a time.
    """

    def __init__(self, tx: Tx, shop: Shop, now: datetime, turns: int, pay_url: Callable[[int], str]) -> None:
        self._tx = tx
        self._shop = shop
        self._now = now
        self._alone = asyncio.Lock()
        self._holds: Together[list[HoldRequest], Held] = Together(turns, self._reserve_all)
        self.pay_url = pay_url

    async def turn_done(self) -> None:
        await self._holds.leave()

    async def take(self, scene: Scene, wishes: list[Wish]) -> Held:
        """Hold stock for the buyer of this turn."""
        return await self._holds.call(
            [
                HoldRequest(
                    conversation_id=scene.thread.id,
                    customer_id=scene.customer.id,
                    standing=scene.customer.standing,
                    live_id=scene.live_id,
                    variant_id=wish.variant_id,
                    quantity=wish.quantity,
                )
                for wish in wishes
            ]
        )

    async def _reserve_all(self, batches: list[list[HoldRequest]]) -> list[Held]:
        flat = [request for batch in batches for request in batch]
        async with self._alone:
            holds = await reservation.reserve(self._tx, self._shop, flat, self._now)
            order_ids = {hold.order_id for hold in holds if hold.order_id is not None}
            found = await orders.load_many(self._tx, sorted(order_ids))
        results = []
        following = iter(holds)
        for batch in batches:
            own = tuple(next(following) for _ in batch)
            order_id = next((hold.order_id for hold in own if hold.order_id is not None), None)
            results.append(Held(own, found.get(order_id) if order_id is not None else None))
        for hold in holds:
            metrics.HOLDS.labels(hold.outcome).inc()
        return results

    async def order(self, order_id: int) -> Order | None:
        async with self._alone:
            return await orders.load(self._tx, order_id)

    async def await_payment(self, order_id: int, means: str | None) -> Order:
        async with self._alone:
            return await order_service.await_payment(self._tx, order_id, means, self._now)

    async def cancel_order(self, order_id: int) -> Order:
        async with self._alone:
            return await reservation.cancel_order(self._tx, self._shop, order_id, self._now)

    async def cancel_line(self, order_id: int, variant_id: int) -> Order:
        async with self._alone:
            return await reservation.cancel_line(self._tx, self._shop, order_id, variant_id, self._now)

    async def extend(self, order_id: int) -> Order:
        async with self._alone:
            return await reservation.extend(self._tx, self._shop, order_id, self._now)

    async def join_waitlist(self, scene: Scene, variant_id: int, quantity: int) -> int:
        """Put the buyer on the waiting list; the place in line, 1 being next, 0 when served at once."""
        async with self._alone:
            return await reservation.join_waitlist(
                self._tx,
                self._shop,
                variant_id,
                scene.customer.id,
                scene.thread.id,
                quantity,
                scene.customer.standing.vip,
                self._now,
            )

    async def leave_waitlist(self, scene: Scene, variant_id: int) -> None:
        async with self._alone:
            await reservation.leave_waitlist(self._tx, variant_id, scene.customer.id, self._now)

    async def purchases(self, scene: Scene) -> list[Order]:
        async with self._alone:
            return await orders.purchases(self._tx, scene.customer.id)

    async def availability(self, variant_ids: list[int]) -> dict[int, int]:
        async with self._alone:
            return await catalogue.availability(self._tx, variant_ids, self._now)

    async def picture(self, product_id: int) -> Media | None:
        """The product's picture, where one is kept that can be sent."""
        async with self._alone:
            kept = await pictures.has(self._tx, product_id)
        return Media("image", picture=product_id) if kept else None

    async def live_totals(self) -> tuple[Live, Totals] | None:
        async with self._alone:
            running = await live.current(self._tx)
            if running is None:
                return None
            return running, await live.totals(self._tx, running.id, self._shop.currency)

    async def own_order(self, scene: Scene, reference: str) -> Order | None:
        """An order of this buyer by its reference; nobody else's is ever found."""
        async with self._alone:
            return await orders.by_reference(self._tx, scene.customer.id, reference)

    async def swap(self, order_id: int, from_variant: int, to_variant: int, quantity: int) -> Hold:
        async with self._alone:
            return await reservation.swap(self._tx, self._shop, order_id, from_variant, to_variant, quantity, self._now)

    async def set_wanted(self, order_id: int, on: date | None, at: str | None) -> Order:
        async with self._alone:
            return await order_service.set_wanted(self._tx, order_id, on, at, self._now)

    async def open_quote(self, scene: Scene) -> Quote | None:
        async with self._alone:
            return await quotes.open_quote(self._tx, scene.thread.id, self._now)

    async def quote(self, scene: Scene, lines: list[tuple[int, int]], on: date | None, language: str) -> Quote:
        """Make a quote of (variant, quantity) lines and its document."""
        async with self._alone:
            return await quotes.make_quote(
                self._tx,
                self._shop,
                conversation_id=scene.thread.id,
                customer_id=scene.customer.id,
                buyer=scene.buyer,
                lines=lines,
                wanted_on=on,
                language=language,
                now=self._now,
            )

    async def quote_accepted(self, quote_id: int, order_id: int) -> None:
        async with self._alone:
            await quotes.accept(self._tx, quote_id, order_id, self._now)

    async def intake(self, scene: Scene, order_id: int | None, kind: IntakeKind, fields: dict[str, str]) -> None:
        async with self._alone:
            await intakes.save(self._tx, scene.thread.id, scene.customer.id, order_id, kind, fields, self._now)

    async def ask_whose_number(self, scene: Scene, phone: str) -> None:
        """Have whoever writes from this number (digits) asked whether this buyer is them."""
        async with self._alone:
            await proofs.ask(self._tx, self._shop, scene.thread.id, scene.customer.id, phone, self._now)

    async def promotion(self, order_id: int | None, code: str) -> Applied | NotApplied | Promotion:
        """What a code that the buyer named does to the order; without one, the promotion if there is such."""
        async with self._alone:
            if order_id is not None:
                return await offers.apply(self._tx, order_id, code, self._now)
            return await offers.find(self._tx, code, self._now) or NotApplied("unknown")

    async def escalate(
        self, scene: Scene, reason: str, summary: str, suggestion: str = "", sentiment: str = "neutral"
    ) -> None:
        """Put the thread before the vendor, who knows the buyer by name or phone."""
        async with self._alone:
            await escalation.escalate(
                self._tx,
                self._shop,
                conversation_id=scene.thread.id,
                customer_id=scene.customer.id,
                buyer=scene.buyer,
                reason=reason,
                summary=summary[:500],
                suggestion=suggestion[:500],
                sentiment=sentiment,
                now=self._now,
            )
