"""The error codes of the Send API, with the HTTP status and the message each one comes with."""

from typing import Any, NamedTuple

from griot.channels.simulator import errors


class SendCode(NamedTuple):
    status: int  # HTTP
    message: str


OUTSIDE = "This message is sent outside of allowed window."
CODES: dict[tuple[int, int | None], SendCode] = {
    (1, None): SendCode(500, "An unknown error occurred."),
    (2, None): SendCode(500, "An unexpected error has occurred. Please retry your request later."),
    (4, None): SendCode(400, "Application request limit reached"),
    (10, None): SendCode(403, "Application does not have permission for this action"),
    (10, 1893063): SendCode(400, "The Page is restricted from sending messages for a time"),
    (10, 2018278): SendCode(400, OUTSIDE),
    (10, 2534022): SendCode(400, OUTSIDE),
    (100, 2018001): SendCode(400, "No matching user found"),
    (100, 2018034): SendCode(400, "Message cannot be empty, must provide valid attachment or text"),
    (100, 2534014): SendCode(400, "The requested user cannot be found"),
    (100, 2534025): SendCode(400, "The comment is invalid for a private reply"),
    (190, None): SendCode(401, "Error validating access token: the session has expired"),
    (200, None): SendCode(403, "The account has no permission for this action"),
    (230, None): SendCode(403, "User consent is required to access user profile"),
    (368, None): SendCode(403, "The action attempted has been deemed abusive or is otherwise disallowed"),
    (551, 1545041): SendCode(400, "This person isn't available right now."),
    (613, None): SendCode(400, "Calls to this API have exceeded the rate limit."),
    (1200, None): SendCode(400, "Temporary send message failure. Please try again later."),
    (10900, None): SendCode(400, "Activity already replied to"),
    (10902, None): SendCode(400, "This is not a replyable activity"),
}


class Refused(errors.Refused):
    """A refusal by code and sub-code; ``message`` overrides the code's own."""

    def __init__(self, code: int, subcode: int | None = None, message: str | None = None) -> None:
        known = CODES.get((code, subcode)) or CODES.get((code, None)) or SendCode(400, "Invalid parameter")
        about: dict[str, Any] = {"error_subcode": subcode} if subcode else {}
        super().__init__(known.status, code, f"(#{code}) {message or known.message}", **about)


def wrong(message: str) -> Refused:
    """A request that breaks a rule: code 100 with the rule."""
    return Refused(100, message=message)
