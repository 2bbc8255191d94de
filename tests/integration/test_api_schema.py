"""The API keeps what its OpenAPI document promises, whatever is sent to it, and the document has examples."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import schemathesis
from api_world import Api, Person, open_api
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from griot.api.app import create_app
from griot.channels.simulator.server import serving
from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.core.settings import Settings
from house_world import article, message

EXAMPLES = 8  # of each operation
ELSEWHERE = {"/api/v1/events", "/api/v1/products/import"}  # a stream without end; an address to be fetched
ENDS = {"/api/v1/auth/logout"}  # what the others need
PROMISES = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture
async def api(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[Api]:
    async with open_api(database_url, db, clock) as opened:
        yield opened


async def test_whatever_is_sent_is_answered_as_promised(api: Api) -> None:
    number = await api.world.number(article("ROBE1", 5), article("SAC2", 0))
    await api.world.receive(number, message("ROBE1", api.world.clock.now()))
    person = await api.person(number)
    async with serving(api.app) as origin:
        await asyncio.to_thread(_try_everything, f"{origin}/api/openapi.json", person)


def _try_everything(address: str, person: Person) -> None:
    schema = schemathesis.openapi.from_url(address)
    tried = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        if not operation.path.startswith("/api/v1") or operation.path in ELSEWHERE | ENDS:
            continue
        _try(operation, person.headers)
        tried += 1
    assert tried > 45


def _try(operation: Any, headers: dict[str, str]) -> None:
    @given(case=operation.as_strategy())
    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    def keeps_its_promise(case: Any) -> None:
        response = case.call(headers=headers)
        case.validate_response(response, checks=PROMISES)

    keeps_its_promise()


def test_every_operation_has_an_example_of_what_is_sent_and_answered() -> None:
    document = create_app(Settings(_env_file=None)).openapi()
    seen = 0
    for path, operations in document["paths"].items():
        if not path.startswith("/api/v1"):
            continue
        for method, operation in operations.items():
            assert operation["description"], (method, path)
            good = {status: answer for status, answer in operation["responses"].items() if status.startswith("2")}
            assert good, (method, path)
            for body in (operation.get("requestBody", {}), *good.values()):
                for content in body.get("content", {}).values():
                    assert content["example"] not in (None, {}, "…"), (method, path)
                    seen += 1
    assert seen > 60
