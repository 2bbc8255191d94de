"""The buyer of the demo who speaks: two voice notes, recorded beforehand, and the answers by voice."""

from dataclasses import dataclass
from importlib.resources import as_file, files

from griot.channels.simulator.model import Shown
from griot.rehearsal.buyers import Buyer, has

_RECORDINGS = files("griot.rehearsal") / "data"


@dataclass(frozen=True, slots=True)
class Spoken:
    """``answers``: voice notes that came back."""

    answers: int


async def speak(buyer: Buyer) -> Spoken:
    """Greets, orders and pays: what is read back is agreed to."""
    await _send(buyer, "bonsoir.ogg")
    await buyer.phone.expect(lambda message: not message.choices, PATIENCE)
    await _send(buyer, "chaussure3.ogg")
    answer = await buyer.phone.expect(lambda message: has("pay:")(message) or has("yes")(message), PATIENCE)
    if has("yes")(answer):
        answer = await buyer.tap(answer, "yes", has("pay:"))
    await buyer.pay(answer)
    return Spoken(sum(_is_voice(message) for message in await buyer.phone.inbox()))


async def _send(buyer: Buyer, name: str) -> None:
    with as_file(_RECORDINGS / name) as path:
        await buyer.phone.send_voice(path)


def _is_voice(message: Shown) -> bool:
    return message.type == "audio"


PATIENCE = 120.0  # seconds: the first voice note waits for the models to be loaded
