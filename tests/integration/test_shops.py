"""A shop is opened by the owner, connected by its own rows, and never takes what is another's."""

import asyncio
import json
import os
import subprocess
import sys
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from griot.core.crypto import Keyring
from griot.core.db.pool import Database
from griot.core.errors import ConfigurationError, Conflict, InvalidInput, NotFound
from griot.core.tenancy import load_shop
from griot.tools.shops.countries import normalise_phone
from griot.tools.shops.service import connect_account, connect_provider, create_shop, find_shop, update_settings

NOW = datetime(2026, 2, 15, 20, 0, tzinfo=UTC)
KEYS = Keyring("a secret for tests")


async def test_a_shop_takes_currency_zone_and_language_from_its_country(database_url: str, db: Database) -> None:
    dakar = await create_shop(database_url, name="Chez Aminata", vendor_phone="77 123 45 67", now=NOW)
    tana = await create_shop(database_url, name="Lamba Gasy", country="MG", now=NOW)

    assert (dakar.slug, dakar.currency, dakar.timezone, dakar.language) == (
        "chez-aminata", "XOF", "Africa/Dakar", "fr",
    )  # fmt: skip
    assert dakar.vendor_phone == "221771234567"
    assert dakar.hold_minutes == 10
    assert (tana.currency, tana.timezone, tana.language) == ("MGA", "Indian/Antananarivo", "mg")
    async with db.transaction(tana.id) as tx:
        assert await load_shop(tx) == tana


async def test_shops_of_one_name_get_slugs_of_their_own_even_at_once(database_url: str) -> None:
    shops = await asyncio.gather(*(create_shop(database_url, name="Élégance d’Afrique", now=NOW) for _ in range(4)))
    assert sorted(shop.slug for shop in shops) == [
        "elegance-dafrique", "elegance-dafrique-2", "elegance-dafrique-3", "elegance-dafrique-4",
    ]  # fmt: skip


async def test_a_slug_asked_for_and_taken_is_a_conflict(database_url: str) -> None:
    await create_shop(database_url, name="Awa", now=NOW)
    with pytest.raises(Conflict, match="'awa'"):
        await create_shop(database_url, name="Other", slug="awa", now=NOW)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"segment": "market"}, "use one of live_seller"),
        ({"country": "XX"}, "Unknown country"),
        ({"currency": "ZZZ"}, "Unknown currency"),
        ({"timezone": "Mars/Olympus"}, "Africa/Dakar"),
        ({"language": "wo"}, "use one of fr, mg, en"),
        ({"slug": "2 fast"}, "slug"),
        ({"name": "  "}, "needs a name"),
        ({"vendor_phone": "12"}, "77 123 45 67"),
    ],
)
async def test_a_value_that_cannot_be_is_refused_with_what_to_give(
    database_url: str, wrong: dict[str, str], message: str
) -> None:
    with pytest.raises(InvalidInput, match=message):
        await create_shop(database_url, **({"name": "Awa", "now": NOW} | wrong))  # type: ignore[arg-type]


async def test_the_application_role_cannot_open_shops(database_url: str) -> None:
    login = f"login_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(database_url, autocommit=True) as owner:
        owner.execute(f"CREATE ROLE {login} LOGIN PASSWORD 'x' IN ROLE griot_app".encode())
        try:
            with pytest.raises(ConfigurationError, match="DATABASE_URL"):
                await create_shop(make_conninfo(database_url, user=login, password="x"), name="Awa", now=NOW)
        finally:
            owner.execute(f"DROP ROLE {login}".encode())


async def test_a_shop_is_found_by_slug_or_number(database_url: str, db: Database) -> None:
    shop = await create_shop(database_url, name="Awa", now=NOW)
    async with db.anywhere() as connection:
        assert await find_shop(connection, "awa") == shop.id
        assert await find_shop(connection, str(shop.id)) == shop.id
        with pytest.raises(NotFound, match="griot shop list"):
            await find_shop(connection, "nobody")


async def _number(db: Database, shop_id: int, **changes: Any) -> int:
    async with db.transaction(shop_id) as tx:
        values: dict[str, Any] = {
            "channel": "whatsapp",
            "external_id": "1066",
            "display": "",
            "token": "EAAG-1",
            "now": NOW,
        }
        return await connect_account(tx, KEYS, **(values | changes))


async def test_a_number_is_stored_with_its_token_encrypted(database_url: str, db: Database) -> None:
    shop = await create_shop(database_url, name="Awa", now=NOW)
    account = await _number(db, shop.id, app_secret="shh")
    async with db.transaction(shop.id) as tx:
        row = await (await tx.execute("SELECT * FROM channel_accounts")).fetchone()
    assert row is not None
    assert (row["id"], row["external_id"], row["channel"]) == (account, "1066", "whatsapp")
    assert b"EAAG-1" not in bytes(row["access_token"])
    assert KEYS.decrypt(row["access_token"]) == "EAAG-1"
    assert KEYS.decrypt(row["app_secret"]) == "shh"


async def test_connecting_again_renews_the_token_and_ends_the_pause(database_url: str, db: Database) -> None:
    shop = await create_shop(database_url, name="Awa", now=NOW)
    account = await _number(db, shop.id)
    async with db.transaction(shop.id) as tx:
        await tx.execute("UPDATE channel_accounts SET paused_until = 'infinity', pause_reason = 'token expired'")
    assert await _number(db, shop.id, token="EAAG-2") == account
    async with db.transaction(shop.id) as tx:
        row = await (await tx.execute("SELECT * FROM channel_accounts")).fetchone()
    assert row is not None
    assert KEYS.decrypt(row["access_token"]) == "EAAG-2"
    assert row["paused_until"] < NOW
    assert row["pause_reason"] is None


async def test_a_number_belongs_to_one_shop_even_when_two_ask_at_once(database_url: str, db: Database) -> None:
    shops = [await create_shop(database_url, name=name, now=NOW) for name in ("Awa", "Binta")]
    results = await asyncio.gather(*(_number(db, shop.id) for shop in shops), return_exceptions=True)
    refused = [result for result in results if isinstance(result, BaseException)]
    assert len(refused) == 1
    assert isinstance(refused[0], Conflict)
    assert "another shop" in str(refused[0])


@pytest.mark.parametrize("wrong", [{"external_id": "+22177"}, {"token": " "}, {"messages_per_second": 0}])
async def test_a_number_needs_its_id_a_token_and_a_rate(database_url: str, db: Database, wrong: dict[str, Any]) -> None:
    shop = await create_shop(database_url, name="Awa", now=NOW)
    with pytest.raises(InvalidInput):
        await _number(db, shop.id, **wrong)


async def test_provider_credentials_are_encrypted_and_replaced(database_url: str, db: Database) -> None:
    shop = await create_shop(database_url, name="Awa", now=NOW)
    for key in ("old", "new"):
        async with db.transaction(shop.id) as tx:
            await connect_provider(tx, KEYS, "bictorys", {"key": key}, NOW)
    async with db.transaction(shop.id) as tx:
        rows = await (await tx.execute("SELECT provider, credentials FROM provider_accounts")).fetchall()
    assert [(row["provider"], KEYS.decrypt(row["credentials"])) for row in rows] == [("bictorys", '{"key":"new"}')]


async def test_settings_change_one_by_one_and_the_others_stay(database_url: str, db: Database) -> None:
    shop = await create_shop(database_url, name="Awa", now=NOW)
    async with db.transaction(shop.id) as tx:
        await update_settings(tx, hold_minutes=15, means=("wave",))
    async with db.transaction(shop.id) as tx:
        changed = await update_settings(tx, auto_summary=False)
    assert (changed.hold_minutes, changed.settings.means, changed.settings.auto_summary) == (15, ("wave",), False)
    async with db.transaction(shop.id) as tx:
        assert (await update_settings(tx, hold_minutes=None)).hold_minutes == 10


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"hold_minute": 5}, "the settings are hold_minutes"),
        ({"hold_minutes": 45}, "1 to 30 minutes"),
        ({"hold_minutes": True}, "1 to 30 minutes"),
        ({"means": ()}, "wave, orange_money, card"),
        ({"means": ("cash",)}, "wave, orange_money, card"),
        ({"auto_summary": "no"}, "true or false"),
        ({"logo_url": "javascript:alert(1)"}, "address"),
        ({"min_trust": 101}, "0 to 100"),
        ({"provider": ""}, "provider"),
    ],
)
async def test_a_setting_that_cannot_be_is_refused(
    database_url: str, db: Database, wrong: dict[str, Any], message: str
) -> None:
    shop = await create_shop(database_url, name="Awa", now=NOW)
    with pytest.raises(InvalidInput, match=message):
        async with db.transaction(shop.id) as tx:
            await update_settings(tx, **wrong)


@pytest.mark.parametrize(
    ("written", "country", "read"),
    [
        ("77 123 45 67", "SN", "221771234567"),
        ("+221 77-123-45-67", "SN", "221771234567"),
        ("00221 77.123.45.67", "FR", "221771234567"),
        ("221771234567", "SN", "221771234567"),
        ("07 12 34 56 78", "CI", "2250712345678"),
        ("034 12 345 67", "MG", "261341234567"),
        ("06 12 34 56 78", "FR", "33612345678"),
        ("+33 (0)6 12 34 56 78", "SN", "33612345678"),
        ("76 12 34 56", "ML", "22376123456"),
        ("+44 7700 900123", "SN", "447700900123"),
    ],
)
def test_phones_are_read_as_people_of_the_country_write_them(written: str, country: str, read: str) -> None:
    assert normalise_phone(written, country) == read


@pytest.mark.parametrize(
    "written", ["", "77 123", "77 123 45 678", "soixante-dix-sept", "+221 77 12", "+0 77 123 45 67"]
)
def test_what_is_not_a_phone_is_refused_with_the_format(written: str) -> None:
    with pytest.raises(InvalidInput, match=r"77 123 45 67.*\+221 77 123 45 67"):
        normalise_phone(written, "SN")


Program = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def griot_shop(database_url: str, tmp_path: Path) -> Program:
    """`griot shop …` as a process of its own, on this test's database."""

    def call(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        house = {"DATABASE_URL": database_url, "GRIOT_DATA_DIR": str(tmp_path), "GRIOT_SECRET_KEY": "k"}
        return subprocess.run(
            [sys.executable, "-c", "from griot.cli.shop import app; app()", *arguments],
            env=os.environ | house | variables,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return call


def test_a_shop_is_opened_and_stocked_from_the_command_line(griot_shop: Program) -> None:
    created = griot_shop("create", "Chez Aminata", "--vendor-phone", "77 123 45 67", "--json")
    assert created.returncode == 0, created.stderr
    assert json.loads(created.stdout)["slug"] == "chez-aminata"

    product = griot_shop(
        "add-product", "--shop", "chez-aminata", "robe 1", "Robe Wax", "15000", "S=3,M=2",
        "--options", "taille:S|M", "--json",
    )  # fmt: skip
    assert json.loads(product.stdout) == {
        "shop": "chez-aminata", "code": "ROBE1", "title": "Robe Wax", "price": "15000", "currency": "XOF",
        "variants": ["S", "M"],
    }  # fmt: skip
    assert json.loads(griot_shop("set", "--shop", "1", "hold_minutes=15", "means=wave,card", "--json").stdout) == {
        "hold_minutes": 15, "max_quantity": 20, "auto_reminder": True, "auto_summary": True, "means": ["wave", "card"],
        "provider": "sandbox", "logo_url": None, "min_trust": 0, "model": None,
        "tax_percent": 0, "prices_include_tax": True,
        "quote_valid_days": None, "deposit_percent": None, "payment_terms": None, "legal": {}, "quote_prefix": "DEV",
        "invoice_prefix": "FAC", "briefing_hour": 8, "briefing_email": None, "voice_replies": True,
        "opening_hours": None,
    }  # fmt: skip
    shops = json.loads(griot_shop("list", "--json").stdout)["shops"]
    assert [(shop["slug"], shop["vendor_phone"]) for shop in shops] == [("chez-aminata", "221771234567")]
    assert "chez-aminata" in griot_shop("list").stdout


@pytest.mark.parametrize(
    ("channel", "name"), [("whatsapp", "phone-number-id"), ("instagram", "account-id"), ("messenger", "page-id")]
)
def test_the_token_of_an_account_is_never_shown(griot_shop: Program, channel: str, name: str) -> None:
    griot_shop("create", "Awa")
    connect = ("connect", channel, "--shop", "awa", f"--{name}", "1066", "--json")
    missing = griot_shop(*connect)
    token = f"GRIOT_{channel.upper()}_TOKEN"
    assert (missing.returncode, missing.stdout) == (2, "")
    assert token in missing.stderr
    done = griot_shop(*connect, **{token: "EAAG-secret"})
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout).items() >= {"channel": channel, name.replace("-", "_"): "1066"}.items()
    help_text = griot_shop("connect", channel, "--help", **{token: "EAAG-secret"})
    assert "EAAG-secret" not in done.stdout + done.stderr + help_text.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("add-product", "--shop", "nobody", "ROBE1", "Robe", "15000", "1"), "There is no shop 'nobody'"),
        (("create", "Awa", "--country", "XX"), "Unknown country 'XX'"),
        (("set", "--shop", "awa", "hold_minutes"), "write NAME=VALUE"),
        (("add-product", "--shop", "awa", "ROBE1", "Robe", "15000", "many"), "write 10, or by variant S=3,M=2"),
    ],
)
def test_what_cannot_run_says_why_in_one_sentence(
    griot_shop: Program, arguments: tuple[str, ...], sentence: str
) -> None:
    griot_shop("create", "Awa")
    result = griot_shop(*arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert sentence in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_database_that_does_not_answer_is_said_so(griot_shop: Program) -> None:
    result = griot_shop("list", DATABASE_URL="host=127.0.0.1 port=1 dbname=nothing")
    assert (result.returncode, result.stdout) == (2, "")
    assert "griot db migrate" in result.stderr
    assert len(result.stderr.splitlines()) == 1
