"""A test payment: a real checkout of the smallest amount at the shop's provider, for no order and no stock.

It leaves nothing but events, from which it is read again: that it was begun and how, what the provider said when it was
asked, and that its notice came in, which shows that the whole way works.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from griot.core.db.pool import Tx
from griot.core.errors import FarEndError, InvalidInput, NotFound
from griot.core.events import record
from griot.core.house import House
from griot.core.money import Money, exponent
from griot.core.tenancy import Shop, load_shop
from griot.tools.payments import links, queries
from griot.tools.payments.port import CheckoutRequest, ProviderStatus
from griot.tools.payments.service import TRIAL_NOTICE, provider_of

LIFE = timedelta(minutes=30)
SHOWN = 5  # trials, the latest first

_BEGUN, _ASKED = "payment.trial_begun", "payment.trial_asked"


@dataclass(frozen=True, slots=True)
class Trial:
    """``problem``: why there is no checkout, in the provider's words; none: buyers would be sent to ``url``.

    ``status``: what the provider said when it was asked last; ``noticed``: its notice came in and was signed rightly.
    """

    reference: str
    provider: str
    means: str
    amount: Money
    begun_at: datetime
    provider_id: str | None = None
    url: str | None = None
    problem: str | None = None
    status: ProviderStatus | None = None
    noticed: bool = False


def smallest(currency: str) -> Money:
    """The amount of a trial: one unit of a currency with decimals, a hundred of one without."""
    return Money(10 ** max(exponent(currency), 2), currency)


async def begin(house: House, shop_id: int, means: str, actor: str) -> Trial:
    """Open a checkout. A provider that refuses is no error here: what it said is what one wanted to know.

    ``InvalidInput``: the shop or its provider does not take this means.
    """
    now = house.clock.now()
    async with house.db.transaction(shop_id) as tx:
        shop = await load_shop(tx)
        provider = await provider_of(tx, house, shop.settings.provider)
    if means not in shop.settings.means or means not in provider.means:
        raise InvalidInput(f"{shop.name} does not take {means}: choose one of {', '.join(shop.settings.means)}.")
    reference = links.new_reference(shop.id, links.NO_ORDER)
    trial = Trial(reference, shop.settings.provider, means, smallest(shop.currency), now)
    try:
        checkout = await provider.create(_request(house, shop, trial))
        trial = replace(trial, provider_id=checkout.provider_id, url=checkout.url)
    except FarEndError as error:
        trial = replace(trial, problem=str(error)[:300])
    async with house.db.transaction(shop_id, actor=actor) as tx:
        await record(tx, _BEGUN, now, data=_kept(trial))
    return trial


async def ask(house: House, shop_id: int, reference: str, actor: str) -> Trial:
    """Ask the provider what became of a trial. ``NotFound``: the shop has begun none of this reference."""
    async with house.db.transaction(shop_id) as tx:
        trial = next((known for known in await trials(tx) if known.reference == reference), None)
        provider = await provider_of(tx, house, trial.provider) if trial else None
    if trial is None or provider is None or trial.url is None:
        raise NotFound("The shop has begun no such test payment: begin a new one.")
    try:
        found = await provider.look_up(trial.provider_id, reference)
        status, problem = (found.status, None) if found else (None, "The provider does not know this payment.")
    except FarEndError as error:
        status, problem = None, str(error)[:300]
    async with house.db.transaction(shop_id, actor=actor) as tx:
        data = {"reference": reference, "status": status, "problem": problem}
        await record(tx, _ASKED, house.clock.now(), data=data)
    return replace(trial, status=status, problem=problem)


async def trials(tx: Tx) -> list[Trial]:
    """The latest trials of the shop, the latest first."""
    found: dict[str, Trial] = {}
    for event in await queries.trial_events(tx, [_BEGUN, _ASKED, TRIAL_NOTICE], 10 * SHOWN):
        data, reference = event["data"], event["data"]["reference"]
        if event["kind"] == _BEGUN:
            amount = Money(data["minor"], data["currency"])
            parts = {name: data[name] for name in ("provider", "means", "provider_id", "url", "problem")}
            found[reference] = Trial(reference, amount=amount, begun_at=event["at"], **parts)
        elif reference in found and event["kind"] == _ASKED:
            found[reference] = replace(found[reference], status=data["status"], problem=data["problem"])
        elif reference in found:
            found[reference] = replace(found[reference], noticed=True)
    return list(reversed(found.values()))[:SHOWN]


def _request(house: House, shop: Shop, trial: Trial) -> CheckoutRequest:
    base = house.config.public_url.rstrip("/")
    return CheckoutRequest(
        reference=trial.reference,
        amount=trial.amount,
        means=trial.means,
        description=f"{shop.name} · test",
        language=shop.language,
        success_url=f"{base}/p/test?done=1",
        cancel_url=f"{base}/p/test?back=1",
        notify_url=f"{base}/webhooks/payments/{trial.provider}",
        expires_at=trial.begun_at + LIFE,
    )


def _kept(trial: Trial) -> dict[str, Any]:
    return {
        "reference": trial.reference,
        "provider": trial.provider,
        "means": trial.means,
        "minor": trial.amount.minor,
        "currency": trial.amount.currency,
        "provider_id": trial.provider_id,
        "url": trial.url,
        "problem": trial.problem,
    }
