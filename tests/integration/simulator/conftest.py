"""A simulator on loopback with a WhatsApp number, a receiver of its webhooks, and a buyer."""

from collections.abc import AsyncIterator

import httpx
import pytest
from simulated import AWA, NUMBER, QUICK, SECRET, TOKEN, Receiver

from griot.channels.simulator.phones import LocalLine, Phone
from griot.channels.simulator.server import RunningSimulator, running_simulator, serving
from griot.channels.simulator.whatsapp.messages import Template
from griot.channels.simulator.whatsapp.number import Number
from griot.core.clock import FrozenClock


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    hook = Receiver()
    async with serving(hook.app) as origin:
        hook.url = f"{origin}/hook"
        yield hook


@pytest.fixture
async def sim(clock: FrozenClock) -> AsyncIterator[RunningSimulator]:
    async with running_simulator(clock) as running:
        yield running


@pytest.fixture
def account(sim: RunningSimulator, receiver: Receiver) -> Number:
    made = sim.state.create_account(
        NUMBER,
        token=TOKEN,
        app_secret=SECRET,
        webhook_url=receiver.url,
        **QUICK,
    )
    made.templates["ready", "fr"] = Template("ready", "fr", "{{1}} est prête", buttons=("OUI",))
    return made


@pytest.fixture
async def graph(sim: RunningSimulator, account: Number) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(base_url=f"{sim.base_url}/v24.0", headers=headers, timeout=5) as client:
        yield client


@pytest.fixture
async def awa(sim: RunningSimulator, account: Number) -> Phone:
    """A buyer who has just written, so that the 24-hour window is open."""
    phone = await Phone.on(LocalLine(sim.state, NUMBER), AWA, name="Awa Diop")
    await phone.say("Bonjour")
    return phone
