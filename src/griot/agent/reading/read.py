"""The deterministic reader: from what a buyer sent to acts, or to an honest "not understood"."""

from collections.abc import Sequence
from dataclasses import replace

from griot.agent.acts import Act, Ask, Cancel, ChangeMeans, ChooseMeans, LeaveWaitlist, Pay, SetQuantity, Take, Unknown
from griot.agent.reading.answers import asked_forms, read_answer
from griot.agent.reading.choices import read_choice
from griot.agent.reading.intents import ORDER, SMALL, Meant, read_products
from griot.agent.reading.language import language_of
from griot.agent.reading.lexicon import Sense
from griot.agent.reading.marks import Mark, mark, unglue
from griot.agent.reading.models import Reading, ReadingContext, Utterance
from griot.agent.reading.numbered import numbered_codes
from griot.agent.reading.numbers import weigh
from griot.agent.reading.options import Forms
from griot.agent.reading.tokens import Token, join, written
from griot.agent.reading.wishes import read_wishes

_WORDLESS = {"sticker", "reaction"}
_TEXTUAL = _WORDLESS | {"text", "choice", "voice", "audio", "form", "edit"}  # with nothing to see besides the text
_UNDERSTOOD = (ORDER | SMALL | {Sense.ASK, Sense.QUESTION_MARK}) - {Sense.PLEA}


def read(utterances: Sequence[Utterance], context: ReadingContext) -> Reading:
    """Read the messages of one burst together. Any text is accepted; nothing is raised.

    Taps stand as they are. Of the words, ``Take``, ``Cancel``, ``SetQuantity`` and ``LeaveWaitlist`` come out only when
    every one is accounted for; a photo or a document is not, and makes the whole burst uncertain.
    """
    tapped = tuple(read_choice(utterance.choice_id, context) for utterance in utterances if utterance.choice_id)
    written_ones = [utterance for utterance in utterances if not utterance.choice_id]
    texts = [utterance.text or "" for utterance in written_ones if utterance.text or utterance.kind not in _WORDLESS]
    seen = all(utterance.kind in _TEXTUAL for utterance in written_ones)
    if not texts and tapped:
        return Reading(tapped, None, not any(isinstance(act, Unknown) for act in tapped))
    reading = _read_text(texts, _after_taps(tapped, context), seen)
    acts = _without_repeats(tapped + reading.acts)
    return replace(reading, acts=acts, certain=reading.certain and not any(isinstance(act, Unknown) for act in acts))


def _read_text(texts: Sequence[str], context: ReadingContext, seen: bool) -> Reading:
    tokens = join(texts)
    marks = _marks(tokens, context)
    meant = _meant(marks, context)
    certain = meant.certain and seen
    acts = meant.acts if certain else tuple(dict.fromkeys(_hint(act) for act in meant.acts if _is_harmless(act)))
    rest = "" if certain else _rest(marks, tokens)
    return Reading(acts or (Unknown(written(tokens)),), language_of(marks, tokens, context.language), certain, rest)


def _marks(tokens: Sequence[Token], context: ReadingContext) -> list[Mark]:
    codes = context.codes.find(tokens)
    forms = _forms(tuple(code for match in codes for code in match.codes), context)
    marks = mark(tokens, codes, forms)
    numbered = numbered_codes(marks, tokens, context)
    if numbered:
        forms = _forms(tuple(code for match in numbered for code in match.codes), context)
        marks = mark(tokens, numbered, forms)
    return unglue(weigh(marks, tokens, forms), tokens)


def _forms(codes: Sequence[str], context: ReadingContext) -> Forms:
    return Forms({code: context.codes.variants(code) for code in codes} | asked_forms(context.asked))


def _meant(marks: Sequence[Mark], context: ReadingContext) -> Meant:
    if any(item.sense is Sense.CODE for item in marks):
        return read_products(marks, context)
    answer = read_answer(marks, context.asked) if context.asked else None
    return answer if answer and answer.acts else read_wishes(marks, context)


def _is_harmless(act: Act) -> bool:
    """May an act be reported as a hint, without certainty?"""
    return not isinstance(act, Cancel | SetQuantity | LeaveWaitlist)


def _hint(act: Act) -> Act:
    return Ask(act.code) if isinstance(act, Take) else act


def _rest(marks: Sequence[Mark], tokens: Sequence[Token]) -> str:
    """The words that kept the message from being understood; all of it when none in particular did."""
    named = any(item.sense is Sense.CODE for item in marks)
    spans = [tokens[item.start : item.end] for item in marks if item.sense not in _UNDERSTOOD]
    if spans and (named or not any(item.sense is Sense.QUANTITY for item in marks)):
        return " ".join(written(span) for span in spans if span)
    return written(tokens)


def _after_taps(tapped: Sequence[Act], context: ReadingContext) -> ReadingContext:
    """A tap answers the last question; one that opens the choice of means asks the next."""
    if not tapped:
        return context
    last = tapped[-1]
    asked = {"kind": "means", "order": last.order_id} if isinstance(last, Pay | ChangeMeans) else None
    return replace(context, asked=asked)


def _without_repeats(acts: Sequence[Act]) -> tuple[Act, ...]:
    """Each act once; the wish to pay is contained in the choice of a means."""
    chosen = {act.order_id for act in acts if isinstance(act, ChooseMeans)}
    kept: list[Act] = []
    for act in acts:
        if act not in kept and not (isinstance(act, Pay | ChangeMeans) and act.order_id in chosen):
            kept.append(act)
    return tuple(kept)
