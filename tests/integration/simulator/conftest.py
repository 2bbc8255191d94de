"""A simulator on loopback with an account of every platform, a receiver of webhooks, and a buyer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from simulated import AWA, NUMBER, QUICK, SECRET, TOKEN, Receiver
from social import Shop

from griot.channels.simulator.phones import LocalLine, Phone
from griot.channels.simulator.server import RunningSimulator, running_simulator, serving
from griot.channels.simulator.social.profile import Profile
from griot.channels.simulator.whatsapp.messages import Template
from griot.channels.simulator.whatsapp.number import Number
from griot.core.clock import FrozenClock

SHOPS = {"instagram": "17841400008460056", "messenger": "117172741761305"}


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


@asynccontextmanager
async def open_shop(sim: RunningSimulator, receiver: Receiver, platform: str) -> AsyncIterator[Shop]:
    account = sim.state.create_account(
        SHOPS[platform],
        platform=platform,
        token=platform,
        app_secret=SECRET,
        webhook_url=receiver.url,
        name="chez.awa",
        **QUICK,
    )
    assert isinstance(account, Profile)
    headers = {"Authorization": f"Bearer {platform}"}
    async with httpx.AsyncClient(base_url=f"{sim.base_url}/v24.0", headers=headers, timeout=5) as client:
        yield Shop(account, client, receiver, sim)


@pytest.fixture
async def instagram(sim: RunningSimulator, receiver: Receiver) -> AsyncIterator[Shop]:
    async with open_shop(sim, receiver, "instagram") as shop:
        yield shop


@pytest.fixture
async def page(sim: RunningSimulator, receiver: Receiver) -> AsyncIterator[Shop]:
    async with open_shop(sim, receiver, "messenger") as shop:
        yield shop


@pytest.fixture(params=["instagram", "messenger"])
async def shop(request: pytest.FixtureRequest, sim: RunningSimulator, receiver: Receiver) -> AsyncIterator[Shop]:
    """Once an Instagram account, once a page."""
    async with open_shop(sim, receiver, request.param) as opened:
        yield opened
