"""One's own account: the places where one is logged in."""

from collections.abc import Mapping
from typing import Any

from griot.tools.users import sessions
from griot.ui.desk import Desk
from griot.ui.registry import Address, Done
from griot.ui.views.settings.view import Section, view


async def read(desk: Desk, at: Address) -> Mapping[str, Any]:
    return {"sessions": await sessions.open_sessions(desk.house, desk.user_id)}


section = Section("you", "person", read)


@view.act("settings:read")
async def end_session(desk: Desk, session: int) -> Done:
    """Whoever has that device logs in anew."""
    await sessions.end(desk.house, desk.user_id, session)
    return Done(desk.t("settings.session_ended"))
