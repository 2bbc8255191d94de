"""`griot shop connect`: the accounts of a shop on its channels."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from griot.cli.common import JsonOption, ShopOption, emit, friendly, in_shop
from griot.core.errors import InvalidInput

if TYPE_CHECKING:
    from griot.core.db.pool import Tx
    from griot.core.house import House
    from griot.core.tenancy import Shop

app = typer.Typer(help="Connect a shop to a channel.", no_args_is_help=True)

TokenHelp = "Access token; better in the environment."
SecretHelp = "Only when another Meta app than the installation's signs for it."


@app.command()
@friendly
def whatsapp(
    shop: ShopOption,
    phone_number_id: Annotated[str, typer.Option(help="Long number under WhatsApp > API Setup in Meta's dashboard.")],
    token: Annotated[str | None, typer.Option(envvar="GRIOT_WHATSAPP_TOKEN", help=TokenHelp)] = None,
    display: Annotated[str, typer.Option(help="The number as buyers see it.")] = "",
    app_secret: Annotated[str | None, typer.Option(envvar="GRIOT_WHATSAPP_ACCOUNT_SECRET", help=SecretHelp)] = None,
    messages_per_second: Annotated[int, typer.Option(help="Meta's limit for the number.")] = 80,
    as_json: JsonOption = False,
) -> None:
    """Connect a WhatsApp number, or renew its token. The token is stored encrypted and never shown."""
    made = _connect("whatsapp", shop, phone_number_id, token, display, app_secret, messages_per_second)
    emit({**made, "phone_number_id": phone_number_id}, as_json)


@app.command()
@friendly
def instagram(
    shop: ShopOption,
    account_id: Annotated[str, typer.Option(help="Id of the Instagram professional account, a long number.")],
    token: Annotated[str | None, typer.Option(envvar="GRIOT_INSTAGRAM_TOKEN", help=TokenHelp)] = None,
    display: Annotated[str, typer.Option(help="The account as buyers see it: @chez.awa.")] = "",
    app_secret: Annotated[str | None, typer.Option(envvar="GRIOT_INSTAGRAM_ACCOUNT_SECRET", help=SecretHelp)] = None,
    messages_per_second: Annotated[int, typer.Option(help="How many messages may leave in a second.")] = 80,
    as_json: JsonOption = False,
) -> None:
    """Connect an Instagram account, or renew its token. The token is stored encrypted and never shown."""
    made = _connect("instagram", shop, account_id, token, display, app_secret, messages_per_second)
    emit({**made, "account_id": account_id}, as_json)


@app.command()
@friendly
def messenger(
    shop: ShopOption,
    page_id: Annotated[str, typer.Option(help="Id of the Facebook page, a long number.")],
    token: Annotated[str | None, typer.Option(envvar="GRIOT_MESSENGER_TOKEN", help=TokenHelp)] = None,
    display: Annotated[str, typer.Option(help="The page as buyers see it.")] = "",
    app_secret: Annotated[str | None, typer.Option(envvar="GRIOT_MESSENGER_ACCOUNT_SECRET", help=SecretHelp)] = None,
    messages_per_second: Annotated[int, typer.Option(help="How many messages may leave in a second.")] = 80,
    as_json: JsonOption = False,
) -> None:
    """Connect a Facebook page, or renew its token. The token is stored encrypted and never shown."""
    made = _connect("messenger", shop, page_id, token, display, app_secret, messages_per_second)
    emit({**made, "page_id": page_id}, as_json)


def _connect(
    channel: str,
    shop: str,
    external_id: str,
    token: str | None,
    display: str,
    app_secret: str | None,
    messages_per_second: int,
) -> dict[str, Any]:
    if token is None:
        raise InvalidInput(f"Give the access token of the account: set GRIOT_{channel.upper()}_TOKEN, or use --token.")
    access_token = token

    async def work(house: "House", tx: "Tx", known: "Shop") -> dict[str, Any]:
        from griot.tools.shops.service import connect_account

        account_id = await connect_account(
            tx,
            house.keyring,
            channel,
            external_id,
            display=display,
            token=access_token,
            app_secret=app_secret,
            messages_per_second=messages_per_second,
            now=house.clock.now(),
        )
        return {"shop": known.slug, "channel": channel, "account": account_id}

    return in_shop(shop, work)
