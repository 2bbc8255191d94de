"""Meta's error codes and network failures, told as what they mean for the message.

Throttling is HTTP 400 with a code; titles and messages change, so only codes, sub-codes and, where they decide, details
are read. What every Graph API answers is here; what one channel answers is in its own ``errors``.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import httpx

from griot.channels.errors import ChannelError, ErrorClass
from griot.channels.tolerant import as_object, as_text, as_whole

_GRAPH: Mapping[ErrorClass, frozenset[int]] = {
    ErrorClass.RETRY: frozenset({1, 2}),
    ErrorClass.SLOW_DOWN: frozenset({4, 613, 80007}),
    ErrorClass.ACCOUNT: frozenset({0, 3, 10, 190, *range(200, 300)}),
    ErrorClass.REQUEST: frozenset({33, 100}),
    ErrorClass.FINAL: frozenset({368}),
}
_LONG_NUMBER = re.compile(r"\+?\d[\d ().-]{5,}\d")
_NOT_WRITTEN = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
_NEVER_WRITTEN = (httpx.UnsupportedProtocol, httpx.LocalProtocolError)


class Refusals:
    """What the refusals of one channel mean.

    ``codes`` and ``subcodes`` are the channel's own, before those of every Graph API; a sub-code says more than its
    code. ``pair``: the codes of a limit that is one buyer's.
    """

    def __init__(
        self,
        name: str,
        codes: Mapping[ErrorClass, Iterable[int]],
        subcodes: Mapping[ErrorClass, Iterable[int]] | None = None,
        pair: frozenset[int] = frozenset(),
    ) -> None:
        self._name = name
        self._class_of = _by_code(_GRAPH) | _by_code(codes)
        self._class_of_sub = _by_code(subcodes or {})
        self._pair = pair

    def classify(
        self, code: int | None, details: str = "", http_status: int | None = None, subcode: int | None = None
    ) -> ErrorClass:
        """What an error means, from an answer or (without ``http_status``) from the errors of a failed status."""
        if subcode in self._class_of_sub:
            return self._class_of_sub[subcode]
        if code in self._class_of:
            return self._class_of[code]
        if http_status is None:
            return ErrorClass.FINAL
        if http_status >= 500:
            return ErrorClass.RETRY
        if http_status == 429:
            return ErrorClass.SLOW_DOWN
        return ErrorClass.ACCOUNT if http_status in (401, 403) else ErrorClass.REQUEST

    def refused(self, http_status: int, answer: object) -> ChannelError:
        """The error of an answer that is no success; ``answer`` is its decoded body, or anything when there is none."""
        error = as_object(as_object(answer).get("error"))
        code, subcode = as_whole(error.get("code")), as_whole(error.get("error_subcode"))
        details = as_text(as_object(error.get("error_data")).get("details")) or ""
        said = details or as_text(error.get("message")) or "no explanation"
        return ChannelError(
            f"{self._name} refused the request (HTTP {http_status}, code {code}): {without_numbers(said)}",
            self.classify(code, details, http_status, subcode),
            code=code,
            subcode=subcode,
            pair=code in self._pair,
            ambiguous=code is None and http_status >= 500,
        )

    def unanswered(self, failure: httpx.HTTPError) -> ChannelError:
        """The error of a request that got no answer; its own words are left out, they may quote headers."""
        name = type(failure).__name__
        if isinstance(failure, _NEVER_WRITTEN):
            return ChannelError(f"The request to {self._name} could not be written ({name}).", ErrorClass.REQUEST)
        if isinstance(failure, _NOT_WRITTEN):
            return ChannelError(f"{self._name} could not be reached ({name}).", ErrorClass.RETRY)
        return ChannelError(f"{self._name} did not answer ({name}).", ErrorClass.RETRY, ambiguous=True)

    def incomprehensible(self, answer: Any) -> ChannelError:
        """The error of a success without the id it should hold: the message may well be on its way."""
        return ChannelError(
            f"{self._name}'s answer holds no id (it is a {type(answer).__name__}).", ErrorClass.RETRY, ambiguous=True
        )


def without_numbers(text: str) -> str:
    """Meta's words without anything that could be a phone number."""
    return _LONG_NUMBER.sub("…", text)


def _by_code(classes: Mapping[ErrorClass, Iterable[int]]) -> dict[int, ErrorClass]:
    return {code: kind for kind, codes in classes.items() for code in codes}
