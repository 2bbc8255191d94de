"""The words of a reply: templates filled with what the tools gave, and the buttons that go with them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from griot.agent.models import Scene
from griot.channels.model import Choice, Reply
from griot.core.money import Money
from griot.core.texts import text

_HONORIFICS = {"mme", "mlle", "mr", "mrs", "ms", "dr", "el", "madame", "monsieur", "maman", "papa", "mama"}
_FACTS = {"title", "items", "options"}  # values that are the catalogue's words, amounts in them included


def options_text(options: Mapping[str, str]) -> str:
    return f" ({', '.join(options.values())})" if options else ""


def first_name(name: str | None) -> str | None:
    """How to greet somebody: ``Aminata`` of ``Aminata Diallo 🌸``, ``Mme Diop`` in full; none for ``+221 77…``."""
    words = [word for word in (name or "").split() if word[:1].isalpha()]
    if not words:
        return None
    return " ".join(words[:2]) if words[0].strip(".").casefold() in _HONORIFICS else words[0]


class Saying:
    """Replies to one buyer, in one language. ``facts``: the figures and catalogue's words that they may state."""

    def __init__(self, scene: Scene, language: str) -> None:
        self.scene = scene
        self.language = language
        self.facts: list[str] = []

    def say(self, template: str, /, **values: Any) -> str:
        """A template, filled in. Amounts and the catalogue's words are noted as facts that the reply may state."""
        self.facts += [str(value) for key, value in values.items() if isinstance(value, Money) or key in _FACTS]
        return text(self.language, template, **values)

    def plain(self, template: str, /, **values: Any) -> Reply:
        """A template of ``conversation`` that needs no button."""
        return Reply(self.say(f"conversation.{template}", **values))

    def talk(self, template: str, /, **values: Any) -> Reply:
        """A template of ``talk`` that needs no button."""
        return Reply(self.say(f"talk.{template}", **values))

    def choice(self, button: str, choice_id: str, /, **values: Any) -> Choice:
        return Choice(choice_id, self.say(f"conversation.button_{button}", **values))

    def amount(self, price: Money) -> str:
        self.facts.append(str(price))
        return str(price)

    def day(self, on: date | None, at: str | None = None) -> str:
        """A day as people of this shop write it: ``samedi 21/11``, with the time when there is one."""
        if on is None:
            return at or ""
        named = text(self.language, f"dates.weekday_{on.weekday()}")
        return f"{named} {on:%d/%m}" + (f", {at}" if at else "")

    def moment(self, at: datetime, zone: Any) -> str:
        return at.astimezone(zone).strftime("%d/%m/%Y")
