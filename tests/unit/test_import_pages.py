"""A page that sells one article gives that article: its present price, its currency, whether it can be bought."""

from decimal import Decimal

import pytest
from importing_shops import (
    GRID,
    MAGENTO,
    NEXT,
    PRESTASHOP_OLD,
    SHOPIFY,
    SQUARESPACE,
    WOOCOMMERCE_SALE,
    WOOCOMMERCE_VARIABLE,
)

from griot.knowledge.importing.models import Found, FoundProduct
from griot.knowledge.importing.pages.reading import read_page

ADDRESS = "https://shop.example/p/1"


def read(html: str, url: str | None = ADDRESS) -> Found:
    return read_page(html.encode(), url=url)


def product(html: str, url: str | None = ADDRESS) -> FoundProduct:
    found = read(html, url)
    assert len(found.products) == 1, found
    return found.products[0]


def page(body: str, head: str = "", lang: str = "en") -> str:
    return f'<!doctype html><html lang="{lang}"><head>{head}</head><body>{body}</body></html>'


def ld(data: str) -> str:
    return f'<script type="application/ld+json">{data}</script>'


@pytest.mark.parametrize(
    ("html", "title", "price", "currency", "availability", "variants"),
    [
        (SHOPIFY, "Robe bogolan", "25000", "XOF", "in_stock", 2),
        (WOOCOMMERCE_SALE, "Savon noir", "2900", "XOF", "in_stock", 0),
        (WOOCOMMERCE_VARIABLE, "Wax skirt", "30", "GBP", "in_stock", 2),
        (PRESTASHOP_OLD, "Théière émaillée", "15", "EUR", "in_stock", 0),
        (MAGENTO, "Dzbanek gliniany", "71.91", "PLN", "in_stock", 2),
        (SQUARESPACE, "Raffia hat", "38", "USD", "in_stock", 1),
        (NEXT, "Solar lamp", "45000", "MGA", "in_stock", 0),
    ],
    ids=["shopify", "woo-sale", "woo-variable", "prestashop", "magento", "squarespace", "next"],
)
def test_platforms(html: str, title: str, price: str, currency: str, availability: str, variants: int) -> None:
    found = product(html)
    assert (found.title, found.price, found.currency) == (title, Decimal(price), currency)
    assert found.availability == availability
    assert len(found.variants) == variants
    assert found.provenance["price"]


def test_a_variant_has_its_own_price_stock_and_options() -> None:
    small, large = product(SHOPIFY).variants
    assert (dict(small.options), small.price, small.availability) == ({"Taille": "S"}, Decimal(25000), "in_stock")
    assert (large.sku, large.price, large.availability) == ("BOG-L", Decimal(28000), "out_of_stock")


def test_a_description_is_text_and_pictures_are_absolute() -> None:
    found = product(SHOPIFY)
    assert found.description == "Teinte à la terre."
    assert found.images == ("https://cdn.example.com/robe.jpg",)


def test_the_code_that_the_page_shows_is_taken_where_no_markup_has_one() -> None:
    assert product(WOOCOMMERCE_SALE.replace("UGS", "SKU")).sku == "SAV-12"


def test_a_grid_is_a_list_of_its_articles() -> None:
    found = read(GRID)
    assert found.kind == "listing"
    assert [one.title for one in found.products][:2] == ["Robe lin", "Robe wax"]
    assert found.products[0].price == Decimal(12500)
    assert found.products[0].url == "https://shop.example/p/0"


def test_an_item_list_in_markup_is_a_list() -> None:
    items = ",".join(
        f'{{"@type":"ListItem","item":{{"@type":"Product","name":"Panier {n}",'
        f'"offers":{{"price":"{n}0","priceCurrency":"EUR"}}}}}}'
        for n in range(1, 5)
    )
    found = read(page("<h1>Vannerie</h1>", ld(f'{{"@type":"ItemList","itemListElement":[{items}]}}')))
    assert [one.price for one in found.products] == [Decimal(10), Decimal(20), Decimal(30), Decimal(40)]


def test_related_products_are_not_the_page_s() -> None:
    others = "".join(
        f'<div itemscope itemtype="http://schema.org/Product"><span itemprop="name">Other {n}</span>'
        f'<div itemprop="offers" itemscope itemtype="http://schema.org/Offer">'
        f'<span itemprop="price">{n}.99</span></div></div>'
        for n in range(1, 9)
    )
    own = (
        '<div itemscope itemtype="http://schema.org/Product"><h1 itemprop="name">Teak bowl</h1>'
        '<div itemprop="offers" itemscope itemtype="http://schema.org/Offer">'
        '<span itemprop="price" content="48.00">48,00</span>'
        '<meta itemprop="priceCurrency" content="EUR"></div></div>'
    )
    found = product(page(others + own, "<title>Teak bowl - Wood and Co</title>"))
    assert (found.title, found.price) == ("Teak bowl", Decimal(48))


def test_the_sale_price_wins_over_the_struck_one_in_the_markup() -> None:
    html = page(
        '<h1>Copper kettle</h1><div class="product-price"><s>$80.00</s> <span class="sale">$56.00</span></div>'
        "<button>Add to cart</button>",
        ld('{"@type":"Product","name":"Copper kettle","offers":{"price":"80.00","priceCurrency":"USD"}}'),
    )
    assert product(html).price == Decimal(56)


def test_a_percentage_tells_which_of_two_neighbours_was_the_price() -> None:
    html = page("<h1>Linen curtain</h1><div><b>-25 %</b> <span>45,00 €</span> <span>60,00 €</span></div>", lang="fr")
    assert product(html).price == Decimal(45)


def test_the_price_with_tax_wins_over_the_one_without() -> None:
    html = page(
        "<h1>Router table</h1><p>100,00 € HT</p><p>120,00 € TTC</p><button>Ajouter au panier</button>", lang="fr"
    )
    assert product(html).price == Decimal(120)


def test_carriage_instalments_and_thresholds_are_no_prices() -> None:
    html = page(
        "<p>Free delivery on orders over £50</p><h1>Oak stool</h1><p>Delivery: £4.99</p><p>£84.00</p>"
        "<p>or 4 instalments of £21.00</p><button>Add to basket</button>"
    )
    assert product(html).price == Decimal(84)


def test_cents_in_an_element_of_their_own() -> None:
    html = page(
        '<h1>Blue jug</h1><div class="price"><span>€</span><span>12</span><sup>50</sup></div><button>Buy now</button>'
    )
    assert product(html).price == Decimal("12.5")


def test_a_price_of_zero_is_no_price() -> None:
    found = read(
        page("<h1>Made to measure</h1>", ld('{"@type":"Product","name":"Made to measure","offers":{"price":0}}'))
    )
    assert found.products[0].price is None
    assert [doubt.where for doubt in found.warnings] == ["price"]


def test_a_currency_is_asked_for_not_guessed() -> None:
    found = read(page("<h1>Clay cup</h1><p class='price'>$12.00</p><button>Add to cart</button>"))
    assert (found.products[0].price, found.products[0].currency) == (Decimal(12), None)
    assert [doubt.where for doubt in found.warnings] == ["currency"]


@pytest.mark.parametrize(
    ("url", "lang", "currency"),
    [
        ("https://cups.example.ca/1", "en", "CAD"),
        ("https://example.com/nz/en/cup", "en", "NZD"),
        ("https://example.com/cup", "en-AU", "AUD"),
        ("https://example.com/cup", "en", None),
    ],
)
def test_a_shared_sign_means_what_the_country_says(url: str, lang: str, currency: str | None) -> None:
    html = page("<h1>Clay cup</h1><p class='price'>$12.00</p><button>Add to cart</button>", lang=lang)
    assert product(html, url).currency == currency


def test_a_shared_sign_means_what_the_scripts_name_alone() -> None:
    html = page('<h1>Clay cup</h1><p class="price">$12.00</p><script>var cfg = {"currencyCode": "MXN"}</script>')
    assert product(html).currency == "MXN"
    both = html.replace("</script>", '; var other = {"currency": "USD"}</script>')
    assert product(both).currency is None


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("https://schema.org/InStock", "in_stock"),
        (" SoldOut", "out_of_stock"),
        ("http://schema.org/LimitedAvailability", "in_stock"),
        ("PreOrder", "in_stock"),
        ("Discontinued", "out_of_stock"),
    ],
)
def test_availability_of_the_markup(told: str, expected: str) -> None:
    offer = f'{{"price":"9","priceCurrency":"EUR","availability":"{told}"}}'
    data = f'{{"@type":"product","name":"Palm basket","offers":{offer}}}'
    assert product(page("<h1>Palm basket</h1>", ld(data))).availability == expected


def test_the_page_says_sold_out_though_the_markup_does_not() -> None:
    data = (
        '{"@type":"Product","name":"Palm basket","offers":{"price":"9","priceCurrency":"EUR","availability":"InStock"}}'
    )
    html = page('<h1>Palm basket</h1><p>9,00 €</p><p class="stock">Rupture de stock</p>', ld(data), "fr")
    assert product(html).availability == "out_of_stock"


def test_a_hidden_message_or_another_article_s_says_nothing() -> None:
    html = page(
        '<h1>Palm basket</h1><p>9,00 €</p><p class="stock" style="display:none">Rupture de stock</p>'
        '<button>Ajouter au panier</button><div class="related"><p>Épuisé</p></div>',
        lang="fr",
    )
    assert product(html).availability == "in_stock"


def test_one_variant_in_stock_is_enough() -> None:
    data = (
        '{"@type":"ProductGroup","name":"Tunic","productGroupID":"T","hasVariant":['
        '{"@type":"Product","sku":"T-S","size":"S","offers":{"price":20,"priceCurrency":"EUR","availability":"OutOfStock"}},'
        '{"@type":"Product","sku":"T-M","size":"M","offers":{"price":24,"priceCurrency":"EUR","availability":"InStock"}}]}'
    )
    found = product(page("<h1>Tunic</h1>", ld(data)))
    assert (found.availability, found.price) == ("in_stock", Decimal(24))
    assert [dict(variant.options) for variant in found.variants] == [{"size": "S"}, {"size": "M"}]


def test_products_of_one_name_are_one_with_variants() -> None:
    sizes = ",".join(
        f'{{"@type":"Product","name":"Djellaba","sku":"D{size}","size":"{size}","offers":{{"price":"300","priceCurrency":"MAD"}}}}'
        for size in ("S", "M", "L")
    )
    found = product(page("<h1>Djellaba</h1>", ld(f"[{sizes}]")))
    assert (found.price, found.currency, len(found.variants)) == (Decimal(300), "MAD", 3)


@pytest.mark.parametrize(
    ("offer", "price"),
    [
        ('"priceSpecification":{"price":"12.50","priceCurrency":"EUR"}', "12.5"),
        ('"priceSpecification":[{"price":"20","priceType":"https://schema.org/ListPrice"},{"price":"15"}]', "15"),
        ('"lowPrice":{"oops":1},"price":"7"', "7"),
        ('"@type":"AggregateOffer","lowprice":"9.90","highPrice":"12"', "9.9"),
        ('"price":"26,00 €"', "26"),
        ('"price":"23.450","priceCurrency":"KWD"', "23.45"),
        ('"price":"24.990","priceCurrency":"CLP"', "24990"),
        ('"price":"1299.00"', "1299"),
    ],
)
def test_where_an_offer_hides_its_price(offer: str, price: str) -> None:
    found = product(page("<h1>Enamel pan</h1>", ld(f'{{"@type":"Product","name":"Enamel pan","offers":{{{offer}}}}}')))
    assert found.price == Decimal(price)


def test_meta_tags_by_name_or_property() -> None:
    head = (
        '<meta name="product:price:amount" content="18000"><meta name="product:price:currency" content="XOF">'
        '<meta property="og:title" content="Sac en cuir | Maroquine"><meta property="og:site_name" content="Maroquine">'
        '<meta property="product:availability" content="out of stock">'
    )
    found = product(page("", head, "fr"))
    assert (found.title, found.price, found.currency, found.availability) == (
        "Sac en cuir",
        Decimal(18000),
        "XOF",
        "out_of_stock",
    )


def test_the_headline_is_the_one_that_the_page_is_named_after() -> None:
    html = page(
        "<h1>My account</h1><h1>Please read our holiday notice</h1><h2>Bolga basket</h2><p>GH₵ 150</p>",
        "<title>Bolga basket - Accra Crafts</title>",
    )
    found = product(html)
    assert (found.title, found.price, found.currency) == ("Bolga basket", Decimal(150), "GHS")


def test_microdata_with_money_text_references_and_nested_prices() -> None:
    html = page(
        '<div itemscope itemtype="http://schema.org/Product" itemref="cost"><h1 itemprop="name">Cedar box</h1></div>'
        '<div id="cost" itemprop="offers" itemscope itemtype="http://schema.org/Offer">'
        '<span itemprop="price">\n 71,91 €\n'
        '<meta itemprop="price" content="71.91"></span><meta itemprop="priceCurrency" content="EUR"></div>'
    )
    found = product(html)
    assert (found.price, found.currency) == (Decimal("71.91"), "EUR")


def test_rdfa() -> None:
    html = page(
        '<div vocab="http://schema.org/" typeof="Product"><h1 property="name">Fan of palm</h1>'
        '<div property="offers" typeof="Offer"><span property="price" content="4.5">4,50</span>'
        '<meta property="priceCurrency" content="EUR"></div></div>'
    )
    found = product(html)
    assert (found.title, found.price, found.currency) == ("Fan of palm", Decimal("4.5"), "EUR")


def test_a_page_that_sells_nothing_says_so() -> None:
    found = read_page(b"<html><body></body></html>", url=ADDRESS)
    assert found.products == ()
    assert found.warnings[0].do


def test_an_empty_body_says_so() -> None:
    assert read_page(b"").warnings
