"""What buyers ask for without naming a product, and the buttons they tap."""

from typing import Any

import pytest

from griot.agent.acts import (
    Act,
    Ask,
    Cancel,
    ChangeMeans,
    ChooseMeans,
    Extend,
    Greet,
    Human,
    JoinWaitlist,
    LeaveWaitlist,
    No,
    OrderStatus,
    Pay,
    Purchases,
    SetQuantity,
    Take,
    Thanks,
    Unknown,
    Yes,
)
from griot.agent.reading import CodeIndex, Reading, ReadingContext, Utterance, read

CODES = CodeIndex.build({"ROBE1": [{"taille": "S"}, {"taille": "M"}], "SAC2": [{}], "LOT:5": [{}]})


def cases(texts: str) -> list[str]:
    return [text.strip() for text in texts.split("|")]


def hear(text: str, *open_orders: int, **context: Any) -> Reading:
    return read([Utterance("text", text)], ReadingContext(CODES, open_orders=open_orders, **context))


def tap(choice_id: str, **context: Any) -> Reading:
    return read([Utterance("choice", "a title", choice_id)], ReadingContext(CODES, **context))


WISHES: list[tuple[Act, str]] = [
    (
        Pay(7),
        "payer | PAYER | je paie | je veux payer maintenant | comment payer ? | jpaie | mandoa vola | te handoa aho",
    ),
    (Pay(7), "pay | I want to pay | damay fay"),
    (ChooseMeans("wave", 7), "wave | je paie par wave | wave svp | I'll pay by wave | je peux payer par wave ?"),
    (ChooseMeans("orange_money", 7), "om | orange money | orange"),
    (ChooseMeans("card", 7), "carte | visa | par carte bancaire | pay by card"),
    (
        ChangeMeans(7),
        "changer mode de paiement | je veux changer de moyen de paiement | change payment method",
    ),
    (ChangeMeans(7), "hanova fomba fandoavana"),
    (
        Cancel(7),
        "annule | annuler | j'annule | annule ma commande svp | j'en veux plus | je n'en veux plus | laisse tomber",
    ),
    (
        Cancel(7),
        "cancel | cancel my order please | foano | tsy maka intsony aho | bàyyil | jen veu plu | je veux annuler",
    ),
    (Cancel(7), "annule tout | I want to cancel | j'ai changé d'avis"),
    (
        Extend(7),
        "encore 5 min | attends | plus de temps svp | 5 minutes svp | une minute | donne-moi 10 min | xaaral tuuti",
    ),
    (Extend(7), "andraso kely | give me 5 minutes | wait a minute please | je paie dans 5 min"),
    (
        SetQuantity(3),
        "non en fait 3 | finalement 3 | x3 | j'en prends 3 | mets-en 3 | 3 pièces | plutôt 3 | actually 3 please",
    ),
    (Purchases(), "mes achats | voir mes achats | mes commandes | my purchases | historique d'achats | ny novidiko"),
    (
        OrderStatus(),
        "ma commande ? | où en est ma commande | mon colis | where is my order? | aiza ny entako | ma cmd c ou",
    ),
    (
        Human(),
        "je veux parler à quelqu'un | un humain svp | appelez-moi | a real person please",
    ),
    (
        Human(),
        "je peux parler avec la vendeuse ? | te hiresaka amin'olona aho | begg naa waxtaan ak nit | tu es un robot ?",
    ),
    (JoinWaitlist(), "préviens-moi | mets-moi sur la liste d'attente | notify me | préviens-moi quand c'est dispo"),
    (LeaveWaitlist(), "retire-moi de la liste d'attente | quitter la liste | take me off the waitlist"),
    (Greet(), "bonjour | Bonsoir ! | slt | salamalekum | bonjour ça va ? | manao ahoana tompoko | hi | on dit quoi ?"),
    (Thanks(), "merci | merci beaucoup 🙏 | mrc | misaotra tompoko | jërëjëf | thanks | bonjour merci"),
    (Yes(), "oui | ok | d'accord | waaw | eny | yes | 👍 | c bon"),
    (No(), "non | non merci | déet | tsia | no | 👎"),
]


@pytest.mark.parametrize(("act", "text"), [(act, text) for act, texts in WISHES for text in cases(texts)])
def test_a_wish_is_understood(act: Act, text: str) -> None:
    reading = hear(text, 7)
    assert (reading.acts, reading.certain) == ((act,), True)


@pytest.mark.parametrize(
    "text",
    cases(
        "annule pas | ne pas annuler | je peux annuler ? | annuler c'est payant | annule si possible | 2"
        " | deux | en fait | svp | 😂 | vous livrez à Pikine ? | je ne paie pas | pas wave | c'est combien ?"
        " | je prends | lorem ipsum | 77 123 45 67"
    ),
)
def test_what_is_not_understood_is_said_to_be_so(text: str) -> None:
    reading = hear(text, 7)
    assert (reading.acts, reading.certain) == ((Unknown(text),), False)


def test_a_wish_with_something_more_is_a_hint_only() -> None:
    reading = hear("je paie demain matin", 7)
    assert (reading.acts, reading.certain, reading.rest) == ((Pay(7),), False, "demain matin")


def test_who_says_to_have_paid_is_not_asked_to_pay() -> None:
    for text in ("j'ai payé", "j'ai déjà payé", "c payé", "fay naa", "efa nandoa aho", "i already paid"):
        reading = hear(text, 7)
        assert (reading.acts, reading.certain) == ((OrderStatus(),), False)


def test_the_order_is_the_one_asked_about_or_the_only_one() -> None:
    assert hear("je paie", 9, 7).acts == (Pay(None),)
    assert hear("je paie", 9, 7, asked={"kind": "pay", "order": 7}).acts == (Pay(7),)
    assert hear("annule", 9, asked={"kind": "means", "order": 7}).acts == (Cancel(9),)
    assert hear("je paie").acts == (Pay(None),)


def test_nothing_is_corrected_or_extended_when_nothing_is_there() -> None:
    assert hear("x3").acts == (Unknown("x3"),)
    assert not hear("attends").certain
    assert not hear("wave").certain


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("annule ROBE1", Cancel(None, "ROBE1")),
        ("enlève la robe 1 svp", Cancel(None, "ROBE1")),
        ("je ne veux plus ROBE1", Cancel(None, "ROBE1")),
        ("cancel ROBE1 please", Cancel(None, "ROBE1")),
        ("préviens-moi quand ROBE1 est dispo", JoinWaitlist("ROBE1")),
        ("ROBE1 liste d'attente", JoinWaitlist("ROBE1")),
        ("retire-moi de la liste d'attente ROBE1", LeaveWaitlist("ROBE1")),
        ("où en est ma commande ROBE1 ?", OrderStatus()),
        ("ROBE1 je veux parler à la vendeuse", Human()),
    ],
)
def test_a_wish_may_name_its_product(text: str, act: Act) -> None:
    reading = hear(text, 7)
    assert (reading.acts, reading.certain) == ((act,), True)


@pytest.mark.parametrize(
    "text", ["annule ROBE1 et je prends SAC2", "enlève ROBE1, mets 2 SAC2", "cancel ROBE1 and i'll take SAC2 please"]
)
def test_one_product_may_be_exchanged_for_another(text: str) -> None:
    reading = hear(text, 7)
    assert reading.certain
    assert reading.acts == (Cancel(None, "ROBE1"), Take("SAC2", 2 if "2 SAC2" in text else None))


@pytest.mark.parametrize(
    "text", ["annule ROBE1 SAC2 je prends", "ROBE1 annule je prends SAC2", "annule ROBE1 je prends pas SAC2"]
)
def test_an_exchange_that_is_not_plain_changes_nothing(text: str) -> None:
    assert hear(text, 7).acts == (Ask("ROBE1"), Ask("SAC2"))


def test_a_cancellation_of_something_unknown_cancels_nothing() -> None:
    assert hear("annule XYZ9", 7).acts == (Unknown("annule XYZ9"),)
    assert hear("annule ROBE1 ou SAC2", 7).acts == (Ask("ROBE1"), Ask("SAC2"))


@pytest.mark.parametrize(
    ("choice_id", "act"),
    [
        ("pay:12", Pay(12)),
        ("cancel:12", Cancel(12)),
        ("means:12", ChangeMeans(12)),
        ("means:12:wave", ChooseMeans("wave", 12)),
        ("means:12:orange_money", ChooseMeans("orange_money", 12)),
        ("means:12:card", ChooseMeans("card", 12)),
        ("extend:12", Extend(12)),
        ("take:ROBE1", Take("ROBE1")),
        ("take:ROBE1:2", Take("ROBE1", 2)),
        ("take:LOT:5", Take("LOT:5")),
        ("take:LOT:5:2", Take("LOT:5", 2)),
        ("wait:ROBE1:2", JoinWaitlist("ROBE1", 2)),
        ("leave:ROBE1", LeaveWaitlist("ROBE1")),
        ("purchases", Purchases()),
        ("human", Human()),
    ],
)
def test_a_tap_means_its_button(choice_id: str, act: Act) -> None:
    reading = tap(choice_id)
    assert (reading.acts, reading.certain) == ((act,), True)


@pytest.mark.parametrize(
    "choice_id",
    [
        "pay",
        "pay:",
        "pay:x",
        "pay:-1",
        "pay:0",
        "pay:1:2",
        "pay:²",
        "pay:9999999999999999999999999999999999999999",
        "means:12:cash",
        "means::wave",
        "means:12:wave:x",
        "take",
        "take:",
        "take:XYZ9",
        "take:ROBE1:0",
        "take:ROBE1:1000",
        "take:ROBE1:x",
        "take:ROBE1:1:1",
        "variant:ROBE1",
        "variant:ROBE1:1",
        "variant:ROBE1:1:x",
        "variant:XYZ9:1:1",
        "leave:ROBE1:2",
        "purchases:1",
        "human:",
        "nothing",
        "cancel:١٢",
    ],
)
def test_a_button_that_is_not_ours_means_nothing(choice_id: str) -> None:
    reading = tap(choice_id)
    assert (reading.acts, reading.certain) == ((Unknown(choice_id),), False)


def test_a_row_means_the_option_of_the_list_it_stands_in() -> None:
    asked = {"kind": "variant", "code": "ROBE1", "quantity": 1, "options": [{"taille": "M"}, {"taille": "L"}]}
    assert tap("variant:ROBE1:2:1", asked=asked).acts == (Take("ROBE1", 2, {"taille": "M"}),)
    assert tap("variant:ROBE1:2:2", asked=asked).acts == (Take("ROBE1", 2, {"taille": "L"}),)
    assert tap("variant:ROBE1:2:3", asked=asked).acts == (Unknown("variant:ROBE1:2:3"),)


def test_a_row_of_an_older_list_only_shows_the_product() -> None:
    assert tap("variant:ROBE1:2:1").acts == (Ask("ROBE1"),)
    assert tap("variant:ROBE1:2:1", asked={"kind": "variant", "code": "SAC2", "options": [{}]}).acts == (Ask("ROBE1"),)


def test_words_after_a_tap_are_read_in_its_light() -> None:
    burst = [Utterance("choice", "PAYER", "pay:12"), Utterance("text", "wave")]
    assert read(burst, ReadingContext(CODES, open_orders=(12, 4))).acts == (ChooseMeans("wave", 12),)


def test_a_tap_stands_even_when_the_words_beside_it_are_not_understood() -> None:
    reading = read([Utterance("choice", "x", "take:SAC2:2"), Utterance("text", "il est beau")], ReadingContext(CODES))
    assert (reading.acts, reading.certain) == ((Take("SAC2", 2), Unknown("il est beau")), False)


def test_silence_is_not_understood() -> None:
    assert read([], ReadingContext(CODES)).acts == (Unknown(""),)
    assert read([Utterance("sticker")], ReadingContext(CODES)).acts == (Unknown(""),)
