"""A large catalogue is searched by field-weighted words, meaning and likeness, and a message in it is still read."""

import random
import time
from collections.abc import Sequence
from threading import Event

import pytest

from griot.knowledge.catalogue.models import Product
from griot.knowledge.search import shelf
from griot.knowledge.search.embedding import SentenceEncoder, Vectors, embedder
from griot.knowledge.search.glossary import glossary
from griot.knowledge.search.index import LARGE, Index
from griot.knowledge.search.wide.catalogue import WideCatalogue
from griot.knowledge.search.wide.postings import Postings
from griot.knowledge.search.wide.terms import terms, tokens
from griot.rehearsal.judged import article_for_sale

ROWS = [
    ("PH13", "iPhone 13 128GB Unlocked, Renewed (Blue)", "Cell Phones", ""),
    ("PHSE", "iPhone SE 64GB Unlocked (Red)", "Cell Phones", ""),
    ("CASE13", "Acme Shockproof Case for iPhone 13, Clear", "Accessories", "Raised edges for camera and screen"),
    ("CASESE", "Acme Shockproof Case for iPhone SE, Clear", "Accessories", ""),
    ("CHG20", "Zorvo USB C Charger 20W, Foldable Plug", "Chargers", "Charges an iPhone 13 fast"),
    ("CHG65", "Zorvo USB-C Charger 65 W GaN", "Chargers", ""),
    ("WH1000XM4", "Sonique WH-1000XM4 Noise Cancelling Headphones", "Headphones", ""),
    ("PAD", "Extended Mouse Pad XXL", "Computer Accessories", "Glides under any wireless mouse"),
    ("MOUSE", "Silent Wireless Mouse 2.4G", "Computer Accessories", ""),
    ("EAR", "Novatek True Wireless Earbuds, Waterproof", "Headphones", ""),
    ("SACORD", "Sac pour ordinateur portable 15 pouces", "Bagagerie", ""),
    ("MARM", "Marmite en fonte 24 cm", "Cuisine", ""),
    ("777", "Lampe de bureau articulée", "Maison", ""),
    ("HDD2", "Zorvo Portable Drive 2TB - USB 3.0", "Storage", ""),
    ("HDD5", "Zorvo Portable Drive 5TB, 2-Pack", "Storage", ""),
    ("TV32", 'Sonique 32" Television, Slim', "Screens", ""),
    ("TV40", "Sonique 40 in Television, Slim", "Screens", ""),
    ("QI", "Zorvo Wireless Charger Stand", "Chargers", ""),
    ("SLV1", "Acme Neoprene Sleeve for MacBook Air", "Bags", ""),
    ("SLV2", "Acme Felt Sleeve for Surface Go", "Bags", ""),
    ("SLV3", "Acme Leather Sleeve for Kindle", "Bags", ""),
    ("MBA", "MacBook Air Laptop, 8 GB", "Laptops", ""),
    ("KEYS", "Typo Compact Keyboard, Backlight", "Computer Accessories", ""),
    ("KEYS60", "Typo Compact Keyboard without Backlight", "Computer Accessories", ""),
    ("SCREW", "Torno E-88-R Screwdriver", "Tools", ""),
    ("DRILL", "Torno QX4410BK Drill", "Tools", ""),
]


@pytest.fixture(scope="module")
def shop() -> list[Product]:
    chance = random.Random(3)
    kinds = ("Tapis", "Rideau", "Coussin", "Vase", "Plateau", "Cadre", "Bougeoir", "Panier")
    filling = [
        (f"FILL{n}", f"{chance.choice(kinds)} {chance.choice(('rond', 'carré', 'tressé'))} modèle {n}", "Maison", "")
        for n in range(LARGE)
    ]
    return [article_for_sale(*row) for row in [*ROWS, *filling]]


@pytest.fixture(scope="module")
def index(shop: list[Product]) -> Index:
    return Index.build({product.code: product for product in shop}, {}, embedder())


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("iphone 13 case", "CASE13"),
        ("case for iphone se", "CASESE"),
        ("iphone 13", "PH13"),
        ("usbc charger 20 watt", "CHG20"),
        ("charger 65w usb-c", "CHG65"),
        ("wh 1000 xm4", "WH1000XM4"),
        ("sonique wh1000xm4", "WH1000XM4"),
        ("mousepad", "PAD"),
        ("wireles mous", "MOUSE"),
        ("ear buds", "EAR"),
        ("waterprof earbods", "EAR"),
        ("laptop bag", "SACORD"),
        ("vilany", "MARM"),
        ("fill17", "FILL17"),
        ("777", "777"),
        ("2 tb drive", "HDD2"),
        ("television 32 inch", "TV32"),
        ('40" television', "TV40"),
        ("wireless charger", "QI"),
        ("macbook air sleeve", "SLV1"),
        ("macbook air", "MBA"),
        ("keyboard without backlight", "KEYS60"),
        ("keyboard backlight", "KEYS"),
        ("e88r", "SCREW"),
        ("torno qx4410", "DRILL"),
        ("qx4410bk-eu", "DRILL"),
    ],
)
def test_what_is_meant_comes_first(index: Index, words: str, code: str) -> None:
    assert index.products(words, 5)[0].key == code


def test_an_accessory_follows_the_device_that_it_is_for(index: Index) -> None:
    assert [hit.key for hit in index.products("iphone 13", 2)] == ["PH13", "CASE13"]


def test_what_must_not_be_steps_back(index: Index) -> None:
    assert index.products("wireless mouse", 1)[0].key == "MOUSE"
    assert index.products("souris sans fil", 1)[0].key == "MOUSE"  # a name of its own, that denies nothing
    assert index.products("iphone se without unlocked", 1)[0].key == "CASESE"


def test_a_bare_number_in_a_search_is_no_code(index: Index) -> None:
    assert index.products("plateau carré 777", 1)[0].key.startswith("FILL")


def test_scores_can_be_compared(index: Index) -> None:
    assert index.products("zorvo charger 65w", 1)[0].score >= 0.75
    assert all(0.3 < hit.score < 0.75 for hit in index.products("coussin carré", 5))
    assert all(hit.score < 0.3 for hit in index.products("bonjour ca va", 5))
    found = index.products("zorvo charger", 10)
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)


def test_why_names_the_evidence(index: Index) -> None:
    assert index.products("ph13", 1)[0].why == "code: PH13"
    assert index.products("vilany", 1)[0].why.startswith("vilani = ")
    assert "≈" in index.products("earbods", 1)[0].why


def test_a_message_is_read_in_a_large_shop(index: Index) -> None:
    said = index.mentions("bonjour, 2 marmite en fonte et un sac pour ordinateur, merci")
    assert [mention.code for mention in said] == ["MARM", "SACORD"]
    assert index.mentions("bonjour, vous allez bien ?") == []
    assert [mention.code for mention in index.mentions("je prends CHG65")] == ["CHG65"]


@pytest.mark.parametrize(
    "words", ["", "   ", "?!…", "🙏🙏", "''' OR 1=1 --", "a" * 5000, "robe " * 500, "\x00\u200b", "١٢٣ ㊙️"]
)
def test_noise_is_only_words(index: Index, words: str) -> None:
    index.products(words)
    index.mentions(words)


def test_words_alone_do_without_an_embedder(shop: list[Product]) -> None:
    found = WideCatalogue(shop, None, glossary()).products("iphone 13 case", 3)
    assert found[0].key == "CASE13"


def test_a_large_catalogue_is_searched_while_it_is_embedded(
    shop: list[Product], monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting, done = Event(), Event()

    class Slow(SentenceEncoder):
        def embed(self, texts: Sequence[str]) -> Vectors:
            if len(texts) > 1:
                waiting.wait(20)
                done.set()
            return embedder().embed(texts)

    monkeypatch.setattr(shelf, "embedder", Slow)
    products = {product.code: product for product in shop}
    kept = shelf.Shelf()
    index = kept.index(products, {})
    assert index.products("iphone 13 case", 1)[0].key == "CASE13"
    assert "meaning" not in index.products("laptop bag", 1)[0].why
    waiting.set()
    assert done.wait(20)
    for _ in range(200):
        if "meaning" in index.products("laptop bag", 1)[0].why:
            break
        time.sleep(0.05)
    assert "meaning" in index.products("laptop bag", 1)[0].why
    assert kept.index(products, {}) is index


def test_an_empty_catalogue_finds_nothing() -> None:
    assert WideCatalogue([], None, glossary()).products("robe", 5) == []
    assert WideCatalogue([], embedder(), glossary()).products("robe", 5) == []


def test_terms_keep_models_and_figures() -> None:
    def cut(text: str) -> set[str]:
        return {part.text for part in terms(tokens(text))}

    assert {"wh1000xm4"} <= cut("WH-1000XM4")
    assert "16gb" in cut("16 GB RAM") & cut("16Go") & cut("16gb")
    assert "usbc" in cut("USB-C") & cut("usb c")
    assert "iphone13" in cut("iPhone 13 Pro")
    assert cut("cases") == cut("case")


def test_a_term_tells_more_in_a_title_than_in_a_description() -> None:
    products = [article_for_sale("A", "Case", "", "for a charger"), article_for_sale("B", "Charger", "", "with a case")]
    postings = Postings(products, glossary())
    assert postings.told("charger", 1) > postings.told("charger", 0) > 0
    assert postings.told("absent", 0) == 0
    assert postings.owners("charger") == 2
    assert postings.rarity(1) > postings.rarity(2)
