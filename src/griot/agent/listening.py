"""Voice notes in a turn: what was heard with doubt is read back before stock is held; what was not heard is said."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from griot.agent import acts
from griot.agent.acting import Acting
from griot.agent.desk import Desk
from griot.agent.models import Draft, Scene
from griot.agent.phrasing import Phrasing
from griot.agent.saying import options_text
from griot.agent.taking import said
from griot.tools.conversations.models import SPOKEN

_HOLDING = {kind.__name__: kind for kind in (acts.Take, acts.SetQuantity, acts.Swap)}
_NOT_OURS = ("unavailable", "gone")  # nothing is wrong with the note itself: a human listens to it
_CLARIFY = {"action": "clarify"}


def unheard(scene: Scene) -> str | None:
    """Why a voice note of this turn was not heard; ``unavailable`` when nobody listened to it in time."""
    for message in scene.thread.messages:
        if message.kind in SPOKEN and not message.text:
            return str(message.payload.get("unheard") or "unavailable")
    return None


async def tell_unheard(scene: Scene, trouble: str, language: str, desk: Desk) -> Draft:
    """The buyer may write instead, or ask for somebody; the vendor has the note in any case."""
    phrasing = Phrasing(scene, language)
    if trouble in _NOT_OURS:
        return await Acting(scene, phrasing, desk).escalate(acts.Escalate("media"))
    await desk.escalate(scene, "voice", said(scene))
    reply = phrasing.unheard(trouble)
    return Draft("unheard", (reply,), scene.thread.asked, effects=(_CLARIFY,), troubled=True)


def agreed(scene: Scene, wanted: Sequence[acts.Act]) -> tuple[acts.Act, ...]:
    """A yes to what was read back stands for it."""
    asked = scene.thread.asked or {}
    if asked.get("kind") != "heard" or not any(isinstance(act, acts.Yes) for act in wanted):
        return tuple(wanted)
    known = scene.catalogue.products
    stored = [act for item in asked["acts"] if (act := _act(item)) and _codes(act) <= known.keys()]
    return (*stored, *(act for act in wanted if not isinstance(act, acts.Yes))) or (acts.Unknown(said(scene)),)


def doubtful(scene: Scene, wanted: Sequence[acts.Act]) -> bool:
    """Would something be held of which a word was heard with doubt?"""
    unsure = any(message.payload.get("doubtful") for message in scene.thread.messages if message.kind in SPOKEN)
    return unsure and any(type(act).__name__ in _HOLDING for act in wanted)


def read_back(scene: Scene, wanted: Sequence[acts.Act], language: str) -> Draft:
    """ "J'ai entendu : 2 × Gâteau. C'est bien ça ?" Nothing is held before the answer."""
    phrasing = Phrasing(scene, language)
    held = [act for act in wanted if type(act).__name__ in _HOLDING]
    lines = "\n".join(f"• {_line(scene, act)}" for act in held)
    asked: dict[str, Any] = {"kind": "heard", "acts": [{"act": type(act).__name__, **asdict(act)} for act in held]}
    if len(held) == 1 and isinstance(held[0], acts.Take):  # "non, trois" is a short answer too
        asked |= {"code": held[0].code, "quantity": held[0].quantity or 1, "options": dict(held[0].options)}
    codes = sorted({code for act in held for code in _codes(act)})
    return Draft(
        "read_back",
        (phrasing.heard(lines),),
        asked,
        facts=tuple(phrasing.facts),
        effects=(_CLARIFY | {"product": codes},),
    )


def _act(data: Mapping[str, Any]) -> acts.Act | None:
    kind = _HOLDING.get(data["act"])
    return kind(**{name: value for name, value in data.items() if name != "act"}) if kind else None


def _codes(act: acts.Act) -> set[str]:
    match act:
        case acts.Take(code):
            return {code}
        case acts.Swap(_, new_code):
            return {new_code}
    return set()


def _line(scene: Scene, act: acts.Act) -> str:
    products = scene.catalogue.products
    match act:
        case acts.Take(code, quantity, options):
            return f"{quantity or 1} × *{products[code].title}*{options_text(options)}"
        case acts.Swap(_, code, options, quantity):
            times = f"{quantity} × " if quantity else ""
            return f"{times}*{products[code].title}*{options_text(options)}"
        case acts.SetQuantity(quantity):
            held = next((order.lines[-1].title for order in scene.orders if order.lines), "")
            return f"{quantity} × *{held}*" if held else f"{quantity}"
    return ""
