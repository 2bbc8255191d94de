"""Payment links: short, unguessable, and tied to one order of one shop.

``{public_url}/p/{token}`` with token = 22 characters of HMAC-SHA256 (128 bits), then shop and order in base 36. The
signature comes first so that the link ends in a letter or digit: messengers leave a trailing ``-`` out of a link.
How long a link lives is the order's business, not the token's: an extended hold extends the link that was sent.
"""

import secrets

from griot.core.crypto import Keyring
from griot.core.errors import NotFound

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_SIGNATURE = 22
_BIGGEST = 2**63


def pay_url(keyring: Keyring, public_url: str, shop_id: int, order_id: int) -> str:
    """The address of an order's payment page."""
    return f"{public_url.rstrip('/')}/p/{make_token(keyring, shop_id, order_id)}"


def make_token(keyring: Keyring, shop_id: int, order_id: int) -> str:
    """The secret part of the link."""
    ids = f"{base36(shop_id)}-{base36(order_id)}"
    return keyring.sign("pay", ids) + ids


def read_token(keyring: Keyring, token: str) -> tuple[int, int]:
    """Shop and order behind a token.

    Raises ``NotFound`` when it is no token at all, ``SignatureMismatch`` when we did not make it.
    """
    signature, ids = token[:_SIGNATURE], token[_SIGNATURE:]
    shop, _, order = ids.partition("-")
    numbers = _number(shop), _number(order)
    keyring.verify("pay", ids, signature)
    return numbers


def new_reference(shop_id: int, order_id: int) -> str:
    """Our name for one attempt to pay, such as ``G1-2S-K3J5H2QW``: letters and digits that every provider takes."""
    tail = "".join(secrets.choice(_DIGITS) for _ in range(8))
    return f"G{base36(shop_id)}-{base36(order_id)}-{tail}".upper()


def shop_of(reference: str) -> int:
    """The shop that a reference of ours belongs to. Raises ``NotFound`` when it is not one of ours."""
    parts = reference.split("-")
    if len(parts) != 3 or not parts[0].startswith("G"):
        raise NotFound("This reference is not one of ours.")
    return _number(parts[0][1:].lower())


def base36(number: int) -> str:
    """A number that is not negative, in base 36."""
    text = ""
    while True:
        number, digit = divmod(number, 36)
        text = _DIGITS[digit] + text
        if number == 0:
            return text


def _number(text: str) -> int:
    if not text or len(text) > 13 or not all(char in _DIGITS for char in text) or int(text, 36) >= _BIGGEST:
        raise NotFound("This link is not one of ours.")
    return int(text, 36)
