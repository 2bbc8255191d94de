"""From what was understood to what is done: each act calls its tool and drafts its answer."""

from collections.abc import Sequence
from dataclasses import replace

from griot.agent import acts
from griot.agent.desk import Desk
from griot.agent.models import Draft, Scene
from griot.agent.phrasing import Phrasing
from griot.agent.taking import joined
from griot.agent.telling import Telling
from griot.channels.model import Reply

_POLITE = acts.Greet | acts.Thanks | acts.Yes | acts.SmallTalk
_FIRST = acts.Pay | acts.Cancel | acts.ChooseMeans  # beside these, a greeting needs no answer of its own
_PAYING = ("pay", "means")  # verbs of the buttons that lead to the payment page


async def act(scene: Scene, wanted: Sequence[acts.Act], language: str, desk: Desk) -> Draft:
    """Carry out acts. Articles taken in one message are held in one go; the rest follows in order."""
    turn = Acting(scene, Phrasing(scene, language), desk)
    taken = [item for item in wanted if isinstance(item, acts.Take)]
    asked = tuple(item.code for item in wanted if isinstance(item, acts.Ask))
    others: list[acts.Act] = [item for item in wanted if not isinstance(item, acts.Take | acts.Ask)]
    if any(isinstance(item, _FIRST) for item in others):
        others = [item for item in others if not isinstance(item, _POLITE)]
    drafts, others = await turn.dropped(others) if taken else ([], others)
    drafts += [await turn.take(taken)] if taken else []
    drafts += [await turn.show(asked)] if asked else []
    for item in others:
        if drafts and isinstance(item, _POLITE):
            continue
        turn.asked_meanwhile = next((draft.asked for draft in reversed(drafts) if draft.asked), None)
        drafts.append(await turn.other(item))
    whole = joined(drafts, scene.thread.asked)
    return replace(whole, replies=turn.paying_last(whole.replies), facts=tuple(turn.phrasing.facts))


def _without_paying(reply: Reply) -> Reply:
    paying = any(choice.id.partition(":")[0] in _PAYING for choice in reply.choices)
    return replace(reply, choices=()) if paying else reply


class Acting(Telling):
    """The acts of one turn."""

    async def dropped(self, wanted: Sequence[acts.Act]) -> tuple[list[Draft], list[acts.Act]]:
        """Articles are given up before others are taken, so that no sum is told that holds for a moment only.

        The drafts of those that were, and the acts that remain.
        """
        drafts: list[Draft] = []
        remaining: list[acts.Act] = []
        for item in wanted:
            gone = await self.drop(item) if isinstance(item, acts.Cancel) and item.code else None
            if gone is None:
                remaining.append(item)
            else:
                drafts.append(gone)
        return drafts, remaining

    def paying_last(self, replies: Sequence[Reply]) -> tuple[Reply, ...]:
        """The same with the way to pay only under the last answer, so that they fit into one message.

        An answer with buttons of its own keeps them; the way to pay then stays where it was shown last.
        """
        if len(replies) < 2:
            return tuple(replies)
        *before, last = replies
        paying = [n for n, reply in enumerate(before) if self._leads_to_payment(reply)]
        if paying and not (last.choices or last.link or last.media):
            last = replace(last, choices=before[paying[-1]].choices)
        elif paying and not self._leads_to_payment(last):
            return (*map(_without_paying, before[: paying[-1]]), *before[paying[-1] :], last)
        return (*map(_without_paying, before), last)

    def _leads_to_payment(self, reply: Reply) -> bool:
        """Is there a button to pay an order that is still open, or to choose how?"""
        named = [choice.id.split(":") for choice in reply.choices]
        return any(parts[0] in _PAYING and self._order(int(parts[1])) for parts in named)

    async def other(self, item: acts.Act) -> Draft:
        match item:
            case acts.Pay(order_id, at_once):
                return await self.pay(order_id, at_once)
            case acts.ChangeMeans(order_id):
                return await self.pay(order_id)
            case acts.ChooseMeans(means, order_id):
                return await self.choose_means(means, order_id)
            case acts.Cancel(order_id, code, options):
                return await self.cancel(order_id, code, options)
            case acts.SetQuantity(quantity):
                return await self.set_quantity(quantity)
            case acts.Swap():
                return await self.swap(item)
            case acts.Extend(order_id):
                return await self.extend(order_id)
            case acts.JoinWaitlist(code, quantity, options):
                return await self.join_waitlist(code, quantity, options)
            case acts.LeaveWaitlist(code):
                return await self.leave_waitlist(code)
            case acts.Purchases():
                return await self.purchases()
            case acts.OrderStatus(reference):
                return await self.status(reference)
            case acts.Quote(lines, on):
                return await self.quote(lines, on)
            case acts.AcceptQuote(quote_id):
                return await self.accept_quote(quote_id)
            case acts.WantedOn(on, at):
                return await self.wanted_on(on, at)
            case acts.Intake():
                return await self.intake(item)
            case acts.UsePromotion(code):
                return await self.use_promotion(code)
            case acts.Show(codes, quantity):
                return await self.show(codes, quantity)
            case acts.AnswerFaq(key):
                return await self.answer_faq(key)
            case acts.Clarify():
                return await self.clarify(item)
            case acts.Refuse(what, code):
                return await self.refuse(what, code)
            case acts.SmallTalk(kind):
                return await self.small_talk(kind)
            case acts.OwnNumber(yes):
                return self.own_number(yes)
            case acts.Say(words):
                return await self.say(words)
            case acts.Escalate():
                return await self.escalate(item)
            case acts.Greet():
                return await self.greet()
            case acts.Thanks():
                return await self.small_talk("thanks")
            case acts.Yes():
                return await self.yes()
            case acts.No():
                return self.no()
            case acts.Human():
                return await self.escalate(acts.Escalate("human"))
            case _:
                return await self.hand_over()

    async def yes(self) -> Draft:
        """An assent to no question: to pay what is held, when something is."""
        if self._open():
            return await self.pay(None)
        return Draft("noted", (self.phrasing.plain("ready"),), effects=({"action": "smalltalk"},))
