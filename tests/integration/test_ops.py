"""Health, readiness and figures: what an orchestrator and a dashboard ask the processes."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import psycopg
import pytest
from prometheus_client.parser import text_string_to_metric_families

from griot.api.app import attach, create_app
from griot.channels.signature import sign
from griot.channels.simulator.model import Person
from griot.channels.simulator.server import serving
from griot.channels.simulator.whatsapp import updates
from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.rehearsal.stage import free_port
from house_world import APP_SECRET, World, database_away, open_world
from street import open_street

SERIES = {
    *("griot_messages_received", "griot_messages_duplicate", "griot_updates_ignored", "griot_webhook_seconds"),
    *("griot_turns", "griot_turn_seconds", "griot_reply_seconds", "griot_sends", "griot_send_queue_age_seconds"),
    *("griot_holds", "griot_events", "griot_payments", "griot_far_end_errors"),
}


@pytest.fixture
async def world(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[World]:
    async with open_world(database_url, db, clock) as opened:
        yield opened


@pytest.fixture
async def api(world: World) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(world.house.config)
    attach(app, world.house)
    async with serving(app) as origin, httpx.AsyncClient(base_url=origin, timeout=30) as http:
        yield http


async def _asked(http: httpx.AsyncClient, path: str) -> tuple[int, str]:
    answer = await http.get(path)
    return answer.status_code, answer.text


async def _figures(http: httpx.AsyncClient) -> dict[str, float]:
    """Each sample with its labels, as in ``griot_sends_total{result="sent"}``."""
    answer = await http.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    return {
        f"{sample.name}{sorted(sample.labels.items())}": sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


async def test_a_process_is_healthy_as_long_as_it_runs_and_ready_when_the_database_answers(
    api: httpx.AsyncClient, server_url: str, database_url: str
) -> None:
    assert await _asked(api, "/healthz") == (200, "ok")
    assert (await _asked(api, "/readyz"))[0] == 200
    with database_away(server_url, database_url):
        async with asyncio.timeout(5):
            assert (await _asked(api, "/readyz"))[0] == 503
            assert await _asked(api, "/healthz") == (200, "ok")
    async with asyncio.timeout(10):
        while (await _asked(api, "/readyz"))[0] != 200:
            await asyncio.sleep(0.1)


async def test_a_process_is_not_ready_before_the_database_is_migrated(
    api: httpx.AsyncClient, database_url: str
) -> None:
    with psycopg.connect(database_url, autocommit=True) as owner:
        owner.execute("DELETE FROM jobs.migrations WHERE number = (SELECT max(number) FROM jobs.migrations)")
        status, text = await _asked(api, "/readyz")
        assert (status, "griot db migrate" in text) == (503, True)
        owner.execute("DELETE FROM jobs.migrations")
        assert (await _asked(api, "/readyz"))[0] == 503
        owner.execute("DROP TABLE jobs.migrations")
        assert (await _asked(api, "/readyz"))[0] == 503


async def test_the_figures_count_what_came_in_and_name_nobody(world: World, api: httpx.AsyncClient) -> None:
    number = await world.number()
    awa = Person("Zéphyrine Quenum", "SN.7781", "221781234567")
    update = updates.inbound(awa, "wamid.A", "text", {"body": "ROBE1"}, world.clock.now())
    raw = updates.envelope(updates.Sender("1029", number.phone_number_id, "221338000000"), [update], "value")
    before = await _figures(api)
    for _ in range(3):
        await api.post("/webhooks/whatsapp", content=raw, headers={"X-Hub-Signature-256": sign(APP_SECRET, raw)})
    after = await _figures(api)

    def more(name: str) -> float:
        key = f"{name}[('channel', 'whatsapp')]"
        return after[key] - before.get(key, 0.0)

    assert more("griot_messages_received_total") == 1
    assert more("griot_messages_duplicate_total") == 2
    assert more("griot_webhook_seconds_count") == 3
    text = (await api.get("/metrics")).text
    assert {name for name in SERIES if f"# TYPE {name}" not in text} == set()
    for word in ("Zéphyrine", "Quenum", "SN.7781", "221781234567", number.phone_number_id, "Chez Awa", "ROBE1"):
        assert word not in text


async def test_a_worker_answers_on_its_own_port(database_url: str, tmp_path: Path, server_url: str) -> None:
    port = free_port()
    async with (
        open_street(database_url, tmp_path, [], start=("worker",), GRIOT_METRICS_PORT=str(port)),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=10) as worker,
    ):
        async with asyncio.timeout(20):
            while not await _ready(worker):
                await asyncio.sleep(0.1)
        assert await _asked(worker, "/healthz") == (200, "ok")
        assert any(name.startswith("griot_send_queue_age_seconds") for name in await _figures(worker))
        with database_away(server_url, database_url):
            async with asyncio.timeout(5):
                assert (await _asked(worker, "/readyz"))[0] == 503
                assert await _asked(worker, "/healthz") == (200, "ok")


async def _ready(http: httpx.AsyncClient) -> bool:
    try:
        return (await http.get("/readyz")).status_code == 200
    except httpx.HTTPError:
        return False
