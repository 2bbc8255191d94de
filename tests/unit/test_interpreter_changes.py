"""Changes of mind: numbers and sizes that take another's place, short answers, offers put off and accepted."""

from typing import Any

import pytest

from briefs import PRODUCTS, held, item, moment, quoted, talk
from griot.agent import acts
from griot.agent.changing import variant_of_size
from griot.agent.interpreter.heads import by_the_head, heads
from griot.agent.interpreter.policy import interpret
from griot.agent.mind.deciding import to_acts
from mind_world import product

Call = tuple[str, dict[str, Any]]
SOAPS = held(item("SAVON7", 3))
SHOES = held(item("SANDALE3", 1, pointure="38"))
TWO_COLOURS = held(
    item("ROBE1", 6, taille="M", couleur="rouge"),
    item("ROBE1", 4, taille="M", couleur="noir"),
)
QUOTE = quoted(item("GAT1", 10), item("SAC2", 2))
CAKES = quoted(item("GAT1", 10))
SURE = {"kind": "confirm_quantity", "code": "SANDALE3", "quantity": 200}
SURE_TALK = talk("je veux 200 sandales perlées en 40", "Tu veux bien 200 × Sandales perlées ?")
OFFERED: dict[str, Any] = {
    "asked": {"kind": "product", "codes": ["SAVON7", "CREOLE6"], "quantity": 4},
    "history": talk("un petit cadeau", "🤔 Lequel ? Savon de karité (SAVON7), Boucles créoles (CREOLE6)"),
}


def chosen(text: str, **known: Any) -> list[Call]:
    return [(choice.name, dict(choice.args)) for choice in interpret(moment(text, **known))]


def one(text: str, **known: Any) -> Call:
    (call,) = chosen(text, **known)
    return call


def lines(text: str, tool: str = "hold", **known: Any) -> dict[str, int]:
    name, args = one(text, **known)
    assert name == tool, (text, name, args)
    return {" ".join((line["code"], *(line.get("options") or {}).values())): line["quantity"] for line in args["lines"]}


def does(text: str, **known: Any) -> set[str]:
    return {name for name, _ in chosen(text, **known)}


# A number for a number


@pytest.mark.parametrize(
    "text",
    [
        "mets 7 au lieu de 3",
        "mé 7 o lieu 2 3",
        "7 a la plas 2 3",
        "7 instead of 3 please",
        "c'est 7 et non 3",
        "7 fa tsy 3",
        "soloy ho 7 ilay 3",
        "remplace 3 par 7",
        "defal ma 7 ci palaas 3",
        "le savon passe de 3 à 7",
    ],
)
def test_the_number_that_takes_the_place_of_another_counts(text: str) -> None:
    assert lines(text, orders=(SOAPS,)) == {"SAVON7": 7}


def test_a_demand_that_sounds_like_more_than_there_is_is_served_from_what_there_is() -> None:
    assert lines("mets 7 même, il y a du monde", orders=(SOAPS,)) == {"SAVON7": 7}


def test_an_amount_of_money_is_no_number_of_pieces() -> None:
    assert "hold" not in does("mettez le sac à 9000", orders=(held(item("SAC2", 1)),))


# A size for a size, an article for an article


@pytest.mark.parametrize(
    "text", ["can u swap to 39 instead", "en 39 plutôt", "39 o lieu de 38", "ovay 39 ilay sandales", "make it 39"]
)
def test_a_number_that_is_a_size_of_what_is_held_is_the_size(text: str) -> None:
    name, args = one(text, orders=(SHOES,))
    assert (name, args["new_options"], args.get("quantity")) == ("swap", {"pointure": "39"}, None)


@pytest.mark.parametrize("text", ["les créoles pas le savon", "not the soap, the creole earrings", "CREOLE6 pa SAVON7"])
def test_an_article_that_is_turned_down_gives_its_place_to_the_one_that_is_named(text: str) -> None:
    name, args = one(text, orders=(SOAPS,))
    assert (name, args["code"], args["new_code"]) == ("swap", "SAVON7", "CREOLE6")


def test_of_two_colours_the_one_that_is_said_is_changed() -> None:
    assert lines("le noir, mets 9", orders=(TWO_COLOURS,)) == {"ROBE1 M noir": 9}
    assert lines("put 9 for the black instead", orders=(TWO_COLOURS,)) == {"ROBE1 M noir": 9}


@pytest.mark.parametrize("text", ["finalement enlève le noir", "remove the black", "le noir je prends pas"])
def test_of_two_colours_the_one_that_is_said_is_given_up(text: str) -> None:
    name, args = one(text, orders=(TWO_COLOURS,))
    assert (name, args["options"]["couleur"]) == ("cancel", "noir")


# Short answers


@pytest.mark.parametrize(
    ("text", "number"),
    [("oui", 200), ("non 10", 10), ("ok alors juste deux", 2), ("60 ary e", 60), ("déedéet, ñaar rek", 2)],
)
def test_so_many_as_are_confirmed_are_held_in_the_size_that_was_said(text: str, number: int) -> None:
    assert lines(text, asked=SURE, history=SURE_TALK) == {"SANDALE3 40": number}


def test_a_smaller_number_is_not_asked_about_again() -> None:
    brief = moment("60 ary e", asked=SURE, history=SURE_TALK)
    assert to_acts(interpret(brief), brief) == (acts.Take("SANDALE3", 60, {"pointure": "40"}),)


@pytest.mark.parametrize(
    ("text", "code"),
    [("le deuxième", "CREOLE6"), ("celui à 1500", "SAVON7"), ("le moins cher", "SAVON7"), ("les créoles", "CREOLE6")],
)
def test_what_is_picked_is_taken_in_the_number_that_was_wanted(text: str, code: str) -> None:
    assert lines(text, **OFFERED) == {code: 4}


def test_what_is_picked_for_a_quote_is_quoted() -> None:
    asked = {"kind": "product", "codes": ["SAVON7", "CREOLE6"], "quantity": 20}
    history = talk("un devis pour 20 cadeaux", "🤔 Lequel ? Savon de karité (SAVON7), Boucles créoles (CREOLE6)")
    assert lines("le premier", "quote", asked=asked, history=history) == {"SAVON7": 20}


def test_something_cheaper_is_no_pick() -> None:
    assert "hold" not in does("quelque chose de moins cher", **OFFERED)


def test_a_yes_takes_as_many_as_were_asked_about() -> None:
    history = talk("3 savons de karité c'est bon ?", "Savon de karité : 4 500 F CFA les 3. Je vous les garde ?")
    assert lines("oui", history=history) == {"SAVON7": 3}


# Offers


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("passez les gâteaux à 14", {"GAT1": 14, "SAC2": 2}),
        ("et 5 savons de karité", {"GAT1": 10, "SAC2": 2, "SAVON7": 5}),
        ("ajoutez 5 savons de karité ?", {"GAT1": 10, "SAC2": 2, "SAVON7": 5}),
        ("14 gâteaux au lieu de 10", {"GAT1": 14, "SAC2": 2}),
        ("on garde que les gâteaux", {"GAT1": 10}),
        ("enlevez le sac", {"GAT1": 10}),
    ],
)
def test_a_change_of_an_offer_makes_a_new_one(text: str, wanted: dict[str, int]) -> None:
    assert lines(text, "quote", quote=QUOTE) == wanted


@pytest.mark.parametrize("text", ["on sera 15", "ok pour 15", "et si on est 15 ?", "what if we are 15?", "15 nit lañu"])
def test_another_number_of_people_makes_a_new_offer(text: str) -> None:
    assert lines(text, "quote", quote=CAKES, asked={"kind": "quote", "quote": 1}) == {"GAT1": 15}


@pytest.mark.parametrize(
    "text",
    [
        "merci, j'envoie ça à mon patron",
        "ok merci je réfléchis",
        "d'accord, je vous recontacte demain",
        "ok let me think about it",
        "misaotra, hojereko aloha",
        "bien reçu merci",
        "je vous confirme demain",
    ],
)
def test_who_puts_it_off_takes_nothing(text: str) -> None:
    assert does(text, quote=QUOTE, asked={"kind": "quote", "quote": 1}) == {"small_talk"}


@pytest.mark.parametrize(
    "text", ["ok on part là-dessus", "bon pour accord", "go ahead", "ekena", "je commande", "bien reçu, je valide"]
)
def test_a_clear_assent_accepts(text: str) -> None:
    assert one(text, quote=QUOTE, asked={"kind": "quote", "quote": 1}) == ("accept_quote", {})


def test_who_names_the_number_that_is_offered_wants_no_other_offer() -> None:
    assert "quote" not in does("je prends les 10", quote=CAKES, asked={"kind": "quote", "quote": 1})


def test_people_are_counted_where_something_is_sold_by_the_head() -> None:
    assert [heads(text) for text in ("pour 25 personnes", "on sera 52", "olona 30", "25 sacs")] == [25, 52, 30, None]
    assert by_the_head(product("BUF1", "Buffet, par personne", 9_000))
    assert not by_the_head(PRODUCTS["GAT1"])


# Waiting, paying


def test_who_wants_to_be_told_waits_for_the_size_that_is_gone() -> None:
    sizes = {variant.options["pointure"]: variant.id for variant in PRODUCTS["SANDALE3"].variants}
    stock = {**moment("").stock, sizes["41"]: 0}
    history = talk("les sandales perlées en 41 il en reste ?", "Sandales perlées : épuisé en 41")
    name, args = one("dommage, prévenez-moi quand il y en a", stock=stock, history=history)
    assert (name, args["code"], args["options"]) == ("notify_when_back", "SANDALE3", {"pointure": "41"})


def test_a_yes_to_being_told_waits() -> None:
    history = talk("la montre dorée ?", "Montre dorée : épuisée. Je vous préviens quand elle revient ?")
    assert one("oui svp", history=history)[0] == "notify_when_back"


@pytest.mark.parametrize("text", ["g tjr pa recu le lien", "le lien ne marche pas", "mbola tsy nahazo ny rohy aho"])
def test_a_link_that_did_not_come_is_sent_again(text: str) -> None:
    assert does(text, orders=(SOAPS,)) == {"pay"}


@pytest.mark.parametrize("text", ["je prends les créoles à 3000", "3 savons de karité pour 4500"])
def test_the_true_price_may_be_said(text: str) -> None:
    assert does(text) == {"hold"}


@pytest.mark.parametrize("text", ["et si j'en prends 10 ?", "raha folo ary?", "what about 10?"])
def test_what_so_many_cost_is_told(text: str) -> None:
    history = talk("le savon de karité ?", "🛍️ *Savon de karité*\n💰 1 500 F CFA")
    assert one(text, history=history) == ("show_products", {"codes": ["SAVON7"], "quantity": 10})


def test_a_number_that_is_a_size_is_one_where_no_mind_is_asked_too() -> None:
    (line,) = SHOES.lines
    found = variant_of_size(PRODUCTS["SANDALE3"], line, 39)
    assert found and found.options == {"pointure": "39"}
    assert variant_of_size(PRODUCTS["SANDALE3"], line, 3) is None
    assert variant_of_size(PRODUCTS["SANDALE3"], line, 38) is None


def test_what_is_described_and_not_sold_is_made_to_order() -> None:
    assert does("je voudrais un gâteau en forme de voiture, 3 étages, rouge") == {"intake"}
