"""A day of a shop over REST: each noun read and changed, each change remembered with who made it."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from api_world import Api, Person, open_api

from griot.channels.simulator.server import serving
from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.core.money import Money
from griot.knowledge.importing.jobs.running import run_next
from griot.tools.payments import queries as payments
from griot.tools.shops.service import connect_account
from house_world import Number, article, message

TABLE = b"Nom;Prix;Stock\nFoulard;5000;4\nSac en raphia;12000;2\nSandales;8000;6\n"


@pytest.fixture
async def api(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[Api]:
    async with open_api(database_url, db, clock) as opened:
        yield opened


@pytest.fixture
async def number(api: Api) -> Number:
    return await api.world.number(article("ROBE1", 5), article("SAC2", 3))


@pytest.fixture
async def owner(api: Api, number: Number) -> Person:
    return await api.person(number)


async def act(api: Api, person: Person, method: str, path: str, body: Any = None, **more: Any) -> Any:
    """A change that succeeds, and leaves an event that names who made it."""
    before = (await api.get(person, "/events/log", limit=1)).json()["items"]
    answer = await api.http.request(method, f"/api/v1{path}", json=body, headers=person.headers, **more)
    assert answer.is_success, (path, answer.text)
    after = (await api.get(person, "/events/log", limit=1)).json()["items"]
    assert after != before, f"{method} {path} left no event"
    assert after[0]["actor"] == f"user:{person.id}", (path, after[0])
    return answer.json() if answer.content else None


async def test_products_are_added_changed_counted_and_brought_in(api: Api, number: Number, owner: Person) -> None:
    made = await act(
        api, owner, "POST", "/products",
        {"code": "jupe 1", "title": "Jupe", "price": "12000", "stock": {"S": 2, "M": 1}, "options": "taille:S|M"},
    )  # fmt: skip
    assert (made["code"], made["price"]["text"]) == ("JUPE1", "12 000 F CFA")
    assert [(v["options"], v["free"]) for v in made["variants"]] == [({"taille": "S"}, 2), ({"taille": "M"}, 1)]
    await act(api, owner, "PATCH", f"/products/{made['id']}", {"price": "13000", "title": "Jupe wax"})
    level = await act(api, owner, "POST", f"/variants/{made['variants'][0]['id']}/stock", {"quantity": 3})
    assert level["on_hand"] == 5
    shown = (await api.get(owner, "/products/jupe1")).json()
    assert (shown["title"], shown["price"]["minor"], shown["variants"][0]["free"]) == ("Jupe wax", 13000, 5)
    codes = []
    after = None
    while True:
        page = (await api.get(owner, "/products", limit=2, **({"after": after} if after else {}))).json()
        codes += [product["code"] for product in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert codes == ["ROBE1", "SAC2", "JUPE1"]

    table = {"file": ("liste.csv", TABLE)}
    path = "/api/v1/products/upload"
    unsaid = (await api.http.post(path, files=table, headers=owner.headers)).json()
    assert (unsaid["currency_needed"], unsaid["products"]) == (True, [])
    said = {"currency": "XOF"}
    preview = (await api.http.post(path, files=table, data=said, headers=owner.headers)).json()
    assert [product["title"] for product in preview["products"]] == ["Foulard", "Sac en raphia", "Sandales"]
    asked = await api.http.post(path, files=table, data={**said, "dry_run": "false"}, headers=owner.headers)
    assert (asked.status_code, asked.json()["status"]) == (202, "waiting")
    assert await run_next(api.world.house, number.shop.id)
    done = (await api.get(owner, f"/imports/{asked.json()['id']}")).json()
    assert (done["status"], done["report"]["new"]) == ("done", 3)
    assert (await api.get(owner, "/events/log", limit=1)).json()["items"][0]["kind"] == "catalogue.imported"
    [source] = (await api.get(owner, "/sources")).json()
    assert source["products"] == 3
    assert "token" not in source


async def test_a_live_is_run_and_an_order_followed(api: Api, number: Number, owner: Person) -> None:
    live = await act(api, owner, "POST", "/live/start", {"title": "Déstockage", "codes": ["ROBE1"]})
    invoiced = await act(
        api, owner, "POST", "/live/invoice", {"code": "ROBE1", "name": "Binta", "phone": "+221 78 123 45 67"}
    )
    order = invoiced["order"]
    assert order["live"] == live["id"]
    standing = (await api.get(owner, "/live")).json()
    assert (standing["totals"]["pending"], standing["stock"][0]["held"]) == (1, 1)
    assert (await api.get(owner, "/orders", live=live["id"])).json()["items"] == [order]
    assert (await api.get(owner, f"/orders/{order['id']}/payments")).json() == []
    cancelled = await act(api, owner, "POST", f"/orders/{order['id']}/cancel")
    assert cancelled["status"] == "cancelled"
    again = await api.post(owner, f"/orders/{order['id']}/cancel")
    assert again.status_code == 409
    kinds = [event["kind"] for event in (await api.get(owner, f"/orders/{order['id']}/history")).json()]
    assert kinds[-1] == "order.cancelled"
    customer = (await api.get(owner, f"/customers/{order['customer']}")).json()
    assert sum(reason["points"] for reason in customer["why"]) == customer["trust"]
    board = (await api.get(owner, "/live/board")).json()
    assert [(bar["orders"], bar["code"]) for bar in board["bars"]] == [(1, "ROBE1")]
    assert [(shelf["code"], shelf["orders"]) for shelf in board["stock"]] == [("ROBE1", 1)]
    assert board["latest"] == [cancelled]
    today = (await api.get(owner, "/today")).json()
    assert (today["unpaid"], today["sales"]["basket"]) == (0, None)
    assert (await api.get(owner, "/live/overlay")).json() == {"address": None}
    made = await act(api, owner, "POST", "/live/overlay")
    assert made["address"].startswith("http://127.0.0.1:8002/overlay/")
    assert (await api.get(owner, "/live/overlay")).json() == made
    closed = [await api.http.delete("/api/v1/live/overlay", headers=owner.headers) for _ in range(2)]
    assert [answer.status_code for answer in closed] == [204, 404]
    ended = await act(api, owner, "POST", "/live/stop")
    assert ended["summary"]["orders"] == 1
    assert [item["id"] for item in (await api.get(owner, "/lives")).json()["items"]] == [live["id"]]


async def test_a_refund_is_decided_once_by_a_person(api: Api, number: Number, owner: Person) -> None:
    invoiced = (
        await api.post(owner, "/live/invoice", {"code": "ROBE1", "name": "Binta", "phone": "+221 78 123 45 67"})
    ).json()
    now = api.world.clock.now()
    async with api.world.db.transaction(number.shop.id) as tx:
        money = Money(15_000, "XOF")
        payment = await payments.insert(
            tx, order_id=invoiced["order"]["id"], provider="sandbox", means="wave", reference="R1", amount=money,
            order_total=money, check_at=now, now=now,
        )  # fmt: skip
        await payments.stage_refund(tx, payment.id, money, "late", now)
    [staged] = (await api.get(owner, "/refunds", status="staged")).json()["items"]
    approved = await act(api, owner, "POST", f"/refunds/{staged['id']}", {"status": "approved"})
    assert approved["status"] == "approved"
    assert (await api.post(owner, f"/refunds/{staged['id']}", {"status": "rejected"})).status_code == 409
    assert (await act(api, owner, "POST", f"/refunds/{staged['id']}", {"status": "done"}))["status"] == "done"
    assert (await api.get(owner, "/refunds", status="staged")).json()["items"] == []


async def test_a_quote_is_made_for_a_conversation(api: Api, number: Number, owner: Person) -> None:
    thread = await api.world.thread(number)
    product = (await api.get(owner, "/products/ROBE1")).json()
    wanted = {"conversation": thread, "lines": [{"variant": product["variants"][0]["id"], "quantity": 3}]}
    quote = await act(api, owner, "POST", "/devis", wanted)
    assert quote["total"]["minor"] == 45_000
    assert (await api.get(owner, "/devis")).json()["items"] == [quote]
    paper = await api.get(owner, f"/devis/{quote['id']}/paper")
    assert paper.content.startswith(b"%PDF")
    assert paper.headers["content-disposition"] == f'attachment; filename="{quote["number"]}.pdf"'


async def test_faq_settings_people_and_keys(api: Api, number: Number, owner: Person) -> None:
    [entry] = await act(api, owner, "PUT", "/faq", [{"question": "Livrez-vous à Dakar ?", "answer": "Oui"}])
    assert (await api.get(owner, "/faq")).json() == [entry]
    await act(api, owner, "DELETE", f"/faq/{entry['key']}")
    assert (await api.get(owner, "/faq")).json() == []
    changed = await act(api, owner, "PATCH", "/settings", {"hold_minutes": 12, "legal": {"name": "Awa SARL"}})
    assert (changed["settings"]["hold_minutes"], changed["settings"]["legal"]) == (12, {"name": "Awa SARL"})
    wrong = await api.http.patch("/api/v1/settings", json={"hold_minutes": "long"}, headers=owner.headers)
    assert (wrong.status_code, wrong.json()["error"]) == (422, "InvalidInput")
    added = await act(api, owner, "POST", "/users", {"email": "b@example.com", "name": "Binta", "role": "agent"})
    user = added["user"]["id"]
    assert added["password"]
    assert (await act(api, owner, "PATCH", f"/users/{user}", {"role": "analyst"}))["role"] == "analyst"
    assert (await api.post(owner, f"/users/{user}/reset")).json()["password"] != added["password"]
    await act(api, owner, "DELETE", f"/users/{user}")
    assert [one["email"] for one in (await api.get(owner, "/users")).json()] == [owner.email]
    made = await act(api, owner, "POST", "/keys", {"name": "webshop", "scopes": ["orders:read"]})
    headers = {"Authorization": f"Bearer {made['key']}"}
    assert (await api.http.get("/api/v1/orders", headers=headers)).json() == {"items": [], "next": None}
    await act(api, owner, "DELETE", f"/keys/{made['made']['id']}")
    assert (await api.http.get("/api/v1/orders", headers=headers)).status_code == 401


async def test_logging_in_over_http(api: Api, number: Number, monkeypatch: pytest.MonkeyPatch) -> None:
    from argon2 import PasswordHasher

    from griot.tools.users import passwords, service

    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    _, given = await service.add(
        api.world.house, number.shop.id, email="c@example.com", name="C", role="owner", by=None
    )
    login = (await api.post(None, "/login", {"email": "C@example.com ", "password": given})).json()
    assert login["must_change_password"] is True
    headers = {"Authorization": f"Bearer {login['access_token']}"}
    assert (await api.http.get("/api/v1/orders", headers=headers)).status_code == 403
    mine = {"former": given, "password": "une phrase que moi seule connais"}
    assert (await api.http.post("/api/v1/auth/password", json=mine, headers=headers)).status_code == 204
    assert (await api.http.get("/api/v1/orders", headers=headers)).status_code == 200
    renewed = (await api.post(None, "/auth/refresh", {"refresh_token": login["refresh_token"]})).json()
    assert (await api.post(None, "/auth/refresh", {"refresh_token": login["refresh_token"]})).status_code == 401
    assert (await api.http.get("/api/v1/orders", headers=headers)).status_code == 401  # the reuse ended the session
    assert renewed["access_token"]
    planted = {"Cookie": "griot_session=planted"}
    session = await api.http.post(
        "/api/v1/auth/session", json={"email": "c@example.com", "password": mine["password"]}, headers=planted
    )
    cookie = session.headers["set-cookie"]
    assert "planted" not in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    for _ in range(11):
        last = await api.post(None, "/login", {"email": "c@example.com", "password": "a guess at it"})
    assert last.status_code == 429
    assert int(last.headers["retry-after"]) > 0


async def test_what_happens_is_streamed_and_goes_on_where_it_was_left(api: Api, number: Number, owner: Person) -> None:
    async with serving(api.app) as origin, httpx.AsyncClient(base_url=origin, timeout=10) as http:
        thread = await api.world.thread(number)
        last: str | None = None

        async def told(until: str, **headers: str) -> list[tuple[str, Any]]:
            nonlocal last
            found: list[tuple[str, Any]] = []
            async with http.stream("GET", "/api/v1/events", headers=owner.headers | headers) as stream:
                assert stream.headers["content-type"].startswith("text/event-stream")
                watching.set()
                name = ""
                async for line in stream.aiter_lines():
                    field, _, value = line.partition(": ")
                    if field == "id":
                        last = value
                    elif field == "event":
                        name = value
                    elif field == "data":
                        found.append((name, json.loads(value)))
                        if until in line:
                            return found
            return found

        watching = asyncio.Event()
        first = asyncio.create_task(told("settings.changed"))
        await watching.wait()
        await asyncio.sleep(0.3)
        await api.world.receive(number, message("Bonjour", api.world.clock.now()))
        await asyncio.sleep(0.3)
        await act(api, owner, "PATCH", "/settings", {"hold_minutes": 12})
        seen = await asyncio.wait_for(first, 10)
        assert seen[0] == ("look", {})
        assert ("thread", {"conversation": thread}) in seen
        assert (seen[-1][1]["kind"], seen[-1][1]["actor"]) == ("settings.changed", f"user:{owner.id}")
        await act(api, owner, "PATCH", "/settings", {"hold_minutes": 13})
        await act(api, owner, "POST", "/live/start", {})
        missed = await told("live.started", **{"Last-Event-ID": last or ""})
        assert [data["kind"] for name, data in missed if name == "happened"] == ["settings.changed", "live.started"]
        assert (await http.get("/api/v1/events", headers=owner.headers | {"Last-Event-ID": "x"})).status_code == 422


async def test_two_records_are_merged_and_parted_by_the_owner(api: Api, number: Number, owner: Person) -> None:
    async with api.world.db.transaction(number.shop.id) as tx:
        await connect_account(
            tx, api.world.house.keyring, "instagram", "1784", display="@awa", token="x", now=api.world.clock.now()
        )
    ids = []
    for phone in ("+221 78 123 45 67", "+221 78 123 45 68"):
        body = {"code": "ROBE1", "name": "Binta", "phone": phone}
        ids.append((await act(api, owner, "POST", "/live/invoice", body))["order"]["customer"])
    one, other = ids
    merged = await act(api, owner, "POST", f"/customers/{one}/merge", {"other": other})
    assert [record["id"] for record in merged["records"]] == ids
    assert [(link["one"], link["other"], link["proof"]) for link in merged["links"]] == [(one, other, "vendor")]
    assert (await api.get(owner, f"/customers/{other}/person")).json() == merged
    assert (await api.post(owner, f"/customers/{one}/merge", {"other": other})).status_code == 409
    helper = await api.person(number, role="agent", email="helper@example.com")
    assert (await api.get(helper, f"/customers/{one}/person")).status_code == 200
    assert (await api.post(helper, f"/customers/{one}/unmerge", {"other": other})).status_code == 403
    apart = await act(api, owner, "POST", f"/customers/{one}/unmerge", {"other": other})
    assert [[record["id"] for record in person["records"]] for person in apart["persons"]] == [[one], [other]]
    assert (await api.post(owner, f"/customers/{one}/unmerge", {"other": other})).status_code == 404
    invited = await act(api, owner, "POST", f"/customers/{one}/invitation")
    assert list(invited["addresses"]) == ["instagram"]


async def test_a_product_is_kept_over_rest(api: Api, number: Number, owner: Person) -> None:
    product = (await api.get(owner, "/products/robe1")).json()
    id_, variant = product["id"], product["variants"][0]["id"]
    steps = await act(api, owner, "PUT", f"/products/{id_}/price-breaks", [{"min_quantity": 3, "price": "14000"}])
    assert [(step["min_quantity"], step["unit"]["minor"]) for step in steps] == [(3, 14000)]
    await act(api, owner, "PATCH", f"/variants/{variant}", {"price": "16000"})
    assert (await api.get(owner, "/products/robe1")).json()["variants"][0]["price"]["minor"] == 16000
    level = await act(api, owner, "POST", f"/variants/{variant}/count", {"counted": 4, "note": "inventaire"})
    assert level["on_hand"] == 4
    await act(api, owner, "POST", f"/variants/{variant}/stock", {"quantity": -1, "reason": "damaged"})
    told = (await api.get(owner, f"/products/{id_}/movements")).json()["items"]
    assert [(m["kind"], m["pieces"]) for m in told] == [("damaged", -1), ("counted", -1), ("opened", 5)]
    assert told[0]["actor"] == f"user:{owner.id}"
    await act(api, owner, "PATCH", f"/products/{id_}", {"low_stock": 3, "active": False})
    hidden = (await api.get(owner, "/stock", only="hidden", search="robe")).json()["items"]
    assert [(one["code"], one["free"], one["low_stock"]) for one in hidden] == [("ROBE1", 3, 3)]


async def test_an_import_over_rest_is_read_later_looked_at_and_written(api: Api, number: Number, owner: Person) -> None:
    answer = await api.http.post(
        "/api/v1/products/upload", files={"file": ("liste.csv", TABLE)}, data={"later": "true"}, headers=owner.headers
    )
    path = f"/imports/{answer.json()['id']}"
    assert (await api.post(owner, f"{path}/write")).status_code == 409, "nothing was read yet"
    await run_next(api.world.house, number.shop.id)
    shown = (await api.get(owner, path)).json()
    assert (shown["status"], shown["preview"]["currency_needed"], shown["preview"]["products"]) == ("shown", True, [])
    assert (await api.post(owner, f"{path}/write")).status_code == 409, "nothing would come in"
    corrected = await act(api, owner, "PATCH", path, {"currency": "xof", "columns": {"Stock": "-"}})
    assert corrected["status"] == "waiting"
    await run_next(api.world.house, number.shop.id)
    assert (await api.get(owner, path)).json()["preview"]["new"] == 3
    await act(api, owner, "POST", f"{path}/write")
    await run_next(api.world.house, number.shop.id)
    [done] = (await api.get(owner, "/imports")).json()["items"]
    assert (done["status"], done["report"]["new"]) == ("done", 3)
    assert len((await api.get(owner, "/products")).json()["items"]) == 5
    assert (await api.http.delete(f"/api/v1{path}", headers=owner.headers)).status_code == 409
