"""`griot serve` without a Meta app: a newcomer opens a shop, serves, and writes to it as a buyer."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx

from griot.rehearsal.stage import free_port

PATIENCE = 60.0


def _griot(env: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "griot.cli.main", *arguments]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=True)
    return done.stdout


def _first_text(inbox: str) -> str:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        messages = httpx.get(inbox, params={"wait": 2}, timeout=10).json()["messages"]
        if messages:
            return str(messages[0]["text"])
    raise AssertionError("no answer came")


def test_a_newcomer_writes_to_the_shop_that_serve_opened(database_url: str, tmp_path: Path) -> None:
    env = {**os.environ, "DATABASE_URL": database_url, "GRIOT_DATA_DIR": str(tmp_path)}
    _griot(env, "shop", "create", "Chez Awa", "--vendor-phone", "77 000 00 01")
    _griot(env, "shop", "add-product", "--shop", "chez-awa", "ROBE1", "Robe Wax", "15000", "3")
    command = [sys.executable, "-m", "griot.cli.main", "serve", "--port", str(free_port())]
    log = tmp_path / "serve.log"
    with log.open("wb") as output:
        serving = subprocess.Popen(command, env=env, stderr=output, stdout=output)
    try:
        deadline = time.monotonic() + PATIENCE
        while "Griot serves" not in log.read_text() and time.monotonic() < deadline and serving.poll() is None:
            time.sleep(0.1)
        control = re.search(r"http://127\.0\.0\.1:\d+/control", log.read_text())
        account = re.search(r"accounts/\d+", log.read_text())
        assert control and account, log.read_text()
        httpx.put(f"{control[0]}/people/221770000042", json={"name": "Aminata"}).raise_for_status()
        thread = f"{control[0]}/{account[0]}/people/221770000042"
        httpx.post(f"{thread}/actions", json={"text": "vous livrez à Thiès ?"}).raise_for_status()
        assert "Chez Awa" in _first_text(f"{thread}/inbox")
        [waiting] = json.loads(_griot(env, "thread", "list", "--shop", "chez-awa", "--json"))
        assert (waiting["buyer"], waiting["handler"]) == ("Aminata", "human"), "what is not known is passed on"
        number = str(waiting["thread"])
        for step in ("give-back", "take-over", "give-back"):
            assert json.loads(_griot(env, "thread", step, "--shop", "chez-awa", number, "--json"))["changed"], step
        assert json.loads(_griot(env, "thread", "list", "--shop", "chez-awa", "--json")) == []
    finally:
        serving.send_signal(signal.SIGTERM)
    assert serving.wait(30) == 0
