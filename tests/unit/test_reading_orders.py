"""A clear order is held, however it is written: with its quantity, its options, and no more than was said."""

import pytest

from griot.agent.acts import Act, ChooseMeans, Pay, Take
from griot.agent.reading import CodeIndex, Reading, ReadingContext, Utterance, read

PLAIN = CodeIndex.build({"ROBE1": [{}], "SAC2": [{}], "CHAUSSURE1": [{}], "A1": [{}]})
VARIED = CodeIndex.build(
    {
        "ROBE1": [{"taille": size} for size in "SML"],
        "ROBE2": [{}],
        "SAC2": [{"couleur": "bleu"}, {"couleur": "noir"}],
        "CHAUSSURE1": [{"pointure": str(size)} for size in range(36, 44)],
        "PULL3": [{"taille": "M", "couleur": "rouge"}, {"taille": "L", "couleur": "bleu nuit"}],
    }
)


def cases(texts: str) -> list[str]:
    return [text.strip() for text in texts.split("|")]


def hear(*texts: str, codes: CodeIndex = PLAIN, **context: object) -> Reading:
    return read([Utterance("text", text) for text in texts], ReadingContext(codes, **context))  # type: ignore[arg-type]


def assert_holds(reading: Reading, *acts: Act) -> None:
    assert (reading.acts, reading.certain, reading.rest) == (acts, True, "")


FRENCH = [
    ("ROBE1", None),
    ("robe 1 svp", None),
    ("je prends ROBE1 x2", 2),
    ("Bonjour je voudrais la robe1 s'il vous plaît", None),
    ("Bonjour ça va ? Je prends ROBE1", None),
    ("J'aimerais bien prendre 2 ROBE1", 2),
    ("Réserve-moi ROBE1", None),
    ("gardez moi 3 robes 1 svp merci d'avance", 3),
    ("mets-moi ROBE1 de côté", None),
    ("il me faut deux pièces de ROBE1", 2),
    ("ok pour ROBE1 👍", None),
    ("c'est bon je prends la ROBE1 merci beaucoup", None),
    ("pardon madame, ROBE1 pour moi", None),
    ("Merci de me réserver ROBE1", None),
    ("la robe ROBE1 svp", None),
    ("ROBE1 en 2 exemplaires", 2),
    ("vingt et une ROBE1", 21),
    ("quatre-vingt-dix-neuf ROBE1", 99),
    ("une douzaine de ROBE1", 12),
    ("ROBE1 pour ma fille 😍", None),
]
SMS = [
    ("slt jpren robe1 stp", None),
    ("jveu 2 robe1 svp", 2),
    ("bjr g pren robe 1", None),
    ("jvoudrai robe1 mwa", None),
    ("bsr jprends robe1 x3 mrc", 3),
    ("fo me garder robe1", None),
    ("ouiiii robe1 svpppp", None),
]
NOUCHI = [
    ("je gba robe1 dèh", None),
    ("tantie faut me garder 2 ROBE1", 2),
    ("pardon donne-moi ROBE1", None),
    ("on dit quoi ? je prends ROBE1", None),
    ("y'a foye je prends ROBE1", None),
    ("vieux père, mets ROBE1 pour moi", None),
]
WOLOF = [
    ("damay jël ROBE1", None),
    ("bëgg naa ñaar ROBE1", 2),
    ("beug na robe1", None),
    ("mayma ROBE1 x2", 2),
    ("ROBE1 laa bëgg", None),
    ("salamalekum, jox ma ñetti ROBE1", 3),
    ("waaw jël naa ROBE1 rek", None),
]
MALAGASY = [
    ("haka ROBE1 aho azafady", None),
    ("te haka ROBE1 roa aho", 2),
    ("salama tompoko, te hividy ROBE1 aho", None),
    ("mba omeo ROBE1 iray azafady", 1),
    ("raisiko ny ROBE1, misaotra", None),
    ("eny, handray ROBE1 telo aho", 3),
]
ENGLISH = [
    ("i'll take ROBE1 please", None),
    ("gimme 2 ROBE1", 2),
    ("Hi, I would like to order ROBE1", None),
    ("i want two ROBE1 pls", 2),
    ("please hold ROBE1 for me", None),
    ("a dozen ROBE1", 12),
    ("yes i want ROBE1 thanks", None),
]


@pytest.mark.parametrize(
    ("language", "text", "quantity"),
    [
        (language, text, quantity)
        for language, cases in (
            ("fr", FRENCH),
            ("fr", SMS),
            ("fr", NOUCHI),
            ("fr", WOLOF),
            ("mg", MALAGASY),
            ("en", ENGLISH),
        )
        for text, quantity in cases
    ],
)
def test_an_order_is_held_in_every_language_of_the_buyers(language: str, text: str, quantity: int | None) -> None:
    reading = hear(text)
    assert_holds(reading, Take("ROBE1", quantity))
    assert reading.language in (language, None)


@pytest.mark.parametrize(
    "text",
    cases(
        "ROBE1 2 | 2 ROBE1 | ROBE1 x2 | ROBE1 X 2 | ROBE1 ×2 | 2x ROBE1 | 2 x ROBE1 | ROBE1*2 | 2*ROBE1"
        " | robe1x2 | 2robe1 | 2xrobe1 | x2 robe1 | robe1 (2) | robe1 (x2) | ROBE1 : 2 | ROBE1=2 | ROBE1 - 2"
        " | ROBE1, 2 | 02 ROBE1 | ROBE1 deux | deux robe un | ROBE1 2 pièces | 2 pcs ROBE1 | 2pcs robe1"
        " | ROBE1 2️⃣ | *ROBE1* 2 | ROBE1 deux fois"
    ),
)
def test_a_quantity_is_read_whichever_way_it_is_attached(text: str) -> None:
    assert_holds(hear(text), Take("ROBE1", 2))


@pytest.mark.parametrize(
    ("text", "orders"),
    [
        ("ROBE1 + SAC2", {"ROBE1": None, "SAC2": None}),
        ("ROBE1/SAC2", {"ROBE1": None, "SAC2": None}),
        ("ROBE1 SAC2", {"ROBE1": None, "SAC2": None}),
        ("ROBE1, SAC2 x3 et 2 CHAUSSURE1", {"ROBE1": None, "SAC2": 3, "CHAUSSURE1": 2}),
        ("2 ROBE1 3 SAC2", {"ROBE1": 2, "SAC2": 3}),
        ("ROBE1 2 SAC2 3", {"ROBE1": 2, "SAC2": 3}),
        ("- ROBE1 x2\n- SAC2", {"ROBE1": 2, "SAC2": None}),
        ("haka ROBE1 sy SAC2 aho", {"ROBE1": None, "SAC2": None}),
        ("damay jël ROBE1 ak SAC2", {"ROBE1": None, "SAC2": None}),
    ],
)
def test_several_products_keep_their_own_quantities(text: str, orders: dict[str, int | None]) -> None:
    assert_holds(hear(text), *(Take(code, quantity) for code, quantity in orders.items()))


@pytest.mark.parametrize(
    ("burst", "quantity"),
    [
        (["ROBE1", "x2", "svp"], 2),
        (["ROBE1", "ROBE1"], None),
        (["ROBE1", "ROBE1 x2"], 2),
        (["robe", "1"], None),
        (["bonsoir", "je prends", "ROBE1", "merci"], None),
        (["ROBE1", "2"], 2),
        (["ROBE1", "🙏"], None),
    ],
)
def test_a_burst_is_one_message(burst: list[str], quantity: int | None) -> None:
    assert_holds(hear(*burst), Take("ROBE1", quantity))


def test_a_list_sent_line_by_line_is_read_line_by_line() -> None:
    assert_holds(hear("ROBE1", "x2", "SAC2", "x3"), Take("ROBE1", 2), Take("SAC2", 3))


@pytest.mark.parametrize(
    ("text", "take"),
    [
        ("ROBE1 taille M", Take("ROBE1", None, {"taille": "M"})),
        ("robe1m", Take("ROBE1", None, {"taille": "M"})),
        ("ROBE1 en M x2", Take("ROBE1", 2, {"taille": "M"})),
        ("2 ROBE1 medium", Take("ROBE1", 2, {"taille": "M"})),
        ("SAC2 bleue svp", Take("SAC2", None, {"couleur": "bleu"})),
        ("sac 2 noirs", Take("SAC2", None, {"couleur": "noir"})),
        ("SAC2 blue please", Take("SAC2", None, {"couleur": "bleu"})),
        ("SAC2 mainty azafady", Take("SAC2", None, {"couleur": "noir"})),
        ("CHAUSSURE1 42", Take("CHAUSSURE1", None, {"pointure": "42"})),
        ("2 chaussures 1 en 40", Take("CHAUSSURE1", 2, {"pointure": "40"})),
        ("CHAUSSURE1 pointure 38 x2", Take("CHAUSSURE1", 2, {"pointure": "38"})),
        ("PULL3 rouge", Take("PULL3", None, {"taille": "M", "couleur": "rouge"})),
        ("PULL3 bleu nuit", Take("PULL3", None, {"taille": "L", "couleur": "bleu nuit"})),
    ],
)
def test_options_are_recognised_by_their_everyday_words(text: str, take: Take) -> None:
    assert_holds(hear(text, codes=VARIED), take)


def test_two_variants_of_one_product_are_two_orders() -> None:
    small, medium = Take("ROBE1", 2, {"taille": "S"}), Take("ROBE1", 1, {"taille": "M"})
    assert_holds(hear("2 ROBE1 S et 1 ROBE1 M", codes=VARIED), small, medium)


def test_an_option_sent_apart_belongs_to_the_product_before_it() -> None:
    assert_holds(hear("je veux", "robe 1", "taille M", codes=VARIED), Take("ROBE1", None, {"taille": "M"}))


@pytest.mark.parametrize(
    ("text", "payment"),
    [
        ("ROBE1 wave", ChooseMeans("wave")),
        ("je prends ROBE1 et je paie par orange money", ChooseMeans("orange_money")),
        ("ROBE1 carte bancaire svp", ChooseMeans("card")),
        ("ROBE1 je paie maintenant", Pay()),
    ],
)
def test_the_way_to_pay_may_be_said_with_the_order(text: str, payment: Act) -> None:
    assert_holds(hear(text, open_orders=[4]), Take("ROBE1"), payment)


@pytest.mark.parametrize(
    "text", ["encore une ROBE1", "rajoute ROBE1", "une autre ROBE1", "je veux encore ROBE1", "one more ROBE1"]
)
def test_one_more_is_told_from_the_same_again(text: str) -> None:
    (take,) = hear(text).acts
    assert isinstance(take, Take)
    assert take.again


def test_a_code_alone_says_nothing_of_the_language() -> None:
    assert hear("ROBE1 x2").language is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("vous livrez demain à Pikine ?", "fr"),
        ("jveu savoir cb c", "fr"),
        ("naka nga def", "fr"),
        ("Tsara be ity akanjo ity, misy loko hafa ve?", "mg"),
        ("how long does the delivery take", "en"),
        ("🙂", None),
        ("qsdfgh", None),
    ],
)
def test_the_language_is_told_by_words_of_one_language_only(text: str, language: str | None) -> None:
    assert hear(text).language == language


def test_words_of_two_languages_leave_the_conversation_in_its_own() -> None:
    assert hear("merci please", language="en").language == "en"
    assert hear("merci please", language="mg").language is None
