"""The webhooks of Meta's channels: verify the signature on the raw bytes, store everything, answer 200, no more."""

import asyncio
import contextlib
import hmac
import random
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import psycopg
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from griot.api.body import read_limited
from griot.channels import signature
from griot.channels.model import DeliveryStatus, Ignored, InboundMessage, Parsed
from griot.channels.registry import channel
from griot.channels.tolerant import decoded
from griot.core import metrics
from griot.core.coalesce import Coalescer
from griot.core.errors import InvalidInput, SignatureMismatch
from griot.core.house import House
from griot.tools.conversations import queries, service
from griot.tools.conversations.models import Received
from griot.tools.customers import invitations, proofs

ROUTE_LIFE = 30.0  # seconds that the owner of an account is remembered
DEADLOCKS = 3  # in a row, after which the sender has to come again


@dataclass(frozen=True, slots=True)
class Account:
    """Where the updates of a number or page belong; ``secret`` signs them, none: the installation's app does."""

    shop_id: int
    account_id: int
    secret: str | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """The part of a webhook body that belongs to one account."""

    account: Account
    parsed: Parsed


class Receiver:
    """Takes webhook bodies of one channel in. Deliveries that arrive together are stored in one transaction."""

    def __init__(self, house: House, name: str) -> None:
        self._house = house
        self._channel = channel(name)
        self._name = name
        self._secret = house.config.app_secret(name)
        self._accounts: dict[str, tuple[float, Account | None]] = {}
        self._writer: Coalescer[Delivery, Received] = Coalescer(
            self._store, key=lambda d: d.account.account_id, common=(psycopg.OperationalError,)
        )

    async def take(self, raw: bytes, header: str | None) -> None:
        """Store a webhook body.

        Raises ``SignatureMismatch`` when no key of ours signed it, ``InvalidInput`` when it is signed and not JSON.
        """
        by_installation = self._secret is not None and signature.verify(self._secret, raw, header)
        try:
            body = decoded(raw)
        except ValueError:
            if not by_installation:
                raise SignatureMismatch("The signature does not match the body.") from None
            raise InvalidInput("The body is not JSON, or nested too deeply to be a webhook.") from None
        parts = _by_account(self._channel.parse(body))
        accounts = {external_id: await self._account(external_id) for external_id in parts if external_id}
        signed = {
            external_id: signature.verify(account.secret, raw, header)
            if account and account.secret
            else by_installation
            for external_id, account in accounts.items()
        }
        if not by_installation and not any(signed.values()):
            raise SignatureMismatch("The signature does not match the body.")
        for external_id, parsed in parts.items():
            account = accounts.get(external_id) if external_id else None
            if account is None:
                await self._store_unrouted(parsed, "no shop has connected this account")
            elif signed[external_id or ""]:
                received = await self._writer.submit(Delivery(account, parsed))
                metrics.DUPLICATES.labels(self._name).inc(received.repeated)
            elif by_installation:
                await self._store_unrouted(parsed, "this account is another app's, which did not sign it")
            # else: signed with the key of another shop's app. Whoever holds that key has no say over this account.

    async def _account(self, external_id: str) -> Account | None:
        known = self._accounts.get(external_id)
        if known and time.monotonic() - known[0] < ROUTE_LIFE:
            return known[1]
        async with self._house.db.anywhere() as connection:
            row = await queries.route(connection, self._name, external_id)
        account = None
        if row:
            secret = self._house.keyring.decrypt(row["app_secret"]) if row["app_secret"] else None
            account = Account(row["shop_id"], row["account_id"], secret)
        if account is not None:
            self._accounts[external_id] = (time.monotonic(), account)
        return account

    async def _store(self, deliveries: list[Delivery]) -> Sequence[Received]:
        account = deliveries[0].account
        together = Parsed(
            messages=tuple(m for d in deliveries for m in d.parsed.messages),
            statuses=tuple(s for d in deliveries for s in d.parsed.statuses),
            ignored=tuple(i for d in deliveries for i in d.parsed.ignored),
        )
        received = await self._receive(account, together)
        await self._learn_who_is_one(account, together)
        metrics.MESSAGES.labels(self._name).inc(received.stored)
        metrics.IGNORED.labels(self._name).inc(len(together.ignored))
        return [received, *[Received(0)] * (len(deliveries) - 1)]

    async def _receive(self, account: Account, parsed: Parsed) -> Received:
        """Store updates; again when another process stored the same ones in another order and both waited."""
        for _ in range(DEADLOCKS):
            with contextlib.suppress(psycopg.errors.DeadlockDetected):
                return await self._receive_once(account, parsed)
            await asyncio.sleep(random.uniform(0.01, 0.2))  # noqa: S311 - not a secret: whoever waits less goes first
        return await self._receive_once(account, parsed)

    async def _receive_once(self, account: Account, parsed: Parsed) -> Received:
        async with self._house.db.transaction(account.shop_id) as tx:
            return await service.receive(tx, self._name, account.account_id, parsed, self._house.clock.now())

    async def _learn_who_is_one(self, account: Account, parsed: Parsed) -> None:
        """Whoever came by a link made for them in another channel, or says that a number given there is theirs, is
        known here from now on. It is not done with the storing, so that no lock on a buyer is held while another is
        waited for; if it fails, the delivery comes again.
        """
        now = self._house.clock.now
        for message_id, token in invitations.tokens(parsed.messages).items():
            async with self._house.db.transaction(account.shop_id) as tx:
                await invitations.accept(tx, account.account_id, message_id, token, now())
        for message_id, (proof_id, confirmed) in proofs.answers(parsed.messages).items():
            async with self._house.db.transaction(account.shop_id) as tx:
                await proofs.answer(tx, account.account_id, message_id, proof_id, confirmed, now())

    async def _store_unrouted(self, parsed: Parsed, why: str) -> None:
        """Nobody here may have these updates, or they name no account: kept, and listed as ignored."""
        known: list[InboundMessage | DeliveryStatus] = [*parsed.messages, *parsed.statuses]
        kept = [Ignored(item.account, "unrouted", why, item.raw) for item in known]
        rows = [service.ignored_row(item) for item in (*kept, *parsed.ignored)]
        if rows:
            async with self._house.db.anywhere() as connection:
                await queries.store_unrouted(connection, self._name, rows, self._house.clock.now())
            metrics.IGNORED.labels(self._name).inc(len(rows))


def _by_account(parsed: Parsed) -> dict[str | None, Parsed]:
    """The parts of a body, by the account they are for."""
    parts: dict[str | None, tuple[list, list, list]] = defaultdict(lambda: ([], [], []))  # type: ignore[type-arg]
    for message in parsed.messages:
        parts[message.account][0].append(message)
    for status in parsed.statuses:
        parts[status.account][1].append(status)
    for ignored in parsed.ignored:
        parts[ignored.account][2].append(ignored)
    return {account: Parsed(tuple(m), tuple(s), tuple(i)) for account, (m, s, i) in parts.items()}


def routes(names: Iterable[str]) -> list[Route]:
    """``/webhooks/<channel>`` of each: GET is Meta's question whether the address is ours, POST a delivery."""
    return [
        route
        for name in names
        for route in (
            Route(f"/webhooks/{name}", partial(_subscribe, name), methods=["GET"]),
            Route(f"/webhooks/{name}", partial(_deliver, name), methods=["POST"]),
        )
    ]


async def _subscribe(name: str, request: Request) -> Response:
    """The challenge goes back untouched when the token is right."""
    house: House = request.app.state.house
    expected = house.config.verify_token(name)
    given = request.query_params.get("hub.verify_token", "")
    right = expected is not None and hmac.compare_digest(given.encode(), expected.encode())
    if request.query_params.get("hub.mode") != "subscribe" or not right:
        return PlainTextResponse(f"The verify token is not the one in GRIOT_{name.upper()}_VERIFY_TOKEN.", 403)
    return PlainTextResponse(request.query_params.get("hub.challenge", ""))


async def _deliver(name: str, request: Request) -> Response:
    """200 stored, 400 signed but not JSON, 401 not signed by us, 413 too large."""
    receiver: Receiver = request.app.state.receivers[name]
    with metrics.WEBHOOK_SECONDS.labels(name).time():
        raw = await read_limited(request, request.app.state.house.config.max_body_bytes)
        if raw is None:
            return PlainTextResponse("The body is larger than a webhook may be.", 413)
        try:
            await receiver.take(raw, request.headers.get("x-hub-signature-256"))
        except SignatureMismatch as error:
            return PlainTextResponse(str(error), 401)
        except InvalidInput as error:
            return PlainTextResponse(str(error), 400)
        return PlainTextResponse("ok")
