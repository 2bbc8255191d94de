"""The error codes of the Send API of Instagram and Messenger, beside those of every Graph API."""

from griot.channels.errors import ErrorClass
from griot.channels.meta.errors import Refusals

_WINDOW_CLOSED = (2018278, 2534022)  # of code 10: no message of the person within 24 hours
_PAGE_RESTRICTED = 1893063  # of code 10: for a time
_NO_SUCH_PERSON = (2018001, 2534014)  # of code 100
_NO_PRIVATE_REPLY = 2534025  # of code 100: too late, or not the first
_UNREACHABLE = (1545041, 2018108, 2018109)  # blocked us, or left


def refusals(name: str) -> Refusals:
    """What the refusals of a channel of this name mean."""
    return Refusals(
        name,
        {
            ErrorClass.RETRY: (1200,),
            ErrorClass.SLOW_DOWN: (17, 32, 80002, 80006),
            ErrorClass.FINAL: (551, 10900, 10901, 10902, 10903),  # gone; a comment that cannot be answered (any more)
        },
        {
            ErrorClass.FINAL: (*_WINDOW_CLOSED, *_NO_SUCH_PERSON, *_UNREACHABLE, _NO_PRIVATE_REPLY),
            ErrorClass.ACCOUNT: (_PAGE_RESTRICTED,),
        },
    )
