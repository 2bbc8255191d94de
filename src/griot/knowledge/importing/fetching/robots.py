"""robots.txt (RFC 9309): what a site lets programs fetch, how slowly, and where its sitemaps are."""

from dataclasses import dataclass
from itertools import islice

from protego import Protego

LARGEST = 512_000  # bytes that are read of a robots.txt
_MOST_SITEMAPS = 50
_EVERY_RULE_OFF = Protego.parse("")


@dataclass(frozen=True, slots=True)
class Robots:
    """A site's robots.txt. ``readable`` is False when the site failed to say (5xx): then nothing is fetched."""

    rules: Protego
    readable: bool = True

    def allows(self, url: str, agent: str) -> bool:
        """Whether ``agent`` may fetch an address."""
        return self.readable and self.rules.can_fetch(url, agent)

    def delay(self, agent: str) -> float | None:
        """Seconds between two requests that the site asks ``agent`` for."""
        said = self.rules.crawl_delay(agent)
        return said if said is not None and said > 0 else None

    def sitemaps(self) -> tuple[str, ...]:
        """The addresses of sitemaps that it names."""
        return tuple(islice(dict.fromkeys(self.rules.sitemaps), _MOST_SITEMAPS))


ABSENT = Robots(_EVERY_RULE_OFF)
UNREADABLE = Robots(_EVERY_RULE_OFF, readable=False)


def read_robots(body: bytes) -> Robots:
    """What the bytes of a robots.txt say; lines that are none count for nothing."""
    return Robots(Protego.parse(body[:LARGEST].decode("utf-8", "replace").lstrip("\ufeff")))
