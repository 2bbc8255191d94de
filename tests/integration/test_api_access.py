"""Every route of the API refuses nobody-known, the wrong role, the wrong shop and what is another shop's."""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from api_world import Api, open_api
from fastapi.dependencies.models import Dependant
from fastapi.routing import _IncludedRouter
from psycopg.rows import dict_row
from schema_rows import Row, Schema, insert

from griot.api.app import create_app
from griot.api.v1.access import Needs
from griot.core.clock import FrozenClock
from griot.core.db.pool import OWNER_OPTIONS, Database
from griot.core.settings import Settings
from griot.tools.users import keys
from griot.tools.users.scopes import KEY_SCOPES, ROLE_SCOPES, SCOPES

OPEN = {"/api/v1/login", "/api/v1/auth/refresh", "/api/v1/auth/session"}  # where somebody becomes known
OWN = {  # about oneself, in no shop
    "/api/v1/auth/logout",
    "/api/v1/auth/password",
    "/api/v1/auth/me",
    "/api/v1/auth/sessions",
    "/api/v1/auth/sessions/{number}",
}


@dataclass(frozen=True, slots=True)
class Way:
    """A route with one of its methods; ``scope``: what it needs, none for those about oneself."""

    method: str
    path: str
    scope: str | None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def filled(self, values: dict[str, Any]) -> str:
        return re.sub(r"{(\w+)}", lambda found: str(values.get(found[1], 1)), self.path)


def needs(dependant: Dependant) -> Iterator[str]:
    for part in dependant.dependencies:
        if isinstance(part.call, Needs):
            yield part.call.scope
        yield from needs(part)


def ways() -> list[Way]:
    routers = [route for route in create_app(Settings(_env_file=None)).routes if isinstance(route, _IncludedRouter)]
    return [
        Way(method, route.path, next(needs(route.dependant), None))
        for router in routers
        for route in router.effective_route_contexts()
        if route.path.startswith("/api/v1")
        for method in sorted(route.methods)
    ]


WAYS = ways()
GUARDED = [way for way in WAYS if way.scope]


@pytest.fixture
async def api(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[Api]:
    async with open_api(database_url, db, clock) as opened:
        yield opened


def test_every_route_says_what_it_needs() -> None:
    assert len(GUARDED) > 40
    assert {way.path for way in WAYS if not way.scope} == OPEN | OWN
    assert {way.scope for way in GUARDED} <= SCOPES
    for way in GUARDED:
        act = str(way.scope).partition(":")[2]
        taken_along = way.path.startswith("/api/v1/exports/")
        assert act == ("export" if taken_along else "read" if way.method == "GET" else "write"), way


async def test_nobody_known_is_refused_everywhere(api: Api) -> None:
    forged = ("", "Bearer x", "Bearer griot_1_" + "a" * 43, "Bearer eyJhbGciOiJub25lIn0.e30.", "Basic YTpi")
    for way in WAYS:
        if way.path in OPEN:
            continue
        for header in forged:
            headers = {"Authorization": header} if header else {}
            answer = await api.http.request(way.method, way.filled({}), headers=headers)
            assert answer.status_code == 401, (str(way), header)
            assert answer.json().keys() == {"error", "message"}, str(way)
        answer = await api.http.request(way.method, way.filled({}), headers={"Cookie": "griot_session=x"})
        assert answer.status_code == 401, str(way)


async def test_the_wrong_role_is_refused_everywhere(api: Api) -> None:
    number = await api.world.number()
    for role, scopes in ROLE_SCOPES.items():
        person = await api.person(number, role=role, email=f"{role}@example.com")
        for way in GUARDED:
            if way.scope in scopes:
                continue
            answer = await api.http.request(way.method, way.filled({}), headers=person.headers)
            assert answer.status_code == 403, (role, str(way))


async def test_a_key_is_refused_what_it_was_not_given(api: Api) -> None:
    number = await api.world.number()
    for scope in sorted(KEY_SCOPES):
        async with api.world.db.transaction(number.shop.id) as tx:
            _, key = await keys.make(tx, "program", KEY_SCOPES - {scope}, api.world.clock.now())
        for way in GUARDED:
            if way.scope != scope and not str(way.scope).startswith("users:"):
                continue
            answer = await api.http.request(way.method, way.filled({}), headers={"Authorization": f"Bearer {key}"})
            assert answer.status_code == 403, (scope, str(way))


async def test_another_shop_is_refused_everywhere(api: Api) -> None:
    ours, theirs = await api.world.number(), await api.world.number()
    person = await api.person(ours)
    async with api.world.db.transaction(ours.shop.id) as tx:
        _, key = await keys.make(tx, "program", KEY_SCOPES, api.world.clock.now())
    for way in GUARDED:
        for headers in (person.headers, {"Authorization": f"Bearer {key}"}):
            answer = await api.http.request(
                way.method, way.filled({}), headers=headers, params={"shop": theirs.shop.id}
            )
            assert answer.status_code == 403, str(way)


BODIES: dict[str, Any] = {
    "/conversations/{conversation}/messages": {"text": "Bonjour"},
    "/conversations/{conversation}/messages/{message}/ratings": {"good": False},
    "/orders/{order}/fulfilment": {"step": "ready"},
    "/orders/{order}/move": {"stage": "ready"},
    "/customers/{customer}/tags": {"tags": ["x"]},
    "/customers/{customer}/consent": {"given": True, "how": "phone"},
    "/customers/{customer}/erasure": {"sure": "erase"},
    "/refunds/{refund}": {"status": "approved"},
    "/products/{product}": {"title": "x"},
    "/customers/{customer}/merge": {"other": 999_999},
    "/customers/{customer}/unmerge": {"other": 999_999},
    "/products/{product}/price-breaks": [],
    "/products/{product}/variants": {"options": {"taille": "S"}},
    "/variants/{variant}": {"active": False},
    "/variants/{variant}/stock": {"quantity": -1},
    "/variants/{variant}/count": {"counted": 1},
    "/imports/{job}": {"currency": "XOF"},
    "/users/{user}": {"role": "agent"},
}


async def test_what_is_another_shops_is_not_there(api: Api, database_url: str) -> None:
    ours, theirs = await api.world.number(), await api.world.number()
    person = await api.person(ours)
    there: dict[str, Row] = {}
    with psycopg.connect(database_url, autocommit=True, options=OWNER_OPTIONS, row_factory=dict_row) as owner:
        schema = Schema(owner)
        there["shops"] = schema.rows("shops", theirs.shop.id)[0]
        for table in schema.parents_first():
            if table != "shops":
                row = schema.fresh(table, theirs.shop.id, there)
                before = {str(kept) for kept in schema.rows(table, theirs.shop.id)}
                owner.execute(insert(table, row), list(row.values()))
                there[table] = next(r for r in schema.rows(table, theirs.shop.id) if str(r) not in before)
        values = {
            "conversation": there["conversations"]["id"],
            "message": there["outbox"]["id"],
            "order": there["orders"]["id"],
            "quote": there["quotes"]["id"],
            "refund": there["refunds"]["id"],
            "customer": there["customers"]["id"],
            "product": there["products"]["id"],
            "variant": there["variants"]["id"],
            "code": there["products"]["code"],
            "job": there["import_jobs"]["id"],
            "user": 999_999,
            "key": there["faq"]["key"],
            "account": there["channel_accounts"]["id"],
            "reference": "G1-0-ABCDEFGH",
        }
        asked = 0
        for way in GUARDED:
            if "{" not in way.path or "/texts/" in way.path:  # the same names of texts in every shop
                continue
            path = way.filled({**values, "key": there["api_keys"]["id"]} if "/keys/" in way.path else values)
            body = BODIES.get(way.path.removeprefix("/api/v1"))
            shop = {"shop": ours.shop.id}
            answer = await api.http.request(way.method, path, headers=person.headers, json=body, params=shop)
            assert answer.status_code == 404, (str(way), answer.text)
            asked += 1
        assert asked > 15
        for table, row in there.items():
            assert row in schema.rows(table, theirs.shop.id), table


async def test_a_cookie_alone_changes_nothing(api: Api) -> None:
    """Another site can have a browser send the cookie; it cannot have it send the header."""
    from griot.core.db.pool import HOUSE
    from griot.tools.users import queries, tokens

    number = await api.world.number()
    person = await api.person(number)
    now, token = api.world.clock.now(), tokens.new()
    async with api.world.db.transaction(HOUSE) as tx:
        session_id = await queries.insert_session(
            tx, person.id, "console", tokens.digest(token), now.replace(year=now.year + 1), now
        )
    cookie = {"Cookie": f"griot_session={token}"}
    assert (await api.http.get("/api/v1/settings", headers=cookie)).status_code == 200
    for csrf in ("", "x", api.world.house.keyring.sign("api csrf", str(session_id + 1))):
        answer = await api.http.patch(
            "/api/v1/settings", json={"hold_minutes": 12}, headers=cookie | {"X-CSRF-Token": csrf}
        )
        assert answer.status_code == 403
    right = {"X-CSRF-Token": api.world.house.keyring.sign("api csrf", str(session_id))}
    answer = await api.http.patch("/api/v1/settings", json={"hold_minutes": 12}, headers=cookie | right)
    assert answer.json()["settings"]["hold_minutes"] == 12


async def test_large_bodies_are_refused_before_anybody_is_asked_who_sends_them(api: Api) -> None:
    answer = await api.http.post("/api/v1/login", content=b" " * (4 * 1024 * 1024 + 1))
    assert answer.status_code == 413
