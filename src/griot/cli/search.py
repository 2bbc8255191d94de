"""`griot search`: what the search makes of a buyer's words."""

import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from griot.cli.common import JsonOption, ShopOption, emit, friendly, in_shop

if TYPE_CHECKING:
    from griot.core.db.pool import Tx
    from griot.core.house import House
    from griot.core.tenancy import Shop


@friendly
def search(
    query: Annotated[str, typer.Argument(help="Words as a buyer would write them, in any of the languages.")],
    shop: ShopOption,
    k: Annotated[int, typer.Option("--k", min=1, help="Results at most.")] = 10,
    faq: Annotated[bool, typer.Option("--faq", help="Search the FAQ instead of the products.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Find products, or FAQ entries, by a buyer's words."""

    async def work(house: "House", tx: "Tx", known: "Shop") -> dict[str, Any]:
        from griot.knowledge.catalogue import service as catalogue
        from griot.knowledge.faq import service as questions
        from griot.knowledge.search.embedding import embedder
        from griot.knowledge.search.index import Index
        from griot.knowledge.search.stored import service as vectors

        products, model = await catalogue.codes(tx), embedder()
        await vectors.recall(tx, products, model)
        index = Index.build(products, await questions.entries(tx), model)
        find = index.faq if faq else index.products
        find(known.name, k)  # the first question loads the model
        began = time.perf_counter()
        hits = find(query, k)
        spent = time.perf_counter() - began
        key = "key" if faq else "code"
        results = [{key: hit.key, "title": hit.title, "score": hit.score, "why": hit.why} for hit in hits]
        return {"results": results, "ms": round(spent * 1000, 2)}

    found = in_shop(shop, work)
    nothing = f"Nothing of this shop goes by the words “{query}”."
    emit(found if as_json else found["results"] or nothing, as_json)
