"""Make something of a rating: an answer, an example, a case. Each is a draft first, which is shown; making it makes
exactly what the draft says."""

from datetime import datetime
from typing import Any

from griot.core.db.pool import Tx
from griot.core.errors import InvalidInput, NotFound
from griot.core.events import record
from griot.core.tenancy import Language, load_shop
from griot.knowledge.catalogue.service import products_by_code
from griot.knowledge.corrections import service as corrections
from griot.knowledge.faq import service as faq
from griot.knowledge.faq.models import NewFaq, key_of
from griot.tools.ratings import cases, queries
from griot.tools.ratings.models import CaseDraft, ExampleDraft, FaqDraft, Rating, Situation, Use
from griot.tools.ratings.privacy import Stranger
from griot.tools.ratings.service import load

_BEFORE = 6  # messages before a turn that a case begins with
_BESIDE = 10  # articles of a case besides those that it is about


async def draft_faq(tx: Tx, rating_id: int, question: str | None = None, answer: str | None = None) -> FaqDraft:
    """The entry that a correction would be: the buyer's question and the right answer, or these words instead.

    ``InvalidInput``: there is nothing to answer with.
    """
    rating = await load(tx, rating_id)
    situation = await _situation(tx, rating)
    stranger = Stranger(situation.names, situation.phones)
    question = " ".join((question or stranger.out_of(" ".join(situation.words))).split())[:1000]
    answer = (answer or stranger.out_of(rating.correction)).strip()
    if not answer or not question:
        raise InvalidInput("Write the right answer first: an entry needs a question and an answer.")
    key = key_of(question) or f"rating-{rating_id}"
    known = (await faq.entries(tx)).get(key)
    return FaqDraft(key, question, answer, situation.language, known.answer if known else None)


async def draft_example(tx: Tx, rating_id: int) -> ExampleDraft:
    """The example that a correction would be. ``InvalidInput``: nobody said what the buyer meant, or the message is too
    long for an example."""
    rating = await load(tx, rating_id)
    if rating.right_intent is None:
        raise InvalidInput("Say what the buyer meant first: an example needs it.")
    situation = await _situation(tx, rating)
    stranger = Stranger(situation.names, situation.phones)
    words = " ".join(stranger.out_of(" ".join(situation.words)).split())
    if not 0 < len(words) <= corrections.LONGEST:
        raise InvalidInput(f"An example has 1 to {corrections.LONGEST} characters, this message has {len(words)}.")
    return ExampleDraft(words, rating.right_intent)


async def draft_case(tx: Tx, rating_id: int) -> CaseDraft:
    """The case that a rating would be, without personal data. ``InvalidInput``: nothing says what was expected."""
    rating = await load(tx, rating_id)
    situation = await _situation(tx, rating)
    shop = await load_shop(tx)
    named = await _named(tx, rating, situation)
    held = [line["product"] for line in (situation.order or {}).get("lines") or ()]
    meant = [code for act in situation.acts for code in cases.codes_of(act)]
    rows = await queries.articles(tx, [*named, *held, *meant], _BESIDE)
    entries = list((await faq.entries(tx)).values())
    return cases.draft(shop, rating, situation, named, rows, entries)


async def make_faq(tx: Tx, rating_id: int, question: str, answer: str, now: datetime) -> FaqDraft:
    """Write the entry in these words, over the one whose question is the same."""
    drafted = await draft_faq(tx, rating_id, question, answer)
    language: Language | None = next((known for known in ("fr", "mg", "en") if known == drafted.language), None)
    await faq.save(tx, [NewFaq(drafted.key, drafted.question, drafted.answer, language)], now)
    await _note(tx, rating_id, "faq", drafted.key, now)
    return drafted


async def make_example(tx: Tx, rating_id: int, now: datetime) -> ExampleDraft:
    """From now on, messages like this one are read as meant."""
    drafted = await draft_example(tx, rating_id)
    await corrections.save(tx, drafted.words, drafted.intent, now)
    await _note(tx, rating_id, "example", drafted.words, now)
    return drafted


async def make_case(tx: Tx, rating_id: int, now: datetime) -> int:
    """Keep the case; returns its number."""
    drafted = await draft_case(tx, rating_id)
    case_id = await queries.keep_case(tx, rating_id, drafted.content, drafted.articles, drafted.answers, now)
    await _note(tx, rating_id, "case", str(case_id), now)
    return case_id


async def _situation(tx: Tx, rating: Rating) -> Situation:
    row = await queries.situation(tx, rating.turn_id, _BEFORE)
    if row is None or not row["words"]:
        raise NotFound(f"What was said before the reply {rating.message_id} is not there any more.")
    order = row["order"]
    return Situation(
        started_at=row["started_at"],
        language=row["language"],
        channel=row["channel"],
        words=tuple(row["words"]),
        replies=tuple(row["replies"] or ()),
        said=tuple((by, text) for by, text in row["said"]),
        acts=tuple(row["reading"].get("acts", ())),
        order=order if order and order["lines"] else None,
        names=tuple(row["names"] or ()),
        phones=tuple(row["phones"] or ()),
    )


async def _named(tx: Tx, rating: Rating, situation: Situation) -> list[str]:
    """Articles named in the correction, or else, where it names none, by the buyer."""
    for text in (rating.correction, " ".join(situation.words)):
        found = await products_by_code(tx, cases.possible_codes(text))
        if found:
            return sorted(found)
    return []


async def _note(tx: Tx, rating_id: int, use: Use, target: str, now: datetime) -> None:
    await queries.insert_use(tx, rating_id, use, target, now)
    rating = await load(tx, rating_id)
    data: dict[str, Any] = {"conversation": rating.conversation_id, "rating": rating_id, "use": use}
    if use == "case":
        data["case"] = int(target)
    await record(tx, "rating.used", now, data=data)
