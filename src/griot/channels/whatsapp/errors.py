"""Meta's error codes and network failures, told as what they mean for the message.

Throttling is HTTP 400 with a code; titles and messages change, so only codes and, where they decide, details are read.
"""

import re
from typing import Any

import httpx

from griot.channels.errors import ChannelError, ErrorClass
from griot.channels.tolerant import as_object, as_text, as_whole

PAIR_RATE = 131056  # too many messages to this one buyer: back off 4^n seconds
_CODES: dict[ErrorClass, frozenset[int]] = {
    ErrorClass.RETRY: frozenset({1, 2, 131000, 131016, 133004}),
    ErrorClass.SLOW_DOWN: frozenset({4, 613, 80007, 130429, 131048, PAIR_RATE, 131057}),
    ErrorClass.LATER: frozenset({131049}),
    ErrorClass.ACCOUNT: frozenset({0, 3, 10, 190, *range(200, 300), 131005}),
    ErrorClass.REQUEST: frozenset(
        {
            *(33, 100, 131008, 131009, 131021, 131051, 131052, 131053, 131062),
            *(132000, 132001, 132005, 132007, 132012, 135000),
        }
    ),
    ErrorClass.FINAL: frozenset(
        {
            *(131047, 131050, 130472, 131026, 131031, 368, 130497, 131037, 131042, 131045),
            *(132015, 132016, 132068, 132069, 133010),
        }
    ),
}
_CLASS_OF = {code: kind for kind, codes in _CODES.items() for code in codes}

_MEDIA_CODES = frozenset({131052, 131053})
# Meta fetches linked media itself; this sentence says the fault was, for a moment, the file's own server
_FETCH_FAILED = re.compile(r"http code (5\d\d|429)|time(d )?-?out", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"\+?\d[\d ().-]{5,}\d")
_NOT_WRITTEN = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_NEVER_WRITTEN = (httpx.UnsupportedProtocol, httpx.LocalProtocolError)


def classify(code: int | None, details: str = "", http_status: int | None = None) -> ErrorClass:
    """What an error means, from an answer or (without ``http_status``) from the errors of a failed status."""
    if code in _MEDIA_CODES and _FETCH_FAILED.search(details):
        return ErrorClass.RETRY
    if code in _CLASS_OF:
        return _CLASS_OF[code]
    if http_status is None:
        return ErrorClass.FINAL
    if http_status >= 500:
        return ErrorClass.RETRY
    if http_status == 429:
        return ErrorClass.SLOW_DOWN
    return ErrorClass.ACCOUNT if http_status in (401, 403) else ErrorClass.REQUEST


def refused(http_status: int, answer: object) -> ChannelError:
    """The error of an answer that is not a success; ``answer`` is its decoded body, or anything when there is none."""
    error = as_object(as_object(answer).get("error"))
    code = as_whole(error.get("code"))
    details = as_text(as_object(error.get("error_data")).get("details")) or ""
    said = details or as_text(error.get("message")) or "no explanation"
    return ChannelError(
        f"WhatsApp refused the request (HTTP {http_status}, code {code}): {without_numbers(said)}",
        classify(code, details, http_status),
        code=code,
        pair=code == PAIR_RATE,
        ambiguous=code is None and http_status >= 500,
    )


def unanswered(failure: httpx.HTTPError) -> ChannelError:
    """The error of a request that got no answer; its own words are left out, they may quote headers."""
    name = type(failure).__name__
    if isinstance(failure, _NEVER_WRITTEN):
        return ChannelError(f"The request to WhatsApp could not be written ({name}).", ErrorClass.REQUEST)
    if isinstance(failure, _NOT_WRITTEN):
        return ChannelError(f"WhatsApp could not be reached ({name}).", ErrorClass.RETRY)
    return ChannelError(f"WhatsApp did not answer ({name}).", ErrorClass.RETRY, ambiguous=True)


def incomprehensible(answer: Any) -> ChannelError:
    """The error of a success without the id it should hold: the message may well be on its way."""
    return ChannelError(
        f"WhatsApp's answer holds no id (it is a {type(answer).__name__}).", ErrorClass.RETRY, ambiguous=True
    )


def without_numbers(text: str) -> str:
    """Meta's words without anything that could be a phone number."""
    return _LONG_NUMBER.sub("…", text)
