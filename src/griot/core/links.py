"""Secret parts of links: short, unguessable, each naming one row of one shop for one purpose.

A token is 22 characters of HMAC-SHA256 (128 bits), then shop and row in base 36. The signature comes first so that the
link ends in a letter or digit: messengers leave a trailing ``-`` out of a link. How long a link lives is the row's
business, not the token's.
"""

from griot.core.crypto import Keyring
from griot.core.errors import NotFound

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_SIGNATURE = 22
_BIGGEST = 2**63


def make_token(keyring: Keyring, purpose: str, shop_id: int, row_id: int) -> str:
    """The secret part of a link to a row; the same row has the same one."""
    ids = f"{base36(shop_id)}-{base36(row_id)}"
    return keyring.sign(purpose, ids) + ids


def read_token(keyring: Keyring, purpose: str, token: str) -> tuple[int, int]:
    """Shop and row behind a token.

    Raises ``NotFound`` when it is no token at all, ``SignatureMismatch`` when we did not make it for this purpose.
    """
    signature, ids = token[:_SIGNATURE], token[_SIGNATURE:]
    shop, _, row = ids.partition("-")
    numbers = number(shop), number(row)
    keyring.verify(purpose, ids, signature)
    return numbers


def base36(value: int) -> str:
    """A number that is not negative, in base 36."""
    text = ""
    while True:
        value, digit = divmod(value, 36)
        text = _DIGITS[digit] + text
        if value == 0:
            return text


def number(text: str) -> int:
    """What ``base36`` wrote; ``NotFound`` when that is not an id."""
    if not text or len(text) > 13 or not all(char in _DIGITS for char in text) or int(text, 36) >= _BIGGEST:
        raise NotFound("This link is not one of ours.")
    return int(text, 36)
