"""How buyers pay: means, deposit and terms, the provider and its credentials, and a payment to try it."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from griot.core.errors import InvalidInput, NotFound
from griot.core.tenancy import PaymentTerms, ShopSettings
from griot.tools.payments import connecting, trial
from griot.tools.payments.trial import smallest
from griot.tools.shops.service import change_settings
from griot.ui.desk import Desk
from griot.ui.registry import Address, Done, WrongField
from griot.ui.views.settings.view import Section, beside, view

Name = Annotated[str, Field(min_length=1, max_length=40)]


async def read(desk: Desk, at: Address) -> Mapping[str, Any]:
    async with desk.shop() as (tx, shop):
        return {
            "set": shop.settings,
            "all_means": ShopSettings().means,
            "providers": await connecting.providers(tx, shop),
            "trials": await trial.trials(tx),
            "least": smallest(shop.currency),
        }


section = Section("payments", "card", read)


@view.act("settings:write")
async def set_payments(
    desk: Desk,
    means: list[str] = [],  # noqa: B006  (pydantic copies it)
    deposit_percent: Annotated[int | None, Field(ge=0, le=100)] = None,
    payment_terms: PaymentTerms | None = None,
) -> Done:
    """The means of payment, and what is to be paid with the order."""
    async with desk.transaction() as tx:
        with beside("means", desk.t("settings.wrong.means")):
            await change_settings(
                tx,
                {"means": means, "deposit_percent": deposit_percent, "payment_terms": payment_terms},
                desk.now,
            )
    return Done(desk.t("settings.saved"))


@view.act("settings:write")
async def use_provider(desk: Desk, provider: Name) -> Done:
    """Payments go through this provider from the next one on."""
    async with desk.transaction() as tx:
        await connecting.use(tx, provider, desk.now)
    return Done(desk.t("settings.saved"))


@view.act("settings:write")
async def connect_provider(
    desk: Desk, provider: Name, field: Name, secret: Annotated[str, Field(min_length=1, max_length=4000)]
) -> Done:
    """The shop's own key at a provider, kept encrypted."""
    async with desk.transaction() as tx:
        try:
            await connecting.connect(tx, desk.house.keyring, provider, {field: secret}, desk.now)
        except NotFound:
            raise
        except InvalidInput:
            raise WrongField("field", desk.t("settings.wrong.credential")) from None
    return Done(desk.t("settings.provider_connected"))


@view.act("settings:write")
async def try_payment(desk: Desk, means: Name) -> Done:
    """A test payment, for no order and no stock."""
    begun = await trial.begin(desk.house, desk.access.shop_id, means, desk.access.actor)
    return Done(desk.t("settings.trial_refused" if begun.problem else "settings.trial_begun"))


@view.act("settings:write")
async def ask_about_trial(desk: Desk, reference: Name) -> Done:
    """What the provider says of a test payment now."""
    await trial.ask(desk.house, desk.access.shop_id, reference, desk.access.actor)
    return Done(desk.t("settings.trial_asked"))
