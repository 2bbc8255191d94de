"""Logging in: access and refresh tokens for programs, a cookie for the console, and one's own password."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field, SecretStr
from starlette.requests import Request
from starlette.responses import Response

from griot.api.v1.access import CurrentSession, csrf_token, current_session, house_of
from griot.api.v1.shapes import Number, Shown
from griot.core.house import House
from griot.core.source import source_of
from griot.core.tenancy import load_shop
from griot.tools.users import queries, sessions, tokens
from griot.tools.users.models import Opened, Role, Session, SessionKind

router = APIRouter(tags=["auth"])


class Credentials(BaseModel):
    email: str = Field(max_length=254, examples=["awa@example.com"])
    password: SecretStr = Field(max_length=256, examples=["une phrase que moi seule connais"])


class Tokens(Shown):
    access_token: str = Field(examples=["eyJhbGciOiJIUzI1NiIs…"], description="Send it as `Authorization: Bearer …`.")
    expires_in: int = Field(examples=[600], description="Seconds that the access token is good for.")
    refresh_token: str = Field(examples=["yV3…"], description="Good once, for a new pair.")
    must_change_password: bool = Field(
        description="The password was given by somebody else: nothing but changing it is allowed."
    )


class Renewal(BaseModel):
    refresh_token: str = Field(max_length=200, examples=["yV3…"])


class ConsoleSession(Shown):
    csrf_token: str = Field(examples=["n0XJ…"], description="Send it as `X-CSRF-Token` with every change.")
    expires_at: datetime
    must_change_password: bool


class NewPassword(BaseModel):
    former: SecretStr = Field(max_length=256, examples=["abc-def-ghj-k23"])
    password: SecretStr = Field(min_length=1, max_length=256, examples=["une phrase que moi seule connais"])


class Workplace(Shown):
    shop: int = Field(examples=[12])
    name: str = Field(examples=["Chez Awa"])
    role: Role


class OpenSession(Shown):
    id: int = Field(examples=[31])
    kind: SessionKind = Field(description="A browser, or a program.")
    created_at: datetime
    used_at: datetime
    this: bool = Field(description="The one that asks.")


class Me(Shown):
    user: int = Field(examples=[7])
    email: str = Field(examples=["awa@example.com"])
    must_change_password: bool
    shops: list[Workplace]


@router.post("/login")
async def log_in(request: Request, given: Credentials) -> Tokens:
    """Log in with a program: an access token for ten minutes, and a refresh token for a new pair."""
    opened = await _opened(request, given)
    return _tokens(house_of(request), opened)


@router.post("/auth/refresh")
async def refresh(request: Request, given: Renewal) -> Tokens:
    """A new pair of tokens. A refresh token is good once; used again, it ends the session."""
    house = house_of(request)
    return _tokens(house, await sessions.refresh(house, given.refresh_token))


@router.post("/auth/session")
async def open_session(request: Request, response: Response, given: Credentials) -> ConsoleSession:
    """Log in with a browser: the session is a cookie that no script can read, new at every login."""
    house = house_of(request)
    former = request.cookies.get(sessions.COOKIE)
    source = source_of(request.scope, trust_proxy=house.config.trust_proxy)
    opened = await sessions.log_in(
        house, given.email, given.password.get_secret_value(), source, "console", replacing=former
    )
    response.set_cookie(
        sessions.COOKIE,
        opened.token,
        max_age=int(sessions.LONGEST.total_seconds()),
        secure=house.config.public_url.startswith("https:"),
        httponly=True,
        samesite="lax",
    )
    session = opened.session
    return ConsoleSession(
        csrf_token=csrf_token(house, session),
        expires_at=session.expires_at,
        must_change_password=session.must_change,
    )


@router.post("/auth/logout", status_code=204)
async def log_out(request: Request, response: Response, session: CurrentSession) -> None:
    """End the session; its tokens are good for nothing from here on."""
    await sessions.log_out(house_of(request), session)
    response.delete_cookie(sessions.COOKIE)


@router.post("/auth/password", status_code=204)
async def change_password(request: Request, session: CurrentSession, given: NewPassword) -> None:
    """Change one's own password. Every other session ends."""
    await sessions.change_password(
        house_of(request), session, given.former.get_secret_value(), given.password.get_secret_value()
    )


@router.get("/auth/sessions")
async def list_sessions(request: Request, session: CurrentSession) -> list[OpenSession]:
    """Where one is logged in, the session used last first."""
    found = await sessions.open_sessions(house_of(request), session.user_id)
    return [OpenSession(**asdict(one), this=one.id == session.id) for one in found]


@router.delete("/auth/sessions/{number}", status_code=204)
async def end_session(request: Request, session: CurrentSession, number: Number) -> None:
    """End one of one's own sessions: a telephone that was lost."""
    await sessions.end(house_of(request), session.user_id, number)


@router.get("/auth/me")
async def me(request: Request, session: Annotated[Session, Depends(current_session)]) -> Me:
    """Who asks, and the shops that they work in."""
    house = house_of(request)
    async with house.db.anywhere() as connection:
        found = await queries.memberships(connection, session.user_id)
    shops = []
    for shop_id, role in found:
        async with house.db.transaction(shop_id) as tx:
            shop = await load_shop(tx)
        shops.append(Workplace.model_validate({"shop": shop_id, "name": shop.name, "role": role}))
    return Me(user=session.user_id, email=session.email, must_change_password=session.must_change, shops=shops)


async def _opened(request: Request, given: Credentials) -> Opened:
    house = house_of(request)
    source = source_of(request.scope, trust_proxy=house.config.trust_proxy)
    return await sessions.log_in(house, given.email, given.password.get_secret_value(), source, "api")


def _tokens(house: House, opened: Opened) -> Tokens:
    return Tokens(
        access_token=sessions.access_token(house, opened.session),
        expires_in=int(tokens.ACCESS_LIFE.total_seconds()),
        refresh_token=opened.token,
        must_change_password=opened.session.must_change,
    )
