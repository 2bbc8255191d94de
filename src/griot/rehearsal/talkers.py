"""The talkers of the demo: buyers who write as they speak, one asks for a quote, and one is angry."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from griot.channels.simulator.model import Shown
from griot.channels.simulator.phones import Phone
from griot.knowledge.faq.models import NewFaq
from griot.rehearsal.buyers import PATIENCE, Timings, has
from griot.rehearsal.shop import Venue

FAQ = [
    NewFaq(
        "livraison",
        "Livrez-vous et combien coûte la livraison ?",
        "Nous livrons à Dakar en 24 h pour 2 000 F CFA, et dans les régions par car pour 3 500 F CFA.",
    ),
    NewFaq(
        "paiement",
        "Comment payer ?",
        "Par Wave, Orange Money ou carte bancaire, avec le lien que vous recevez ici.",
    ),
    NewFaq(
        "horaires", "Quels sont vos horaires ?", "Nous répondons tous les jours de 9 h à 21 h, et pendant les lives."
    ),
    NewFaq(
        "echange", "Peut-on échanger un article ?", "Un article non porté s'échange pendant 3 jours, avec son ticket."
    ),
]


@dataclass(frozen=True, slots=True)
class Line:
    """What is written, and what the answer has to show."""

    says: str
    answered: Callable[[Shown], bool]


@dataclass(frozen=True, slots=True)
class Talker:
    name: str
    speaks: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Exchange:
    """What was written and answered. ``document``: the name of the file that came, if one did."""

    talker: str
    speaks: str
    said: str
    answer: str
    document: str | None


def _says(*words: str) -> Callable[[Shown], bool]:
    return lambda message: all(word in message.text for word in words)


TALKERS = (
    Talker(
        "Ndeye",
        "French",
        (
            Line("Bonsoir, vous auriez des babouches brodées et elles sont à combien ?", _says("9 000 F CFA")),
            Line("d'accord, et vous livrez à Dakar ?", _says("2 000 F CFA")),
        ),
    ),
    Talker(
        "Modou", "SMS French and Wolof", (Line("slt c cmb le foulard en soi svp ? dafa neex", _says("5 000 F CFA")),)
    ),
    Talker("Voahirana", "Malagasy", (Line("Salama, ohatrinona ny foulard azafady?", _says("5 000 F CFA")),)),
    Talker("Grace", "English", (Line("Hi! Do you still have the embroidered slippers?", _says("9 000 F CFA")),)),
    Talker(
        "Mme Kane",
        "French, for an association",
        (
            Line(
                "Bonjour, pouvez-vous me faire un devis pour 4 babouches brodées et 3 foulards en soie ?",
                has("accept_quote:"),
            ),
        ),
    ),
    Talker(
        "Omar",
        "French, and not amused",
        (
            Line(
                "Trois fois que j'écris et toujours rien, vous vous moquez du monde !! Je veux parler à quelqu'un",
                _says("Démo"),
            ),
        ),
    ),
)


async def talk(venue: Venue, timings: Timings, talkers: Sequence[Talker] = TALKERS) -> list[Exchange]:
    """Everybody talks at once; what each wrote and read, in the order of the talkers. Raises ``Silence``."""
    heard = await asyncio.gather(*(_talk(venue, timings, n, talker) for n, talker in enumerate(talkers)))
    return [exchange for exchanges in heard for exchange in exchanges]


async def _talk(venue: Venue, timings: Timings, n: int, talker: Talker) -> list[Exchange]:
    phone = await Phone.on(venue.line, f"22176{7_000_000 + n}", name=talker.name)
    exchanges = []
    for line in talker.lines:
        before = asyncio.get_running_loop().time()
        await phone.say(line.says)
        message = await phone.expect(line.answered, PATIENCE)
        timings.replies.append(asyncio.get_running_loop().time() - before)
        document = message.media.get("filename") if message.media else None
        exchanges.append(Exchange(talker.name, talker.speaks, line.says, message.text, document))
    return exchanges
