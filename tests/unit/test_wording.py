"""A shop's own words: what may be changed, what may not, and nothing that reaches further than its text."""

import pytest

from griot.core.texts import LANGUAGES, filled, house_text, house_words, placeholders, speak_as, text
from griot.tools.shops.wording import LONGEST, Unfit, check, wordable


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", wordable())
def test_what_may_be_worded_has_samples_and_the_houses_words_pass(language: str, name: str) -> None:
    known = wordable()[name]
    house = house_text(language, name)
    assert placeholders(house) == known.sample.keys() >= known.optional
    assert check(language, name, house) == house.strip()
    assert filled(house, known.sample)


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("", "empty"),
        (" \n ", "empty"),
        ("a" * (LONGEST + 1), "long"),
        ("\n".join("abcdefghijklm"), "lines"),
        ("<b>{shop}</b>", "markup"),
        ("[ici](https://x.example)", "markup"),
        ("Salut\u202e {shop}", "markup"),
        ("Salut \x00", "markup"),
        ("&lt;script", "markup"),
        ("Salut {", "braces"),
        ("Salut {0}", "braces"),
        ("Salut {}", "braces"),
        ("Salut {{shop}}", "braces"),
        ("Salut {shop!r}", "braces"),
        ("Salut {shop:9999999}", "braces"),
        ("Salut {shop.__class__}", "braces"),
        ("Salut {shop[0]}", "braces"),
        ("Salut {total}", "unknown"),
        ("Tout à 15 000 F CFA", "amount"),
        ("Tout à 15000f", "amount"),
        ("Rien que 5 €", "amount"),
        ("€5", "amount"),
        ("{code} F CFA", "amount"),
        ("$ {code}", "amount"),
        ("50 000 Ariary", "amount"),
    ],
)
def test_words_that_cannot_be_used_are_refused(words: str, problem: str) -> None:
    with pytest.raises(Unfit) as refused:
        check("fr", "conversation.greet", words)
    assert refused.value.problem == problem


def test_what_buyers_need_stays_in() -> None:
    with pytest.raises(Unfit) as refused:
        check("fr", "conversation.pay_link", "Paie vite, il reste {left} {deposit}")
    assert (refused.value.problem, refused.value.detail) == ("missing", "url")


@pytest.mark.parametrize("words", ["Salut !", "Chez {shop}, dès 9 h : envoie {code} 👋", "Ouvert 7 j/7, 24 h/24"])
def test_plain_words_are_taken(words: str) -> None:
    assert check("fr", "conversation.greet", words) == words


def test_own_words_are_said_where_the_shop_speaks_and_nowhere_else() -> None:
    values = {"shop": "Chez Awa", "code": "ROBE1"}
    house = text("fr", "conversation.greet", **values)
    with house_words():
        speak_as({"fr": {"conversation.greet": "Ici {shop} !"}})
        assert text("fr", "conversation.greet", **values) == "Ici Chez Awa !"
        assert text("wo", "conversation.greet", **values) == "Ici Chez Awa !"  # an unknown language is French
        assert "Chez Awa" in text("en", "conversation.greet", **values) != "Ici Chez Awa !"
        with house_words():
            assert text("fr", "conversation.greet", **values) == house
        assert text("fr", "conversation.greet", **values) == "Ici Chez Awa !"
    assert text("fr", "conversation.greet", **values) == house


def test_words_that_ask_for_what_is_not_there_any_more_give_way_to_the_houses() -> None:
    with house_words():
        speak_as({"fr": {"conversation.greet": "Ici {shop}, {gone} !"}})
        assert text("fr", "conversation.greet", shop="Awa", code="R1") == filled(
            house_text("fr", "conversation.greet"), {"shop": "Awa", "code": "R1"}
        )


def test_a_value_in_own_words_is_never_read_as_a_template() -> None:
    with house_words():
        speak_as({"fr": {"conversation.greet": "Ici {shop}"}})
        assert text("fr", "conversation.greet", shop="{code.__class__}", code="R1") == "Ici {code.__class__}"
