"""A buyer played by a model, for dialogues that have a goal instead of a script.

The case says who the buyer is (``persona``) and what they want (``goal``); the model writes their next message until
they are done. What came of it is judged as everywhere: by the database, not by a model.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

from griot.core.errors import FarEndError, InvalidInput
from griot.evals.models import Case

MOST_TURNS = 12
DONE = "[done]"

_PROMPT = """You play a buyer who writes to a shop on {channel}. Stay in this role.
Who you are: {persona}
What you want: {goal}
You write {language}, the way people type on a phone: short, one message at a time, no explanation of your role.
Never invent what the shop said. When you have what you want, or it is clear that you will not get it, write {done}."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A model behind an OpenAI-compatible address."""

    name: str
    url: str

    @classmethod
    def read(cls, written: str) -> "Endpoint | None":
        """``offline`` is none; else ``NAME@BASE_URL``."""
        if written == "offline":
            return None
        name, _, url = written.rpartition("@")
        if not name or not url.startswith(("http://", "https://")):
            raise InvalidInput(
                f"{written!r} is no model: write offline, or NAME@BASE_URL (qwen3@http://127.0.0.1:8080/v1)."
            )
        return cls(name, url)

    def __str__(self) -> str:
        return f"{self.name}@{self.url}"


class Buyer:
    """Plays the buyer of free dialogues."""

    def __init__(self, endpoint: Endpoint, key: SecretStr | None) -> None:
        from langchain_openai import ChatOpenAI

        self._model = ChatOpenAI(
            model=endpoint.name,
            base_url=endpoint.url,
            api_key=key or SecretStr("none"),
            temperature=0.7,
            max_completion_tokens=120,
            timeout=60,
            max_retries=2,
        )

    def play(self, case: Case) -> Callable[[list[tuple[str, str]]], Awaitable[str | None]]:
        """What the buyer of this case says next, or None when the conversation is over."""
        most = int(case.raw.get("max_turns") or MOST_TURNS)
        role = _PROMPT.format(
            channel=case.channel,
            persona=case.raw.get("persona") or case.name or "somebody who sees the shop for the first time",
            goal=case.raw["goal"],
            language=case.lang,
            done=DONE,
        )

        async def speak(told: list[tuple[str, str]]) -> str | None:
            if sum(by == "buyer" for by, _ in told) >= most:
                return None
            messages: list[Any] = [("system", role)]
            messages += [("assistant" if by == "buyer" else "user", text) for by, text in told]
            if not told or told[-1][0] == "buyer":
                messages.append(("user", "(The shop waits for your message.)"))
            words = await self._say(messages)
            return None if not words or DONE in words else words

        return speak

    async def _say(self, messages: list[Any]) -> str:
        from openai import OpenAIError

        try:
            answer = await self._model.ainvoke(messages)
        except OpenAIError as error:
            raise FarEndError(f"The model that plays the buyer did not answer: {error}") from error
        return answer.text.strip() if isinstance(answer.text, str) else str(answer.content).strip()
