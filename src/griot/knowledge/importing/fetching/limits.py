"""How much of a site is fetched (sizes and times: wire/import.md §3)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one import. Bytes count after decompression; times are in seconds."""

    page_bytes: int = 5_000_000  # of an HTML page
    file_bytes: int = 50_000_000  # of a feed, a sitemap, an answer of an API
    import_bytes: int = 400_000_000  # of everything together
    unfolding: int = 200  # times that a compressed answer may grow; honest pages grow 5 to 30 times
    redirects: int = 5
    requests: int = 2_000
    connect: float = 5.0
    read: float = 15.0  # between two pieces of an answer
    request: float = 90.0  # for a whole answer, however busily it trickles
    total: float = 1_800.0  # for the whole import
    pause: float = 1.0  # between two requests to one host; its Crawl-delay counts when it is longer
    longest_wait: float = 60.0  # that a busy shop (429, 503) may ask for
    tries: int = 3  # of one request to a busy shop
