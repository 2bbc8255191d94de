"""A suite from elsewhere is read as far as it can be, and every fault has its place and what to do about it."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from eval_world import TINY
from griot.core.errors import InvalidInput, NotFound
from griot.core.money import Money
from griot.evals.check import check_suite
from griot.evals.goods import Goods, amount, articles, lines_in, pieces
from griot.evals.models import Place, ProductRow, Suite, Wanted
from griot.evals.suite import find_suite, load_suite
from griot.knowledge.catalogue.models import Product


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TINY, tmp_path / "suite"))


def write_turns(folder: Path, *cases: Any) -> Suite:
    lines = [case if isinstance(case, str) else json.dumps(case) for case in cases]
    (folder / "turns.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return load_suite(folder)


def problems(suite: Suite) -> list[str]:
    return [f"{p['where']} {p['level']}: {p['what']}" for p in check_suite(suite)["problems"]]


def turn(**data: Any) -> dict[str, Any]:
    return {"id": "t", "shop": "wax", "turn": "SAC2", **data}


def test_the_tiny_suite_is_without_fault() -> None:
    suite = load_suite(TINY)
    assert check_suite(suite)["problems"] == []
    assert (suite.name, len(suite.shops), len(suite.cases)) == ("tiny", 2, 7)


def test_defaults_and_the_shops_clock_fill_what_a_case_leaves_out() -> None:
    case = load_suite(TINY).cases[0]
    assert (case.lang, case.channel, case.now.isoformat()) == ("fr", "whatsapp", "2026-02-15T20:00:00+00:00")


def test_a_suite_may_be_moved_to_one_channel() -> None:
    suite = load_suite(TINY)
    assert {case.channel for case in suite.on("messenger").cases} == {"messenger"}
    assert suite.on(None) is suite


def test_a_time_without_zone_is_the_shops(folder: Path) -> None:
    suite = write_turns(folder, turn(shop="four", turn="PAIN2", now="2026-02-16T09:00:00"))
    assert suite.cases[0].now.isoformat() == "2026-02-16T09:00:00+01:00"


def test_tables_may_be_written_by_a_spreadsheet(folder: Path) -> None:
    table = folder / "shops/wax/faq.csv"
    table.write_bytes(b"\xef\xbb\xbf" + table.read_text("utf-8").replace("\n", "\r\n").encode())
    assert [entry.key for entry in load_suite(folder).shops["wax"].faq] == ["livraison", "retour"]


def test_unknown_keys_are_kept_and_named(folder: Path) -> None:
    suite = write_turns(folder, turn(mood="angry", expect={"action": "reserve", "produit": "SAC2"}))
    assert suite.cases[0].raw["mood"] == "angry"
    found = problems(suite)
    assert "turns.jsonl:1 warning: The key 'mood' is unknown and ignored." in found
    assert "turns.jsonl:1 warning: The key 'produit' of expect is unknown and ignored." in found


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("{", "Not JSON"),
        ("[]", "The line is not an object."),
        (turn(id=""), "The case has no id."),
        (turn(shop="none"), "The shop 'none' is not in shops/shops.json."),
        ({"id": "t", "shop": "wax"}, "The case has no message."),
        (turn(now="tomorrow"), "'tomorrow' is not an ISO time."),
        (turn(expect={"action": "reserve", "quantity": "two"}), "'two' is not a quantity."),
        (turn(customer={"history": [{"kind": "letter"}]}), "is no entry of a history."),
    ],
)
def test_a_line_that_cannot_be_read_is_left_out_with_its_place(folder: Path, line: Any, what: str) -> None:
    suite = write_turns(folder, turn(id="fine"), line)
    assert [case.id for case in suite.cases if case.kind == "turn"] == ["fine"]
    (problem,) = suite.problems
    assert problem.where == "turns.jsonl:2"
    assert what in problem.what
    assert problem.do


@pytest.mark.parametrize(
    ("expect", "what"),
    [
        ({"action": "buy"}, "The action 'buy' is unknown."),
        ({"action": "reserve", "product": "SAC9"}, "There is no product 'SAC9'."),
        ({"action": "reserve", "product": "ROBE1", "variant": "XL"}, "ROBE1 has no variant 'XL'."),
        ({"action": "reserve", "lines": [{"product": "SAC9"}]}, "There is no product 'SAC9'."),
        ({"action": "faq", "faq": "prix"}, "There is no FAQ entry 'prix'."),
        ({"action": "reserve", "date": "samedi"}, "'samedi' is not a date."),
        ({"action": "reserve", "must_not": ["rebate"]}, "must_not 'rebate' is unknown."),
        ({"action": "reserve", "must_not": ["action:buy"]}, "must_not names the unknown action 'buy'."),
        ({"action": "reserve", "reply_lang": "wo"}, "No reply is in 'wo'."),
        ({"action": "reserve", "alt": [{"action": "buy"}]}, "The action 'buy' is unknown."),
        ({"action": "reserve", "also": [{"action": "faq", "faq": "prix"}]}, "There is no FAQ entry 'prix'."),
    ],
)
def test_a_case_is_checked_against_its_shop(folder: Path, expect: dict[str, Any], what: str) -> None:
    assert f"turns.jsonl:1 error: {what}" in problems(write_turns(folder, turn(expect=expect)))


def test_two_cases_with_one_id_are_an_error(folder: Path) -> None:
    assert "turns.jsonl:1 error: 2 cases have this id." in problems(write_turns(folder, turn(), turn()))


def test_a_total_that_its_lines_do_not_make_is_named(folder: Path) -> None:
    order = {
        "kind": "order",
        "id": "O",
        "status": "paid",
        "lines": [{"product": "SAC2", "quantity": 10}],
        "total": 50000,
    }
    found = problems(write_turns(folder, turn(customer={"history": [order]})))
    assert any("the total is 50000, and its lines make 45000" in problem for problem in found)


def test_a_shop_is_checked_too(folder: Path) -> None:
    table = folder / "shops/wax/catalogue.csv"
    table.write_text(
        "code,title,description,category,price,currency,stock,variants\n"
        "SAC2,Sac,,,5000,EUR,4,\nROBE1,Robe,,,cher,XOF,4,\nPAGNE4,Pagne,,,0,XOF,4,\nBAGUE5,Bague,,,9000,XOF,S:2,taille\n",
        encoding="utf-8",
    )
    found = "\n".join(problems(load_suite(folder)))
    assert "catalogue.csv:2 error: SAC2 is priced in EUR, and the shop sells in XOF." in found
    assert "catalogue.csv:3 error: 'cher' is not an amount" in found
    assert "catalogue.csv:4 warning: PAGNE4 has no price." in found
    assert "catalogue.csv:5 error: 'taille' is not a list of options" in found


def test_no_suite_at_all_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"shops/shops\.json"):
        load_suite(tmp_path)
    with pytest.raises(NotFound, match="griot eval list"):
        find_suite("no-such-suite", tmp_path)


SIZES = {"taille": ("S", "M")}
RED = SIZES | {"couleur": ("rouge",)}


@pytest.mark.parametrize(
    ("written", "axes", "stock"),
    [
        ("7", SIZES, 7),
        ("", {}, 999),
        ("S:3|M:0", SIZES, {"S": 3, "M": 0}),
        ("S/rouge=2; M/rouge=1", RED, {"S/rouge": 2, "M/rouge": 1}),
        ("rouge/M:4", RED, {"S/rouge": 0, "M/rouge": 4}),
    ],
)
def test_stock_as_people_write_it(written: str, axes: dict[str, tuple[str, ...]], stock: int | dict[str, int]) -> None:
    row = ProductRow("ROBE1", "Robe", "", "", "1", "XOF", written, axes, Place("catalogue.csv", 2))
    assert pieces(row) == stock


@pytest.mark.parametrize(
    ("written", "minor"), [("15000", 15000), ("15 000", 15000), ("15.000", 15000), ("9000 F", 9000)]
)
def test_amounts_of_a_table(written: str, minor: int) -> None:
    assert amount(written, "XOF") == Money(minor, "XOF")


def test_amounts_with_cents() -> None:
    assert amount("24,50", "EUR") == Money(2450, "EUR")
    with pytest.raises(InvalidInput):
        amount("cher", "EUR")


def test_what_other_buyers_bought() -> None:
    shop = load_suite(TINY).shops["wax"]
    assert lines_in("2x ROBE1; SAC2 x3", shop) == (Wanted("ROBE1", 2), Wanted("SAC2", 3))
    assert lines_in("Sac cabas, 4 Pagne tissé", shop) == (Wanted("SAC2", 1), Wanted("PAGNE4", 4))


def test_a_code_that_buyers_cannot_send_gets_a_stand_in_and_the_suite_keeps_its_own() -> None:
    def row(code: str, price: str = "1000", stock: str = "3") -> ProductRow:
        return ProductRow(code, code, "", "", price, "XOF", stock, {}, Place("catalogue.csv", 2))

    rows = [row("3PIECES"), row("WAX-6Y"), row("T2"), row("WAXY6"), row("T2"), row("AB"), row("X1", price="0")]
    found = articles(rows, "XOF")
    assert {stored: own.code for stored, own in found.items()} == {
        "T2": "T2",
        "WAXY6": "WAXY6",
        "PIECES3": "3PIECES",
        "WAXY1": "WAX-6Y",
        "AB1": "AB",
    }
    article = Product(1, "WAXY1", "Wax", "", "", Money(1000, "XOF"), None, 2, ())
    goods = Goods({"WAXY1": article}, {stored: own.code for stored, own in found.items()})
    assert goods.product("wax 6y") is article
    assert goods.product("WAXY6") is None


def test_a_line_with_several_messages_is_a_dialogue_wherever_it_stands(folder: Path) -> None:
    suite = write_turns(folder, {"id": "t", "shop": "wax", "turns": ["SAC2", "oui"], "expect": {"action": "reserve"}})
    (case,) = [case for case in suite.cases if case.id == "t"]
    assert case.kind == "dialogue"
    assert [turn.expect is not None for turn in case.turns] == [False, True]


def test_the_spoken_suite_is_without_fault_and_small() -> None:
    suite = load_suite(find_suite("spoken", Path(".")))
    assert check_suite(suite)["problems"] == []
    recordings = [suite.path / turn.audio for case in suite.cases for turn in case.turns if turn.audio]
    assert len(recordings) == len(suite.cases)
    assert sum(path.stat().st_size for path in recordings) <= 250_000
