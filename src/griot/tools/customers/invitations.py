"""A link made for a buyer of one channel and opened in another proves that both are one person."""

import hashlib
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from griot.channels.doors import door
from griot.channels.model import InboundMessage
from griot.core.db.pool import Tx
from griot.core.errors import Conflict
from griot.core.events import record
from griot.core.tenancy import Shop
from griot.core.texts import text
from griot.tools.customers import invitation_queries, people

LIFE = timedelta(minutes=30)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_LENGTH = 20  # letters: 94 bits
_TOKEN = re.compile(rf"\bgriot-([a-z]{{{_LENGTH}}})\b", re.I)


@dataclass(frozen=True, slots=True)
class Invitation:
    """``addresses``: by channel, what the buyer opens; one of them, once, before ``expires_at``."""

    addresses: dict[str, str]
    expires_at: datetime


async def invite(tx: Tx, shop: Shop, customer_id: int, now: datetime) -> Invitation:
    """Make links for a buyer to open in the shop's channels in which the buyer is not known yet.

    ``NotFound``: no such buyer; ``Conflict``: there is no such channel, or its account has no address.
    """
    person = await people.person(tx, customer_id)
    known = {identity.partition(" ")[0] for item in person.records for identity in item.identities}
    token = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    reference = f"griot-{token}"
    words = text(person.whole.language or shop.language, "invitations.hello", reference=reference)
    addresses = {
        account["channel"]: address
        for account in await invitation_queries.accounts(tx)
        if account["channel"] not in known
        and (address := door(account["channel"], account["external_id"], account["display"], reference, words))
    }
    if not addresses:
        raise Conflict("No other channel of this shop can be opened by a link: connect one, with how it is displayed.")
    await invitation_queries.add(tx, _hash(token), customer_id, now, now + LIFE)
    await record(tx, "customer.invited", now, customer_id=customer_id, data={"channels": sorted(addresses)})
    return Invitation(addresses, now + LIFE)


def tokens(messages: Iterable[InboundMessage]) -> dict[str, str]:
    """The tokens that buyers' own private messages carry, by message: written out, or as a referral."""
    found: dict[str, str] = {}
    for message in messages:
        if message.kind == "text":
            said = [message.text, _ref(message.payload.get("context"))]
        elif message.kind in ("system", "choice"):
            said = [_ref(message.payload), _ref(message.payload.get("context"))]
        else:
            continue
        if match := next((m for words in said if words and (m := _TOKEN.search(words))), None):
            found[message.id] = match[1].lower()
    return found


def without_token(words: str) -> str:
    """What a buyer says besides the token; nothing besides it: the words as they are."""
    return _TOKEN.sub("", words).strip() or words


async def accept(tx: Tx, account_id: int, message_id: str, token: str, now: datetime) -> None:
    """Merge who sent a message (``tokens``) with whom its link was made for; one in a transaction.

    A token that is unknown, used, too old or sent by the buyer it was made for changes nothing. When both are
    known in the same channel already, under two names, nothing is merged, and an event says so.
    """
    sender = await invitation_queries.sender(tx, account_id, message_id)
    invited = await invitation_queries.use(tx, _hash(token), sender, now) if sender is not None else None
    if sender is None or invited is None:
        return
    if await invitation_queries.share_a_channel(tx, invited, sender):
        data = {"customers": sorted((invited, sender))}
        await record(tx, "customer.merge_refused", now, customer_id=invited, data=data)
    else:
        await people.merge(tx, invited, sender, now, "link")


def _ref(payload: object) -> str | None:
    """The reference of a referral, as the channels write it."""
    referral = payload.get("referral") if isinstance(payload, dict) else None
    ref = referral.get("ref") if isinstance(referral, dict) else None
    return ref if isinstance(ref, str) else None


def _hash(token: str) -> bytes:
    """What is kept of a token. It has full entropy, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).digest()
