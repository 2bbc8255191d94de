"""Sizes and colours in merchants' own tables: a line, a cell, a column or a name for each."""
# ruff: noqa: E501 - files stand here as programs write them, a line a line

from decimal import Decimal

from importing_tables import named, read, titles, workbook


def test_sizes_in_one_cell_are_variants() -> None:
    found = read(
        'Article,Prix XAF,Tailles,Couleurs\nRobe Awa,18000,"S, M, L",\nJupe,9500,38/40/42,\nT-shirt,5000,M,"noir; blanc"\n'
    )
    assert [[dict(v.options) for v in one.variants] for one in found.products] == [
        [{"Tailles": "S"}, {"Tailles": "M"}, {"Tailles": "L"}],
        [{"Tailles": "38"}, {"Tailles": "40"}, {"Tailles": "42"}],
        [{"Tailles": "M", "Couleurs": "noir"}, {"Tailles": "M", "Couleurs": "blanc"}],
    ]
    assert {one.currency for one in found.products} == {"XAF"}
    assert [v.price for v in found.products[0].variants] == [Decimal(18000)] * 3


def test_sizes_as_columns_are_variants_with_their_stock() -> None:
    found = read("Ref;Nom;Prix;S;M;L;XL\nR1;Robe Awa;18 000 F CFA;2;0;1;\nR2;Chemise;12 000 F CFA;0;0;0;0\n")
    robe = named(found, "Robe Awa")
    assert [(list(v.options.values()), v.stock) for v in robe.variants] == [(["S"], 2), (["M"], 0), (["L"], 1)]
    assert robe.availability == "in_stock"
    assert named(found, "Chemise").availability == "out_of_stock"


def test_sizes_as_columns_with_their_prices() -> None:
    found = read("Plat,30 cm,40 cm\nPizza Reine,4 500 F CFA,6 500 F CFA\nPizza Diola,5 000 F CFA,7 000 F CFA\n")
    assert titles(found) == ["Pizza Reine", "Pizza Diola"]
    reine = found.products[0]
    assert (reine.price, reine.price_max, reine.currency) == (Decimal(4500), Decimal(6500), "XOF")


def test_variants_on_lines_of_their_own() -> None:
    found = read(
        "Code,Produit,Taille,Couleur,Prix (Ar),Stock\nTS-1,T-shirt baobab,S,vert,25000,4\nTS-2,T-shirt baobab,M,vert,25000,0\n"
        "TS-3,T-shirt baobab,M,noir,27000,1\nCH-1,Chapeau,,,30000,2\n"
    )
    assert titles(found) == ["T-shirt baobab", "Chapeau"]
    shirt = found.products[0]
    assert len(shirt.variants) == 3
    assert (shirt.price, shirt.price_max, shirt.stock, shirt.currency) == (Decimal(25000), Decimal(27000), 5, "MGA")
    assert found.products[1].sku == "CH-1"


def test_merged_names_of_variants_are_filled_from_above() -> None:
    book = workbook(
        (
            "Feuil1",
            [
                ["Produit", "Taille", "Prix", "Stock"],
                ["Robe", "S", 15000, 2],
                [None, "M", 15000, 0],
                [None, "L", 17000, 1],
                ["Sac", None, 9000, 5],
            ],
        )
    )
    found = read(book)
    assert titles(found) == ["Robe", "Sac"]
    robe = found.products[0]
    assert [(list(v.options.values()), v.price) for v in robe.variants] == [
        (["S"], Decimal(15000)),
        (["M"], Decimal(15000)),
        (["L"], Decimal(17000)),
    ]


def test_a_column_that_names_the_variant() -> None:
    found = read("Product,Variant,Price EUR,Inventory\nShirt,S / Red,10,5\nShirt,M / Red,11,0\nHat,,5,3\n")
    assert titles(found) == ["Shirt", "Hat"]
    assert [(dict(v.options), v.price, v.stock) for v in found.products[0].variants] == [
        ({"Variant": "S / Red"}, Decimal(10), 5),
        ({"Variant": "M / Red"}, Decimal(11), 0),
    ]
    found = read("Title,Option1,Option2,Price (USD)\nMug,Red,Large,10\nMug,Blue,Large,12\n")
    assert [dict(v.options) for v in found.products[0].variants] == [
        {"Option1": "Red", "Option2": "Large"},
        {"Option1": "Blue", "Option2": "Large"},
    ]
