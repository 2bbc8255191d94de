"""Only Meta, who knows the app secret, can make us read a body."""

import hashlib
import hmac

import pytest

from griot.channels.signature import sign, verify

BODY = '{"text":"é\\ud83d\\ude00"}'.encode()


def test_the_signature_is_the_hmac_of_the_raw_bytes() -> None:
    expected = hmac.new(b"secret", BODY, hashlib.sha256).hexdigest()
    assert sign("secret", BODY) == f"sha256={expected}"
    assert verify("secret", BODY, f"sha256={expected}")
    assert verify("secret", BODY, f" SHA256={expected.upper()} ")


@pytest.mark.parametrize(
    "header",
    [None, "", "sha256=", "sha256=00", sign("other", BODY), sign("secret", BODY + b" "), "sha256=é\udcff", "\x00" * 9],
)
def test_anything_else_is_refused_without_an_error(header: str | None) -> None:
    assert not verify("secret", BODY, header)


def test_a_bare_digest_is_no_signature() -> None:
    assert not verify("secret", BODY, sign("secret", BODY).removeprefix("sha256="))


def test_an_unset_secret_verifies_nothing() -> None:
    assert not verify("", BODY, sign("", BODY))
