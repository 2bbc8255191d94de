"""Articles and pages of invented shops, for the tests of walks over sites."""

import json
from typing import Any


def page(title: str, price: str | None, currency: str = "XOF", *, sku: str = "", head: str = "", body: str = "") -> str:
    """A product's page with JSON-LD."""
    product: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": title,
        "description": f"{title}, faite main.",
    }
    if sku:
        product["sku"] = sku
    if price:
        product["offers"] = {
            "@type": "Offer",
            "price": price,
            "priceCurrency": currency,
            "availability": "https://schema.org/InStock",
        }
    return (
        f'<!doctype html><html lang="fr"><head><title>{title} – Kadia</title>'
        '<meta property="og:type" content="product">'
        f'<script type="application/ld+json">{json.dumps(product)}</script>{head}</head><body><h1>{title}</h1>'
        f"<p>{price or ''} {currency}</p><button>Ajouter au panier</button>{body}</body></html>"
    )  # fmt: skip


def front(mark: str = "", links: tuple[str, ...] = (), body_class: str = "") -> str:
    """A page that sells nothing itself."""
    anchors = "".join(f'<a href="{link}">Voir {at}</a>' for at, link in enumerate(links))
    return (
        f'<!doctype html><html lang="fr"><head><title>Kadia</title>{mark}</head><body class="{body_class}">'
        f"<h1>Bienvenue</h1><p>Bonjour.</p>{anchors}</body></html>"
    )


def cards(articles: list[tuple[str, str, str]], following: str = "", currency: str = "F CFA") -> str:
    """A list of (title, price, address), as categories show it."""
    rows = "".join(
        f'<li class="card"><a href="{url}"><img src="/i/{at}.jpg" alt=""></a><h3><a href="{url}">{title}</a></h3>'
        f'<span class="price">{price} {currency}</span></li>'
        for at, (title, price, url) in enumerate(articles)
    )
    more = f'<a rel="next" href="{following}">Suivant</a>' if following else ""
    return (
        '<!doctype html><html lang="fr"><head><title>Robes – Kadia</title></head><body>'
        '<nav><a href="/contact">Contact</a></nav>'
        f'<main><h1>Robes</h1><ul class="products">{rows}</ul>{more}</main></body></html>'
    )


def shopify(number: int, price: str = "15000.00") -> dict[str, Any]:
    return {
        "id": 1000 + number, "title": f"Robe {number}", "handle": f"robe-{number}", "body_html": "<p>Coton</p>",
        "vendor": "Kadia", "product_type": "Robes", "tags": [], "options": [{"name": "Taille", "values": ["S"]}],
        "variants": [{"id": number, "title": "S",
                      "option1": "S", "sku": f"R{number}-S", "available": True, "price": price}],
        "images": [{"src": f"https://cdn.example.com/{number}.jpg"}],
    }  # fmt: skip


def woo(number: int, **more: Any) -> dict[str, Any]:
    prices = {
        "price": "1500000", "regular_price": "1500000", "currency_code": "XOF", "currency_minor_unit": 2,
        "price_range": None,
    }  # fmt: skip
    return {
        "id": number, "name": f"Sac &#8211; {number}", "slug": f"sac-{number}", "type": "simple",
        "permalink": f"http://kadia.sn/produit/sac-{number}/", "sku": f"SAC{number}", "prices": prices,
        "images": [{"src": f"http://kadia.sn/{number}.jpg"}], "is_in_stock": True, "categories": [{"name": "Sacs"}],
        "variations": [], **more,
    }  # fmt: skip


def urlset(*urls: str) -> str:
    entries = "".join(
        f"<url><loc>{url}</loc><image:image><image:loc>{url}.jpg</image:loc></image:image></url>" for url in urls
    )
    return (
        '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        f' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">{entries}</urlset>'
    )


def sitemap_index(*urls: str) -> str:
    entries = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls)
    opening = '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return f'<?xml version="1.0"?>{opening}{entries}</sitemapindex>'
