"""Conversations: lists, what was said, taking over, answering, giving back."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Query
from pydantic import BaseModel, Field

from griot.api.v1.access import Needs
from griot.api.v1.shapes import After, Limit, Number, Page, Shown, pack, unpack
from griot.tools.conversations import inbox, service
from griot.tools.conversations.inbox import Entry, Listed, View
from griot.tools.customers.queries import standing
from griot.tools.shops.countries import normalise_phone
from griot.tools.users.door import Door

router = APIRouter(tags=["conversations"])

Reading = Annotated[Door, Depends(Needs("conversations:read"))]
Writing = Annotated[Door, Depends(Needs("conversations:write"))]

_PLACES: dict[str, tuple[type, ...]] = {
    "recent": (datetime, int),
    "human": (datetime, int),
    "waiting": (bool, datetime, int),
}


class WaitingFor(Shown):
    reason: str = Field(examples=["angry"])
    summary: str = Field(examples=["Ma robe n'est pas arrivée !"])
    suggestion: str = Field(examples=["Je regarde tout de suite où elle est."])
    sentiment: str = Field(examples=["frustrated"])
    since: datetime


class Conversation(Shown):
    id: int = Field(examples=[12])
    channel: str = Field(examples=["whatsapp"])
    handler: Literal["agent", "human"]
    language: str | None = Field(examples=["fr"])
    customer: int = Field(examples=[34])
    name: str | None = Field(examples=["Binta"])
    phone: str | None = Field(examples=["221781234567"])
    trust: int = Field(examples=[70], description="0 to 100.")
    tier: str = Field(examples=["silver"])
    active_at: datetime
    last: str | None = Field(examples=["ROBE1 x2"], description="What the buyer wrote last.")
    unanswered_since: datetime | None
    waiting: WaitingFor | None = Field(description="Why a person is asked for.")


class Said(Shown):
    id: int = Field(examples=[90])
    direction: Literal["in", "out"]
    by: Literal["buyer", "agent", "human"]
    author: str | None = Field(examples=["user:7"])
    kind: str = Field(examples=["text"])
    text: str | None = Field(examples=["ROBE1 x2"])
    content: dict[str, Any] = Field(description="A buyer's payload, or our reply with its buttons and media.")
    status: str | None = Field(examples=["delivered"])
    error: str | None = Field(examples=[None])
    turn_id: int | None = Field(examples=[55])
    at: datetime


class Answer(BaseModel):
    text: str = Field(min_length=1, max_length=inbox.LONGEST_ANSWER, examples=["Bonjour, je m'en occupe."])


class ManualMessage(BaseModel):
    to: str = Field(max_length=32, examples=["+221 78 123 45 67"], description="Phone of somebody who has written.")
    text: str = Field(min_length=1, max_length=inbox.LONGEST_ANSWER, examples=["Votre colis est là."])


class Handled(Shown):
    conversation: int = Field(examples=[12])
    handler: Literal["agent", "human"]
    changed: bool


SameAgain = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=80,
        pattern=r"^[\x21-\x7e]+$",
        description="The same key again is the same message, sent once.",
        examples=["5f1c"],
    ),
]


@router.get("/conversations")
async def list_conversations(
    door: Reading,
    view: Annotated[View, Query(description="`waiting`: for a person, the frustrated first.")] = "recent",
    channel: Annotated[str | None, Query(max_length=30, pattern="^[a-z]+$", examples=["whatsapp"])] = None,
    limit: Limit = 50,
    after: After = None,
) -> Page[Conversation]:
    """Conversations of all channels, a page at a time."""
    place = unpack(after, *_PLACES[view])
    async with door.transaction() as tx:
        found = await inbox.page(tx, view, limit, place, channel)
    following = pack(found[-1].place) if len(found) == limit else None
    return Page(items=[shown(item) for item in found], next=following)


@router.get("/conversations/{conversation}")
async def show_conversation(door: Reading, conversation: Number) -> Conversation:
    """One conversation."""
    async with door.transaction() as tx:
        return shown(await inbox.thread(tx, conversation))


@router.get("/conversations/{conversation}/messages")
async def list_messages(door: Reading, conversation: Number, limit: Limit = 50, after: After = None) -> Page[Said]:
    """What was said, the latest first: what came in, and what went out or is about to."""
    given = unpack(after, int, int)
    before = (given[0] or None, given[1] or None) if given else (None, None)
    async with door.transaction() as tx:
        await inbox.thread(tx, conversation)
        found, more = await inbox.entries(tx, conversation, limit, before)
    following = pack([more[0] or 0, more[1] or 0]) if more else None
    return Page(items=[_said(entry) for entry in found], next=following)


@router.post("/conversations/{conversation}/take-over")
async def take_over(door: Writing, conversation: Number) -> Handled:
    """A person answers from here on; the agent stays silent."""
    async with door.transaction() as tx:
        await inbox.thread(tx, conversation)
        changed = await service.take_over(tx, conversation, door.now)
    return Handled(conversation=conversation, handler="human", changed=changed)


@router.post("/conversations/{conversation}/give-back")
async def give_back(door: Writing, conversation: Number) -> Handled:
    """The agent answers again, and what waited for a person is dealt with."""
    async with door.transaction() as tx:
        await inbox.thread(tx, conversation)
        changed = await service.give_back(tx, conversation, door.now)
    return Handled(conversation=conversation, handler="agent", changed=changed)


@router.post("/conversations/{conversation}/messages", status_code=201)
async def answer(door: Writing, conversation: Number, given: Answer, same: SameAgain = None) -> Said:
    """Answer as a person. The conversation has to be taken over, which is checked as the message is queued."""
    async with door.transaction() as tx:
        entry = await inbox.answer(tx, conversation, given.text, author=door.access.actor, key=same, now=door.now)
    return _said(entry)


@router.post("/wa/send", status_code=201)
async def send(door: Writing, given: ManualMessage, same: SameAgain = None) -> Said:
    """Write to somebody who has written to the shop. The conversation is taken over with it."""
    async with door.shop() as (tx, shop):
        conversation = await inbox.of_phone(tx, normalise_phone(given.to, shop.country))
        entry = await inbox.answer(
            tx, conversation, given.text, author=door.access.actor, key=same, now=door.now, takes=True
        )
    return _said(entry)


def shown(item: Listed) -> Conversation:
    """A thread as it is shown in lists."""
    trust = standing(item.counts)
    return Conversation(
        id=item.id,
        channel=item.channel,
        handler=item.handler,
        language=item.language,
        customer=item.customer_id,
        name=item.name,
        phone=item.phone,
        trust=trust.score,
        tier=trust.tier,
        active_at=item.active_at,
        last=item.last,
        unanswered_since=item.unanswered_since,
        waiting=WaitingFor.model_validate(item.waiting) if item.waiting else None,
    )


def _said(entry: Entry) -> Said:
    return Said.model_validate(entry)
