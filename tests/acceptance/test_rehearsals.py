"""The demo and the benchmark are programs that others run: they end well, and say one JSON document."""

import json
import os
import subprocess
import sys
from pathlib import Path

from speech_parts import needs_speech

FIGURES = {
    "buyers",
    "messages_in",
    "replies_out",
    "holds",
    "paid",
    "expired",
    "cancelled",
    "waitlist_served",
    "late_payments",
    "double_payments",
    "oversold",
    "lost",
    "doubled",
    "reply_ms",
    "order_seconds",
}


def _griot(database_url: str, folder: Path, *arguments: str, **values: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "DATABASE_URL": database_url, "GRIOT_DATA_DIR": str(folder), **values}
    command = [sys.executable, "-m", "griot.cli.main", *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=180, check=False)


def test_the_demo_plays_a_live_and_every_figure_is_right(database_url: str, tmp_path: Path) -> None:
    done = _griot(database_url, tmp_path, "demo", "--once", "--json", "--buyers", "20", "--no-voice")
    assert done.returncode == 0, done.stderr[-2000:]
    outcome = json.loads(done.stdout)
    assert outcome.keys() >= FIGURES
    assert (outcome["oversold"], outcome["lost"], outcome["doubled"]) == (0, 0, 0)


@needs_speech
def test_a_buyer_of_the_demo_speaks_and_is_answered_by_voice(database_url: str, tmp_path: Path) -> None:
    done = _griot(database_url, tmp_path, "demo", "--once", "--json", "--buyers", "20", "--voice")
    assert done.returncode == 0, done.stderr[-2000:]
    outcome = json.loads(done.stdout)
    assert outcome["voice_notes"] == 2
    assert outcome["voice_answers"] >= 1
    assert (outcome["oversold"], outcome["lost"], outcome["doubled"]) == (0, 0, 0)


def test_the_benchmark_holds_exactly_what_is_there(database_url: str, tmp_path: Path) -> None:
    arguments = ("bench", "live", "--rate", "40", "--seconds", "2", "--rush", "160", "--json")
    done = _griot(database_url, tmp_path, *arguments)
    assert done.returncode == 0, done.stderr[-2000:]
    result = json.loads(done.stdout)
    assert result["rush"]["held"] == 100
    assert result["pgbench"]["holds_per_second"] > 0


def test_what_cannot_run_says_so_in_one_sentence(database_url: str, tmp_path: Path) -> None:
    done = _griot(database_url, tmp_path, "demo", "--voice", GRIOT_VOICE_EAR="")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "griot[voice]" in done.stderr
