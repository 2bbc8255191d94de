"""What the pages of the catalogue read and write in the same way: amounts of a form, addresses, names."""

from collections.abc import Iterable
from urllib.parse import urlencode

from griot.core.db.pool import Tx
from griot.core.money import Money
from griot.knowledge.faq import service as faq
from griot.knowledge.faq.models import FaqEntry
from griot.tools.users import queries as users

EVERY = (60, 360, 1440, 10_080)  # minutes between two looks at a source
_SPACES = str.maketrans("", "", "   \t")


def money(text: str, currency: str) -> Money:
    """An amount as people type it: ``15 000`` or ``12,50``."""
    return Money.parse(text.translate(_SPACES).replace(",", "."), currency)


def amount(money: Money) -> str:
    """An amount as it stands in a field."""
    return money.decimal()


def address(path: str, **query: object) -> str:
    """An address of the console; what is empty is left out of its query."""
    given = {name: str(value) for name, value in query.items() if value not in ("", None)}
    return f"#{path}" + (f"?{urlencode(given)}" if given else "")


async def names(tx: Tx, actors: Iterable[str | None]) -> dict[str, str]:
    """Who the actors of events are, by name where they still work here."""
    wanted = {actor for actor in actors if actor and actor.startswith("user:")}
    if not wanted:
        return {}
    return {f"user:{one.user_id}": one.name for one in await users.members(tx) if f"user:{one.user_id}" in wanted}


async def answers(tx: Tx) -> list[FaqEntry]:
    """The shop's answers in use."""
    return list((await faq.entries(tx)).values())
