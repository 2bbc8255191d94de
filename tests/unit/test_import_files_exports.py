"""Tables that shops' programs export: one product is one product, whatever the number of its lines."""
# ruff: noqa: E501 - files stand here as programs write them, a line a line

from decimal import Decimal

from importing_tables import brief, named, read, said, titles

SHOPIFY = """Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,\
Option2 Value,Variant SKU,Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,\
Variant Fulfillment Service,Variant Price,Variant Compare At Price,Variant Requires Shipping,Variant Barcode,Image Src,\
Image Position,Image Alt Text,Gift Card,SEO Title,Variant Image,Variant Weight Unit,Cost per item,Status
pagne-tisse,Pagne tissé,"<p>Tissé à <b>Korhogo</b></p>",Kafa,Apparel,Pagnes,"coton, main",true,Taille,2 yards,Couleur,Indigo,\
PGN-2I,400,shopify,5,deny,manual,12000.00,15000.00,true,,https://cdn.example/p1.jpg,1,Vue,false,,https://cdn.example/v1.jpg,g,\
6000,active
pagne-tisse,,,,,,,,,6 yards,,Indigo,PGN-6I,900,shopify,0,deny,manual,30000.00,,true,,https://cdn.example/p2.jpg,2,,,,,g,,
pagne-tisse,,,,,,,,,,,,,,,,,,,,,,https://cdn.example/p3.jpg,3,,,,,,,
panier,Panier rônier,,Kafa,,Paniers,,true,Title,Default Title,,,PAN,700,,0,deny,manual,8500,,true,,,,,false,,,g,,active
essai,Brouillon,,Kafa,,,,false,Title,Default Title,,,,0,,0,deny,manual,0.00,,true,,,,,false,,,g,,draft
"""


def test_shopify_lines_of_one_handle_are_one_product() -> None:
    found = read(SHOPIFY, url="https://kafa.example/export.csv")
    assert found.kind == "shopify-csv"
    assert titles(found) == ["Pagne tissé", "Panier rônier", "Brouillon"]
    pagne = found.products[0]
    assert (pagne.price, pagne.price_max, pagne.currency) == (Decimal(12000), Decimal(30000), None)
    assert pagne.description == "Tissé à Korhogo"
    assert [v.options for v in pagne.variants] == [
        {"Taille": "2 yards", "Couleur": "Indigo"},
        {"Taille": "6 yards", "Couleur": "Indigo"},
    ]
    assert [(v.sku, v.stock, v.availability) for v in pagne.variants] == [
        ("PGN-2I", 5, "in_stock"),
        ("PGN-6I", 0, "out_of_stock"),
    ]
    assert pagne.images[0] == "https://cdn.example/p1.jpg"
    assert len(pagne.images) == 4
    assert pagne.category == "Pagnes"


def test_shopify_default_title_is_no_variant_and_untracked_stock_no_sold_out() -> None:
    panier = named(read(SHOPIFY), "Panier rônier")
    assert panier.variants == ()
    assert brief(panier) == ("Panier rônier", "8500", None, "PAN", "in_stock")
    assert panier.stock is None


def test_shopify_draft_and_price_of_zero_are_doubts() -> None:
    found = read(SHOPIFY)
    assert named(found, "Brouillon").price is None
    assert "“Brouillon” is not shown in your shop" in said(found)
    assert "“Brouillon” has no price" in said(found)
    assert "does not say which currency" in said(found)


def test_shopify_new_headers() -> None:
    text = (
        "Title,URL handle,Description,Vendor,Type,Published on online store,Status,SKU,Option1 name,Option1 value,Price,"
        "Compare-at price,Inventory tracker,Inventory quantity,Continue selling when out of stock,Product image URL\n"
        "Lamba hoany,lamba-hoany,Six colours,Tana,Wraps,TRUE,Active,LH-R,Colour,Red,35000,,shopify,4,DENY,https://i.example/1.jpg\n"
        ",lamba-hoany,,,,,,LH-B,,Blue,35000,,shopify,0,DENY,\n"
    )
    found = read(text)
    assert titles(found) == ["Lamba hoany"]
    assert [v.sku for v in found.products[0].variants] == ["LH-R", "LH-B"]
    assert found.products[0].availability == "in_stock"


WOO_FR = (
    '\ufeffID,Type,UGS,Nom,Publié,"Mis en avant ?","Visibilité dans le catalogue","Description courte",Description,'
    '"Date de début de promo","Date de fin de promo","État de la TVA","Classe de TVA","En stock\u00a0?",Stock,'
    '"Montant de stock faible","Poids (kg)","Tarif promo","Tarif régulier",Catégories,Étiquettes,Images,Parent,'
    '"Nom de l’attribut 1","Valeur(s) de l’attribut 1 ","Attribut 1 visible","Attribut 1 global"\n'
    '10,simple,BISSAP,"Bissap &amp; menthe",1,0,visible,Frais,"<p>Bouteille d\'un litre</p>",,,taxable,,1,24,,1,1200,1500,'
    '"Boissons > Jus",,"https://b.example/1.jpg, https://b.example/2.jpg",,,,,\n'
    '11,variable,BOUBOU,Boubou brodé,1,1,visible,,,,,taxable,,1,,,,,,Vêtements,,https://b.example/3.jpg,,Taille,"M, L",1,1\n'
    "12,variation,BOUBOU-M,Boubou brodé - M,1,0,visible,,,,,taxable,parent,1,3,,,,25000,,,,BOUBOU,Taille,M,,1\n"
    "13,variation,BOUBOU-L,Boubou brodé - L,1,0,visible,,,,,taxable,parent,0,0,,,,28000,,,,BOUBOU,Taille,L,,1\n"
)


def test_woocommerce_in_french() -> None:
    found = read(WOO_FR)
    assert found.kind == "woocommerce-csv"
    assert titles(found) == ["Bissap & menthe", "Boubou brodé"]
    bissap, boubou = found.products
    assert brief(bissap) == ("Bissap & menthe", "1200", None, "BISSAP", "in_stock")
    assert bissap.images == ("https://b.example/1.jpg", "https://b.example/2.jpg")
    assert bissap.stock == 24
    assert (boubou.price, boubou.price_max) == (Decimal(25000), Decimal(28000))
    assert [(dict(v.options), v.sku, v.availability) for v in boubou.variants] == [
        ({"Taille": "M"}, "BOUBOU-M", "in_stock"),
        ({"Taille": "L"}, "BOUBOU-L", "out_of_stock"),
    ]


def test_woocommerce_parents_by_id_and_variations_before_them() -> None:
    text = (
        "ID,Type,SKU,Name,Published,Is featured?,Visibility in catalog,In stock?,Stock,Sale price,Regular price,Categories,"
        "Images,Parent,Attribute 1 name,Attribute 1 value(s)\n"
        "21,variation,,Cap - Red,1,0,visible,1,,,12.50,,,id:20,Color,Red\n"
        '20,variable,,Cap,1,0,visible,1,,,,Hats,https://c.example/cap.jpg,,Color,"Red, Blue"\n'
        "22,variation,,Cap - Blue,1,0,visible,0,,,13,,,id:20,Color,Blue\n"
        '23,"simple, downloadable, virtual",,Pattern,1,0,visible,1,,0,5,Files,,,,\n'
    )
    found = read(text)
    assert titles(found) == ["Cap", "Pattern"]
    assert [v.options["Color"] for v in found.products[0].variants] == ["Red", "Blue"]
    assert found.products[0].price == Decimal("12.50")
    assert found.products[1].price == 5  # a promotional price of 0 is none


def woo_in(headers: str) -> str:
    return (
        headers + "\n1,simple,A-1,Alpha,1,0,visible,,,1,7,,1999,Cat,https://w.example/a.jpg,\n"
        "2,variable,B,Beta,1,0,visible,,,1,,,,Cat,,\n3,variation,B-1,Beta - 1,1,0,visible,,,1,2,,2500,,,B\n"
        "4,variation,B-2,Beta - 2,1,0,visible,,,0,0,,2600,,,B\n"
    )


def test_woocommerce_in_other_languages() -> None:
    languages = (
        "ID,Tipo,SKU,Nombre,Publicado,¿Está destacado?,Visibilidad en el catálogo,Descripción corta,Descripción,¿Existencias?,"
        "Inventario,Precio rebajado,Precio normal,Categorías,Imágenes,Superior",
        "ID,Typ,Artikelnummer,Name,Veröffentlicht,Ist hervorgehoben?,Sichtbarkeit im Katalog,Kurzbeschreibung,Beschreibung,"
        "Vorrätig?,Lager,Angebotspreis,Regulärer Preis,Kategorien,Bilder,Übergeordnetes Produkt",
        "ID,Tipo,COD,Nome,Pubblicato,In primo piano?,Visibilità nel catalogo,Breve descrizione,Descrizione,In stock?,Magazzino,"
        "Prezzo in offerta,Prezzo di listino,Categorie,Immagine,Genitore",
        "ID,Tipo,SKU,Nome,Publicado,Em destaque?,Visibilidade no catálogo,Descrição curta,Descrição,Em estoque?,Estoque,"
        "Preço promocional,Preço,Categorias,Imagens,Ascendente",
        "ID,Type,SKU,Naam,Gepubliceerd,Uitgelicht?,Zichtbaarheid in catalogus,Korte beschrijving,Beschrijving,Op voorraad?,"
        "Voorraad,Actieprijs,Reguliere prijs,Categorieën,Afbeeldingen,Hoofd",
        "ID,Тип,Артикул,Имя,Опубликован,Рекомендуемый?,Видимость в каталоге,Краткое описание,Описание,В наличии?,Запасы,"
        "Акционная цена,Базовая цена,Категории,Изображения,Родительский",
    )
    for headers in languages:
        found = read(woo_in(headers))
        assert titles(found) == ["Alpha", "Beta"], headers
        alpha, beta = found.products
        assert brief(alpha) == ("Alpha", "1999", None, "A-1", "in_stock"), headers
        assert alpha.images == ("https://w.example/a.jpg",), headers
        assert [(v.sku, v.price) for v in beta.variants] == [("B-1", Decimal(2500)), ("B-2", Decimal(2600))], headers


def test_woocommerce_edited_by_hand() -> None:
    text = (
        "ID;  ;UGS;Nom;Publié;Mis en avant ?;Visibilité dans le catalogue;En stock ?;Stock;Tarif promo;Tarif régulier;Catégories;Images;Parent\n"
        "1;simple;S1;Savon;1;0;visible;1;;;15 000Fcfa;Soins;;\n2;simple;S2;Huile;1;0;visible;1;;;25 000Fcf;Soins;;\n"
    )
    found = read(text)
    assert [brief(one) for one in found.products] == [
        ("Savon", "15000", "XOF", "S1", "in_stock"),
        ("Huile", "25000", "XOF", "S2", "in_stock"),
    ]


def test_prestashop_prices_are_without_tax() -> None:
    text = (
        "Product ID;Active (0/1);Name *;Categories (x,y,z...);Price tax excluded;Tax rules ID;Wholesale price;On sale (0/1);"
        "Discount amount;Discount percent;Discount from (yyyy-mm-dd);Discount to (yyyy-mm-dd);Reference #;Supplier reference #;"
        "Quantity;Short description;Description;Image URLs (x,y,z...)\n"
        "1;1;Théière;Maison,Cuisine;100.000000;1;40;0;;;;;THE-1;;12;<p>Émail</p>;;https://p.example/1.jpg,https://p.example/2.jpg\n"
        "2;0;Verre à thé;Maison;4.500000;1;1;0;;;;;VER;;0;;;\n"
    )
    found = read(text)
    assert found.kind == "prestashop-csv"
    assert titles(found) == ["Théière", "Verre à thé"]
    assert found.products[0].images == ("https://p.example/1.jpg", "https://p.example/2.jpg")
    assert found.products[0].sku == "THE-1"
    assert found.products[0].stock == 12
    assert "without tax" in said(found) or "tax" in said(found)


def test_wix_variants_cost_the_price_and_a_surcharge() -> None:
    text = (
        "\ufeffhandleId,fieldType,name,description,productImageUrl,collection,sku,ribbon,price,surcharge,visible,discountMode,"
        "discountValue,inventory,weight,productOptionName1,productOptionType1,productOptionDescription1\n"
        "p1,Product,Sac raphia,<p>Tressé</p>,11aa~mv2.jpg;22bb~mv2.jpg,Sacs,SAC,,40.0,,true,PERCENT,25.0,InStock,,Taille,DROP_DOWN,Petit;Grand\n"
        "p1,Variant,,,,,SAC-P,,,0.0,true,,,3,,Taille,,Petit\n"
        "p1,Variant,,,,,SAC-G,,,10.0,true,,,0,,Taille,,Grand\n"
        "p2,Product,I'm a Product,,33cc~mv2.jpg,,,,0.0,,true,PERCENT,0.0,OutOfStock,,,,\n"
    )
    found = read(text)
    assert found.kind == "wix-csv"
    sac = named(found, "Sac raphia")
    assert sac.images[0] == "https://static.wixstatic.com/media/11aa~mv2.jpg"
    assert [(v.sku, v.price, v.stock) for v in sac.variants] == [
        ("SAC-P", Decimal(30), 3),
        ("SAC-G", Decimal("40"), 0),
    ] or [(v.sku, v.price) for v in sac.variants] == [("SAC-P", Decimal(30)), ("SAC-G", Decimal("37.50"))]
    assert found.products[1].price is None


def test_squarespace_lines_without_a_name_belong_to_the_product_above() -> None:
    text = (
        "Product ID [Non Editable],Variant ID [Non Editable],Product Type [Non Editable],Product Page,Product URL,Title,"
        "Description,SKU,Option Name 1,Option Value 1,Price,Sale Price,On Sale,Stock,Categories,Tags,Weight,Visible,Hosted Image URLs\n"
        "a1,v1,PHYSICAL,shop,raffia-hat,Raffia hat,<p>Woven</p>,H-S,Size,S,45.00,38.00,Yes,3,Hats,,0.2,Yes,https://s.example/1.jpg https://s.example/2.jpg\n"
        ",v2,,,,,,H-L,Size,L,48.00,0.00,No,Unlimited,,,,,\n"
        "a2,v3,PHYSICAL,shop,belt,Belt,,B,,,20.00,0.00,No,0,,,0.1,No,\n"
    )
    found = read(text)
    assert found.kind == "squarespace-csv"
    assert titles(found) == ["Raffia hat", "Belt"]
    hat = found.products[0]
    assert [(v.sku, v.price, v.availability) for v in hat.variants] == [
        ("H-S", Decimal(38), "in_stock"),
        ("H-L", Decimal(48), "in_stock"),
    ]
    assert len(hat.images) == 2
    assert brief(found.products[1]) == ("Belt", "20", None, "B", "out_of_stock")


def test_etsy() -> None:
    text = (
        '"TITLE","DESCRIPTION","PRICE","CURRENCY_CODE","QUANTITY","TAGS","MATERIALS","IMAGE1","IMAGE2","IMAGE3","IMAGE4","IMAGE5",'
        '"IMAGE6","IMAGE7","IMAGE8","IMAGE9","IMAGE10","VARIATION 1 TYPE","VARIATION 1 NAME","VARIATION 1 VALUES","VARIATION 2 TYPE",'
        '"VARIATION 2 NAME","VARIATION 2 VALUES","SKU"\n'
        '"Brass ring, hammered","Made by\nhand","24.50","EUR","7","ring,brass","Brass","https://e.example/1.jpg","https://e.example/2.jpg",'
        '"","","","","","","","","Ring size","Ring size","7,8,9","","","","R-7,R-8,R-9"\n'
        '"Leather cord","","3.00","EUR","0","","","https://e.example/3.jpg","","","","","","","","","","","","","","","",""\n'
    )
    found = read(text)
    assert titles(found) == ["Brass ring, hammered", "Leather cord"]
    ring = found.products[0]
    assert (ring.price, ring.currency, ring.stock) == (Decimal("24.50"), "EUR", 7)
    assert [v.options["Ring size"] for v in ring.variants] == ["7", "8", "9"]
    assert [v.sku for v in ring.variants] == ["R-7", "R-8", "R-9"]
    assert len(ring.images) == 2
    assert found.products[1].availability == "out_of_stock"


def test_magento_children_are_variants_of_the_configurable_one() -> None:
    text = (
        "sku,store_view_code,attribute_set_code,product_type,categories,product_websites,name,description,price,special_price,qty,"
        "is_in_stock,visibility,base_image,additional_images,configurable_variations\n"
        "T-S,,Default,simple,Default Category/Tops,base,Tunic-S,,19.00,,5,1,Not Visible Individually,/t/s.jpg,,\n"
        "T-M,,Default,simple,Default Category/Tops,base,Tunic-M,,21.00,,0,0,Not Visible Individually,/t/m.jpg,,\n"
        'T,,Default,configurable,"Default Category/Tops,Default Category/Sale",base,Tunic,<p>Cotton</p>,,,0,1,"Catalog, Search",/t/t.jpg,,'
        '"sku=T-S,size=S|sku=T-M,size=M"\n'
        'MUG,,Default,simple,Default Category,base, Mug ,,9.99,7.50,12,1,"Catalog, Search",/m.jpg,,\n'
    )
    found = read(text, url="https://mag.example/export.csv")
    assert found.kind == "magento-csv"
    assert sorted(titles(found)) == ["Mug", "Tunic"]
    tunic = named(found, "Tunic")
    assert [(v.sku, dict(v.options), v.price) for v in tunic.variants] == [
        ("T-S", {"size": "S"}, Decimal(19)),
        ("T-M", {"size": "M"}, Decimal(21)),
    ]
    assert brief(named(found, "Mug")) == ("Mug", "7.50", None, "MUG", "in_stock")


def test_square() -> None:
    text = (
        "Token,Item Name,Variation Name,SKU,Description,Category,Price,Current Quantity Main,Stock Alert Enabled Main\n"
        "x1,Coffee,Small,C-S,Dark roast,Drinks,3.50,10,N\nx2,Coffee,Large,C-L,Dark roast,Drinks,4.50,0,N\n"
        "x3,Cake,Regular,K,,Food,variable,4,N\n"
    )
    found = read(text)
    assert titles(found) == ["Coffee", "Cake"]
    assert [v.price for v in found.products[0].variants] == [Decimal("3.50"), Decimal("4.50")]
    assert found.products[1].price is None


def test_salla_in_arabic() -> None:
    text = (
        "النوع,أسم المنتج,تصنيف المنتج,صورة المنتج,سعر المنتج,الكمية المتوفرة,رمز المنتج sku,السعر المخفض,الوصف\n"
        "منتج,عباية سوداء,عبايات,https://s.example/a.jpg,٢٥٠,4,AB-1,,قماش ناعم\nمنتج,عطر العود,عطور,https://s.example/o.jpg,180,0,OD-2,150,\n"
    )
    found = read(text)
    assert titles(found) == ["عباية سوداء", "عطر العود"]
    assert found.products[0].price == 250
    assert found.products[1].price == 150
    assert found.products[1].availability == "out_of_stock"
    assert {one.currency for one in found.products} == {None}


def test_jumia_sellers_template() -> None:
    text = (
        "Name;Brand;SellerSKU;PrimaryCategory;Description;Price_XOF;Sale_Price_XOF;Sale_Start_Date;Sale_End_Date;Quantity;MainImage;Image2\n"
        "Casque audio;Oraimo;OR-55;Électronique;Son clair;12000;9900;2026-11-01;2026-12-01;30;https://j.example/1.jpg;https://j.example/2.jpg\n"
        "Lampe;Generic;LP-1;Maison;;5000;3000;2026-01-01;2026-02-01;0;https://j.example/3.jpg;\n"
    )
    found = read(text)
    assert [brief(one) for one in found.products] == [
        ("Casque audio", "9900", "XOF", "OR-55", "in_stock"),
        ("Lampe", "5000", "XOF", "LP-1", "out_of_stock"),
    ]
    assert len(found.products[0].images) == 2


def test_etsy_in_french_what_it_is_made_of_is_no_choice() -> None:
    text = (
        'TITRE,DESCRIPTION,PRIX,CODE_DEVISE,QUANTITÉ,TAGS,MATÉRIAUX,"IMAGE 1","IMAGE 2","IMAGE 3","IMAGE 4","IMAGE 5",'
        '"TYPE VARIATION 1","NOM VARIATION 1","VALEURS VARIATION 1",RÉFÉRENCE\n'
        'Lampe tressée,"Deux\nlignes",49.02,EUR,10,"a,b","Rotin,Bois",https://e.example/1.jpg,,,,,Propriété,Diam&egrave;tre,"30cm,40cm",\n'
        "Trophée,,45,EUR,4,,Bois,https://e.example/2.jpg,,,,,,,,TR-1\n"
    )
    found = read(text)
    assert [dict(v.options) for v in found.products[0].variants] == [{"Diamètre": "30cm"}, {"Diamètre": "40cm"}]
    assert brief(found.products[1]) == ("Trophée", "45", "EUR", "TR-1", "in_stock")
    assert found.products[1].variants == ()


def test_loyverse() -> None:
    text = (
        "Handle,SKU,Name,Category,Sold by weight,Option 1 name,Option 1 value,Default price,Cost,Track stock,In stock [Shop]\n"
        "coffee,10001,Coffee,Drinks,N,Size,Small,3.00,1.00,Y,15\ncoffee,10002,,,,,Large,4.00,1.20,Y,0\ntea,10003,Tea,Drinks,N,,,2.00,0.5,N,\n"
    )
    found = read(text)
    assert titles(found) == ["Coffee", "Tea"]
    assert [(dict(v.options), v.price, v.availability) for v in found.products[0].variants] == [
        ({"Size": "Small"}, Decimal(3), "in_stock"),
        ({"Size": "Large"}, Decimal(4), "out_of_stock"),
    ]


def test_odoo_and_prestashop_lists() -> None:
    odoo = read(
        "id,Internal Reference,Name,Sales Price,Cost,Quantity On Hand,Product Category/Display Name,Currency\nx.1,FURN,Desk,450.0,300.0,5.0,All / Furniture,XOF\n"
    )
    assert brief(odoo.products[0]) == ("Desk", "450", "XOF", "FURN", "in_stock")
    presta = read(
        '"ID";"Image";"Nom";"Référence";"Catégorie";"Prix (HT)";"Prix (TTC)";"Quantité";"État"\n"1";"https://p.example/1.jpg";"T-shirt";"demo_1";"Hommes";"23,900000 €";"28,680000 €";"2400";"1"\n'
    )
    assert brief(presta.products[0]) == ("T-shirt", "28.68", "EUR", "demo_1", "in_stock")


def test_wix_colours_are_named_and_options_without_lines_combined() -> None:
    text = (
        "handleId,fieldType,name,productImageUrl,price,surcharge,visible,discountMode,discountValue,inventory,productOptionName1,"
        "productOptionType1,productOptionDescription1,productOptionName2,productOptionType2,productOptionDescription2\n"
        'p1,Product,Robe,a~mv2.jpg,18.0,,true,PERCENT,0.0,InStock,Couleur,COLOR,"rgb(255, 192, 203):rose;#CC9BD0:lilas",Taille,DROP_DOWN,2 ans;3 ans\n'
        "p2,Product,Legging,b~mv2.jpg,11.0,,true,AMOUNT,3.0,InStock,Taille,DROP_DOWN,S;M,,,\n"
    )
    found = read(text)
    assert [dict(v.options) for v in found.products[0].variants][:2] == [
        {"Couleur": "rose", "Taille": "2 ans"},
        {"Couleur": "rose", "Taille": "3 ans"},
    ]
    assert (found.products[1].price, len(found.products[1].variants)) == (Decimal(8), 2)


def test_thirty_bees_swaps_the_separators() -> None:
    text = (
        "ID,Active (0/1),Name *,Categories (x;y;z...),Price tax excluded or Price tax included,Tax rules ID,Reference #,Quantity,Image URLs (x;y;z...)\n"
        "1,1,Pot,Maison;Jardin,12.500000,1,POT,4,https://t.example/1.jpg;https://t.example/2.jpg\n2,1,Bol,Maison,5.000000,1,BOL,0,\n"
    )
    found = read(text)
    assert [brief(one) for one in found.products] == [
        ("Pot", "12.50", None, "POT", "in_stock"),
        ("Bol", "5", None, "BOL", "out_of_stock"),
    ]
    assert len(found.products[0].images) == 2


def test_prestashop_with_a_word_for_the_price() -> None:
    text = (
        "Product ID,Active (0/1),Name *,Categories (x;y;z...),Price tax excluded or Price tax included,Tax rules ID,Reference #,"
        "Supplier reference #,Quantity,Unit price,Image URLs (x;y;z...)\n"
        "E1,1,Coton ,Tissus,excluded,56,E1,E1,100,1299,https://i.example/1.jpg\nE2,1,Coton ,Tissus,excluded,56,E2,E2,100,1299,https://i.example/2.jpg\n"
    )
    found = read(text)
    assert [brief(one) for one in found.products] == [
        ("Coton", "1299", None, "E1", "in_stock"),
        ("Coton", "1299", None, "E2", "in_stock"),
    ]
