"""What keeps the payment page honest: response headers, and a form that only our own page can send."""

import secrets
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from griot.core.crypto import Keyring
from griot.core.errors import SignatureMismatch

COOKIE = "griot_pay"


def new_nonce() -> str:
    """Marks the page's own style and script, new for every response."""
    return secrets.token_urlsafe(12)


def add_headers(response: Response, nonce: str, *, pays_at: str = "", logo: str | None = None) -> None:
    """Only the shop's logo is loaded from elsewhere; nothing is framed, cached, or told where the buyer came from.

    ``pays_at`` is the origin of the provider's page: browsers hold the redirect after a form against ``form-action``.
    """
    where = urlsplit(logo or "")
    image = f"img-src {where.scheme}://{where.netloc};" if logo else ""
    response.headers.update(
        {
            "Content-Security-Policy": (
                f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; {image}"
                f" form-action 'self' https: {pays_at}; base-uri 'none'; frame-ancestors 'none'"
            ),
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "X-Robots-Tag": "noindex, nofollow",
        }
    )


def browser_of(request: Request) -> str:
    """The random mark of this browser: the one it has, or a new one. Kept, so that two open pages both work."""
    known = request.cookies.get(COOKIE, "")
    return known if 20 <= len(known) <= 64 else secrets.token_urlsafe(18)


def remember(response: Response, browser: str, path: str, *, secure: bool) -> None:
    """Give the browser its mark; no script can read it and no other site's form sends it."""
    response.set_cookie(COOKIE, browser, path=path, secure=secure, httponly=True, samesite="lax")


def form_token(keyring: Keyring, link: str, browser: str) -> str:
    """The hidden field of a form: ours, for this link, in this browser."""
    return keyring.sign("payment form", f"{link} {browser}")


def check_form(keyring: Keyring, request: Request, link: str, given: str) -> None:
    """Raise ``SignatureMismatch`` unless the form came from a page that we gave to this very browser."""
    browser = request.cookies.get(COOKIE, "")
    if not browser:
        raise SignatureMismatch("The form came without the cookie of the page.")
    keyring.verify("payment form", f"{link} {browser}", given)
