"""A picture goes out with the words of its article; whatever becomes of the picture, the words go out."""

from collections.abc import AsyncIterator
from datetime import timedelta
from io import BytesIO

import pytest
from acts_world import Stall, open_stall
from PIL import Image
from test_sends import Post, post

from griot.agent import acts
from griot.channels.errors import ChannelError, ErrorClass
from griot.channels.model import Choice, Media, Reply
from griot.channels.whatsapp.client import WhatsAppClient
from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.core.money import Money
from griot.knowledge.catalogue import service as catalogue
from griot.knowledge.catalogue.models import NewProduct
from griot.knowledge.importing.pictures import service
from griot.knowledge.importing.pictures.models import Got
from griot.knowledge.importing.pictures.shrinking import shrunk
from house_world import phone

__all__ = ["post"]

PLACE = "https://boutique.example/robe.png"


def photo(colour: str = "red") -> bytes:
    out = BytesIO()
    Image.new("RGB", (640, 480), colour).save(out, "PNG")
    return out.getvalue()


async def keep(db: Database, shop: int, clock: FrozenClock, body: bytes) -> None:
    """What the worker does, without the way there."""
    async with db.transaction(shop) as tx:
        for wanted in await service.take_due(tx, clock.now()):
            await service.settle(tx, wanted, Got(shrunk(body), b"sum of " + body[-20:]), clock.now())


async def pictured(post: Post) -> int:
    """A product of the shop with a picture that is kept; its id."""
    number, clock = post.number, post.world.clock
    async with post.world.db.transaction(number.shop.id) as tx:
        row = NewProduct("ROBE9", "Robe", Money(1000, "XOF"), 3, image_url=PLACE)
        (product,) = await catalogue.create_products(tx, [row], clock.now())
    await keep(post.world.db, number.shop.id, clock, photo())
    return product.id


def card(product_id: int) -> Reply:
    return Reply("Robe · 1 000 F CFA", (Choice("take:ROBE9", "JE PRENDS"),), media=Media("image", picture=product_id))


def on_the_phone(post: Post, n: int = 1) -> list[tuple[str, bytes | None]]:
    shown = [m for t in post.account.threads.values() if t.person.phone == phone(n) for m in t.shown]
    return [(m.text, post.simulator.files[m.media["id"]].data if m.media else None) for m in shown]


async def test_it_stands_above_the_words_and_buttons_and_is_uploaded_once(post: Post) -> None:
    product_id = await pictured(post)
    for n in (1, 2):
        await post.queue(card(product_id), n=n)
    await post.work()
    post.world.clock.advance(timedelta(seconds=10))
    await post.queue(card(product_id), n=1)
    await post.work()
    (text, data), *again = on_the_phone(post)
    assert (text, len(again)) == ("Robe · 1 000 F CFA", 1)
    assert data is not None and Image.open(BytesIO(data)).size == (640, 480)
    assert on_the_phone(post, 2) == [(text, data)]
    assert len(post.simulator.files) <= 2, "two at once may both upload it, the third does not"


async def test_without_the_picture_the_words_go_alone(post: Post) -> None:
    product_id = await pictured(post)
    async with post.world.db.transaction(post.number.shop.id) as tx:
        await tx.execute("UPDATE products SET image_url = 'https://boutique.example/other.png'")
    await post.queue(card(product_id))
    await post.work()
    assert on_the_phone(post) == [("Robe · 1 000 F CFA", None)]
    assert await post.how() == ["sent"]


@pytest.mark.parametrize("kind", [ErrorClass.FINAL, ErrorClass.RETRY])
async def test_an_upload_that_fails_costs_only_the_picture(
    post: Post, monkeypatch: pytest.MonkeyPatch, kind: ErrorClass
) -> None:
    async def refuse(*_: object) -> str:
        raise ChannelError("no", kind)

    monkeypatch.setattr(WhatsAppClient, "upload_media", refuse)
    await post.queue(card(await pictured(post)))
    await post.work()
    assert on_the_phone(post) == [("Robe · 1 000 F CFA", None)]


@pytest.fixture
async def stall(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[Stall]:
    async with open_stall(database_url, db, clock) as opened:
        yield opened


async def test_one_article_is_shown_with_its_picture_where_there_is_one(stall: Stall) -> None:
    reply = await stall.reply(acts.Show(("ROBE1",)))
    assert reply.media is None
    shop = stall.number.shop.id
    async with stall.world.db.transaction(shop) as tx:
        await tx.execute("UPDATE products SET image_url = %s WHERE code = 'ROBE1'", (PLACE,))
    reply = await stall.reply(acts.Show(("ROBE1",)))
    assert reply.media is None, "a link to elsewhere is never sent"
    await keep(stall.world.db, shop, stall.world.clock, photo())
    reply = await stall.reply(acts.Show(("ROBE1",)))
    (row,) = await stall.rows("SELECT id FROM products WHERE shop_id = %(shop)s AND code = 'ROBE1'")
    assert reply.media == Media("image", picture=row["id"])
    assert [choice.id for choice in reply.choices] == ["take:ROBE1", "human"]
