"""`griot bench agent` measures both arms on the same turns, through the real turn code."""

import orjson
import pytest
from pydantic import SecretStr

from griot.core.settings import Settings
from griot.rehearsal.bench_agent import bench_agent


async def test_ours_asks_less_than_a_plain_agent_with_the_same_tools(
    database_url: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    config = Settings(database_url=SecretStr(database_url))
    status = await bench_agent(config, names=["street"], model=None, most=4, as_json=True)
    result = orjson.loads(capfdbinary.readouterr().out)
    assert status == 0
    assert result["turns"] >= 4
    assert result["plain_create_agent"]["calls"] >= 2
    assert result["ours"]["calls"] <= result["targets"]["calls"]
    assert 0 < result["tokens_ratio"] <= result["targets"]["tokens_ratio"]
