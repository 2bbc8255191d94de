"""The FAQ of a shop: written, read, loaded from a file, searched from the command line."""

import io
from pathlib import Path

import orjson
import pytest
from openpyxl import Workbook
from typer.testing import CliRunner

from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.core.errors import InvalidInput
from griot.core.money import Money
from griot.core.tenancy import load_shop
from griot.knowledge.catalogue.models import NewProduct
from griot.knowledge.catalogue.service import create_products
from griot.knowledge.faq import service
from griot.knowledge.faq.models import NewFaq
from griot.knowledge.importing.answers.table import read_table
from griot.tools.shops.service import create_shop

DELIVERY = NewFaq("livraison", "Livrez-vous ?", "Oui, en 24 h.")
HOURS = NewFaq("horaires", "When are you open?", "9 to 7.", "en")


async def test_entries_are_read_as_they_were_written(db: Database, database_url: str, clock: FrozenClock) -> None:
    shop = await create_shop(database_url, name="Chez Awa", now=clock.now())
    async with db.transaction(shop.id) as tx:
        await service.save(tx, [DELIVERY, HOURS], clock.now())
        entries = await service.entries(tx)
    assert list(entries) == ["livraison", "horaires"]
    assert (entries["livraison"].answer, entries["livraison"].language) == ("Oui, en 24 h.", "fr")
    assert entries["horaires"].language == "en"


async def test_a_known_key_gets_the_new_answer_and_caches_notice(
    db: Database, database_url: str, clock: FrozenClock
) -> None:
    shop = await create_shop(database_url, name="Chez Awa", now=clock.now())
    versions = []
    for entry in (DELIVERY, NewFaq("livraison", "Livrez-vous ?", "Oui, en 48 h.")):
        async with db.transaction(shop.id) as tx:
            await service.save(tx, [entry], clock.now())
            versions.append((await load_shop(tx)).catalogue_version)
    async with db.transaction(shop.id) as tx:
        (entry,) = (await service.entries(tx)).values()
    assert entry.answer == "Oui, en 48 h."
    assert shop.catalogue_version < versions[0] < versions[1]


async def test_a_shop_does_not_see_the_entries_of_another(db: Database, database_url: str, clock: FrozenClock) -> None:
    mine = await create_shop(database_url, name="Chez Awa", now=clock.now())
    other = await create_shop(database_url, name="Chez Fatou", now=clock.now())
    async with db.transaction(mine.id) as tx:
        await service.save(tx, [DELIVERY], clock.now())
    async with db.transaction(other.id) as tx:
        assert await service.entries(tx) == {}


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ([NewFaq("livraison", "Livrez-vous ?", " ")], "needs a key, a question and an answer"),
        ([DELIVERY, DELIVERY], "given to two questions"),
        ([NewFaq("a", "b", "c", "wo")], "must be one of fr, mg, en"),
    ],
)
async def test_entries_that_cannot_be_are_refused_whole(
    db: Database, database_url: str, clock: FrozenClock, entries: list[NewFaq], message: str
) -> None:
    shop = await create_shop(database_url, name="Chez Awa", now=clock.now())
    async with db.transaction(shop.id) as tx:
        with pytest.raises(InvalidInput, match=message):
            await service.save(tx, [HOURS, *entries], clock.now())
        assert await service.entries(tx) == {}


def xlsx(*rows: tuple[str, ...]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("body", "entry"),
    [
        (
            'id,question,answer\nlivraison,"Livrez-vous, et où ?","Oui,\nà Dakar."\n,,\n'.encode("utf-8-sig"),
            NewFaq("livraison", "Livrez-vous, et où ?", "Oui,\nà Dakar."),
        ),
        (b"Key;Question;Answer;Language\nhours;Open?;9 to 7;en\n", NewFaq("hours", "Open?", "9 to 7", "en")),
        (
            "Nos questions\t\nQuestions\tRéponses\nOù êtes-vous ?\tÀ Thiès.\n".encode("cp1252"),
            NewFaq("ou-etes-vous", "Où êtes-vous ?", "À Thiès."),
        ),
        (
            "question;réponse\nOù ?;À Thiès, près du marché.\n".encode("cp1252"),  # so short that it is easily misread
            NewFaq("ou", "Où ?", "À Thiès, près du marché."),
        ),
        (
            xlsx(("Fanontaniana", "Valiny", "Fiteny"), ("Misy ve ny fanaterana?", "Eny", "Malagasy")),
            NewFaq("misy-ve-ny-fanaterana", "Misy ve ny fanaterana?", "Eny", "mg"),
        ),
    ],
)
def test_a_table_of_questions_is_read_as_people_make_it(body: bytes, entry: NewFaq) -> None:
    assert read_table(body, "faq") == [entry]


@pytest.mark.parametrize("body", [b"answer\nb\n", b"", b"id,question\n\xff\xfe\n"])
def test_a_table_without_its_columns_says_which(body: bytes) -> None:
    with pytest.raises(InvalidInput, match=r"faq\.csv needs the columns"):
        read_table(body, "faq.csv")


def test_a_workbook_that_cannot_be_read_says_so() -> None:
    with pytest.raises(InvalidInput, match="save it again"):
        read_table(b"PK\x03\x04nothing", "faq.xlsx")


def test_the_first_sheet_that_is_shown_is_read_numbers_as_people_see_them() -> None:
    book = Workbook()
    hidden = book.active
    hidden.sheet_state = "hidden"
    shown = book.create_sheet("FAQ")
    for row in ((), ("Question", "Réponse"), ("Frais de livraison ?", 1500.0), (None, None), ("Où ?", "#N/A")):
        shown.append(row)
    held = io.BytesIO()
    book.save(held)
    assert [(one.question, one.answer) for one in read_table(held.getvalue(), "faq.xlsx")] == [
        ("Frais de livraison ?", "1500"),
        ("Où ?", ""),
    ]


async def test_the_commands_load_list_and_search(
    db: Database, database_url: str, clock: FrozenClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import asyncio

    from griot.cli.main import app

    shop = await create_shop(database_url, name="Chez Awa", now=clock.now())
    async with db.transaction(shop.id) as tx:
        price = Money(15_000, "XOF")
        rows = [NewProduct("ROBE1", "Robe Wax Ankara", price, 3), NewProduct("SAC1", "Sac à main cuir", price, 3)]
        await create_products(tx, rows, clock.now())
    file = tmp_path / "faq.csv"
    file.write_text("id,question,answer\nlivraison,Livrez-vous ?,Oui\n", encoding="utf-8")
    monkeypatch.setenv("DATABASE_URL", database_url)

    async def griot(*arguments: str) -> dict:
        result = await asyncio.to_thread(CliRunner().invoke, app, [*arguments, "--shop", shop.slug, "--json"])
        assert result.exit_code == 0, result.output
        return orjson.loads(result.stdout)

    assert (await griot("faq", "load", str(file), "--dry-run"))["saved"] == 0
    assert (await griot("faq", "load", str(file)))["saved"] == 1
    assert (await griot("faq", "add", "Où êtes-vous ?", "À Thiès."))["key"] == "ou-etes-vous"
    assert await griot("faq", "suggest") == {"questions": []}
    assert [entry["key"] for entry in (await griot("faq", "list"))["entries"]] == ["livraison", "ou-etes-vous"]
    found = await griot("search", "une robe ankara", "--k", "3")
    assert found["ms"] > 0
    assert set(found["results"][0]) == {"code", "title", "score", "why"}
    assert found["results"][0]["code"] == "ROBE1"
    assert (await griot("search", "do you deliver?", "--faq"))["results"][0]["key"] == "livraison"
    assert (await griot("search", "bonjour"))["results"] == []
