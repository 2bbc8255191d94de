"""Who works at the console, in which shop and in which language; what views and acts get to work with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from griot.core.errors import Forbidden, InvalidInput, Unauthenticated
from griot.core.house import House
from griot.core.tenancy import load_shop
from griot.tools.users import queries, sessions
from griot.tools.users.door import Door
from griot.tools.users.models import Role, Session
from griot.ui import words

LANGUAGE_COOKIE = "griot_language"


@dataclass(frozen=True, slots=True)
class Workplace:
    """A shop that somebody works in."""

    shop_id: int
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class Desk(Door):
    """A shop, opened for somebody who works in it, in their language."""

    language: str

    def may(self, scope: str) -> bool:
        return scope in self.access.scopes

    def t(self, name: str, /, **values: Any) -> str:
        """Words in the language of the desk."""
        return words.say(self.language, name, **values)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks, by the cookies and headers of a request."""

    house: House
    session: Session
    language: str

    async def workplaces(self) -> list[Workplace]:
        """The shops that they work in, by number."""
        async with self.house.db.anywhere() as connection:
            found = await queries.memberships(connection, self.session.user_id)
        places = []
        for shop_id, role in found:
            async with self.house.db.transaction(shop_id) as tx:
                places.append(Workplace(shop_id, (await load_shop(tx)).name, role))
        return places

    async def sit_down_at(self, query: Mapping[str, str]) -> Desk:
        """Their desk in the shop that an address names, as in ``?shop=12``; ``InvalidInput``: it names none."""
        shop = query.get("shop", "")
        if not (shop.isascii() and shop.isdigit() and len(shop) < 19):
            raise InvalidInput("Say which shop: ?shop=12.")
        return await self.sit_down(int(shop))

    async def sit_down(self, shop_id: int | None) -> Desk:
        """Their desk in a shop: in the named one, else in the first that they work in.

        ``Forbidden``: not a shop of theirs, or their password was given by somebody else and not changed yet.
        """
        if shop_id is None:
            places = await self.workplaces()
            if not places:
                raise Forbidden("You do not work in any shop: ask an owner to add you.")
            shop_id = places[0].shop_id
        access = await sessions.enter(self.house, self.session, shop_id)
        return Desk(self.house, access, self.language)


def language_of(cookies: Mapping[str, str], headers: Mapping[str, str]) -> str:
    return words.chosen(cookies.get(LANGUAGE_COOKIE), headers.get("accept-language", ""))


async def visitor(house: House, cookies: Mapping[str, str], headers: Mapping[str, str]) -> Visitor:
    """Who asks; ``Unauthenticated`` when nobody is logged in."""
    token = cookies.get(sessions.COOKIE)
    if not token:
        raise Unauthenticated("Log in first.")
    return Visitor(house, await sessions.of_console(house, token), language_of(cookies, headers))
