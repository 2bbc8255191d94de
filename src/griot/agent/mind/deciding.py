"""From what a mind chose to acts. Every code, option, quantity and date is checked here, whoever chose it.

Nothing raises: what does not fit is left out, or becomes a question to the buyer.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, cast, get_args

from pydantic import ValidationError

from griot.agent import acts
from griot.agent.interpreter.mood import mood
from griot.agent.mind import arguments as said
from griot.agent.mind.arguments import DECIDING
from griot.agent.mind.models import Brief, Decision, ToolChoice, Usage
from griot.agent.reading.options import Forms, Value, settle
from griot.agent.reading.tokens import fold, tokenise
from griot.knowledge.catalogue.codes import fold_code

MOST_CHOICES = 8  # of one turn
MOST_LINES = 20
MOST_PIECES = 10_000  # that a quote is made for without asking back
LONGEST_TEXT = 1000
LONGEST_FIELD = 300
LATEST = timedelta(days=730)

SHAPES: dict[str, type[said.Arguments]] = {name: shape for name, (shape, _) in DECIDING.items()} | {"say": said.Say}

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"([01]?\d|2[0-3])\s*[:hH]\s*([0-5]\d)?")
_UPSET = frozenset({"angry", "complaint", "abuse", "refund"})  # reasons that say how the buyer feels
_FIELDS = {
    "address": ("text", "district", "city", "phone", "landmark", "location"),
    "slot": ("date", "time"),
    "custom": ("request", "occasion", "date", "text"),
}
_PROMOTION = re.compile(r"[\w-]{2,32}")


def to_acts(choices: Sequence[ToolChoice], brief: Brief, known: Collection[str] | None = None) -> tuple[acts.Act, ...]:
    """What the choices come to; empty when none of them can be used.

    ``known``: the product codes that were shown to whoever chose; another one, though it exists, is not believed.
    """
    checking = _Checking(brief, known)
    found: list[acts.Act] = []
    for choice in choices[:MOST_CHOICES]:
        found.extend(act for act in checking.check(choice) if act not in found)
    questions = [act for act in found if isinstance(act, acts.Clarify)]
    return tuple(act for act in found if not isinstance(act, acts.Clarify) or act is questions[0])


def decision(acts_: tuple[acts.Act, ...], brief: Brief, usage: Usage) -> Decision:
    """What a mind answers with; nothing to do means that a human has to look.

    Whoever decides, the buyer's mood is read from their words, and a human who is called is told of it.
    """
    found = acts_ or (acts.Escalate("unknown"),)
    upset = any(isinstance(act, acts.Escalate) and act.reason in _UPSET for act in found)
    sentiment = "frustrated" if upset else mood(brief.text, brief.history).sentiment
    told = (replace(act, sentiment=sentiment) if isinstance(act, acts.Escalate) else act for act in found)
    return Decision(tuple(told), usage, sentiment=sentiment)


def usable(choice: ToolChoice) -> bool:
    """Is it a deciding tool with arguments of its shape?"""
    return _parsed(choice) is not None


def _parsed(choice: ToolChoice) -> said.Arguments | None:
    shape = SHAPES.get(choice.name)
    try:
        return shape.model_validate(dict(choice.args)) if shape else None
    except (ValidationError, TypeError, ValueError):
        return None


class _Doubt(Exception):
    """A choice that cannot be carried out as it is; ``question`` is asked instead."""

    def __init__(self, question: acts.Question, *codes: str, quantity: int | None = None) -> None:
        super().__init__(question)
        self.question = acts.Clarify(question, codes, quantity)


class _Checking:
    def __init__(self, brief: Brief, known: Collection[str] | None) -> None:
        self._brief = brief
        self._known = known
        self._today = brief.shop.now.date()

    def check(self, choice: ToolChoice) -> Iterator[acts.Act]:
        args = _parsed(choice)
        if args is None:
            return
        of_tool = cast("Callable[[Any], Iterator[acts.Act]]", getattr(self, f"_{choice.name}"))
        try:
            yield from list(of_tool(args))
        except _Doubt as doubt:
            yield doubt.question

    # Products

    def _show_products(self, args: said.ShowProducts) -> Iterator[acts.Act]:
        codes = self._codes(args.codes)
        if args.codes and not codes:
            raise _Doubt("product")
        yield acts.Show(codes, _positive(args.quantity))

    def _notify_when_back(self, args: said.NotifyWhenBack) -> Iterator[acts.Act]:
        code = self._code(args.code)
        yield acts.JoinWaitlist(code, _positive(args.quantity), self._options(code, args.options))

    # Orders and quotes

    def _hold(self, args: said.Hold) -> Iterator[acts.Act]:
        on, at = self._date(args.wanted_on), _time(args.wanted_at)
        doubts: list[_Doubt] = []
        takes: list[acts.Act] = []
        for line in _merged(args.lines[:MOST_LINES]):
            try:
                takes.append(self._take(line))
            except _Doubt as doubt:
                doubts.append(doubt)
        yield from takes
        if takes and (on or at):
            yield acts.WantedOn(on, at)
        if doubts:
            yield doubts[0].question
        elif not takes:
            yield acts.Clarify("product")

    def _take(self, line: said.Line) -> acts.Act:
        code = self._code(line.code)
        options = self._options(code, line.options)
        if line.quantity == 0 and self._holds(code):
            return acts.Cancel(code=code, options=options)
        return acts.Take(code, self._quantity(code, line.quantity, self._brief.shop.max_quantity), options)

    def _swap(self, args: said.Swap) -> Iterator[acts.Act]:
        new = self._code(args.new_code)
        old = self._code(args.code) if args.code else None
        quantity = self._quantity(new, args.quantity, self._brief.shop.max_quantity)
        yield acts.Swap(old, new, self._options(new, args.new_options), quantity)

    def _cancel(self, args: said.Cancel) -> Iterator[acts.Act]:
        if not args.code:
            yield acts.Cancel()
            return
        code = self._code(args.code, "order")
        yield acts.Cancel(code=code, options=self._options(code, args.options))

    def _quote(self, args: said.Quote) -> Iterator[acts.Act]:
        wanted = []
        most = max(MOST_PIECES, self._brief.shop.max_quantity)
        for line in _merged(args.lines[:MOST_LINES]):
            code = self._code(line.code)
            quantity = self._quantity(code, line.quantity, most) or 1
            wanted.append(acts.Wanted(code, quantity, self._options(code, line.options)))
        yield acts.Quote(tuple(wanted), self._date(args.wanted_on))

    def _accept_quote(self, _: said.Nothing) -> Iterator[acts.Act]:
        yield acts.AcceptQuote() if self._brief.quote else acts.Clarify("what")

    def _wanted_on(self, args: said.WantedOn) -> Iterator[acts.Act]:
        on, at = self._date(args.on), _time(args.at)
        if not (on or at):
            raise _Doubt("date")
        yield acts.WantedOn(on, at)

    def _pay(self, args: said.Pay) -> Iterator[acts.Act]:
        means = fold(args.means or "").replace(" ", "_")
        offered = means in get_args(acts.Means) and means in self._brief.shop.means
        yield acts.ChooseMeans(cast("acts.Means", means)) if offered else acts.Pay(at_once=True)

    def _order_status(self, args: said.OrderStatus) -> Iterator[acts.Act]:
        """Of an order of the buyer's own, else of what they have: a reference alone opens nobody's order."""
        wanted = _bare(args.reference or "")
        own = (order.reference for order in (*self._brief.orders, *self._brief.past))
        yield acts.OrderStatus(next((reference for reference in own if wanted and _bare(reference) == wanted), None))

    def _use_promotion(self, args: said.UsePromotion) -> Iterator[acts.Act]:
        code = args.code.strip().upper()
        if _PROMOTION.fullmatch(code):
            yield acts.UsePromotion(code)

    # Words

    def _answer_faq(self, args: said.AnswerFaq) -> Iterator[acts.Act]:
        wanted = fold(args.key.strip())
        key = args.key if args.key in self._brief.faq else None
        key = key or next((known for known in self._brief.faq if fold(known) == wanted), None)
        if key is not None:
            yield acts.AnswerFaq(key)

    def _intake(self, args: said.Intake) -> Iterator[acts.Act]:
        fields = {
            name: text for name in _FIELDS[args.kind] if (text := _clean(args.fields.get(name) or "", LONGEST_FIELD))
        }
        if args.kind == "slot":
            day, hour = self._date(fields.get("date")), _time(fields.get("time"))
            fields = ({"date": day.isoformat()} if day else {}) | ({"time": hour} if hour else {})
        if args.kind == "address" and not fields.keys() - {"phone"}:
            raise _Doubt("address")
        if args.kind == "slot" and not fields:
            raise _Doubt("date")
        if args.kind == "custom" and "request" not in fields:
            fields["request"] = _clean(self._brief.text, LONGEST_FIELD)
        yield acts.Intake(args.kind, fields)

    def _escalate(self, args: said.Escalate) -> Iterator[acts.Act]:
        summary = _clean(args.summary, LONGEST_FIELD)
        yield acts.Escalate(args.reason, summary, _clean(args.suggestion, LONGEST_TEXT))

    def _clarify(self, args: said.Clarify) -> Iterator[acts.Act]:
        yield acts.Clarify(args.question, self._codes(args.codes), _positive(args.quantity))

    def _refuse(self, args: said.Refuse) -> Iterator[acts.Act]:
        yield acts.Refuse(args.what, next(iter(self._codes([args.code])), None) if args.code else None)

    def _greet(self, _: said.Nothing) -> Iterator[acts.Act]:
        yield acts.Greet()

    def _small_talk(self, args: said.SmallTalk) -> Iterator[acts.Act]:
        yield acts.SmallTalk(args.kind)

    def _say(self, args: said.Say) -> Iterator[acts.Act]:
        words = args.text.strip()
        if 0 < len(words) <= LONGEST_TEXT:
            yield acts.Say(words)

    # What may be named

    def _code(self, written: str, question: acts.Question = "product") -> str:
        """The code of the shop that is meant; a question when there is none, or it was never shown."""
        codes = self._brief.codes
        code = next((name for name in (written, fold_code(written)) if name in codes), None)
        if code is None and len(named := codes.named(written)) == 1:
            code = named[0]
        if code is None or (self._known is not None and code not in self._known):
            raise _Doubt(question)
        return code

    def _codes(self, written: Sequence[str]) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for name in written[:MOST_LINES]:
            try:
                found[self._code(name)] = None
            except _Doubt:
                continue
        return tuple(found)

    def _options(self, code: str, given: Mapping[str, str] | None) -> dict[str, str]:
        """The options as the product has them; a question when one is not on offer."""
        variants = self._brief.codes.variants(code)
        if not given or not any(variants):
            return {}
        forms = Forms({code: variants})
        values = [_value(forms, code, variants, axis, value) for axis, value in given.items() if value.strip()]
        settled = settle(variants, [value for value in values if value])
        if None in values or settled is None:
            raise _Doubt("variant", code)
        return settled

    def _quantity(self, code: str, quantity: int | None, most: int) -> int | None:
        if quantity is None:
            return None
        if quantity < 1:
            raise _Doubt("quantity", code)
        if quantity > most and not self._confirmed(quantity):
            raise _Doubt("confirm_quantity", code, quantity=quantity)
        return quantity

    def _confirmed(self, quantity: int) -> bool:
        """Was the buyer just asked about so many, or more? Who names a number then means it."""
        asked = self._brief.asked or {}
        return asked.get("kind") == "confirm_quantity" and int(asked.get("quantity") or 0) >= quantity

    def _holds(self, code: str) -> bool:
        return any(line.code == code for order in self._brief.orders for line in order.lines)

    def _date(self, written: str | None) -> date | None:
        """A day from today on, within two years; a question for any other."""
        if not written or not written.strip():
            return None
        found = _DAY.search(written)
        try:
            day = date.fromisoformat(found[0] if found else "")
        except ValueError:
            raise _Doubt("date") from None
        if not self._today <= day <= self._today + LATEST:
            raise _Doubt("date")
        return day


def _value(forms: Forms, code: str, variants: Sequence[Mapping[str, str]], axis: str, written: str) -> Value | None:
    """The option a value names: as it is written, or by another form of the word (“bleue”, “blue”)."""
    exact = {
        (name, value) for options in variants for name, value in options.items() if fold(value) == fold(written.strip())
    }
    of_axis = [value for value in exact if fold(value[0]) == fold(axis.strip())]
    if len(of_axis or exact) == 1:
        return next(iter(of_axis or exact))
    tokens = tokenise(written)
    found = forms.find(tokens, 0, len(tokens))
    return found[0].values.get(code) if found else None


def _merged(lines: Sequence[said.Line]) -> list[said.Line]:
    """One line for each article and choice of options: named twice, their quantities add up."""
    merged: dict[tuple[str, tuple[tuple[str, str], ...]], said.Line] = {}
    for line in lines:
        key = (fold_code(line.code), tuple(sorted((line.options or {}).items())))
        before = merged.get(key)
        if before is None:
            merged[key] = line
        elif before.quantity is not None and line.quantity is not None:
            merged[key] = line.model_copy(update={"quantity": before.quantity + line.quantity})
    return list(merged.values())


def _time(written: str | None) -> str | None:
    """``15:00``, ``15h`` or ``9h30`` as HH:MM; nothing when it is no time of day."""
    found = _TIME.match((written or "").strip())
    return f"{int(found[1]):02d}:{found[2] or '00'}" if found else None


def _positive(quantity: int | None) -> int | None:
    return quantity if quantity and quantity > 0 else None


def _bare(reference: str) -> str:
    return re.sub(r"\W", "", reference).casefold()


def _clean(text: str, longest: int) -> str:
    return " ".join(text.split())[:longest]
