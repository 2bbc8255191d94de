"""Pages without any markup for machines: the price and the stock as people are told them."""

from decimal import Decimal

import pytest

from griot.knowledge.importing.models import FoundProduct
from griot.knowledge.importing.pages.reading import read_page

TITLE = "<title>Ankle boot | Shop</title>"
PRICED = '<div class="price">$39.00</div>'


def product(body: str, lang: str = "en", head: str = TITLE) -> FoundProduct:
    html = f'<!doctype html><html lang="{lang}"><head>{head}</head><body><h1>Ankle boot</h1>{body}</body></html>'
    (found,) = read_page(html.encode(), url="https://shop.example/p/1").products
    return found


@pytest.mark.parametrize(
    ("body", "lang", "price", "currency"),
    [
        ("<p>45 000 Ar</p>", "fr", "45000", "MGA"),
        ("<p>15.000 F CFA</p><p>au lieu de 20.000 F CFA</p>", "fr", "15000", "XOF"),
        ("<p>Cette paire est vendue au prix de 39 000 FCFA seulement, à Dakar.</p>", "fr", "39000", "XOF"),
        ('<p>15 000 Fcfa</p><p>Livraison 2 000 Fcfa</p><a class="btn">Commander</a>', "fr", "15000", "XOF"),
        ("<div>1 299 kr</div><div>Ord. pris 1 599 kr</div>", "sv", "1299", "SEK"),
        ("<div>1 299:-</div><button>Köp</button>", "sv", "1299", "SEK"),
        ("<div>₦ 24,500 <s>₦ 49,000</s></div>", "en", "24500", "NGN"),
        ("<div><del>£80.00</del> £56.00</div>", "en", "56", "GBP"),
        ("<div>4 990 ₽</div><div>от 416 ₽/мес</div><button>В корзину</button>", "ru", "4990", "RUB"),
        ("<p>4 x €30.00 by Klarna</p><p>€120.00</p><button>Add to bag</button>", "en", "120", "EUR"),
        ("<div>149<sup>€99</sup></div>", "fr", "149.99", "EUR"),
        ("<div>12,50 €</div><div>2,50 €/kg</div>", "fr", "12.5", "EUR"),
        ("<div>CHF 1’299.90</div>", "de", "1299.9", "CHF"),
        ("<p>Price: €39.00</p><p>Earn €1.95 cashback</p><p>Gift wrap €5.00 fee</p>", "en", "39", "EUR"),
        ("<p>£12.00</p><select><option>Small £12.00</option><option>Large £15.00</option></select>", "en", "12", "GBP"),
    ],
)
def test_the_price_that_is_shown(body: str, lang: str, price: str, currency: str) -> None:
    found = product(body, lang)
    assert (found.price, found.currency) == (Decimal(price), currency)


def test_a_struck_price_in_the_markup_gives_way_to_the_one_beside_it() -> None:
    found = product(
        '<div itemscope itemtype="http://schema.org/Product"><p itemprop="name">Ankle boot</p>'
        '<div itemprop="offers" itemscope itemtype="http://schema.org/Offer">'
        '<meta itemprop="priceCurrency" content="USD">'
        '<del itemprop="price">$80</del> <ins>$56</ins></div></div><button>Add to cart</button>'
    )
    assert found.price == Decimal(56)


def test_a_price_that_the_markup_contradicts_is_doubtful() -> None:
    head = '<script type="application/ld+json">{"@type":"Product","name":"Ankle boot","offers":{"price":80}}</script>'
    body = '<h1>Ankle boot</h1><div class="price"><del>$80.00</del> <ins>$56.00</ins></div><button>Add to cart</button>'
    found = read_page(f"<html><head>{head}</head><body>{body}</body></html>".encode())
    assert found.products[0].price == Decimal(56)
    assert [doubt.what for doubt in found.warnings if doubt.where == "price"] == [
        "The page shows 56.00, its data say 80."
    ]


@pytest.mark.parametrize(
    ("body", "lang", "expected"),
    [
        ("<button>Add to cart</button>", "en", "in_stock"),
        ("<button disabled>Add to cart</button><p>Choose a size</p>", "en", "in_stock"),
        ("<button disabled>Sold out</button>", "en", "out_of_stock"),
        ("<button>Notify me when available</button>", "en", "out_of_stock"),
        ('<a class="btn">Join the waitlist</a>', "en", "out_of_stock"),
        ("<p>Stock: 0</p>", "en", "out_of_stock"),
        ("<p>Stock: 5</p>", "en", "in_stock"),
        ("<ul><li>40 <i>Sold out</i></li><li>41</li></ul><button>Add to cart</button>", "en", "in_stock"),
        ("<p>Pickup unavailable at Main Street</p><button>Add to cart</button>", "en", "in_stock"),
        ("<p>Produit épuisé</p>", "fr", "out_of_stock"),
        ("<p>Plus que 2 en stock</p>", "fr", "in_stock"),
        ("<p>Ce produit n’est plus en stock</p>", "fr", "out_of_stock"),
        ('<a class="btn" href="https://wa.me/1">Commander sur WhatsApp</a>', "fr", "in_stock"),
        ("<p>Nicht lieferbar</p>", "de", "out_of_stock"),
    ],
)
def test_the_stock_that_is_shown(body: str, lang: str, expected: str) -> None:
    assert product(PRICED + body, lang).availability == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [("<p>Sold out</p><button>Add to cart</button>", "out_of_stock"), ("<button>Add to cart</button>", "in_stock")],
)
def test_a_button_alone_speaks_against_the_markup(body: str, expected: str) -> None:
    head = (
        '<script type="application/ld+json">{"@type":"Product","name":"Ankle boot","offers":{"price":39,'
        '"priceCurrency":"USD","availability":"https://schema.org/OutOfStock"}}</script>'
    )
    assert product(PRICED + body, head=head).availability == expected


def test_a_row_of_other_articles_makes_no_list_of_a_page_that_sells_one() -> None:
    row = "".join(f'<li><a href="/{n}"><img src="/{n}.jpg">Boot {n}</a> <b>€{n}0</b></li>' for n in range(2, 9))
    text = "<p>" + "Sewn by hand in Antsirabe of leather from the highlands. " * 30 + "</p>"
    assert product(f"{text}<ul>{row}</ul>").title == "Ankle boot"
    assert product(f"<button>Add to cart</button><ul>{row}</ul>").title == "Ankle boot"
