"""Payments: opening a checkout, receiving notices, and asking the provider when no notice comes.

Nothing here holds a transaction while a provider is spoken to: what is about to be asked is written down and committed,
the provider is asked, the answer is settled in a transaction of its own. A process that dies in between leaves a row
that the next notice, the next press or the next poll picks up.
"""

import asyncio
from collections.abc import Mapping
from datetime import timedelta

import orjson

from griot.core import logs
from griot.core.db.pool import Tx
from griot.core.errors import ConfigurationError, FarEndError, InvalidInput, NotFound
from griot.core.events import record
from griot.core.house import House
from griot.core.metrics import FAR_END_ERRORS, PAYMENTS
from griot.core.tenancy import Shop, load_shop
from griot.tools.orders import service as orders
from griot.tools.orders.models import Order
from griot.tools.payments import links, queries
from griot.tools.payments.models import Payment, Result
from griot.tools.payments.port import CheckoutRequest, Connection, PaymentProvider
from griot.tools.payments.providers import ADAPTERS, adapter
from griot.tools.payments.settle import give_up, settle

LONGEST_GAP = timedelta(hours=1)  # between two questions to the provider
PATIENCE = timedelta(hours=24)  # after which an unanswered payment is given up
TRIAL_NOTICE = "payment.trial_notice"  # the event: a provider's notice about a test payment has come in

_log = logs.get(__name__)


async def provider_of(tx: Tx, house: House, name: str) -> PaymentProvider:
    """The adapter that a shop or payment names, with the shop's credentials, else the installation's."""
    if name not in ADAPTERS:
        raise ConfigurationError(f"The shop's payment provider {name!r} is not one of {', '.join(sorted(ADAPTERS))}.")
    encrypted = await queries.credentials(tx, name)
    credentials = orjson.loads(house.keyring.decrypt(encrypted)) if encrypted else {}
    return ADAPTERS[name].connect(Connection(credentials, house.config, house.http, house.clock))


async def begin(house: House, shop_id: int, order_id: int, means: str, language: str) -> str:
    """The address of the provider's page for an order and a means. Pressing twice, or at once, gives the same one.

    What may have been paid already is asked about first, so that nobody is sent to pay again.
    Raises ``NotFound``; ``InvalidInput`` for a means that the shop does not take; ``Conflict`` when the order can no
    longer be paid; ``FarEndError`` when the provider cannot be reached: nothing is lost, the next press goes on.
    """
    async with house.db.transaction(shop_id) as tx:
        under_way = [payment for payment in await queries.of_order(tx, order_id) if payment.status == "pending"]
        providers = {payment.provider: await provider_of(tx, house, payment.provider) for payment in under_way}
    await asyncio.gather(*(_ask(house, shop_id, providers[payment.provider], payment) for payment in under_way))

    async with house.db.transaction(shop_id) as tx:
        shop = await load_shop(tx)
        provider = await provider_of(tx, house, shop.settings.provider)
        if means not in shop.settings.means or means not in provider.means:
            raise InvalidInput(f"{shop.name} does not take {means}: choose one of {', '.join(shop.settings.means)}.")
        order = await orders.await_payment(tx, order_id, means, house.clock.now())
        payment = await _attempt(tx, house, shop, order, means)
    if payment.checkout_url is not None:
        return payment.checkout_url

    page = links.pay_url(house.keyring, house.config.public_url, shop_id, order_id)
    request = CheckoutRequest(
        reference=payment.reference,
        amount=payment.amount,
        means=means,
        description=f"{shop.name} · #{order.reference}",
        language=language,
        success_url=f"{page}?done=1",
        cancel_url=f"{page}?back=1",
        notify_url=f"{house.config.public_url.rstrip('/')}/webhooks/payments/{payment.provider}",
        expires_at=min(order.expires_at, house.clock.now() + PATIENCE),
    )
    try:
        checkout = await provider.create(request)
    except FarEndError:
        FAR_END_ERRORS.labels(payment.provider).inc()
        raise
    async with house.db.transaction(shop_id) as tx:
        await queries.record_checkout(tx, payment.id, checkout.provider_id, checkout.url)
    return checkout.url


async def _attempt(tx: Tx, house: House, shop: Shop, order: Order, means: str) -> Payment:
    """The open attempt by this means, or a new one. One for another basket, deposit or provider is left behind."""
    now = house.clock.now()
    asked = (order.due_now(shop), order.total, shop.settings.provider)
    for payment in await queries.of_order(tx, order.id):
        if payment.open and payment.means == means:
            if (payment.amount, payment.order_total, payment.provider) == asked:
                return payment
            await queries.close(tx, payment.id, "expired")
    return await queries.insert(
        tx,
        order_id=order.id,
        provider=shop.settings.provider,
        means=means,
        reference=links.new_reference(shop.id, order.id),
        amount=order.due_now(shop),
        order_total=order.total,
        check_at=now + _first_gap(house),
        now=now,
    )


async def receive_notice(house: House, provider_name: str, raw: bytes, headers: Mapping[str, str]) -> Result:
    """A provider's notice: verified, kept once, then the provider itself is asked what happened.

    Raises ``NotFound`` (no such provider, shop or payment), ``InvalidInput``, ``SignatureMismatch``, and keeps nothing
    then. A provider that does not answer our question is no error: the notice is kept and polling asks again.
    """
    reference = adapter(provider_name).claimed_reference(raw)
    now = house.clock.now()
    async with house.db.transaction(links.shop_of(reference)) as tx:
        shop = await load_shop(tx)
        provider = await provider_of(tx, house, provider_name)
        notice = provider.verify_notice(raw, headers)
        if links.is_trial(reference):
            await record(tx, TRIAL_NOTICE, now, data={"reference": reference, "notice": notice.kind[:60]})
            return Result.UNCHANGED
        payment = await queries.by_reference(tx, reference)
        if payment is None or payment.provider != provider_name:
            raise NotFound("There is no payment with this reference.")
        fresh = await queries.store_notice(tx, provider_name, notice.id, payment.id, orjson.loads(raw), now)
        if fresh:  # should this process die before it has asked, polling will
            await queries.check_at(tx, payment.id, now + _first_gap(house))
    if not fresh or payment.status == "succeeded":
        PAYMENTS.labels(Result.UNCHANGED).inc()
        return Result.UNCHANGED
    result = await _ask(house, shop.id, provider, payment, notice.provider_id)
    if result is Result.UNANSWERED:
        async with house.db.transaction(shop.id) as tx:
            await queries.check_at(tx, payment.id, now)
    return result


async def poll_due(house: House, shop_id: int, *, limit: int = 20) -> int:
    """Ask the provider about payments that are due to be asked about; returns how many. Works without any notice."""
    now = house.clock.now()
    async with house.db.transaction(shop_id) as tx:
        claimed = await queries.claim_due(tx, now, _first_gap(house), LONGEST_GAP, limit)
        providers = {payment.provider: await provider_of(tx, house, payment.provider) for payment in claimed}
    results = await asyncio.gather(*(_ask(house, shop_id, providers[payment.provider], payment) for payment in claimed))
    for payment, result in zip(claimed, results, strict=True):
        if result in (Result.WAITING, Result.UNANSWERED) and now - payment.created_at >= PATIENCE:
            async with house.db.transaction(shop_id) as tx:
                await give_up(tx, payment.reference)
    return len(claimed)


async def _ask(
    house: House, shop_id: int, provider: PaymentProvider, payment: Payment, provider_id: str | None = None
) -> Result:
    """Ask the provider and settle what it says. An answer of no use is no error: the payment is asked about again."""
    try:
        answer = await provider.look_up(payment.provider_id or provider_id, payment.reference)
        if answer is None:
            return Result.UNANSWERED
        async with house.db.transaction(shop_id) as tx:
            result = await settle(tx, await load_shop(tx), payment.reference, answer, house.clock.now())
    except FarEndError as error:
        FAR_END_ERRORS.labels(payment.provider).inc()
        _log.warning("a payment provider's answer was of no use", payment=payment.id, error=logs.error_line(error))
        return Result.UNANSWERED
    PAYMENTS.labels(result).inc()
    return result


async def hurry(tx: Tx, house: House, order_id: int) -> None:
    """The buyer is back from the provider and waits: have it asked now, once, rather than in a while."""
    await queries.hurry(tx, order_id, house.clock.now())


def _first_gap(house: House) -> timedelta:
    return timedelta(seconds=house.config.payment_poll)
