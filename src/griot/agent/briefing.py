"""From a scene to a brief: what a mind is told, and nothing that it must not know."""

from zoneinfo import ZoneInfo

from griot.agent.interpreter.tongue import language_of
from griot.agent.mind.models import Brief, ShopFacts
from griot.agent.models import Scene
from griot.agent.reading import Reading
from griot.tools.conversations.models import Message

_UNHEARD = {"reaction", "system", "revoke", "sticker", "echo", "mention"}


def brief_of(scene: Scene, reading: Reading, language: str) -> Brief:
    """Everything about this turn that may inform a decision. Other buyers, keys and addresses are not in a scene."""
    shop, catalogue = scene.shop, scene.catalogue
    facts = ShopFacts(
        name=shop.name,
        segment=shop.segment,
        country=shop.country,
        currency=shop.currency,
        language=shop.language,
        now=scene.now.astimezone(ZoneInfo(shop.timezone)),
        means=shop.settings.means,
        max_quantity=shop.confirm_above,
    )
    heard = [message for message in scene.thread.messages if message.kind not in _UNHEARD]
    written = "\n".join(message.text for message in heard if message.text)  # only words are in a language
    spoken = scene.thread.language or _spoken_before(scene)
    return Brief(
        text="\n".join(_words(message) for message in heard),
        reading=reading,
        language=language_of(written, spoken) or spoken or language,
        shop=facts,
        buyer=scene.customer.name,
        standing=scene.customer.standing,
        products=catalogue.products,
        stock=scene.stock,
        codes=catalogue.index,
        faq=catalogue.faq,
        find=catalogue.search,
        history=scene.history,
        orders=tuple(order for order in scene.orders if not order.overdue(scene.now)),
        past=scene.past,
        quote=scene.quote,
        asked=scene.thread.asked,
        troubles=scene.thread.troubles,
        corrections=catalogue.corrections,
    )


def _spoken_before(scene: Scene) -> str | None:
    """The language of what was said in a thread whose language nobody noted: the buyer's, else the shop's."""
    for side in (("buyer",), ("agent", "human")):
        said = language_of("\n".join(said.text for said in scene.history if said.by in side))
        if said:
            return said
    return None


def _words(message: Message) -> str:
    """What was written, and what came: ``[image]``, ``[location: 14.69,-17.44] ici``."""
    place = message.payload
    if message.kind == "location" and {"latitude", "longitude"} <= place.keys():
        return f"[location: {place['latitude']},{place['longitude']}] {message.text or ''}".strip()
    return message.text or f"[{message.kind}]"
