"""A picture on its way from a shop's site to a buyer."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG as it is sent; ``width`` and ``height`` in pixels."""

    content: bytes
    width: int
    height: int
    mime: str = "image/jpeg"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A picture to fetch. ``etag``, ``modified``, ``sha256``: of the answer that is kept, None where there is none."""

    product_id: int
    address: str
    etag: str | None = None
    modified: str | None = None
    sha256: bytes | None = None
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Got:
    """What came of fetching. ``picture`` None: it is as it was, or there is ``trouble``, a sentence."""

    picture: Picture | None = None
    sha256: bytes | None = None
    etag: str | None = None
    modified: str | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Stored:
    """A picture that can be sent. ``key``: the same for the same bytes."""

    content: bytes
    mime: str
    key: str
