"""The shop's own words for what is said in its name."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, Field

from griot.api.v1.access import Needs
from griot.api.v1.shapes import Shown
from griot.core.tenancy import Language
from griot.tools.shops import wording
from griot.tools.users.door import Door

router = APIRouter(tags=["settings"])

Reading = Annotated[Door, Depends(Needs("settings:read"))]
Writing = Annotated[Door, Depends(Needs("settings:write"))]
Name = Annotated[str, Path(max_length=60, examples=["conversation.greet"])]


class Text(Shown):
    name: str = Field(examples=["conversation.greet"])
    language: Language
    house: str = Field(examples=["Bienvenue, ici *{shop}* !"], description="The house's words.")
    own: str | None = Field(examples=["Salut, ici {shop} 💃"], description="The shop's own words, if it has some.")
    shown: str = Field(examples=["Salut, ici Chez Awa 💃"], description="As it reads, with sample values.")
    names: list[str] = Field(examples=[["shop", "code"]], description="What is put in for `{shop}`, `{code}` ….")
    optional: list[str] = Field(examples=[["code", "shop"]], description="Which of them may be left out.")


class Words(BaseModel):
    words: str = Field(max_length=2000, examples=["Salut, ici {shop} 💃"])


class Preview(BaseModel):
    shown: str = Field(examples=["Salut, ici Chez Awa 💃"])


@router.get("/texts")
async def list_texts(door: Reading, language: Annotated[Language | None, Query()] = None) -> list[Text]:
    """Every text that the shop may word itself, in a language (the shop's own when none is named)."""
    async with door.shop() as (_, shop):
        return [_shown(item) for item in wording.texts(shop, language or shop.language)]


@router.put("/texts/{language}/{name}")
async def save_text(door: Writing, language: Language, name: Name, given: Words) -> Text:
    """Use own words from the next message on. No amounts, no markup, and what buyers need stays in."""
    async with door.transaction() as tx:
        await wording.save(tx, language, name, given.words, door.now)
    async with door.shop() as (_, shop):
        return _shown(wording.worded(shop, language, name))


@router.post("/texts/{language}/{name}/preview")
async def preview_text(door: Writing, language: Language, name: Name, given: Words) -> Preview:
    """How words would read, with sample values; nothing is kept."""
    async with door.shop() as (_, shop):
        return Preview(shown=wording.preview(shop, language, name, given.words))


@router.delete("/texts/{language}/{name}", status_code=204)
async def reset_text(door: Writing, language: Language, name: Name) -> None:
    """Back to the house's words."""
    async with door.transaction() as tx:
        await wording.reset(tx, language, name, door.now)


def _shown(item: wording.Worded) -> Text:
    return Text(
        name=item.name,
        language=item.language,
        house=item.house,
        own=item.own,
        shown=item.shown,
        names=list(item.names),
        optional=sorted(item.optional),
    )
