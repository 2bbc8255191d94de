"""The receiver: what is signed with the right key is stored once, whatever else it is; the rest changes nothing."""

import asyncio
import itertools
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from griot.api.app import attach, create_app
from griot.channels.signature import sign
from griot.channels.simulator.model import Person
from griot.channels.simulator.server import serving
from griot.channels.simulator.whatsapp import updates
from griot.channels.simulator.whatsapp.updates import Update
from griot.channels.whatsapp.parse import parse_bytes
from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from house_world import APP_SECRET, VERIFY_TOKEN, Number, World, database_away, open_world

PAYLOADS = Path(__file__).parents[3] / "shared" / "data" / "payloads" / "whatsapp"
AWA = Person("Awa", "SN.1001", "221781000001")
BINTA = Person("Binta", "SN.1002", username="binta")  # hides her number

_ids = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Door:
    """The API of a world, reached over HTTP."""

    world: World
    http: httpx.AsyncClient

    async def post(self, body: bytes, secret: str = APP_SECRET) -> httpx.Response:
        return await self.send(body, {"X-Hub-Signature-256": sign(secret, body)})

    async def send(self, body: Any, headers: dict[str, str]) -> httpx.Response:
        return await self.http.post("/webhooks/whatsapp", content=body, headers=headers)

    def says(self, text: str, person: Person = AWA, **extra: Any) -> Update:
        wamid = f"wamid.{next(_ids)}"
        return updates.inbound(person, wamid, "text", {"body": text}, self.world.clock.now(), extra=extra)

    async def messages(self, number: Number) -> list[dict[str, Any]]:
        return await self.rows("messages", number.shop.id)

    async def rows(self, table: str, shop_id: int) -> list[dict[str, Any]]:
        return await self.world.rows(shop_id, f"SELECT * FROM {table} WHERE shop_id = %(shop)s ORDER BY 1, 2")


@asynccontextmanager
async def open_door(database_url: str, db: Database, clock: FrozenClock, **settings: Any) -> AsyncIterator[Door]:
    """The API under a real server."""
    async with open_world(database_url, db, clock, **settings) as world:
        app = create_app(world.house.config)
        attach(app, world.house)
        async with serving(app) as origin, httpx.AsyncClient(base_url=origin, timeout=30) as http:
            yield Door(world, http)


@pytest.fixture
async def door(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[Door]:
    async with open_door(database_url, db, clock) as opened:
        yield opened


@pytest.fixture
async def number(door: Door) -> Number:
    return await door.world.number()


def body(number: Number | str, *sent: Update, layout: str = "value") -> bytes:
    """A webhook body as Meta makes it; ``number`` may be one that nobody has connected."""
    account = number if isinstance(number, str) else number.phone_number_id
    return updates.envelope(updates.Sender("1029", account, "221338000000"), sent, layout)


def joined(*bodies: bytes) -> bytes:
    """One body with the entries of several."""
    return orjson.dumps({**orjson.loads(bodies[0]), "entry": [e for b in bodies for e in orjson.loads(b)["entry"]]})


# Subscribing


async def test_the_challenge_comes_back_untouched(door: Door) -> None:
    for challenge in ("1158201444", "not a number", "héé<b>&", ""):
        query = {"hub.mode": "subscribe", "hub.verify_token": VERIFY_TOKEN, "hub.challenge": challenge}
        answer = await door.http.get("/webhooks/whatsapp", params=query)
        assert (answer.status_code, answer.text) == (200, challenge)
        assert answer.headers["content-type"].startswith("text/plain")


async def test_another_verify_token_is_refused(door: Door) -> None:
    query = {"hub.mode": "subscribe", "hub.challenge": "1158201444"}
    wrong = [{"hub.verify_token": token} for token in ("another", "", VERIFY_TOKEN + " ", "tökén")]
    for token in (*wrong, {}):
        answer = await door.http.get("/webhooks/whatsapp", params={**query, **token})
        assert answer.status_code == 403
        assert "1158201444" not in answer.text


async def test_without_a_token_of_ours_nobody_subscribes(database_url: str, db: Database, clock: FrozenClock) -> None:
    async with open_door(database_url, db, clock, whatsapp_verify_token=None) as door:
        query = {"hub.mode": "subscribe", "hub.verify_token": "", "hub.challenge": "1"}
        assert (await door.http.get("/webhooks/whatsapp", params=query)).status_code == 403


# Signatures


async def test_a_signed_delivery_is_stored_however_the_header_is_written(door: Door, number: Number) -> None:
    for name in ("X-Hub-Signature-256", "x-hub-signature-256", "X-HUB-SIGNATURE-256"):
        raw = body(number, door.says(name))
        signature = sign(APP_SECRET, raw)
        assert (await door.send(raw, {name: signature.upper() if name.isupper() else signature})).status_code == 200
        stored = (await door.messages(number))[-1]
        assert (stored["text"], stored["kind"], stored["turn_id"]) == (name, "text", None)


async def test_a_delivery_that_nobody_signed_changes_nothing(door: Door, number: Number) -> None:
    raw = body(number, door.says("ROBE1"))
    assert (await door.send(raw, {})).status_code == 401
    malformed = ["", "sha256=", "sha256=00", "sha1=abc", sign(APP_SECRET, raw)[:-1], "sha256=é" + "0" * 63]
    for header in (*malformed, sign("another key", raw), sign(APP_SECRET, raw + b" "), sign("", raw)):
        answer = await door.send(raw, {"X-Hub-Signature-256": header.encode()})  # type: ignore[dict-item]
        assert answer.status_code == 401, header
    assert await door.messages(number) == []
    assert await door.rows("ignored_updates", 0) == []


async def test_a_signature_is_about_the_very_bytes(door: Door, number: Number) -> None:
    raw = body(number, door.says("ROBE1"))
    respelled = orjson.dumps(orjson.loads(raw), option=orjson.OPT_INDENT_2)
    assert (await door.send(respelled, {"X-Hub-Signature-256": sign(APP_SECRET, raw)})).status_code == 401
    assert await door.messages(number) == []


async def test_a_number_of_another_app_is_heard_with_that_apps_key_only(door: Door) -> None:
    own = await door.world.number(app_secret="the key of the shop's own app")
    assert (await door.post(body(own, door.says("SAC2")), "the key of the shop's own app")).status_code == 200
    assert (await door.post(body(own, door.says("SAC3")), APP_SECRET)).status_code == 200
    assert [row["text"] for row in await door.messages(own)] == ["SAC2"]
    (kept,) = await door.rows("ignored_updates", 0)  # accepted, so not lost; but no shop's
    assert kept["raw"]["text"]["body"] == "SAC3"


async def test_the_key_of_one_shop_says_nothing_for_another(door: Door, number: Number) -> None:
    fatou = await door.world.number(app_secret="Fatou's key")
    awa = await door.world.number(app_secret="Awa's key")
    for victim in (awa, number):
        assert (await door.post(body(victim, door.says("forged")), "Fatou's key")).status_code == 401
        both = joined(body(fatou, door.says("mine")), body(victim, door.says("forged")))
        assert (await door.post(both, "Fatou's key")).status_code == 200
        assert await door.messages(victim) == []
    assert [row["text"] for row in await door.messages(fatou)] == ["mine", "mine"]


# What is refused


async def test_what_is_signed_and_not_json_is_a_bad_request(door: Door) -> None:
    for raw in (b"", b"{", b"\xff\xfe", b"null and void", b"[" * 10_000):
        assert (await door.post(raw)).status_code == 400
        assert (await door.post(raw, "another key")).status_code == 401


async def test_what_is_signed_and_means_nothing_is_kept_without_complaint(door: Door) -> None:
    odd = (b"null", b"[]", b"{}", b"7", b'"text"', b'{"entry": [null, 3, {"changes": 4}]}')
    for kept_before, raw in enumerate(odd):
        assert (await door.post(raw)).status_code == 200
        assert len(await door.rows("ignored_updates", 0)) > kept_before


async def test_a_null_beside_a_message_does_not_cost_the_message(door: Door, number: Number) -> None:
    raw = orjson.loads(body(number, door.says("ROBE1")))
    raw["entry"][0]["changes"][0]["value"]["messages"].append(None)
    assert (await door.post(orjson.dumps(raw))).status_code == 200
    assert [row["text"] for row in await door.messages(number)] == ["ROBE1"]
    assert len(await door.rows("ignored_updates", number.shop.id)) == 1


async def test_a_body_that_is_too_large_is_refused_declared_or_not(
    database_url: str, db: Database, clock: FrozenClock
) -> None:
    async with open_door(database_url, db, clock, max_body_bytes=10_000) as door:
        number = await door.world.number()
        raw = body(number, door.says("x" * 10_000))
        headers = {"X-Hub-Signature-256": sign(APP_SECRET, raw)}

        async def in_pieces() -> AsyncIterator[bytes]:
            for start in range(0, len(raw), 1000):
                yield raw[start : start + 1000]

        assert (await door.send(raw, headers)).status_code == 413
        assert (await door.send(in_pieces(), headers)).status_code == 413
        assert (await door.post(body(number, door.says("x" * 5_000)))).status_code == 200
        assert len(await door.messages(number)) == 1


async def test_a_source_that_asks_too_often_is_told_when_to_come_back(
    database_url: str, db: Database, clock: FrozenClock
) -> None:
    async with open_door(database_url, db, clock, rate_webhooks=2) as door:
        number = await door.world.number()
        raw = body(number, door.says("ROBE1"))
        answers = [await door.post(raw) for _ in range(6)]
        refused = [answer for answer in answers if answer.status_code == 429]
        assert [answer.status_code for answer in answers[:2]] == [200, 200] and len(refused) >= 2
        assert all(int(answer.headers["retry-after"]) >= 1 for answer in refused)
        assert (await door.http.get("/healthz")).status_code == 200


async def test_while_the_database_is_away_a_delivery_is_put_off_and_accepted_later(
    door: Door, number: Number, server_url: str, database_url: str
) -> None:
    raw = body(number, door.says("ROBE1"))
    await door.post(body(number, door.says("before")))
    with database_away(server_url, database_url):
        put_off = await door.post(raw)
    assert (put_off.status_code, "retry-after" in put_off.headers) == (503, True)
    assert (await door.post(raw)).status_code == 200
    assert [row["text"] for row in await door.messages(number)] == ["before", "ROBE1"]


# Once, however often and in whatever order


@pytest.mark.parametrize("layout", ["value", "changes", "entries"])
async def test_a_thousand_updates_in_one_body_are_all_stored(door: Door, number: Number, layout: str) -> None:
    people = [Person(f"P{n}", f"SN.{n}", f"22178{n:07d}") for n in range(100)]
    now = door.world.clock.now()
    sent = [door.says(f"message {n}", people[n % 100]) for n in range(700)]
    sent += [
        updates.status(people[n], f"wamid.out{n}", word, now, to_phone=True, opaque=None, category="service")
        for n in range(100)
        for word in ("sent", "delivered", "read")
    ]
    random.Random(layout).shuffle(sent)
    raw = body(number, *sent, layout=layout)
    assert (await door.post(raw)).status_code == 200
    assert (await door.post(raw)).status_code == 200
    assert sorted(row["text"] for row in await door.messages(number)) == sorted(f"message {n}" for n in range(700))
    assert len(await door.rows("statuses", number.shop.id)) == 300
    assert len(await door.rows("customers", number.shop.id)) == 100


async def test_the_same_delivery_a_hundred_times_at_once_counts_once(door: Door, number: Number) -> None:
    now = door.world.clock.now()
    read = updates.status(AWA, "wamid.out", "read", now, to_phone=True, opaque=None, category="service")
    raw = body(number, door.says("ROBE1"), door.says("SAC2", BINTA), read)
    answers = await asyncio.gather(*(door.post(raw) for _ in range(100)))
    assert {answer.status_code for answer in answers} == {200}
    assert [row["text"] for row in await door.messages(number)] == ["ROBE1", "SAC2"]
    assert len(await door.rows("statuses", number.shop.id)) == 1
    assert len(await door.rows("customers", number.shop.id)) == 2


async def test_two_processes_get_the_same_updates_in_opposite_orders(
    database_url: str, door: Door, number: Number, clock: FrozenClock
) -> None:
    other_db = Database(database_url, size=4)
    await other_db.open()
    async with open_door(database_url, other_db, clock) as other:
        for turn in range(10):
            sent = [door.says(f"{turn}-{n}", Person("P", f"SN.{turn}-{n}", f"2217{turn}{n:06d}")) for n in range(40)]
            answers = await asyncio.gather(
                door.post(body(number, *sent)), other.post(body(number, *reversed(sent), layout="changes"))
            )
            assert [answer.status_code for answer in answers] == [200, 200]
        again = [door.says(f"again {n}", Person("P", f"SN.0-{n}", f"22170{n:06d}")) for n in range(40)]
        answers = await asyncio.gather(door.post(body(number, *again)), other.post(body(number, *reversed(again))))
        assert [answer.status_code for answer in answers] == [200, 200]
    await other_db.close()
    assert len(await door.messages(number)) == 440
    assert len(await door.rows("customers", number.shop.id)) == 400
    assert len(await door.rows("conversations", number.shop.id)) == 400


async def test_one_person_on_two_processes_at_once_is_one_customer(
    database_url: str, door: Door, number: Number, clock: FrozenClock
) -> None:
    other_db = Database(database_url, size=4)
    await other_db.open()
    async with open_door(database_url, other_db, clock) as other:
        posts = [process.post(body(number, process.says(f"{n}", AWA))) for n in range(20) for process in (door, other)]
        assert {answer.status_code for answer in await asyncio.gather(*posts)} == {200}
    await other_db.close()
    assert len(await door.messages(number)) == 40
    assert len(await door.rows("customers", number.shop.id)) == 1
    assert len(await door.rows("conversations", number.shop.id)) == 1


# Whatever it is


async def test_updates_for_a_number_of_nobody_are_kept_where_no_shop_sees_them(door: Door, number: Number) -> None:
    now = door.world.clock.now()
    read = updates.status(AWA, "wamid.out", "read", now, to_phone=True, opaque=None, category="service")
    raw = body("999000999", door.says("ROBE1"), read)
    for _ in range(3):
        assert (await door.post(raw)).status_code == 200
    assert sorted(row["what"] for row in await door.rows("ignored_updates", 0)) == ["unrouted", "unrouted"]
    assert await door.messages(number) == [] and await door.rows("ignored_updates", number.shop.id) == []


async def test_a_number_that_is_connected_later_is_heard_from_then_on(door: Door) -> None:
    later = await door.world.number()
    unknown = body("424242424242", door.says("ROBE1"))
    assert (await door.post(unknown)).status_code == 200
    async with door.world.db.transaction(later.shop.id) as tx:
        await tx.execute("UPDATE channel_accounts SET external_id = '424242424242' WHERE id = %s", (later.account_id,))
    assert (await door.post(body("424242424242", door.says("ROBE1")))).status_code == 200
    assert len(await door.messages(later)) == 1


async def test_text_that_the_database_cannot_hold_is_stored_with_the_replacement_character(
    door: Door, number: Number
) -> None:
    raw = body(number, door.says("HERE"), door.says("THERE"), door.says("fine 👗"))
    raw = raw.replace(b"HERE", rb"a\u0000b", 1).replace(b"THERE", rb"c\ud83dd", 1)
    assert (await door.post(raw)).status_code == 200
    assert [row["text"] for row in await door.messages(number)] == ["a\ufffdb", "c\ufffdd", "fine 👗"]


async def test_a_person_without_a_number_is_one_customer_and_answered_by_user_id(door: Door, number: Number) -> None:
    for text in ("Bonsoir", "ROBE1"):
        assert (await door.post(body(number, door.says(text, BINTA)))).status_code == 200
    (customer,) = await door.rows("customers", number.shop.id)
    (thread,) = await door.rows("conversations", number.shop.id)
    assert (customer["phone"], customer["name"], thread["recipient"]) == (None, "Binta", "user:SN.1002")


async def test_a_change_of_number_keeps_the_customer_and_moves_the_thread(door: Door, number: Number) -> None:
    old = Person("Awa", "SN.1001", "221781000001")
    new = Person("Awa", "SN.2001", "221790000009")
    notice = {
        "body": "User Awa changed from 221781000001 to 221790000009",
        "wa_id": "221790000009",
        "type": "user_changed_number",
    }
    now = door.world.clock.now()
    system = updates.inbound(old, "wamid.change", "system", notice, now)
    for update in (door.says("ROBE1", old), system, system, door.says("me revoilà", new)):
        assert (await door.post(body(number, update))).status_code == 200
    (customer,) = await door.rows("customers", number.shop.id)
    (thread,) = await door.rows("conversations", number.shop.id)
    assert (customer["phone"], thread["recipient"]) == ("221790000009", "phone:221790000009")
    assert [row["kind"] for row in await door.messages(number)] == ["text", "system", "text"]


async def test_a_message_without_a_readable_time_is_dated_when_it_came(door: Door, number: Number) -> None:
    raw = body(number, door.says("ROBE1", timestamp="yesterday"))
    assert (await door.post(raw)).status_code == 200
    (stored,) = await door.messages(number)
    assert stored["sent_at"] == door.world.clock.now()


# Everything that others have recorded


@pytest.mark.skipif(not PAYLOADS.exists(), reason="the recorded payloads are not here")
async def test_recorded_payloads_are_all_accepted_and_nothing_in_them_is_lost(door: Door) -> None:
    shops: dict[str, Number] = {}
    expected: dict[str, set[str]] = {"messages": set(), "statuses": set()}
    ignored = 0
    for path in sorted(PAYLOADS.glob("*.json")):
        raw = path.read_bytes()
        parsed = parse_bytes(raw)
        named = {message.account for message in parsed.messages} | {status.account for status in parsed.statuses}
        for account in named - {""} - shops.keys():
            shops[account] = await door.world.number()
            async with door.world.db.transaction(shops[account].shop.id) as tx:
                await tx.execute("UPDATE channel_accounts SET external_id = %s", (account,))
        expected["messages"] |= {item.id for item in parsed.messages}
        expected["statuses"] |= {f"{item.id} {item.status}" for item in parsed.statuses}
        ignored += len(parsed.ignored)
        for _ in range(2):
            assert (await door.post(raw)).status_code == 200, path.name
    ids = [shop.shop.id for shop in shops.values()]
    messages = [row for shop_id in ids for row in await door.rows("messages", shop_id)]
    statuses = [row for shop_id in ids for row in await door.rows("statuses", shop_id)]
    kept = [row for shop_id in (0, *ids) for row in await door.rows("ignored_updates", shop_id)]
    assert {row["external_id"] for row in messages} == expected["messages"]
    assert {f"{row['external_id']} {row['status']}" for row in statuses} == expected["statuses"]
    assert len(kept) == ignored
