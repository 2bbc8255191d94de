"""A host is asked by one import at a time, with a pause between two requests, however many imports there are."""

import asyncio
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

from griot.knowledge.importing.fetching.pacing import Pace

PAUSE = 0.2


async def turns(pace: Pace, host: str, count: int, began: list[float], inside: list[int]) -> None:
    for _ in range(count):
        async with pace.turn(host):
            began.append(asyncio.get_running_loop().time())
            inside.append(inside[-1] + 1)
            await asyncio.sleep(0.02)
            inside.append(inside[-1] - 1)


async def test_two_imports_of_one_site_share_its_pace(tmp_path: Path) -> None:
    began: list[float] = []
    inside = [0]
    paces = [Pace(PAUSE, folder=tmp_path), Pace(PAUSE, folder=tmp_path)]
    await asyncio.gather(*(turns(pace, "kadia.sn", 3, began, inside) for pace in paces))
    assert max(inside) == 1, "never two requests at once"
    assert all(later - earlier >= PAUSE for earlier, later in pairwise(began))


async def test_other_hosts_wait_for_nobody(tmp_path: Path) -> None:
    pace, other = Pace(30.0, folder=tmp_path), Pace(30.0, folder=tmp_path)
    async with asyncio.timeout(5), pace.turn("kadia.sn"), other.turn("awa.sn"):
        pass


async def test_another_process_counts_and_one_that_died_does_not(tmp_path: Path) -> None:
    program = (
        "import asyncio, os, sys\n"
        "from pathlib import Path\n"
        "from griot.knowledge.importing.fetching.pacing import Pace\n"
        "async def main():\n"
        "    async with Pace(2.0, folder=Path(sys.argv[1])).turn('kadia.sn'):\n"
        "        if sys.argv[2] == 'dies': os._exit(0)\n"
        "asyncio.run(main())\n"
    )
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    for how in ("dies", "ends"):
        await asyncio.to_thread(subprocess.run, [sys.executable, "-c", program, str(tmp_path), how], check=True)
        async with asyncio.timeout(5), Pace(2.0, sleep, tmp_path).turn("kadia.sn"):
            assert bool(slept) == (how == "ends")
        for file in tmp_path.iterdir():
            file.write_text("")


async def test_a_clock_that_jumped_or_a_broken_file_costs_one_pause_at_most(tmp_path: Path) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async with Pace(1.0, sleep, tmp_path).turn("kadia.sn"):
        (file,) = tmp_path.iterdir()
    for written in ("nonsense", f"{time.time() + 9e9}"):
        file.write_text(written)
        async with Pace(1.0, sleep, tmp_path).turn("kadia.sn"):
            pass
    assert slept == [1.0]


async def test_a_folder_that_cannot_be_written_stops_no_import(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    async with asyncio.timeout(5), Pace(1.0, folder=tmp_path / "file" / "hosts").turn("kadia.sn"):
        pass
