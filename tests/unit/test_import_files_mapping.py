"""Which column is what is told to the merchant, who can say otherwise."""
# ruff: noqa: E501 - files stand here as programs write them, a line a line

from decimal import Decimal

from importing_tables import brief, read, said, titles, workbook

LIST = "Ref;Désignation;Détaillant;Demi-gros;Pièces\nA1;Savon;1 500;1 200;4\nA2;Huile;3 500;3 000;0\n"


def test_the_mapping_is_told_with_a_reason_for_each_column() -> None:
    mapping = read("Ref;Nom;Prix;Couleur;Humeur\nA;Bol;5 €;bleu;gaie\n").mapping
    assert mapping is not None
    assert [(one.header, one.field) for one in mapping.columns] == [
        ("Ref", "sku"),
        ("Nom", "title"),
        ("Prix", "price"),
        ("Couleur", "color"),
        ("Humeur", None),
    ]
    assert all(one.reason for one in mapping.columns)
    assert mapping.columns[4].reason == "its header is not known"


def test_a_corrected_mapping_is_obeyed() -> None:
    mapping = read(LIST).mapping
    assert mapping is not None
    corrected = mapping.with_field("Demi-gros", "price").with_field("Ref", None)
    found = read(LIST, mapping=corrected)
    assert [(one.title, one.price, one.sku) for one in found.products] == [
        ("Savon", Decimal(1200), None),
        ("Huile", Decimal(3000), None),
    ]
    assert found.mapping == corrected
    by_letter = read(LIST, mapping=mapping.with_field("C", "price").with_field("D", None))
    assert [one.price for one in by_letter.products] == [Decimal(1500), Decimal(3500)]


def test_a_currency_said_by_the_merchant_counts_where_the_file_is_silent() -> None:
    from dataclasses import replace

    text = "nom;prix;devise\nbol;5;EUR\npot;4000;\n"
    mapping = read(text).mapping
    assert mapping is not None
    found = read(text, mapping=replace(mapping, currency="XOF"))
    assert [one.currency for one in found.products] == ["EUR", "XOF"]
    assert found.products[1].provenance["currency"] == "you said so"
    shop = read(
        '{"products":[{"id":1,"title":"Bol","handle":"bol","vendor":"x","body_html":"","variants":[{"id":2,"title":"Default Title","price":"5.00"}]}]}',
        mapping=replace(mapping, currency="MGA"),
    )
    assert [one.currency for one in shop.products] == ["MGA"]
    assert "does not say which currency" not in said(shop)


def test_a_header_of_any_words_can_be_corrected() -> None:
    text = "xx;yy;zz\nBol en bois;12;abc\nPot de terre;15;def\n"
    found = read(text)
    assert found.mapping is not None
    corrected = found.mapping.with_field(0, "title").with_field(1, "price").with_field(2, "sku")
    again = read(text, mapping=corrected)
    assert [brief(one)[:4] for one in again.products][-2:] == [
        ("Bol en bois", "12", None, "abc"),
        ("Pot de terre", "15", None, "def"),
    ]


def test_a_mapping_can_be_corrected_for_a_workbook_and_for_an_export() -> None:
    book = workbook(("x", [["Nom", "Prix public", "Prix revendeur"], ["Bol", 12, 9], ["Pot", 15, 11]]))
    mapping = read(book).mapping
    assert mapping is not None
    assert [one.price for one in read(book, mapping=mapping.with_field("Prix revendeur", "price")).products] == [9, 11]
    woo = "ID,Type,SKU,Name,Published,Short description,In stock?,Sale price,Regular price,Meta: prix_ci,Parent\n1,simple,A,Bowl,1,,1,,12,7,\n"
    mapping = read(woo).mapping
    assert mapping is not None
    again = read(woo, mapping=mapping.with_field("Meta: prix_ci", "price"))
    assert (again.kind, [one.price for one in again.products]) == ("woocommerce-csv", [Decimal(7)])


def test_provenance_names_the_columns() -> None:
    bol = read("Réf;Nom du produit;Prix TTC €;Stock\nA;Bol;5;2\n").products[0]
    assert bol.provenance["title"] == "column Nom du produit"
    assert bol.provenance["price"] == "column Prix TTC €"
    assert bol.provenance["sku"] == "column Réf"
    assert bol.provenance["stock"] == "column Stock"


def test_sizes_as_columns_are_in_the_mapping_and_can_be_refused() -> None:
    text = "Nom;Prix €;S;M\nRobe;20;1;0\nJupe;15;2;2\n"
    mapping = read(text).mapping
    assert mapping is not None
    assert [one.field for one in mapping.columns] == ["title", "price", "size_stock", "size_stock"]
    plain = read(text, mapping=mapping.with_field("S", None).with_field("M", None))
    assert titles(plain) == ["Robe", "Jupe"]
    assert all(one.variants == () for one in plain.products)
