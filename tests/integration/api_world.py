"""The REST API of a world, and people who use it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI

from griot.api.app import attach, create_app
from griot.core.clock import FrozenClock
from griot.core.db.pool import HOUSE, Database
from griot.tools.users import queries, tokens
from griot.tools.users.models import Role
from house_world import Number, World, open_world


@dataclass(frozen=True, slots=True)
class Person:
    """A user, logged in with an access token."""

    id: int
    email: str
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Api:
    world: World
    app: FastAPI
    http: httpx.AsyncClient

    async def person(self, *shops: Number, role: Role = "owner", email: str = "awa@example.com") -> Person:
        """Somebody who works in these shops. The rows are written as they are: logging in has tests of its own."""
        house, now = self.world.house, self.world.clock.now()
        async with house.db.transaction(HOUSE) as tx:
            user_id = await queries.insert_user(tx, email, "no password", None, now)
            assert user_id is not None
            session_id = await queries.insert_session(
                tx, user_id, "api", tokens.digest(tokens.new()), now.replace(year=now.year + 1), now
            )
        for shop in shops:
            async with house.db.transaction(shop.shop.id) as tx:
                await queries.insert_member(tx, user_id, email, "Awa", role, now)
        token = tokens.access_token(house.keyring, session_id, user_id, now)
        return Person(user_id, email, {"Authorization": f"Bearer {token}"})

    async def get(self, person: Person | None, path: str, **params: Any) -> httpx.Response:
        headers = person.headers if person else {}
        return await self.http.get(f"/api/v1{path}", params=params, headers=headers)

    async def post(self, person: Person | None, path: str, body: Any = None, **headers: str) -> httpx.Response:
        known = person.headers if person else {}
        return await self.http.post(f"/api/v1{path}", json=body, headers=known | headers)


@asynccontextmanager
async def open_api(database_url: str, db: Database, clock: FrozenClock, **settings: Any) -> AsyncIterator[Api]:
    """The API without a server: requests go straight to the application."""
    async with open_world(database_url, db, clock, rate_api=100_000, **settings) as world:
        app = create_app(world.house.config)
        attach(app, world.house)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://griot.test", timeout=30) as http:
            yield Api(world, app, http)
        await app.state.feed.close()
