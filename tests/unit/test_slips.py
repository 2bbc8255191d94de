"""Messages too short to think about are told apart from those that are not, and never change anything by themselves."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from briefs import CODES, held, item, scene
from griot.agent.reading import Reading, ReadingContext, Utterance, read
from griot.agent.slips import Slip, slip
from mind_world import NOW

UNCERTAIN = Reading((), None, False)
ONE = held(item("GAT1", 2))
TWO = held(item("GAT1"), item("SAC2"))
PAYING = held(item("GAT1"), status="awaiting_payment")


def slipped(text: str | None, **known: Any) -> Slip | None:
    return slip(scene(text, **known), UNCERTAIN)


@pytest.mark.parametrize("text", ["👍", "🔥🔥🔥", "...", "!!", "❤️", "-"])
def test_signs_alone_say_nothing(text: str) -> None:
    assert slipped(text) == Slip("noise")


@pytest.mark.parametrize("text", ["?", "??", "🤔?", "?!"])
def test_a_question_mark_alone_asks_where_things_stand(text: str) -> None:
    assert slipped(text) == Slip("state")


@pytest.mark.parametrize("text", ["3", "x3", "3 svp", "ok 3", "juste 3", "3 please", "3 azafady", "3!", "= 3"])
def test_a_number_alone_may_be_how_many_of_the_one_article_that_is_held(text: str) -> None:
    assert slipped(text, orders=(ONE,)) == Slip("number", 3)


def test_a_plus_adds_to_what_is_held() -> None:
    assert slipped("+1", orders=(ONE,)) == Slip("number", 3)
    assert slipped("+ 2 svp", orders=(ONE,)) == Slip("number", 4)


@pytest.mark.parametrize("orders", [(), (TWO,), (PAYING,)])
def test_a_number_that_could_be_of_several_things_or_of_none_is_thought_about(orders: tuple[Any, ...]) -> None:
    assert slipped("3", orders=orders) is None


def test_a_number_for_what_has_run_out_is_thought_about() -> None:
    over = replace(ONE, expires_at=NOW - timedelta(seconds=1))
    assert slipped("3", orders=(over,)) is None


@pytest.mark.parametrize("text", ["0", "1000", "3 robes", "3 pour samedi", "77 123 45 67", "15000"])
def test_what_is_more_than_a_small_number_is_thought_about(text: str) -> None:
    assert slipped(text, orders=(ONE,)) is None


@pytest.mark.parametrize("text", ["ROBE9", "robe9", "ROBE 9", "ROBE-9", "robe.9", "GAT99 !", "XYZ7"])
def test_a_code_that_does_not_exist_is_told_at_once(text: str) -> None:
    assert slipped(text) == Slip("code")


@pytest.mark.parametrize("text", ["dans 5", "vers 16", "pour 8", "tu en as 5", "je veux ROBE9", "le 21"])
def test_a_word_and_a_number_are_no_code_when_the_shop_sells_nothing_of_that_name(text: str) -> None:
    assert slipped(text) is None


MEANS = {"kind": "means", "order": PAYING.id, "means": ["wave", "orange_money"]}


@pytest.mark.parametrize("text", ["wvae", "oragne", "celui là"])
def test_a_slip_of_the_thumb_is_asked_about_once(text: str) -> None:
    assert slipped(text, orders=(PAYING,), asked=MEANS) == Slip("means")
    assert slipped(text, orders=(PAYING,), asked={**MEANS, "repeated": True}) is None


def test_what_is_long_or_about_an_order_that_is_over_is_no_slip() -> None:
    assert slipped("je préfère payer à la livraison", orders=(PAYING,), asked=MEANS) is None
    assert slipped("wvae", orders=(), asked=MEANS) is None


def test_what_the_reader_is_certain_of_is_never_a_slip() -> None:
    certain = read((Utterance("text", "SAC2"),), ReadingContext(codes=CODES))
    assert certain.certain and slip(scene("SAC2"), certain) is None


def test_only_a_single_message_with_words_can_be_one() -> None:
    assert slip(scene("3", "👍", orders=(ONE,)), UNCERTAIN) is None
    assert slip(scene(None, orders=(ONE,)), UNCERTAIN) is None
    assert slip(scene("", orders=(ONE,)), UNCERTAIN) is None
