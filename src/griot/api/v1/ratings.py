"""What people think of the agent's replies, and the cases for evaluation that were made of them."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from griot.api.v1.access import Needs
from griot.api.v1.shapes import After, Limit, Number, Page, Shown, pack, unpack
from griot.tools.ratings import service
from griot.tools.users.door import Door

router = APIRouter(tags=["ratings"])

Reading = Annotated[Door, Depends(Needs("conversations:read"))]
Writing = Annotated[Door, Depends(Needs("conversations:write"))]
Analysing = Annotated[Door, Depends(Needs("evals:read"))]


class Thumb(BaseModel):
    good: bool = Field(examples=[False])
    correction: str = Field(
        "",
        max_length=service.LONGEST_CORRECTION,
        examples=["Oui, on livre à Thiès, 2 000 F."],
        description="What was right.",
    )
    right_intent: str | None = Field(
        None, max_length=40, examples=["delivery_ask"], description="What the buyer meant: `griot correction intents`."
    )


class Rating(Shown):
    id: int = Field(examples=[7])
    conversation: int = Field(validation_alias="conversation_id", examples=[12])
    message: int = Field(validation_alias="message_id", examples=[90])
    actor: str = Field(examples=["user:7"])
    good: bool = Field(examples=[False])
    correction: str = Field(examples=["Oui, on livre à Thiès, 2 000 F."])
    intent: str = Field(examples=["escalate"], description="What the agent did.")
    right_intent: str | None = Field(examples=["delivery_ask"])
    rated_at: datetime
    uses: dict[str, str] = Field(examples=[{"case": "3"}], description="What was made of it: faq, example, case.")


class Case(Shown):
    id: int = Field(examples=[3])
    rating: int = Field(validation_alias="rating_id", examples=[7])
    content: dict[str, Any] = Field(description="A line of turns.jsonl (docs/reference/evals.md).")
    articles: list[dict[str, str]] = Field(description="Rows of its catalogue.csv.")
    answers: list[dict[str, str]] = Field(description="Rows of its faq.csv.")
    created_at: datetime


@router.post("/conversations/{conversation}/messages/{message}/ratings")
async def rate(door: Writing, conversation: Number, message: Number, given: Thumb) -> Rating:
    """Thumb up or down for a reply of the agent; a second one of the same person takes the place of the first."""
    async with door.transaction() as tx:
        rating = await service.rate(
            tx,
            conversation,
            message,
            good=given.good,
            correction=given.correction,
            right_intent=given.right_intent,
            actor=door.access.actor,
            now=door.now,
        )
    return Rating.model_validate(rating)


@router.get("/ratings")
async def list_ratings(
    door: Reading,
    good: Annotated[bool | None, Query(description="Only thumbs up, or only down.")] = None,
    limit: Limit = 50,
    after: After = None,
) -> Page[Rating]:
    """Ratings, the latest first."""
    before = unpack(after, int)
    async with door.transaction() as tx:
        found = await service.page(tx, limit, before[0] if before else None, good)
    following = pack([found[-1].id]) if len(found) == limit else None
    return Page(items=[Rating.model_validate(rating) for rating in found], next=following)


@router.get("/eval-cases")
async def list_cases(door: Analysing, limit: Limit = 50, after: After = None) -> Page[Case]:
    """Cases for evaluation that were made of rated replies, without personal data; the latest first."""
    before = unpack(after, int)
    async with door.transaction() as tx:
        found = await service.cases(tx, limit, before[0] if before else None)
    following = pack([found[-1].id]) if len(found) == limit else None
    return Page(items=[Case.model_validate(case) for case in found], next=following)
