"""What a turn did is read from the database, whatever it says of itself."""

from datetime import date
from typing import Any

import pytest

from eval_world import case_of, play
from griot.agent import acts
from griot.core.db.pool import Database

UNCLEAR = "mmh dis donc, faut voir avec mon cousin hein"  # nothing that the reader is certain of
BASKET = {
    "name": "Awa",
    "history": [
        {
            "kind": "order",
            "id": "LP-2026-0215-AB12",
            "status": "reserved",
            "lines": [
                {"product": "SAC2", "quantity": 2},
                {"product": "ROBE1", "quantity": 1, "variant": {"taille": "S"}},
            ],
            "total": 25000,
        }
    ],
}
QUOTED = {
    "name": "Awa",
    "history": [{"kind": "quote", "id": "DEV-2026-0007", "lines": [{"product": "SAC2", "quantity": 4}]}],
}


def of(effects: tuple[dict[str, Any], ...], action: str) -> list[dict[str, Any]]:
    return [effect for effect in effects if effect["action"] == action]


async def effects_of(db: Database, *decided: acts.Act, **data: Any) -> tuple[dict[str, Any], ...]:
    run = await play(db, case_of(**{"turn": UNCLEAR, **data}), decided)
    return run.turns[-1].turned.effects


async def test_reserve_names_each_line_with_its_order_and_date(db: Database) -> None:
    wanted = date(2026, 2, 21)
    effects = await effects_of(
        db, acts.Take("ROBE1", 2, {"taille": "M"}), acts.Take("SAC2", 10), acts.WantedOn(wanted, "15:00")
    )
    dress, bag = of(effects, "reserve")
    assert (dress["product"], dress["quantity"], dress["variant"]) == ("ROBE1", 2, {"taille": "M"})
    assert (bag["product"], bag["quantity"]) == ("SAC2", 10)
    assert "variant" not in bag
    assert dress["lines"] == bag["lines"]
    assert len(dress["lines"]) == 2
    assert (bag["date"], bag["time"]) == ("2026-02-21", "15:00")
    assert dress["order"] == bag["order"]
    assert not of(effects, "change")


async def test_one_more_article_is_reserved_and_changes_the_basket(db: Database) -> None:
    effects = await effects_of(db, acts.Take("FOULARD3", 1, {"taille": "S"}), customer=BASKET)
    (reserved,) = of(effects, "reserve")
    assert reserved["lines"] == [{"product": "FOULARD3", "quantity": 1, "variant": {"taille": "S"}}]
    (changed,) = of(effects, "change")
    assert changed["order"] == "LP-2026-0215-AB12"
    assert len(changed["lines"]) == 3


async def test_another_quantity_is_a_change(db: Database) -> None:
    effects = await effects_of(db, acts.Take("SAC2", 3), customer=BASKET)
    (changed,) = of(effects, "change")
    assert (changed["product"], changed["quantity"], changed["order"]) == ("SAC2", 3, "LP-2026-0215-AB12")
    assert not of(effects, "reserve")


async def test_another_size_is_one_change(db: Database) -> None:
    effects = await effects_of(db, acts.Swap("ROBE1", "ROBE1", {"taille": "L"}), customer=BASKET)
    (changed,) = of(effects, "change")
    assert (changed["product"], changed["variant"], changed["quantity"]) == ("ROBE1", {"taille": "L"}, 1)
    assert not of(effects, "reserve")
    assert not of(effects, "cancel")


async def test_a_line_taken_out_has_quantity_0(db: Database) -> None:
    effects = await effects_of(db, acts.Cancel(code="ROBE1"), customer=BASKET)
    (changed,) = of(effects, "change")
    assert (changed["product"], changed["quantity"]) == ("ROBE1", 0)
    assert changed["lines"] == [{"product": "SAC2", "quantity": 2}]
    assert not of(effects, "cancel")


async def test_another_date_is_a_change(db: Database) -> None:
    effects = await effects_of(db, acts.WantedOn(date(2026, 2, 20)), customer=BASKET)
    (changed,) = of(effects, "change")
    assert (changed["date"], changed["order"]) == ("2026-02-20", "LP-2026-0215-AB12")


async def test_an_order_given_up_is_a_cancel(db: Database) -> None:
    effects = await effects_of(db, acts.Cancel(), customer=BASKET)
    (cancelled,) = of(effects, "cancel")
    assert cancelled["order"] == "LP-2026-0215-AB12"
    assert len(cancelled["lines"]) == 2


async def test_a_quote_has_its_lines(db: Database) -> None:
    (quote,) = of(await effects_of(db, acts.Quote((acts.Wanted("SAC2", 12),), date(2026, 3, 1))), "quote")
    assert (quote["product"], quote["quantity"], quote["date"]) == ("SAC2", 12, "2026-03-01")
    assert quote["order"]


async def test_a_quote_in_place_of_another_is_a_change_too(db: Database) -> None:
    effects = await effects_of(db, acts.Quote((acts.Wanted("SAC2", 8),)), customer=QUOTED)
    assert [effect["quantity"] for effect in of(effects, "quote")] == [8]
    assert [effect["quantity"] for effect in of(effects, "change")] == [8]


async def test_accepting_a_quote_reserves_its_lines(db: Database) -> None:
    (reserved,) = of(await effects_of(db, acts.AcceptQuote(), customer=QUOTED), "reserve")
    assert (reserved["product"], reserved["quantity"]) == ("SAC2", 4)


async def test_a_link_to_the_payment_page_is_a_payment_link(db: Database) -> None:
    effects = await effects_of(db, acts.ChooseMeans("wave"), customer=BASKET)
    (link,) = of(effects, "payment_link")
    assert link["order"] == "LP-2026-0215-AB12"


async def test_escalation_form_and_notice(db: Database) -> None:
    (escalated,) = of(await effects_of(db, acts.Escalate("complaint", "se plaint")), "escalate")
    assert escalated["reason"] == "complaint"
    slot = acts.Intake("slot", {"date": "2026-02-19", "time": "10:00"})
    (form,) = of(await effects_of(db, slot), "form")
    assert (form["kind"], form["date"]) == ("slot", "2026-02-19")
    (notice,) = of(await effects_of(db, acts.JoinWaitlist("PAGNE4", 1)), "back_in_stock")
    assert (notice["product"], notice["quantity"]) == ("PAGNE4", 1)


@pytest.mark.parametrize(
    ("act", "action"),
    [
        (acts.Show(("SAC2", "ROBE1")), "search"),
        (acts.AnswerFaq("livraison"), "faq"),
        (acts.Greet(), "greet"),
        (acts.Clarify("product", ("SAC2", "ROBE1")), "clarify"),
        (acts.Refuse("price"), "refuse"),
        (acts.SmallTalk("thanks"), "smalltalk"),
        (acts.OrderStatus(), "order_status"),
    ],
)
async def test_what_leaves_no_row_is_what_the_turn_recorded(db: Database, act: acts.Act, action: str) -> None:
    effects = await effects_of(db, act)
    assert action in [effect["action"] for effect in effects]
    assert not {"reserve", "quote", "cancel", "change"} & {effect["action"] for effect in effects}
    if action == "faq":
        assert of(effects, "faq")[0]["faq"] == "livraison"
    if action == "search":
        assert of(effects, "search")[0]["product"] == ["SAC2", "ROBE1"]


async def test_a_dialogue_keeps_its_thread_and_ends_as_the_tables_say(db: Database) -> None:
    case = case_of(id="talk", turns=["SAC2", UNCLEAR, "non en fait 3"])
    run = await play(db, case, [acts.JoinWaitlist("PAGNE4", 2)])
    assert [len(played.turned.effects) > 0 for played in run.turns] == [True, True, True]
    assert run.end["lines"] == [{"product": "SAC2", "quantity": 3}]
    assert run.end["notify"] == [{"product": "PAGNE4", "quantity": 2}]
    assert (run.end["escalated"], run.end["paid"], run.end["quote"]) == (False, False, False)


async def test_a_turn_tells_what_it_cost(db: Database) -> None:
    run = await play(db, case_of(turn=UNCLEAR), [acts.Greet()])
    assert (run.turns[0].calls, run.turns[0].tokens_in, run.turns[0].tokens_out) == (1, 200, 20)
    assert run.turns[0].model == "told"
    assert 0 < run.turns[0].seconds < 20


async def test_a_picture_and_a_place_are_messages_too(db: Database) -> None:
    for message in ("[image] vous avez ça ?", "[image]", "[location: 14.69,-17.44]"):
        run = await play(db, case_of(id=message, turn=message), [acts.Escalate("media", "")])
        assert run.turns[0].turned.effects
