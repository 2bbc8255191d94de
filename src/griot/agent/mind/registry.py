"""Who decides for a shop: a language model that is configured, or the offline interpreter alone."""

import asyncio
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from griot.agent.mind.models import Mind
from griot.core import logs
from griot.core.errors import ConfigurationError
from griot.core.settings import ModelEndpoint, Settings
from griot.core.tenancy import Shop

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from griot.agent.mind.thinking import Thinker

log = logs.get(__name__)

OFFLINE = "offline"


@dataclass(slots=True)
class _Known:
    """What has been made so far: thinkers by endpoint, minds by shop and endpoint."""

    thinkers: "dict[ModelEndpoint, Thinker]" = field(default_factory=dict)
    minds: dict[tuple[int, ModelEndpoint], Mind] = field(default_factory=dict)


# By event loop, since an endpoint's HTTP client belongs to one.
_known: WeakKeyDictionary[asyncio.AbstractEventLoop, _Known] = WeakKeyDictionary()


def mind_for(shop: Shop, config: Settings) -> Mind:
    """The mind of a shop, the same one every time; asked for within a running event loop.

    A shop whose model is not configured is told so in the log and served by the interpreter.
    """
    try:
        endpoint = endpoint_for(shop.settings.model, config)
    except ConfigurationError as error:
        log.error("the shop's model cannot be asked", shop=shop.slug, error=str(error))
        return _offline()
    if endpoint is None:
        return _offline()
    known = _known.setdefault(asyncio.get_running_loop(), _Known())
    if (shop.id, endpoint) not in known.minds:
        known.minds[shop.id, endpoint] = _language_mind(endpoint, config, known)
    return known.minds[shop.id, endpoint]


def endpoint_for(name: str | None, config: Settings) -> ModelEndpoint | None:
    """The endpoint that goes by a name, or the installation's without one; none: the interpreter decides alone.

    ``ConfigurationError`` when there is no endpoint of that name, or one without a model.
    """
    if name == OFFLINE:
        return None
    if name:
        if name not in config.models:
            known = ", ".join(config.models) or "none"
            raise ConfigurationError(
                f"There is no model {name!r}: GRIOT_MODELS has {known}. Add it there, or set the shop's to `offline`."
            )
        return config.models[name]
    if not config.model_url:
        return None
    if not config.model_name:
        raise ConfigurationError("GRIOT_MODEL_URL is set without a name: give GRIOT_MODEL_NAME, too.")
    return ModelEndpoint(url=config.model_url, name=config.model_name, key=config.model_key, path=config.model_path)


def chat_model(endpoint: ModelEndpoint, config: Settings) -> "BaseChatModel":
    """The chat model behind an endpoint. Retries are the agent's, so that they count within its bounds."""
    from langchain_openai import ChatOpenAI

    model = ChatOpenAI(
        model=endpoint.name,
        base_url=endpoint.url,
        api_key=endpoint.key or "none",
        timeout=config.model_timeout,
        max_retries=0,
        max_completion_tokens=config.model_tokens,
        temperature=config.model_temperature if config.model_temperature >= 0 else None,
        use_responses_api=False,
    )
    if endpoint.path == "tools":
        return model
    from griot.agent.mind.schema import SchemaChat

    return SchemaChat(inner=model)


@cache
def _offline() -> Mind:
    from griot.agent.mind.offline import OfflineMind

    return OfflineMind()


def _language_mind(endpoint: ModelEndpoint, config: Settings, known: _Known) -> Mind:
    from griot.agent.mind.allowance import Allowance
    from griot.agent.mind.thinking import LanguageMind, Limits, Thinker

    if endpoint not in known.thinkers:
        limits = Limits(config.model_calls, config.model_turn_tokens, config.model_turn_seconds)
        known.thinkers[endpoint] = Thinker(endpoint.name, chat_model(endpoint, config), limits)
    return LanguageMind(known.thinkers[endpoint], Allowance(config.model_daily_tokens))
