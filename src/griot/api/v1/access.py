"""Who asks, and what they may do: every route of the API names the scope it needs, and gets the door it opens."""

from typing import Annotated

from fastapi import Depends, Query
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import Request

from griot.core.errors import Forbidden, SignatureMismatch, Unauthenticated
from griot.core.house import House
from griot.tools.users import keys, sessions
from griot.tools.users.door import Door
from griot.tools.users.models import Access, Session

CSRF_HEADER = "X-CSRF-Token"
_SAFE = ("GET", "HEAD", "OPTIONS")

_bearer = HTTPBearer(auto_error=False, description="An access token from `/api/v1/login`, or an API key.")
_cookie = APIKeyCookie(name=sessions.COOKIE, auto_error=False, description="A session of the console.")

ShopNumber = Annotated[
    int | None,
    Query(
        alias="shop",
        ge=1,
        le=2**63 - 1,
        description="The shop; may be left out by whoever works in one only, and with an API key.",
        examples=[12],
    ),
]


def house_of(request: Request) -> House:
    house: House = request.app.state.house
    return house


def csrf_token(house: House, session: Session) -> str:
    """What a page of ours sends along with every change, and no other site's page knows."""
    return house.keyring.sign("api csrf", str(session.id))


async def current_session(
    request: Request,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    cookie: Annotated[str | None, Depends(_cookie)],
) -> Session:
    """The session of whoever asks, by access token or by the console's cookie."""
    house = house_of(request)
    if bearer is not None:
        return await sessions.of_access_token(house, bearer.credentials)
    if not cookie:
        raise Unauthenticated("Log in first: POST /api/v1/login.")
    session = await sessions.of_console(house, cookie)
    if request.method not in _SAFE:
        given = request.headers.get(CSRF_HEADER, "")
        try:
            house.keyring.verify("api csrf", str(session.id), given)
        except SignatureMismatch:
            raise Forbidden(f"A change made with a cookie needs the header {CSRF_HEADER}.") from None
    return session


CurrentSession = Annotated[Session, Depends(current_session)]


class Needs:
    """The dependency of a route: opens the shop for those who have the scope."""

    def __init__(self, scope: str) -> None:
        self.scope = scope

    async def __call__(
        self,
        request: Request,
        bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
        cookie: Annotated[str | None, Depends(_cookie)],
        shop: ShopNumber = None,
    ) -> Door:
        door = Door(house_of(request), await entered(request, bearer, cookie, shop))
        if self.scope not in door.access.scopes:
            raise Forbidden(f"This needs {self.scope}, which {_who(door.access)} does not have.")
        return door


async def entered(
    request: Request, bearer: HTTPAuthorizationCredentials | None, cookie: str | None, shop: int | None
) -> Access:
    """What whoever asks may do in the shop they name."""
    house = house_of(request)
    if bearer is not None and keys.is_key(bearer.credentials):
        access = await sessions.enter_with_key(house, bearer.credentials)
        if shop not in (None, access.shop_id):
            raise Forbidden("This key is another shop's.")
        return access
    return await sessions.enter(house, await current_session(request, bearer, cookie), shop)


def _who(access: Access) -> str:
    return f"the role {access.role}" if access.role else "this key"
