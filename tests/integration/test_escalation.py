"""What is put before the vendor says why, in what mood, and what might be answered."""

from collections.abc import AsyncIterator

import pytest
from payments_world import World, open_world

from griot.core.clock import FrozenClock
from griot.core.db.pool import Database
from griot.core.texts import LANGUAGES, text
from griot.tools.escalation.service import LONGEST_SUGGESTION, REASONS, escalate


@pytest.fixture
async def world(database_url: str, db: Database, clock: FrozenClock) -> AsyncIterator[World]:
    async with open_world(database_url, db, clock) as opened:
        yield opened


async def hand_over(world: World, thread: tuple[int, int], reason: str, summary: str, **more: str) -> bool:
    async with world.db.transaction(world.shop.id) as tx:
        return await escalate(
            tx,
            world.shop,
            conversation_id=thread[0],
            customer_id=thread[1],
            buyer="Awa",
            reason=reason,
            summary=summary,
            now=world.clock.now(),
            **more,
        )


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_has_words_of_its_own_in_every_language(reason: str) -> None:
    for language in LANGUAGES:
        said = text(language, f"escalation.{reason}", buyer="Awa", summary="Où est ma robe ?", mood="", suggestion="")
        assert "Awa" in said
        assert "Où est ma robe ?" in said
        others = [
            text(language, f"escalation.{other}", buyer="Awa", summary="Où est ma robe ?", mood="", suggestion="")
            for other in REASONS
            if other != reason
        ]
        assert said not in others


async def test_a_suggested_answer_and_the_mood_are_kept_and_shown(world: World) -> None:
    thread = await world.thread()
    said = await hand_over(
        world,
        thread,
        "delivery",
        "Où est mon colis ?",
        suggestion="Ton colis part\n demain matin.",
        sentiment="frustrated",
    )
    assert said
    (told,) = await world.vendor_told()
    assert told.splitlines() == [
        "🚚 *Awa* a une question de livraison",
        "« Où est mon colis ? »",
        "😤 Ton : agacé",
        "💡 Réponse possible : « Ton colis part demain matin. »",
    ]
    (row,) = await world.rows("SELECT reason, suggestion, sentiment FROM escalations")
    assert row == {"reason": "delivery", "suggestion": "Ton colis part demain matin.", "sentiment": "frustrated"}


async def test_without_them_nothing_is_said_of_them(world: World) -> None:
    await hand_over(world, await world.thread(), "human", "Je veux parler à quelqu'un")
    assert await world.vendor_told() == ["🙋 *Awa* demande à te parler\n« Je veux parler à quelqu'un »"]


async def test_a_thread_that_is_open_gains_words_and_is_told_once(world: World) -> None:
    thread = await world.thread()
    assert await hand_over(world, thread, "unknown", "premier", suggestion="Bonjour !")
    assert not await hand_over(world, thread, "angry", "deuxième", sentiment="frustrated")
    assert not await hand_over(world, thread, "angry", "troisième")
    (row,) = await world.rows("SELECT reason, summary, suggestion, sentiment FROM escalations")
    assert row == {
        "reason": "unknown",
        "summary": "premier\ndeuxième\ntroisième",
        "suggestion": "Bonjour !",
        "sentiment": "frustrated",
    }
    assert len(await world.vendor_told()) == 1


async def test_a_long_suggestion_is_cut(world: World) -> None:
    await hand_over(world, await world.thread(), "complaint", "…", suggestion="a" * 2_000)
    (row,) = await world.rows("SELECT length(suggestion) AS length FROM escalations")
    assert row["length"] == LONGEST_SUGGESTION
