"""Settings over REST: the shop's own words, what it is connected to, and one's own sessions."""

from collections.abc import AsyncIterator

import pytest
from api_world import Api, open_api

from griot.core.clock import FrozenClock
from griot.core.db.pool import HOUSE, Database
from griot.tools.users import queries, tokens

GREET = "/api/v1/texts/fr/conversation.greet"


@pytest.fixture
async def api(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[Api]:
    async with open_api(database_url, db, clock) as opened:
        yield opened


async def test_own_words_are_looked_at_kept_and_given_up(api: Api) -> None:
    person = await api.person(await api.world.number())
    preview = await api.post(person, "/texts/fr/conversation.greet/preview", {"words": "Ici *{shop}*"})
    assert preview.json() == {"shown": "Ici *Chez Awa*"}
    (text,) = [one for one in (await api.get(person, "/texts")).json() if one["name"] == "conversation.greet"]
    assert text["own"] is None and text["names"] == ["shop", "code"]
    kept = await api.http.put(GREET, json={"words": "Ici *{shop}*"}, headers=person.headers)
    assert (kept.status_code, kept.json()["own"], kept.json()["shown"]) == (200, "Ici *{shop}*", "Ici *Chez Awa*")
    refused = await api.http.put(GREET, json={"words": "Tout à 5 000 F"}, headers=person.headers)
    assert refused.status_code == 422 and "catalogue" in refused.json()["message"]
    assert (await api.http.delete(GREET, headers=person.headers)).status_code == 204
    log = (await api.get(person, "/events/log")).json()["items"]
    assert [(one["kind"], one["actor"]) for one in log[:2]] == [
        ("text.reset", f"user:{person.id}"),
        ("text.changed", f"user:{person.id}"),
    ]


async def test_what_the_shop_is_changes_and_stays(api: Api) -> None:
    person = await api.person(await api.world.number())
    changed = await api.http.patch("/api/v1/shop", json={"segment": "b2b"}, headers=person.headers)
    assert (changed.json()["segment"], changed.json()["name"]) == ("b2b", "Chez Awa")
    refused = await api.http.patch("/api/v1/shop", json={"timezone": "Dakar"}, headers=person.headers)
    assert refused.status_code == 422


async def test_no_secret_of_an_account_or_provider_is_shown(api: Api) -> None:
    number = await api.world.number()
    person = await api.person(number)
    (account,) = (await api.get(person, "/accounts")).json()
    assert account["external_id"] == number.phone_number_id
    assert not {"access_token", "app_secret", "token"} & account.keys()
    (provider,) = (await api.get(person, "/providers")).json()
    assert provider["in_use"] and provider["connected_at"] is None
    health = (await api.post(person, f"/accounts/{account['id']}/check")).json()
    assert health["problem"] == "unreachable"
    trial = (await api.post(person, "/payments/trials", {"means": "wave"})).json()
    assert trial["url"] is None and trial["problem"] and trial["amount"]["text"] == "100 F CFA"


async def test_a_lost_telephone_is_logged_out_and_nobody_elses(api: Api) -> None:
    shop = await api.world.number()
    person, other = await api.person(shop), await api.person(shop, email="binta@example.com")
    house, now = api.world.house, api.world.clock.now()
    async with house.db.transaction(HOUSE) as tx:
        until = now.replace(year=now.year + 1)
        lost = await queries.insert_session(tx, person.id, "console", tokens.digest(tokens.new()), until, now)
    sessions = (await api.get(person, "/auth/sessions")).json()
    assert [(one["kind"], one["this"]) for one in sessions] == [("console", False), ("api", True)]
    theirs = await api.http.delete(f"/api/v1/auth/sessions/{lost}", headers=other.headers)
    assert theirs.status_code == 404
    ended = await api.http.delete(f"/api/v1/auth/sessions/{lost}", headers=person.headers)
    assert ended.status_code == 204
    assert len((await api.get(person, "/auth/sessions")).json()) == 1
