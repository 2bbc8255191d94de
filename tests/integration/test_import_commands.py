"""A merchant at the command line: looks first, imports, corrects a column, keeps an address up to date."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from griot.core.clock import FrozenClock
from griot.core.house import open_house
from griot.core.settings import Settings
from griot.knowledge.catalogue import service as catalogue
from griot.knowledge.importing.merging import queries
from griot.tools.shops.service import create_shop
from griot.worker.syncing import sync_due
from importing_goods import page
from importing_web import Street, open_street

LIST = "Désignation;Tarif;Qté;Tailles\nRobe wax;15 000 FCFA;4;S, M\nSac à main;22 500 F;2;\nSavon;;3;\n"

Ask = Callable[..., Any]


@pytest.fixture
async def street() -> AsyncIterator[Street]:
    async with open_street() as opened:
        yield opened


@pytest.fixture
def ask(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    from griot.cli.main import app

    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("GRIOT_DATA_DIR", str(tmp_path))

    def call(*words: str, status: int = 0) -> Any:
        done = CliRunner().invoke(app, [*words, "--shop", "chez-awa", "--json"])
        assert done.exit_code == status, done.output
        return orjson.loads(done.stdout) if status < 2 else done.stderr

    return call


@pytest.fixture
def liste(tmp_path: Path) -> str:
    path = tmp_path / "liste.csv"
    path.write_text(LIST, encoding="utf-8")
    return str(path)


@pytest.fixture
async def shop(database_url: str, clock: FrozenClock) -> int:
    return (await create_shop(database_url, name="Chez Awa", now=clock.now())).id


def test_a_merchant_looks_before_anything_is_written(shop: int, ask: Ask, liste: str) -> None:
    shown = ask("import", liste, "--dry-run", status=1)  # the soap has no price
    assert (shown["written"], shown["new"], shown["left_out"]) == (False, 2, 1)
    assert [(p["code"], p["price"], p["variants"]) for p in shown["products"]] == [
        ("ROBE1", "15000", 2),
        ("SAC1", "22500", 1),
    ]
    assert ask("source", "list") == {"sources": []}


def test_a_file_comes_in_and_again_changes_nothing(shop: int, ask: Ask, liste: str) -> None:
    assert ask("import", liste, status=1)["written"] is True
    again = ask("import", liste, status=1)
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, 2)
    (source,) = ask("source", "list")["sources"]
    assert (source["kind"], source["products"]) == ("csv", 2)


def test_all_of_a_file_or_nothing(shop: int, ask: Ask, liste: str) -> None:
    assert ask("import", liste, "--whole", status=1)["written"] is False
    Path(liste).write_text(LIST.replace("Savon;;3", "Savon;900;3"), encoding="utf-8")
    assert ask("import", liste, "--whole")["written"] is True


def test_a_column_can_be_corrected(shop: int, ask: Ask, liste: str) -> None:
    Path(liste).write_text("Nom;Valeur;Divers\nRobe;1;15 000 FCFA\nSac;2;9 000 FCFA\n", encoding="utf-8")
    shown = ask("import", liste, "--dry-run", "--column", "Divers=price", "--column", "Valeur=stock")
    assert [p["price"] for p in shown["products"]] == ["15000", "9000"]
    assert "no column 'Prix'" in ask("import", liste, "--column", "Prix=price", status=2)
    assert "write one of availability" in ask("import", liste, "--column", "Divers=prix", status=2)
    assert "Tarif=price" in ask("import", liste, "--column", "Divers", status=2)


def test_a_corrected_column_is_remembered_until_it_is_forgotten(shop: int, ask: Ask, liste: str) -> None:
    Path(liste).write_text("Nom;Valeur;Divers\nRobe;1;15 000 FCFA\nSac;2;9 000 FCFA\n", encoding="utf-8")
    named = ("--column", "Divers=price", "--column", "Valeur=stock")
    assert ask("import", liste, *named, "--dry-run")["new"] == 2
    assert [p["price"] for p in ask("import", liste, *named)["products"]] == ["15000", "9000"]
    assert ask("import", liste)["unchanged"] == 2
    Path(liste).write_text("Nom;Prix\nRobe;15 000 FCFA\nSac;9 000 FCFA\n", encoding="utf-8")
    assert "forgotten with --column “Divers=”" in ask("import", liste, status=2)
    assert ask("import", liste, "--column", "Divers=", "--column", "Valeur=")["unchanged"] == 2
    assert ask("import", liste)["unchanged"] == 2


async def test_columns_of_an_address_are_corrected_and_remembered_on_its_schedule(
    shop: int, ask: Ask, database_url: str, tmp_path: Path, street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRIOT_IMPORT_ALLOW_LOOPBACK", "1")
    address = f"http://127.0.0.1:{street.port}/liste.csv"
    street.shop("127.0.0.1", {"/liste.csv": "Nom,Prix,Tarif\nRobe,1 F CFA,15000 F CFA\nSac,2 F CFA,9000 F CFA\n"})
    assert (await asyncio.to_thread(ask, "import", address, "--column", "Tarif=price"))["new"] == 2
    assert (await asyncio.to_thread(ask, "import", address))["unchanged"] == 2
    street.shop("127.0.0.1", {"/liste.csv": "Nom,Prix,Tarif\nRobe,1 F CFA,16000 F CFA\nSac,2 F CFA,9000 F CFA\n"})
    config = Settings(
        _env_file=None, database_url=SecretStr(database_url), data_dir=tmp_path, import_allow_loopback=True
    )
    async with open_house(config) as house:

        async def synced() -> list[int]:
            async with house.db.transaction(shop) as tx:
                await tx.execute("UPDATE sources SET every_minutes = 15, next_at = %s", (house.clock.now(),))
            assert await sync_due(house) == 1
            async with house.db.transaction(shop) as tx:
                return [product.price.minor for product in (await catalogue.codes(tx)).values()]

        assert await synced() == [16000, 9000]
        street.shop("127.0.0.1", {"/liste.csv": "Nom,Prix\nRobe,1 F CFA\nSac,2 F CFA\n"})
        assert await synced() == [16000, 9000], "without the column nothing is known of prices"
        async with house.db.transaction(shop) as tx:
            (source,) = await queries.sources(tx)
        assert "no column 'Tarif'" in source["report"]["failed"]


async def test_a_site_has_no_columns(shop: int, ask: Ask, street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIOT_IMPORT_ALLOW_LOOPBACK", "1")
    street.shop("127.0.0.1", {"/robe": page("Robe", "15000")})
    words = ("import", f"http://127.0.0.1:{street.port}/robe", "--column", "Tarif=price")
    assert "no columns to correct" in await asyncio.to_thread(lambda: ask(*words, status=2))


def test_prices_without_a_currency_wait_until_it_is_said(shop: int, ask: Ask, liste: str) -> None:
    Path(liste).write_text("Nom,Prix,Stock\nRobe,15000,2\n", encoding="utf-8")
    asked = ask("import", liste, status=1)
    assert (asked["written"], asked["currency_needed"], asked["left_out"]) == (False, True, 1)
    assert ask("import", liste, "--currency", "XOF")["new"] == 1
    assert ask("import", liste)["unchanged"] == 1, "what was said once is remembered"
    assert "Unknown currency" in ask("import", liste, "--currency", "FCFA", status=2)


def test_what_cannot_be_read_says_what_to_do(shop: int, ask: Ask, liste: str) -> None:
    assert "cannot be read" in ask("import", "nowhere.csv", status=2)
    assert "give an address" in ask("source", "schedule", liste, "--every", "60", status=2)
    assert "has not imported" in ask("source", "schedule", "https://awa.example", "--every", "60", status=2)
    assert "--every 60" in ask("source", "schedule", "https://awa.example", status=2)


async def test_a_scheduled_address_keeps_prices_and_stock_up_to_date(
    shop: int, database_url: str, tmp_path: Path, street: Street, clock: FrozenClock
) -> None:
    config = Settings(
        _env_file=None, database_url=SecretStr(database_url), data_dir=tmp_path, import_allow_loopback=True
    )
    address = f"http://127.0.0.1:{street.port}/liste.csv"
    street.shop("127.0.0.1", {"/liste.csv": "Nom,Prix,Stock\nRobe,15000,2\nSac,9000,1\n"})
    async with open_house(config) as house:
        now = house.clock.now()
        async with house.db.transaction(shop) as tx:
            await queries.save_source(tx, address, currency="XOF", pieces=None, mapping=None, now=now)
            await queries.schedule(tx, address, 15, now)
            await tx.execute("UPDATE sources SET next_at = %s", (now,))
        assert await sync_due(house) == 1
        assert await sync_due(house) == 0, "not due again before its pause is over"
        async with house.db.transaction(shop) as tx:
            products = await catalogue.codes(tx)
            assert {code: product.price.minor for code, product in products.items()} == {"ROBE1": 15000, "SAC1": 9000}
            await tx.execute("UPDATE sources SET next_at = %s", (now,))
        street.shop("127.0.0.1", {})
        assert await sync_due(house) == 1
        async with house.db.transaction(shop) as tx:
            (source,) = await queries.sources(tx)
            assert len(await catalogue.codes(tx)) == 2, "a source that is down takes nothing off sale"
        assert "check the address in a browser" in source["report"]["failed"]
        assert source["next_at"] > now
