"""Whatever happens to a buyer, the logs and figures of the processes know neither name nor number nor words."""

import asyncio
import base64
import unicodedata
from pathlib import Path

import httpx
import psycopg

from griot.channels.signature import sign
from griot.channels.simulator.phones import Phone
from griot.rehearsal.buyers import Buyer, Timings, has
from griot.rehearsal.shop import VENDOR_PHONE, article
from griot.rehearsal.stage import free_port
from street import Street, open_street

PHONE = "221781234567"
PERSONAL = [
    *("Zéphyrine", "Quenum", "Philomène", "Batcho", "philo.b"),
    *(PHONE, PHONE[3:], "78 123 45 67", "+221 78", VENDOR_PHONE, VENDOR_PHONE[3:]),
    *("mariage", "ma cousine", "Dakar Plateau", "ROBE1"),
    *("wamid.", base64.b64encode(PHONE.encode()).decode().rstrip("=")[:-1]),
]


async def _live(street: Street) -> list[str]:
    """Everything that may happen to two buyers, good and bad; what the words of links are."""
    line_buyer = await street.buyer(1234567, name="Zéphyrine Quenum")
    buyer = Buyer(line_buyer, Timings(), 1)
    hidden = await _hidden(street)
    await hidden.say("je cherche une robe pour le mariage de ma cousine à Dakar Plateau, xyzzy ?")
    await hidden.expect(lambda message: True, 20)
    await line_buyer.send("unsupported", {"type": "poll_update"}, errors=[{"code": 131051, "title": "Quenum"}])
    await line_buyer.send_location(14.66, -17.43, name="Dakar Plateau", address="Dakar Plateau")
    faults = street.account.faults
    faults.add("refuse", code=131026, to=f"+{PHONE}")
    faults.add("refuse", code=131000, times=2)
    faults.add("drop_after")
    await line_buyer.say("vous livrez à Dakar Plateau ?")
    async with asyncio.timeout(20):
        while (await street.books()).failed_sends == 0:
            await asyncio.sleep(0.05)
    held = await buyer.order("ROBE1")
    await _cut_all_connections(street)
    link = await buyer.link(held)
    async with buyer.at_checkout(link, "wave") as (payer, hosted):
        await payer.press(hosted, "outcome", "paid")
    await line_buyer.expect(has("purchases"), 30)
    return [link.rpartition("/")[2]]


async def _hidden(street: Street) -> Phone:
    phone = await street.buyer(7654321, name="Philomène Batcho")
    street.simulator.person(phone.user_id).username = "philo.b"
    return phone


async def _cut_all_connections(street: Street) -> None:
    with psycopg.connect(street.stage.database, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    await street.house.db._pool.check()  # the test's own were among them


async def _strangers(street: Street, http: httpx.AsyncClient) -> None:
    """Deliveries and pages that are refused, each quoting the buyer."""
    secret = street.account.outlet.secret
    words = f'{{"entry": "Zéphyrine Quenum {PHONE}"'.encode()
    url = f"{street.stage.api}/webhooks/whatsapp"
    for header in ({}, {"X-Hub-Signature-256": "sha256=0"}, {"X-Hub-Signature-256": sign(secret, words)}):
        assert (await http.post(url, content=words, headers=header)).status_code in (400, 401)
    assert (await http.post(url, content=b"x" * 4_000_000)).status_code == 413
    assert (await http.get(f"{street.stage.api}/p/Quenum/{PHONE}")).status_code == 404
    assert (await http.post(f"{street.stage.api}/webhooks/payments/sandbox", content=words)).status_code >= 400


def _plain(text: str) -> str:
    """Lower case and without accents, escapes of JSON undone."""
    for letter in "éèà":
        text = text.replace(f"\\u{ord(letter):04x}", letter)
    return unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()


async def test_logs_and_metrics_name_nobody(database_url: str, tmp_path: Path) -> None:
    port = free_port()
    articles = [article("ROBE1", "Robe Wax", 15_000, 5)]
    async with (
        open_street(
            database_url,
            tmp_path,
            articles,
            GRIOT_LOG_LEVEL="DEBUG",
            GRIOT_METRICS_PORT=str(port),
            GRIOT_SEND_GRACE="1",
        ) as street,
        httpx.AsyncClient() as http,
    ):
        links = await _live(street)
        await _strangers(street, http)
        await street.simulator.drained()
        await street.rest()
        metrics = [
            (await http.get(f"{address}/metrics")).text for address in (street.stage.api, f"http://127.0.0.1:{port}")
        ]
    logs = {path.name: path.read_text() for path in street.stage.logs.iterdir()}
    assert logs.keys() == {"api.log", "worker1.log"} and all(logs.values())
    assert "Error" in logs["worker1.log"], "the run was too quiet to prove anything"
    for name, text in (*logs.items(), ("api metrics", metrics[0]), ("worker metrics", metrics[1])):
        for word in (*PERSONAL, *links):
            assert _plain(word) not in _plain(text), f"{word} is in {name}"
