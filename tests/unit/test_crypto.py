"""Credentials are unreadable without the key, links cannot be made by anybody else."""

import stat
import string
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from griot.core.crypto import Keyring, keyring
from griot.core.errors import ConfigurationError, SignatureMismatch
from griot.core.settings import Settings

RING = Keyring("a secret of the installation")


@given(st.text())
def test_a_credential_comes_back_and_is_never_stored_twice_alike(credential: str) -> None:
    stored, again = RING.encrypt(credential), RING.encrypt(credential)
    assert RING.decrypt(stored) == credential
    assert RING.decrypt(memoryview(stored)) == credential  # type: ignore[arg-type]  # what psycopg may hand over
    assert stored != again
    if len(credential) > 8:
        assert credential.encode() not in stored


def test_another_key_reads_nothing_and_the_error_says_what_to_do() -> None:
    with pytest.raises(ConfigurationError, match="GRIOT_SECRET_KEY"):
        Keyring("another secret").decrypt(RING.encrypt("token"))


@given(data=st.binary(max_size=200))
def test_bytes_that_we_did_not_write_are_refused(data: bytes) -> None:
    with pytest.raises(ConfigurationError):
        RING.decrypt(data)


@given(text=st.text(), other=st.text())
def test_a_signature_is_good_for_one_text_and_one_purpose(text: str, other: str) -> None:
    signature = RING.sign("pay", text)
    RING.verify("pay", text, signature)
    with pytest.raises(SignatureMismatch):
        RING.verify("refund", text, signature)
    with pytest.raises(SignatureMismatch):
        Keyring("another secret").verify("pay", text, signature)
    if text != other:
        with pytest.raises(SignatureMismatch):
            RING.verify("pay", other, signature)


@given(forged=st.text(max_size=60))
def test_a_guess_of_any_form_is_refused_without_breaking(forged: str) -> None:
    with pytest.raises(SignatureMismatch):
        RING.verify("pay", "1.2", forged)


def test_a_changed_or_shortened_signature_is_refused() -> None:
    signature = RING.sign("pay", "1.2")
    for position, character in enumerate(signature):
        changed = signature[:position] + ("A" if character != "A" else "B") + signature[position + 1 :]
        with pytest.raises(SignatureMismatch):
            RING.verify("pay", "1.2", changed)
    with pytest.raises(SignatureMismatch):
        RING.verify("pay", "1.2", signature[:-1])


def test_a_signature_fits_into_an_address() -> None:
    assert set(RING.sign("pay", "1.2")) <= set(string.ascii_letters + string.digits + "-_")
    assert len(RING.sign("pay", "1.2")) == 22


def test_the_key_is_the_one_that_was_set() -> None:
    config = Settings(secret_key="given")  # type: ignore[arg-type]
    assert keyring(config).sign("pay", "1") == Keyring("given").sign("pay", "1")


def test_without_a_key_one_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    config = Settings(secret_key=None, data_dir=tmp_path / "data")
    with ThreadPoolExecutor(8) as pool:
        signatures = set(pool.map(lambda _: keyring(config).sign("pay", "1"), range(32)))
    assert len(signatures) == 1
    kept = list((tmp_path / "data").iterdir())
    assert [path.name for path in kept] == ["secret_key"]
    assert stat.S_IMODE(kept[0].stat().st_mode) == 0o600
    assert len(kept[0].read_text()) >= 64
