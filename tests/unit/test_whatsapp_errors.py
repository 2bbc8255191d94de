"""An error code decides what becomes of a message."""

import httpx
import pytest

from griot.channels.errors import ErrorClass
from griot.channels.meta.errors import without_numbers
from griot.channels.whatsapp.errors import REFUSALS


@pytest.mark.parametrize(
    ("codes", "kind"),
    [
        ((1, 2, 131000, 131016, 133004), ErrorClass.RETRY),
        ((4, 613, 80007, 130429, 131048, 131056, 131057), ErrorClass.SLOW_DOWN),
        ((131049,), ErrorClass.LATER),
        ((0, 3, 10, 190, 200, 250, 299, 131005), ErrorClass.ACCOUNT),
        ((33, 100, 131008, 131009, 131021, 131051, 131053, 131062, 132000, 132012, 135000), ErrorClass.REQUEST),
        ((131047, 131050, 130472, 131026, 131031, 368, 131042, 132015, 132069, 133010), ErrorClass.FINAL),
    ],
)
def test_every_known_code_has_its_consequence(codes: tuple[int, ...], kind: ErrorClass) -> None:
    assert {REFUSALS.classify(code, "", 400) for code in codes} == {kind}
    assert {REFUSALS.classify(code) for code in codes} == {kind}


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (None, ErrorClass.FINAL),
        (400, ErrorClass.REQUEST),
        (401, ErrorClass.ACCOUNT),
        (403, ErrorClass.ACCOUNT),
        (429, ErrorClass.SLOW_DOWN),
        (500, ErrorClass.RETRY),
        (503, ErrorClass.RETRY),
    ],
)
def test_without_a_known_code_the_http_status_decides(status: int | None, kind: ErrorClass) -> None:
    assert REFUSALS.classify(999999, "", status) == kind
    assert REFUSALS.classify(None, "", status) == kind


@pytest.mark.parametrize(
    ("details", "kind"),
    [
        ("Downloading media from weblink failed with http code 503, status message ...", ErrorClass.RETRY),
        ("Downloading media from weblink failed with http code 404, status message ...", ErrorClass.REQUEST),
        ("", ErrorClass.REQUEST),
    ],
)
def test_media_is_tried_again_when_its_own_server_had_failed(details: str, kind: ErrorClass) -> None:
    assert REFUSALS.classify(131053, details) == kind


def test_throttling_of_a_pair_is_the_buyers_and_of_a_number_is_not() -> None:
    assert REFUSALS.refused(400, {"error": {"code": 131056}}).pair
    assert not REFUSALS.refused(400, {"error": {"code": 130429}}).pair


def test_a_server_error_without_a_word_may_have_sent_the_message() -> None:
    assert REFUSALS.refused(502, None).ambiguous
    assert REFUSALS.refused(500, {"error": "?"}).ambiguous
    assert not REFUSALS.refused(500, {"error": {"code": 131000}}).ambiguous
    assert not REFUSALS.refused(400, None).ambiguous


@pytest.mark.parametrize(
    ("failure", "kind", "ambiguous"),
    [
        (httpx.ConnectError("x"), ErrorClass.RETRY, False),
        (httpx.ConnectTimeout("x"), ErrorClass.RETRY, False),
        (httpx.PoolTimeout("x"), ErrorClass.RETRY, False),
        (httpx.ReadTimeout("x"), ErrorClass.RETRY, True),
        (httpx.WriteError("x"), ErrorClass.RETRY, True),
        (httpx.RemoteProtocolError("x"), ErrorClass.RETRY, True),
        (httpx.LocalProtocolError("Bearer SECRET"), ErrorClass.REQUEST, False),
    ],
)
def test_only_what_was_written_can_have_been_carried_out(
    failure: httpx.HTTPError, kind: ErrorClass, ambiguous: bool
) -> None:
    error = REFUSALS.unanswered(failure)
    assert (error.kind, error.ambiguous, error.retry) == (kind, ambiguous, kind == ErrorClass.RETRY)
    assert "SECRET" not in str(error)


def test_metas_words_are_kept_without_phone_numbers() -> None:
    assert without_numbers("(#131030) +221 77 000 00 01 is not allowed") == "(#131030) … is not allowed"
