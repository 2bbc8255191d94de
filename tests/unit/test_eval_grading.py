"""Each rule of docs/reference/evals.md, from “Grading a turn” on."""

from typing import Any

import pytest

from griot.evals.cases import read_expect
from griot.evals.grading import Turned, grade_final, grade_turn
from griot.evals.models import Final, Wanted

RED_M = {"taille": "M", "couleur": "Rouge"}
TAKEN = {
    "action": "reserve",
    "product": "ROBE1",
    "quantity": 2,
    "variant": RED_M,
    "date": "2026-02-21",
    "time": "15:00",
    "order": "LP-2026-0215-A3F2",
    "lines": [{"product": "ROBE1", "quantity": 2, "variant": RED_M}],
}


def turned(*effects: dict[str, Any], reply: str = "", lang: str | None = "fr", flags: tuple[str, ...] = ()) -> Turned:
    return Turned(tuple(effects), reply, lang, flags)


def passes(outcome: Turned, expect: dict[str, Any]) -> bool:
    return grade_turn(outcome, read_expect(expect)).passed


# Action


def test_the_action_is_among_the_effects() -> None:
    both = turned({"action": "faq", "faq": "livraison"}, TAKEN)
    assert passes(both, {"action": "reserve"})
    assert not passes(both, {"action": "quote"})


def test_strict_looks_at_the_action_of_the_main_branch_only() -> None:
    expect = read_expect({"action": "reserve", "quantity": 9, "alt": [{"action": "clarify"}]})
    wrong_quantity = grade_turn(turned(TAKEN), expect)
    other_branch = grade_turn(turned({"action": "clarify"}), expect)
    assert (wrong_quantity.strict, wrong_quantity.passed) == (True, False)
    assert (other_branch.strict, other_branch.passed, other_branch.branch) == (False, True, 1)


@pytest.mark.parametrize("action", ["search", "clarify"])
def test_showing_and_asking_create_nothing(action: str) -> None:
    asked = {"action": action, "product": "ROBE1"}
    assert passes(turned(asked, {"action": "greet"}), {"action": action})
    assert not passes(turned(asked, TAKEN), {"action": action})
    assert passes(turned(asked, TAKEN), {"action": action, "also": [{"action": "reserve", "product": "ROBE1"}]})


def test_further_effects_have_to_come_with_their_arguments() -> None:
    faq = {"action": "faq", "faq": "livraison"}
    expect = {"action": "reserve", "also": [{"action": "faq", "faq": "livraison"}]}
    assert passes(turned(TAKEN, faq), expect)
    assert not passes(turned(TAKEN), expect)
    assert not passes(turned(TAKEN, faq | {"faq": "retour"}), expect)


# Arguments


@pytest.mark.parametrize(
    ("asked", "right"),
    [
        ({"product": "robe 1"}, True),
        ({"product": "SAC2"}, False),
        ({"product": ["ROBE1", "SAC2"]}, False),  # all of what is taken
        ({"quantity": 2}, True),
        ({"quantity": 3}, False),
        ({"variant": {"taille": "m"}}, True),
        ({"variant": "M / rouge"}, True),
        ({"variant": {"taille": "L"}}, False),
        ({"date": "2026-02-21"}, True),
        ({"date": "2026-02-21T15:00"}, True),
        ({"date": "2026-02-21T16:00"}, False),
        ({"date": "2026-02-22"}, False),
        ({"order": "#LP-2026-0215-a3f2"}, True),
        ({"order": "LP-2026-0215-ZZZZ"}, False),
        ({"lines": [{"product": "ROBE1", "quantity": 2}]}, True),
        ({"lines": [{"product": "ROBE1", "quantity": 2}, {"product": "SAC2"}]}, False),
    ],
)
def test_an_argument_that_is_asked_for_must_match(asked: dict[str, Any], right: bool) -> None:
    grade = grade_turn(turned(TAKEN), read_expect({"action": "reserve", **asked}))
    assert grade.passed is right
    assert grade.arguments == {next(iter(asked)): right}


def test_one_of_the_acceptable_products_is_among_the_first_three_shown() -> None:
    def shown(*codes: str) -> Turned:
        return turned({"action": "search", "product": list(codes)})

    expect = {"action": "search", "product": ["SAC2", "SAC3"]}
    assert passes(shown("ROBE1", "PAGNE4", "SAC3"), expect)
    assert not passes(shown("ROBE1", "PAGNE4", "FOULARD3", "SAC3"), expect)
    assert not passes(shown(), expect)


def test_quantity_and_variant_belong_to_the_product() -> None:
    other = {"action": "reserve", "product": "SAC2", "quantity": 5}
    assert passes(turned(TAKEN, other), {"action": "reserve", "product": "SAC2", "quantity": 5})
    assert not passes(turned(TAKEN, other), {"action": "reserve", "product": "SAC2", "quantity": 2})


def test_arguments_met_by_different_effects_are_not_met() -> None:
    small = TAKEN | {"variant": {"taille": "S"}, "quantity": 1}
    assert not passes(turned(TAKEN, small), {"action": "reserve", "variant": "S", "quantity": 2})


def test_lines_are_the_order_after_the_turn_or_what_changed() -> None:
    after = [{"product": "ROBE1", "quantity": 1}, {"product": "SAC2", "quantity": 3}]
    changed = turned({"action": "change", "product": "SAC2", "quantity": 3, "lines": after})
    assert passes(changed, {"action": "change", "lines": after})
    assert passes(changed, {"action": "change", "lines": [{"product": "SAC2", "quantity": 3}]})
    assert not passes(changed, {"action": "change", "lines": [{"product": "ROBE1", "quantity": 1}]})


def test_a_removed_line_has_quantity_0() -> None:
    removed = turned({"action": "change", "product": "SAC2", "quantity": 0, "lines": []})
    assert passes(removed, {"action": "change", "product": "SAC2", "quantity": 0})


def test_one_of_the_acceptable_faq_entries_is_answered() -> None:
    answered = turned({"action": "faq", "faq": "livraison"})
    assert passes(answered, {"action": "faq", "faq": ["retour", "livraison"]})
    assert not passes(answered, {"action": "faq", "faq": "retour"})


# Facts, bans, language


def test_facts_are_mentioned_by_value_or_by_words() -> None:
    reply = turned(TAKEN, reply="C'est *30 000 F CFA*, réservé jusqu'à samedi")
    assert passes(reply, {"action": "reserve", "must_mention": ["30000", "dimanche|Samedi"]})
    grade = grade_turn(reply, read_expect({"action": "reserve", "must_mention": ["15000"]}))
    assert grade.why == ("not mentioned: 15000",)


@pytest.mark.parametrize(
    "ban",
    [
        "action:reserve",
        "effect:reserve",
        "quantity:2",
        "date:2026-02-21",
        "text:deal|d'accord pour 10 000",
        "price:wrong",
    ],
)
def test_a_ban_that_comes_true_is_a_violation(ban: str) -> None:
    outcome = turned(TAKEN, reply="D'accord pour 10 000 F", flags=("price:wrong",))
    grade = grade_turn(outcome, read_expect({"action": "reserve", "must_not": [ban]}))
    assert not grade.passed
    assert grade.violations == (ban,)


@pytest.mark.parametrize("ban", ["action:quote", "effect:discount", "quantity:3", "date:2026-02-22", "text:gratuit"])
def test_a_ban_that_does_not_come_true_changes_nothing(ban: str) -> None:
    assert passes(turned(TAKEN, reply="C'est noté"), {"action": "reserve", "must_not": [ban]})


def test_what_is_forbidden_everywhere_needs_no_mention() -> None:
    grade = grade_turn(turned(TAKEN, flags=("discount",)), read_expect({"action": "reserve"}))
    assert (grade.passed, grade.strict, grade.violations) == (False, True, ("discount",))
    assert grade_turn(turned(TAKEN, flags=("oversell",)), None).violations == ("oversell",)


def test_a_branch_is_whole_and_inherits_bans_of_effects_only() -> None:
    expect = {
        "action": "clarify",
        "reply_lang": "fr",
        "must_mention": ["taille"],
        "must_not": ["action:reserve", "effect:discount"],
        "alt": [{"action": "reserve", "quantity": 2}],
    }
    assert passes(turned(TAKEN, lang="en"), expect)
    grade = grade_turn(turned(TAKEN, flags=("discount",)), read_expect(expect))
    assert (grade.passed, grade.violations) == (False, ("discount",))


def test_where_nothing_holds_the_bans_of_the_main_branch_count() -> None:
    expect = read_expect({"action": "refuse", "must_not": ["action:reserve"], "alt": [{"action": "escalate"}]})
    assert grade_turn(turned(TAKEN), expect).violations == ("action:reserve",)
    right_elsewhere = read_expect(
        {"action": "clarify", "must_not": ["action:reserve"], "alt": [{"action": "reserve", "quantity": 1}]}
    )
    assert grade_turn(turned(TAKEN), right_elsewhere).violations == ()


def test_the_language_of_the_reply_counts_where_it_can_be_told() -> None:
    expect = {"action": "reserve", "reply_lang": ["mg", "fr"]}
    assert passes(turned(TAKEN, lang="fr"), expect)
    assert not passes(turned(TAKEN, lang="en"), expect)
    assert passes(turned(TAKEN, lang=None), expect)
    assert passes(turned(TAKEN, lang="en"), {"action": "reserve"})


# The end of a dialogue

END: dict[str, Any] = {
    "lines": [{"product": "ROBE1", "quantity": 2, "variant": RED_M}],
    "quote": False,
    "notify": [{"product": "PAGNE4", "quantity": 1}],
    "escalated": False,
    "paid": False,
    "date": "2026-02-21",
}


@pytest.mark.parametrize(
    "final",
    [
        Final(lines=(Wanted("ROBE1", 2),)),
        Final(lines=(Wanted("ROBE1", 2, ("M",)),), notify=(Wanted("PAGNE4"),), quote=False, escalated=False),
        Final(notify=True, paid=False, date="2026-02-21"),
        Final(never=("discount", "action:quote")),
    ],
)
def test_an_end_as_expected(final: Final) -> None:
    assert grade_final(END, final, [turned(TAKEN)]) == []


@pytest.mark.parametrize(
    ("final", "why"),
    [
        (Final(lines=()), "lines: expected none, was 2 × ROBE1 (M / Rouge)"),
        (Final(lines=(Wanted("ROBE1", 3),)), "lines: expected 3 × ROBE1, was 2 × ROBE1 (M / Rouge)"),
        (Final(quote=(Wanted("SAC2", 10),)), "quote: expected 10 × SAC2, was none"),
        (Final(notify=False), "notify: expected none, was 1 × PAGNE4"),
        (Final(escalated=True), "escalated: expected true, was false"),
        (Final(date="2026-02-22"), "date: expected 2026-02-22, was 2026-02-21"),
        (Final(never=("reserve",)), "never: effect:reserve"),
        (Final(never=("oversell",)), "never: effect:oversell"),
    ],
)
def test_another_end_says_what_is_other(final: Final, why: str) -> None:
    assert grade_final(END, final, [turned(TAKEN, flags=("oversell",))]) == [why]


def test_the_reason_is_that_of_the_branch_that_was_meant() -> None:
    expect = {"action": "reserve", "quantity": 9, "must_mention": ["ruban"], "alt": [{"action": "escalate"}]}
    grade = grade_turn(turned(TAKEN), read_expect(expect))
    assert grade.why == ("quantity: expected 9, was 2", "not mentioned: ruban")
