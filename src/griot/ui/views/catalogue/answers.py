"""The shop's own answers: written, taken out of use, and what buyers asked that has none yet."""

from typing import Annotated

from pydantic import Field

from griot.core.tenancy import Language
from griot.knowledge.faq import service
from griot.knowledge.faq.models import NewFaq, key_of
from griot.knowledge.search.unanswered import worth_answering
from griot.tools.escalation.service import unanswered
from griot.ui.desk import Desk
from griot.ui.registry import Done
from griot.ui.views.catalogue.page import view

_SUGGESTED = 12


@view.act("knowledge:write")
async def answer(
    desk: Desk,
    question: Annotated[str, Field(min_length=1, max_length=1000)],
    answer: Annotated[str, Field(min_length=1, max_length=4000)],
    language: Language | None = None,
    key: Annotated[str | None, Field(max_length=200)] = None,
) -> Done:
    """Write an answer; one that is known takes the place of the old one."""
    async with desk.transaction() as tx:
        await service.save(tx, [NewFaq(key or key_of(question), question, answer, language)], desk.now)
    return Done(desk.t("catalogue.answer_kept"))


@view.act("knowledge:write")
async def retire(desk: Desk, key: str) -> Done:
    """Take an answer out of use."""
    async with desk.transaction() as tx:
        await service.retire(tx, key, desk.now)
    return Done(desk.t("catalogue.answer_gone"))


@view.act("knowledge:read")
async def suggest(desk: Desk) -> Done:
    """What buyers asked and nobody had foreseen, the most asked first."""
    async with desk.transaction() as tx:
        entries, asked = await service.entries(tx), await unanswered(tx)
    found = await worth_answering(entries.values(), asked)
    return Done(sheet="catalogue/suggestions.html", data={"suggestions": found[:_SUGGESTED]})
