"""A payment link leads to one order, and nobody can make or change one."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from griot.core.crypto import Keyring
from griot.core.errors import NotFound, SignatureMismatch
from griot.core.links import base36
from griot.tools.payments.links import make_token, new_reference, pay_url, read_token, shop_of

KEYS = Keyring("a secret of the installation")
IDS = st.integers(min_value=1, max_value=2**63 - 1)


@given(shop=IDS, order=IDS)
def test_a_link_leads_back_to_its_order(shop: int, order: int) -> None:
    assert read_token(KEYS, make_token(KEYS, shop, order)) == (shop, order)


@given(number=st.integers(min_value=0, max_value=2**63 - 1))
def test_base_36_is_what_python_reads(number: int) -> None:
    assert int(base36(number), 36) == number


def test_a_link_is_short_and_ends_where_messengers_expect() -> None:
    url = pay_url(KEYS, "https://pay.example/", 12, 34567)
    assert re.fullmatch(r"https://pay\.example/p/[\w-]{22}c-qo7", url)


@given(shop=IDS, order=IDS, where=st.integers(0, 60), letter=st.sampled_from("0aZ_-é"))
def test_a_changed_link_opens_nothing(shop: int, order: int, where: int, letter: str) -> None:
    token = make_token(KEYS, shop, order)
    changed = token[: where % len(token)] + letter + token[where % len(token) + 1 :]
    if changed != token:
        with pytest.raises((SignatureMismatch, NotFound)):
            read_token(KEYS, changed)


def test_the_signature_of_one_order_does_not_open_the_next() -> None:
    token = make_token(KEYS, 1, 100)
    with pytest.raises(SignatureMismatch):
        read_token(KEYS, token[:22] + "1-" + base36(101))


def test_another_installations_link_opens_nothing() -> None:
    with pytest.raises(SignatureMismatch):
        read_token(Keyring("another secret"), make_token(KEYS, 1, 100))


@pytest.mark.parametrize("token", ["", "abc", "x" * 22, "x" * 22 + "1", "x" * 22 + "1-", "x" * 22 + "-1", "x" * 5000])
def test_what_is_no_link_is_not_found(token: str) -> None:
    with pytest.raises(NotFound):
        read_token(KEYS, token)


@given(shop=IDS, order=IDS)
def test_a_reference_names_its_shop_and_fits_every_provider(shop: int, order: int) -> None:
    reference = new_reference(shop, order)
    assert shop_of(reference) == shop
    assert re.fullmatch(r"[A-Z0-9-]+", reference)


def test_a_reference_stays_short_enough_for_the_strictest_provider() -> None:
    assert len(new_reference(36**5, 36**8)) <= 30


def test_two_attempts_never_share_a_reference() -> None:
    assert len({new_reference(1, 1) for _ in range(1000)}) == 1000


@pytest.mark.parametrize("reference", ["", "G1", "G1-2", "X1-2-ABC", "G-2-ABC", "G1-2-3-4", "Gé-2-ABC", "order 7"])
def test_a_foreign_reference_belongs_to_no_shop(reference: str) -> None:
    with pytest.raises(NotFound):
        shop_of(reference)
