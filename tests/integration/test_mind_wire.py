"""A language model over real HTTP, well behaved and not: whatever it does, the buyer gets a decision, in time."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import orjson
import pytest
from pydantic import SecretStr

from griot.agent import acts
from griot.agent.mind.models import Decision, Mind, ToolChoice
from griot.agent.mind.registry import endpoint_for, mind_for
from griot.channels.simulator.server import serving
from griot.core.errors import ConfigurationError
from griot.core.settings import ModelEndpoint, Settings
from griot.core.tenancy import Shop, ShopSettings
from griot.rehearsal import model_double as double
from griot.rehearsal.model_double import ModelDouble, Script, always, calls, in_turn
from mind_world import SHOP, brief, interpreting, order

BAG = ToolChoice("hold", {"lines": [{"code": "SAC2", "quantity": 2}]})
HELD = (acts.Take("SAC2", 2),)
BY_RULES = (acts.SmallTalk("ok"),)
DEADLINE = 1.5
PATIENCE = 5.0  # of a slow machine, in seconds


@pytest.fixture(autouse=True)
def _interpreter(monkeypatch: pytest.MonkeyPatch) -> None:
    interpreting(monkeypatch, lambda _: [ToolChoice("small_talk", {"kind": "ok"})])


def config(origin: str, **other: Any) -> Settings:
    values: dict[str, Any] = {
        "model_url": f"{origin}/v1",
        "model_name": "double",
        "model_key": SecretStr("k"),
        "model_timeout": 0.5,
        "model_turn_seconds": DEADLINE,
    }
    return Settings(**values | other)


def shop(**settings: Any) -> Shop:
    return Shop(1, "awa", "Chez Awa", "live_seller", "SN", "XOF", "UTC", "fr", None, 1, ShopSettings(**settings))


@asynccontextmanager
async def model(script: Script, **settings: Any) -> AsyncIterator[tuple[Mind, ModelDouble]]:
    scripted = ModelDouble(script)
    async with serving(scripted.app) as origin:
        yield mind_for(shop(), config(origin, **settings)), scripted


async def decided(
    script: Script, text: str = "je veux le sac en cuir", **settings: Any
) -> tuple[Decision, ModelDouble]:
    async with model(script, **settings) as (mind, scripted):
        began = time.perf_counter()
        decision = await mind.decide(brief(text))
        assert time.perf_counter() - began < DEADLINE + PATIENCE
        return decision, scripted


async def test_a_model_decides_in_one_call() -> None:
    decision, scripted = await decided(always(calls(BAG)))
    assert decision.acts == HELD
    assert len(scripted.requests) == decision.usage.calls == 1
    assert (decision.usage.tokens_in, decision.usage.tokens_out) == scripted.spent[0]
    assert decision.usage.model == "double"
    assert not decision.usage.fell_back


async def test_a_message_may_ask_for_several_things() -> None:
    decision, _ = await decided(always(calls(BAG, ToolChoice("answer_faq", {"key": "livraison"}))))
    assert decision.acts == (*HELD, acts.AnswerFaq("livraison"))


async def test_a_lookup_comes_back_to_the_model_and_lets_it_name_what_was_found() -> None:
    """The robe is not in the prompt of “bonjour”: only after the search may it be held."""
    robe = ToolChoice("hold", {"lines": [{"code": "ROBE1", "options": {"taille": "M", "couleur": "bleu"}}]})
    decision, scripted = await decided(double.lookup_then("robe en wax", [robe]), text="bonjour")
    assert decision.acts == (acts.Take("ROBE1", None, {"taille": "M", "couleur": "bleu"}),)
    assert decision.usage.calls == 2
    assert b"Robe longue en wax" not in scripted.requests[0]
    assert b"Robe longue en wax" in scripted.requests[1]


async def test_a_product_that_was_never_shown_is_not_held() -> None:
    decision, _ = await decided(always(calls(BAG)), text="bonjour")
    assert decision.acts == (acts.Clarify("product"),)


async def test_a_decision_beside_a_lookup_needs_no_second_call() -> None:
    decision, scripted = await decided(always(calls(ToolChoice("search_catalogue", {"query": "sac"}), BAG)))
    assert decision.acts == HELD
    assert len(scripted.requests) == 1


async def test_plain_words_are_something_to_say() -> None:
    decision, _ = await decided(always(double.says("Avec plaisir, à bientôt !")))
    assert decision.acts == (acts.Say("Avec plaisir, à bientôt !"),)


async def test_talked_into_a_discount_a_model_has_only_words_for_it() -> None:
    """What it says is checked before it leaves; no tool it could call has a price."""
    decision, _ = await decided(always(double.injected()))
    assert [type(act) for act in decision.acts] == [acts.Say]


@pytest.mark.parametrize(
    ("misbehaves", "requests"),
    [
        pytest.param(double.server_error(), 2, id="500, tried once more"),
        pytest.param(double.rate_limited(), 2, id="429, tried once more whatever it says to wait"),
        pytest.param(double.late(5, calls(BAG)), 1, id="too late"),
        pytest.param(double.cut_off(calls(BAG)), 2, id="connection cut"),
        pytest.param(double.malformed_call(), 1, id="arguments that are no JSON"),
        pytest.param(double.unknown_tool(), 1, id="a tool that does not exist"),
        pytest.param(calls(ToolChoice("hold", {"lines": 7})), 1, id="arguments of the wrong shape"),
        pytest.param(double.endless_lookup(), 3, id="looks up without end"),
        pytest.param(double.no_choices(), None, id="no choices at all"),
        pytest.param(double.says(""), 1, id="empty words"),
        pytest.param(double.huge(), 1, id="two million letters"),
        pytest.param(double.says('{"name": "hold", "arguments": {}}'), 1, id="a call written as words"),
        pytest.param(replace(double.says("Je vous pro"), finish="length"), 1, id="cut off by its own limit"),
    ],
)
async def test_no_answer_is_lost_because_a_model_failed(misbehaves: double.Answer, requests: int | None) -> None:
    decision, scripted = await decided(always(misbehaves))
    assert decision.acts == BY_RULES
    assert decision.usage.fell_back
    assert decision.usage.model == "offline"
    assert len(scripted.requests) == requests or (requests is None and scripted.requests)
    assert decision.usage.calls == len(scripted.requests)


async def test_an_endpoint_that_is_not_there() -> None:
    mind = mind_for(shop(), config("http://127.0.0.1:9"))
    decision = await mind.decide(brief("je veux le sac"))
    assert decision.acts == BY_RULES
    assert decision.usage.fell_back


async def test_a_second_try_that_works_is_the_models_decision() -> None:
    decision, _ = await decided(in_turn(double.server_error(), calls(BAG)))
    assert decision.acts == HELD
    assert not decision.usage.fell_back
    assert decision.usage.calls == 2


async def test_usage_that_cannot_be_is_estimated() -> None:
    decision, _ = await decided(always(double.wrong_usage(calls(BAG))))
    assert decision.acts == HELD
    assert 100 < decision.usage.tokens_in < 5000
    assert 0 <= decision.usage.tokens_out < 100


async def test_a_turn_that_has_spent_its_tokens_asks_no_further() -> None:
    decision, scripted = await decided(always(double.endless_lookup()), model_turn_tokens=1000, model_calls=9)
    assert decision.acts == BY_RULES
    assert len(scripted.requests) == 1


async def test_a_shop_that_has_spent_its_day_is_served_by_rules_until_tomorrow() -> None:
    async with model(always(calls(BAG)), model_daily_tokens=10) as (mind, scripted):
        assert (await mind.decide(brief("je veux le sac"))).acts == HELD
        assert (await mind.decide(brief("je veux le sac"))).acts == BY_RULES
        tomorrow = replace(SHOP, now=SHOP.now.replace(day=21))
        assert (await mind.decide(brief("je veux le sac", shop=tomorrow))).acts == HELD
        assert len(scripted.requests) == 2


async def test_an_endpoint_that_is_down_stops_costing_time() -> None:
    async with model(always(double.late(5, calls(BAG)))) as (mind, scripted):
        for _ in range(6):
            decision = await mind.decide(brief("je veux le sac"))
        assert decision.acts == BY_RULES
        assert decision.usage.seconds < 0.1
        assert len(scripted.requests) == 4


async def test_buyers_who_write_at_the_same_time_get_their_own_answers() -> None:
    def script(asked: double.Asked) -> double.Answer:
        code = "SAC2" if "sac" in asked.text.rsplit('"message"', 1)[1] else "ROBE1"
        return double.late(0.05, calls(ToolChoice("show_products", {"codes": [code]})))

    async with model(script) as (mind, _):
        texts = ["le sac en cuir ?", "la robe en wax ?"] * 10
        decisions = await asyncio.gather(*(mind.decide(brief(text)) for text in texts))
    assert [d.acts for d in decisions] == [(acts.Show(("SAC2",)),), (acts.Show(("ROBE1",)),)] * 10


async def test_the_wire_carries_words_and_nothing_of_the_house() -> None:
    """The brief travels beside the message for the interpreter, and never leaves; nor do ids."""
    told = brief("je veux le sac", orders=(replace(order("LP-1", "SAC2"), id=987_654, customer_id=123_456),))
    async with model(always(calls(BAG))) as (mind, scripted):
        await mind.decide(told)
    raw = scripted.requests[0].decode()
    body = orjson.loads(raw)
    assert {name for message in body["messages"] for name in message} == {"role", "content"}
    assert "je veux le sac" in raw
    for secret in ("Brief(", "987654", "123456", "customer_id", "additional_kwargs", "variant_id"):
        assert secret not in raw, secret


async def test_a_model_held_to_a_schema_decides_as_well() -> None:
    answer = {"action": "order", "items": [{"code": "SAC2", "quantity": 2}], "date": "", "time": "", "text": ""}
    decision, scripted = await decided(always(double.decides(answer)), model_path="schema")
    assert decision.acts == HELD
    body = orjson.loads(scripted.requests[0])
    assert "tools" not in body
    form = body["response_format"]["json_schema"]
    assert form["strict"]
    assert form["schema"]["properties"]["items"]["items"]["properties"]["code"]["enum"] == ["SAC2"]


@pytest.mark.parametrize("words", ["Bien sûr !", '{"action": "give_discount"}', "[]", '{"action": "order", "items": ['])
async def test_a_schema_that_is_not_kept_falls_back(words: str) -> None:
    decision, _ = await decided(always(double.says(words)), model_path="schema")
    assert decision.acts == BY_RULES
    assert decision.usage.fell_back


async def test_a_shop_chooses_its_model() -> None:
    small = ModelEndpoint(url="http://127.0.0.1:9/v1", name="small", path="schema")
    settings = config("http://127.0.0.1:9", models={"small": small})
    assert endpoint_for("small", settings) == small
    assert endpoint_for("offline", settings) is None
    default = endpoint_for(None, settings)
    assert default is not None
    assert default.name == "double"
    with pytest.raises(ConfigurationError, match="small"):
        endpoint_for("large", settings)
    assert mind_for(shop(model="small"), settings) is mind_for(shop(model="small"), settings)
    assert mind_for(shop(model="small"), settings) is not mind_for(shop(), settings)


async def test_a_shop_whose_model_is_not_configured_is_served_by_rules() -> None:
    decision = await mind_for(shop(model="large"), config("http://127.0.0.1:9")).decide(brief("salut"))
    assert decision.acts == BY_RULES
    assert decision.usage.calls == 0


async def test_without_an_endpoint_the_interpreter_decides_alone() -> None:
    decision = await mind_for(shop(), Settings(model_url="")).decide(brief("salut"))
    assert decision.acts == BY_RULES
    assert not decision.usage.fell_back


async def test_an_interpreter_that_fails_hands_over(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: Any) -> list[ToolChoice]:
        raise ZeroDivisionError

    interpreting(monkeypatch, fails)
    decision, _ = await decided(always(double.server_error()))
    assert decision.acts == (acts.Escalate("unknown"),)
