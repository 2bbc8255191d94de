"""The turn as a LangGraph graph: hear, read, think, check, answer.

The graph knows no HTTP and no SQL. What it may know comes in as a ``Scene``, what it may do goes through the ``Desk``,
what it wants to say leaves as a ``Draft``; the worker writes all of it in one transaction.

Thinking takes time and must hold no transaction. So a turn that has to think ends early, without a draft; the worker
asks a mind (``griot.agent.mind``, a LangGraph agent of its own) and runs the turn again with what was decided.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime

from griot.agent.acting import Acting, act
from griot.agent.acts import Act, JoinWaitlist, SetQuantity, Yes
from griot.agent.aloud import aloud
from griot.agent.closing import while_closed
from griot.agent.coming import asked_about
from griot.agent.comments import in_one, in_public, says_nothing
from griot.agent.desk import Desk
from griot.agent.guarding import guard
from griot.agent.listening import agreed, doubtful, read_back, tell_unheard, unheard
from griot.agent.mind.models import Decision
from griot.agent.models import Draft, Scene
from griot.agent.numbers_given import number_given
from griot.agent.phrasing import Phrasing
from griot.agent.reading import Reading, ReadingContext, Utterance, read
from griot.agent.slips import slip
from griot.agent.taking import FOR_HUMANS, said
from griot.channels.model import Reply
from griot.tools.customers.invitations import without_token

SILENT = {"reaction", "system", "revoke", "edit", "sticker", "mention"}  # kinds that ask for no answer
MINDED = ("quote", "product")  # questions whose short answers the reader does not know
LONGEST_JOINED = 1000  # characters of two replies that are sent as one


@dataclass(frozen=True, slots=True)
class Means:
    """What the nodes may use besides the state."""

    desk: Desk


class Turn(TypedDict, total=False):
    """The state of one turn. ``decision`` is there when a mind has thought about it."""

    scene: Scene
    decision: Decision
    utterances: tuple[Utterance, ...]
    reading: Reading
    language: str
    draft: Draft


async def hear(state: Turn) -> Turn:
    """Messages become utterances; the words of a voice note are its text by now."""
    heard = []
    scene = state["scene"]
    for message in scene.thread.messages:
        if code := asked_about(message, scene.catalogue.index):
            heard.append(Utterance("text", f"{code} ?", None))
        elif message.kind == "choice":
            heard.append(Utterance("choice", message.text, message.payload.get("id")))
        elif message.text and message.kind not in SILENT | {"echo"}:
            heard.append(Utterance("text", without_token(message.text), None))
    return {"utterances": tuple(heard)}


async def read_node(state: Turn) -> Turn:
    """What needs no model: codes, buttons, short answers to the agent's last question."""
    scene = state["scene"]
    context = ReadingContext(
        codes=scene.catalogue.index,
        asked=None if in_public(scene) else scene.thread.asked,
        open_orders=tuple(order.id for order in scene.orders if not order.overdue(scene.now)),
        language=scene.thread.language,
    )
    reading = read(state["utterances"], context)
    decided = state["decision"].language if "decision" in state else None
    spoken = decided or reading.language
    return {
        "reading": reading,
        "language": spoken or scene.thread.language or scene.customer.language or scene.shop.language,
    }


def route(state: Turn) -> str:
    """Silence where somebody else answers or nothing was asked; the tools where it is clear what to do; else thought.

    A tapped button is meant for the agent even where a human answers: PAYER has to work.
    """
    scene = state["scene"]
    kinds = {message.kind for message in scene.thread.messages}
    if (scene.thread.handler == "human" and kinds != {"choice"}) or "echo" in kinds:
        return "stay_silent"
    if not state["utterances"] and kinds <= SILENT | {"comment"}:
        return "stay_silent"
    if all(message.payload.get("standby") for message in scene.thread.messages):
        return "stay_silent"
    if scene.is_vendor:
        return "answer_vendor"
    if in_public(scene) and says_nothing(scene, _understood(state)):
        return "stay_silent"
    if not state["utterances"] and unheard(scene):
        return "could_not_hear"
    if "decision" in state:
        return "carry_out"
    if state["reading"].certain and state["reading"].acts:
        return END if _answers_something_else(scene, state["reading"]) else "carry_out"
    return "carry_out" if slip(scene, state["reading"]) else END


def _understood(state: Turn) -> Sequence[Act] | None:
    """What the messages ask for; none while that has to be thought about."""
    if "decision" in state:
        return state["decision"].acts
    return state["reading"].acts if state["reading"].certain else None


def _answers_something_else(scene: Scene, reading: Reading) -> bool:
    """Whether a mere yes, number or wish to be told answers what only a mind knows: a quote, or words said before."""
    asked = {} if in_public(scene) else scene.thread.asked or {}
    if any(isinstance(act, JoinWaitlist) and act.code is None for act in reading.acts) and "code" not in asked:
        return True
    if not all(isinstance(act, Yes | SetQuantity) for act in reading.acts):
        return False
    kind = asked.get("kind")
    to_a_number = kind == "confirm_quantity" and any(isinstance(act, Yes) for act in reading.acts)
    return kind in MINDED or to_a_number or (kind is None and not scene.orders)


async def stay_silent(state: Turn) -> Turn:
    """A human answers this thread (or has just begun to), or the message was a mere reaction."""
    scene = state["scene"]
    echo = any(message.kind == "echo" for message in scene.thread.messages)
    handler = "human" if echo else scene.thread.handler
    outcome = "human" if handler == "human" else "noted"
    return {"draft": Draft(outcome, asked=scene.thread.asked, handler=handler)}


async def answer_vendor(state: Turn, runtime: Runtime[Means]) -> Turn:
    """The shop's own vendor wrote to the shop's number: say how the live is going."""
    scene = state["scene"]
    phrasing = Phrasing(scene, state["language"])
    running = await runtime.context.desk.live_totals()
    if running is None:
        reply = phrasing.plain("vendor_idle")
    else:
        live, totals = running
        minutes = int((scene.now - live.started_at).total_seconds() // 60)
        reply = phrasing.plain(
            "vendor_live", minutes=minutes, paid=totals.paid, turnover=totals.turnover, pending=totals.pending
        )
    return {"draft": Draft("vendor", (reply,), facts=tuple(phrasing.facts))}


async def could_not_hear(state: Turn, runtime: Runtime[Means]) -> Turn:
    """A voice note without words that can be answered."""
    scene = state["scene"]
    return {"draft": await tell_unheard(scene, unheard(scene) or "", state["language"], runtime.context.desk)}


async def carry_out(state: Turn, runtime: Runtime[Means]) -> Turn:
    """Do what is asked for; a number that the buyer gave with it is asked about."""
    carried = await _carry_out(state, runtime)
    if number := number_given(state["scene"]):
        await runtime.context.desk.ask_whose_number(state["scene"], number)
    return carried


async def _carry_out(state: Turn, runtime: Runtime[Means]) -> Turn:
    """Call the tools of a certain reading, or of what a mind has decided; what was heard with doubt is asked first."""
    scene, desk = state["scene"], runtime.context.desk
    wanted = agreed(scene, state["decision"].acts if "decision" in state else state["reading"].acts)
    if doubtful(scene, wanted):
        return {"draft": read_back(scene, wanted, state["language"])}
    if "decision" in state:
        return {"draft": await act(scene, wanted, state["language"], desk)}
    if short := slip(scene, state["reading"]):
        phrasing = Phrasing(scene, state["language"])
        draft = await Acting(scene, phrasing, desk).slipped(short)
        return {"draft": replace(draft, facts=tuple(phrasing.facts))}
    draft = await act(scene, wanted, state["language"], desk)
    if any(message.kind in FOR_HUMANS and not message.text for message in scene.thread.messages):
        await desk.escalate(scene, "media", said(scene))
    return {"draft": draft}


async def check(state: Turn, runtime: Runtime[Means]) -> Turn:
    """No figure, product or promise leaves that the tools of this turn did not give. Templates always pass.

    While the shop is closed, that is said beside them.
    """
    scene = state["scene"]
    draft = while_closed(state["draft"], scene, state["language"])
    if guard(draft, scene):
        return {"draft": draft}
    desk = runtime.context.desk
    await desk.escalate(scene, "failed", said(scene))
    reply = Phrasing(scene, state["language"]).plain("failed", shop=scene.shop.name)
    return {"draft": Draft("check_failed", (reply,), effects=({"action": "escalate"},), troubled=True)}


async def answer(state: Turn) -> Turn:
    """As few messages as possible: a text without buttons goes into the one after it. Said, when the buyer speaks."""
    if in_public(state["scene"]):
        return {"draft": replace(state["draft"], replies=in_one(state["draft"].replies))}
    replies: list[Reply] = []
    for reply in state["draft"].replies:
        last = replies[-1] if replies else None
        short = last is not None and len(last.text) + len(reply.text) < LONGEST_JOINED
        if last and short and not (last.choices or last.link or last.media or reply.media):
            replies[-1] = replace(reply, text=f"{last.text}\n\n{reply.text}")
        else:
            replies.append(reply)
    said = aloud(replies, state["scene"], state["language"])
    return {"draft": replace(state["draft"], replies=said)}


def build() -> Any:
    """The compiled graph; its context is ``Means``."""
    graph = StateGraph(Turn, context_schema=Means)
    graph.add_node("hear", hear)
    graph.add_node("read", read_node)
    graph.add_node("stay_silent", stay_silent)
    graph.add_node("answer_vendor", answer_vendor)
    graph.add_node("could_not_hear", could_not_hear)
    graph.add_node("carry_out", carry_out)
    graph.add_node("check", check)
    graph.add_node("answer", answer)
    graph.add_edge(START, "hear")
    graph.add_edge("hear", "read")
    graph.add_conditional_edges("read", route, ["stay_silent", "answer_vendor", "could_not_hear", "carry_out", END])
    graph.add_edge("stay_silent", END)
    graph.add_edge("answer_vendor", "check")
    graph.add_edge("could_not_hear", "check")
    graph.add_edge("carry_out", "check")
    graph.add_edge("check", "answer")
    graph.add_edge("answer", END)
    return graph.compile()
