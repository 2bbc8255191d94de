"""A phone number given on a channel without phones is proven by a question to whoever has it on WhatsApp."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from griot.channels.model import Choice, InboundMessage, Reply, Template
from griot.core.db.pool import Tx
from griot.core.events import record
from griot.core.tenancy import Shop
from griot.core.texts import text
from griot.tools.customers import invitation_queries, people, proof_queries
from griot.tools.outbox import service as outbox
from griot.tools.outbox.models import Outgoing

LIFE = timedelta(days=7)  # in which the question may be answered
MOST = 3  # numbers of one person that are asked about, ever
REST = timedelta(hours=24)  # between two questions to one number
_NEWS = timedelta(hours=24)  # in which a question that could not be sent is still worth asking
_ANSWER = re.compile(r"(mine|not_mine):([0-9]{1,18})")


async def ask(tx: Tx, shop: Shop, conversation_id: int, customer_id: int, phone: str, now: datetime) -> bool:
    """Ask whoever writes to the shop from ``phone`` (E.164 without '+') whether they gave it; true when it was queued.

    It is asked once for each buyer and number, and only of somebody who has written to the shop on WhatsApp, is
    answered by the agent there, and is not known in the giver's channel under another name. Outside of the 24-hour
    window it goes out as the template ``is_it_you``; without such a template, not at all.
    """
    if phone == shop.vendor_phone:
        return False
    owner = await proof_queries.owner(tx, customer_id, conversation_id, phone)
    if owner is None or await invitation_queries.share_a_channel(tx, owner["customer_id"], customer_id):
        return False
    await proof_queries.forget_unasked(tx, customer_id, phone)
    proof_id = await proof_queries.add(tx, customer_id, phone, owner["thread"], now, MOST, REST)
    if proof_id is None:
        return False
    question = _question(shop, owner["language"], owner["channel"].title(), owner["name"], proof_id)
    await outbox.queue(tx, [Outgoing(owner["thread"], question, f"proof:{proof_id}", good_until=now + _NEWS)], now)
    await record(tx, "customer.phone_asked", now, customer_id=customer_id, data={"proof": proof_id})
    return True


def answers(messages: Iterable[InboundMessage]) -> dict[str, tuple[int, bool]]:
    """Taps on the buttons of such a question, by message: which question, and whether it was a yes."""
    found = {}
    for message in messages:
        match = _ANSWER.fullmatch(str(message.payload.get("id"))) if message.kind == "choice" else None
        if match:
            found[message.id] = (int(match[2]), match[1] == "mine")
    return found


async def answer(tx: Tx, account_id: int, message_id: str, proof_id: int, confirmed: bool, now: datetime) -> None:
    """Take an answer (``answers``); one in a transaction. A yes, from the number itself, merges both.

    An answer to no question, to one that is answered or too old, or from another thread changes nothing.
    """
    row = await proof_queries.answer(tx, account_id, message_id, proof_id, confirmed, now, now - LIFE)
    if row is None or not confirmed or row["one"]:
        return
    if await invitation_queries.share_a_channel(tx, row["giver"], row["owner"]):
        data = {"customers": sorted((row["giver"], row["owner"]))}
        await record(tx, "customer.merge_refused", now, customer_id=row["giver"], data=data)
    else:
        await people.merge(tx, row["giver"], row["owner"], now, "phone")


def _question(shop: Shop, language: str, channel: str, name: str | None, proof_id: int) -> Reply:
    ids = (f"mine:{proof_id}", f"not_mine:{proof_id}")
    if name:
        words = text(language, "proofs.question", channel=channel, name=name)
    else:
        words = text(language, "proofs.question_unnamed", channel=channel)
    choices = (Choice(ids[0], text(language, "proofs.mine")), Choice(ids[1], text(language, "proofs.not_mine")))
    return Reply(words, choices, template=Template("is_it_you", shop.language, (channel,), ids))
