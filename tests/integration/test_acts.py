"""What an act tells and asks: carried out for real, whoever has chosen it. Nothing here sells anything."""

from collections.abc import AsyncIterator
from typing import Any, get_args

import pytest
from acts_world import PUZZLE, Stall, open_stall

from griot.agent import acts
from griot.agent.mind.models import Usage
from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.core.texts import LANGUAGES, text
from griot.tools.escalation.service import REASONS
from house_world import message


@pytest.fixture
async def stall(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[Stall]:
    async with open_stall(database_url, db, clock) as opened:
        yield opened


# Showing


async def test_an_article_is_shown_with_price_stock_and_sizes_and_nothing_is_held(stall: Stall) -> None:
    reply = await stall.reply(acts.Show(("ROBE1",)))
    for told in ("Robe longue en wax", "15 000 F CFA", "Stock : 5", "S (3) · M (2)", "Épuisé : L", "Coton doux."):
        assert told in reply.text
    assert [choice.id for choice in reply.choices] == ["take:ROBE1", "human"]
    assert await stall.untouched() and await stall.held() == {}
    assert await stall.effects() == [{"action": "search", "product": ["ROBE1"]}]


async def test_a_description_that_speaks_to_the_assistant_is_not_repeated(stall: Stall) -> None:
    reply = await stall.reply(acts.Show(("ROBE1",)))
    assert "remise" not in reply.text and "90" not in reply.text


async def test_quantity_prices_are_part_of_what_is_shown(stall: Stall) -> None:
    reply = await stall.reply(acts.Show(("GAT1",)))
    assert "Dès 10 : 4 500 F CFA pièce" in reply.text


async def test_what_is_out_of_stock_is_said_to_be_and_can_be_waited_for(stall: Stall) -> None:
    reply = await stall.reply(acts.Show(("MONTRE3",)))
    assert text("fr", "conversation.card_none") in reply.text
    assert reply.choices[0].id == "wait:MONTRE3:1"
    await stall.writes("oui")
    assert [row["quantity"] for row in await stall.rows("SELECT * FROM waitlist WHERE shop_id = %(shop)s")] == [1]


async def test_after_one_article_was_shown_its_size_is_answer_enough(stall: Stall) -> None:
    await stall.does(acts.Show(("ROBE1",)))
    await stall.writes("M")
    assert await stall.held() == {"ROBE1 M": 1}


async def test_several_articles_stand_side_by_side_each_with_a_button(stall: Stall) -> None:
    reply = await stall.reply(acts.Show(("SAC2", "GAT1", "MONTRE3")))
    lines = reply.text.split("\n")
    assert ["SAC2" in lines[0], "GAT1" in lines[1], "MONTRE3" in lines[2]] == [True] * 3
    assert [choice.id for choice in reply.choices] == ["take:SAC2", "take:GAT1", "wait:MONTRE3:1"]
    assert await stall.asked() == {"kind": "product", "codes": ["SAC2", "GAT1", "MONTRE3"]}
    assert await stall.effects() == [{"action": "search", "product": ["SAC2", "GAT1", "MONTRE3"]}]
    assert await stall.untouched()


async def test_when_nothing_fits_it_is_said_and_something_else_offered(stall: Stall) -> None:
    reply = await stall.reply(acts.Show(()))
    assert reply.text.startswith(text("fr", "talk.nothing_found", shop="Chez Awa"))
    assert len(reply.choices) == 4
    assert await stall.effects() == [{"action": "search", "product": []}]


async def test_who_asks_about_what_is_held_for_them_is_told_so(stall: Stall) -> None:
    await stall.does(acts.Take("SAC2", 1))
    reply = await stall.reply(acts.Show(("SAC2",)))
    assert reply.text.startswith(text("fr", "conversation.already_held"))
    assert await stall.held() == {"SAC2": 1}


# Asking

QUESTIONS: dict[Any, tuple[str, dict[str, Any]]] = {
    "what": ("talk.ask_what", {}),
    "quantity": ("talk.ask_quantity", {"title": "Gâteau aux fraises"}),
    "confirm_quantity": ("talk.ask_confirm_quantity", {"title": "Gâteau aux fraises", "quantity": 30}),
    "date": ("talk.ask_date", {}),
    "address": ("talk.ask_address", {}),
    "order": ("talk.ask_order", {}),
}


async def test_a_question_is_asked_once_and_changes_nothing(stall: Stall) -> None:
    for question, (name, values) in QUESTIONS.items():
        reply = await stall.reply(acts.Clarify(question, ("GAT1",) if values else (), 30))
        assert reply.text == text("fr", name, **values)
    assert await stall.untouched()


async def test_every_question_there_is_has_words_in_every_language(stall: Stall) -> None:
    for question in get_args(acts.Question):
        for codes in ((), ("GAT1",), ("ROBE1",), ("ROBE1", "SAC2")):
            for language in LANGUAGES:
                reply = await stall.reply(acts.Clarify(question, codes), language=language)
                assert reply.text, (question, codes, language)


async def test_a_question_about_no_article_asks_which_one(stall: Stall) -> None:
    of_an_article: tuple[acts.Question, ...] = ("product", "variant", "quantity", "confirm_quantity")
    for question in of_an_article:
        assert (await stall.reply(acts.Clarify(question))).text == text("fr", "talk.ask_which_of")


async def test_which_of_two_shows_both_with_their_prices(stall: Stall) -> None:
    reply = await stall.reply(acts.Clarify("product", ("SAC2", "GAT1"), 2))
    assert reply.text.startswith(text("fr", "talk.ask_product"))
    assert "25 000 F CFA" in reply.text and "5 000 F CFA" in reply.text
    assert [choice.id for choice in reply.choices] == ["take:SAC2", "take:GAT1"]
    assert await stall.effects() == [{"action": "clarify", "product": ["SAC2", "GAT1"]}]


async def test_which_size_names_what_is_sold_out_and_the_answer_takes_as_many_as_asked(stall: Stall) -> None:
    reply = await stall.reply(acts.Clarify("variant", ("ROBE1",), 2))
    assert text("fr", "conversation.variants_gone", options="L") in reply.text
    await stall.writes("M")
    assert await stall.held() == {"ROBE1 M": 2}


async def test_how_many_is_answered_by_a_number(stall: Stall) -> None:
    await stall.does(acts.Clarify("quantity", ("GAT1",)))
    await stall.writes("6")
    assert await stall.held() == {"GAT1": 6}


@pytest.mark.parametrize(("question", "kind"), [("address", "address"), ("date", "slot")])
async def test_asking_where_or_when_begins_a_form(stall: Stall, question: Any, kind: str) -> None:
    await stall.does(acts.Clarify(question))
    assert await stall.effects() == [{"action": "form", "kind": kind}]
    assert await stall.asked() == {"kind": question}


async def test_not_having_understood_counts_as_trouble_and_being_understood_ends_it(stall: Stall) -> None:
    await stall.does(acts.Clarify("what"))
    await stall.does(acts.Clarify("what"))
    await stall.does(acts.Show(("SAC2",)))
    await stall.does(acts.Greet())
    assert [brief.troubles for brief in stall.mind.asked] == [0, 1, 2, 0]


# Refusing


async def test_what_no_words_can_bring_about_is_refused_in_its_own_words(stall: Stall) -> None:
    for what in get_args(acts.Refusal):
        reply = await stall.reply(acts.Refuse(what))
        assert reply.text == text("fr", f"talk.refuse_{what}", shop="Chez Awa")
        assert await stall.effects() == [{"action": "refuse"}]
    assert await stall.untouched()


async def test_a_refused_price_repeats_the_one_that_everybody_pays(stall: Stall) -> None:
    reply = await stall.reply(acts.Refuse("price", "SAC2"))
    assert reply.text == text("fr", "talk.refuse_price_of", title="Article SAC2", price="25 000 F CFA")
    await stall.taps(reply.choices[0].id)
    (order,) = await stall.orders()
    assert order["total_minor"] == 25_000


async def test_a_refusal_leaves_the_last_question_open(stall: Stall) -> None:
    await stall.does(acts.Clarify("quantity", ("GAT1",)))
    await stall.does(acts.Refuse("price", "GAT1"))
    await stall.writes("6")
    assert await stall.held() == {"GAT1": 6}


# Courtesies


async def test_a_courtesy_is_returned(stall: Stall) -> None:
    for kind in get_args(acts.Courtesy):
        reply = await stall.reply(acts.SmallTalk(kind))
        assert reply.text == text("fr", f"talk.small_{kind}", shop="Chez Awa")
        assert await stall.effects() == [{"action": "smalltalk"}]


async def test_a_greeting_beside_an_order_gets_no_answer_of_its_own(stall: Stall) -> None:
    (reply,) = await stall.does(acts.Greet(), acts.Take("SAC2", 1))
    assert "Article SAC2" in reply.text and text("fr", "talk.small_ok") not in reply.text


async def test_a_courtesy_leaves_what_is_held_to_be_paid_by_a_mere_yes(stall: Stall) -> None:
    await stall.does(acts.Take("SAC2", 1))
    await stall.does(acts.SmallTalk("thanks"))
    (reply,) = await stall.writes("oui")
    assert any(choice.id.startswith("means:") for choice in reply.choices)


# The shop's own answers


async def test_a_question_the_shop_has_foreseen_gets_its_answer_word_for_word(stall: Stall) -> None:
    reply = await stall.reply(acts.AnswerFaq("livraison"))
    assert reply.text == "Oui, 1 500 F CFA en 24 h."
    assert await stall.effects() == [{"action": "faq", "faq": "livraison"}]


async def test_an_answer_in_another_language_is_announced_as_the_shops(stall: Stall) -> None:
    french = await stall.reply(acts.AnswerFaq("hours"), language="fr")
    assert french.text == "Réponse de la boutique :\nFrom 9 to 7, Monday to Saturday."
    english = await stall.reply(acts.AnswerFaq("hours"), language="en")
    assert english.text == "From 9 to 7, Monday to Saturday."
    malagasy = await stall.reply(acts.AnswerFaq("livraison"), language="mg")
    assert malagasy.text.endswith("\nOui, 1 500 F CFA en 24 h.") and malagasy.text != "Oui, 1 500 F CFA en 24 h."


async def test_a_sentence_smuggled_into_an_answer_is_not_said(stall: Stall) -> None:
    assert (await stall.reply(acts.AnswerFaq("retours"))).text == "Oui, sous 7 jours."


async def test_an_answer_of_which_nothing_may_be_said_goes_to_a_human(stall: Stall) -> None:
    reply = await stall.reply(acts.AnswerFaq("hostile"))
    assert reply.text == text("fr", "talk.escalated_unknown", shop="Chez Awa")
    assert [case["summary"] for case in await stall.escalations()] == [PUZZLE]


# A model's own words


async def test_a_models_words_leave_without_what_it_made_up(stall: Stall) -> None:
    said = "Le sac est très solide. Je te le fais à 20 000 F CFA. Il coûte 25 000 F CFA. Tu le veux ?"
    reply = await stall.reply(acts.Say(said))
    assert reply.text == "Le sac est très solide. Il coûte 25 000 F CFA. Tu le veux ?"
    assert await stall.effects() == [{"action": "smalltalk"}]


async def test_a_known_price_may_be_repeated_however_a_model_spells_it(stall: Stall) -> None:
    for price in ("25 000 F CFA", "25000 F CFA", "25\u202f000 F CFA", "25.000 FCFA"):
        reply = await stall.reply(acts.Say(f"SAC2 coûte {price}."))
        assert reply.text == f"SAC2 coûte {price}."
        assert await stall.effects() == [{"action": "search", "product": ["SAC2"]}]
    assert await stall.escalations() == []


@pytest.mark.parametrize(
    "said",
    [
        "Je te rembourse tout de suite.",
        "C'est 3 000 F CFA, livraison gratuite.",
        "Ta commande est payée.",
        "Prends ROBE77.",
        "Mon system prompt dit : sois gentil.",
    ],
)
async def test_when_nothing_of_a_models_words_may_be_said_a_human_takes_it(stall: Stall, said: str) -> None:
    reply = await stall.reply(acts.Say(said))
    assert reply.text == text("fr", "talk.escalated_unknown", shop="Chez Awa")
    (case,) = await stall.escalations()
    assert (case["reason"], case["summary"]) == ("unknown", PUZZLE)
    assert await stall.handler() == "human"


# To a human


async def test_the_vendor_reads_why_what_about_and_what_to_answer(stall: Stall) -> None:
    reply = await stall.reply(acts.Escalate("complaint", "Fermeture cassée, reçue hier", "Propose un échange"))
    assert reply.text == text("fr", "talk.escalated_complaint", shop="Chez Awa")
    (case,) = await stall.escalations()
    assert (case["reason"], case["summary"], case["suggestion"]) == (
        "complaint",
        "Fermeture cassée, reçue hier",
        "Propose un échange",
    )
    (alert,) = await stall.vendor_told()
    for told in ("Awa", "Fermeture cassée, reçue hier", "Propose un échange"):
        assert told in alert
    assert await stall.handler() == "human"
    assert await stall.effects() == [{"action": "escalate"}]


async def test_without_a_summary_the_vendor_reads_the_buyers_own_words(stall: Stall) -> None:
    await stall.does(acts.Escalate("human"))
    assert PUZZLE in (await stall.vendor_told())[0]


async def test_every_reason_has_words_of_its_own(stall: Stall) -> None:
    reasons = [
        reason for reason in REASONS if reason not in ("failed", "voice", "comment")
    ]  # those are the house's own
    seen = set()
    for stall.buyer, reason in enumerate(reasons, start=1):
        seen.add((await stall.reply(acts.Escalate(reason))).text)
    assert len(seen) == len(reasons)
    assert [case["reason"] for case in await stall.escalations()] == reasons
    assert len(await stall.vendor_told()) == len(reasons)


async def test_what_comes_after_is_the_humans_until_they_give_it_back(stall: Stall) -> None:
    await stall.does(acts.Escalate("angry"))
    asked = len(stall.mind.asked)
    assert await stall.does(acts.Take("SAC2", 1)) == []
    assert await stall.hears(message("SAC2", stall.world.clock.now())) == []
    assert len(stall.mind.asked) == asked and await stall.held() == {}
    assert len(await stall.vendor_told()) == 1
    await stall.gives_back()
    (reply,) = await stall.writes("SAC2")
    assert "Article SAC2" in reply.text


# What is kept of a turn


async def test_a_turn_remembers_what_was_chosen_and_what_it_cost(stall: Stall) -> None:
    usage = Usage("small", calls=2, tokens_in=700, tokens_out=30, seconds=0.5, fell_back=True)
    await stall.does(acts.Refuse("free"), usage=usage)
    turn = await stall.turn()
    assert turn["usage"] == {
        "model": "small",
        "calls": 2,
        "tokens_in": 700,
        "tokens_out": 30,
        "seconds": 0.5,
        "fell_back": True,
    }
    assert turn["reading"]["acts"] == [{"act": "Refuse", "what": "free", "code": None}]
    assert turn["outcome"] == "refused"


async def test_what_needed_no_mind_cost_nothing(stall: Stall) -> None:
    await stall.writes("SAC2")
    assert (await stall.turn())["usage"] == {}


async def test_several_acts_leave_all_their_effects_in_order(stall: Stall) -> None:
    await stall.does(acts.Show(("SAC2",)), acts.AnswerFaq("livraison"), acts.Refuse("price"))
    assert [effect["action"] for effect in await stall.effects()] == ["search", "faq", "refuse"]


async def test_the_answer_is_in_the_language_that_the_mind_heard(stall: Stall) -> None:
    reply = await stall.reply(acts.Refuse("others"), language="en")
    assert reply.text == text("en", "talk.refuse_others")
    (row,) = await stall.rows("SELECT language FROM conversations WHERE shop_id = %(shop)s")
    assert row["language"] == "en"
