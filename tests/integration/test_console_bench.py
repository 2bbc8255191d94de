"""`griot bench console` measures real consoles on a real stream."""

import orjson
import pytest
from pydantic import SecretStr

from griot.core.settings import Settings
from griot.rehearsal import bench_console as bench


async def test_every_order_comes_to_every_console(
    database_url: str, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "_CHROMIUM", ())  # browsers have tests of their own
    config = Settings(database_url=SecretStr(database_url))
    status = await bench.bench_console(config, consoles=3, rate=10, seconds=2, as_json=True)
    result = orjson.loads(capfdbinary.readouterr().out)
    assert result["orders"]["made"] == 20 and result["lost"] == 0 and result["events_per_second"] > 0
    assert 0 < result["shown_ms"]["p50"] <= result["shown_ms"]["p95"]
    assert "skipped" in result["first_view"]
    assert status == (0 if result["reached"]["shown"] else 1)


def test_an_order_is_shown_by_the_first_change_that_counts_it() -> None:
    console = bench.Watching("fr", [(0.0, 0), (1.0, 2), (2.5, 3)])
    assert bench._waits([0.5, 0.75, 2.0, 3.0], console) == [0.5, 0.25, 0.5]
