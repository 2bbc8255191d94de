"""Where a file came from: what relative addresses start from, and whose money a shared sign is there."""

from dataclasses import dataclass
from datetime import date

from griot.knowledge.importing.currencies import OF_COUNTRY, country_of


@dataclass(frozen=True, slots=True)
class Origin:
    """``url``: the file's address, None for an uploaded one; ``today`` decides on promotions."""

    today: date
    url: str | None = None

    @property
    def country(self) -> str | None:
        """ISO 3166 of the address, or None."""
        return country_of(self.url)


def money_of(country: str | None) -> str | None:
    """The currency that signs shared by several mean in a country: for ``DH`` on a ``.ma`` address, MAD."""
    return OF_COUNTRY.get(country or "")
