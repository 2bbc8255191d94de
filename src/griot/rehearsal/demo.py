"""The demo: a live of many buyers, played over HTTP against the real processes, and checked figure by figure."""

import asyncio
import contextlib
import random
import secrets
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from griot.channels.simulator.phones import Phone
from griot.core.house import House
from griot.core.money import Money
from griot.core.settings import Settings
from griot.core.tenancy import load_shop
from griot.knowledge.faq import service as faq
from griot.rehearsal.books import Books, imbalances, read_books
from griot.rehearsal.buyers import Buyer, Timings, has
from griot.rehearsal.figures import percentiles, print_json
from griot.rehearsal.shop import Login, Venue, article, give_login, go_live, open_shop, open_vendor, until_rest
from griot.rehearsal.speakers import Spoken, speak
from griot.rehearsal.stage import Stage, fresh_stage, stage_house
from griot.rehearsal.talkers import FAQ, TALKERS, Exchange, talk
from griot.speech.models import Unavailable
from griot.speech.speaking.speaking import found as mouth_model
from griot.speech.speaking.voices import speaker
from griot.tools.live import service as live
from griot.tools.shops.service import update_settings
from griot.worker.speech import can_hear, ear_model

CHANNELS = ("whatsapp", "instagram", "messenger")
SPEED = 30.0  # a minute of the live takes two seconds
PATIENCE = 90.0
LAST_WORDS = 180.0  # seconds until everything has gone out: the summary of the live may be spoken, on a busy machine
PARTS = 10  # buyers who play a part of their own; the others are regulars

FIRST_NAMES = ["Aminata", "Fatou", "Awa", "Mariama", "Khady", "Ndeye", "Rokhaya", "Sokhna", "Adama", "Bineta", "Coumba"]
LAST_NAMES = ["Diallo", "Ndiaye", "Fall", "Sow", "Ba", "Sarr", "Diop", "Gueye", "Faye", "Cissé"]

# How people write that they want one, and how many they get.
ORDERS = [
    (("SAC2",), 1),
    (("sac 2 svp",), 1),
    (("je prends SAC2",), 1),
    (("Sac2 stp 🙏",), 1),
    (("2 SAC2",), 2),
    (("je prends sac2 x2",), 2),
    (("SAC2", "x2", "svp"), 2),
    (("jpren sac2",), 1),
    (("I take SAC2 please",), 1),
    (("haka SAC2 aho azafady",), 1),
]


@dataclass
class Play:
    """Everything the scenes share."""

    stage: Stage
    house: House
    http: httpx.AsyncClient
    venue: Venue
    timings: Timings
    lives: dict[str, str]  # the post under which people comment, by channel
    advance: Callable[[], None]
    people: list[Buyer] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)
    pieces: int = 0  # of SAC2, that the regulars will have bought
    spoken: Spoken = field(default_factory=Spoken)

    async def fault(self, kind: str, **values: Any) -> None:
        """Make the simulator misbehave for this number."""
        url = f"{self.stage.simulator}/control/accounts/{self.venue.phone_number_id}/faults"
        (await self.http.post(url, json={"kind": kind, **values})).raise_for_status()


async def _rush(play: Play, buyers: list[Buyer]) -> None:
    """Six want ROBE1 and there are three. One gives up, one never pays, one pays too late: the line moves up."""

    async def ask(buyer: Buyer) -> tuple[Buyer, Any]:
        return buyer, await buyer.ask("ROBE1", answer=lambda m: has("pay:")(m) or has("wait:")(m))

    answers = await asyncio.gather(*(ask(buyer) for buyer in buyers))
    holders = [(buyer, message) for buyer, message in answers if has("pay:")(message)]
    waiting = [(buyer, message) for buyer, message in answers if not has("pay:")(message)]
    assert len(holders) == 3, f"{len(holders)} hold one of three ROBE1"
    for buyer, message in waiting:
        await buyer.tap(message, "wait:", lambda m: not m.choices)

    async def served(buyer: Buyer) -> None:
        held = await buyer.served(PATIENCE)
        await buyer.pay(held)
        play.advance()

    async def gives_up(buyer: Buyer, message: Any) -> None:
        await buyer.tap(message, "cancel:", lambda m: not has("cancel:")(m))
        play.advance()

    async def never_pays(buyer: Buyer) -> None:
        await buyer.phone.expect(has("take:"), PATIENCE)
        play.advance()

    await asyncio.gather(
        gives_up(*holders[0]),
        never_pays(holders[1][0]),
        _pays_late(play, *holders[2], honoured=False),
        *(served(buyer) for buyer, _ in waiting),
    )


async def _pays_late(play: Play, buyer: Buyer, held: Any, *, honoured: bool) -> None:
    """Presses “pay” in time, but the provider needs longer than the hold lasts."""
    link = await buyer.link(held)
    async with buyer.at_checkout(link, "wave") as (payer, hosted):
        checkout = str(hosted.url).rstrip("/").rsplit("/", 1)[-1]
        faults = {"processing": 1000.0 / SPEED}  # the hold lasts at most 900 seconds
        url = f"{play.house.config.sandbox_url}/control/checkouts/{checkout}/faults"
        key = play.house.config.sandbox_key.get_secret_value()
        answer = await play.http.put(url, json=faults, headers={"Authorization": f"Bearer {key}"})
        answer.raise_for_status()
        await payer.press(hosted, "outcome", "paid")
    await buyer.phone.expect(has("take:"), PATIENCE)
    if honoured:
        await buyer.phone.expect(has("purchases"), PATIENCE)
    else:
        await buyer.phone.expect(lambda m: "LP-" in m.text, PATIENCE)
    play.advance()


async def _late_honoured(play: Play, buyer: Buyer) -> None:
    await _pays_late(play, buyer, await buyer.order("foulard5"), honoured=True)


async def _no_payment(play: Play, buyer: Buyer) -> None:
    """Holds an article, is reminded, and lets it go."""
    await buyer.order("FOULARD 5 svp")
    await buyer.phone.expect(has("extend:"), PATIENCE)
    await buyer.phone.expect(has("take:"), PATIENCE)
    play.advance()


async def _pays_twice(play: Play, buyer: Buyer) -> None:
    """Opens two payment pages and pays on both."""
    held = await buyer.order("SAC2")
    play.pieces += 1
    link = await buyer.link(held)
    both = buyer.at_checkout(link, "wave"), buyer.at_checkout(link, "orange_money")
    async with both[0] as (first, wave), both[1] as (second, orange):
        await first.press(wave, "outcome", "paid")
        await buyer.phone.expect(has("purchases"), PATIENCE)
        await second.press(orange, "outcome", "paid")
        await buyer.phone.expect(lambda m: "LP-" in m.text, PATIENCE)
    play.advance()


async def _delivered_twice(play: Play, buyer: Buyer) -> None:
    """Meta delivers this buyer's message three times."""
    await play.fault("duplicate", times=2)
    held = await buyer.order("SAC2")
    play.pieces += 1
    await buyer.pay(held, "orange_money")
    play.advance()


async def _regular(play: Play, buyer: Buyer, number: int) -> None:
    texts, quantity = ORDERS[number % len(ORDERS)]
    play.pieces += quantity
    await buyer.hesitate()
    if _comments(number):
        held = await buyer.comment(texts[0], play.lives[_channel(number)])
    else:
        held = await buyer.order(*texts)
    await buyer.pay(held, ("wave", "orange_money", "card")[number % 3])
    play.advance()


async def _speaker(play: Play, buyer: Buyer) -> None:
    """Orders by voice note, and is answered by voice."""
    play.spoken = await speak(buyer)
    play.advance()


def _channel(number: int) -> str:
    """Where the regular with this number buys; those who play a part of their own (below 0) are on WhatsApp."""
    return CHANNELS[number % 5 % 3] if number >= 0 else "whatsapp"


def _comments(number: int) -> bool:
    """Whether the regular with this number orders under the live: one comment, where there are any."""
    return _channel(number) != "whatsapp" and len(ORDERS[number % len(ORDERS)][0]) == 1


async def _talkers(play: Play) -> None:
    """People who write as they speak, in four languages; one asks for a quote, one wants a human."""
    play.exchanges = await talk(play.venue, play.timings)


def _expected(writing: int, speaking: int) -> dict[str, int]:
    """What must come out, whoever was first: only who plays which part is decided by the race."""
    buyers = writing + speaking
    return {
        "buyers": buyers,
        "comments": sum(map(_comments, range(writing - PARTS))),
        "holds": buyers,  # the three who wait in line get theirs in the end
        "paid": buyers - 4,  # not: who gave up, the two who never paid, and who paid when the stock was gone
        "expired": 4,
        "cancelled": 1,
        "waitlist_served": 3,
        "late_payments": 2,
        "double_payments": 1,
        "free_text": sum(len(talker.lines) for talker in TALKERS),
        "voice_notes": 2 * speaking,
        "quotes": 1,
        "escalations": 1,
        "oversold": 0,
        "lost": 0,
        "doubled": 0,
    }


async def play_live(
    stage: Stage, house: House, buyers: int, voice: bool, advance: Callable[[], None], login: Login | None = None
) -> dict[str, Any]:
    """Play the live and return the outcome; the processes must be running. ``voice``: one buyer more, who speaks;
    ``login``: with which the shop's owner may watch."""
    regulars = buyers - PARTS
    pieces = 2 + sum(ORDERS[n % len(ORDERS)][1] for n in range(regulars))
    articles = [
        article("ROBE1", "Robe Wax Ankara", 15_000, 3),
        article("SAC2", "Sac en cuir tressé", 12_500, pieces + 5),
        article("CHAUSSURE3", "Babouches brodées", 9_000, 5),
        article("FOULARD5", "Foulard en soie", 5_000, 10),
    ]
    async with httpx.AsyncClient(limits=httpx.Limits(max_connections=2 * buyers + 20), timeout=60) as http:
        venue = await open_shop(stage, house, http, articles, name="Démo Fatou Live", channels=CHANNELS)
        if login:
            await give_login(house, venue.shop, login)
        async with house.db.transaction(venue.shop.id) as tx:
            await faq.save(tx, FAQ, house.clock.now())
            if not voice:  # everything is answered in writing, the summary of the live too
                venue = replace(venue, shop=await update_settings(tx, voice_replies=False))
        vendor = await open_vendor(venue)
        play = Play(stage, house, http, venue, Timings(), await go_live(venue), advance)
        play.people = [await _buyer(play, n, _channel(n - PARTS)) for n in range(buyers)]
        rush, late, absent, twice, duplicated = (
            play.people[:6],
            play.people[6],
            play.people[7],
            play.people[8],
            play.people[9],
        )
        scenes: list[Coroutine[Any, Any, None]] = [
            _talkers(play),
            _rush(play, rush),
            _late_honoured(play, late),
            _no_payment(play, absent),
            _pays_twice(play, twice),
            _delivered_twice(play, duplicated),
            *(_regular(play, buyer, n) for n, buyer in enumerate(play.people[PARTS:])),
        ]
        if voice:
            play.people.append(await _buyer(play, buyers, "whatsapp"))
            scenes.append(_speaker(play, play.people[-1]))
        await asyncio.gather(*scenes)
        async with house.db.transaction(venue.shop.id) as tx:
            await live.stop(tx, venue.shop, house.clock.now())
        await until_rest(house.db, venue.shop.id, LAST_WORDS)
        summary = (await vendor.inbox())[-1].text
        return {**await _outcome(play), "vendor_summary": summary}


async def _buyer(play: Play, n: int, channel: str) -> Buyer:
    chance = random.Random(n)  # noqa: S311 - a script, not a secret
    name = f"{chance.choice(FIRST_NAMES)} {chance.choice(LAST_NAMES)}"
    hidden = f"{name.split()[0].lower()}.{n}" if n % 9 == 4 else None  # some people hide their number
    phone = await Phone.on(play.venue.lines[channel], f"22177{5_000_000 + n}", name=name, username=hidden)
    return Buyer(phone, play.timings, n)


async def _outcome(play: Play) -> dict[str, Any]:
    shop_id = play.venue.shop.id
    async with play.house.db.transaction(shop_id) as tx:
        books: Books = await read_books(tx)
        wrong = await imbalances(tx)
        turnover = Money(books.turnover_minor, (await load_shop(tx)).currency)
    counters = [await line.counters() for line in play.venue.lines.values()]
    written = sum(each.get("inbound", 0) + each.get("comments", 0) for each in counters)
    return {
        "buyers": len(play.people),
        "messages_in": written,
        "comments": sum(each.get("comments", 0) for each in counters),
        "replies_out": sum(each.get("accepted", 0) for each in counters),
        "holds": books.holds,
        "paid": books.paid,
        "expired": books.expired,
        "cancelled": books.cancelled,
        "waitlist_served": books.waitlist_served,
        "late_payments": books.late_payments,
        "double_payments": books.double_payments,
        "free_text": len(play.exchanges),
        "voice_notes": books.voice_notes,
        "voice_answers": play.spoken.answers,
        "quotes": books.quotes,
        "escalations": books.escalations,
        "oversold": books.oversold,
        "lost": written - books.messages + books.unanswered + books.unsent + books.failed_sends,
        "doubled": sum(each["doubled"] + each.get("repeated", 0) for each in counters),
        "reply_ms": percentiles(play.timings.replies, 1000, (50, 95, 99)),
        "order_seconds": percentiles(play.timings.orders, 1, (50, 95)),
        "refunds_staged": books.refunds,
        "turnover": str(turnover),
        "conversations": [asdict(exchange) for exchange in play.exchanges],
        "imbalances": wrong,
    }


async def play(
    config: Settings, *, buyers: int, voice: bool | None, port: int | None, once: bool, as_json: bool
) -> int:
    """Set the stage, play the live, check and show the outcome; then serve on unless ``once``. The exit status.

    ``voice``: with a buyer who speaks; None: if speech is installed. ``Unavailable`` when it has to be and is not.
    """
    speaking = await asyncio.to_thread(_can_speak, config, voice)
    console = Console(stderr=as_json)
    starting = console.status("Starting PostgreSQL, the simulator, the API and a worker …")
    starting.start()
    login = None if once else Login("awa@demo.example", secrets.token_urlsafe(9))
    async with fresh_stage(config, "demo", speed=SPEED, port=port) as stage:
        with starting:
            await stage.start_simulator()
            processes = [stage.start_api(), stage.start_worker(), *([stage.start_console()] if login else [])]
            await asyncio.gather(*processes)
        async with stage_house(stage) as house:
            if login:
                console.print(f"Watch it in the console: {stage.console} · {login.email} · {login.password}")
            with _progress(console, buyers + speaking) as advance:
                outcome = await play_live(stage, house, buyers, speaking, advance, login)
        wrong = [
            f"{name} is {outcome[name]}, expected {value}"
            for name, value in _expected(buyers, speaking).items()
            if outcome[name] != value
        ] + outcome["imbalances"]
        if speaking and not outcome["voice_answers"]:
            wrong.append("nobody was answered by voice")
        if as_json:
            print_json(outcome)
        _show(console, outcome, wrong)
        if login:
            console.print(f"\nServing at [bold]{stage.api}[/]: Ctrl-C to stop.")
            console.print(f"The vendor's console: [bold]{stage.console}[/] · {login.email} · {login.password}")
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.Event().wait()
    return 1 if wrong else 0


def _can_speak(config: Settings, wanted: bool | None) -> bool:
    """Is there to be a buyer who speaks? The models are fetched first, so that no buyer waits for them."""
    if wanted is False or (wanted is None and not can_hear(config)):
        return False
    try:
        ear_model(config)
        mouth_model(speaker("fr", config), config)
    except Unavailable:
        if wanted:
            raise
        return False
    return True


@contextlib.contextmanager
def _progress(console: Console, buyers: int) -> Iterator[Callable[[], None]]:
    columns = SpinnerColumn(), TextColumn("A live of {task.total:.0f} buyers"), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, TimeElapsedColumn(), console=console) as progress:
        task = progress.add_task("live", total=buyers)
        yield lambda: progress.advance(task)


def _show(console: Console, outcome: dict[str, Any], wrong: list[str]) -> None:
    table = Table(title="The live, in figures", show_header=False)
    for name, value in outcome.items():
        if name not in ("vendor_summary", "conversations", "imbalances"):
            shown = ", ".join(f"{k} {v:g}" for k, v in value.items()) if isinstance(value, dict) else str(value)
            table.add_row(name.replace("_", " "), shown)
    console.print(table)
    for talked in outcome["conversations"]:
        console.print(f"\n[bold]{talked['talker']}[/] ({talked['speaks']}): {talked['said']}", highlight=False)
        document = f"\n📄 {talked['document']}" if talked["document"] else ""
        console.print(f"[green]{talked['answer']}{document}[/]", highlight=False)
    console.print("\n[bold]What the vendor read on WhatsApp in the end[/]\n" + outcome["vendor_summary"])
    for line in wrong:
        console.print(f"[red]✗ {line}[/]")
    if not wrong:
        console.print("[green]✓ Every figure is as it must be: nothing oversold, lost or doubled, books balanced.[/]")
