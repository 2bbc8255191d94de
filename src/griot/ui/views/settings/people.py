"""Who works in the shop: added, given another role, helped to a new password, let go."""

from collections.abc import Mapping
from typing import Annotated, Any, get_args

from pydantic import Field

from griot.core.errors import Conflict
from griot.tools.users import queries, service
from griot.tools.users.models import Member, Role
from griot.ui.desk import Desk
from griot.ui.registry import Address, Done, WrongField
from griot.ui.views.settings.view import Section, beside, view

ROLES = get_args(Role)


async def read(desk: Desk, at: Address) -> Mapping[str, Any]:
    async with desk.transaction() as tx:
        return {"members": await queries.members(tx), "roles": ROLES}


section = Section("people", "customers", read, scope="users:read")


@view.act("users:write")
async def add_person(
    desk: Desk,
    email: Annotated[str, Field(min_length=3, max_length=254)],
    name: Annotated[str, Field(min_length=1, max_length=80)],
    role: Role,
) -> Done:
    """Somebody works here from now on; who is new gets a password that is shown this once."""
    try:
        with beside("email", desk.t("settings.wrong.email")):
            member, password = await service.add(
                desk.house, desk.access.shop_id, email=email, name=name, role=role, by=desk.user_id
            )
    except Conflict:
        raise WrongField("email", desk.t("settings.wrong.works_here")) from None
    if password is None:
        return Done(desk.t("settings.person_added", name=member.name))
    return Done(
        sheet="settings/password.html", data={"person": member.name, "email": member.email, "password": password}
    )


@view.act("users:write")
async def set_role(desk: Desk, user: int, role: Role) -> Done:
    """Another role."""
    try:
        member = await service.set_role(desk.house, desk.access.shop_id, user, role, by=desk.user_id)
    except Conflict:
        raise WrongField("role", desk.t("settings.wrong.last_owner")) from None
    return Done(desk.t("settings.role_set", name=member.name))


@view.act("users:write")
async def reset_password(desk: Desk, user: int) -> Done:
    """A temporary password for somebody who cannot get in."""
    password = await service.reset_password(desk.house, desk.access.shop_id, user, by=desk.user_id)
    async with desk.transaction() as tx:
        member = await queries.member(tx, user)
    assert member is not None
    return Done(
        sheet="settings/password.html", data={"person": member.name, "email": member.email, "password": password}
    )


@view.act("users:write")
async def remove_person(desk: Desk, user: int) -> Done:
    """They work here no more, from this moment on."""
    await service.remove(desk.house, desk.access.shop_id, user, by=desk.user_id)
    return Done(desk.t("settings.person_removed"))


def _shown_once(member: Member, password: str) -> Done:
    data = {"person": member.name, "email": member.email, "password": password}
    return Done(sheet="settings/password.html", data=data)
