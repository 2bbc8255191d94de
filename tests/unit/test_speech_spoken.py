"""What the model writes becomes what a buyer would have typed, and what may have been said otherwise is named."""

import pytest

pytest.importorskip("num2words", reason="needs the extra: pip install 'griot[voice]'")

from griot.speech.hearing.contrast import slots
from griot.speech.hearing.goods import Goods, lower, plural
from griot.speech.hearing.numbers import numbers, pieces
from griot.speech.hearing.prompting import LISTED, likely, prompt
from griot.speech.hearing.sounds import key
from griot.speech.hearing.spoken import Hypothesis, Spoken, typed
from griot.speech.hearing.troubles import language_of, refuse_foreign, refuse_nonsense
from griot.speech.models import Inaudible, Vocabulary

SHOP = Vocabulary(
    ("Robe Wax", "Robe Bogolan", "Sac en cuir", "Tôle ondulée", "Foulard en soie", "Gâteau aux fraises", "iPhone 13"),
    ("ROBE1", "ROBE2", "SAC2", "TOL1", "FOUL1", "GAT1", "TEL3"),
)
ENGLISH = Vocabulary(("Leather bag", "Bag of rice", "Straw hat"), ("BAG1", "RICE5", "DRESS1"))


def heard(text: str, alone: str | None = None, *others: str, language: str = "fr") -> Spoken:
    """What is made of a transcript; ``alone``: without knowing the shop; ``others``: as likely together."""
    shares = [1.0] if not others else [0.5, *[0.5 / len(others)] * len(others)]
    considered = [Hypothesis(one, share) for one, share in zip((text, *others), shares, strict=True)]
    goods = Goods(SHOP if language == "fr" else ENGLISH, language)
    return typed(considered, alone or text, goods, language)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("Je prends robe un.", "Je prends ROBE1."),
        ("Je prends robe numéro un.", "Je prends ROBE1."),
        ("Je prends erre o bé é un.", "Je prends ROBE1."),
        ("Je prends R O B E 1.", "Je prends ROBE1."),
        ("Je prends Robe 2 et sac deux.", "Je prends ROBE2 et SAC2."),
        ("Deux ROBE1 s'il vous plaît", "Deux ROBE1 s'il vous plaît"),
        ("Je prends té é elle trois", "Je prends TEL3"),
    ],
)
def test_codes_as_spoken_become_codes(said: str, written: str) -> None:
    assert heard(said) == (written, ())


@pytest.mark.parametrize("said", ["Je prends robe neuf.", "Je veux une robe, deux pièces.", "J'ai deux enfants."])
def test_what_is_no_code_stays_as_it_was_said(said: str) -> None:
    assert heard(said).text == said


def test_a_code_that_only_who_knows_the_shop_hears_is_doubtful() -> None:
    assert heard("Je prends TEL3.", "Merci d'avoir regardé.").doubtful == ("TEL3",)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("60 foulards dans soie", "60 foulards en soie"),
        ("six taules ondulées", "six tôles ondulées"),
        ("trois robe bogolane", "trois robes Bogolan"),
        ("un iphone 13", "un iPhone 13"),
        ("C'est combien le sac en cuire ?", "C'est combien le sac en cuir ?"),
    ],
)
def test_names_are_written_as_the_catalogue_has_them(said: str, written: str) -> None:
    assert heard(said).text == written


def test_a_small_word_where_a_number_must_be_becomes_one_to_be_read_back() -> None:
    assert heard("Je voudrais de gâteau aux fraises.") == ("Je voudrais deux gâteaux aux fraises.", ("deux",))
    assert heard("Donnez-moi sans gâteau aux fraises") == ("Donnez-moi cent gâteaux aux fraises", ("cent",))
    assert heard("I want to straw hats", language="en") == ("I want two straw hats", ("two",))
    assert heard("Le prix de gâteau aux fraises").text == "Le prix de gâteau aux fraises"


@pytest.mark.parametrize(
    "said",
    [
        "Je voudrais des gâteaux aux fraises",  # dix
        "Je voulais dire cette gâteau aux fraises",  # sept
        "J'aimerais du gâteau aux fraises",  # dix
        "Réservez ma douce tôle ondulée",  # douze
        "Il me faut vences robes wax",  # quatre-vingt-seize
        "Je prends gâteau aux fraises",
        "gâteaux aux fraises s'il vous plaît",
    ],
)
def test_goods_without_a_number_or_an_article_are_doubtful(said: str) -> None:
    assert heard(said).doubtful


@pytest.mark.parametrize("said", ["Je voudrais un gâteau aux fraises", "Avez-vous la robe wax ?", "le sac en cuir"])
def test_goods_with_an_article_are_not(said: str) -> None:
    assert not heard(said).doubtful


def test_a_number_is_sure_when_both_listenings_have_it() -> None:
    assert not heard("Trois robes wax", "3 robes ouak").doubtful
    assert heard("Trois robes wax", "Toi robes ouak").doubtful == ("Trois",)
    assert not heard("Deux gâteaux aux fraises", "De gâteau aux fraises").doubtful
    assert heard("Trois robes wax", "Trois robes wax", "Treize robes wax").doubtful == ("Trois",)


def test_a_number_of_something_that_the_shop_does_not_have_is_doubtful() -> None:
    assert heard("Je prends deux jantais hautes").doubtful == ("jantais",)
    assert not heard("Je prends deux robes").doubtful
    assert not heard("J'en prends deux pièces").doubtful
    assert not heard("Non, trois").doubtful


def rivals(text: str, *others: str, language: str = "fr") -> list[str]:
    goods = Goods(SHOP if language == "fr" else ENGLISH, language)
    return [rival for slot in slots(text, others, goods, language) for rival in slot.rivals]


def test_numbers_have_those_that_sound_like_them_as_rivals() -> None:
    assert rivals("Il me faut un sac en cuir") == ["Il me faut vingt sac en cuir", "Il me faut 20 sac en cuir"]
    assert rivals("trois sacs") == ["treize sacs", "13 sacs"]
    assert rivals("15 hats", language="en") == ["five hats", "fifty hats", "50 hats"]
    assert not rivals("Le sac en cuir")


def test_a_number_of_another_transcript_is_a_rival() -> None:
    assert "four sacs" not in rivals("trois sacs", "quatre sacs")
    assert "quatre sacs" in rivals("trois sacs", "quatre sacs")
    assert "trois sacs, trois robes" not in rivals("trois sacs, deux robes", "trois sacs, deux robes")


def test_the_number_of_a_code_competes_with_those_of_other_codes_only() -> None:
    assert rivals("Je prends robe deux") == []
    goods = Goods(Vocabulary(("Robe",), ("ROBE2", "ROBE12", "SAC10")), "fr")
    assert slots("Je prends robe deux", (), goods, "fr")[0].rivals == ("Je prends robe douze", "Je prends robe 12")


def test_of_a_number_that_was_compared_the_comparison_decides() -> None:
    def compared(*, clear: bool) -> Spoken:
        considered = [Hypothesis("Trois robes wax", 1.0)]
        return typed(considered, "Toi robes ouak", Goods(SHOP, "fr"), "fr", {0: clear})

    assert not compared(clear=True).doubtful
    assert compared(clear=False).doubtful == ("Trois",)


def test_what_goods_are_counted_in_may_stand_between() -> None:
    assert not heard("Je prends une paire de robes wax").doubtful
    assert not heard("Je prends deux boîtes de robes wax").doubtful
    assert heard("Je prends des sacs de farine").doubtful == ("des",)
    assert not heard("Je prends deux mètres").doubtful


def test_a_small_word_where_a_number_is_likely_is_doubtful() -> None:
    assert heard("Gardez-moi de bassine rose").doubtful == ("de",)
    assert heard("Trente tabliers au lieu de vin").doubtful == ("tabliers", "vin")
    assert not heard("La couleur de bassine est rose").doubtful
    assert not heard("I want to order shoes", language="en").doubtful


def test_a_code_after_a_word_that_is_no_word_is_doubtful() -> None:
    assert heard("Je voudrais douce robe deux").doubtful == ("douce",)
    assert not heard("Je voudrais le modèle robe deux").doubtful


def test_the_end_of_a_larger_number_is_doubtful() -> None:
    assert heard("Alors moi ce sera qu'être 20 robes wax").doubtful == ("20",)
    assert not heard("Alors moi ce sera 20 robes wax").doubtful
    assert "8" in heard("Alors moi ce s'est Hadis 8 robes wax").doubtful
    assert heard("Mettez-moi 60 dix robes wax").doubtful == ("dix",)
    assert not heard("Pour 8 robes wax").doubtful
    assert heard("We want 36 packs", language="en").doubtful == ("36",)


def test_goods_on_which_the_transcripts_differ_are_doubtful() -> None:
    assert heard("une robe wax", None, "une robe bogolan").doubtful == ("robe Wax",)


def test_numbers_in_words_and_digits() -> None:
    found = numbers(pieces("quatre-vingt-seize robes, vingt et une jupes, 3 sacs et mille choses"), "fr")
    assert [number.value for number in found] == [96, 21, 3]
    assert [number.value for number in numbers(pieces("one hundred and five or one hundred five"), "en")] == [105, 105]


def test_what_sounds_alike_has_one_key() -> None:
    assert key("deux gâteaux", "fr") == key("de gâteau", "fr")
    assert key("six", "fr") == key("si", "fr")
    assert key("cent robes", "fr") == key("sans robe", "fr")
    assert key("deux", "fr") != key("dix", "fr")


def test_plurals_and_capitals_within_a_sentence() -> None:
    assert plural("gâteau aux fraises", "fr") == "gâteaux aux fraises"
    assert plural("iPhone 13", "fr") == "iPhone 13"
    assert plural("bag of rice", "en") == "bags of rice"
    assert lower("Robe Wax") == "robe Wax"
    assert lower("TV Samsung") == "TV Samsung"


def test_a_name_may_be_said_without_its_details() -> None:
    goods = Goods(Vocabulary(("Lait concentré sucré, boîte de 397 g",)), "fr")
    assert [one.written for one in goods.find("deux laits concentrés sucrés")] == ["Lait concentré sucré"]


def test_brief_speech_is_in_the_likeliest_language_unless_it_is_clear() -> None:
    assert language_of({"en": 0.7, "fr": 0.01}, ("fr", "en"), brief=True) == "fr"
    assert language_of({"en": 0.9, "fr": 0.01}, ("fr", "en"), brief=True) == "en"
    assert language_of({"en": 0.7, "fr": 0.01}, ("fr", "en"), brief=False) == "en"


def test_a_brief_word_is_nonsense_only_when_it_is_very_unlikely() -> None:
    refuse_nonsense("Oui.", -2.3, 0.7, brief=True)
    with pytest.raises(Inaudible):
        refuse_nonsense("Oui.", -2.3, 0.1, brief=False)


def test_a_language_that_was_not_expected_is_refused() -> None:
    refuse_foreign(-0.5, {"fr": 0.9}, ("fr", "en"))
    refuse_foreign(-0.9, {"ja": 0.9}, ("fr",))
    with pytest.raises(Inaudible):
        refuse_foreign(-0.9, {"ja": 0.9}, ("fr", "en"))


def test_the_prompt_names_codes_and_an_order_with_numbers() -> None:
    told = prompt(Vocabulary(("Robe Wax", "Gâteau"), ("ROBE1", "GAT1")), "fr")
    assert told == "ROBE1, GAT1. Je paie par Wave ou Orange Money. Bonjour, je voudrais deux robes Wax, trois gâteaux."
    assert prompt(Vocabulary(), "fr") == ""


def test_of_a_large_catalogue_the_likeliest_goods_are_told() -> None:
    names = tuple(f"Article numéro {n}" for n in range(3000))
    codes = tuple(f"ART{n}" for n in range(3000))
    large = Vocabulary((*names, "Foulard en soie"), (*codes, "FOUL1"))
    chosen = likely(large, "je voudrais deux foulards en soi", "fr")
    assert len(chosen.names) == LISTED
    assert (chosen.names[0], chosen.codes[0]) == ("Foulard en soie", "FOUL1")


def test_francs_cfa_are_known() -> None:
    assert heard("C'est quinze mille Français FA.").text == "C'est quinze mille francs CFA."
    assert heard("Je parle français.").text == "Je parle français."
