"""The turn as a LangGraph graph: hear, read, think, check, answer.

The graph knows no HTTP and no SQL. What it may know comes in as a ``Scene``, what it may do goes through the ``Desk``,
what it wants to say leaves as a ``Draft``; the worker writes all of it in one transaction.
"""

import re
from dataclasses import dataclass, replace
from typing import Any, TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime

from griot.agent.acting import FOR_HUMANS, act, said
from griot.agent.acts import Unknown
from griot.agent.desk import Desk
from griot.agent.models import Draft, Scene
from griot.agent.phrasing import Phrasing
from griot.agent.reading import Reading, ReadingContext, Utterance, read
from griot.channels.model import Reply

SILENT = {"reaction", "system", "revoke", "edit", "sticker"}  # kinds that ask for no answer


@dataclass(frozen=True, slots=True)
class Means:
    """What the nodes may use besides the state."""

    desk: Desk


class Turn(TypedDict, total=False):
    """The state of one turn."""

    scene: Scene
    utterances: tuple[Utterance, ...]
    reading: Reading
    language: str
    draft: Draft


async def hear(state: Turn) -> Turn:
    """Messages become utterances. Voice will be heard here; until then it goes to the vendor like a picture."""
    heard = []
    for message in state["scene"].thread.messages:
        if message.kind == "choice":
            heard.append(Utterance("choice", message.text, message.payload.get("id")))
        elif message.text and message.kind not in SILENT | {"echo"}:
            heard.append(Utterance("text", message.text, None))
    return {"utterances": tuple(heard)}


async def read_node(state: Turn) -> Turn:
    """What needs no model: codes, buttons, short answers to the agent's last question."""
    scene = state["scene"]
    context = ReadingContext(
        codes=scene.catalogue.index,
        asked=scene.thread.asked,
        open_orders=tuple(order.id for order in scene.orders if not order.overdue(scene.now)),
        language=scene.thread.language,
    )
    reading = read(state["utterances"], context)
    language = reading.language or scene.thread.language or scene.customer.language or scene.shop.language
    return {"reading": reading, "language": language}


def route(state: Turn) -> str:
    """Silence where a human answers or nothing was asked; the tools where the reading is certain; else thought.

    A tapped button is meant for the agent even where a human answers: PAYER has to work.
    """
    scene = state["scene"]
    kinds = {message.kind for message in scene.thread.messages}
    if (scene.thread.handler == "human" and kinds != {"choice"}) or "echo" in kinds:
        return "stay_silent"
    if not state["utterances"] and kinds <= SILENT:
        return "stay_silent"
    if state["reading"].certain and state["reading"].acts and not scene.is_vendor:
        return "carry_out"
    return "think"


async def stay_silent(state: Turn) -> Turn:
    """A human answers this thread (or has just begun to), or the message was a mere reaction."""
    scene = state["scene"]
    echo = any(message.kind == "echo" for message in scene.thread.messages)
    handler = "human" if echo else scene.thread.handler
    outcome = "human" if handler == "human" else "noted"
    return {"draft": Draft(outcome, asked=scene.thread.asked, handler=handler)}


async def carry_out(state: Turn, runtime: Runtime[Means]) -> Turn:
    """Call the tools of a certain reading."""
    scene = state["scene"]
    draft = await act(scene, state["reading"], state["language"], runtime.context.desk)
    if any(message.kind in FOR_HUMANS and not message.text for message in scene.thread.messages):
        await runtime.context.desk.escalate(scene, "media", said(scene))
    return {"draft": draft}


async def think(state: Turn, runtime: Runtime[Means]) -> Turn:
    """What the reader is not certain of. No model answers yet: the buyer is told so and the vendor takes it."""
    scene, desk = state["scene"], runtime.context.desk
    phrasing = Phrasing(scene, state["language"])
    if scene.is_vendor:
        reply = await _to_vendor(desk, phrasing)
        return {"draft": Draft("vendor", (reply,), facts=tuple(phrasing.facts))}
    if not state["utterances"]:
        await desk.escalate(scene, "media", said(scene))
        return {"draft": Draft("escalated", (phrasing.plain("media", shop=scene.shop.name),), scene.thread.asked)}
    hints = state["reading"]  # an uncertain reading never holds, cancels or changes anything
    reading = hints if hints.acts else replace(hints, acts=(Unknown(hints.rest),))
    return {"draft": await act(scene, reading, state["language"], desk)}


async def _to_vendor(desk: Desk, phrasing: Phrasing) -> Reply:
    """The shop's own vendor wrote to the shop's number: say how the live is going."""
    running = await desk.live_totals()
    if running is None:
        return phrasing.plain("vendor_idle")
    live, totals = running
    minutes = int((phrasing.scene.now - live.started_at).total_seconds() // 60)
    return phrasing.plain(
        "vendor_live", minutes=minutes, paid=totals.paid, turnover=totals.turnover, pending=totals.pending
    )


_AMOUNT = re.compile(r"\d[\d ]*(?:,\d+)? (?:F CFA|FG|Ar|€|\$|DH|DT)")


async def check(state: Turn, runtime: Runtime[Means]) -> Turn:
    """No amount leaves that the tools of this turn did not give, as printed by them.

    Replies made of templates always pass; what a model writes has to.
    """
    draft, scene = state["draft"], state["scene"]
    facts = "\n".join(draft.facts)
    if all(amount in facts for reply in draft.replies for amount in _AMOUNT.findall(reply.text)):
        return {}
    await runtime.context.desk.escalate(scene, "failed", said(scene))
    reply = Phrasing(scene, state["language"]).plain("failed", shop=scene.shop.name)
    return {"draft": Draft("check_failed", (reply,))}


async def answer(state: Turn) -> Turn:
    """As few messages as possible: a text without buttons goes into the one after it."""
    replies: list[Reply] = []
    for reply in state["draft"].replies:
        last = replies[-1] if replies else None
        if last and not (last.choices or last.link or last.media) and len(last.text) + len(reply.text) < 1000:
            replies[-1] = replace(reply, text=f"{last.text}\n\n{reply.text}")
        else:
            replies.append(reply)
    return {"draft": replace(state["draft"], replies=tuple(replies))}


def build() -> Any:
    """The compiled graph; its context is ``Means``."""
    graph = StateGraph(Turn, context_schema=Means)
    graph.add_node("hear", hear)
    graph.add_node("read", read_node)
    graph.add_node("stay_silent", stay_silent)
    graph.add_node("carry_out", carry_out)
    graph.add_node("think", think)
    graph.add_node("check", check)
    graph.add_node("answer", answer)
    graph.add_edge(START, "hear")
    graph.add_edge("hear", "read")
    graph.add_conditional_edges("read", route, ["stay_silent", "carry_out", "think"])
    graph.add_edge("stay_silent", END)
    graph.add_edge("carry_out", "check")
    graph.add_edge("think", "check")
    graph.add_edge("check", "answer")
    graph.add_edge("answer", END)
    return graph.compile()
