"""A run with models: one decides, one plays the buyer, none judges."""

import asyncio
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from eval_world import TINY
from griot.agent.mind.models import ToolChoice
from griot.channels.simulator.server import serving
from griot.rehearsal.model_double import ModelDouble, always, calls, in_turn, says

FREE = {
    "id": "free",
    "shop": "wax",
    "persona": "Awa, pressed for time",
    "goal": "hold two bags, nothing else",
    "turns": ["bonjour, il me faudrait un truc pour porter mes affaires"],
    "final": {"lines": [{"product": "SAC2", "quantity": 2}], "paid": False},
}


async def run_with(model: ModelDouble, buyer: ModelDouble, home: Path, server_url: str) -> dict[str, Any]:
    suite = home / "suite"
    shutil.copytree(TINY, suite)
    (suite / "turns.jsonl").unlink()
    (suite / "dialogues.jsonl").write_text(json.dumps(FREE), encoding="utf-8")
    async with serving(model.app) as decides, serving(buyer.app) as plays:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "griot.cli.main", "eval", "run", str(suite), "--json", "--out", str(home / "out")),
            *("--model", f"double@{decides}/v1", "--buyer", f"double@{plays}/v1", "--price", "1,2"),
            env=os.environ | {"DATABASE_URL": server_url, "GRIOT_DATA_DIR": str(home), "GRIOT_MODEL_KEY": "secret"},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, error = await asyncio.wait_for(process.communicate(), 120)
    assert process.returncode == 0, error.decode()
    document: dict[str, Any] = json.loads(out)
    return document


async def test_a_model_decides_and_another_plays_the_buyer(tmp_path: Path, server_url: str) -> None:
    model = ModelDouble(always(calls(ToolChoice("show_products", {"codes": ["SAC2"]}))))
    buyer = ModelDouble(in_turn(says("SAC2 x2"), says("[done]")))
    document = await run_with(model, buyer, tmp_path, server_url)

    assert document["dialogues"]["pass"]["rate"] == 1.0
    assert document["model"].startswith("double@http")
    assert document["buyer"].startswith("double@http")
    assert "secret" not in json.dumps(document)
    assert document["cost"]["model_calls"] == len(model.requests) == 1  # “SAC2 x2” needs no model
    assert document["cost"]["price"] > 0
    assert document["latency"]["with_model"]["n"] == 1

    (line,) = [json.loads(line) for line in (tmp_path / "out" / "results.jsonl").read_text("utf-8").splitlines()]
    assert [turn["said"] for turn in line["turns"]] == [FREE["turns"][0], "SAC2 x2"]  # type: ignore[index]


async def test_the_buyer_is_told_who_they_are_and_what_was_said(tmp_path: Path, server_url: str) -> None:
    model = ModelDouble(always(calls(ToolChoice("greet"))))
    buyer = ModelDouble(in_turn(says("SAC2 x2"), says("[done]")))
    await run_with(model, buyer, tmp_path, server_url)
    first = json.loads(buyer.requests[0])["messages"]
    assert "Awa, pressed for time" in first[0]["content"]
    assert "hold two bags" in first[0]["content"]
    assert first[1] == {"role": "assistant", "content": FREE["turns"][0]}  # type: ignore[index]
    assert first[2]["role"] == "user"
    second = json.loads(buyer.requests[1])["messages"]
    assert "10 000 F CFA" in second[-1]["content"]
