"""What "it" and "the second one" are about: the last question first, then what was said, held and quoted."""

from briefs import held, item, moment, quoted, talk
from griot.agent.interpreter.memory import Memory, recall

TWO = "🛍️ *Sac à main en cuir* (SAC2) · 25 000 F CFA\n🛍️ *Boucles créoles* (CREOLE6) · 3 000 F CFA"
ONE = "🛍️ *Robe longue en wax*\n💰 15 000 F CFA"


def test_in_a_fresh_thread_nothing_is_meant() -> None:
    memory = recall(moment("je la prends"))
    assert memory == Memory((), ()) and memory.one is None


def test_what_was_asked_about_last_is_on_offer_in_its_order() -> None:
    asked = {"kind": "product", "codes": ["CREOLE6", "SAC2"]}
    memory = recall(moment("le deuxième", asked=asked, history=talk("un cadeau ?", TWO)))
    assert memory.offered == ("CREOLE6", "SAC2") and memory.one is None


def test_without_a_question_it_is_what_the_agent_showed_last_as_it_stood_there() -> None:
    memory = recall(moment("le deuxième", history=talk("la robe wax ?", ONE, "autre chose ?", TWO)))
    assert memory.offered == ("SAC2", "CREOLE6")
    assert memory.focus[-1] == "ROBE1"


def test_one_article_on_offer_is_it() -> None:
    assert recall(moment("je la prends", history=talk("la robe wax ?", ONE))).one == "ROBE1"
    assert recall(moment("2", asked={"kind": "quantity", "code": "GAT1", "options": {}})).one == "GAT1"


def test_what_the_buyer_named_last_comes_before_what_was_named_earlier() -> None:
    memory = recall(moment("et ça ?", history=talk("le sac à main", "Oui ?", "ou les boucles créoles", "D'accord.")))
    assert memory.focus[:2] == ("CREOLE6", "SAC2") and memory.one == "CREOLE6"


def test_what_is_held_and_quoted_is_remembered_when_nothing_was_said() -> None:
    assert recall(moment("encore un", orders=(held(item("SAC2"), item("GAT1")),))).focus == ("GAT1", "SAC2")
    assert recall(moment("encore un", quote=quoted(item("SAVON7", 3)))).one == "SAVON7"


def test_what_the_shop_no_longer_sells_is_forgotten() -> None:
    asked = {"kind": "product", "codes": ["OLD9", "SAC2"]}
    assert recall(moment("le premier", asked=asked)).offered == ("SAC2",)
    assert recall(moment("2", asked={"kind": "quantity", "code": "OLD9"})) == Memory((), ())


def test_nothing_is_listed_twice() -> None:
    memory = recall(moment("ok", orders=(held(item("SAC2")),), history=talk("le sac à main", "Sac à main en cuir")))
    assert memory.focus == ("SAC2",)
