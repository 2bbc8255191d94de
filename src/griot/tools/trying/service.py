"""Trying a shop as its buyers do: what is done with a simulated phone goes the whole way, through the simulator, the
webhook and the worker, and what comes back is what the phone got."""

import base64
import secrets
from typing import Any

import httpx
import orjson

from griot.channels.simulator.model import Shown
from griot.core.db.pool import Tx
from griot.core.errors import ConfigurationError, FarEndError, InvalidInput, NotFound
from griot.core.events import record
from griot.core.house import House
from griot.tools.trying import queries
from griot.tools.trying.models import Received, Said, Screen, TestBuyer

PATIENCE = 4.0  # seconds for an answer of the simulator
LARGEST = 16_000_000  # bytes of a recording or picture
_SHOWN = 60  # messages of a phone
_LONGEST_NAME = 60


def simulator(house: House) -> str:
    """The address of the simulator's control API. ``ConfigurationError``: there is none."""
    if not house.config.simulator_url:
        raise ConfigurationError("There is no simulator: `griot serve` brings one, or set GRIOT_SIMULATOR_URL.")
    return f"{house.config.simulator_url.rstrip('/')}/control"


async def buyers(tx: Tx) -> list[TestBuyer]:
    """Those who try the shop, the latest first."""
    return [TestBuyer(**row) for row in await queries.buyers(tx)]


async def buyer(tx: Tx, buyer_id: int) -> TestBuyer:
    """One of them. ``NotFound``."""
    row = await queries.buyer(tx, buyer_id)
    if row is None:
        raise NotFound(f"There is no test buyer {buyer_id} in this shop.")
    return TestBuyer(**row)


async def make(house: House, shop_id: int, actor: str, account_id: int, name: str) -> int:
    """Somebody new with a simulated phone, who writes to an account of the shop. Returns their number.

    They are marked as one who only tries: ``test_buyers`` has the key that their messages come with.
    """
    name = " ".join(name.split())[:_LONGEST_NAME]
    if not name:
        raise InvalidInput("Give the buyer a name, such as Awa.")
    control = simulator(house)
    async with house.db.transaction(shop_id) as tx:
        account = await queries.account(tx, account_id)
        if account is None:
            raise NotFound(f"This shop has no account {account_id}.")
    # Nobody has these numbers: they are not of a length that a network gives out.
    phone = f"22170{shop_id % 1000:03d}{secrets.randbelow(10**6):06d}"
    known = await _call(house, "PUT", f"{control}/people/{phone}", {"name": name})
    await _introduce(house, control, account)
    async with house.db.transaction(shop_id, actor=actor) as tx:
        now = house.clock.now()
        made = await queries.insert(tx, account_id, str(known["user_id"]), phone, name, now)
        await record(tx, "test_buyer.made", now, data={"buyer": made})
    return made


async def act(house: House, shop_id: int, buyer: TestBuyer, action: dict[str, Any]) -> str:
    """Do something with the phone, in the words of docs/reference/simulator.md. The id of the message it sent."""
    control = simulator(house)
    place = f"{_place(control, buyer)}/actions"
    try:
        answer = await _call(house, "POST", place, action)
    except NotFound:  # there is nothing to tap, or the simulator was started anew and knows nobody
        async with house.db.transaction(shop_id) as tx:
            account = await queries.account(tx, buyer.account_id)
        assert account is not None
        await _introduce(house, control, account)
        await _call(house, "PUT", f"{control}/people/{buyer.phone}", {"name": buyer.name})
        answer = await _call(house, "POST", place, action)
    return str(answer["id"])


async def send_file(house: House, shop_id: int, buyer: TestBuyer, kind: str, mime: str, content: bytes) -> str:
    """A recording (``audio``) or a picture (``image``) from the phone. ``InvalidInput``: too large, or nothing."""
    if not 0 < len(content) <= LARGEST:
        raise InvalidInput(f"The file is empty, or larger than {LARGEST // 1_000_000} MB.")
    media = {"kind": kind, "mime_type": mime, "data": base64.b64encode(content).decode(), "voice": kind == "audio"}
    return await act(house, shop_id, buyer, {"media": media})


async def screen(house: House, shop_id: int, buyer: TestBuyer) -> Screen:
    """What is on the phone now: what it got, and what was written on it, in order."""
    try:
        answer = await _call(house, "GET", f"{_place(simulator(house), buyer)}/inbox")
    except NotFound:  # a simulator that was started anew
        return Screen((), False)
    shown = [Shown.from_json(message) for message in answer["messages"][-_SHOWN:]]
    async with house.db.transaction(shop_id) as tx:
        said = [Said(**row) for row in await queries.said(tx, buyer.account_id, answer["written"][-_SHOWN:])]
    messages: list[Said | Shown] = [*said, *shown]
    return Screen(tuple(sorted(messages, key=lambda message: message.at)), bool(answer["typing"]))


async def received(house: House, buyer: TestBuyer, seq: int) -> Received:
    """The file of a message that the phone got. ``NotFound``: it has none, or it is elsewhere."""
    control = simulator(house)
    answer = await _call(house, "GET", f"{_place(control, buyer)}/inbox?after={max(0, seq - 1)}")
    media = next((message["media"] for message in answer["messages"] if message["seq"] == seq), None)
    if not media or "id" not in media:
        raise NotFound("This message has no file.")
    response = await _request(house, "GET", f"{control}/accounts/{buyer.account}/files/{media['id']}")
    return Received(
        response.content, response.headers.get("content-type", "application/octet-stream"), media.get("filename")
    )


async def _introduce(house: House, control: str, account: dict[str, Any]) -> None:
    """Make an account known to the simulator, with what its messages are sent and signed with."""
    channel, keys = account["channel"], house.keyring
    secret = keys.decrypt(account["app_secret"]) if account["app_secret"] else house.config.app_secret(channel)
    known = {
        "platform": channel,
        "token": keys.decrypt(account["access_token"]),
        "app_secret": secret or "",
        "webhook_url": f"{house.config.public_url}/webhooks/{channel}",
    }
    await _call(house, "PUT", f"{control}/accounts/{account['external_id']}", known)


def _place(control: str, buyer: TestBuyer) -> str:
    return f"{control}/accounts/{buyer.account}/people/{buyer.key}"


async def _call(house: House, method: str, url: str, data: dict[str, Any] | None = None) -> dict[str, Any]:
    answer: dict[str, Any] = orjson.loads((await _request(house, method, url, data)).content)
    return answer


async def _request(house: House, method: str, url: str, data: dict[str, Any] | None = None) -> httpx.Response:
    body = orjson.dumps(data) if data is not None else None
    try:
        response = await house.http.request(method, url, content=body, timeout=PATIENCE)
    except httpx.HTTPError as error:
        raise FarEndError("The simulator does not answer: start it with `griot serve`.") from error
    if response.is_success:
        return response
    why = _why(response)
    raise NotFound(why) if response.status_code == 404 else InvalidInput(f"The simulator refuses: {why}")


def _why(response: httpx.Response) -> str:
    try:
        return str(orjson.loads(response.content)["error"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return f"it answered {response.status_code}."
