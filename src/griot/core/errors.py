"""The one family of errors. The message is for the person who can act, next step included."""


class GriotError(Exception):
    """Anything that Griot itself refuses or cannot do."""

    status = 500


class ConfigurationError(GriotError):
    """A setting is missing or contradicts another one."""


class InvalidInput(GriotError):
    """What came in breaks a documented rule; the message says which and how to mend it."""

    status = 422


class NotFound(GriotError):
    """The thing asked for does not exist in this shop."""

    status = 404


class Conflict(GriotError):
    """The request was right a moment ago, and is not now."""

    status = 409


class Unauthenticated(GriotError):
    """Nobody is known to be asking: log in, or send a token that is still good."""

    status = 401


class Forbidden(GriotError):
    """Who asks is known, and may not do this here."""

    status = 403


class TooManyRequests(GriotError):
    """The same was tried too often; ``retry_after`` is in seconds."""

    status = 429

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class SignatureMismatch(GriotError):
    """The bytes were not signed with the key we share."""

    status = 401


class FarEndError(GriotError):
    """A channel, provider or model answered with an error, or not at all.

    ``retry`` says whether the same request may succeed later; ``ambiguous`` that it may have been carried out.
    """

    status = 502

    def __init__(self, message: str, *, retry: bool = False, ambiguous: bool = False) -> None:
        super().__init__(message)
        self.retry = retry
        self.ambiguous = ambiguous
