"""Customers as persons: segments, tags, consent, and being forgotten for good."""

import random
from collections.abc import AsyncIterator
from datetime import timedelta

import psycopg
import pytest
from payments_world import World, open_world

from books import assert_books_balanced
from griot.channels.model import InboundMessage, Parsed
from griot.core.clock import FrozenClock
from griot.core.db.pool import OWNER_OPTIONS, Database
from griot.core.errors import Conflict, InvalidInput, NotFound
from griot.tools.book.forgetting import forget
from griot.tools.conversations import service as conversations
from griot.tools.customers import cards, consent, export, people
from griot.tools.customers.cards import Listed
from griot.tools.customers.models import BIG_SPENDER_MINOR, Standing
from griot.tools.escalation.service import escalate
from griot.tools.intakes import service as intakes
from griot.tools.orders.models import Order
from griot.tools.quotes import documents
from griot.tools.quotes import service as quotes
from griot.tools.quotes.invoices import make_invoice
from house_world import message, phone


@pytest.fixture
async def world(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[World]:
    async with open_world(database_url, db, clock) as opened:
        yield opened


async def buyer(world: World, **columns: object) -> int:
    (_, customer) = await world.thread()
    for name, value in columns.items():
        await world.rows(f"UPDATE customers SET {name} = %s WHERE id = %s RETURNING id", value, customer)
    return customer


async def listed(world: World, **given: object) -> list[Listed]:
    async with world.db.transaction(world.shop.id) as tx:
        return await cards.page(tx, world.shop, 50, None, world.clock.now(), **given)  # type: ignore[arg-type]


async def card(world: World, customer: int) -> cards.Card:
    async with world.db.transaction(world.shop.id) as tx:
        return await cards.card(tx, world.shop, customer, world.clock.now())


async def test_trust_in_sql_is_trust_in_python(world: World) -> None:
    chance = random.Random(7)
    async with world.db.transaction(world.shop.id) as tx:
        for _ in range(300):
            currency = chance.choice(list(BIG_SPENDER_MINOR))
            big = BIG_SPENDER_MINOR[currency]
            paid, expired = chance.choice((0, 1, 2, 5, 12)), chance.choice((0, 1, 3, 4, 9))
            spent = chance.choice((0, big, big + 1))
            seconds = chance.choice((0, 119, 120, 121)) * paid
            cursor = await tx.execute("SELECT trust(%s, %s, %s, %s, %s)", (paid, expired, spent, seconds, big))
            row = await cursor.fetchone()
            assert row is not None
            assert row["trust"] == Standing(paid, expired, spent, seconds, currency).score


async def test_each_person_is_in_one_segment(world: World) -> None:
    now = world.clock.now()
    made = {
        "new": await buyer(world, paid_orders=1, last_paid_at=now, payment_seconds=900),
        "occasional": await buyer(world, paid_orders=2, last_paid_at=now, payment_seconds=900),
        "regular": await buyer(world, paid_orders=3, last_paid_at=now, payment_seconds=900),
        "loyal": await buyer(world, paid_orders=7, last_paid_at=now, payment_seconds=9000),
        "vip": await buyer(world, paid_orders=5, last_paid_at=now, spent_minor=200_000, payment_seconds=300),
        "dormant": await buyer(world, paid_orders=9, last_paid_at=now - timedelta(days=31)),
    }
    for segment, customer in made.items():
        assert [person.id for person in await listed(world, segment=segment)] == [customer], segment
        assert (await card(world, customer)).listed.segment == segment
    assert len(await listed(world)) == len(made)


async def test_linked_records_are_one_person_in_the_list(world: World) -> None:
    one, other = await buyer(world, name="Awâ", paid_orders=2), await buyer(world, name="awa_style", paid_orders=1)
    async with world.db.transaction(world.shop.id) as tx:
        await people.merge(tx, one, other, world.clock.now())
    [person] = await listed(world)
    assert (person.id, person.standing.paid_orders, person.segment) == (one, 3, "regular")
    assert [p.id for p in await listed(world, search="STYLE")] == [one]
    assert await listed(world, search="nobody") == []
    [row] = await world.rows("SELECT phone FROM customers WHERE id = %s", other)
    assert [p.id for p in await listed(world, search=f"+{row['phone']}")] == [one]


async def test_the_card_tells_the_good_buyer_from_the_one_at_risk(world: World) -> None:
    order = await world.hold()
    await world.pay(order)
    good = await card(world, order.customer_id)
    assert good.history.paid_percent == 100 and not good.at_risk
    assert set(good.auto_tags) == {"fast_payer", "prefers"}
    thread = await world.thread()
    for _ in range(4):
        await world.expire(await world.hold(thread=thread))
    bad = await card(world, thread[1])
    assert bad.at_risk and bad.history.expired == 4 and bad.history.paid_percent == 0
    assert bad.auto_tags == ["faux_acheteur_potentiel", "many_holds"]
    await world.rows("UPDATE orders SET live_id = 1 WHERE customer_id = %s RETURNING id", thread[1])
    assert (await card(world, thread[1])).never_pays_in_live


async def test_tags_and_consent_are_noted_with_who_and_how(world: World) -> None:
    customer, now = await buyer(world), world.clock.now()
    async with world.db.transaction(world.shop.id, actor="user:7") as tx:
        assert await cards.set_tags(tx, customer, [" grossiste ", "grossiste", "", "Dakar"], now) == [
            "grossiste",
            "Dakar",
        ]
        with pytest.raises(InvalidInput):
            await cards.set_tags(tx, customer, ["x" * 41], now)
        with pytest.raises(NotFound):
            await cards.set_tags(tx, 999, [], now)
        await consent.set_marketing(tx, customer, True, "phone", now)
        await consent.set_opted_out(tx, customer, True, now)
        await consent.set_voice(tx, customer, False, now)
    shown = await card(world, customer)
    assert (shown.listed.tags, shown.listed.opted_out) == (("Dakar", "grossiste"), True)
    assert (shown.listed.marketing, shown.listed.marketing_how, shown.listed.marketing_at) == (True, "phone", now)
    assert shown.person.whole.prefers_voice is False
    rows = await world.rows("SELECT kind, actor, data FROM events WHERE kind LIKE 'customer.%%' ORDER BY id")
    assert [row["kind"] for row in rows] == [
        "customer.tagged",
        "customer.consent",
        "customer.consent",
        "customer.voice",
    ]
    assert {row["actor"] for row in rows} == {"user:7"} and rows[1]["data"] == {"marketing": True, "how": "phone"}


async def test_the_list_is_taken_along(world: World) -> None:
    customer = await buyer(world, name="=cmd()", tags=["+tag"])
    chunks = export.customers(world.db, world.clock, world.shop, None, "", "fr", "user:7")
    text = b"".join([chunk async for chunk in chunks]).decode()
    assert text.startswith("\ufeff") and f'"{customer}";"\'=cmd()";"221 77 000 00 01"' in text and '"\'+tag"' in text
    assert (await world.rows("SELECT actor FROM events WHERE kind = 'customers.exported'"))[0]["actor"] == "user:7"


SAID = "Bonjour, je suis Aïssatou Diop-Kane"
NAME = "Aïssatou Diop-Kane"
NUMBER = 543210
PHONE = phone(NUMBER)


async def receive(world: World, *messages: InboundMessage) -> None:
    [account] = await world.rows("SELECT id FROM channel_accounts")
    async with world.db.transaction(world.shop.id) as tx:
        parsed = Parsed(messages=messages)
        await conversations.receive(tx, "whatsapp", account["id"], parsed, world.clock.now())


async def known_buyer(world: World) -> tuple[int, Order]:
    """Somebody of whom every kind of trace is there."""
    [account] = await world.rows("SELECT id FROM channel_accounts")
    now = world.clock.now()
    async with world.db.transaction(world.shop.id) as tx:
        cursor = await tx.execute(
            "SELECT customer, resolve_conversation(%(account)s, customer, 'phone:' || %(phone)s, %(now)s) AS thread"
            "  FROM resolve_customer('whatsapp', ARRAY['phone:' || %(phone)s, 'user:SN.' || %(phone)s], %(name)s,"
            " %(phone)s, %(now)s) AS customer",
            {"account": account["id"], "phone": PHONE, "name": NAME, "now": now},
        )
        row = await cursor.fetchone()
        assert row is not None
        customer, thread = row["customer"], row["thread"]
        await tx.execute(
            "INSERT INTO messages (shop_id, account_id, conversation_id, external_id, kind, text, payload, raw,"
            " sent_at, received_at) VALUES (current_shop(), %s, %s, 'wamid.' || %s, 'voice', %s, '{}',"
            " jsonb_build_object('from', %s::text), %s, %s)",
            (account["id"], thread, PHONE, SAID, PHONE, now, now),
        )
        await tx.execute(
            "INSERT INTO hearings (shop_id, message_id, status, content, heard, next_at, done_at)"
            " SELECT current_shop(), id, 'heard', 'sound', jsonb_build_object('text', text), received_at, received_at"
            "   FROM messages"
        )
        await tx.execute(
            "INSERT INTO turns (shop_id, conversation_id, reading, outcome, effects, started_at)"
            " VALUES (current_shop(), %s, jsonb_build_object('rest', %s::text), 'asked', '[]', %s)",
            (thread, SAID, now),
        )
        await tx.execute(
            "INSERT INTO received_files (shop_id, message_id, content, mime, kept_at)"
            " SELECT current_shop(), id, convert_to(text, 'UTF8'), 'text/plain', received_at FROM messages"
        )
        await tx.execute(
            "INSERT INTO phone_proofs (shop_id, customer_id, phone, conversation_id, asked_at)"
            " VALUES (current_shop(), %s, %s, %s, %s)",
            (customer, PHONE, thread, now),
        )
        await tx.execute(
            "INSERT INTO mails (shop_id, dedupe_key, recipient, subject, body, written_at)"
            " VALUES (current_shop(), 'briefing', 'awa@example.com', 'Hier', %s, %s)",
            (f"À suivre : {NAME}", now),
        )
        await tx.execute(
            "INSERT INTO ignored_updates (shop_id, channel, digest, what, why, raw, received_at)"
            " VALUES (current_shop(), 'whatsapp', 'd', 'w', 'y', jsonb_build_object('wa_id', %s::text), %s)",
            (PHONE, now),
        )
        await escalate(
            tx, world.shop, conversation_id=thread, customer_id=customer, buyer=NAME, reason="human",
            summary=SAID, now=now,
        )  # fmt: skip
        await quotes.make_quote(
            tx, world.shop, conversation_id=thread, customer_id=customer, buyer=NAME,
            lines=[(world.products["ROBE1"], 1)], wanted_on=None, now=now,
        )  # fmt: skip
        await cards.set_tags(tx, customer, [f"{NAME}'s sister"], now)
    order = await world.hold(thread=(thread, customer))
    async with world.db.transaction(world.shop.id) as tx:
        await intakes.save(tx, thread, customer, order.id, "address", {"text": f"chez {NAME}"}, now)
    await world.pay(order)
    async with world.db.transaction(world.shop.id) as tx:
        await make_invoice(tx, world.shop, await world.order(order), now)
    return customer, order


def traces(database_url: str, *words: str) -> list[str]:
    """Tables and columns of the whole database in which one of the words is found, whatever shop they are of."""
    found = []
    with psycopg.connect(database_url, options=OWNER_OPTIONS) as owner:
        columns = owner.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema IN ('griot', 'jobs')"
        ).fetchall()
        for table, column in columns:
            for word in words:
                query = f'SELECT count(*) FROM "{table}" WHERE strpos("{column}"::text, %s) > 0'
                if owner.execute(query.encode(), (word,)).fetchone() != (0,):
                    found.append(f"{table}.{column}")
    return sorted(set(found))


async def test_who_is_forgotten_is_in_no_table_any_more(world: World, database_url: str) -> None:
    """Every column of every table is searched, so that none is forgotten instead."""
    customer, order = await known_buyer(world)
    open_one = await world.hold(thread=(order.conversation_id, customer))
    await world.rows(
        "INSERT INTO outbox (shop_id, conversation_id, account_id, dedupe_key, reply, next_at, created_at) SELECT"
        " current_shop(), conversation_id, account_id, 'briefing:2026-02-15', jsonb_build_object('text', %s::text),"
        " created_at, created_at FROM outbox WHERE dedupe_key LIKE 'payment-received%%' RETURNING id",
        f"À suivre : {NAME}",
    )
    hidden = (NAME, SAID, PHONE, SAID.encode().hex(), "Diop-Kane")
    assert {"customers.name", "messages.text", "outbox.reply", "hearings.heard", "phone_proofs.phone"} <= set(
        traces(database_url, *hidden)
    )

    async with world.db.transaction(world.shop.id, actor="user:7") as tx:
        gone = await forget(tx, world.shop, customer, world.clock.now())
    assert gone.messages == 1
    assert traces(database_url, *hidden) == []

    shown = await card(world, customer)
    assert shown.erased_at is not None and shown.history.paid == 1 and shown.listed.standing.spent_minor == 15_000
    assert await listed(world) == []
    assert (await world.order(order)).status == "paid" and (await world.order(open_one)).status == "cancelled"
    assert len(await world.payments(order)) == 1
    [event] = await world.rows("SELECT actor, data FROM events WHERE kind = 'customer.erased'")
    assert event == {"actor": "user:7", "data": {"records": [customer], "messages": 1}}
    assert await world.rows("SELECT id FROM outbox WHERE status IN ('queued', 'sending', 'unknown')"
                            " AND conversation_id = %s", order.conversation_id) == []  # fmt: skip
    async with world.db.transaction(world.shop.id) as tx:
        await assert_books_balanced(tx)
        [quote] = await world.rows("SELECT document_id FROM quotes")
        with pytest.raises(NotFound, match="erased"):
            await documents.load(tx, quote["document_id"])
        again = await forget(tx, world.shop, customer, world.clock.now())  # a second tap
    assert again.messages == 0 and again.customer_id == customer


async def test_a_later_message_of_the_same_number_is_a_new_buyers(world: World) -> None:
    customer, order = await known_buyer(world)
    async with world.db.transaction(world.shop.id) as tx:
        await forget(tx, world.shop, customer, world.clock.now())
        with pytest.raises(Conflict, match="forgotten"):
            await consent.set_marketing(tx, customer, True, "phone", world.clock.now())
    await receive(world, message("Salut", world.clock.now(), NUMBER))
    [person] = await listed(world)
    assert person.id != customer and person.standing.paid_orders == 0
    with pytest.raises(Conflict, match="forgotten"):
        async with world.db.transaction(world.shop.id) as tx:
            await people.merge(tx, person.id, customer, world.clock.now())
    [thread] = await world.rows("SELECT conversation_id FROM messages WHERE text = 'Salut'")
    assert thread["conversation_id"] != order.conversation_id


async def test_what_is_owed_to_a_buyer_comes_first(world: World) -> None:
    order = await world.hold()
    await world.pay(order)
    [payment] = await world.payments(order)
    await world.rows(
        "INSERT INTO refunds (shop_id, payment_id, amount_minor, currency, reason, created_at)"
        " VALUES (current_shop(), %s, 15000, 'XOF', 'requested', now()) RETURNING id",
        payment.id,
    )
    with pytest.raises(Conflict, match="refund"):
        async with world.db.transaction(world.shop.id) as tx:
            await forget(tx, world.shop, order.customer_id, world.clock.now())
    assert (await card(world, order.customer_id)).erased_at is None
