"""Why an address is not fetched: one sentence for the merchant, which says what to do."""

from griot.core.errors import GriotError
from griot.knowledge.importing.models import Doubt

EXPORT = "export your articles to a file and send that"  # what a merchant can always do


class FetchError(GriotError):
    """An address is refused, or gives nothing. ``what`` went wrong and what to ``do``, each without a full stop."""

    status = 422

    def __init__(self, what: str, do: str) -> None:
        super().__init__(f"{what}: {do}.")
        self.what = what
        self.do = do

    def doubt(self, where: str) -> Doubt:
        """The same as a doubt about one page of many."""
        return Doubt(where, f"{self.what}.", f"{self.do[:1].upper()}{self.do[1:]}.")


class AddressRefused(FetchError):
    """The address itself, or the network address behind it, is not one of a public shop."""


class RobotsRefused(FetchError):
    """The site's robots.txt asks programs to stay away from the page."""


class TooMuch(FetchError):
    """The answer is larger than what is read, or unfolds to more."""


class Unanswered(FetchError):
    """No answer, or none that can be read, or too slow."""


class Uncertified(Unanswered):
    """The site cannot prove that it is the one it is called: never a reason to ask it without https."""


class BadAnswer(FetchError):
    """The shop answered with an error. ``code``: the HTTP status."""

    def __init__(self, code: int, what: str, do: str) -> None:
        super().__init__(what, do)
        self.code = code


class Halt(FetchError):
    """Nothing more may be fetched in this import: the shop asks to wait, or the time or number of pages is used up."""


class Busy(Halt):
    """The shop asks to wait."""
