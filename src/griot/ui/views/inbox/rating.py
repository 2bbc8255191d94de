"""Thumbs, and what is made of them: each is shown before it is made."""

from typing import Annotated, Any, Literal

from pydantic import Field

from griot.core.db.pool import Tx
from griot.core.errors import InvalidInput
from griot.tools.conversations import inbox
from griot.tools.ratings import making, service
from griot.tools.ratings.models import USES, Rating, Use
from griot.ui.desk import Desk
from griot.ui.registry import Done, Number
from griot.ui.views.inbox.showing import whole
from griot.ui.views.inbox.view import view

# What a buyer may have meant, as it is offered: the others are known to `griot correction`.
INTENTS = (
    "price_ask",
    "stock_ask",
    "details",
    "browse",
    "order",
    "change_quantity",
    "change_variant",
    "remove_line",
    "cancel",
    "quote",
    "pay",
    "payment_means_ask",
    "paid_claim",
    "more_time",
    "status",
    "delivery_ask",
    "hours_ask",
    "location_ask",
    "returns_ask",
    "guarantee_ask",
    "discount_ask",
    "custom_request",
    "complaint",
    "refund",
    "human",
    "greet",
    "thanks",
)
SCOPES: dict[Use, str] = {"faq": "knowledge:write", "example": "knowledge:write", "case": "evals:write"}


@view.act("conversations:write")
async def rate(desk: Desk, conversation: Number, message: Number, good: bool) -> Done:
    """Thumb up or down. Down opens the sheet in which it is put right."""
    async with desk.transaction() as tx:
        before = {found.message_id: found for found in await service.of_thread(tx, conversation, desk.access.actor)}
        kept = before.get(message)
        rating = await service.rate(
            tx,
            conversation,
            message,
            good=good,
            correction=kept.correction if kept and not good else "",
            right_intent=kept.right_intent if kept and not good else None,
            actor=desk.access.actor,
            now=desk.now,
        )
        said = await _said(tx, rating)
    if good:
        return Done(desk.t("inbox.rated"))
    return Done(sheet="inbox/correct.html", data={"rating": rating, "intents": INTENTS, "said": said})


@view.act("conversations:write")
async def correct(
    desk: Desk,
    conversation: Number,
    message: Number,
    correction: Annotated[str, Field(max_length=service.LONGEST_CORRECTION)] = "",
    right_intent: str | None = None,
) -> Done:
    """What should have been said, and what the buyer meant; then what may be made of it."""
    async with desk.transaction() as tx:
        rating = await service.rate(
            tx,
            conversation,
            message,
            good=False,
            correction=correction,
            right_intent=right_intent,
            actor=desk.access.actor,
            now=desk.now,
        )
    return _uses(desk, rating, desk.t("inbox.rated"))


@view.act("conversations:read")
async def uses(desk: Desk, rating: Number) -> Done:
    """What was made of a rating, and what may be made of it."""
    async with desk.transaction() as tx:
        return _uses(desk, await service.load(tx, rating))


@view.act("conversations:write")
async def preview(desk: Desk, rating: Number, use: Literal["faq", "example", "case"]) -> Done:
    """What would be made, to agree to."""
    data: dict[str, Any] = {"use": use, "draft": None}
    async with desk.transaction() as tx:
        data["rating"] = await service.load(tx, rating)
        try:
            data["draft"] = await _DRAFTS[use](tx, rating)
        except InvalidInput:
            return Done(desk.t(f"inbox.needs.{use}"), sheet="inbox/uses.html", data=_about(desk, data["rating"]))
    return Done(sheet="inbox/preview.html", data=data | {"may_make": desk.may(SCOPES[use]), "whole": whole})


@view.act("knowledge:write")
async def make_faq(
    desk: Desk,
    rating: Number,
    question: Annotated[str, Field(min_length=1, max_length=1000)],
    text: Annotated[str, Field(min_length=1, max_length=4000)],
) -> Done:
    """The correction becomes an answer of the shop, in these words."""
    async with desk.transaction() as tx:
        await making.make_faq(tx, rating, question, text, desk.now)
        return _uses(desk, await service.load(tx, rating), desk.t("inbox.made.faq"))


@view.act("knowledge:write")
async def make_example(desk: Desk, rating: Number) -> Done:
    """Messages like this one are read as meant from now on."""
    async with desk.transaction() as tx:
        await making.make_example(tx, rating, desk.now)
        return _uses(desk, await service.load(tx, rating), desk.t("inbox.made.example"))


@view.act("evals:write")
async def make_case(desk: Desk, rating: Number) -> Done:
    """The turn becomes a case for evaluation."""
    async with desk.transaction() as tx:
        await making.make_case(tx, rating, desk.now)
        return _uses(desk, await service.load(tx, rating), desk.t("inbox.made.case"))


@view.act("evals:write")
async def forget_case(desk: Desk, case: Number) -> Done:
    """Take a case out of the list."""
    async with desk.transaction() as tx:
        await service.forget_case(tx, case, desk.now)
    return Done(desk.t("inbox.case_forgotten"))


_DRAFTS: dict[Use, Any] = {
    "faq": making.draft_faq,
    "example": making.draft_example,
    "case": making.draft_case,
}


def _uses(desk: Desk, rating: Rating, say: str = "") -> Done:
    return Done(say, sheet="inbox/uses.html", data=_about(desk, rating))


def _about(desk: Desk, rating: Rating) -> dict[str, Any]:
    return {"rating": rating, "all_uses": [use for use in USES if desk.may(SCOPES[use])]}


async def _said(tx: Tx, rating: Rating) -> str:
    """The reply that was rated."""
    entries, _ = await inbox.entries(tx, rating.conversation_id, 1, (1, rating.message_id + 1))
    return next((entry.text or "" for entry in entries if entry.id == rating.message_id), "")
