"""Whoever chose it, a code, an option, a quantity or a date is only believed when the shop knows it."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from griot.agent import acts
from griot.agent.mind.arguments import DECIDING
from griot.agent.mind.deciding import decision, to_acts
from griot.agent.mind.models import Brief, ToolChoice, Usage
from mind_world import SHOP, brief, order

FRESH = brief("bonjour")


def decide(name: str, args: dict[str, Any] | None = None, about: Brief = FRESH) -> tuple[acts.Act, ...]:
    return to_acts([ToolChoice(name, args or {})], about)


def test_a_code_is_found_however_it_is_written() -> None:
    for written in ("ROBE1", "robe 1", "Robe-1", "robe1"):
        assert decide("show_products", {"codes": [written]}) == (acts.Show(("ROBE1",)),)


def test_a_code_the_shop_does_not_have_becomes_a_question() -> None:
    assert decide("hold", {"lines": [{"code": "ROBE9", "quantity": 1}]}) == (acts.Clarify("product"),)
    assert decide("show_products", {"codes": ["NOPE7"]}) == (acts.Clarify("product"),)


def test_a_model_may_only_name_products_it_was_shown() -> None:
    choice = ToolChoice("hold", {"lines": [{"code": "SAC2", "quantity": 1}]})
    assert to_acts([choice], FRESH, known={"ROBE1"}) == (acts.Clarify("product"),)
    assert to_acts([choice], FRESH, known={"SAC2"}) == (acts.Take("SAC2", 1),)


def test_one_unknown_line_does_not_lose_the_others() -> None:
    lines = [{"code": "SAC2", "quantity": 2}, {"code": "ROBE9"}]
    assert decide("hold", {"lines": lines}) == (acts.Take("SAC2", 2), acts.Clarify("product"))


@pytest.mark.parametrize(
    "options",
    [
        {"Taille": "m", "COULEUR": "Bleu"},
        {"size": "M", "color": "bleue"},
        {"couleur": "bleue", "taille": "M"},
        ["M", "bleu"],
    ],
)
def test_options_are_matched_to_those_of_the_product(options: Any) -> None:
    taken = decide("hold", {"lines": [{"code": "ROBE1", "quantity": 1, "options": options}]})
    assert taken == (acts.Take("ROBE1", 1, {"taille": "M", "couleur": "bleu"}),)


def test_an_option_that_is_not_on_offer_is_asked_about() -> None:
    line = {"code": "ROBE1", "options": {"couleur": "violet"}}
    assert decide("hold", {"lines": [line]}) == (acts.Clarify("variant", ("ROBE1",)),)


def test_a_product_of_one_kind_takes_no_options() -> None:
    line = {"code": "SAC2", "quantity": 1, "options": {"couleur": "noir"}}
    assert decide("hold", {"lines": [line]}) == (acts.Take("SAC2", 1),)


def test_a_quantity_beyond_reason_is_confirmed_first_and_then_believed() -> None:
    thousand = {"lines": [{"code": "SAC2", "quantity": 1000}]}
    assert decide("hold", thousand) == (acts.Clarify("confirm_quantity", ("SAC2",), 1000),)
    confirmed = brief("oui", asked={"kind": "confirm_quantity", "code": "SAC2", "quantity": 1000})
    assert decide("hold", thousand, confirmed) == (acts.Take("SAC2", 1000),)


def test_no_quantity_below_one_is_held() -> None:
    for quantity in (0, -3):
        line = {"code": "SAC2", "quantity": quantity}
        assert decide("hold", {"lines": [line]}) == (acts.Clarify("quantity", ("SAC2",)),)


def test_none_of_what_is_held_gives_it_up() -> None:
    holding = brief("finalement pas de sac", orders=(order("LP-1", "SAC2"),))
    assert decide("hold", {"lines": [{"code": "SAC2", "quantity": 0}]}, holding) == (acts.Cancel(code="SAC2"),)


def test_the_same_article_twice_adds_up() -> None:
    lines = [{"code": "SAC2", "quantity": 1}, {"code": "sac 2", "quantity": 2}]
    assert decide("hold", {"lines": lines}) == (acts.Take("SAC2", 3),)


def test_a_day_goes_with_the_order() -> None:
    args = {"lines": [{"code": "GAT1", "quantity": 2}], "wanted_on": "2026-11-21", "wanted_at": "15h"}
    assert decide("hold", args) == (acts.Take("GAT1", 2), acts.WantedOn(date(2026, 11, 21), "15:00"))


@pytest.mark.parametrize("day", ["2026-11-19", "2031-01-01", "samedi", "2026-13-45"])
def test_an_impossible_day_is_asked_about(day: str) -> None:
    assert decide("wanted_on", {"on": day}) == (acts.Clarify("date"),)
    assert decide("hold", {"lines": [{"code": "GAT1"}], "wanted_on": day}) == (acts.Clarify("date"),)


def test_a_means_that_the_shop_does_not_take_shows_those_it_does() -> None:
    assert decide("pay", {"means": "Wave"}) == (acts.ChooseMeans("wave"),)
    assert decide("pay", {"means": "card"}) == (acts.Pay(at_once=True),)
    assert decide("pay", {"means": "bitcoin"}) == (acts.Pay(at_once=True),)
    assert decide("pay") == (acts.Pay(at_once=True),)


def test_a_reference_opens_the_buyers_own_orders_only() -> None:
    own = brief("où en est ma commande ?", orders=(order("LP-2026-0215-A3F2", "SAC2"),))
    asked = decide("order_status", {"reference": "#lp 2026-0215-a3f2"}, own)
    assert asked == (acts.OrderStatus("LP-2026-0215-A3F2"),)
    assert decide("order_status", {"reference": "LP-2026-0101-ZZZZ"}, own) == (acts.OrderStatus(None),)


def test_only_answers_that_the_shop_has_are_sent() -> None:
    assert decide("answer_faq", {"key": "Livraison"}) == (acts.AnswerFaq("livraison"),)
    assert decide("answer_faq", {"key": "remise"}) == ()


def test_an_offer_is_accepted_only_when_there_is_one() -> None:
    assert decide("accept_quote") == (acts.Clarify("what"),)


def test_an_intake_keeps_the_fields_of_its_kind() -> None:
    fields = {"district": "Mermoz", "landmark": "  en face  de la pharmacie", "price": "0"}
    kept = {"district": "Mermoz", "landmark": "en face de la pharmacie"}
    assert decide("intake", {"kind": "address", "fields": fields}) == (acts.Intake("address", kept),)
    assert decide("intake", {"kind": "address", "fields": {}}) == (acts.Clarify("address"),)
    slot = {"date": "2026-11-23", "time": "9h30"}
    assert decide("intake", {"kind": "slot", "fields": slot}) == (
        acts.Intake("slot", {"date": "2026-11-23", "time": "09:30"}),
    )
    assert decide("intake", {"kind": "slot", "fields": {}}) == (acts.Clarify("date"),)


def test_what_a_model_adds_on_its_own_is_not_read() -> None:
    """No tool has a price, a discount, a shop or a buyer: naming one changes nothing."""
    line = {"code": "SAC2", "quantity": 1, "price": 1, "discount": 90, "shop_id": 2}
    assert decide("hold", {"lines": [line], "total": 1, "customer_id": 9}) == (acts.Take("SAC2", 1),)


def test_one_question_at_a_time() -> None:
    choices = [ToolChoice("clarify", {"question": "product"}), ToolChoice("clarify", {"question": "date"})]
    assert to_acts(choices, FRESH) == (acts.Clarify("product"),)


def test_words_too_long_for_a_message_are_not_said() -> None:
    assert decide("say", {"text": " Avec plaisir ! "}) == (acts.Say("Avec plaisir !"),)
    assert decide("say", {"text": "la " * 1000}) == ()


def test_a_large_quote_is_made_where_a_large_hold_is_confirmed() -> None:
    made = decide("quote", {"lines": [{"code": "GAT1", "quantity": 150}], "wanted_on": "2026-12-24"})
    assert made == (acts.Quote((acts.Wanted("GAT1", 150),), date(2026, 12, 24)),)


def test_an_upset_buyer_is_noted_and_nothing_to_do_means_a_human() -> None:
    from griot.agent.mind.deciding import decision
    from griot.agent.mind.models import Usage

    assert decision((acts.Escalate("angry", "…"),), FRESH, Usage("x")).sentiment == "frustrated"
    assert decision((), FRESH, Usage("x")).acts == (acts.Escalate("unknown"),)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NAMES = sorted({name for shape, _ in DECIDING.values() for name in shape.model_fields})


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([*DECIDING, "say", "nonsense"]), st.dictionaries(st.sampled_from(NAMES), JSON, max_size=4))
def test_nothing_a_model_writes_can_raise(name: str, args: dict[str, Any]) -> None:
    for act in decide(name, args):
        assert not (isinstance(act, acts.Take) and act.quantity is not None and act.quantity > SHOP.max_quantity)


def test_a_shop_for_businesses_takes_larger_numbers() -> None:
    b2b = replace(FRESH, shop=replace(SHOP, max_quantity=10_000))
    assert decide("hold", {"lines": [{"code": "SAC2", "quantity": 500}]}, b2b) == (acts.Take("SAC2", 500),)


@pytest.mark.parametrize(
    ("text", "sentiment"),
    [("vite svp c'est urgent !!!", "hurried"), ("vous livrez à Thiès ?", "neutral")],
)
def test_who_is_called_is_told_how_the_buyer_sounds(text: str, sentiment: str) -> None:
    told = decision((acts.Escalate("unknown"),), replace(FRESH, text=text), Usage("x"))
    assert told.sentiment == sentiment
    assert told.acts == (acts.Escalate("unknown", sentiment=sentiment),)
