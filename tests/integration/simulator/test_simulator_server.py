"""The simulator as a server: under uvloop, and when it ends."""

import asyncio

import httpx
import pytest
import uvloop
from simulated import AWA, NUMBER, SECRET, TOKEN, Receiver, controlled, drain, text

from griot.channels.simulator.phones import LocalLine, Phone, RemoteLine
from griot.channels.simulator.server import running_simulator, serving


async def test_it_runs_under_uvloop_as_in_production() -> None:
    async def scenario() -> tuple[list[str], list[bool]]:
        hook = Receiver()
        async with serving(hook.app) as origin, running_simulator() as sim:
            sim.state.create_account(NUMBER, token=TOKEN, app_secret=SECRET, webhook_url=f"{origin}/hook")
            phone = await Phone.on(LocalLine(sim.state, NUMBER), AWA)
            await phone.say("ROBE1")
            async with httpx.AsyncClient(headers={"Authorization": f"Bearer {TOKEN}"}) as client:
                await client.post(f"{sim.base_url}/v24.0/{NUMBER}/messages", json=text())
            await drain(sim.state)
        return [status["status"] for status in hook.statuses], hook.signatures

    statuses, signatures = await asyncio.to_thread(uvloop.run, scenario())
    assert statuses == ["sent", "delivered", "read"]
    assert all(signatures)


async def test_it_ends_at_once_while_a_phone_still_waits(receiver: Receiver) -> None:
    async with httpx.AsyncClient() as client:
        async with running_simulator() as sim, controlled(sim, receiver):
            phone = await Phone.on(RemoteLine(sim.control_url, NUMBER, client), AWA)
            waiting = asyncio.create_task(phone.expect("réservée", timeout=5))
            await asyncio.sleep(0.05)
        with pytest.raises(httpx.TransportError):
            await asyncio.wait_for(waiting, 1)
