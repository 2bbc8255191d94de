"""The buyers of the demo: each a phone, a browser and a habit."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from griot.channels.simulator.model import Shown
from griot.channels.simulator.phones import Phone
from griot.core.errors import NotFound
from griot.tools.payments.sandbox.payer import Payer

PATIENCE = 90.0  # seconds a buyer waits for a message


@dataclass
class Timings:
    """What buyers lived through, in real seconds."""

    replies: list[float] = field(default_factory=list)
    orders: list[float] = field(default_factory=list)


def has(choice: str) -> Callable[[Shown], bool]:
    """A message with a button whose id begins so."""
    return lambda message: any(option.id.startswith(choice) for option in message.choices)


def offered(message: Shown) -> bool:
    """A message with choices, be they buttons or numbers."""
    return bool(message.choices or message.numbered)


class Buyer:
    """One buyer. Every method is something a person does; waiting times are measured on the phone."""

    def __init__(self, phone: Phone, timings: Timings, seed: int) -> None:
        self.phone = phone
        self._timings = timings
        self._random = random.Random(seed)  # noqa: S311 - a script, not a secret
        self._began = 0.0

    async def hesitate(self) -> None:
        await asyncio.sleep(self._random.uniform(0.02, 0.25))

    async def ask(self, *texts: str, answer: Callable[[Shown], bool]) -> Shown:
        """Write, and wait for the answer."""
        self._began = time.time()
        for text in texts:
            await self.phone.say(text)
        return await self._answer(answer, self._began)

    async def speak(self, recording: Path, answer: Callable[[Shown], bool]) -> Shown:
        """Send a voice note, and wait for the answer."""
        self._began = time.time()
        await self.phone.send_voice(recording)
        return await self._answer(answer, self._began)

    async def tap(self, message: Shown, choice: str, answer: Callable[[Shown], bool]) -> Shown:
        """Tap the button whose id begins with ``choice``, and wait for the answer.

        Where choices are only numbered the first one is meant. A button that has gone is written instead.
        """
        await self.hesitate()
        before = time.time()
        option = next((option for option in message.choices if option.id.startswith(choice)), None)
        option = option or message.numbered[0]
        try:
            await self.phone.tap(option.id)
        except NotFound:
            await self.phone.say(option.title)
        return await self._answer(answer, before)

    async def _answer(self, wanted: Callable[[Shown], bool], before: float) -> Shown:
        message = await self.phone.expect(wanted, PATIENCE)
        self._timings.replies.append(message.wall - before)
        return message

    async def order(self, *texts: str) -> Shown:
        """Send a code; the article is held."""
        return await self.ask(*texts, answer=has("pay:"))

    async def comment(self, text: str, post: str) -> Shown:
        """Write a code under a live; the article is held, and the answer comes in private."""
        self._began = time.time()
        await self.phone.comment(text, on=post)
        return await self._answer(offered, self._began)

    async def link(self, held: Shown, means: str = "wave") -> str:
        """From the held article to the payment link, which comes at once when the shop takes the means for said."""
        choose = await self.tap(held, "pay:", lambda m: m.link is not None or has("means:")(m))
        if choose.link is not None:
            return choose.link
        sent = await self.tap(choose, f"means:{_order(choose)}:{means}", lambda m: m.link is not None)
        assert sent.link is not None
        return sent.link

    async def pay(self, held: Shown, means: str = "wave") -> Shown:
        """All the way to the receipt."""
        link = await self.link(held, means)
        await self.hesitate()
        async with httpx.AsyncClient(timeout=30) as browser:
            await Payer(browser).pay(link, means)
        receipt = await self.phone.expect(has("purchases"), PATIENCE)
        self._timings.orders.append(receipt.wall - self._began)
        return receipt

    @asynccontextmanager
    async def at_checkout(self, link: str, means: str) -> AsyncIterator[tuple[Payer, httpx.Response]]:
        """Go to the provider's page and stay there, with a browser open."""
        async with httpx.AsyncClient(timeout=30) as browser:
            payer = Payer(browser)
            yield payer, await payer.press(await payer.open(link), "means", means)

    async def served(self, patience: float) -> Shown:
        """It is this buyer's turn in the waiting line: the time until the receipt counts from here."""
        message = await self.phone.expect(has("pay:"), patience)
        self._began = message.wall
        return message


def _order(message: Shown) -> str:
    return next(option.id.split(":")[1] for option in message.choices if option.id.startswith("means:"))
