"""A vendor finds the shop's papers again, and gives them a logo, from the command line."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import orjson
import pytest
from PIL import Image
from psycopg.conninfo import make_conninfo
from reservation_helpers import arrive, article, open_shop

from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.tools.quotes.service import make_quote

Done = subprocess.CompletedProcess[str]


class Program:
    def __init__(self, database_url: str, folder: Path) -> None:
        self.folder = folder
        self._variables = {
            "DATABASE_URL": database_url,
            "GRIOT_DATA_DIR": str(folder / "data"),
            "GRIOT_SECRET_KEY": "a secret for tests",
        }

    def __call__(self, *arguments: str) -> Done:
        return subprocess.run(
            [sys.executable, "-c", "from griot.cli.quotes import app; app()", *arguments, "--shop", "market"],
            env=os.environ | self._variables,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )


@pytest.fixture
async def griot_quotes(database_url: str, db: Database, clock: FrozenClock, tmp_path: Path) -> Program:
    """The program, for a shop that has made one quote."""
    shop = await open_shop(database_url, db, clock.now())
    async with db.transaction(shop.id) as tx:
        bag = await article(tx, "SAC1", 5, clock.now(), title="Sac")
        (buyer,) = await arrive(tx, 1, clock.now())
        await make_quote(
            tx, shop, conversation_id=buyer.conversation_id, customer_id=buyer.customer_id, buyer="Awa",
            lines=[(bag, 2)], wanted_on=date(2026, 2, 20), now=clock.now(),
        )  # fmt: skip
    return Program(make_conninfo(database_url), tmp_path)


async def test_quotes_are_listed_and_saved_as_they_were_sent(griot_quotes: Program) -> None:
    listed = griot_quotes("list", "--json")
    assert listed.returncode == 0, listed.stderr
    (row,) = orjson.loads(listed.stdout)["quotes"]
    assert (row["number"], row["total"], row["currency"]) == ("DEV-2026-0001", "30000", "XOF")
    saved = griot_quotes("save", "dev-2026-0001")
    assert saved.stdout.strip() == "DEV-2026-0001.pdf", saved.stderr
    assert (griot_quotes.folder / "DEV-2026-0001.pdf").read_bytes().startswith(b"%PDF-")


async def test_a_logo_is_given_and_taken_away(griot_quotes: Program) -> None:
    Image.new("RGB", (300, 100), "#0b5d4e").save(griot_quotes.folder / "logo.jpg")
    assert griot_quotes("logo", "logo.jpg").stdout.strip() == "Market: new logo"
    assert griot_quotes("logo").stdout.strip() == "Market: no logo"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("save", "DEV-2026-0009"), "no quote or invoice 'DEV-2026-0009'"),
        (("save", "DEV-2026-0001", "--to", "/nowhere/quote.pdf"), "cannot be written"),
        (("logo", "nothing.png"), "cannot be read"),
    ],
)
async def test_what_cannot_run_says_why_in_one_sentence(
    griot_quotes: Program, arguments: tuple[str, ...], sentence: str
) -> None:
    done = griot_quotes(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1
