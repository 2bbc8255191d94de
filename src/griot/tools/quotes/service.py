"""Quotes: made, found again, accepted. The rules on one page: docs/reference/quotes.md."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from griot.core.db.pool import Tx
from griot.core.errors import Conflict, InvalidInput, NotFound
from griot.core.events import record
from griot.core.money import Money
from griot.core.tenancy import Shop
from griot.tools.orders import queries as orders
from griot.tools.orders import service as order_service
from griot.tools.quotes import documents, queries
from griot.tools.quotes.models import Priced, Quote, QuoteLine, Status
from griot.tools.quotes.paper import quote_paper
from griot.tools.quotes.taxes import deposit, split

MOST_LINES = 200
MOST_PIECES = 100_000

_WHAT_TO_DO: dict[Status, str] = {
    "accepted": "it has been accepted already: the order that came of it counts.",
    "replaced": "a newer quote has taken its place: accept that one.",
    "expired": "its last day is over: ask for a new one, at today's prices.",
}


async def make_quote(
    tx: Tx,
    shop: Shop,
    *,
    conversation_id: int,
    customer_id: int,
    buyer: str,
    lines: Sequence[tuple[int, int]],
    wanted_on: date | None,
    now: datetime,
    language: str | None = None,
) -> Quote:
    """A numbered offer for ``(variant_id, quantity)`` lines, with its PDF; it replaces the open one of the thread.

    What the open quote offers already is answered with that quote: no new number, no new paper. ``language``: of the
    paper; the buyer's when not given. ``InvalidInput``: no line, or a quantity that could not be ordered; ``NotFound``:
    an article that is not for sale. The number is locked until the transaction ends: hold stock before, not after.
    """
    wanted = _merged(lines)
    await queries.lock_thread(tx, conversation_id)
    priced = await _priced(tx, wanted)
    before = next(iter(await queries.unanswered(tx, [conversation_id])), None)
    day = documents.today(shop, now)
    draft = _draft(shop, conversation_id, customer_id, priced, wanted_on, day, now)
    if before is not None:
        if before.valid_until >= day and _offers(before, draft):
            return before
        await queries.close(tx, before.id, "replaced" if before.valid_until >= day else "expired")
    head = await documents.letterhead(tx, customer_id, conversation_id, language)
    draft = replace(draft, number=await documents.next_number(tx, shop, "quote", day))
    paper = quote_paper(shop, head, buyer, draft, priced, day)
    draft = replace(draft, document_id=(await documents.keep(tx, "quote", paper, now)).id)
    quote = replace(draft, id=await queries.insert_quote(tx, draft))
    data = {
        "quote_id": quote.id,
        "number": quote.number,
        "total_minor": quote.total.minor,
        "replaces": before.number if before else None,
    }
    await record(tx, "quote.made", now, customer_id=customer_id, data=data)
    return quote


def _merged(lines: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Every variant once, in the order they were first named."""
    wanted: dict[int, int] = {}
    for variant_id, quantity in lines:
        if quantity < 1:
            raise InvalidInput(f"{quantity} pieces cannot be quoted: give 1 or more.")
        wanted[variant_id] = wanted.get(variant_id, 0) + quantity
    if not wanted:
        raise InvalidInput("A quote needs at least one article.")
    if len(wanted) > MOST_LINES:
        raise InvalidInput(f"A quote has {MOST_LINES} lines at most: make two of it.")
    if max(wanted.values()) > MOST_PIECES:
        raise InvalidInput(f"A quote is for {MOST_PIECES} pieces of one article at most.")
    return list(wanted.items())


async def _priced(tx: Tx, wanted: Sequence[tuple[int, int]]) -> list[Priced]:
    rows = await queries.prices(tx, wanted)
    missing = {variant_id for variant_id, _ in wanted} - {row["variant_id"] for row in rows}
    if missing:
        raise NotFound(f"The variant {min(missing)} is not for sale in this shop.")
    return [
        Priced(
            QuoteLine(
                row["variant_id"],
                row["code"],
                row["title"],
                row["options"],
                row["quantity"],
                unit := Money(row["unit_minor"], row["currency"]),
                unit * row["quantity"],
            ),
            Money(row["list_minor"], row["currency"]),
            row["from_quantity"] if row["unit_minor"] < row["list_minor"] else None,
        )
        for row in rows
    ]


def _draft(
    shop: Shop,
    conversation_id: int,
    customer_id: int,
    priced: Sequence[Priced],
    wanted_on: date | None,
    day: date,
    now: datetime,
) -> Quote:
    """The quote before it has a number."""
    lines = tuple(item.line for item in priced)
    amounts = split(Money(sum(line.total.minor for line in lines), lines[0].total.currency), shop.settings)
    return Quote(
        id=0,
        number="",
        conversation_id=conversation_id,
        customer_id=customer_id,
        status="open",
        lines=lines,
        net=amounts.net,
        tax=amounts.tax,
        total=amounts.total,
        deposit=deposit(amounts.total, shop.deposit_percent),
        wanted_on=wanted_on,
        valid_until=day + timedelta(days=shop.quote_valid_days),
        created_at=now,
    )


def _offers(quote: Quote, draft: Quote) -> bool:
    """Whether a quote says all that the draft says; a date that is not named this time stays as it was."""
    same_date = draft.wanted_on is None or draft.wanted_on == quote.wanted_on
    same_amounts = (quote.net, quote.tax, quote.deposit) == (draft.net, draft.tax, draft.deposit)
    return same_date and same_amounts and _articles(quote) == _articles(draft)


def _articles(quote: Quote) -> set[tuple[int, int, int]]:
    return {(line.variant_id, line.quantity, line.unit.minor) for line in quote.lines}


async def open_quote(tx: Tx, conversation_id: int, now: datetime) -> Quote | None:
    """The quote that the buyer may accept now; one whose last day is over is not open."""
    return (await load_open(tx, [conversation_id], now)).get(conversation_id)


async def load_open(tx: Tx, conversation_ids: Iterable[int], now: datetime) -> dict[int, Quote]:
    """The open quotes of many threads at once, by conversation; threads without one are absent."""
    return {quote.conversation_id: quote for quote in await queries.open_quotes(tx, list(conversation_ids), now)}


async def acceptable(tx: Tx, quote_id: int, conversation_id: int, now: datetime) -> Quote:
    """The open quote of this thread, locked: its lines are what to hold before ``accept``.

    ``NotFound`` when it is not this thread's; ``Conflict``, with what to do, when it is no longer open.
    """
    quote = await queries.lock(tx, quote_id)
    if quote is None or quote.conversation_id != conversation_id:
        raise NotFound(f"There is no quote {quote_id} in this conversation.")
    if quote.status != "open":
        raise Conflict(f"Quote {quote.number} cannot be accepted: {_WHAT_TO_DO[quote.status]}")
    if await open_quote(tx, conversation_id, now) is None:
        raise Conflict(f"Quote {quote.number} cannot be accepted: {_WHAT_TO_DO['expired']}")
    return quote


async def accept(tx: Tx, quote_id: int, order_id: int, now: datetime) -> Quote:
    """The buyer orders what is offered: the order that holds it costs what was quoted.

    ``order_id``: where ``reservation.reserve`` has put the lines, in this transaction. Errors as ``acceptable``.
    """
    order = await order_service.locked(tx, order_id)
    quote = await acceptable(tx, quote_id, order.conversation_id, now)
    if await queries.give_quoted_prices(tx, quote.id, order_id):
        await orders.sum_up(tx, order_id)
    await queries.tie(tx, quote.id, order_id)
    data = {"quote_id": quote.id, "number": quote.number, "total_minor": quote.total.minor}
    await record(tx, "quote.accepted", now, order_id=order_id, customer_id=quote.customer_id, data=data)
    return replace(quote, status="accepted", order_id=order_id)
