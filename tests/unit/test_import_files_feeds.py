"""Feeds for markets and catalogues: Google's in its three shapes, Meta's, Yandex's, and XML of anybody's making."""
# ruff: noqa: E501 - files stand here as programs write them, a line a line

from decimal import Decimal

from importing_tables import brief, named, read, said, titles

GOOGLE = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0"><channel><title>Kora</title><link>https://kora.example</link>
<description>All products</description>
<item><g:id>K-1-S</g:id><g:item_group_id>K-1</g:item_group_id><title>Robe Kita, S</title><description>&lt;p&gt;Coton&lt;/p&gt;</description>
<link>https://kora.example/robe?v=1</link><g:image_link>https://kora.example/r.jpg</g:image_link>
<g:additional_image_link>https://kora.example/r2.jpg</g:additional_image_link>
<g:availability>in_stock</g:availability><g:price>45000 XOF</g:price><g:sale_price>39000 XOF</g:sale_price>
<g:size>S</g:size><g:color>bleu</g:color><g:brand>Kora</g:brand>
<g:shipping><g:country>SN</g:country><g:price>2500 XOF</g:price></g:shipping></item>
<item><g:id>K-1-M</g:id><g:item_group_id>K-1</g:item_group_id><title>Robe Kita, M</title><link>https://kora.example/robe?v=2</link>
<g:image_link>https://kora.example/r.jpg</g:image_link><g:availability>out of stock</g:availability><g:price>47000 XOF</g:price>
<g:size>M</g:size><g:color>bleu</g:color></item>
<item><g:id>K-2</g:id><title><![CDATA[Bague & perle]]></title><link>https://kora.example/bague</link>
<g:image_link>https://kora.example/b.jpg</g:image_link><g:availability>preorder</g:availability><g:price>0.00 XOF</g:price></item>
</channel></rss>"""


def test_google_rss() -> None:
    found = read(GOOGLE)
    assert found.kind == "google-feed"
    assert len(found.products) == 2
    robe, bague = found.products
    assert robe.title == "Robe Kita"
    assert (robe.price, robe.price_max, robe.currency) == (Decimal(39000), Decimal(47000), "XOF")
    assert [(v.sku, v.availability, v.options.get("size")) for v in robe.variants] == [
        ("K-1-S", "in_stock", "S"),
        ("K-1-M", "out_of_stock", "M"),
    ]
    assert robe.description == "Coton"
    assert robe.images == ("https://kora.example/r.jpg", "https://kora.example/r2.jpg")
    assert brief(bague) == ("Bague & perle", None, "XOF", "K-2", "in_stock") or bague.price is None


def test_google_atom_and_a_channel_as_root() -> None:
    atom = """<feed xmlns="http://www.w3.org/2005/Atom" xmlns:g="http://base.google.com/ns/1.0"><title>Shop</title>
    <entry><g:id>A1</g:id><g:title>Jug</g:title><g:link>https://a.example/jug</g:link><g:image_link>https://a.example/j.jpg</g:image_link>
    <g:price>19.90 EUR</g:price><g:availability>in stock</g:availability></entry>
    <entry><g:id>A2</g:id><title>Plate</title><link rel="alternate" href="https://a.example/plate"/><g:price>EUR 5.00</g:price>
    <g:availability>true</g:availability></entry></feed>"""
    found = read(atom)
    assert [brief(one) for one in found.products] == [
        ("Jug", "19.90", "EUR", "A1", "in_stock"),
        ("Plate", "5", "EUR", "A2", "in_stock"),
    ]
    assert found.products[1].url == "https://a.example/plate"
    channel = GOOGLE[GOOGLE.index("<channel>") : GOOGLE.index("</rss>")]
    assert len(read(channel).products) == 2  # prefixes are declared nowhere in it


def test_google_text_in_english_french_and_german() -> None:
    english = (
        "id\ttitle\tdescription\tlink\timage_link\tavailability\tprice\tsale_price\titem_group_id\tsize\n"
        "1a\tShirt - S\tSoft\thttps://g.example/1\thttps://g.example/1.jpg\tin stock\t25.00 USD\t\tG1\tS\n"
        "1b\tShirt - M\tSoft\thttps://g.example/1\thttps://g.example/1.jpg\tout of stock\t25.00 USD\t\tG1\tM\n"
        "2\tCap\t\thttps://g.example/2\thttps://g.example/2.jpg\tbackorder\t12.00 USD\t9.50 USD\t\t\n"
    )
    found = read(english)
    assert found.kind == "google-feed"
    assert titles(found) == ["Shirt", "Cap"]
    assert [v.sku for v in found.products[0].variants] == ["1a", "1b"]
    assert found.products[1].price == Decimal("9.50")
    french = (
        "identifiant\ttitre\tdescription\tlien\tlien image\tdisponibilité\tprix\n"
        "7\tThéière\tÉmail\thttps://g.example/7\thttps://g.example/7.jpg\ten stock\t15,00 EUR\n"
    )
    german = (
        "id\ttitel\tbeschreibung\tlink\tbildlink\tverfügbarkeit\tpreis\n"
        "7\tKanne\tEmail\thttps://g.example/7\thttps://g.example/7.jpg\tauf lager\t15,00 EUR\n"
    )
    for text, title in ((french, "Théière"), (german, "Kanne")):
        assert brief(read(text).products[0]) == (title, "15", "EUR", "7", "in_stock")


def test_meta_catalogue_with_its_lines_of_help() -> None:
    text = (
        "# Obligatoire | Identifiant unique de l’article,# Obligatoire | Titre de l’article,# Obligatoire | Description,# a,# b,# c,# d,# e,# f\n"
        "id,title,description,availability,condition,price,link,image_link,brand,item_group_id,size,color,quantity_to_sell_on_facebook,gtin,video[0].url,product_tags[0]\n"
        'M1,Caftan,"Brodé main",in stock,new,"149,00 TND",https://m.example/1,https://m.example/1.jpg,Dar,,,,3,8.80609E+12,,\n'
        'M2,Babouches 40,Cuir,out of stock,new,"49,00 TND",https://m.example/2,https://m.example/2.jpg,Dar,BAB,40,,0,,,\n'
        'M3,Babouches 41,Cuir,in stock,new,"49,00 TND",https://m.example/2,https://m.example/2.jpg,Dar,BAB,41,,5,,,\n'
    )
    found = read(text)
    assert found.kind == "meta-csv"
    assert titles(found) == ["Caftan", "Babouches"]
    assert brief(found.products[0]) == ("Caftan", "149", "TND", "M1", "in_stock")
    assert found.products[0].stock == 3
    assert [v.options for v in found.products[1].variants] == [{"size": "40"}, {"size": "41"}]
    assert found.products[1].availability == "in_stock"


def test_yml() -> None:
    text = """<?xml version="1.0" encoding="windows-1251"?><!DOCTYPE yml_catalog SYSTEM "shops.dtd">
    <yml_catalog date="2026-11-01 10:00"><shop><name>Лавка</name><currencies><currency id="RUR" rate="1"/></currencies>
    <categories><category id="3">Посуда</category></categories><offers>
    <offer id="11" available="true"><url>https://y.example/11</url><price>1200</price><oldprice>1500</oldprice><currencyId>RUR</currencyId>
    <categoryId>3</categoryId><picture>https://y.example/1.jpg</picture><picture>https://y.example/2.jpg</picture><name>Чайник</name>
    <vendorCode>CH-1</vendorCode></offer>
    <offer id="12" available="false" type="vendor.model"><price>300.50</price><typePrefix>Кружка</typePrefix><vendor>Гжель</vendor>
    <model>Синяя</model><categoryId>3</categoryId></offer>
    <offer id="13" group_id="9" available="true"><name>Фартук</name><price>700</price><currencyId>RUR</currencyId><param name="Размер">S</param></offer>
    <offer id="14" group_id="9" available="false"><name>Фартук</name><price>750</price><currencyId>RUR</currencyId><param name="Размер">M</param></offer>
    </offers></shop></yml_catalog>""".encode("cp1251")
    found = read(text)
    assert found.kind == "yml"
    assert [brief(one)[:4] for one in found.products[:2]] == [
        ("Чайник", "1200", "RUB", "CH-1"),
        ("Кружка Гжель Синяя", "300.50", "RUB", "12"),
    ]
    assert found.products[0].category == "Посуда"
    assert found.products[1].availability == "out_of_stock"
    assert len(found.products[0].images) == 2
    assert [v.options["Размер"] for v in found.products[2].variants] == ["S", "M"]


def test_xml_of_ones_own() -> None:
    text = """<?xml version="1.0"?><boutique devise="XOF"><categorie nom="Robes">
    <produit ref="R1"><nom>Robe wax</nom><prix>15000</prix><stock>2</stock><image>https://x.example/1.jpg</image></produit>
    <produit ref="R2"><nom>Robe soirée</nom><prix>35 000</prix><stock>0</stock></produit></categorie>
    <categorie nom="Sacs"><produit ref="S1"><nom>Sac</nom><prix>0</prix></produit></categorie></boutique>"""
    found = read(text)
    assert [brief(one) for one in found.products] == [
        ("Robe wax", "15000", "XOF", "R1", "in_stock"),
        ("Robe soirée", "35000", "XOF", "R2", "out_of_stock"),
        ("Sac", None, "XOF", "S1", None),
    ]
    assert [one.category for one in found.products] == ["Robes", "Robes", "Sacs"]


def test_prestashop_webservice_xml() -> None:
    text = """<?xml version="1.0" encoding="UTF-8"?><prestashop xmlns:xlink="http://www.w3.org/1999/xlink"><products>
    <product><id><![CDATA[4]]></id><reference><![CDATA[TH-4]]></reference><price><![CDATA[15.500000]]></price><active>1</active>
    <name><language id="1"><![CDATA[Théière]]></language><language id="2"><![CDATA[Teapot]]></language></name>
    <description><language id="1"><![CDATA[<p>Émail</p>]]></language></description><quantity>3</quantity>
    <associations><categories nodeType="category"><category><id>2</id></category></categories></associations></product>
    <product><id><![CDATA[5]]></id><reference></reference><price><![CDATA[9.000000]]></price>
    <name><language id="1"><![CDATA[Tasse]]></language></name><quantity>0</quantity></product></products></prestashop>"""
    found = read(text)
    assert [(one.title, one.sku, one.price, one.stock) for one in found.products] == [
        ("Théière", "TH-4", Decimal("15.50"), 3),
        ("Tasse", None, Decimal(9), 0),
    ]


def test_woocommerce_and_shopify_in_xml_of_export_plugins() -> None:
    text = """<data><post><ID>5</ID><Title>Robe</Title><Price>15000</Price><SKU>R5</SKU><StockStatus>instock</StockStatus>
    <ImageURL>https://w.example/1.jpg|https://w.example/2.jpg</ImageURL><Productcategories>Robes</Productcategories></post>
    <post><ID>6</ID><Title>Sac</Title><Price>9000</Price><SKU>S6</SKU><StockStatus>outofstock</StockStatus></post></data>"""
    found = read(text)
    assert [brief(one) for one in found.products] == [
        ("Robe", "15000", None, "R5", "in_stock"),
        ("Sac", "9000", None, "S6", "out_of_stock"),
    ]
    assert len(found.products[0].images) == 2


def test_variants_inside_products_of_xml() -> None:
    text = """<catalog currency="MAD"><product id="1"><title>Babouches</title><variants><variant><size>40</size><price>120</price><stock>2</stock></variant>
    <variant><size>41</size><price>130</price><stock>0</stock></variant></variants></product>
    <product id="2"><title>Pouf</title><price>450,00</price></product></catalog>"""
    found = read(text)
    assert titles(found) == ["Babouches", "Pouf"]
    assert [(dict(v.options), v.price, v.stock) for v in found.products[0].variants] == [
        ({"size": "40"}, Decimal(120), 2),
        ({"size": "41"}, Decimal(130), 0),
    ]
    assert {one.currency for one in found.products} == {"MAD"}
    assert found.products[1].price == 450


def test_sitemaps_give_addresses_once_without_images() -> None:
    text = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
    <!-- <url><loc>https://s.example/hidden</loc></url> -->
    <url><loc>https://s.example/p/1</loc><image:image><image:loc>https://s.example/i.jpg</image:loc></image:image></url>
    <url><loc> https://s.example/p/2 </loc></url><url><loc>https://s.example/p/1</loc></url></urlset>"""
    found = read(text)
    assert (found.kind, found.addresses) == ("sitemap", ("https://s.example/p/1", "https://s.example/p/2"))
    index = "<sitemapindex><sitemap><loc>https://s.example/products.xml</loc></sitemap></sitemapindex>"
    assert read(index).kind == "sitemap-index"


def test_a_blog_is_no_catalogue() -> None:
    found = read(
        "<rss><channel><title>Blog</title><item><title>News</title><link>https://b.example/1</link></item></channel></rss>"
    )
    assert found.products == ()
    assert "articles" in said(found)


def test_entities_of_the_file_are_never_resolved() -> None:
    bomb = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(12))
    for inner in (
        '<!ENTITY x SYSTEM "file:///etc/passwd">',
        '<!ENTITY % p SYSTEM "http://127.0.0.1/evil.dtd"> %p;',
        bomb + '<!ENTITY x "&l11;">',
    ):
        text = (
            f"<?xml version='1.0'?><!DOCTYPE shop [{inner}]><shop><product><name>Bowl &x;</name><price>5 EUR</price></product>"
            "<product><name>Pot</name><price>6 EUR</price></product></shop>"
        )
        found = read(text)
        assert [one.title[:4].strip() for one in found.products] == ["Bowl", "Pot"]
        assert "root:" not in str(found.products)
        assert len(found.products[0].title) < 40
        assert "entities of its own" in said(found)


def test_broken_xml_gives_what_stands_before_the_break() -> None:
    whole = "".join(f"<item><title>Bowl {n} & co</title><price>{n} EUR</price></item>" for n in range(1, 6))
    found = read(f"<rss><channel>{whole}<item><title>Cut of")
    assert len(found.products) >= 5
    assert "breaks off" in said(found)
    assert named(found, "Bowl 3 & co").price == 3


def test_a_price_with_a_comma_or_no_space_in_a_feed() -> None:
    text = "".join(
        f"<item><title>T{n}</title><g:id>{n}</g:id><g:price>{price}</g:price></item>"
        for n, price in enumerate(["1.250,00 EUR", "EUR12.50", "12,50€", "99", "19.500 TND"], 1)
    )
    found = read(f"<rss><channel>{text}</channel></rss>")
    assert [(one.price, one.currency) for one in found.products] == [
        (Decimal(1250), "EUR"),
        (Decimal("12.50"), "EUR"),
        (Decimal("12.50"), "EUR"),
        (Decimal(99), None),
        (Decimal("19.5"), "TND"),
    ]


def test_price_comparison_feeds() -> None:
    heureka = """<?xml version="1.0" encoding="utf-8"?><SHOP><SHOPITEM><ITEM_ID>AB1</ITEM_ID><PRODUCTNAME>Hrnek</PRODUCTNAME><URL>https://o.example/n</URL>
    <IMGURL>https://o.example/1.jpg</IMGURL><PRICE_VAT>600</PRICE_VAT><MANUFACTURER>Keramika</MANUFACTURER></SHOPITEM>
    <SHOPITEM><ITEM_ID>AB2</ITEM_ID><PRODUCTNAME>Miska</PRODUCTNAME><PRICE_VAT>100</PRICE_VAT></SHOPITEM></SHOP>"""
    assert [brief(one)[:4] for one in read(heureka).products] == [
        ("Hrnek", "600", None, "AB1"),
        ("Miska", "100", None, "AB2"),
    ]
    ceneo = """<offers version="1"><o id="1" url="https://c.example/1" price="19.90" avail="1" stock="5"><cat><![CDATA[Dom]]></cat><name><![CDATA[Kubek]]></name>
    <imgs><main url="https://c.example/1.jpg"/></imgs></o><o id="2" url="https://c.example/2" price="5.00"><cat>Dom</cat><name>Miska</name></o></offers>"""
    assert [(one.title, one.price, one.images) for one in read(ceneo).products] == [
        ("Kubek", Decimal("19.90"), ("https://c.example/1.jpg",)),
        ("Miska", Decimal(5), ()),
    ]
    french = """<catalogue lang="FR"><product place="1"><categorie>A</categorie><identifiant_unique>R1</identifiant_unique><titre>Lampe</titre>
    <prix currency="EUR">19,90</prix><url_produit>https://l.example/1</url_produit><disponibilite>0</disponibilite></product>
    <product place="2"><identifiant_unique>R2</identifiant_unique><titre>Abat-jour</titre><prix currency="EUR">9,90</prix></product></catalogue>"""
    assert [brief(one) for one in read(french).products] == [
        ("Lampe", "19.90", "EUR", "R1", "out_of_stock"),
        ("Abat-jour", "9.90", "EUR", "R2", None),
    ]


def test_rdf_and_another_prefix() -> None:
    rdf = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:x="http://base.google.com/ns/1.0">
    <channel rdf:about="x"><title>s</title></channel><item rdf:about="a"><title>Bowl</title><x:id>1</x:id><x:price>5 eur</x:price></item></rdf:RDF>"""
    assert [brief(one)[:3] for one in read(rdf).products] == [("Bowl", "5", "EUR")]


def test_the_one_colour_of_an_article_is_no_choice_but_told() -> None:
    text = (
        "id\ttitle\tdescription\tlink\timage_link\tavailability\tprice\titem_group_id\tsize\tcolor\n"
        "1\tBlue jug\tClay\thttps://g.example/1\thttps://g.example/1.jpg\tin stock\t25.00 USD\t\tL\tblue\n"
        "2\tCap S\tWool\thttps://g.example/2\thttps://g.example/2.jpg\tin stock\t9.00 USD\tG\tS\tred\n"
    )
    jug, cap = read(text).products
    assert jug.variants == ()
    assert (jug.description, jug.availability, jug.sku) == ("Clay\nsize: L", "in_stock", "1")
    assert [dict(v.options) for v in cap.variants] == [{"size": "S", "color": "red"}]
    item = "<item><g:id>A</g:id><title>Audi</title><g:price>5 USD</g:price><g:color>Grey</g:color></item>"
    audi = read(f"<rss xmlns:g='http://base.google.com/ns/1.0'><channel>{item}</channel></rss>").products[0]
    assert (audi.variants, audi.description) == ((), "color: Grey")
