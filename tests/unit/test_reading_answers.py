"""A short answer means what the last question makes it mean."""

from typing import Any

import pytest

from griot.agent.acts import Act, Cancel, ChooseMeans, Extend, JoinWaitlist, No, Pay, SetQuantity, Take, Thanks, Yes
from griot.agent.reading import CodeIndex, Reading, ReadingContext, Utterance, read

CODES = CodeIndex.build({"ROBE1": [{"taille": size} for size in "SML"], "SAC2": [{}]})
MEANS = {"kind": "means", "order": 12, "means": ["wave", "orange_money", "card"]}
SIZES = [{"taille": size} for size in "SML"]
VARIANT = {"kind": "variant", "code": "ROBE1", "quantity": 2, "options": SIZES}
QUANTITY = {"kind": "quantity", "code": "ROBE1"}
WAITLIST = {"kind": "waitlist", "code": "ROBE1", "quantity": 2}
AGAIN = {"kind": "again", "code": "ROBE1", "quantity": 1}
PAY = {"kind": "pay", "order": 12}


def answer(text: str, asked: dict[str, Any], **context: object) -> Reading:
    return read([Utterance("text", text)], ReadingContext(CODES, asked, **context))  # type: ignore[arg-type]


def assert_means(text: str, asked: dict[str, Any], act: Act) -> None:
    reading = answer(text, asked, open_orders=(12, 5))
    assert (reading.acts, reading.certain) == ((act,), True)


def assert_unclear(text: str, asked: dict[str, Any]) -> None:
    assert not answer(text, asked, open_orders=(12, 5)).certain


@pytest.mark.parametrize(
    ("text", "means"),
    [
        *[
            (text, "wave")
            for text in (
                "wave",
                "Wave svp",
                "ok wave",
                "par wave",
                "1",
                "le premier",
                "1er",
                "non wave",
                "amin'ny wave",
            )
        ],
        *[
            (text, "orange_money")
            for text in ("om", "O.M", "orange", "Orange Money stp", "2", "le 2", "la 2e", "the second one")
        ],
        *[
            (text, "card")
            for text in ("carte", "la carte", "visa", "carte bancaire", "3", "le dernier", "karatra", "by card please")
        ],
    ],
)
def test_a_means_is_chosen_by_name_or_place(text: str, means: Any) -> None:
    assert_means(text, MEANS, ChooseMeans(means, 12))


@pytest.mark.parametrize(
    "text", ["4", "0", "wave ou om", "pas wave", "non pas wave", "cash", "mtn", "wave ça marche pas"]
)
def test_a_means_that_is_not_named_for_sure_is_not_chosen(text: str) -> None:
    assert_unclear(text, MEANS)


def test_a_means_that_was_not_offered_is_not_certain() -> None:
    assert_unclear("carte", MEANS | {"means": ["wave"]})


def test_yes_chooses_the_only_means_there_is() -> None:
    assert_means("oui", MEANS | {"means": ["wave"]}, ChooseMeans("wave", 12))
    assert_means("oui", MEANS, Yes())


@pytest.mark.parametrize(
    ("text", "size", "quantity"),
    [
        *[
            (text, "M", 2)
            for text in ("M", "m svp", "la M", "en M", "taille M", "je prends M", "moyenne", "2", "le 2", "la deuxième")
        ],
        *[(text, "S", 2) for text in ("S", "1", "le premier", "small please")],
        *[(text, "L", 2) for text in ("l", "3", "la dernière", "large")],
        ("M x3", "M", 3),
        ("1 M", "M", 1),
    ],
)
def test_a_variant_is_chosen_by_value_or_place(text: str, size: str, quantity: int) -> None:
    assert_means(text, VARIANT, Take("ROBE1", quantity, {"taille": size}))


@pytest.mark.parametrize("text", ["XL", "4", "S et M", "S ou M", "pas M", "M ?", "M c'est grand comment", "15000"])
def test_a_variant_that_is_not_named_for_sure_is_not_taken(text: str) -> None:
    assert_unclear(text, VARIANT)


def test_a_size_that_is_a_number_is_a_value_before_it_is_a_place() -> None:
    shoes = VARIANT | {"options": [{"pointure": "38"}, {"pointure": "39"}]}
    assert_means("39 svp", shoes, Take("ROBE1", 2, {"pointure": "39"}))
    assert_means("2", shoes, Take("ROBE1", 2, {"pointure": "39"}))
    crossed = VARIANT | {"options": [{"taille": "2"}, {"taille": "1"}]}
    assert_unclear("2", crossed)
    assert_means("le premier", crossed, Take("ROBE1", 2, {"taille": "2"}))


def test_part_of_a_variant_is_completed_when_only_one_has_it() -> None:
    options = [
        {"taille": "M", "couleur": "bleu"},
        {"taille": "M", "couleur": "noir"},
        {"taille": "L", "couleur": "noir"},
    ]
    asked = VARIANT | {"options": options}
    assert_means("bleue", asked, Take("ROBE1", 2, {"taille": "M", "couleur": "bleu"}))
    assert_means("noir en L", asked, Take("ROBE1", 2, {"taille": "L", "couleur": "noir"}))
    assert_means("noir", asked, Take("ROBE1", 2, {"couleur": "noir"}))
    assert_unclear("bleu en L", asked)


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("2", 2),
        ("deux", 2),
        ("x3", 3),
        ("3 pièces svp", 3),
        ("roa", 2),
        ("ñaar", 2),
        ("une seule", 1),
        ("j'en veux 4", 4),
        ("non en fait 3", 3),
        ("mets-en 2", 2),
        ("neuf", 9),
        ("just two please", 2),
        ("une douzaine", 12),
        ("2️⃣", 2),
    ],
)
def test_a_quantity_answers_how_many(text: str, quantity: int) -> None:
    assert_means(text, QUANTITY, Take("ROBE1", quantity))


@pytest.mark.parametrize(
    "text", ["0", "-1", "2,5", "15000", "2 ou 3", "beaucoup", "oui", "2 ?", "2 pour 5000", "à 18h"]
)
def test_what_is_no_count_does_not_answer_how_many(text: str) -> None:
    assert not any(isinstance(act, Take) for act in answer(text, QUANTITY).acts)


@pytest.mark.parametrize(
    "text", ["oui", "ok", "d'accord merci", "👍", "waaw", "eny", "yes please", "préviens-moi", "j'attends", "oui stp"]
)
def test_assent_joins_the_waiting_list(text: str) -> None:
    assert_means(text, WAITLIST, JoinWaitlist("ROBE1", 2))


@pytest.mark.parametrize("asked", [WAITLIST, AGAIN, PAY])
@pytest.mark.parametrize("text", ["non", "non merci", "nan", "déet", "tsia misaotra", "no thanks", "👎"])
def test_a_refusal_is_one(text: str, asked: dict[str, Any]) -> None:
    assert_means(text, asked, No())


@pytest.mark.parametrize(
    ("text", "quantity"), [("oui", 1), ("encore une", 1), ("oui une autre", 1), ("2", 2), ("yes 3", 3)]
)
def test_assent_takes_one_more(text: str, quantity: int) -> None:
    assert_means(text, AGAIN, Take("ROBE1", quantity, again=True))


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("oui", Pay(12)),
        ("ok merci", Pay(12)),
        ("je paie", Pay(12)),
        ("oui wave", ChooseMeans("wave", 12)),
        ("om svp", ChooseMeans("orange_money", 12)),
        ("annule", Cancel(12)),
        ("encore 5 min", Extend(12)),
        ("x2", SetQuantity(2)),
        ("merci", Thanks()),
    ],
)
def test_the_offer_to_pay_is_answered_in_many_ways(text: str, act: Act) -> None:
    assert_means(text, PAY, act)


def test_a_bare_number_does_not_answer_the_offer_to_pay() -> None:
    assert_unclear("2", PAY)


@pytest.mark.parametrize("asked", [MEANS, VARIANT, QUANTITY, WAITLIST, AGAIN, PAY])
def test_a_new_code_is_a_new_order_whatever_was_asked(asked: dict[str, Any]) -> None:
    assert_means("SAC2 x3", asked, Take("SAC2", 3))


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"kind": "weather"},
        {"kind": "variant"},
        {"kind": "means", "means": None},
        {"kind": "variant", "options": ["M"]},
    ],
)
@pytest.mark.parametrize("text", ["oui", "2", "M", "wave", "non"])
def test_a_question_that_makes_no_sense_takes_nothing(text: str, asked: dict[str, Any]) -> None:
    assert not any(isinstance(act, Take) for act in answer(text, asked).acts)
