"""The papers a shop makes: numbered without gaps, kept as they were sent, with the shop's logo at their head."""

import base64
from datetime import date, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

from PIL import Image, UnidentifiedImageError

from griot.core.db.pool import Tx
from griot.core.errors import InvalidInput, NotFound
from griot.core.tenancy import Shop
from griot.tools.quotes import queries
from griot.tools.quotes.models import Document, DocumentKind, Letterhead
from griot.tools.quotes.paper import Paper
from griot.tools.quotes.pdf import render

PDF = "application/pdf"
_LOGO_PIXELS = (600, 300)
_LARGEST_LOGO = 64 * 1024  # bytes: it is read for every document
_LARGEST_PICTURE = 5 * 1024 * 1024
_MOST_PIXELS = 40_000_000


def today(shop: Shop, now: datetime) -> date:
    """The day it is where the shop is."""
    return now.astimezone(ZoneInfo(shop.timezone)).date()


async def next_number(tx: Tx, shop: Shop, kind: DocumentKind, day: date) -> str:
    """``DEV-2026-0001``: the next of the shop, the kind and the year.

    Others who need one wait until the transaction ends, and an undone transaction gives its number back: there are no
    gaps. Take it late, after every lock on orders and stock.
    """
    prefix = shop.settings.quote_prefix if kind == "quote" else shop.settings.invoice_prefix
    return f"{prefix}-{day.year}-{await queries.next_number(tx, kind, day.year):04d}"


async def keep(tx: Tx, kind: DocumentKind, paper: Paper, now: datetime) -> Document:
    """Draw a paper and keep it as it is."""
    filename = f"{paper.number}.pdf"
    content = render(paper)
    row = {"kind": kind, "filename": filename, "mime_type": PDF, "content": content}
    return Document(await queries.insert_document(tx, row, now), kind, filename, PDF, content, now)


async def load(tx: Tx, document_id: int) -> Document:
    """A document of the shop with its bytes; ``NotFound`` when it has none of that id, or it was erased."""
    found = await queries.document(tx, document_id)
    if found is None:
        raise NotFound(f"There is no document {document_id} in this shop.")
    if not found.content:
        raise NotFound(f"{found.number} was erased together with what was known of its buyer.")
    return found


async def numbered(tx: Tx, number: str) -> Document:
    """A quote or invoice by its number; ``NotFound`` when the shop has none."""
    document_id = await queries.document_numbered(tx, number.strip().upper())
    if document_id is None:
        raise NotFound(f"This shop has no quote or invoice {number!r}: numbers look like DEV-2026-0001.")
    return await load(tx, document_id)


async def letterhead(tx: Tx, customer_id: int, conversation_id: int, language: str | None = None) -> Letterhead:
    """The two sides of a document, in ``language`` or the buyer's own."""
    row = await queries.letterhead(tx, customer_id, conversation_id)
    logo = base64.b64decode(row["logo"]) if row["logo"] else None
    return Letterhead(logo, row["name"], row["phone"], language or row["language"])


async def logo(tx: Tx) -> bytes | None:
    """The picture at the head of the shop's documents, PNG or JPEG."""
    kept = await queries.logo(tx)
    return base64.b64decode(kept) if kept else None


async def set_logo(tx: Tx, picture: bytes | None) -> None:
    """Put a PNG or JPEG at the head of the shop's documents from now on; none takes it away.

    It is made smaller as needed. ``InvalidInput``: not such a picture, or one beyond 5 MB.
    """
    await queries.save_logo(tx, None if picture is None else base64.b64encode(_small(picture)).decode())


def _small(picture: bytes) -> bytes:
    if len(picture) > _LARGEST_PICTURE:
        raise InvalidInput("The logo has more than 5 MB: give a smaller picture.")
    try:
        with Image.open(BytesIO(picture), formats=("PNG", "JPEG")) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                raise InvalidInput("The logo has more than 40 million pixels: give a smaller picture.")
            image = opened.convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise InvalidInput("The logo is not a PNG or JPEG picture.") from None
    image.thumbnail(_LOGO_PIXELS)
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    saved = _saved(paper, "PNG", optimize=True)
    return saved if len(saved) <= _LARGEST_LOGO else _saved(paper, "JPEG", quality=80)


def _saved(image: Image.Image, form: str, **options: object) -> bytes:
    out = BytesIO()
    image.save(out, form, **options)
    return out.getvalue()
