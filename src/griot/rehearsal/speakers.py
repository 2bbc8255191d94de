"""The buyer of the demo who speaks: two voice notes, recorded beforehand, and the answers by voice."""

from dataclasses import dataclass
from importlib.resources import as_file, files

from griot.rehearsal.buyers import Buyer, has

_RECORDINGS = files("griot.rehearsal") / "data"


@dataclass(frozen=True, slots=True)
class Spoken:
    """``answers``: voice notes that came back."""

    answers: int = 0


async def speak(buyer: Buyer) -> Spoken:
    """Greets, then orders “le code chaussure trois”, agrees to what may be read back, and pays."""
    with as_file(_RECORDINGS / "bonsoir.ogg") as greeting, as_file(_RECORDINGS / "chaussure3.ogg") as order:
        await buyer.speak(greeting, lambda message: not message.choices)
        held = await buyer.speak(order, lambda message: has("pay:")(message) or has("yes")(message))
    if has("yes")(held):
        held = await buyer.tap(held, "yes", has("pay:"))
    await buyer.pay(held)
    return Spoken(sum(message.type == "audio" for message in await buyer.phone.inbox()))
