"""The accounts that buyers write to: connected, and asked whether they work."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from griot.core.errors import Conflict
from griot.tools.shops import accounts
from griot.ui.desk import Desk
from griot.ui.registry import Address, Done, WrongField
from griot.ui.views.settings.view import Section, beside, view


async def read(desk: Desk, at: Address) -> Mapping[str, Any]:
    async with desk.transaction() as tx:
        return {"accounts": await accounts.accounts(tx)}


section = Section("channels", "inbox", read)


@view.act("settings:write")
async def check_account(desk: Desk, account: int) -> Done:
    """Ask the channel."""
    health = await accounts.check(desk.house, desk.access.shop_id, account, desk.access.actor)
    return Done(desk.t(f"settings.health.{health.problem}" if health.problem else "settings.health.good"))


@view.act("settings:write")
async def connect_account(
    desk: Desk,
    channel: Literal["whatsapp", "instagram", "messenger"],
    external_id: Annotated[str, Field(min_length=1, max_length=40)],
    token: Annotated[str, Field(min_length=1, max_length=1000)],
    display: Annotated[str, Field(max_length=80)] = "",
    app_secret: Annotated[str | None, Field(max_length=200)] = None,
) -> Done:
    """Connect an account or renew its token, and ask its channel at once whether that works."""
    async with desk.transaction() as tx:
        try:
            with beside("external_id", desk.t("settings.wrong.account")):
                account = await accounts.connect(
                    tx,
                    desk.house.keyring,
                    channel,
                    external_id.strip(),
                    display=display.strip(),
                    token=token,
                    app_secret=app_secret,
                    now=desk.now,
                )
        except Conflict:
            raise WrongField("external_id", desk.t("settings.wrong.account_taken")) from None
    return await check_account(desk, account)
