"""A buyer who speaks, on the real processes, with the real ear and the real voice."""

from collections.abc import AsyncIterator, Callable
from importlib.resources import as_file, files
from pathlib import Path

import pytest
from talk import Person, a_file

from griot.rehearsal.shop import article
from speech_parts import needs_speech
from street import Street, open_street

pytestmark = needs_speech

RECORDINGS = files("griot.rehearsal") / "data"
ARTICLES = [article("CHAUSSURE3", "Babouches brodées", 9_000, 50), article("ROBE1", "Robe Wax Ankara", 15_000, 50)]


@pytest.fixture(scope="module")
async def street(new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Street]:
    folder = tmp_path_factory.mktemp("street")
    async with open_street(new_database(), folder, ARTICLES, GRIOT_BURST_MS="60") as opened:
        opened.account.behaviour.change(statuses={"sent": 0.0})
        yield opened


async def says(person: Person, name: str) -> None:
    with as_file(RECORDINGS / name) as path:
        await person.phone.send_voice(path)


async def test_a_voice_note_is_heard_held_and_answered_by_voice(street: Street) -> None:
    awa = await Person.on(street, 1, "Awa")
    await says(awa, "chaussure3.ogg")
    held = await awa.phone.expect(lambda message: bool(message.choices), 120)
    if any(choice.id == "yes" for choice in held.choices):
        await awa.phone.tap("yes")
        held = await awa.phone.expect("C'est réservé", 30)
    assert "C'est réservé" in held.text
    voice, *_ = await awa.phone.inbox()
    assert voice.type == "audio"
    assert street.simulator.files[voice.media["id"]].data.startswith(b"OggS")
    assert (await awa.order()).lines[0].code == "CHAUSSURE3"


async def test_bytes_that_are_no_sound_are_answered_and_reach_the_vendor(street: Street, tmp_path: Path) -> None:
    pape = await Person.on(street, 2, "Pape")
    await pape.phone.send_voice(a_file(tmp_path, "note.ogg", b"OggS" + bytes(200)))
    told = await pape.phone.expect("abîmé", 60)
    assert [choice.id for choice in told.choices] == ["human"]
    assert await pape.escalations() == ["voice"]
