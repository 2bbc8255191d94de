"""Where in the catalogue somebody is: the list, a product, a new one, labels to print, imports, answers."""

from functools import partial
from typing import Any, cast, get_args

from griot.core.errors import NotFound
from griot.core.money import Money
from griot.knowledge.catalogue import listing, stock
from griot.knowledge.catalogue.listing import Only
from griot.knowledge.importing.files.mapping import FIELDS
from griot.knowledge.importing.jobs import service as jobs
from griot.knowledge.importing.jobs.models import Job
from griot.knowledge.importing.merging import schedules
from griot.tools.shops.doors import doors, doors_of
from griot.ui.desk import Desk
from griot.ui.registry import Address, Shown, View, allow
from griot.ui.views.catalogue import reading
from griot.ui.views.catalogue.told import told

_ONE = "catalogue/one_view.html"  # pages of one part
_PAGE = 30
_LABELS = 60  # on a page to print
_MOVEMENTS = 20
_DOUBTS = 50

view = View(
    "catalogue",
    "catalogue:read",
    concerns=("product.", "stock.", "catalogue.", "import.", "source.", "faq.", "order.", "payment.", "live."),
)


@view.show
async def show(desk: Desk, at: Address) -> Shown:
    """What stands at an address under ``/catalogue``."""
    match at.rest:
        case ():
            return await _list(desk, at)
        case ("new",):
            return _page("new", {}, desk.t("catalogue.add"))
        case ("labels",):
            return await _labels(desk, at)
        case ("answers",):
            return await _answers(desk)
        case ("import",):
            return await _imports(desk)
        case ("import", number):
            return await _import(desk, Address("catalogue", (number,)))
        case (_,):
            return await _product(desk, at)
    raise NotFound("There is no such page in the catalogue.")


def _page(part: str, data: dict[str, Any], title: str) -> Shown:
    return Shown(_ONE, (part,), {**data, "only_part": part}, title)


def _asked(at: Address) -> tuple[str, Only]:
    """The words and the filter of an address."""
    only = at.get("only") or ""
    return (at.get("q") or "")[:100], cast(Only, only if only in get_args(Only) else "")


async def _list(desk: Desk, at: Address) -> Shown:
    search, only = _asked(at)
    after = at.get("after")
    async with desk.transaction() as tx:
        start = int(after) if after and after.isascii() and after.isdigit() and len(after) < 19 else None
        found = await listing.page(tx, desk.now, search=search, only=only, limit=_PAGE, after=start)
        counts = await listing.counts(tx, desk.now)
        running = [job for job in await jobs.page(tx, 5) if not job.is_over]
    data = {
        "products": found,
        "counts": counts,
        "search": search,
        "only": only,
        "running": running,
        "more": reading.address("/catalogue", q=search, only=only, after=found[-1].id) if len(found) == _PAGE else "",
        "address": reading.address,
    }
    return Shown("catalogue/list_view.html", ("head", "filters", "list"), data, desk.t("catalogue.title"))


async def _product(desk: Desk, at: Address) -> Shown:
    number = at.number()
    assert number is not None
    async with desk.transaction() as tx:
        product = await listing.product(tx, number)
        free = sum(book.on_hand for book in product.variants if book.active)
        told = await stock.movements(tx, number, _MOVEMENTS)
        names = await reading.names(tx, {one.actor for one in told})
        ways = await doors(tx, product.code)
    data = {
        "product": product,
        "free": free,
        "axes": sorted({axis for book in product.variants for axis in book.options}),
        "movements": told,
        "names": names,
        "labels": {book.id: book.label for book in product.variants},
        "ways": ways,
        "amount": reading.amount,
    }
    parts = ("product", "stock", "facts", "prices", "movements", "share")
    return Shown("catalogue/product_view.html", parts, data, product.title)


async def _labels(desk: Desk, at: Address) -> Shown:
    search, only = _asked(at)
    async with desk.transaction() as tx:
        found = await listing.page(tx, desk.now, search=search, only=only, limit=_LABELS)
        ways = await doors_of(tx, [product.code for product in found])
    labels = [(product, next(iter(several), None)) for product, several in zip(found, ways, strict=True)]
    data = {"labels": labels, "search": search, "only": only, "most": _LABELS}
    return _page("labels", data, desk.t("catalogue.labels"))


async def _answers(desk: Desk) -> Shown:
    allow(desk, "knowledge:read")
    async with desk.transaction() as tx:
        entries = await reading.answers(tx)
    return _page("answers", {"entries": entries}, desk.t("catalogue.answers"))


async def _imports(desk: Desk) -> Shown:
    async with desk.transaction() as tx:
        found = await jobs.page(tx, 10)
        known = await schedules.sources(tx) if desk.may("knowledge:read") else []
    data = {"jobs": found, "sources": known, "every": reading.EVERY, "told": partial(told, desk.language)}
    return Shown("catalogue/imports_view.html", ("bring", "jobs", "sources"), data, desk.t("catalogue.import"))


async def _import(desk: Desk, at: Address) -> Shown:
    number = at.number()
    assert number is not None
    async with desk.transaction() as tx:
        job = await jobs.job(tx, number)
    data = {
        "job": job,
        "doubts": _doubts(job),
        "fields": sorted(FIELDS),
        "price": lambda price: Money(price["minor"], price["currency"]),
        "told": partial(told, desk.language),
    }
    return _page("job", data, desk.t("catalogue.import"))


def _doubts(job: Job) -> list[dict[str, str]]:
    """What is doubtful; a currency that is missing is asked for by itself, and not once more for every product."""
    told = job.report or job.preview or {}
    doubts: list[dict[str, str]] = told.get("warnings", [])
    if told.get("currency_needed"):
        doubts = [doubt for doubt in doubts if "--currency" not in doubt["do"]]
    return doubts[:_DOUBTS]
