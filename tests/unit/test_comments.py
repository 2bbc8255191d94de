"""Which comments are for the shop, and what one private message can say."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from griot.agent import acts
from griot.agent.comments import in_one, in_public, says_nothing
from griot.channels.model import Choice, Media, Reply
from griot.tools.conversations.models import Message

AT = datetime(2026, 2, 15, tzinfo=UTC)


def scene(*messages: Message) -> Any:
    return SimpleNamespace(thread=SimpleNamespace(messages=messages))


def comment(text: str) -> Message:
    return Message(1, "comment", text, {"comment_id": "9"}, AT)


@pytest.mark.parametrize(
    ("words", "understood", "nothing"),
    [
        ("je prends ROBE1", [acts.Take("ROBE1")], False),
        ("ROBE1 c'est combien", [acts.Ask("ROBE1")], False),
        ("trop beau", [acts.SmallTalk("praise")], True),
        ("bonsoir", [acts.Greet()], True),
        ("bonsoir, je prends ROBE1", [acts.Greet(), acts.Take("ROBE1")], False),
        ("oui", [acts.Yes()], True),
        ("vous livrez ?", [acts.Say("Oui.")], False),
        ("ma sœur regarde", [acts.Say("Bonjour !")], True),
        ("hdfkjh", [acts.Escalate("unknown")], True),
        ("je n'ai jamais reçu mon colis", [acts.Escalate("complaint")], False),
        ("dernier prix 5000", [acts.Refuse("price", "ROBE1")], False),
        ("votez pour moi", [acts.Refuse("off_topic")], True),
        ("je prends la rouge", None, False),
    ],
)
def test_orders_and_questions_are_for_the_shop_and_talk_is_not(
    words: str, understood: list[acts.Act] | None, nothing: bool
) -> None:
    assert says_nothing(scene(comment(words)), understood) is nothing


def test_a_direct_message_makes_a_turn_private() -> None:
    written = Message(2, "text", "ROBE1", {}, AT)
    assert in_public(scene(comment("ROBE1")))
    assert not in_public(scene(comment("ROBE1"), written))


def test_several_replies_are_one_with_everything_that_can_be_tapped() -> None:
    pay, stop = Choice("pay:1", "PAYER"), Choice("cancel:1", "ANNULER")
    first = Reply("La robe est à toi.", (pay, stop), media=Media("image", picture=3))
    second = Reply("Le sac aussi.", (pay,), link=("Payer", "https://x/p/1"))
    assert in_one([first, second]) == (
        Reply(
            "La robe est à toi.\n\nLe sac aussi.",
            (pay, stop),
            link=("Payer", "https://x/p/1"),
            media=Media("image", picture=3),
        ),
    )
    assert in_one([first]) == (first,)
    assert in_one([]) == ()
