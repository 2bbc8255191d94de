"""A quote on paper says what was agreed, in the buyer's words, and nothing written into it changes what it is."""

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from griot.core.money import Money
from griot.core.tenancy import Shop, ShopSettings
from griot.tools.quotes.letters import printable
from griot.tools.quotes.models import Letterhead, Priced, Quote, QuoteLine
from griot.tools.quotes.paper import Paper, quote_paper
from griot.tools.quotes.pdf import render
from griot.tools.quotes.taxes import deposit, split
from griot.tools.quotes.wording import date_text, quote_ready
from pdf_words import pages, words

LEGAL = {
    "name": "Wax & Cie SARL",
    "address": "12, rue Félix Faure\nDakar-Plateau, Sénégal",
    "phone": "+221 33 822 00 00",
    "email": "bonjour@waxetcie.sn",
    "NINEA": "005123456 2G3",
    "RCCM": "SN-DKR-2019-B-1234",
}
TAXED = ShopSettings(tax_percent=18, legal=LEGAL, deposit_percent=40)
MADE_ON = date(2026, 2, 15)
NOW = datetime(2026, 2, 15, 20, tzinfo=UTC)


def shop(own: ShopSettings = TAXED, currency: str = "XOF", segment: Any = "b2b") -> Shop:
    return Shop(1, "wax", "Wax & Cie", segment, "SN", currency, "Africa/Dakar", "fr", None, 1, own)


def article(
    title: str = "Nappe", quantity: int = 2, unit: int = 5_900, *, code: str = "NAPPE2", currency: str = "XOF",
    options: dict[str, str] | None = None, list_unit: int | None = None, from_quantity: int | None = None,
) -> Priced:  # fmt: skip
    price = Money(unit, currency)
    line = QuoteLine(7, code, title, options or {}, quantity, price, price * quantity)
    return Priced(line, Money(list_unit or unit, currency), from_quantity)


def quote_of(seller: Shop, *articles: Priced, wanted_on: date | None = None) -> Quote:
    total = Money(sum(item.line.total.minor for item in articles), seller.currency)
    parts = split(total, seller.settings)
    return Quote(
        12, "DEV-2026-0012", 1, 1, "open", tuple(item.line for item in articles), parts.net, parts.tax, parts.total,
        deposit(parts.total, seller.deposit_percent), wanted_on, date(2026, 3, 1), NOW, document_id=3,
    )  # fmt: skip


def paper(
    *articles: Priced, seller: Shop | None = None, language: str = "fr", buyer: str = "Fatou N’Diaye",
    logo: bytes | None = None, wanted_on: date | None = None,
) -> Paper:  # fmt: skip
    seller = seller or shop()
    quote = quote_of(seller, *articles, wanted_on=wanted_on)
    return quote_paper(seller, Letterhead(logo, None, "221781234567", language), buyer, quote, articles, MADE_ON)


def read(*articles: Priced, **known: Any) -> str:
    return words(render(paper(*articles, **known)))


# What it says


def test_it_says_who_sells_to_whom_what_and_until_when() -> None:
    shown = read(article("Nappe en bazin", options={"couleur": "bleu nuit"}), wanted_on=date(2026, 3, 7))
    for said in (
        *("DEVIS", "DEV-2026-0012", "Wax & Cie", "Wax & Cie SARL", "12, rue Félix Faure", "Dakar-Plateau, Sénégal"),
        *("+221 33 822 00 00 · bonjour@waxetcie.sn", "NINEA 005123456 2G3", "RCCM SN-DKR-2019-B-1234"),
        *("Fatou N’Diaye", "+221 78 123 45 67", "15 février 2026", "1er mars 2026", "7 mars 2026"),
        *("NAPPE2", "Nappe en bazin (bleu nuit)", "5 900 F CFA", "Merci de votre confiance !", "Page 1 / 1"),
    ):
        assert said in shown.split("\n"), said


def test_taxes_deposit_and_balance_stand_below_the_lines() -> None:
    shown = read(article(unit=5_900, quantity=2)).replace("\u00a0", " ").split("\n")
    sums = dict(pairwise(shown))
    assert sums["Total HT"] == "10 000 F CFA"
    assert sums["TVA 18 %"] == "1 800 F CFA"
    assert sums["Total TTC"] == "11 800 F CFA"
    assert sums["Acompte à la commande (40 %)"] == "4 720 F CFA"
    assert sums["Solde"] == "7 080 F CFA"


def test_a_shop_that_takes_no_tax_shows_a_total_and_says_nothing_of_taxes() -> None:
    shown = read(article(), seller=shop(ShopSettings(), segment="shop"))
    assert "Total\n11 800 F CFA" in shown
    assert not [word for word in ("TVA", "HT", "TTC", "Acompte", "Solde") if word in shown]
    assert "Paiement à la commande." in shown


def test_prices_without_tax_say_so_and_the_tax_comes_on_top() -> None:
    shown = read(article(unit=5_000), seller=shop(ShopSettings(tax_percent=18, prices_include_tax=False)))
    assert "Prix unitaire HT" in shown
    assert "Total TTC\n11 800 F CFA" in shown
    assert "Paiement à 30 jours" in shown


def test_a_quantity_price_says_what_one_piece_alone_costs() -> None:
    shown = read(article(quantity=120, unit=4_500, list_unit=6_000, from_quantity=100))
    assert "Prix dès 100 pièces (au lieu de 6 000 F CFA)" in shown
    assert "540 000 F CFA" in shown


@pytest.mark.parametrize(
    ("language", "title", "day"),
    [
        ("fr", "DEVIS", "15 février 2026"),
        ("mg", "TOMBAM-BIDY", "15 Febroary 2026"),
        ("en", "QUOTE", "15 February 2026"),
    ],
)
def test_it_is_in_the_buyers_language(language: str, title: str, day: str) -> None:
    shown = read(article(), language=language).split("\n")
    assert title in shown
    assert day in shown


def test_every_month_has_a_name_in_every_language() -> None:
    for language in ("fr", "mg", "en"):
        assert len({date_text(language, date(2026, month, 2)) for month in range(1, 13)}) == 12
    assert date_text("fr", date(2026, 8, 1)) == "1er août 2026"


@pytest.mark.parametrize(
    ("currency", "minor", "written"),
    [("XOF", 123_456_789, "123 456 789 F CFA"), ("EUR", 123_450, "1 234,50 €"), ("MGA", 150_000, "150 000 Ar")],
)
def test_amounts_are_written_as_everywhere(currency: str, minor: int, written: str) -> None:
    seller = shop(ShopSettings(deposit_percent=0), currency)
    assert read(article(unit=minor, quantity=1, currency=currency), seller=seller).count(written) == 3


@given(st.integers(1, 10**12), st.integers(1, 10_000))
@settings(max_examples=15)
def test_no_amount_is_ever_broken_however_long(unit: int, quantity: int) -> None:
    shown = read(article(unit=unit, quantity=quantity)).split("\n")
    assert str(Money(unit, "XOF")) in shown
    assert str(Money(unit * quantity, "XOF")) in shown


def test_accents_of_all_our_languages_are_printed() -> None:
    said = "Crème brûlée à l’œuf, façon Noël · Antananarivo tsô, n̈y àô ìò · 5 €"
    assert "Crème brûlée à l’œuf, façon Noël · Antananarivo tsô, ñy àô ìò · 5 €" in " ".join(
        read(article(said)).split("\n")
    )


# What is written into it


@pytest.mark.parametrize(
    "hostile",
    [
        "<b>gratuit</b> &amp; <font size=80>0 F CFA</font>",
        "<img src='file:" + "///etc/passwd'/>",
        "<para><a href='http://evil.example'>ici</a>",
        "]]> -- (Tj) \\ ET {page}",
        "%s {0.__class__} {total}",
    ],
)
def test_markup_in_a_title_is_only_text(hostile: str) -> None:
    pdf = render(paper(article(hostile), buyer=hostile))
    assert words(pdf).count(hostile[:12]) == 2
    assert b"/URI" not in pdf
    assert b"/Annot" not in pdf


@given(st.text(max_size=400), st.text(max_size=60))
@settings(max_examples=40)
def test_whatever_is_written_makes_a_readable_paper(title: str, buyer: str) -> None:
    assert "11 800 F CFA" in read(article(title, options={"taille": buyer}), buyer=buyer)


def test_what_the_font_does_not_have_becomes_plain_or_goes() -> None:
    latin = frozenset(range(32, 383))
    assert printable("Robe 👗 d’Aŋsu\tet\nFaɓre №5 ①", latin - {ord("’")}, 80) == "Robe dAngsu et Fabre No5 1"
    assert printable("10\u00a0% \u200b\u202etrop", latin, 80) == "10\u00a0% trop"
    assert printable("x" * 50, latin, 10) == "x" * 9 + "…"


# What it looks like


def test_a_long_quote_runs_over_pages_with_its_headings_and_numbers_on_each() -> None:
    long = pages(render(paper(*(article(f"Article {n} " + "long " * 40, code=f"A{n}") for n in range(60)))))
    assert len(long) > 3
    for number, page in enumerate(long, start=1):
        assert f"Page {number} / {len(long)}" in page
    assert all("Réf.\nArticle\nQté" in page for page in long[:-1])
    everything = "\n".join(long).split("\n")
    assert all(f"A{n}" in everything for n in range(60))
    assert "Total TTC" in long[-1]


def test_the_same_quote_is_the_same_bytes() -> None:
    made = paper(article(), logo=picture("PNG"))
    assert render(made) == render(made)
    assert render(made) != render(replace(made, number="DEV-2026-0013"))


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_the_logo_stands_at_the_head(form: str) -> None:
    assert b"/Subtype /Image" in render(paper(article(), logo=picture(form)))
    assert b"/Subtype /Image" not in render(paper(article()))


def picture(form: str) -> bytes:
    out = BytesIO()
    Image.new("RGB", (300, 100), "#0b5d4e").save(out, form)
    return out.getvalue()


# The message that brings it


def test_the_message_has_the_document_the_total_and_a_button() -> None:
    quote = quote_of(shop(), article("Nappe"), wanted_on=date(2026, 3, 7))
    reply = quote_ready("fr", quote)
    assert reply.media and (reply.media.document, reply.media.filename) == (3, "DEV-2026-0012.pdf")
    assert [(choice.id, choice.title) for choice in reply.choices] == [("accept_quote:12", "✅ COMMANDER")]
    for said in ("*DEV-2026-0012*", "2 × Nappe : 11 800 F CFA", "*4 720 F CFA*", "7 mars 2026", "1er mars 2026"):
        assert said in reply.text


def test_the_message_says_whether_it_is_new_replaces_another_or_is_the_same() -> None:
    quote = quote_of(shop(), article())
    before = replace(quote, id=11, number="DEV-2026-0011")
    assert "Voici ton devis *DEV-2026-0012*" in quote_ready("fr", quote).text
    assert "il remplace DEV-2026-0011" in quote_ready("fr", quote, replaces=before).text
    assert "Rien n'a changé" in quote_ready("fr", quote, replaces=quote).text


@pytest.mark.parametrize("language", ["fr", "mg", "en"])
def test_the_message_fits_above_its_button_however_long_the_quote(language: str) -> None:
    quote = quote_of(shop(), *(article("Très long " * 30, quantity=10_000, unit=10**9) for _ in range(100)))
    assert len(quote_ready(language, replace(quote, wanted_on=MADE_ON), replaces=quote).text) <= 1024
