"""What a channel's refusal means for the message that was refused."""

from enum import StrEnum

from griot.core.errors import FarEndError


class ErrorClass(StrEnum):
    RETRY = "retry"  # the same request may pass in a moment
    SLOW_DOWN = "slow_down"  # the number or the pair is over its rate
    LATER = "later"  # once more, in a day
    ACCOUNT = "account"  # token, permission or account: the shop must act, the message waits
    REQUEST = "request"  # our request is wrong: never again as it is
    FINAL = "final"  # will never be delivered


class ChannelError(FarEndError):
    """A send that the channel refused, or that got no answer (``ambiguous``: it may have been accepted)."""

    def __init__(
        self,
        message: str,
        kind: ErrorClass,
        *,
        code: int | None = None,
        subcode: int | None = None,
        pair: bool = False,
        ambiguous: bool = False,
    ) -> None:
        super().__init__(message, retry=kind in (ErrorClass.RETRY, ErrorClass.SLOW_DOWN), ambiguous=ambiguous)
        self.kind = kind
        self.code = code
        self.subcode = subcode
        self.pair = pair  # the limit is this buyer's, not the number's
