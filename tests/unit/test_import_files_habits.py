"""Habits of programs and merchants that are met in many files: lines of options, sums, words for stock, kinds of price."""
# ruff: noqa: E501 - files stand here as programs write them, a line a line

from decimal import Decimal

import pytest
from importing_tables import brief, read, read_object, said, titles, workbook

from griot.knowledge.importing.files.contradictions import is_per_unit, numbers_lines


def test_magento_1_names_variants_on_lines_without_a_code() -> None:
    text = (
        "sku,_store,_attribute_set,_type,_category,name,price,special_price,status,visibility,qty,is_in_stock,size,_super_products_sku,_super_attribute_code,_super_attribute_option\n"
        "k-s,,Default,simple,,Kaftan S,60.0000,,1,1,3.0000,1,S,,,\n"
        "k-l,,Default,simple,,Kaftan L,64.0000,,1,1,0.0000,0,L,,,\n"
        "k,,Default,configurable,Femmes,Kaftan,60.0000,,1,4,0.0000,1,,k-s,size,S\n"
        ",,,,Soirée,,,,,,,,,,,\n"
        ",,,,,,,,,,,,,k-l,size,L\n"
        "b,,Default,simple,Sacs,Besace,25.0000,19.0000,2,4,7.0000,1,,,,\n"
        ",fr,,,,Besace en cuir,,,,,,,,,,\n"
    )
    found = read(text)
    assert found.kind == "magento-csv"
    assert [brief(one) for one in found.products] == [
        ("Kaftan", "60", None, "k", "in_stock"),
        ("Besace", "19", None, "b", "in_stock"),
    ]
    assert [(v.options, v.sku, v.price, v.availability) for v in found.products[0].variants] == [
        ({"size": "S"}, "k-s", Decimal(60), "in_stock"),
        ({"size": "L"}, "k-l", Decimal(64), "out_of_stock"),
    ]
    assert "not shown in your shop" in said(found)


def test_magento_groups_and_variants_named_by_other_tools() -> None:
    found = read(
        "sku,attribute_set,type,name,price,qty,visibility,configurable_attributes,simples_skus,associated_skus,colour\n"
        "p1,Default,simple,Pull bleu,40,1,Not Visible Individually,,,,bleu\np2,Default,simple,Pull vert,45,0,Not Visible Individually,,,,vert\n"
        'p,Default,configurable,Pull,40,0,"Catalog, Search",colour,"p1,p2",,\n'
        'duo,Default,grouped,Duo de verres,,0,"Catalog, Search",,,"v1=1.0,v2=1.0",\n'
        "v1,Default,simple,Verre haut,6,4,4,,,,\nv2,Default,simple,Verre bas,5,4,4,,,,\nseul,Default,simple,Caché,9,1,1,,,,\n"
    )
    assert [(one.title, str(one.price), len(one.variants)) for one in found.products] == [
        ("Pull", "40", 2),
        ("Duo de verres", "5", 0),
        ("Verre haut", "6", 0),
        ("Verre bas", "5", 0),
    ]
    assert found.products[0].variants[1].options == {"colour": "vert"}


@pytest.mark.parametrize("nothing", ["...", "-", "", "…", "T-9"])
def test_a_parent_that_is_nothing_or_the_line_itself(nothing: str) -> None:
    found = read(
        "Name,SellerSKU,ParentSKU,Brand,PrimaryCategory,Price_KES,Sale_Price_KES,Stock,Variation,MainImage\n"
        f"Thermos,T-9,{nothing},Generic,Home,1500,,4,...,https://j.example/t.jpg\n"
        f"Kettle,T-8,{nothing.replace('9', '8')},Generic,Home,2500,2200,0,...,https://j.example/k.jpg\n"
        "Shirt,T-7-S,T-7,Generic,Fashion,900,,1,S,https://j.example/s.jpg\n"
        "Shirt,T-7-M,T-7,Generic,Fashion,900,,0,M,https://j.example/s.jpg\n"
    )
    assert [(*brief(one), len(one.variants)) for one in found.products] == [
        ("Thermos", "1500", "KES", "T-9", "in_stock", 0),
        ("Kettle", "2200", "KES", "T-8", "out_of_stock", 0),
        ("Shirt", "900", "KES", "T-7", "in_stock", 2),
    ]


def test_a_parents_own_line_is_no_variant() -> None:
    found = read(
        "sku,name,price,quantity,is_infinite,parent_sku,option1_name,option1_value\n"
        "Z,Sandale,90,,FALSE,,,\nZ-40,Sandale,90,2,FALSE,Z,Pointure,40\nZ-41,Sandale,95,0,FALSE,Z,Pointure,41\nY,Écharpe,30,,TRUE,,,\n"
    )
    assert [(*brief(one), len(one.variants)) for one in found.products] == [
        ("Sandale", "90", None, "Z", "in_stock", 2),
        ("Écharpe", "30", None, "Y", "in_stock", 0),
    ]


def test_sums_between_the_parts_of_a_list() -> None:
    found = read(
        "Code;Désignation;PU (FCFA);Reste\nFRAIS;;;\n1;Lait;600;4\n2;Beurre;1 500;rupture\nTotal rayon frais;;2 100;\n"
        "SEC;;;\n3;Riz;9 000;10\n;Sous-total SEC;9 000;\n"
    )
    assert [brief(one) for one in found.products] == [
        ("Lait", "600", "XOF", None, "in_stock"),
        ("Beurre", "1500", "XOF", None, "out_of_stock"),
        ("Riz", "9000", "XOF", None, "in_stock"),
    ]


def test_what_is_beside_a_list_is_not_sold() -> None:
    for aside in (
        {"livraison": {"nom": "Moto", "prix": 1500}},
        {"shipping_methods": [{"name": "Post", "price": 3}, {"name": "Courier", "price": 9}]},
        {"gift": {"name": "Gift box", "price": 2}},
        {"vendedor": {"nombre": "Ana", "precio": 1}},
    ):
        found = read_object(
            {**aside, "items": [{"sku": "A", "name": "Lamp", "price": 20}, {"sku": "B", "name": "Rug", "price": 90}]}
        )
        assert titles(found) == ["Lamp", "Rug"], aside
    only = read_object(
        {"delivery": [{"name": "Pizza", "price": 9, "image": "https://p.example/1.jpg"}, {"name": "Salad", "price": 7}]}
    )
    assert titles(only) == ["Pizza", "Salad"]
    feed = "<loja><frete><nome>Sedex</nome><preco>20</preco></frete>" + "".join(
        f"<item><nome>Bolo {at}</nome><preco>{at}5.00</preco></item>" for at in (1, 2, 3)
    )
    assert titles(read(f"{feed}</loja>")) == ["Bolo 1", "Bolo 2", "Bolo 3"]


def test_a_price_per_unit_beside_a_price_without_tax() -> None:
    text = (
        "Product ID;Name *;Price tax excluded;Tax rules ID;Wholesale price;Reference #;Supplier reference #;Quantity;Minimal quantity;Unity;Unit price\n"
        "4;Tisane;6.00;1;2;TI;;9;1;kg;60\n5;Sirop;8.00;1;3;SI;;0;1;l;11.5\n"
    )
    found = read(text)
    assert [brief(one) for one in found.products] == [
        ("Tisane", "6", None, "TI", "in_stock"),
        ("Sirop", "8", None, "SI", "out_of_stock"),
    ]
    assert "without tax" in said(found)
    taxed = read("Réf;Nom;Prix HT;Prix unitaire;TVA\nA;Tisane;6,00;0,06;20 %\nB;Sirop;8,00;0,11;5,5 %\n")
    assert [one.price for one in taxed.products] == [Decimal("7.20"), Decimal("8.44")]
    assert is_per_unit("Prix", ["1,20", "1,30"], ["47,00", "50,00"])
    assert not is_per_unit("Prix TTC", ["12,00", "24,00"], ["10,00", "20,00"])


def test_squarespace_commerce_api() -> None:
    def priced(base: str, sale: str, on: bool) -> dict[str, object]:
        return {
            "basePrice": {"currency": "CAD", "value": base},
            "salePrice": {"currency": "CAD", "value": sale},
            "onSale": on,
        }

    found = read_object({"products": [
        {"id": "1", "type": "PHYSICAL", "name": "Poncho", "url": "https://q.example/poncho", "images": [{"url": "https://q.example/p.jpg"}], "variants": [
            {"id": "v", "sku": "PO-S", "pricing": priced("80.00", "60.00", True), "stock": {"quantity": 0, "unlimited": False}, "attributes": {"Size": "S"}},
            {"id": "w", "sku": "PO-M", "pricing": priced("80.00", "0.00", False), "stock": {"quantity": 0, "unlimited": True}, "attributes": {"Size": "M"}},
        ]},
        {"id": "2", "type": "DIGITAL", "name": "Patron", "pricing": priced("7.50", "0.00", False)},
    ]})  # fmt: skip
    assert found.kind == "squarespace"
    assert [(one.title, str(one.price), one.currency, len(one.variants)) for one in found.products] == [
        ("Poncho", "60", "CAD", 2),
        ("Patron", "7.50", "CAD", 0),
    ]
    assert found.products[0].price_max == Decimal(80)
    assert found.products[0].availability == "in_stock"


@pytest.mark.parametrize("said_by", ["waehrung", "währung", "currency", "devise", "moneda", "valuta"])
def test_currencies_that_stand_in_attributes(said_by: str) -> None:
    own = f'<x:liste xmlns:x="urn:x"><x:produkt><x:name>Vase</x:name><x:preis {said_by}="CHF">12,50</x:preis><x:groesse>L</x:groesse></x:produkt><x:produkt><x:name>Krug</x:name><x:preis {said_by}="CHF">20,00</x:preis></x:produkt></x:liste>'
    assert [brief(one)[:3] for one in read(own).products] == [("Vase", "12.50", "CHF"), ("Krug", "20", "CHF")]
    around = f'<r><s {said_by}="EUR"><p nom="A" prix="4"/><p nom="B" prix="5"/></s><s {said_by}="XOF"><p nom="C" prix="900"/></s></r>'
    assert [(one.title, one.currency) for one in read(around).products] == [("A", "EUR"), ("B", "EUR"), ("C", "XOF")]


def test_variants_inside_of_elements() -> None:
    inner = "".join(
        f"<variante><artikelnummer>H-{size}</artikelnummer><groesse>{size}</groesse><preis>9{at},00</preis><lagerbestand>{at}</lagerbestand></variante>"
        for at, size in enumerate("SM")
    )
    found = read(
        f"<shop><artikel><artikelnummer>H</artikelnummer><bezeichnung>Hose</bezeichnung><preis>90,00</preis><varianten>{inner}</varianten></artikel><artikel><artikelnummer>K</artikelnummer><bezeichnung>Kleid</bezeichnung><preis>70,00</preis></artikel></shop>"
    )
    hose = found.products[0]
    assert (hose.title, hose.sku, hose.price, hose.availability) == ("Hose", "H", Decimal(90), "in_stock")
    assert [(v.sku, v.options, v.availability) for v in hose.variants] == [
        ("H-S", {"groesse": "S"}, "out_of_stock"),
        ("H-M", {"groesse": "M"}, "in_stock"),
    ]


def test_prices_of_several_types() -> None:
    found = read(
        "<k><p><name>Stuhl</name><preise><preis art='normal'>50.00</preis><preis art='aktion'>40.00</preis></preise></p><p><name>Tisch</name><preise><preis art='normal'>90.00</preis></preise></p></k>"
    )
    assert [one.price for one in found.products] == [Decimal(40), Decimal(90)]


def test_magentos_products_wherever_its_answer_has_them() -> None:
    def money(value: float) -> dict[str, object]:
        return {"minimum_price": {"final_price": {"value": value, "currency": "MAD"}}}

    robe = {"__typename": "ConfigurableProduct", "sku": "R", "name": "Robe", "stock_status": "IN_STOCK", "price_range": money(300), "variants": [
        {"attributes": [{"code": "size", "label": size}], "product": {"sku": f"R-{size}", "stock_status": "IN_STOCK", "price_range": money(300)}} for size in "SML"
    ]}  # fmt: skip
    sac = {
        "__typename": "SimpleProduct",
        "sku": "S",
        "name": "Sac",
        "stock_status": "OUT_OF_STOCK",
        "price_range": money(150),
        "related_products": [robe],
    }
    for data in (
        {"category": {"name": "Tout", "products": {"items": [robe, sac]}}},
        {"categories": {"items": [{"products": {"items": [robe]}}, {"products": {"items": [sac]}}]}},
    ):
        found = read_object({"errors": [{"message": "Internal server error", "path": ["x"]}], "data": data})
        assert found.kind == "magento"
        assert [(*brief(one), len(one.variants)) for one in found.products] == [
            ("Robe", "300", "MAD", "R", "in_stock", 3),
            ("Sac", "150", "MAD", "S", "out_of_stock", 0),
        ]


def test_sallas_lines_of_options() -> None:
    book = workbook(("منتجات", [
        ["بيانات المنتج", None, None, None, None, None, None, "الخيارات", None, None],
        ["النوع ", "أسم المنتج", "نوع المنتج", "سعر المنتج", "هل يتطلب شحن؟", "رمز المنتج sku", "MPN", "[1] الاسم", "[1] النوع", "[1] القيمة"],
        ["منتج", "قفطان", "منتج جاهز", 350, "نعم", "Q1", None, "المقاس", "نص", None],
        ["خيار", None, None, 350, None, "Q1-S", None, None, None, "S"],
        ["خيار", None, None, 370, None, "Q1-M", None, None, None, "M"],
        ["منتج", "مسك", "منتج جاهز", 60, "لا", "Q2", "M77", None, None, None],
    ]))  # fmt: skip
    found = read(book)
    assert [(*brief(one), len(one.variants)) for one in found.products] == [
        ("قفطان", "350", None, "Q1", None, 2),
        ("مسك", "60", None, "Q2", None, 0),
    ]
    assert found.products[0].variants[1].options == {"المقاس": "M"}
    own = read(
        "Type de ligne;Nom;Code;Prix;Stock;Taille\nproduit;Jupe;J;20 €;;\nvariante;;J-1;20 €;3;36\nvariante;;J-2;22 €;0;38\nproduit;Gant;G;9 €;1;\n"
    )
    assert [(*brief(one), len(one.variants)) for one in own.products] == [
        ("Jupe", "20", "EUR", "J", "in_stock", 2),
        ("Gant", "9", "EUR", "G", "in_stock", 0),
    ]


def test_a_feeds_code_is_its_id_and_not_the_makers() -> None:
    rss = "<rss xmlns:g='http://base.google.com/ns/1.0'><channel><item><g:id>AB-1</g:id><title>Montre</title><g:price>99.00 EUR</g:price><g:mpn>CASIO-77</g:mpn></item></channel></rss>"
    atom = "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:g='http://base.google.com/ns/1.0'><entry><id>tag:s.example,2026:9</id><g:id>AB-1</g:id><title>Montre</title><g:price>99.00 EUR</g:price><g:mpn>CASIO-77</g:mpn></entry></feed>"
    table = "id\ttitle\tlink\timage_link\tavailability\tprice\tmpn\nAB-1\tMontre\thttps://s.example/m\thttps://s.example/m.jpg\tin stock\t99.00 EUR\tCASIO-77\n"
    for text in (rss, atom, table):
        assert [brief(one)[:4] for one in read(text).products] == [("Montre", "99", "EUR", "AB-1")]
    only = read("Nom;Prix;MPN\nMontre;99 €;CASIO-77\nBague;9 €;B-7\n")
    assert [one.sku for one in only.products] == ["CASIO-77", "B-7"]


@pytest.mark.parametrize("header", ["N°", "Laharana", "No", "Code", "#", "S/N", "Réf", "رقم"])
def test_a_column_that_counts_is_no_code(header: str) -> None:
    lines = "\n".join(
        f"{at};{name};{at}500 Ar;{size}"
        for at, (name, size) in enumerate((("Akanjo", "S"), ("Akanjo", "M"), ("Kiraro", ""), ("Satroka", "")), 1)
    )
    found = read(f"{header};Anarana;Vidiny;Habe\n{lines}\n")
    assert [(one.title, one.sku, len(one.variants)) for one in found.products] == [
        ("Akanjo", None, 2),
        ("Kiraro", None, 0),
        ("Satroka", None, 0),
    ]


def test_what_counts_lines() -> None:
    assert numbers_lines("Code", ["1", "2", "3", "1", "2"])
    assert numbers_lines("Code", ["1.", "2.", "Total rayon", "3."])
    assert not numbers_lines("Code", ["001", "002", "003"])
    assert not numbers_lines("Product ID", ["1", "2", "3"])
    assert not numbers_lines("Code", ["1", "17", "23"])
    assert not numbers_lines("Code", ["12", "13", "14"])


def test_a_shop_around_its_items_is_no_product() -> None:
    found = read(
        '<shop currency="GHS"><items><item sku="K1"><name>Kente</name><price>150</price></item><item sku="K2"><name>Batik</name><price>80</price></item></items></shop>'
    )
    assert [brief(one)[:4] for one in found.products] == [("Kente", "150", "GHS", "K1"), ("Batik", "80", "GHS", "K2")]


def test_the_options_of_a_combination() -> None:
    found = read(
        "<l><produit><nom>Veste</nom><prix>60</prix><combinaisons/><combinations><combination><reference>V-S</reference><attributes><attribute name='Taille'>S</attribute></attributes><quantity>1</quantity></combination><combination><reference>V-M</reference><attributes><attribute name='Taille'>M</attribute></attributes><quantity>0</quantity></combination></combinations></produit><produit><nom>Gant</nom><prix>9</prix></produit></l>"
    )
    assert [(v.sku, v.options) for v in found.products[0].variants] == [
        ("V-S", {"Taille": "S"}),
        ("V-M", {"Taille": "M"}),
    ]


def test_prices_and_stock_as_objects_of_their_own() -> None:
    found = read_object({"products": [
        {"id": "u", "name": "Lampe", "sku": "L", "priceData": {"currency": "ILS", "price": 100, "discountedPrice": 80}, "stock": {"trackInventory": False, "inStock": False}},
        {"id": "v", "name": "Ampoule", "sku": "A", "priceData": {"currency": "ILS", "price": 10, "discountedPrice": 10}, "stock": {"quantity": 3, "inStock": True}},
    ]})  # fmt: skip
    assert [brief(one) for one in found.products] == [
        ("Lampe", "80", "ILS", "L", "out_of_stock"),
        ("Ampoule", "10", "ILS", "A", "in_stock"),
    ]


def test_amounts_are_no_names() -> None:
    found = read("Robe wax\t15000 FCFA\t3\nSac cuir\t35000 FCFA\t0\nBazin riche\t22500 FCFA\t8\n")
    assert [brief(one) for one in found.products] == [
        ("Robe wax", "15000", "XOF", None, "in_stock"),
        ("Sac cuir", "35000", "XOF", None, "out_of_stock"),
        ("Bazin riche", "22500", "XOF", None, "in_stock"),
    ]


def test_prices_without_tax_in_abbreviations() -> None:
    found = read("Réf;Produit;P.U. H.T. (€);TVA\nA1;Clavier;100,00;20\nA2;Souris;50,00;20\n")
    assert [one.price for one in found.products] == [Decimal(120), Decimal(60)]


def test_objects_that_are_numbered() -> None:
    listed = [
        {"laharana": at, "anarana": name, "vidiny": at * 500} for at, name in enumerate(("Vary", "Siramamy", "Sira"), 1)
    ]
    assert [one.sku for one in read_object(listed).products] == [None, None, None]


def test_a_currency_said_above_the_table_with_a_short_sign() -> None:
    for line, code in (
        ("All prices in KSh", "KES"),
        ("Vidiny rehetra (Ar)", "MGA"),
        ("Price list of Lek", None),
        ("Prix en DH", None),
    ):
        found = read(f"{line};;\n\nItem;Price;Stock\nSugar;150;3\nSoap;60;0\n")
        assert [one.currency for one in found.products] == [code, code], line


def test_german_prices_with_and_without_tax() -> None:
    found = read(
        "Artikel-Nr.;Name;Preis ohne MwSt.;Preis inkl. MwSt.;Großhandelspreis;Einheit;Einzelpreis;Menge\nKE;Kerze;10,00;11,90;4;kg;50;3\nSE;Seife;5,00;5,95;2;;0;0\n"
    )
    assert [brief(one) for one in found.products] == [
        ("Kerze", "11.90", None, "KE", "in_stock"),
        ("Seife", "5.95", None, "SE", "out_of_stock"),
    ]


def test_retail_and_wholesale_in_one_object() -> None:
    found = read_object(
        [{"nom": "Riz", "prix": {"détail": 500, "gros": 450}}, {"nom": "Mil", "prix": {"petit": 300, "grand": 800}}]
    )
    assert [(one.price, one.price_max) for one in found.products] == [(500, None), (300, 800)]
