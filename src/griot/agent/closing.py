"""While the shop is closed: the first answer says so, once, and a handover says when somebody is back.

Sales by code go on as ever. A shop that is live is open, whatever its hours say.
"""

from collections.abc import Mapping
from dataclasses import replace

from griot.agent.comments import in_public
from griot.agent.models import Draft, Scene
from griot.agent.saying import Saying
from griot.channels.model import Reply
from griot.core.tenancy import Shop
from griot.core.texts import text
from griot.knowledge.faq.models import FaqEntry
from griot.knowledge.search.questions import topics
from griot.tools.shops import hours

_TOPIC = "horaires"  # of prompts/glossary/topics.toml


def with_hours(faq: Mapping[str, FaqEntry], shop: Shop) -> dict[str, FaqEntry]:
    """The shop's answers, and one about its hours when it has set them and answers no such question itself."""
    known = shop.hours
    if known is None or any(_TOPIC in topics(entry.question) for entry in faq.values()):
        return dict(faq)
    question = text(shop.language, "hours.question")
    entry = FaqEntry(0, hours.KEY, question, hours.week(known, shop.language), shop.language)
    return {**faq, hours.KEY: entry}


def while_closed(draft: Draft, scene: Scene, language: str) -> Draft:
    """The draft, with what a buyer who writes outside the hours has to know of them."""
    state = hours.opening(scene.shop, scene.now)
    if state is None or state.is_open or scene.live_id is not None or scene.is_vendor:
        return draft
    if not draft.replies or in_public(scene):
        return draft
    if any(effect.get("faq") == hours.KEY for effect in draft.effects):  # it has just been said
        return replace(draft, told_closed=True)
    told = scene.thread.told_closed_at
    first = told is None or (state.since is not None and told < state.since)
    if not first and draft.handler != "human":
        return draft
    phrasing = Saying(scene, language)
    opens = hours.opens(scene.shop, language, state.until, scene.now)
    said = phrasing.plain("closed", shop=scene.shop.name, opens=opens) if first else phrasing.plain("back", opens=opens)
    return replace(draft, replies=_beside(draft.replies, said), told_closed=True)


def _beside(replies: tuple[Reply, ...], said: Reply) -> tuple[Reply, ...]:
    """What can be tapped stays last."""
    last = replies[-1]
    return (said, *replies) if last.choices or last.link or last.media else (*replies, said)
