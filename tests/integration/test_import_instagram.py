"""A merchant's Instagram shop comes in with their token, once and on a schedule; the token is kept shut away."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner, Result

from griot.core.clock import FrozenClock
from griot.core.house import open_house
from griot.core.settings import Settings
from griot.knowledge.catalogue import service as catalogue
from griot.knowledge.importing.merging import queries
from griot.tools.shops.service import create_shop
from griot.worker.syncing import sync_due
from importing_web import Answer, Asked, Street, json_answer, open_street

TOKEN = "EAAG-the-merchants-own"

Griot = Callable[..., Result]


def meta(street: Street, price: str) -> None:
    """Meta's Graph API on this machine: one account with one catalogue of one article, for who has the token."""

    def behind_the_token(data: list[dict[str, Any]]) -> Callable[[Asked], Answer]:
        def answer(asked: Asked) -> Answer:
            if asked.headers.get("authorization") != f"Bearer {TOKEN}":
                return Answer('{"error":{"message":"Invalid OAuth access token."}}', 401)
            return json_answer(json.dumps({"data": data}))

        return answer

    robe = {"id": "1", "retailer_id": "ROBE1", "name": "Robe wax", "price": price, "currency": "XOF", "inventory": 4}
    street.shop(
        "127.0.0.1",
        {
            "/v24.0/me/accounts": behind_the_token([{"instagram_business_account": {"id": "17", "username": "awa"}}]),
            "/v24.0/17/available_catalogs": behind_the_token([{"catalog_id": "55"}]),
            "/v24.0/55/products": behind_the_token([robe]),
        },
    )


@pytest.fixture
async def street() -> AsyncIterator[Street]:
    async with open_street() as opened:
        meta(opened, "15 000 F CFA")
        yield opened


@pytest.fixture
async def shop(database_url: str, clock: FrozenClock) -> int:
    return (await create_shop(database_url, name="Chez Awa", now=clock.now())).id


@pytest.fixture
def griot(street: Street, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Griot:
    from griot.cli.main import app

    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("GRIOT_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("GRIOT_GRAPH_URL", f"http://127.0.0.1:{street.port}")
    monkeypatch.setenv("GRIOT_IMPORT_ALLOW_LOOPBACK", "1")
    return lambda *words, **variables: CliRunner().invoke(app, [*words, "--json"], env=variables)


async def imported(griot: Griot, *words: str, **variables: str) -> Result:
    done = await asyncio.to_thread(griot, "import", *words, "--shop", "chez-awa", **variables)
    assert TOKEN not in done.output
    return done


async def test_with_a_token_the_shop_comes_in_and_the_token_is_remembered(shop: int, griot: Griot) -> None:
    first = await imported(griot, "@awa", GRIOT_INSTAGRAM_TOKEN=TOKEN)
    assert first.exit_code == 0, first.output
    (product,) = json.loads(first.stdout)["products"]
    assert (product["title"], product["price"], product["change"]) == ("Robe wax", "15000", "new")
    again = await imported(griot, "@awa")
    assert json.loads(again.stdout)["unchanged"] == 1


async def test_a_look_keeps_no_token(shop: int, griot: Griot) -> None:
    look = await imported(griot, "@awa", "--dry-run", "--instagram-token", TOKEN)
    assert json.loads(look.stdout)["new"] == 1
    told = json.loads((await imported(griot, "@awa")).stdout)["warnings"]
    assert "GRIOT_INSTAGRAM_TOKEN" in told[0]["do"]


@pytest.mark.parametrize(("token", "words"), [("EAAG-old", "connect it again"), ("two words", "no access token")])
async def test_a_token_that_opens_nothing_is_one_sentence(shop: int, griot: Griot, token: str, words: str) -> None:
    refused = await imported(griot, "@awa", GRIOT_INSTAGRAM_TOKEN=token)
    assert refused.exit_code == 2
    assert words in refused.stderr
    assert token not in refused.output
    assert len(refused.stderr.strip().splitlines()) == 1


async def test_a_schedule_reads_with_the_token_which_is_encrypted_at_rest(
    shop: int, griot: Griot, street: Street, database_url: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    await imported(griot, "@awa", GRIOT_INSTAGRAM_TOKEN=TOKEN)
    meta(street, "12 000 F CFA")
    config = Settings(
        _env_file=None,
        database_url=SecretStr(database_url),
        data_dir=tmp_path,
        graph_url=f"http://127.0.0.1:{street.port}",
        import_allow_loopback=True,
    )
    async with open_house(config) as house:
        async with house.db.transaction(shop) as tx:
            row = await queries.source(tx, "@awa")
            await tx.execute("UPDATE sources SET every_minutes = 15, next_at = %s", (house.clock.now(),))
        assert row is not None
        assert TOKEN.encode() not in row["token"]
        assert await sync_due(house) == 1
        async with house.db.transaction(shop) as tx:
            assert [one.price.minor for one in (await catalogue.codes(tx)).values()] == [12000]
            assert TOKEN not in str(await queries.sources(tx))
    assert TOKEN not in "".join(capfd.readouterr())
