"""What the shop is connected to: accounts on channels, payment providers, and whether they work."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path
from pydantic import BaseModel, Field, SecretStr

from griot.api.v1.access import Needs
from griot.api.v1.shapes import Amount, Number, Shown
from griot.tools.payments import connecting, trial
from griot.tools.shops import accounts
from griot.tools.users.door import Door

router = APIRouter(tags=["settings"])

Reading = Annotated[Door, Depends(Needs("settings:read"))]
Writing = Annotated[Door, Depends(Needs("settings:write"))]


class Health(Shown):
    name: str = Field(examples=["Chez Awa · +221 33 800 00 00"])
    quality: Literal["green", "yellow", "red"] | None
    limit: str | None = Field(examples=["TIER_1K"])
    problem: Literal["token", "unknown", "unreachable", "refused"] | None = Field(description="None: it works.")
    said: str = Field(examples=[""], description="The channel's own words, when it does not.")


class Account(Shown):
    id: int = Field(examples=[3])
    channel: str = Field(examples=["whatsapp"])
    external_id: str = Field(examples=["106540000000001"])
    display: str = Field(examples=["+221 33 800 00 00"])
    paused_until: datetime
    pause_reason: str | None
    checked_at: datetime | None
    health: Health | None = Field(description="What its channel said when it was asked last.")


class NewAccount(BaseModel):
    channel: Literal["whatsapp", "instagram", "messenger"]
    external_id: str = Field(max_length=40, examples=["106540000000001"], description="The channel's own id of it.")
    display: str = Field("", max_length=80, examples=["+221 33 800 00 00"])
    token: SecretStr = Field(max_length=1000, description="Kept encrypted, and never shown.")
    app_secret: SecretStr | None = Field(None, max_length=200)


class Connected(BaseModel):
    id: int = Field(examples=[3])


class Provider(Shown):
    name: str = Field(examples=["sandbox"])
    label: str = Field(examples=["Griot Sandbox"])
    means: list[str] = Field(examples=[["wave", "card"]])
    connected_at: datetime | None = Field(description="Since when the shop has credentials of its own there.")
    in_use: bool


class NewTrial(BaseModel):
    means: str = Field(max_length=40, examples=["wave"])


class Trial(Shown):
    reference: str = Field(examples=["G1-0-K3J5H2QW"])
    provider: str = Field(examples=["sandbox"])
    means: str = Field(examples=["wave"])
    amount: Amount
    begun_at: datetime
    url: str | None = Field(examples=["https://pay.example/c/1"], description="Where a buyer would be sent.")
    problem: str | None = Field(description="What the provider said when it refused.")
    status: str | None = Field(examples=["succeeded"], description="What it said when it was asked last.")
    noticed: bool = Field(description="Its notice came in, rightly signed.")


Reference = Annotated[str, Path(max_length=40, examples=["G1-0-K3J5H2QW"])]


@router.get("/accounts")
async def list_accounts(door: Reading) -> list[Account]:
    """The shop's accounts on its channels, without their secrets."""
    async with door.transaction() as tx:
        return [Account.model_validate(item) for item in await accounts.accounts(tx)]


@router.post("/accounts", status_code=201)
async def connect_account(door: Writing, given: NewAccount) -> Connected:
    """Connect an account, or renew its token."""
    async with door.transaction() as tx:
        number = await accounts.connect(
            tx,
            door.house.keyring,
            given.channel,
            given.external_id,
            display=given.display,
            token=given.token.get_secret_value(),
            app_secret=given.app_secret.get_secret_value() if given.app_secret else None,
            now=door.now,
        )
    return Connected(id=number)


@router.post("/accounts/{account}/check")
async def check_account(door: Writing, account: Number) -> Health:
    """Ask the channel whether the account works."""
    return Health.model_validate(
        await accounts.check(door.house, door.access.shop_id, account, actor=door.access.actor)
    )


@router.get("/providers")
async def list_providers(door: Reading) -> list[Provider]:
    """The payment providers that there are, and the one in use."""
    async with door.shop() as (tx, shop):
        return [Provider.model_validate(item) for item in await connecting.providers(tx, shop)]


@router.get("/payments/trials")
async def list_trials(door: Reading) -> list[Trial]:
    """The latest test payments, the latest first."""
    async with door.transaction() as tx:
        return [Trial.model_validate(item) for item in await trial.trials(tx)]


@router.post("/payments/trials", status_code=201)
async def begin_trial(door: Writing, given: NewTrial) -> Trial:
    """A checkout of the smallest amount at the shop's provider, for no order and no stock."""
    begun = await trial.begin(door.house, door.access.shop_id, given.means, door.access.actor)
    return Trial.model_validate(begun)


@router.post("/payments/trials/{reference}/ask")
async def ask_about_trial(door: Writing, reference: Reference) -> Trial:
    """Ask the provider what became of a test payment."""
    asked = await trial.ask(door.house, door.access.shop_id, reference, door.access.actor)
    return Trial.model_validate(asked)
