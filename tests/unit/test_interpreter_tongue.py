"""The language to answer in: the message's when it tells, else the thread's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from griot.agent.interpreter.tongue import language_of


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        (
            "fr",
            "je voudrais la robe rouge | c koi le prix stp | slt jvx 2 gato | vous livrez à Mermoz ? | merci beaucoup",
        ),
        ("mg", "manao ahoana tompoko | ohatrinona ny akanjo | te hividy roa aho azafady | misy ve ny mena ?"),
        ("en", "how much is the red dress | do you deliver? | I would like two please | can I pay tomorrow"),
        ("fr", "nanga def, naata la sac bi ? | dama bëgg robe bi, yaangi am M ?"),  # Wolof is answered in French
    ],
)
def test_a_sentence_tells_its_language(language: str, texts: str) -> None:
    for text in texts.split(" | "):
        assert language_of(text) == language, text


@pytest.mark.parametrize("text", ["", "ROBE1", "3", "👍", "ROBE1 x2", "77 123 45 67", "?!", "M"])
def test_codes_numbers_and_signs_tell_nothing(text: str) -> None:
    assert language_of(text) is None


@pytest.mark.parametrize("before", ["fr", "mg", "en"])
def test_a_code_leaves_the_language_of_the_thread_alone(before: str) -> None:
    assert language_of("ROBE1", before) in (None, before)


@pytest.mark.parametrize("text", ["ok", "stop", "top", "no", "Orange Money"])
def test_a_word_of_every_language_stays_in_that_of_the_thread(text: str) -> None:
    assert language_of(text, "fr") in (None, "fr")


def test_a_clear_sentence_changes_the_language_of_the_thread() -> None:
    assert language_of("do you have this in blue please?", "fr") == "en"
    assert language_of("azafady, ohatrinona ny vidiny ?", "fr") == "mg"


def test_an_unknown_language_of_the_thread_is_no_hindrance() -> None:
    assert language_of("je voudrais la robe rouge", "wo") == "fr"


@given(st.text(max_size=200))
def test_any_text_has_one_of_our_languages_or_none(text: str) -> None:
    assert language_of(text) in ("fr", "mg", "en", None)
