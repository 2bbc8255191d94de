"""The rehearsal's own processes: who cannot start says why at once, and nobody waits for a worker that is not there."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from griot.core.errors import GriotError
from griot.core.settings import Settings
from griot.rehearsal.stage import open_stage


async def test_a_worker_that_cannot_start_says_why(database_url: str, tmp_path: Path) -> None:
    config = Settings(_env_file=None, database_url=SecretStr(database_url), data_dir=tmp_path)
    async with open_stage(config, tmp_path / "logs", overrides={"GRIOT_CLOCK": "soon"}) as stage:
        with pytest.raises(GriotError, match=r"(?s)worker1 did not start.*GRIOT_CLOCK is 'soon'"):
            await stage.start_worker()


async def test_a_worker_is_ready_once_it_is_started(database_url: str, tmp_path: Path) -> None:
    config = Settings(_env_file=None, database_url=SecretStr(database_url), data_dir=tmp_path)
    async with open_stage(config, tmp_path / "logs") as stage:
        for number in (1, 2):
            await stage.start_worker(number)
            assert "worker started" in (stage.logs / f"worker{number}.log").read_text()
        assert len(stage.actors) == 2
