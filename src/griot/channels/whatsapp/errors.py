"""WhatsApp's own error codes, beside those of every Graph API."""

import re

from griot.channels.errors import ErrorClass
from griot.channels.meta.errors import Refusals

PAIR_RATE = 131056  # too many messages to this one buyer: back off 4^n seconds
_MEDIA_CODES = frozenset({131052, 131053})
# Meta fetches linked media itself; this sentence says the fault was, for a moment, the file's own server
_FETCH_FAILED = re.compile(r"http code (5\d\d|429)|time(d )?-?out", re.IGNORECASE)


class WhatsAppRefusals(Refusals):
    """Media that Meta could not fetch may be there a moment later."""

    def classify(
        self, code: int | None, details: str = "", http_status: int | None = None, subcode: int | None = None
    ) -> ErrorClass:
        if code in _MEDIA_CODES and _FETCH_FAILED.search(details):
            return ErrorClass.RETRY
        return super().classify(code, details, http_status)  # sub-codes are deprecated here since v16


REFUSALS = WhatsAppRefusals(
    "WhatsApp",
    {
        ErrorClass.RETRY: (131000, 131016, 133004),
        ErrorClass.SLOW_DOWN: (130429, 131048, PAIR_RATE, 131057),
        ErrorClass.LATER: (131049,),
        ErrorClass.ACCOUNT: (131005,),
        ErrorClass.REQUEST: (
            *(131008, 131009, 131021, 131051, 131052, 131053, 131062),
            *(132000, 132001, 132005, 132007, 132012, 135000),
        ),
        ErrorClass.FINAL: (
            *(131047, 131050, 130472, 131026, 131031, 130497, 131037, 131042, 131045),
            *(132015, 132016, 132068, 132069, 133010),
        ),
    },
    pair=frozenset({PAIR_RATE}),
)
