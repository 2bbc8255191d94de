"""Taking a conversation over, answering, giving it back."""

import hashlib
from typing import Annotated

from pydantic import Field

from griot.core.errors import Conflict
from griot.tools.conversations import inbox, service
from griot.tools.priority import service as priority
from griot.ui.desk import Desk
from griot.ui.registry import Done, Number
from griot.ui.views.inbox.view import view


@view.act("conversations:write")
async def take_over(desk: Desk, conversation: Number) -> Done:
    """A person answers from here on."""
    async with desk.transaction() as tx:
        await inbox.thread(tx, conversation)
        await service.take_over(tx, conversation, desk.now)
        await priority.look(tx, [conversation], desk.now)
    return Done(desk.t("inbox.taken_over"))


@view.act("conversations:write")
async def give_back(desk: Desk, conversation: Number) -> Done:
    """The agent answers again."""
    async with desk.transaction() as tx:
        await inbox.thread(tx, conversation)
        await service.give_back(tx, conversation, desk.now)
        await priority.look(tx, [conversation], desk.now)
    return Done(desk.t("inbox.given_back"))


@view.act("conversations:write")
async def answer(
    desk: Desk,
    conversation: Number,
    text: Annotated[str, Field(min_length=1, max_length=inbox.LONGEST_ANSWER)],
    after: int = 0,
) -> Done:
    """Answer as a person. ``after``: the last message that the sender saw; the same words after the same message are
    sent once, however often the button is tapped."""
    digest = hashlib.sha256(text.strip().encode()).hexdigest()[:16]
    async with desk.transaction() as tx:
        thread = await inbox.thread(tx, conversation)
        if thread.handler != "human":
            return Done(desk.t("inbox.take_over_first"))
        try:
            await inbox.answer(tx, conversation, text, author=desk.access.actor, key=f"{after}:{digest}", now=desk.now)
        except Conflict:
            return Done(desk.t("inbox.window_closed"))
        await priority.mark_seen(tx, conversation, desk.now)
        await priority.look(tx, [conversation], desk.now)
    return Done(desk.t("inbox.sent"))


@view.act("conversations:write")
async def seen(desk: Desk, conversation: Number) -> Done:
    """Somebody has opened the conversation."""
    async with desk.transaction() as tx:
        await priority.mark_seen(tx, conversation, desk.now)
    return Done()
