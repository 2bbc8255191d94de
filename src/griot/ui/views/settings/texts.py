"""The shop's own words: the texts that it may word itself, each shown as it reads before it is used."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from griot.core.errors import NotFound
from griot.core.tenancy import Language
from griot.core.texts import LANGUAGES
from griot.tools.shops import wording
from griot.ui.desk import Desk
from griot.ui.registry import Address, Done, WrongField
from griot.ui.views.settings.view import Section, view

Name = Annotated[str, Field(max_length=60)]
Words = Annotated[str, Field(max_length=5000)]


async def read(desk: Desk, at: Address) -> Mapping[str, Any]:
    """``/settings/texts/fr``: the texts in French; ``/settings/texts/fr/conversation.greet``: one of them."""
    async with desk.shop() as (_, shop):
        language = at.rest[1] if len(at.rest) > 1 else shop.language
        if language not in LANGUAGES:
            raise NotFound(f"There are no texts in {language!r}.")
        if len(at.rest) > 2:
            if at.rest[2] not in wording.wordable():
                raise NotFound(f"There is no text {at.rest[2]!r}.")
            return {"spoken": language, "text": wording.worded(shop, language, at.rest[2])}
        return {"spoken": language, "texts": wording.texts(shop, language), "tongues": LANGUAGES}


section = Section("texts", "edit", read, template=lambda at: "text" if len(at.rest) > 2 else "texts")


@view.act("settings:write")
async def preview_text(desk: Desk, language: Language, name: Name, words: Words) -> Done:
    """How the words would read; they are used when that is agreed to."""
    async with desk.shop() as (_, shop):
        try:
            shown = wording.preview(shop, language, name, words)
        except wording.Unfit as unfit:
            raise WrongField("words", _why(desk, unfit)) from None
    data = {"spoken": language, "name": name, "words": words, "shown": shown}
    return Done(sheet="settings/preview.html", data=data)


@view.act("settings:write")
async def use_text(desk: Desk, language: Language, name: Name, words: Words) -> Done:
    """These words are said from the next message on."""
    async with desk.transaction() as tx:
        await wording.save(tx, language, name, words, desk.now)
    return Done(desk.t("settings.text_used"), go=f"#/settings/texts/{language}")


@view.act("settings:write")
async def reset_text(desk: Desk, language: Language, name: Name) -> Done:
    """Back to the house's words."""
    async with desk.transaction() as tx:
        await wording.reset(tx, language, name, desk.now)
    return Done(desk.t("settings.text_reset"), go=f"#/settings/texts/{language}")


def _why(desk: Desk, unfit: wording.Unfit) -> str:
    return desk.t(f"settings.unfit.{unfit.problem}", detail=unfit.detail)
