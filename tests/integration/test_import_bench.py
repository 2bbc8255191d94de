"""`griot bench import` with few products: what it measures is what an import does."""

import orjson
import pytest
from typer.testing import CliRunner

from griot.knowledge.importing.merging.models import Terms
from griot.knowledge.importing.merging.planning import plan
from griot.knowledge.importing.reading import read
from griot.rehearsal.bench_import import catalogue_file


def test_every_line_of_the_file_can_be_sold() -> None:
    found = read(catalogue_file(300))
    assert len(found.products) == 300
    planned = plan(found, [], Terms("XOF"))
    assert (planned.count("new"), planned.left_out) == (300, 0)
    assert len({step.code for step in planned.steps}) == 300


def test_one_document_tells_both_sizes(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from griot.cli.main import app

    monkeypatch.setenv("DATABASE_URL", database_url)
    done = CliRunner().invoke(app, ["bench", "import", "--products", "40", "--json"])
    told = orjson.loads(done.stdout)
    assert done.exit_code == 0, done.output
    assert [run["products"] for run in told["runs"]] == [10, 40]
    assert [run["unchanged_again"] for run in told["runs"]] == [10, 40]
    assert all(run["peak_mb"] >= run["bare_mb"] > 0 for run in told["runs"])
