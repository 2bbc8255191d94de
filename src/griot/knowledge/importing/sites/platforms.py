"""Which program runs a shop: by what its pages load and its answers' headers say."""

import re

from griot.knowledge.importing.fetching.fetcher import Fetched

_LOOKED_AT = 400_000  # bytes of the page

# Surest first: a Shopify page may mention WooCommerce in an article, but only Shopify's own load its scripts.
_MARKS: tuple[tuple[str, re.Pattern[bytes]], ...] = (
    ("shopify", re.compile(rb"(?i)cdn\.shopify\.com/|Shopify\.(?:theme|shop|currency)\b|/cdn/shop/")),
    ("squarespace", re.compile(rb"(?i)static1\.squarespace\.com|Static\.SQUARESPACE_CONTEXT|<!-- This is Squarespace")),
    ("wix", re.compile(rb"(?i)static\.(?:wixstatic|parastorage)\.com|content=\"Wix\.com")),
    ("big-cartel", re.compile(rb"(?i)assets\.bigcartel\.com|content=\"Big Cartel|\.bigcartel\.(?:com|biz)/")),
    ("salla", re.compile(rb"(?i)cdn\.(?:assets\.)?salla\.(?:sa|network)|salla\.init\b")),
    ("zid", re.compile(rb"(?i)media\.zid\.store|assets\.zid\.store|cdn\.zid\.store")),
    ("ecwid", re.compile(rb"(?i)app\.ecwid\.com|ecwid\.com/script")),
    ("jumia", re.compile(rb"(?i)\bjumia\.is/|window\.__STORE__\s*=")),
    ("prestashop", re.compile(rb"(?i)\bvar prestashop\b|content=\"PrestaShop|/modules/ps_|id=\"prestashop")),
    ("magento", re.compile(rb"(?i)text/x-magento-init|\bMagento_[A-Z]|/static/version\d+/frontend/|data-mage-init")),
    ("woocommerce", re.compile(rb"(?i)/plugins/woocommerce/|\bwc-block-|woocommerce-page|content=\"WooCommerce")),
)  # fmt: skip
_HEADERS = (
    ("shopify", ("x-shopid", "x-shopify-stage", "x-sorting-hat-shopid")),
    ("wix", ("x-wix-request-id",)),
    ("magento", ("x-magento-tags", "x-magento-cache-debug")),
)


def platform_of(answer: Fetched) -> str | None:
    """The program behind a page, or None where nothing tells."""
    said = answer.headers or {}
    for name, headers in _HEADERS:
        if any(header in said for header in headers):
            return name
    server = f"{answer.header('server')} {answer.header('powered-by')} {answer.header('x-powered-by')}".lower()
    for name in ("shopify", "squarespace"):
        if name in server:
            return name
    start = answer.body[:_LOOKED_AT]
    return next((name for name, mark in _MARKS if mark.search(start)), None)
