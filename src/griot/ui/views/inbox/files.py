"""What can be fetched from the inbox: files of buyers, documents and pictures that were sent, the cases as a suite."""

import io
import zipfile

from starlette.responses import Response

from griot.core.errors import NotFound
from griot.knowledge.importing.pictures import service as pictures
from griot.tools.conversations.files import open_received
from griot.tools.quotes import documents
from griot.tools.ratings import suite
from griot.ui.desk import Desk
from griot.ui.registry import Number
from griot.ui.views.inbox.view import view


@view.file("conversations:read")
async def received(desk: Desk, message: Number) -> Response:
    """A picture, voice note, film or paper of a buyer."""
    found = await open_received(desk.house, desk.access.shop_id, message)
    return _file(found.content, found.mime, found.filename, shown=found.shown)


@view.file("conversations:read")
async def document(desk: Desk, number: Number) -> Response:
    """A quote or an invoice, as it was sent."""
    async with desk.transaction() as tx:
        found = await documents.load(tx, number)
    return _file(found.content, found.mime_type, found.filename)


@view.file("conversations:read")
async def picture(desk: Desk, product: Number) -> Response:
    """The picture of a product."""
    async with desk.transaction() as tx:
        found = await pictures.load(tx, product)
    if found is None:
        raise NotFound(f"No picture is kept of the product {product}.")
    return _file(found.content, found.mime, f"{product}.jpg")


@view.file("evals:read")
async def cases(desk: Desk) -> Response:
    """The cases of the shop as a suite that `griot eval run` takes, in an archive."""
    async with desk.shop() as (tx, shop):
        found = await suite.read(tx, shop)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in found.items():
            packed.writestr(f"{shop.slug}-rated/{name}", content)
    return _file(archive.getvalue(), "application/zip", f"{shop.slug}-rated.zip", shown=False)


def _file(content: bytes, mime: str, filename: str, *, shown: bool = True) -> Response:
    kept = "".join(sign for sign in filename if sign.isascii() and (sign.isalnum() or sign in "-_.")) or "file"
    disposition = f'{"inline" if shown else "attachment"}; filename="{kept}"'
    return Response(content, media_type=mime, headers={"Content-Disposition": disposition})
