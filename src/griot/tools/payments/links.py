"""Payment links, and the references under which providers know our payments.

``{public_url}/p/{token}``: see core/links.py. How long a link lives is the order's business: an extended hold extends
the link that was sent.
"""

import secrets
import string

from griot.core import links
from griot.core.crypto import Keyring
from griot.core.errors import NotFound

_PURPOSE = "pay"
_TAIL = string.digits + string.ascii_lowercase

NO_ORDER = 0  # in the reference of a test payment: no order has this number


def pay_url(keyring: Keyring, public_url: str, shop_id: int, order_id: int) -> str:
    """The address of an order's payment page."""
    return f"{public_url.rstrip('/')}/p/{make_token(keyring, shop_id, order_id)}"


def make_token(keyring: Keyring, shop_id: int, order_id: int) -> str:
    """The secret part of the link."""
    return links.make_token(keyring, _PURPOSE, shop_id, order_id)


def read_token(keyring: Keyring, token: str) -> tuple[int, int]:
    """Shop and order behind a token; raises as ``core.links.read_token``."""
    return links.read_token(keyring, _PURPOSE, token)


def new_reference(shop_id: int, order_id: int) -> str:
    """Our name for one attempt to pay, such as ``G1-2S-K3J5H2QW``: letters and digits that every provider takes."""
    tail = "".join(secrets.choice(_TAIL) for _ in range(8))
    return f"G{links.base36(shop_id)}-{links.base36(order_id)}-{tail}".upper()


def shop_of(reference: str) -> int:
    """The shop that a reference of ours belongs to. Raises ``NotFound`` when it is not one of ours."""
    parts = reference.split("-")
    if len(parts) != 3 or not parts[0].startswith("G"):
        raise NotFound("This reference is not one of ours.")
    return links.number(parts[0][1:].lower())


def is_trial(reference: str) -> bool:
    """Whether a reference of ours is that of a test payment."""
    return reference.split("-")[1:2] == [links.base36(NO_ORDER)]
