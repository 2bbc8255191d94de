"""Where to act first: conversations in the order in which they want a person, with the reasons."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from griot.api.v1.access import Needs
from griot.api.v1.conversations import Conversation, shown
from griot.api.v1.shapes import After, Limit, Page, Shown, pack, unpack
from griot.tools.priority import service
from griot.tools.priority.service import Filter
from griot.tools.users.door import Door

router = APIRouter(tags=["conversations"])

Reading = Annotated[Door, Depends(Needs("conversations:read"))]


class Reason(Shown):
    name: str = Field(examples=["open_hold"])
    points: int = Field(examples=[25])


class Ranked(Shown):
    conversation: Conversation
    score: int = Field(examples=[65], description="0 to 100: how likely it ends in a sale.")
    label: Literal["hot", "warm", "cold", "at_risk"]
    reasons: list[Reason] = Field(description="They add up to the score.")
    advice: list[str] = Field(examples=[["remind_pay"]], description="What may be done, the most pressing first.")
    waits_since: datetime | None = Field(description="Since when a person is waited for.")
    unread: bool


@router.get("/inbox")
async def list_inbox(
    door: Reading,
    which: Annotated[Filter, Query(description="Only these conversations.")] = "all",
    channel: Annotated[str | None, Query(max_length=30, pattern="^[a-z]+$", examples=["whatsapp"])] = None,
    search: Annotated[
        str | None, Query(max_length=100, examples=["robe"], description="In names, phones and buyers' words.")
    ] = None,
    limit: Limit = 50,
    after: After = None,
) -> Page[Ranked]:
    """Conversations, the one to act on first at the head."""
    place = unpack(after, int, int)
    async with door.transaction() as tx:
        found = await service.page(
            tx, door.now, limit, (place[0], place[1]) if place else None, which=which, channel=channel, search=search
        )
    following = pack(found[-1].place) if len(found) == limit else None
    return Page(items=[_ranked(item) for item in found], next=following)


def _ranked(item: service.Ranked) -> Ranked:
    stands = item.stands
    return Ranked(
        conversation=shown(item.thread),
        score=stands.score,
        label=stands.label,
        reasons=[Reason(name=name, points=points) for name, points in stands.reasons],
        advice=list(stands.advice),
        waits_since=stands.waits_since,
        unread=stands.unread,
    )
