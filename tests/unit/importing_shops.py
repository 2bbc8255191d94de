"""Product pages as shop platforms lay them out, with invented articles, for the tests of the importer."""

SHOPIFY = """<!doctype html><html lang="fr"><head><title>Robe bogolan – Atelier Kadia</title>
<meta property="og:site_name" content="Atelier Kadia"><meta property="og:title" content="Robe bogolan">
<meta property="og:type" content="product"><meta property="og:price:amount" content="25,000">
<meta property="og:price:currency" content="XOF">
<script>var Shopify = Shopify || {}; Shopify.currency = {"active":"XOF","rate":"1.0"};</script>
<script>var meta = {"product":{"id":1,"vendor":"Kadia","type":"Robes","variants":[
{"id":11,"price":2500000,"name":"Robe bogolan - S","public_title":"S","sku":"BOG-S"},
{"id":12,"price":2800000,"name":"Robe bogolan - L","public_title":"L","sku":"BOG-L"}]},"page":{"pageType":"product"}};
</script></head><body><header><a href="/cart">Panier 0 F CFA</a></header><main><div class="product__info">
<h1 class="product__title">Robe bogolan</h1><div class="price"><div class="price__regular">
<span class="price-item price-item--regular">25 000 F CFA</span></div></div>
<script type="application/json" id="ProductJson-template">{"id":1,"title":"Robe bogolan","handle":"robe-bogolan",
"description":"<p>Teinte \\u00e0 la terre.</p>","vendor":"Kadia","type":"Robes","options":["Taille"],
"images":["//cdn.example.com/robe.jpg"],"variants":[
{"id":11,"title":"S","option1":"S","option2":null,"option3":null,"sku":"BOG-S","available":true,"price":2500000},
{"id":12,"title":"L","option1":"L","option2":null,"option3":null,"sku":"BOG-L","available":false,"price":2800000}]}
</script><form action="/cart/add"><button type="submit" name="add">Ajouter au panier</button></form></div></main>
<section class="related-products"><h2>Vous aimerez aussi</h2><a href="/p/2">Pagne 9 000 F CFA</a></section>
</body></html>"""

WOOCOMMERCE_SALE = """<!doctype html><html lang="fr-SN"><head><title>Savon noir &#8211; Karité du Sine</title></head>
<body class="single-product"><div class="product"><div class="summary entry-summary">
<h1 class="product_title entry-title">Savon noir</h1>
<p class="price"><del aria-hidden="true"><span class="woocommerce-Price-amount amount"><bdi>3&nbsp;500&nbsp;<span
class="woocommerce-Price-currencySymbol">CFA</span></bdi></span></del>
<ins><span class="woocommerce-Price-amount amount">
<bdi>2&nbsp;900&nbsp;<span class="woocommerce-Price-currencySymbol">CFA</span></bdi></span></ins></p>
<p class="stock in-stock">12 en stock</p><form class="cart"><button type="submit" name="add-to-cart" value="7"
class="single_add_to_cart_button button alt">Ajouter au panier</button></form>
<div class="product_meta"><span class="sku_wrapper">UGS : <span class="sku">SAV-12</span></span></div></div>
<section class="related products"><ul class="products"><li class="product"><a href="/a"><h2>Beurre</h2>
<span class="price">1&nbsp;000&nbsp;CFA</span></a></li></ul></section></div></body></html>"""

WOOCOMMERCE_VARIABLE = """<!doctype html><html lang="en-GB"><head><title>Wax skirt</title>
<script type="application/ld+json">{"@context":"https://schema.org/","@graph":[{"@type":"BreadcrumbList",
"itemListElement":[]},{"@type":"Product","name":"Wax skirt","sku":"WS","description":"Six yards &amp; a belt",
"offers":[{"@type":"AggregateOffer","lowPrice":"30.00","highPrice":"45.00","offerCount":2,"priceCurrency":"GBP",
"availability":"http://schema.org/InStock"}]}]}</script></head><body><h1 class="product_title">Wax skirt</h1>
<p class="price">£30.00 – £45.00</p><form class="variations_form cart" data-product_variations="[
{&quot;attributes&quot;:{&quot;attribute_pa_size&quot;:&quot;m&quot;},&quot;display_price&quot;:30,&quot;is_in_stock&quot;:true,
&quot;sku&quot;:&quot;WS-M&quot;,&quot;image&quot;:{&quot;full_src&quot;:&quot;https://shop.example/m.jpg&quot;}},
{&quot;attributes&quot;:{&quot;attribute_pa_size&quot;:&quot;xl&quot;},&quot;display_price&quot;:45,&quot;is_in_stock&quot;:false,
&quot;sku&quot;:&quot;WS-XL&quot;}]"><button class="single_add_to_cart_button button alt disabled">Add to cart</button>
</form></body></html>"""

PRESTASHOP_OLD = """<!doctype html><html lang="fr-FR"><head><title>Théière émaillée</title></head><body>
<div itemscope itemtype="https://schema.org/Product"><h1 itemprop="name">Théière émaillée</h1>
<p id="product_reference">Référence : <span itemprop="sku">THE-3</span></p>
<div itemprop="offers" itemscope itemtype="https://schema.org/Offer"><link itemprop="availability"
href="https://schema.org/InStock"><span class="our_price_display"><span id="our_price_display" itemprop="price"
content="15">15,00 €</span><meta itemprop="priceCurrency" content="EUR"></span> TTC
<p id="old_price"><span id="old_price_display">19,00 €</span></p></div>
<p id="add_to_cart"><button type="submit">Ajouter au panier</button></p></div></body></html>"""

MAGENTO = """<!doctype html><html lang="pl"><head><title>Dzbanek gliniany - Garncarnia</title>
<meta property="og:type" content="product"><meta property="og:title" content="Dzbanek gliniany">
<meta property="product:price:amount" content="71.91">
<meta property="product:price:currency" content="pln"></head><body>
<h1 class="page-title"><span class="base" itemprop="name">Dzbanek gliniany</span></h1>
<div class="product-info-price"><span class="special-price"><span class="price-wrapper" data-price-amount="71.91"
data-price-type="finalPrice"><span class="price">71,91&nbsp;zł</span></span></span><span class="old-price"><span
class="price-wrapper" data-price-type="oldPrice"><span class="price">89,90&nbsp;zł</span></span></span></div>
<div class="stock available"><span>Dostępny</span></div>
<button id="product-addtocart-button" class="action primary tocart"><span>Dodaj do koszyka</span></button>
<script type="text/x-magento-init">{"[data-role=swatch-options]":{"Magento_Swatches/js/swatch-renderer":{"jsonConfig":
{"attributes":{"93":{"id":"93","code":"color","label":"Kolor","options":[{"id":"1","label":"Ochra","products":["41"]},
{"id":"2","label":"Grafit","products":["42"]}]}},"optionPrices":{"41":{"finalPrice":{"amount":71.91}},
"42":{"finalPrice":{"amount":79.5}}}}}}}</script></body></html>"""

SQUARESPACE = """<!doctype html><html lang="en-US"><head><title>Raffia hat — Tana Hats</title>
<meta property="og:site_name" content="Tana Hats">
<meta property="og:title" content="Raffia hat — Tana Hats"></head><body>
<h1 class="ProductItem-details-title">Raffia hat</h1><div class="product-price">$38.00</div>
<div class="product-variants" data-variants="[{&quot;attributes&quot;:{&quot;Size&quot;:&quot;58&quot;},
&quot;price&quot;:4500,
&quot;salePrice&quot;:3800,&quot;onSale&quot;:true,&quot;priceMoney&quot;:{&quot;currency&quot;:&quot;USD&quot;,&quot;value&quot;:&quot;45.00&quot;},
&quot;unlimited&quot;:false,&quot;qtyInStock&quot;:3,&quot;sku&quot;:&quot;H58&quot;}]"></div>
<div class="sqs-add-to-cart-button" role="button">Add To Cart</div></body></html>"""

NEXT = """<!doctype html><html lang="en"><head><title>Solar lamp | Jiro</title>
<meta property="og:site_name" content="Jiro">
</head><body><div id="__next"><h1>Solar lamp</h1></div><script id="__NEXT_DATA__" type="application/json">{"props":
{"pageProps":{"product":{"name":"Solar lamp","sku":"SL9","price":{"amount":"45000","currencyCode":"MGA"}},
"recommended":[{"name":"Torch","price":{"amount":"9000","currencyCode":"MGA"}}]}}}</script></body></html>"""

GRID = """<!doctype html><html lang="fr"><head><title>Robes | Teranga</title></head><body><h1>Robes</h1>
<div class="grid">{}</div></body></html>""".format(
    "".join(
        f'<article class="tile"><a href="/p/{n}"><img src="/i/{n}.jpg" alt=""><h3>Robe {name}</h3></a>'
        f'<div class="prix">{12 + n} 500 FCFA</div></article>'
        for n, name in enumerate(("lin", "wax", "bazin", "voile", "coton", "soie"))
    )
)
