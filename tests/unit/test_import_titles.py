"""An article is called what a visitor of its page would call it, whatever its site writes around the name."""

import json

import pytest

from griot.knowledge.importing.pages.reading import read_page

ADDRESS = "https://www.maisonkone.com/p/robe"
SITE = '<meta property="og:site_name" content="Maison Koné">'


def title(head: str, body: str = "", url: str = ADDRESS) -> str:
    """The title of a page with a price and a buy button under ``body``."""
    sold = '<p class="price">12,50 €</p><button>Add to cart</button>'
    html = f'<html><head><meta charset="utf-8">{head}</head><body><main>{body}{sold}</main></body></html>'
    (product,) = read_page(html.encode(), url=url).products
    return product.title


def ld(name: str, sku: str = "") -> str:
    offer = {"@type": "Offer", "price": "12.50", "priceCurrency": "EUR"}
    data = json.dumps({"@type": "Product", "name": name, "sku": sku, "offers": offer})
    return f'<script type="application/ld+json">{data}</script>'


@pytest.mark.parametrize(
    "head",
    [
        "<title>Robe wax fleurie | Maison Koné</title>",
        "<title>Maison Koné: Robe wax fleurie</title>",
        "<title>Robe wax fleurie - MaisonKone.com</title>",
        "<title>Robe wax fleurie: Maison Koné Sénégal</title>",
        SITE + ld("Robe wax fleurie - Maison Koné"),
    ],
)
def test_the_sites_name_is_no_part_of_it(head: str) -> None:
    assert title(head) == "Robe wax fleurie"


def test_a_sites_name_that_begins_a_products_name_stays() -> None:
    assert title("<title>Vertuo Pop machine</title>", url="https://vertuo.com/p/1") == "Vertuo Pop machine"
    assert (
        title("<title>Vertuo Pop - Machine rouge</title>", url="https://vertuo.com/1") == "Vertuo Pop - Machine rouge"
    )


@pytest.mark.parametrize("name", ["Maison Koné", "RW-1234"])
def test_a_name_that_is_the_sites_or_a_code_is_none(name: str) -> None:
    assert title(SITE + ld(name, "RW-1234"), "<h1>Robe wax fleurie</h1>") == "Robe wax fleurie"


def test_a_page_title_that_is_only_the_sites_name_is_none() -> None:
    assert title(f"{SITE}<title>Maison Koné</title>", "<h1>Robe wax fleurie</h1>") == "Robe wax fleurie"


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Buy Red canvas shoes Online at Best Price", "Red canvas shoes"),
        ("Acheter Robe wax fleurie en ligne", "Robe wax fleurie"),
        ("Commandez Robe wax pas cher - Livraison gratuite", "Robe wax"),
        ("Купить Смесь 1200 г по низкой цене с доставкой", "Смесь 1200 г"),
        ("Tecno Spark 8 Best Price in Kenya 2026, Specs", "Tecno Spark 8"),
        ("Rotes Kleid günstig online kaufen", "Rotes Kleid"),
        ("Shop apron", "Shop apron"),
        ("Online course on weaving", "Online course on weaving"),
    ],
)
def test_a_call_to_buy_around_a_name(written: str, name: str) -> None:
    assert title(f"<title>{written}</title>") == name
    assert title(ld(written)) == name


def test_entities_markup_and_letters_encoded_twice() -> None:
    assert title(ld("Fish &amp;amp; <b>Chips</b> d&#39;Abidjan")) == "Fish & Chips d'Abidjan"
    assert title(ld("CafÃ© moulu dâ€™Abidjan")) == "Café moulu d’Abidjan"
    assert title("<title>Caf&Atilde;&copy; moulu</title>", "<h1>CafÃ© moulu</h1>") == "Café moulu"
    assert title("<title>SÃO PAULO Â</title>") == "SÃO PAULO Â"


@pytest.mark.parametrize("tail", [" - SKU RW-1234", " (Réf. RW-1234)", " | Item No: 99", ", Art.-Nr. 12/4"])
def test_a_code_that_says_so_is_no_part_of_it(tail: str) -> None:
    assert title(ld(f"Robe wax fleurie{tail}")) == "Robe wax fleurie"


def test_a_code_without_a_word_for_it_stays_where_the_page_shows_it() -> None:
    shown = "<h1>Marmite fonte 660416</h1>"
    assert title(ld("Marmite fonte 660416", "660416"), shown) == "Marmite fonte 660416"


def test_words_that_only_the_data_put_around_the_headline() -> None:
    headline = "<h1>De temps en temps</h1>"
    assert title("<title>Places</title>" + ld("De temps en temps en direct - Dakar"), headline) == "De temps en temps"
    repeated = "<title>De temps en temps en direct - Dakar</title>"
    assert (
        title(repeated + ld("De temps en temps en direct - Dakar"), headline) == "De temps en temps en direct - Dakar"
    )


def test_a_name_cut_short_or_spelled_as_an_address() -> None:
    headline = "<h1>Robe wax fleurie à manches longues</h1>"
    assert title(ld("Robe wax fleurie à manc..."), headline) == "Robe wax fleurie à manches longues"
    assert title(ld("robe-wax-fleurie"), "<h1>Robe Wax Fleurie</h1>") == "Robe Wax Fleurie"


def test_the_same_name_is_spelled_as_the_headline_does_unless_its_parts_run_together() -> None:
    data = ld("KORA table lamp - white 10x14 cm")
    assert title(data, "<h1>Kora table lamp, white 10x14 cm</h1>") == "Kora table lamp, white 10x14 cm"
    glued = "<h1>Kora table lamp, <i>white</i><i>10x14 cm</i></h1>"
    assert title(data, glued) == "KORA table lamp - white 10x14 cm"


def test_what_a_headline_shows_beside_the_name() -> None:
    head = "<title>Robe wax fleurie – Maison Koné</title>"
    for headline in (
        "Robe wax fleurie <i>Nouveau</i>",
        "<i>-20%</i> Robe wax fleurie",
        "<b>Vlisco</b>Robe wax fleurie",
    ):
        assert title(head, f"<h1>{headline}</h1>") == "Robe wax fleurie"
    assert title(head, '<h1 class="logo">Maison Koné</h1><h2 class="product-title">Robe wax fleurie</h2>') == (
        "Robe wax fleurie"
    )
