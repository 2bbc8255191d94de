"""Picks from what was just offered, and assent, in the languages of the buyers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from griot.agent.interpreter.answers import Offer, Pick, read_pick, said_no, said_yes
from griot.core.money import Money

WAX = Offer(
    "ROBE1",
    "Robe wax longue",
    Money(15000, "XOF"),
    [{"taille": "M", "couleur": "rouge"}, {"taille": "L", "couleur": "rouge"}],
)
LINEN = Offer(
    "ROBE2",
    "Robe lin courte",
    Money(12000, "XOF"),
    [{"taille": "M", "couleur": "bleu"}, {"taille": "L", "couleur": "bleu"}],
)
BAG = Offer("SAC1", "Sac cabas", Money(5000, "XOF"), [{"couleur": "noir"}, {"couleur": "bleu"}])
OFFERED = [WAX, LINEN, BAG]


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        ("le premier svp | la 1ère | ny voalohany | the first one | bu njëkk bi | numéro 1 | 1", "ROBE1"),
        ("la deuxième | la 2e | ny faharoa | the second one | je prends la deuxième | 2 | le 2", "ROBE2"),
        ("la dernière | ny farany | the last one | celui à 5000 | le moins cher | the cheapest | le sac", "SAC1"),
        ("le plus cher | celle en wax | la wax | 15000 | celui à 15 000 F", "ROBE1"),
        ("la robe en lin | celle à 12000 | je veux la courte", "ROBE2"),
    ],
)
def test_one_of_three(texts: str, code: str) -> None:
    for text in texts.split(" | "):
        assert read_pick(text, OFFERED) == Pick((code,)), text


@pytest.mark.parametrize(
    ("text", "code", "options"),
    [
        ("le rouge", "ROBE1", {"couleur": "rouge"}),
        ("la rouge en L", "ROBE1", {"couleur": "rouge", "taille": "L"}),
        ("la bleue en M", "ROBE2", {"couleur": "bleu", "taille": "M"}),
        ("sac noir", "SAC1", {"couleur": "noir"}),
        ("ilay mena azafady", "ROBE1", {"couleur": "rouge"}),
        ("the red one please", "ROBE1", {"couleur": "rouge"}),
    ],
)
def test_by_size_and_colour(text: str, code: str, options: dict[str, str]) -> None:
    assert read_pick(text, OFFERED) == Pick((code,), options)


@pytest.mark.parametrize("text", ["les deux", "both", "izy roa", "toutes les deux", "les 2", "ñaar yi"])
def test_both(text: str) -> None:
    assert read_pick(text, OFFERED[:2]) == Pick(("ROBE1", "ROBE2"))
    assert read_pick(text, OFFERED) is None


@pytest.mark.parametrize("text", ["tous", "toutes", "daholo", "all of them", "je prends tout"])
def test_all(text: str) -> None:
    assert read_pick(text, OFFERED) == Pick(("ROBE1", "ROBE2", "SAC1"))


@pytest.mark.parametrize("text", ["l'autre", "the other one", "ilay hafa"])
def test_the_other_of_two(text: str) -> None:
    assert read_pick(text, OFFERED[:2]) == Pick(("ROBE2",))


@pytest.mark.parametrize(
    "text",
    [
        "oui",
        "bonjour",
        "pas le rouge",
        "la bleue",
        "où est ma commande",
        "je veux des chaussures de sport pour mon fils",
        "",
    ],
)
def test_no_pick(text: str) -> None:
    assert read_pick(text, OFFERED) is None


def test_nothing_was_offered() -> None:
    assert read_pick("la deuxième", []) is None


@pytest.mark.parametrize(
    "text",
    [
        "oui",
        "ok vas-y",
        "eny",
        "eny azafady",
        "waaw",
        "yes please",
        "ouiii",
        "c bon",
        "je confirme",
        "d'accord",
        "oui 50 cartons c'est ça",
    ],
)
def test_yes(text: str) -> None:
    assert said_yes(text)
    assert not said_no(text)


@pytest.mark.parametrize("text", ["non", "non merci", "tsia", "déedéet", "nope", "pas maintenant", "nn", "no thanks"])
def test_no(text: str) -> None:
    assert said_no(text)
    assert not said_yes(text)


@pytest.mark.parametrize("text", ["oui mais en bleu", "bonjour", "combien ?", "je prends la robe rouge et le sac noir"])
def test_neither(text: str) -> None:
    assert not said_yes(text)
    assert not said_no(text)


@given(st.text(max_size=40))
def test_any_text_is_read_without_harm(text: str) -> None:
    pick = read_pick(text, OFFERED)
    assert pick is None or set(pick.codes) <= {"ROBE1", "ROBE2", "SAC1"}
    assert not (said_yes(text) and said_no(text))
