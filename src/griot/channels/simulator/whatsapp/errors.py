"""WhatsApp's error codes, with the HTTP status and the body each one comes with."""

from typing import Any, NamedTuple

from griot.channels.simulator import errors

DOCUMENTATION = "https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes"


class GraphCode(NamedTuple):
    status: int  # HTTP, when the code answers a request
    title: str
    details: str


CODES: dict[int, GraphCode] = {
    0: GraphCode(401, "AuthException", "We were unable to authenticate the app user."),
    1: GraphCode(500, "API Unknown", "Invalid request or possible server error."),
    2: GraphCode(503, "API Service", "Temporary due to downtime or due to being overloaded."),
    3: GraphCode(500, "API Method", "Capability or permissions issue."),
    4: GraphCode(400, "API Too Many Calls", "The app has reached its API call rate limit."),
    10: GraphCode(403, "Permission Denied", "Permission is either not granted or has been removed."),
    33: GraphCode(400, "Parameter value is not valid", "The business phone number has been deleted."),
    100: GraphCode(400, "Invalid parameter", "The request included one or more unsupported or misspelled parameters."),
    190: GraphCode(401, "Access token has expired", "Your access token has expired."),
    200: GraphCode(403, "API Permission", "Permission is either not granted or has been removed."),
    368: GraphCode(403, "Temporarily blocked for policies violations", "The account has been restricted or disabled."),
    613: GraphCode(400, "Calls to this API have exceeded the rate limit", "Try again later."),
    80007: GraphCode(400, "Rate limit issues", "The WhatsApp Business Account has reached its rate limit."),
    130429: GraphCode(400, "Rate limit hit", "Cloud API message throughput has been reached."),
    130472: GraphCode(400, "User's number is part of an experiment", "Message was not sent as part of an experiment."),
    130497: GraphCode(403, "Business account is restricted", "Messaging users in this country is restricted."),
    131000: GraphCode(500, "Something went wrong", "Message failed to send due to an unknown error."),
    131005: GraphCode(403, "Access denied", "Permission is either not granted or has been removed."),
    131008: GraphCode(400, "Required parameter is missing", "The request is missing a required parameter."),
    131009: GraphCode(400, "Parameter value is not valid", "One or more parameter values are invalid."),
    131016: GraphCode(500, "Service unavailable", "A service is temporarily unavailable."),
    131021: GraphCode(400, "Recipient cannot be sender", "Sender and recipient phone number is the same."),
    131026: GraphCode(400, "Message undeliverable", "Unable to deliver message."),
    131031: GraphCode(403, "Account has been locked", "The account has been restricted or disabled."),
    131037: GraphCode(400, "Display name approval needed", "The number has no approved display name."),
    131042: GraphCode(400, "Business eligibility payment issue", "There was an error related to your payment method."),
    131045: GraphCode(500, "Incorrect certificate", "Message failed due to a phone number registration error."),
    131047: GraphCode(
        400,
        "Re-engagement message",
        "Message failed to send because more than 24 hours have passed since the customer last replied to this number.",
    ),
    131048: GraphCode(400, "Spam rate limit hit", "Message failed: restrictions on how many messages may be sent."),
    131049: GraphCode(
        400,
        "This message was not delivered to maintain healthy ecosystem engagement.",
        "In order to maintain a healthy ecosystem engagement, the message failed to be delivered.",
    ),
    131050: GraphCode(400, "User has stopped marketing messages", "The recipient stopped your marketing messages."),
    131051: GraphCode(400, "Unsupported message type", "Message type is currently not supported."),
    131052: GraphCode(400, "Media download error", "Unable to download the media sent by the user."),
    131053: GraphCode(400, "Media upload error", "Unable to upload the media used in the message."),
    131056: GraphCode(
        400,
        "(Business Account, Consumer Account) pair rate limit hit",
        "Message failed to send because there were too many messages sent from this phone number to the same phone "
        "number in a short period of time.",
    ),
    131057: GraphCode(500, "Account in maintenance mode", "Business Account is in maintenance mode."),
    131062: GraphCode(
        400,
        "Recipient not supported",
        "Business-scoped User ID (BSUID) recipients are not supported for this message.",
    ),
    132000: GraphCode(400, "Number of parameters does not match the expected number of params", "See the template."),
    132001: GraphCode(404, "Template name does not exist in the translation", "The template is not approved."),
    132005: GraphCode(400, "Translated text too long", "The translated text is too long."),
    132007: GraphCode(400, "Template format character policy violated", "Template content violates a policy."),
    132012: GraphCode(400, "Parameter format does not match format in the created template", "See the template."),
    132015: GraphCode(400, "Template is paused", "The template is paused due to low quality."),
    132016: GraphCode(400, "Template is disabled", "The template has been paused too many times."),
    132068: GraphCode(400, "Flow is in blocked state", "Flow is in blocked state."),
    132069: GraphCode(400, "Flow is in throttled state", "10 messages using this flow were sent in the last hour."),
    133004: GraphCode(503, "Server temporarily unavailable", "Server is temporarily unavailable."),
    133010: GraphCode(400, "Phone number not registered", "The number is not registered on the platform."),
    135000: GraphCode(400, "Generic user error", "Message failed due to an unknown error with your parameters."),
}
UNKNOWN = GraphCode(400, "Generic user error", "Message failed due to an unknown error with your parameters.")


class Refused(errors.Refused):
    """A refusal by code. ``details`` overrides the code's own, ``message`` the whole line."""

    def __init__(self, code: int, details: str | None = None, *, message: str | None = None) -> None:
        known = CODES.get(code, UNKNOWN)
        data = {"messaging_product": "whatsapp", "details": details or known.details}
        super().__init__(known.status, code, message or f"(#{code}) {known.title}", error_data=data)


def missing(path: str) -> Refused:
    """A required field is absent; Meta names it in the message line."""
    sentence = f"The parameter {path} is required."
    return Refused(100, sentence, message=f"(#100) {sentence}")


def wrong(sentence: str) -> Refused:
    """A field has the wrong type, length or value; Meta says so in the message line."""
    return Refused(100, sentence, message=f"(#100) {sentence}")


def invalid(details: str) -> Refused:
    """A value that breaks a limit of interactive messages, a phone number, …: 131009 with the rule in the details."""
    return Refused(131009, details)


def status_error(code: int, details: str | None = None) -> dict[str, Any]:
    """The error inside a ``failed`` status webhook."""
    known = CODES.get(code, UNKNOWN)
    return {
        "code": code,
        "title": known.title,
        "message": known.title,
        "error_data": {"details": details or known.details},
        "href": DOCUMENTATION,
    }
