"""What an act does to orders, quotes, forms and the waiting list: real stock, real documents, real money to pay."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import pytest
from acts_world import PUZZLE, Stall, open_stall

from griot.agent import acts
from griot.agent.mind.models import Decision, Usage
from griot.channels.model import Reply
from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.core.texts import text
from house_world import message
from pdf_words import words

SATURDAY = date(2026, 2, 21)


@pytest.fixture
async def stall(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[Stall]:
    async with open_stall(database_url, db, clock) as opened:
        yield opened


def pays(reply: Reply) -> bool:
    return any(choice.id.startswith("pay:") for choice in reply.choices)


# Taking, and what is said beside it


async def test_an_order_and_an_answer_fit_into_one_message_that_can_be_paid(stall: Stall) -> None:
    reply = await stall.reply(acts.Take("SAC2", 1), acts.AnswerFaq("livraison"))
    assert "Article SAC2" in reply.text and "1 500 F CFA en 24 h" in reply.text
    assert pays(reply)


async def test_after_an_order_with_an_answer_a_yes_means_to_pay(stall: Stall) -> None:
    await stall.does(acts.Clarify("variant", ("ROBE1",)))
    await stall.does(acts.Take("ROBE1", 1, {"taille": "M"}), acts.AnswerFaq("livraison"))
    (reply,) = await stall.writes("oui")
    assert any(choice.id.startswith("means:") for choice in reply.choices)
    assert await stall.held() == {"ROBE1 M": 1}


async def test_what_was_cancelled_in_the_same_turn_cannot_be_paid(stall: Stall) -> None:
    replies = await stall.does(acts.Take("SAC2", 1), acts.Cancel())
    assert not any(pays(reply) for reply in replies[-1:])
    assert await stall.held() == {}


async def test_a_number_answers_how_many_are_really_wanted(stall: Stall) -> None:
    await stall.does(acts.Clarify("confirm_quantity", ("GAT1",), 30))
    await stall.writes("non 10")
    assert await stall.held() == {"GAT1": 10}


# Another size, another article


async def test_another_size_is_held_instead_of_the_first(stall: Stall) -> None:
    await stall.does(acts.Take("ROBE1", 2, {"taille": "S"}))
    reply = await stall.reply(acts.Swap(None, "ROBE1", {"taille": "M"}))
    assert reply.text.startswith(text("fr", "talk.swapped")) and "(M)" in reply.text
    assert await stall.held() == {"ROBE1 M": 2}
    (order,) = await stall.orders()
    assert order["total_minor"] == 30_000 and pays(reply)


async def test_another_article_is_held_instead_at_its_own_price(stall: Stall) -> None:
    await stall.does(acts.Take("SAC2", 1), acts.Take("GAT1", 2))
    await stall.does(acts.Swap("SAC2", "ROBE1", {"taille": "M"}))
    assert await stall.held() == {"GAT1": 2, "ROBE1 M": 1}
    (order,) = await stall.orders()
    assert order["total_minor"] == 25_000


async def test_when_there_is_too_little_of_the_other_size_everything_stays(stall: Stall) -> None:
    await stall.does(acts.Take("ROBE1", 3, {"taille": "S"}))
    reply = await stall.reply(acts.Swap("ROBE1", "ROBE1", {"taille": "M"}))
    assert "il n'en reste que 2" in reply.text
    assert await stall.held() == {"ROBE1 S": 3}
    reply = await stall.reply(acts.Swap("ROBE1", "ROBE1", {"taille": "L"}))
    assert "il n'y en a plus" in reply.text
    assert await stall.held() == {"ROBE1 S": 3}


async def test_a_swap_that_names_no_size_asks_for_it_and_keeps_what_is_held(stall: Stall) -> None:
    await stall.does(acts.Take("SAC2", 1))
    reply = await stall.reply(acts.Swap("SAC2", "ROBE1"))
    assert "Quelle option veux-tu" in reply.text
    assert await stall.held() == {"SAC2": 1}


async def test_with_nothing_held_a_swap_is_an_order(stall: Stall) -> None:
    await stall.does(acts.Swap("SAC2", "ROBE1", {"taille": "M"}))
    assert await stall.held() == {"ROBE1 M": 1}


async def test_what_is_being_paid_is_not_swapped(stall: Stall) -> None:
    await stall.does(acts.Take("ROBE1", 1, {"taille": "S"}))
    await stall.does(acts.Pay(at_once=True))
    reply = await stall.reply(acts.Swap("ROBE1", "ROBE1", {"taille": "M"}))
    assert text("fr", "conversation.fixed") in reply.text
    assert await stall.held() == {"ROBE1 S": 1}


# Giving up


async def test_one_article_is_given_up_and_the_rest_stays_to_be_paid(stall: Stall) -> None:
    await stall.does(acts.Take("SAC2", 1), acts.Take("GAT1", 2))
    reply = await stall.reply(acts.Cancel(code="SAC2"))
    assert reply.text == text("fr", "conversation.line_cancelled", title="Article SAC2", total="10 000 F CFA")
    assert await stall.held() == {"GAT1": 2} and pays(reply)


async def test_what_is_given_up_beside_something_new_leaves_one_sum(stall: Stall) -> None:
    await stall.does(acts.Take("SAC2", 1), acts.Take("GAT1", 2))
    reply = await stall.reply(acts.Take("GAT1", 4), acts.Cancel(code="SAC2"))
    assert "J'ai retiré *Article SAC2*" in reply.text and "20 000 F CFA" in reply.text.replace("\u202f", " ").replace(
        "\xa0", " "
    )
    assert "45 000" not in reply.text.replace("\u202f", " ").replace("\xa0", " ")
    assert await stall.held() == {"GAT1": 4}


async def test_of_two_sizes_only_the_named_one_is_given_up(stall: Stall) -> None:
    await stall.does(acts.Take("ROBE1", 1, {"taille": "S"}), acts.Take("ROBE1", 1, {"taille": "M"}))
    await stall.does(acts.Cancel(code="ROBE1", options={"taille": "M"}))
    assert await stall.held() == {"ROBE1 S": 1}


async def test_a_size_that_is_not_held_is_not_given_up_in_anothers_place(stall: Stall) -> None:
    await stall.does(acts.Take("ROBE1", 1, {"taille": "S"}))
    reply = await stall.reply(acts.Cancel(code="ROBE1", options={"taille": "M"}))
    assert "à payer" in reply.text and await stall.held() == {"ROBE1 S": 1}


async def test_everything_is_given_up_and_free_for_others(stall: Stall) -> None:
    await stall.does(acts.Take("SAC2", 4), acts.Take("GAT1", 2))
    reply = await stall.reply(acts.Cancel())
    (order,) = await stall.orders()
    assert reply.text == text("fr", "conversation.cancelled", reference=order["reference"])
    assert order["status"] == "cancelled" and await stall.held() == {}
    stall.buyer = 2
    await stall.does(acts.Take("SAC2", 4))
    assert await stall.held() == {"SAC2": 4}


async def test_giving_up_what_is_not_held_changes_nothing(stall: Stall) -> None:
    await stall.does(acts.Take("SAC2", 1))
    reply = await stall.reply(acts.Cancel(code="GAT1"))
    assert "à payer" in reply.text
    assert await stall.held() == {"SAC2": 1}


async def test_with_nothing_open_there_is_nothing_to_give_up(stall: Stall) -> None:
    assert (await stall.reply(acts.Cancel())).text == text("fr", "conversation.nothing_open")


# Quotes


async def paper(stall: Stall, reply: Reply) -> str:
    assert reply.media is not None and reply.media.kind == "document"
    (row,) = await stall.rows(
        f"SELECT content, filename FROM documents WHERE shop_id = %(shop)s AND id = {reply.media.document}"
    )
    assert row["filename"] == reply.media.filename
    return words(bytes(row["content"]))


async def quotes(stall: Stall) -> list[dict[str, Any]]:
    return await stall.rows("SELECT * FROM quotes WHERE shop_id = %(shop)s ORDER BY id")


async def test_a_quote_is_a_numbered_document_that_holds_nothing(stall: Stall) -> None:
    reply = await stall.reply(acts.Quote((acts.Wanted("GAT1", 10), acts.Wanted("SAC2"))))
    (quote,) = await quotes(stall)
    assert quote["number"] in reply.text and "*70 000 F CFA*" in reply.text
    on_paper = await paper(stall, reply)
    assert quote["number"] in on_paper and "Gâteau aux fraises" in on_paper and "70 000" in on_paper
    assert [choice.id for choice in reply.choices] == [f"accept_quote:{quote['id']}"]
    assert await stall.held() == {} and await stall.orders() == []


async def test_a_new_quote_takes_the_place_of_the_open_one(stall: Stall) -> None:
    await stall.does(acts.Quote((acts.Wanted("GAT1", 10),)))
    reply = await stall.reply(acts.Quote((acts.Wanted("GAT1", 12),)))
    first, second = await quotes(stall)
    assert (first["status"], second["status"]) == ("replaced", "open")
    assert int(second["number"][-4:]) == int(first["number"][-4:]) + 1
    assert first["number"] in reply.text and second["number"] in reply.text


async def test_the_same_quote_again_is_the_same_paper(stall: Stall) -> None:
    first = await stall.reply(acts.Quote((acts.Wanted("GAT1", 10),)))
    again = await stall.reply(acts.Quote((acts.Wanted("GAT1", 10),)))
    assert first.media == again.media and len(await quotes(stall)) == 1


async def test_a_quote_without_lines_is_of_what_is_held(stall: Stall) -> None:
    await stall.does(acts.Take("SAC2", 2))
    reply = await stall.reply(acts.Quote())
    assert "2 × Article SAC2 : 50 000 F CFA" in reply.text


async def test_a_quote_of_nothing_asks_what_it_is_for(stall: Stall) -> None:
    assert (await stall.reply(acts.Quote())).text == text("fr", "talk.ask_what")
    assert await quotes(stall) == []


async def test_a_quote_asks_for_the_size_that_it_needs(stall: Stall) -> None:
    reply = await stall.reply(acts.Quote((acts.Wanted("ROBE1", 2),)))
    assert "Quelle option veux-tu" in reply.text and await quotes(stall) == []


async def test_an_accepted_quote_is_held_at_the_quoted_price_for_the_day_it_was_wanted(stall: Stall) -> None:
    await stall.does(acts.Quote((acts.Wanted("GAT1", 10), acts.Wanted("SAC2")), SATURDAY))
    async with stall.world.db.transaction(stall.number.shop.id) as tx:
        await tx.execute("UPDATE variants SET price_minor = price_minor + 1000")
        await tx.execute("UPDATE price_breaks SET unit_minor = unit_minor + 1000")
    reply = await stall.reply(acts.AcceptQuote())
    assert await stall.held() == {"GAT1": 10, "SAC2": 1}
    (order,) = await stall.orders()
    assert (order["total_minor"], order["wanted_on"]) == (70_000, SATURDAY)
    for amount in ("45 000 F CFA", "25 000 F CFA", "70 000 F CFA"):
        assert amount in reply.text
    assert pays(reply)
    (quote,) = await quotes(stall)
    assert (quote["status"], quote["order_id"]) == ("accepted", order["id"])


async def test_the_button_of_the_quote_accepts_it_without_a_mind(stall: Stall) -> None:
    reply = await stall.reply(acts.Quote((acts.Wanted("GAT1", 10),)))
    thought = len(stall.mind.asked)
    await stall.taps(reply.choices[0].id)
    assert len(stall.mind.asked) == thought
    assert await stall.held() == {"GAT1": 10}


async def test_the_button_of_a_quote_that_was_replaced_shows_the_new_one_and_orders_nothing(stall: Stall) -> None:
    old = await stall.reply(acts.Quote((acts.Wanted("GAT1", 10),)))
    new = await stall.reply(acts.Quote((acts.Wanted("GAT1", 20),)))
    (reply,) = await stall.taps(old.choices[0].id)
    assert reply.media == new.media and reply.choices == new.choices
    assert await stall.held() == {}


async def test_a_quote_is_accepted_once(stall: Stall) -> None:
    quote = await stall.reply(acts.Quote((acts.Wanted("GAT1", 10),)))
    await stall.taps(quote.choices[0].id)
    (reply,) = await stall.taps(quote.choices[0].id)
    assert "à payer" in reply.text and pays(reply)
    assert await stall.held() == {"GAT1": 10} and len(await stall.orders()) == 1


async def test_without_an_open_quote_there_is_none_to_accept(stall: Stall) -> None:
    assert (await stall.reply(acts.AcceptQuote())).text == text("fr", "quotes.none_open")
    assert await stall.untouched()


async def test_of_an_accepted_quote_what_is_there_is_held_and_what_is_not_is_said(stall: Stall) -> None:
    await stall.does(acts.Quote((acts.Wanted("GAT1", 2), acts.Wanted("SAC2", 9))))
    replies = await stall.does(acts.AcceptQuote())
    said = "\n".join(reply.text for reply in replies)
    assert "Gâteau aux fraises" in said and "*Article SAC2* : il n'en reste que 4" in said
    assert await stall.held() == {"GAT1": 2}


async def test_when_nothing_of_a_quote_is_left_the_buyer_may_wait_for_all_of_it(stall: Stall) -> None:
    await stall.does(acts.Quote((acts.Wanted("MONTRE3", 3),)))
    reply = await stall.reply(acts.AcceptQuote())
    assert [choice.id for choice in reply.choices] == ["wait:MONTRE3:3"]
    await stall.taps(reply.choices[0].id)
    (waiting,) = await stall.rows("SELECT quantity FROM waitlist WHERE shop_id = %(shop)s")
    assert waiting["quantity"] == 3 and (await quotes(stall))[0]["status"] == "open"


async def test_an_article_that_is_no_longer_sold_is_named_when_its_quote_is_accepted(stall: Stall) -> None:
    await stall.does(acts.Quote((acts.Wanted("SAC2"),)))
    await stall.retire("SAC2")
    reply = await stall.reply(acts.AcceptQuote())
    assert reply.text == text("fr", "conversation.gone", title="Article SAC2")
    assert await stall.escalations() == []


async def test_a_quote_whose_day_is_over_can_still_be_accepted(stall: Stall) -> None:
    await stall.does(acts.Quote((acts.Wanted("SAC2"),), SATURDAY))
    stall.world.clock.advance(timedelta(days=10))
    await stall.does(acts.AcceptQuote())
    (order,) = await stall.orders()
    assert (order["wanted_on"], order["total_minor"]) == (None, 25_000)


async def test_a_changed_quote_is_still_for_the_same_day(stall: Stall) -> None:
    await stall.does(acts.Quote((acts.Wanted("GAT1", 10),), SATURDAY))
    reply = await stall.reply(acts.Quote((acts.Wanted("GAT1", 12),)))
    assert "21 février 2026" in reply.text


async def test_with_nothing_held_another_article_takes_the_place_of_the_quoted_one(stall: Stall) -> None:
    await stall.does(acts.Quote((acts.Wanted("ROBE1", 2, {"taille": "S"}), acts.Wanted("SAC2"))))
    reply = await stall.reply(acts.Swap("ROBE1", "ROBE1", {"taille": "M"}))
    assert "2 × Robe longue en wax (M)" in reply.text and "1 × Article SAC2" in reply.text
    reply = await stall.reply(acts.Swap("SAC2", "GAT1", quantity=10))
    assert "10 × Gâteau aux fraises : 45 000 F CFA" in reply.text and "SAC2" not in reply.text
    assert await stall.held() == {}


# When


async def test_the_day_of_an_order_is_kept_and_said(stall: Stall) -> None:
    await stall.does(acts.Take("GAT1", 1))
    reply = await stall.reply(acts.WantedOn(SATURDAY, "16:00"))
    assert reply.text == text("fr", "talk.wanted_on", when="samedi 21/02, 16:00")
    (order,) = await stall.orders()
    assert (order["wanted_on"], str(order["wanted_at"])[:5]) == (SATURDAY, "16:00")


async def test_the_day_of_a_quote_is_on_a_new_paper(stall: Stall) -> None:
    first = await stall.reply(acts.Quote((acts.Wanted("GAT1", 10),)))
    reply = await stall.reply(acts.WantedOn(SATURDAY))
    assert reply.media != first.media
    assert "21 février 2026" in reply.text and "21 février 2026" in await paper(stall, reply)


async def test_a_day_for_nothing_asks_what_is_wanted(stall: Stall) -> None:
    reply = await stall.reply(acts.WantedOn(SATURDAY))
    assert reply.text == text("fr", "talk.wanted_what", when="samedi 21/02")
    assert await stall.untouched()


# Forms


async def forms(stall: Stall) -> list[tuple[str, dict[str, str]]]:
    rows = await stall.rows("SELECT kind, fields FROM intakes WHERE shop_id = %(shop)s ORDER BY id")
    return [(row["kind"], row["fields"]) for row in rows]


async def test_an_address_is_kept_with_the_order_and_read_back(stall: Stall) -> None:
    await stall.does(acts.Take("SAC2", 1))
    reply = await stall.reply(acts.Intake("address", {"text": "Villa 12, Mermoz", "phone": "770000001"}))
    assert reply.text == "📍 Adresse notée : Villa 12, Mermoz\n📞 770000001"
    assert await forms(stall) == [("address", {"text": "Villa 12, Mermoz", "phone": "770000001"})]
    assert pays(reply)


@pytest.mark.parametrize(
    ("fields", "read_back"),
    [
        ({"district": "Mermoz", "city": "Dakar"}, "Mermoz, Dakar"),
        ({"landmark": "derrière la mosquée"}, "derrière la mosquée"),
        ({"location": "14.69,-17.44"}, "14.69,-17.44"),
    ],
)
async def test_an_address_in_parts_is_read_back_too(stall: Stall, fields: dict[str, str], read_back: str) -> None:
    assert (await stall.reply(acts.Intake("address", fields))).text == f"📍 Adresse notée : {read_back}"


async def test_a_slot_is_the_day_of_the_order_too(stall: Stall) -> None:
    await stall.does(acts.Take("GAT1", 1))
    reply = await stall.reply(acts.Intake("slot", {"date": SATURDAY.isoformat(), "time": "15:00"}))
    assert reply.text == text("fr", "talk.noted_slot", when="samedi 21/02, 15:00")
    (order,) = await stall.orders()
    assert order["wanted_on"] == SATURDAY
    assert [kind for kind, _ in await forms(stall)] == ["slot"]


async def test_a_wish_is_kept_in_the_buyers_words_and_put_before_the_vendor(stall: Stall) -> None:
    request = "Un gâteau Spiderman pour 12"
    reply = await stall.reply(acts.Intake("custom", {"request": request}))
    assert reply.text == text("fr", "talk.noted_custom", text=request, shop="Chez Awa")
    assert await forms(stall) == [("custom", {"request": request})]
    assert request in (await stall.vendor_told())[0]


async def test_the_figures_of_a_wish_are_kept_for_the_vendor_and_not_said_back(stall: Stall) -> None:
    request = "Robe sur mesure à 9 000 F CFA"
    reply = await stall.reply(acts.Intake("custom", {"request": request}))
    assert reply.text == text("fr", "talk.noted_custom_only", shop="Chez Awa")
    assert await forms(stall) == [("custom", {"request": request})]
    assert request in (await stall.vendor_told())[0] and await stall.escalations() == []


# Promotions


async def test_a_promotion_that_exists_is_taken_off(stall: Stall) -> None:
    await stall.promotion("TABASKI10", 10)
    await stall.does(acts.Take("SAC2", 1))
    reply = await stall.reply(acts.UsePromotion("tabaski10"))
    assert reply.text == text(
        "fr", "talk.promotion_applied", code="TABASKI10", discount="2 500 F CFA", total="22 500 F CFA"
    )
    (order,) = await stall.orders()
    assert (order["total_minor"], order["discount_minor"]) == (22_500, 2_500) and pays(reply)


async def test_a_code_that_nobody_made_takes_nothing_off(stall: Stall) -> None:
    await stall.does(acts.Take("SAC2", 1))
    reply = await stall.reply(acts.UsePromotion("GRATUIT99"))
    assert reply.text == text("fr", "talk.refuse_promotion", code="GRATUIT99")
    (order,) = await stall.orders()
    assert order["total_minor"] == 25_000
    assert await stall.effects() == [{"action": "refuse"}]


async def test_an_order_below_the_least_amount_is_told_what_is_missing(stall: Stall) -> None:
    await stall.promotion("GROS20", 20, least=50_000)
    await stall.does(acts.Take("SAC2", 1))
    reply = await stall.reply(acts.UsePromotion("GROS20"))
    assert reply.text == text("fr", "talk.promotion_least", code="GROS20", least="50 000 F CFA")
    assert [order["total_minor"] for order in await stall.orders()] == [25_000]


async def test_a_second_promotion_and_one_after_the_link_to_pay_change_nothing(stall: Stall) -> None:
    await stall.promotion("TABASKI10", 10)
    await stall.promotion("KORITE20", 20)
    await stall.does(acts.Take("SAC2", 1))
    await stall.does(acts.UsePromotion("TABASKI10"))
    assert (await stall.reply(acts.UsePromotion("KORITE20"))).text == text("fr", "talk.promotion_already")
    await stall.does(acts.Cancel())
    await stall.does(acts.Take("GAT1", 1))
    await stall.does(acts.Pay(at_once=True))
    assert (await stall.reply(acts.UsePromotion("KORITE20"))).text == text("fr", "talk.promotion_fixed")
    assert [order["total_minor"] for order in await stall.orders()] == [22_500, 5_000]


async def test_a_promotion_without_an_order_asks_for_one(stall: Stall) -> None:
    await stall.promotion("TABASKI10", 10)
    reply = await stall.reply(acts.UsePromotion("TABASKI10"))
    assert reply.text == text("fr", "talk.promotion_needs_order", code="TABASKI10")


async def test_a_promotions_code_alone_is_enough(stall: Stall) -> None:
    await stall.promotion("TABASKI10", 10)
    await stall.does(acts.Take("SAC2", 1))
    (reply,) = await stall.writes("Tabaski10")
    assert "22 500 F CFA" in reply.text
    (reply,) = await stall.writes("ROBE99")
    assert reply.text == text("fr", "conversation.unknown_code", code="ROBE99")


# Paying and where things stand


async def test_who_asks_for_the_link_gets_it_at_once(stall: Stall) -> None:
    await stall.does(acts.Take("SAC2", 1))
    reply = await stall.reply(acts.Pay(at_once=True))
    assert "http" in reply.text
    (order,) = await stall.orders()
    assert order["status"] == "awaiting_payment"
    assert await stall.effects() == [{"action": "payment_link", "order": order["reference"]}]


async def test_a_named_means_is_the_one_of_the_link(stall: Stall) -> None:
    await stall.does(acts.Take("SAC2", 1))
    reply = await stall.reply(acts.ChooseMeans("orange_money"))
    assert reply.text.startswith("🔗 *Orange Money*")
    assert [order["means"] for order in await stall.orders()] == ["orange_money"]


async def test_with_nothing_open_there_is_nothing_to_pay(stall: Stall) -> None:
    assert (await stall.reply(acts.Pay(at_once=True))).text == text("fr", "conversation.nothing_open")


async def test_an_order_of_ones_own_is_found_by_its_reference(stall: Stall) -> None:
    await stall.does(acts.Take("SAC2", 1))
    (order,) = await stall.orders()
    reply = await stall.reply(acts.OrderStatus(order["reference"]))
    assert order["reference"] in reply.text and "25 000 F CFA" in reply.text
    assert await stall.effects() == [{"action": "order_status", "order": order["reference"]}]


async def test_an_order_of_somebody_else_is_as_unknown_as_one_that_does_not_exist(stall: Stall) -> None:
    await stall.does(acts.Take("SAC2", 1))
    (order,) = await stall.orders()
    stall.buyer = 2
    foreign = await stall.reply(acts.OrderStatus(order["reference"]))
    assert foreign.text == text("fr", "conversation.unknown_reference", reference=order["reference"])
    assert "25 000" not in foreign.text and "SAC2" not in foreign.text
    nobodys = await stall.reply(acts.OrderStatus("C-2026-9999"))
    assert nobodys.text == text("fr", "conversation.unknown_reference", reference="C-2026-9999")
    assert await stall.effects() == [{"action": "order_status"}]


async def test_an_order_of_somebody_else_cannot_be_paid_or_given_up(stall: Stall) -> None:
    await stall.does(acts.Take("SAC2", 1))
    (order,) = await stall.orders()
    stall.buyer = 2
    tries: tuple[acts.Act, ...] = (acts.Pay(order["id"]), acts.Cancel(order["id"]), acts.Extend(order["id"]))
    for act in tries:
        assert (await stall.reply(act)).text == text("fr", "conversation.nothing_open")
    assert [found["status"] for found in await stall.orders()] == ["reserved"]


async def test_without_a_reference_what_is_open_is_told(stall: Stall) -> None:
    await stall.does(acts.Take("SAC2", 1))
    (order,) = await stall.orders()
    reply = await stall.reply(acts.OrderStatus())
    assert order["reference"] in reply.text and pays(reply)


# Waiting


async def test_who_waits_learns_their_place_in_the_line(stall: Stall) -> None:
    for place in (1, 2):
        stall.buyer = place
        reply = await stall.reply(acts.JoinWaitlist("MONTRE3", 2))
        assert reply.text == text("fr", "conversation.waiting", title="Article MONTRE3", options="", place=place)
    rows = await stall.rows("SELECT quantity FROM waitlist WHERE shop_id = %(shop)s AND status = 'waiting'")
    assert [row["quantity"] for row in rows] == [2, 2]


async def test_who_names_no_size_waits_for_the_one_that_is_sold_out(stall: Stall) -> None:
    reply = await stall.reply(acts.JoinWaitlist("ROBE1"))
    assert "(L)" in reply.text


async def test_who_no_longer_wants_to_wait_is_taken_off(stall: Stall) -> None:
    await stall.does(acts.JoinWaitlist("MONTRE3"))
    assert (await stall.reply(acts.LeaveWaitlist("MONTRE3"))).text == text("fr", "conversation.left_waitlist")
    assert await stall.rows("SELECT 1 FROM waitlist WHERE shop_id = %(shop)s AND status = 'waiting'") == []


async def test_waiting_for_nothing_asks_for_what(stall: Stall) -> None:
    assert (await stall.reply(acts.JoinWaitlist())).text == text("fr", "talk.ask_which_of")


# Twice


async def test_a_message_that_comes_twice_orders_once(stall: Stall) -> None:
    stall.mind.decision = Decision((acts.Take("SAC2", 1, again=True),), Usage("test"))
    twice = message(PUZZLE, stall.world.clock.now())
    await stall.hears(twice)
    await stall.hears(twice)
    assert await stall.held() == {"SAC2": 1}
