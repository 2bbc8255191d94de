"""What happens by itself: how long goods are held, reminders, voice, the summary and the briefing."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from griot.core.tenancy import SEGMENTS, load_shop
from griot.tools.shops.service import change_settings
from griot.ui.desk import Desk
from griot.ui.registry import Address, Done
from griot.ui.views.settings.view import Section, beside, view


async def read(desk: Desk, at: Address) -> Mapping[str, Any]:
    async with desk.shop() as (_, shop):
        return {"usual": SEGMENTS[shop.segment], "set": shop.settings}


section = Section("rules", "settings", read)


@view.act("settings:write")
async def set_rules(
    desk: Desk,
    hold_minutes: Annotated[int | None, Field(ge=1, le=30)] = None,
    max_quantity: Annotated[int | None, Field(ge=1, le=100_000)] = None,
    min_trust: Annotated[int, Field(ge=0, le=100)] = 0,
    briefing_hour: Annotated[int | None, Field(ge=0, le=23)] = None,
    briefing_email: Annotated[str | None, Field(max_length=254)] = None,
    auto_reminder: bool = False,
    auto_summary: bool = False,
    voice_replies: bool = False,
) -> Done:
    """All of them at once; what is empty is the segment's, and no hour is no briefing."""
    changes: dict[str, Any] = {
        "hold_minutes": hold_minutes,
        "min_trust": min_trust,
        "briefing_hour": briefing_hour,
        "auto_reminder": auto_reminder,
        "auto_summary": auto_summary,
        "voice_replies": voice_replies,
    }
    async with desk.transaction() as tx:
        usual = SEGMENTS[(await load_shop(tx)).segment]
        changes["max_quantity"] = None if max_quantity == usual.max_quantity else max_quantity
        with beside("briefing_email", desk.t("settings.wrong.mail")):
            await change_settings(tx, {**changes, "briefing_email": briefing_email}, desk.now)
    return Done(desk.t("settings.saved"))
