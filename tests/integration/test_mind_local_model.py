"""The real wire: ChatOpenAI against llama.cpp's server with a real, if tiny, language model.

That a model of 135 million weights decides well is not claimed: what counts is that requests are understood, answers
are read, and whatever it writes becomes a decision.
"""

from collections.abc import Iterator
from typing import Literal

import httpx
import pytest
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from griot.agent import acts
from griot.agent.mind.local import local_endpoint, packaged_weights
from griot.agent.mind.models import ToolChoice
from griot.agent.mind.prompting import messages_for
from griot.agent.mind.registry import mind_for
from griot.agent.mind.schema import ACTIONS, response_format
from griot.core.errors import ConfigurationError
from griot.core.settings import Settings
from griot.core.tenancy import Shop
from mind_world import brief, interpreting

SHOP = Shop(1, "awa", "Chez Awa", "live_seller", "SN", "XOF", "UTC", "fr", None, 1)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    try:
        weights = packaged_weights()
    except ConfigurationError as error:
        pytest.skip(str(error))
    with local_endpoint(weights) as url:
        yield url


@pytest.mark.parametrize("path", ["tools", "schema"])
async def test_whatever_the_model_writes_becomes_a_decision(
    endpoint: str, path: Literal["tools", "schema"], monkeypatch: pytest.MonkeyPatch
) -> None:
    interpreting(monkeypatch, lambda _: [ToolChoice("small_talk", {"kind": "ok"})])
    config = Settings(
        model_url=endpoint,
        model_name="smollm2",
        model_path=path,
        model_timeout=60,
        model_turn_seconds=90,
        model_tokens=120,
    )
    decision = await mind_for(SHOP, config).decide(brief("Je veux le sac en cuir"))
    assert decision.usage.calls >= 1
    assert decision.usage.tokens_in > 300
    assert decision.usage.tokens_out > 0
    assert decision.acts
    assert decision.usage.fell_back == (decision.acts == (acts.SmallTalk("ok"),))


async def test_a_schema_holds_the_model_to_our_actions_and_codes(endpoint: str) -> None:
    told = brief("Je veux le sac en cuir")
    model = ChatOpenAI(model="smollm2", base_url=endpoint, api_key=SecretStr("none"), temperature=0, max_retries=0)
    form = response_format(told)
    form["json_schema"]["schema"]["properties"] = {"action": form["json_schema"]["schema"]["properties"]["action"]}
    form["json_schema"]["schema"]["required"] = ["action"]
    answer = await model.ainvoke(messages_for(told, set()), response_format=form)
    assert any(f'"{action}"' in answer.text for action in ACTIONS)
    assert answer.usage_metadata is not None
    assert answer.usage_metadata["output_tokens"] > 0


def test_the_server_names_its_model(endpoint: str) -> None:
    assert httpx.get(f"{endpoint}/models").json()["data"]
