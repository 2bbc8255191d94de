"""`griot bench search --shops` with few products: a worker of its own answers for every shop."""

import orjson
import pytest
from typer.testing import CliRunner


def test_a_worker_answers_for_every_shop(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from griot.cli.main import app

    monkeypatch.setenv("DATABASE_URL", database_url)
    done = CliRunner().invoke(app, ["bench", "search", "--shops", "2", "--products", "30", "--json"])
    told = orjson.loads(done.stdout)
    assert told["products"] == 60
    assert told["embedded_per_second"] > 0
    assert told["memory_mb"]["with_all_shops"] >= told["memory_mb"]["before"] > 0
    assert told["all_shops"]["queries"] == 2 * told["one_shop"]["queries"] > 0
