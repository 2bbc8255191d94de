"""What a run says in numbers, and what two runs say of each other."""

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from griot.core.errors import InvalidInput, NotFound
from griot.evals.comparing import chance_of, comparison, verdict
from griot.evals.report import write_comparison, write_report
from griot.evals.results import read_run, write_lines
from griot.evals.stats import as_expected, rate, summary


def line(case: str, passed: bool | None = True, trial: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "id": case,
        "trial": trial,
        "effects": [{"action": "reserve", "product": "SAC2", "quantity": 1}],
        "reply": "C'est réservé </script>",
        "reply_lang": "fr",
        "flags": [],
        "model_calls": 0,
        "tokens_in": 0,
        "tokens_out": 0,
        "latency_ms": 10.0,
        "pass": passed,
        "why": [] if passed else ["expected quote, was reserve"],
        "strict": bool(passed),
        "violations": [],
        "arguments": {"product": True},
        "kind": "turn",
        "shop": "wax",
        "lang": "fr",
        "channel": "whatsapp",
        "tags": ["reserve"],
        "expect": {"action": "reserve" if passed else "quote", "reply_lang": "fr"},
        "expect_final": None,
        "said": "SAC2",
        "wrong": {},
        "model": "",
        "now": "2026-02-15T20:00:00+00:00",
        "where": "turns.jsonl:1",
        "customer": {},
    } | more


def many(passed: int, failed: int) -> list[dict[str, Any]]:
    return [line(f"c{n}", n < passed) for n in range(passed + failed)]


def test_a_rate_has_an_interval_around_it() -> None:
    assert rate(many(80, 20), "pass") == {
        "rate": 0.8,
        "low": pytest.approx(0.711, abs=0.01),
        "high": pytest.approx(0.867, abs=0.01),
    }
    assert rate([], "pass") == {"rate": None, "low": None, "high": None}


def test_trials_of_one_case_are_not_new_cases() -> None:
    """Ten cases that always do the same, run five times, say no more than ten cases."""
    once = [line(f"c{n}", n < 5) for n in range(10)]
    often = [line(f"c{n}", n < 5, trial) for n in range(10) for trial in range(1, 6)]
    assert rate(often, "pass") == rate(once, "pass")


def test_trials_that_vary_say_more() -> None:
    coins = [line(f"c{n}", (n + trial) % 2 == 0, trial) for n in range(10) for trial in range(1, 5)]
    wide, narrow = rate([c for c in coins if c["trial"] == 1], "pass"), rate(coins, "pass")
    assert narrow["high"] - narrow["low"] < wide["high"] - wide["low"]


def test_pass_k_is_how_likely_k_trials_all_pass() -> None:
    lines = [line("a", True, 1), line("a", True, 2), line("b", True, 1), line("b", False, 2)]
    assert summary(lines, {})["pass_k"] == {"1": 0.75, "2": 0.5}


def test_the_document_counts_what_an_analyst_asks_for() -> None:
    lines = [
        *many(3, 1),
        line("skip", None, skipped="voice"),
        line("bad", False, violations=["discount"], flags=["discount"]),
    ]
    lines.append(
        line("price", True, flags=["price:wrong"], model_calls=2, tokens_in=1000, tokens_out=50, latency_ms=900.0)
    )
    document = summary(lines, {"suite": "s"}, price=(1.0, 2.0))
    assert (document["suite"], document["cases"], document["turns"]["n"]) == ("s", 7, 6)
    assert document["violation_list"] == [{"id": "bad", "trial": 1, "violation": "discount", "shop": "wax"}]
    assert (document["violations"], document["wrong_prices"]) == (1, 1)
    assert document["skipped"] == {"voice": 1}
    assert document["confusion"]["quote"] == {"reserve": 2}
    assert document["slices"]["language"]["fr"]["n"] == 6
    assert document["cost"]["calls_per_turn"] == pytest.approx(2 / 6, abs=0.001)
    assert document["cost"]["price"] == pytest.approx(0.0011)
    assert document["latency"]["without_model"] == {"n": 5, "p50": 10.0, "p95": 10.0}
    assert document["latency"]["with_model"]["p95"] == 900.0
    assert not as_expected(document)
    assert as_expected(summary(many(1, 1), {}))


# Two runs


def test_changed_cases_stand_side_by_side() -> None:
    document = comparison(many(3, 1), many(2, 1), "A", "B")
    assert [case["id"] for case in document["worse"]] == ["c2"]
    assert (document["worse"][0]["pass_a"], document["worse"][0]["pass_b"]) == (1.0, 0.0)
    assert document["only_a"] == ["c3"]


def test_the_gate_lets_the_same_pass() -> None:
    assert verdict(many(90, 10), many(90, 10), 0.0)["passed"]


def test_the_gate_stops_a_loss_that_is_no_chance() -> None:
    document = verdict(many(90, 10), many(80, 20), 0.02)
    assert not document["passed"]
    assert (document["drop"], document["worse"], document["better"]) == (0.1, 10, 0)
    assert document["p"] < 0.01


def test_the_gate_accepts_a_loss_that_is_small_enough() -> None:
    assert verdict(many(900, 100), many(890, 110), 0.02)["passed"]


def test_the_gate_excuses_what_chance_may_do() -> None:
    """Three of thirty cases worse and nothing better: one such comparison in eight."""
    document = verdict(many(30, 0), many(27, 3), 0.02)
    assert document["p"] == 0.125
    assert document["passed"]
    assert "chance" in document["reasons"][0]


def test_the_gate_never_lets_a_new_violation_pass() -> None:
    worse = many(100, 0)
    worse[0] |= {"violations": ["discount"]}
    assert verdict(many(100, 0), worse, 0.5)["new_violations"] == ["discount in c0"]
    assert not verdict(many(100, 0), worse, 0.5)["passed"]
    assert verdict(worse, worse, 0.0)["passed"]


def test_the_gate_wants_every_case_of_the_former_run() -> None:
    assert verdict(many(10, 0), many(9, 0), 0.5)["missing"] == ["c9"]
    assert not verdict(many(10, 0), many(9, 0), 0.5)["passed"]
    with pytest.raises(InvalidInput, match="no case in common"):
        verdict(many(1, 0), [line("other")], 0.0)


def test_the_paired_test_is_exact() -> None:
    assert chance_of(0, 0) == 1.0
    assert chance_of(5, 0) == 1 / 32
    assert chance_of(1, 1) == 0.75


# What is left behind


def test_the_folder_of_a_run(tmp_path: Path) -> None:
    lines = [*many(1, 1), line("skip", None, skipped="voice"), line("bad", False, error="no end")]
    write_report(tmp_path, summary(lines, {"suite": "s", "model": "offline"}), lines)
    assert read_run(tmp_path) == lines
    (suite,) = ElementTree.parse(tmp_path / "junit.xml").getroot()
    counts = {name: suite.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "4", "failures": "1", "errors": "1", "skipped": "1"}
    assert json.loads((tmp_path / "summary.json").read_bytes())["suite"] == "s"


def test_a_page_needs_nothing_else_and_no_reply_breaks_out_of_it(tmp_path: Path) -> None:
    lines = many(1, 1)
    write_report(tmp_path, summary(lines, {"suite": "s", "model": "offline"}), lines)
    write_comparison(tmp_path, comparison(lines, many(0, 2), "A", "B"))
    for name in ("report.html", "compare.html"):
        page = (tmp_path / name).read_text("utf-8")
        assert "</script>" not in page.partition('id="data">')[2].partition("</script>")[0]
        assert "réservé \\u003c/script>" in page
        assert not [word for word in ('src="', "@import", '<link rel="', "https://") if word in page]


def test_what_is_no_run_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no run"):
        read_run(tmp_path)
    write_lines(tmp_path / "results.jsonl", [{"id": "x"}])
    with pytest.raises(InvalidInput, match=r"results\.jsonl:1"):
        read_run(tmp_path)
