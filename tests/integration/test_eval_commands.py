"""`griot eval` as an analyst and a CI server call it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from eval_world import TINY
from griot.evals.pool import NO_VOICE, fresh_database

RESULT_KEYS = [
    "id",
    "trial",
    "effects",
    "reply",
    "reply_lang",
    "flags",
    "model_calls",
    "tokens_in",
    "tokens_out",
    "latency_ms",
    "pass",
    "why",
]


def griot(*arguments: str, database: str, home: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "DATABASE_URL": database,
        "GRIOT_DATA_DIR": str(home / "data"),
        "GRIOT_VOICE_EAR": "",  # voice notes have tests of their own
    }
    command = [sys.executable, "-m", "griot.cli.main", "eval", *arguments]
    return subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, timeout=240, check=False)


@pytest.fixture(scope="module")
def ran(server_url: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The tiny suite, run twice over by two processes."""
    home = tmp_path_factory.mktemp("evals")
    done = griot(
        *("run", str(TINY), "--out", "a", "--trials", "2", "--jobs", "2", "--json"), database=server_url, home=home
    )
    assert done.returncode == 0, done.stderr
    return home, json.loads(done.stdout)


def test_a_run_prints_one_document_and_leaves_its_files(ran: tuple[Path, dict[str, Any]]) -> None:
    home, document = ran
    assert (document["turns"]["n"], document["dialogues"]["n"], document["violations"]) == (5, 1, 0)
    assert document["turns"]["pass"]["rate"] == 1.0
    assert document["pass_k"] == {"1": 1.0, "2": 1.0}
    assert document["skipped"] == {NO_VOICE: 2}
    assert document["judge"].startswith("the database")
    assert sorted(path.name for path in (home / "a").iterdir()) == [
        "junit.xml",
        "report.html",
        "results.jsonl",
        "summary.json",
    ]


def test_results_are_lines_of_the_format_in_the_order_of_the_suite(ran: tuple[Path, dict[str, Any]]) -> None:
    home, _ = ran
    lines = [json.loads(line) for line in (home / "a" / "results.jsonl").read_text("utf-8").splitlines()]
    assert [(line["id"], line["trial"]) for line in lines][:4] == [("hold", 1), ("hold", 2), ("which", 1), ("which", 2)]
    assert [key for key in lines[0] if key in RESULT_KEYS] == RESULT_KEYS
    assert lines[0]["effects"][0]["action"] == "reserve"
    dialogue = lines[-1]
    assert set(dialogue["turns"][0]) >= {"effects", "reply", "reply_lang", "flags"}
    assert dialogue["final"]["lines"] == [{"product": "SAC2", "quantity": 10}]


def test_trials_do_not_see_each_other(ran: tuple[Path, dict[str, Any]]) -> None:
    home, _ = ran
    lines = [json.loads(line) for line in (home / "a" / "results.jsonl").read_text("utf-8").splitlines()]
    first, second = (line for line in lines if line["id"] == "hold")
    assert first["reply"] == second["reply"]  # the same pieces are left


def test_the_database_of_a_run_is_gone_after_it_however_it_ends(server_url: str) -> None:
    def known(name: str) -> bool:
        with psycopg.connect(server_url) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone()
        return found is not None

    with fresh_database(server_url) as url:
        name = str(conninfo_to_dict(url)["dbname"])
        assert known(name)
    assert not known(name)
    with pytest.raises(KeyboardInterrupt), fresh_database(server_url) as url:
        name = str(conninfo_to_dict(url)["dbname"])
        raise KeyboardInterrupt
    assert not known(name)


def test_two_runs_are_compared_and_gated(ran: tuple[Path, dict[str, Any]], server_url: str) -> None:
    home, _ = ran
    worse = home / "b"
    shutil.copytree(home / "a", worse, dirs_exist_ok=True)
    lines = [json.loads(line) for line in (worse / "results.jsonl").read_text("utf-8").splitlines()]
    for line in lines:
        line |= {"pass": False, "why": ["made worse"]} if line["pass"] else {}
    (worse / "results.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")

    compared = griot("compare", "a", "b", "--out", "compare.html", "--json", database=server_url, home=home)
    assert compared.returncode == 0, compared.stderr
    assert len(json.loads(compared.stdout)["worse"]) == 6
    assert (home / "compare.html").exists()

    assert griot("gate", "a", "a", database=server_url, home=home).returncode == 0
    stopped = griot("gate", "a", "b", "--max-drop", "0.02", "--json", database=server_url, home=home)
    assert stopped.returncode == 1
    assert json.loads(stopped.stdout)["passed"] is False


def test_check_ends_with_1_when_a_case_cannot_mean_what_it_says(tmp_path: Path) -> None:
    assert griot("check", str(TINY), database="", home=tmp_path).returncode == 0
    broken = tmp_path / "broken"
    shutil.copytree(TINY, broken)
    with (broken / "turns.jsonl").open("a") as file:
        file.write('{"id":"x","shop":"wax","turn":"?","expect":{"action":"buy"}}\n')
    done = griot("check", str(broken), "--json", database="", home=tmp_path)
    assert done.returncode == 1
    assert json.loads(done.stdout)["errors"] == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("run", "no-such-suite"), "There is no suite 'no-such-suite'"),
        (("run", str(TINY), "--model", "gpt"), "'gpt' is no model"),
        (("run", str(TINY), "--only", "nobody"), "There is no case 'nobody'"),
        (("run", str(TINY), "--price", "much"), "'much' is no price"),
        (("gate", "a", "b"), "There is no run in a"),
    ],
)
def test_what_cannot_run_ends_with_2_and_one_sentence(
    tmp_path: Path, server_url: str, arguments: tuple[str, ...], sentence: str
) -> None:
    done = griot(*arguments, database=server_url, home=tmp_path)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_every_suite_of_ours_is_without_errors(tmp_path: Path) -> None:
    listed = griot("list", "--json", database="", home=tmp_path)
    for suite in json.loads(listed.stdout)["suites"]:
        done = griot("check", suite["name"], "--json", database="", home=tmp_path)
        assert done.returncode == 0, [p for p in json.loads(done.stdout)["problems"] if p["level"] == "error"]
