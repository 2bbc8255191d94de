"""Keys of the public API: what the shop's own programs log in with."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from griot.tools.users import keys, queries
from griot.tools.users.scopes import KEY_SCOPES
from griot.ui.desk import Desk
from griot.ui.registry import Address, Done
from griot.ui.views.settings.view import Section, beside, view

# What a program usually needs, so that nobody has to know scopes.
PURPOSES: Mapping[str, tuple[str, ...]] = {
    "read": tuple(sorted(scope for scope in KEY_SCOPES if scope.endswith(":read"))),
    "webshop": ("catalogue:read", "catalogue:write", "knowledge:read", "orders:read", "orders:write"),
    "all": tuple(sorted(KEY_SCOPES)),
}


async def read(desk: Desk, at: Address) -> Mapping[str, Any]:
    async with desk.transaction() as tx:
        known = await queries.keys(tx)
    return {"keys": [key for key in known if key.revoked_at is None], "purposes": PURPOSES}


section = Section("keys", "key", read, scope="users:read")


@view.act("users:write")
async def make_key(
    desk: Desk, name: Annotated[str, Field(min_length=1, max_length=60)], purpose: Annotated[str, Field(max_length=20)]
) -> Done:
    """A key, shown this once."""
    async with desk.transaction() as tx:
        with beside("purpose", desk.t("settings.wrong.purpose")):
            made, key = await keys.make(tx, name, PURPOSES.get(purpose, ()), desk.now)
    return Done(sheet="settings/key.html", data={"name": made.name, "key": key})


@view.act("users:write")
async def revoke_key(desk: Desk, key: int) -> Done:
    """The key opens nothing from here on."""
    async with desk.transaction() as tx:
        await keys.revoke(tx, key, desk.now)
    return Done(desk.t("settings.key_revoked"))
