"""The daily briefing: counted from the database, told in plain words, written and said."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from griot.channels.model import Media, Reply, Template
from griot.core.db.pool import Tx
from griot.core.money import Money
from griot.core.tenancy import Shop
from griot.core.texts import text
from griot.tools.briefing import queries
from griot.tools.briefing.models import Facts, Sales, Today, Watch
from griot.tools.briefing.wording import spoken, written
from griot.tools.mails import service as mails
from griot.tools.outbox.service import queue_to_vendor

_MOST_CODES = 5


async def brief(tx: Tx, shop: Shop, now: datetime, console_url: str) -> Facts | None:
    """Tell the vendor about yesterday, once a day, on their phone and by e-mail if they want that; with links into the
    console. None when that was done, or when there is nothing to tell."""
    today = now.astimezone(ZoneInfo(shop.timezone)).date()
    if not await queries.take_day(tx, today):
        return None
    facts = await of_yesterday(tx, shop, now)
    if facts.quiet:
        return None
    words = written(facts, shop.language, f"{console_url}/?shop={shop.id}#")
    voice = Media("voice", words=spoken(facts, shop.language), language=shop.language)
    template = Template("daily_briefing", shop.language, (str(facts.paid), str(facts.turnover), str(facts.waiting)))
    reply = Reply(words, media=voice if shop.settings.voice_replies else None, template=template)
    key = f"briefing:{today.isoformat()}"
    await queue_to_vendor(tx, shop, reply, key, now)
    if shop.settings.briefing_email:
        subject = text(shop.language, "briefing.subject", shop=shop.name, day=f"{facts.day:%d/%m}")
        await mails.queue(tx, shop.settings.briefing_email, subject, words.replace("*", ""), key, now)
    return facts


async def of_yesterday(tx: Tx, shop: Shop, now: datetime) -> Facts:
    """The day before ``now`` in the shop's zone, and what waits now."""
    zone = ZoneInfo(shop.timezone)
    today = now.astimezone(zone).date()
    day = today - timedelta(days=1)
    start, end = (datetime.combine(date_, time(), zone) for date_ in (day, today))
    row = await queries.facts(tx, start, end)
    watched = await queries.watch(tx)
    turnover = Money(row.pop("turnover_minor"), shop.currency)
    codes = await queries.sold_out(tx, start, end, _MOST_CODES)
    return Facts(day, turnover=turnover, sold_out=tuple(codes), watch=Watch(**watched) if watched else None, **row)


async def today(tx: Tx, shop: Shop, now: datetime) -> Today:
    """The day of ``now`` in the shop's zone so far, and what waits now."""
    zone = ZoneInfo(shop.timezone)
    local = now.astimezone(zone)
    start = datetime.combine(local.date(), time(), zone)
    before = datetime.combine(local.date() - timedelta(days=1), time(), zone)
    return Today(
        day=local.date(),
        sales=await _sales(tx, shop, start, now),
        yesterday=await _sales(tx, shop, before, before + (now - start)),
        sold_out=tuple(await queries.sold_out(tx, start, now, _MOST_CODES)),
        **await queries.waits(tx, start, now),
    )


async def _sales(tx: Tx, shop: Shop, start: datetime, end: datetime) -> Sales:
    row = await queries.sales(tx, start, end)
    return Sales(row["orders"], row["paid"], Money(row["turnover_minor"], shop.currency))
