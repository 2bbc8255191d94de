"""One picture from its place, with the fetcher of pages: checked, bounded and polite in the same way."""

import asyncio
import hashlib

from griot.core.errors import InvalidInput
from griot.knowledge.importing.fetching.errors import FetchError, Halt
from griot.knowledge.importing.fetching.fetcher import Fetcher
from griot.knowledge.importing.fetching.limits import Limits
from griot.knowledge.importing.fetching.shelf import Kept
from griot.knowledge.importing.pictures.models import Got, Wanted
from griot.knowledge.importing.pictures.shrinking import LARGEST, shrunk

# Of one shop in one go; the others' turn comes in between.
LIMITS = Limits(import_bytes=200_000_000, requests=240, request=30.0, total=120.0, longest_wait=10.0, tries=2)


class Asking:
    """A shelf with one picture on it: the one that is asked for, so that it is sent only if it has changed."""

    def __init__(self) -> None:
        self.wanted: Wanted | None = None
        self.etag: str | None = None
        self.modified: str | None = None

    def ask(self, wanted: Wanted) -> None:
        self.wanted, self.etag, self.modified = wanted, None, None

    def recall(self, url: str) -> Kept | None:
        """What the place called its answer; its bytes are not needed again."""
        known = self.wanted
        return Kept(b"", None, known.etag, known.modified) if known and known.sha256 else None

    def keep(self, url: str, kept: Kept) -> None:
        self.etag, self.modified = kept.etag, kept.modified


async def got(fetcher: Fetcher, shelf: Asking, wanted: Wanted) -> Got:
    """What the place answers now. Raises Halt, nothing else: any other failure is this picture's trouble."""
    shelf.ask(wanted)
    try:
        answer = await fetcher.fetch(wanted.address, most=LARGEST)
    except Halt:
        raise
    except FetchError as error:
        return Got(trouble=str(error))
    if answer.unchanged:
        return Got(None, wanted.sha256, wanted.etag, wanted.modified)
    kind = (answer.content_type or "").partition(";")[0].strip().lower()
    if not kind.startswith("image/"):
        return Got(trouble=f"{kind or 'What is there'} is no picture: give the address of a picture in the source.")
    sha256 = hashlib.sha256(answer.body).digest()
    if sha256 == wanted.sha256:
        return Got(None, sha256, shelf.etag, shelf.modified)
    try:
        picture = await asyncio.to_thread(shrunk, answer.body)
    except InvalidInput as error:
        return Got(trouble=str(error))
    return Got(picture, sha256, shelf.etag, shelf.modified)
