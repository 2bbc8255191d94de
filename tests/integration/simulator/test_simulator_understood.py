"""Our channels against the simulator: what people do is understood, what we send is taken."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from simulated import drain
from social import Shop

from griot.channels.errors import ChannelError, ErrorClass
from griot.channels.instagram.channel import INSTAGRAM
from griot.channels.messenger.channel import MESSENGER
from griot.channels.model import Choice, File, InboundMessage, Media, Reply
from griot.channels.port import Channel, Line, Outlet
from griot.channels.simulator.phones import LocalLine
from griot.core.clock import FrozenClock

CHANNELS: dict[str, Channel] = {"instagram": INSTAGRAM, "messenger": MESSENGER}


async def understood(shop: Shop) -> list[InboundMessage]:
    """The messages in everything the webhooks brought; nothing in it may be a riddle."""
    await drain(shop.sim.state)
    read = [CHANNELS[shop.account.platform].parse(body) for body in shop.receiver.bodies]
    assert [ignored.why for parsed in read for ignored in parsed.ignored if ignored.why != "the account's own"] == []
    return [message for parsed in read for message in parsed.messages]


@pytest.fixture
async def outlet(shop: Shop) -> AsyncIterator[Outlet]:
    async with httpx.AsyncClient(timeout=5) as http:
        line = Line(http, shop.sim.base_url, "v24.0", shop.account.id, shop.account.token)
        yield CHANNELS[shop.account.platform].outlet(line)


async def test_everything_a_person_does_is_understood(shop: Shop, tmp_path: Path) -> None:
    note = tmp_path / "note.m4a"
    note.write_bytes(b"ftypM4A")
    awa = await shop.phone()
    mid = await awa.say("ROBE1")
    await awa.say("celle-ci", reply_to=mid)
    await awa.send_voice(note)
    await awa.react(mid, "👍")
    await awa.share("story_mention", "https://x.example/story.jpg")
    await LocalLine(shop.sim.state, shop.account.id).act(awa.user_id, {"edit": {"message_id": mid, "text": "ROBE2"}})
    await awa.comment("je prends ROBE1", on=await shop.vendor.publish("live"))
    messages = await understood(shop)
    kinds = [message.kind for message in messages]
    assert {kind: kinds.count(kind) for kind in ("text", "reaction", "edit", "comment")} == {
        "text": 3,
        "reaction": 1,
        "edit": 1,
        "comment": 1,
    }
    assert {message.sender.user_id for message in messages} == {shop.scoped(awa)}
    assert {message.account for message in messages} == {shop.account.id}


@pytest.mark.parametrize("shape", ["changes", "standby"])
async def test_both_shapes_of_instagram_are_understood(shape: str, instagram: Shop) -> None:
    instagram.account.behaviour.change(shape=shape, wrapped=True, layout="entries")
    awa = await instagram.phone()
    assert [(m.kind, m.text, m.sender.user_id) for m in await understood(instagram)] == [
        ("text", "Bonjour", instagram.scoped(awa))
    ]


async def test_a_reply_with_choices_is_taken_and_its_tap_understood(shop: Shop, outlet: Outlet) -> None:
    awa = await shop.phone()
    recipient = f"user:{shop.scoped(awa)}"
    reply = Reply("ROBE1 réservée 10 min", (Choice("pay:7", "PAYER"), Choice("cancel:7", "ANNULER")))
    for body in await outlet.bodies(reply, recipient):
        await outlet.send(body, recipient, "41")
    await awa.expect("réservée")
    await awa.tap("PAYER")
    tapped = [message for message in await understood(shop) if message.kind == "choice"]
    assert [(message.text, message.payload["id"]) for message in tapped] == [("PAYER", "pay:7")]


async def test_a_comment_is_answered_with_numbers(shop: Shop, outlet: Outlet) -> None:
    awa = await shop.phone(talks=False)
    comment = await awa.comment("je prends ROBE1", on=await shop.vendor.publish())
    reply = Reply("ROBE1 réservée", (Choice("pay:7", "PAYER"), Choice("cancel:7", "ANNULER")))
    for body in await outlet.bodies(reply, f"comment:{comment}"):
        await outlet.send(body, f"comment:{comment}", "42")
    assert [choice.title for choice in (await awa.expect("réservée")).numbered] == ["PAYER", "ANNULER"]
    await awa.tap("PAYER")
    assert [m.text for m in await understood(shop) if m.kind == "text"][-1] == "1"
    with pytest.raises(ChannelError):
        await outlet.send({"text": "encore"}, f"comment:{comment}", "43")


async def test_long_texts_many_choices_and_files_are_within_the_limits(shop: Shop, outlet: Outlet) -> None:
    awa = await shop.phone()
    recipient = f"user:{shop.scoped(awa)}"
    choices = tuple(Choice(f"c{n}", f"Article numéro {n} à 15 000 F") for n in range(10))
    pdf = File(b"%PDF", "application/pdf", "devis.pdf")
    for reply, file in (
        (Reply("é" * 3000), None),
        (Reply("Voici :", choices, "Voir"), None),
        (Reply("Paie ici", link=("Payer", "https://pay.example/x")), None),
        (Reply("Ton devis", media=Media("document", document=1)), pdf),
    ):
        for body in await outlet.bodies(reply, recipient, file):
            await outlet.send(body, recipient, "44")
    shown = await awa.inbox()
    assert any(message.link == "https://pay.example/x" for message in shown)
    assert any(message.media and message.media["kind"] == "file" for message in shown)
    assert shop.account.refusals == {}


async def test_refusals_are_understood(shop: Shop, outlet: Outlet, clock: FrozenClock) -> None:
    awa = await shop.phone()
    recipient = f"user:{shop.scoped(awa)}"

    async def refused() -> ErrorClass:
        with pytest.raises(ChannelError) as error:
            await outlet.send({"text": "x"}, recipient, "45")
        return error.value.kind

    shop.account.faults.throttle(1)
    shop.account.faults.add("refuse")
    shop.account.faults.add("refuse", code=190)
    assert [await refused() for _ in range(3)] == [ErrorClass.SLOW_DOWN, ErrorClass.RETRY, ErrorClass.ACCOUNT]
    clock.advance(timedelta(days=2))
    assert await refused() == ErrorClass.FINAL
