"""`griot search`: what the search makes of a buyer's words."""

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from griot.cli.common import JsonOption, ShopOption, emit, friendly, in_shop

if TYPE_CHECKING:
    from griot.core.db.pool import Tx
    from griot.core.house import House
    from griot.core.tenancy import Shop
    from griot.knowledge.catalogue.models import Product


@friendly
def search(
    query: Annotated[str, typer.Argument(help="Words as a buyer would write them, in any of the languages.")],
    shop: ShopOption,
    k: Annotated[int, typer.Option("--k", min=1, help="Results at most.")] = 10,
    faq: Annotated[bool, typer.Option("--faq", help="Search the FAQ instead of the products.")] = False,
    least: Annotated[str | None, typer.Option("--from", help="Only from this price on: 5000.")] = None,
    most: Annotated[str | None, typer.Option("--up-to", help="Only up to this price.")] = None,
    option: Annotated[list[str] | None, typer.Option(help="Only in this size or colour: M, rouge.")] = None,
    in_stock: Annotated[bool, typer.Option("--in-stock", help="Only what can be sold now.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Find products, or FAQ entries, by a buyer's words."""

    async def work(house: "House", tx: "Tx", known: "Shop") -> dict[str, Any]:
        from griot.core.money import Money
        from griot.knowledge.catalogue import service as catalogue
        from griot.knowledge.faq import service as questions
        from griot.knowledge.search.embedding import embedder
        from griot.knowledge.search.index import Index
        from griot.knowledge.search.stored import service as vectors
        from griot.knowledge.search.wishes import Wishes

        products, model = await catalogue.codes(tx), embedder()
        await vectors.recall(tx, products, model)
        index = Index.build(products, await questions.entries(tx), model)
        wishes = Wishes(
            Money.parse(least, known.currency).minor if least else None,
            Money.parse(most, known.currency).minor if most else None,
            tuple(option or ()),
            await _free(tx, products.values(), house) if in_stock else None,
        )
        index.faq(known.name, k) if faq else index.products(known.name, k)  # the first question loads the model
        began = time.perf_counter()
        hits = index.faq(query, k) if faq else index.products(query, k, wishes)
        spent = time.perf_counter() - began
        key = "key" if faq else "code"
        results = [{key: hit.key, "title": hit.title, "score": hit.score, "why": hit.why} for hit in hits]
        return {"results": results, "ms": round(spent * 1000, 2)}

    found = in_shop(shop, work)
    nothing = f"Nothing of this shop goes by the words “{query}”."
    emit(found if as_json else found["results"] or nothing, as_json)


async def _free(tx: "Tx", products: "Iterable[Product]", house: "House") -> dict[int, int]:
    """Free pieces by variant."""
    from griot.knowledge.catalogue.service import availability

    return await availability(
        tx, [variant.id for product in products for variant in product.variants], house.clock.now()
    )
