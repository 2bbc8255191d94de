"""The amounts of an answer are compared by value: no other price passes for a known one, no spelling is a lie."""

import pytest

from briefs import scene
from griot.agent.guarding import guard
from griot.agent.models import Draft
from griot.channels.model import Reply
from griot.core.money import amounts


def draft(text: str, *facts: str) -> Draft:
    return Draft("said", (Reply(text),), facts=facts)


@pytest.mark.parametrize(
    "text", ["15 000 F CFA", "15000 F CFA", "15\u00a0000\u00a0F CFA", "15\u202f000 F CFA", "15.000 F CFA"]
)
def test_an_amount_is_the_same_however_it_is_spaced(text: str) -> None:
    assert amounts(f"Elle coûte {text}.") == {("15000", "F CFA")}


def test_a_number_beside_an_amount_is_not_part_of_it() -> None:
    assert amounts("ROBE1 15 000 F CFA, dès 10 4 500 F CFA") == {("15000", "F CFA"), ("4500", "F CFA")}


def test_cents_count_and_currencies_differ() -> None:
    assert amounts("12,50 € et 12,5 €") == {("12.5", "€")}
    assert amounts("50 000 Ar") != amounts("50 000 F CFA")


@pytest.mark.parametrize("text", ["5 000 F CFA", "15 F CFA", "150 000 F CFA", "15 000 €", "0 F CFA"])
def test_a_part_of_a_known_amount_is_not_known(text: str) -> None:
    assert not guard(draft(f"Elle coûte {text}.", "15 000 F CFA"), scene("combien ?"))


def test_what_the_tools_or_the_shops_answers_gave_may_leave() -> None:
    assert guard(draft("Elle coûte 15000 F CFA, livraison 1 500 F CFA.", "15 000 F CFA"), scene("combien ?"))
    assert guard(draft("Sans aucun prix."), scene("combien ?"))
