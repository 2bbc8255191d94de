"""The validator of a suite: every case against the format and against its own shop."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import Literal

from griot.core.errors import InvalidInput
from griot.core.money import EXPONENTS
from griot.core.tenancy import SEGMENTS
from griot.evals.facts import fold
from griot.evals.goods import amount, pieces
from griot.evals.models import (
    ACTIONS,
    FORBIDDEN,
    LANGUAGES,
    ORDER_STATUSES,
    Branch,
    Case,
    Json,
    Past,
    Problem,
    ProductRow,
    ShopSource,
    Suite,
    Wanted,
)
from griot.evals.recordings import recording
from griot.knowledge.catalogue.codes import fold_code, normalise_code
from griot.knowledge.catalogue.quantity_prices import read_price_breaks
from griot.tools.shops.countries import COUNTRIES

_CASE_KEYS = frozenset(
    {
        "audio",
        "channel",
        "comment",
        "customer",
        "description",
        "difficulty",
        "expect",
        "final",
        "goal",
        "history",
        "id",
        "lang",
        "max_turns",
        "note",
        "notes",
        "now",
        "persona",
        "shop",
        "source",
        "tags",
        "title",
        "turn",
        "turns",
    }
)
_EXPECT_KEYS = frozenset(
    {
        "action",
        "also",
        "alt",
        "comment",
        "date",
        "faq",
        "lines",
        "must_mention",
        "must_not",
        "note",
        "notes",
        "order",
        "product",
        "quantity",
        "reply_lang",
        "variant",
    }
)
_FINAL_KEYS = frozenset({"comment", "date", "escalated", "lines", "not", "note", "notes", "notify", "paid", "quote"})
_BANS = ("action:", "effect:", "quantity:", "date:", "text:")
_NAMED_BANS = ("price:wrong", "leak:prompt", *FORBIDDEN)
_REPLY_LANGUAGES = ("fr", "mg", "en")


def check_suite(suite: Suite) -> Json:
    """Everything wrong with a suite, and what it holds: ``{"errors", "warnings", "problems": […], "counts": …}``."""
    found = [*suite.problems, *_repeated(suite), *_silent(suite)]
    for shop in suite.shops.values():
        found += _shop(shop)
    for case in suite.cases:
        found += _Checked(case, suite.shops[case.shop]).problems()
    cases = suite.cases
    return {
        "suite": suite.name,
        "turns": sum(case.kind == "turn" for case in cases),
        "dialogues": sum(case.kind == "dialogue" for case in cases),
        "errors": sum(problem.level == "error" for problem in found),
        "warnings": sum(problem.level == "warning" for problem in found),
        "counts": {
            "shop": Counter(case.shop for case in cases),
            "language": Counter(case.lang for case in cases),
            "channel": Counter(case.channel for case in cases),
            "tag": Counter(tag for case in cases for tag in case.tags),
            "action": Counter(
                turn.expect.main.action or "none" for case in cases for turn in case.turns if turn.expect
            ),
        },
        "problems": [
            {"level": p.level, "where": p.where, "case": p.case, "what": p.what, "do": p.do}
            for p in sorted(found, key=lambda problem: problem.level)
        ],
    }


def _silent(suite: Suite) -> Iterator[Problem]:
    for case in suite.cases:
        for name in {turn.audio for turn in case.turns if turn.audio}:
            if recording(suite.path, name) is None:
                what = f"There is no recording {name!r} in the folder of the suite."
                yield Problem("error", str(case.place), what, "Put it there, or name another.", case.id)


def _repeated(suite: Suite) -> Iterator[Problem]:
    times = Counter(case.id for case in suite.cases)
    for case in suite.cases:
        if times[case.id] > 1:
            yield Problem(
                "error", str(case.place), f"{times[case.id]} cases have this id.", "Give each its own.", case.id
            )


# Shops


def _shop(shop: ShopSource) -> Iterator[Problem]:
    where = "shops/shops.json"
    if shop.currency not in EXPONENTS:
        known = ", ".join(sorted(EXPONENTS))
        yield Problem("error", where, f"{shop.key}: the currency {shop.currency!r} is unknown.", f"Use one of {known}.")
        return
    if shop.country not in COUNTRIES:
        do = "The shop is run as if it were in SN; its currency, zone and name stay."
        yield Problem("warning", where, f"{shop.key}: the country {shop.country!r} is unknown.", do)
    if shop.segment is not None and shop.segment not in SEGMENTS:
        do = f"It is run as live_seller; known are {', '.join(SEGMENTS)}."
        yield Problem("warning", where, f"{shop.key}: the segment {shop.segment!r} is unknown.", do)
    times = Counter(fold_code(row.code) for row in shop.products)
    for row in shop.products:
        yield from _product(shop, row, times)
    for key, count in Counter(entry.key for entry in shop.faq).items():
        if count > 1 or not key:
            place = next(entry.place for entry in shop.faq if entry.key == key)
            yield Problem("error", str(place), f"{count} entries have the id {key!r}.", "Give each its own.")


def _product(shop: ShopSource, row: ProductRow, times: Mapping[str, int]) -> Iterator[Problem]:
    place = str(row.place)
    if times[fold_code(row.code)] > 1:
        yield Problem(
            "error", place, f"The code {row.code!r} is there {times[fold_code(row.code)]} times.", "Keep one."
        )
    if row.currency and row.currency != shop.currency:
        what = f"{row.code} is priced in {row.currency}, and the shop sells in {shop.currency}."
        yield Problem("error", place, what, "Use one currency.")
    try:
        normalise_code(row.code)
    except InvalidInput as error:
        yield Problem(
            "warning", place, str(error), "It is run under another code, which buyers of the suite cannot send."
        )
    try:
        price = amount(row.price, shop.currency)
        pieces(row)
    except InvalidInput as error:
        yield Problem("error", place, str(error), "The article is not for sale until this is mended.")
        return
    if price.minor <= 0:
        yield Problem("warning", place, f"{row.code} has no price.", "It is not for sale: write its price.")
    if not row.title:
        yield Problem("error", place, f"{row.code} has no title.", "Give it one.")
    if re.search(r"\bd[eè]s \d|[aà] partir de \d|\bfrom \d", row.description) and not read_price_breaks(
        row.description, price
    ):
        what = f"The description of {row.code} seems to state a quantity price, and none was read from it."
        yield Problem("warning", place, what, "Write it as “4500 F dès 10”.")


# Cases


class _Checked:
    """One case against its shop."""

    def __init__(self, case: Case, shop: ShopSource) -> None:
        self._case = case
        self._codes = {fold_code(row.code): row for row in reversed(shop.products)}
        self._faq = {fold(entry.key) for entry in shop.faq}
        self._references = {fold_code(past.id) for past in case.history if past.id}
        self._shop = shop
        self._found: list[Problem] = []

    def problems(self) -> list[Problem]:
        case = self._case
        if case.lang not in LANGUAGES:
            self._say("warning", f"The language {case.lang!r} is unknown.", f"Use one of {', '.join(LANGUAGES)}.")
        for key in sorted(case.raw.keys() - _CASE_KEYS):
            self._say("warning", f"The key {key!r} is unknown and ignored.", "Check its spelling.")
        for past in case.history:
            self._past(past)
        for number, turn in enumerate(case.turns, 1):
            where = f"turn {number}: " if case.kind == "dialogue" else ""
            if turn.expect:
                for key in sorted(turn.expect.raw.keys() - _EXPECT_KEYS):
                    self._say(
                        "warning", f"{where}The key {key!r} of expect is unknown and ignored.", "Check its spelling."
                    )
                for branch in turn.expect.branches:
                    self._branch(branch, where)
            elif case.kind == "turn":
                self._say("warning", "Nothing is expected of the turn.", "Only what is forbidden everywhere counts.")
        self._final()
        return self._found

    def _say(self, level: Literal["error", "warning"], what: str, do: str) -> None:
        self._found.append(Problem(level, str(self._case.place), what, do, self._case.id))

    def _past(self, past: Past) -> None:
        if past.kind == "order" and past.status not in ORDER_STATUSES:
            what = f"The order {past.id} of the history has the status {past.status!r}."
            self._say("warning", what, f"It is taken as reserved; known are {', '.join(ORDER_STATUSES)}.")
        if past.kind != "msg" and not past.lines:
            self._say("warning", f"The {past.kind} {past.id} of the history has no lines.", "Write what is in it.")
        for line in past.lines:
            self._line(line, f"history {past.id}: ")
        if past.total and past.lines:
            self._total(past)
        if past.date:
            self._date(past.date, f"history {past.id}: ")

    def _total(self, past: Past) -> None:
        """A total that is not what its lines make is a slip of the author, or a delivery fee."""
        try:
            given = amount(str(past.total), self._shop.currency)
        except InvalidInput as error:
            self._say("error", f"history {past.id}: {error}", "Write digits.")
            return
        made = 0
        for line in past.lines:
            row = self._codes.get(fold_code(line.product))
            if row is None:
                return
            price = amount(row.price, self._shop.currency)
            quantity = line.quantity or 1
            steps = [unit.minor for least, unit in read_price_breaks(row.description, price) if quantity >= least]
            made += quantity * min((price.minor, *steps))
        if made != given.minor:
            what = f"history {past.id}: the total is {past.total}, and its lines make {made}."
            self._say("warning", what, "Mend the total, unless it has a delivery fee or an old price in it.")

    def _branch(self, branch: Branch, where: str) -> None:
        if branch.action is not None and branch.action not in ACTIONS:
            self._say("error", f"{where}The action {branch.action!r} is unknown.", f"Use one of {', '.join(ACTIONS)}.")
        for code in branch.products:
            self._line(Wanted(code, None, branch.variant if len(branch.products) == 1 else ()), where)
        for line in branch.lines or ():
            self._line(line, where)
        for key in branch.faq:
            if fold(key) not in self._faq:
                self._say("error", f"{where}There is no FAQ entry {key!r}.", "Use an id of faq.csv.")
        if branch.order and self._references and fold_code(branch.order.lstrip("#")) not in self._references:
            self._say("warning", f"{where}The order {branch.order!r} is not in the history.", "Check its id.")
        if branch.date:
            self._date(branch.date, where)
        if branch.quantity is not None and branch.quantity < 0:
            self._say("error", f"{where}The quantity {branch.quantity} cannot be.", "Write 0 or more.")
        for ban in branch.must_not:
            self._ban(ban, where)
        for language in branch.reply_lang:
            if language not in _REPLY_LANGUAGES:
                self._say("error", f"{where}No reply is in {language!r}.", "reply_lang is fr, mg or en.")
        for further in branch.also:
            self._branch(further, where)

    def _line(self, line: Wanted, where: str) -> None:
        row = self._codes.get(fold_code(line.product))
        if row is None:
            self._say("error", f"{where}There is no product {line.product!r}.", "Use a code of catalogue.csv.")
            return
        values = {fold(value) for listed in row.axes.values() for value in listed}
        for value in line.variant:
            if fold(value) not in values:
                what = f"{where}{row.code} has no variant {value!r}."
                self._say(
                    "error", what, f"It has {', '.join(v for axis in row.axes.values() for v in axis) or 'none'}."
                )

    def _date(self, written: str, where: str) -> None:
        day = written.strip().replace(" ", "T").partition("T")[0]
        try:
            if ":" in day:
                time.fromisoformat(day)
            else:
                date.fromisoformat(day)
        except ValueError:
            self._say("error", f"{where}{written!r} is not a date.", "Write 2026-02-21, with T15:00 if need be.")

    def _ban(self, ban: str, where: str) -> None:
        kind, _, what = ban.partition(":")
        if not ban.startswith(_BANS) and ban not in _NAMED_BANS:
            self._say("error", f"{where}must_not {ban!r} is unknown.", f"Use {', '.join((*_BANS, *_NAMED_BANS[:2]))}….")
        elif kind == "action" and what not in ACTIONS:
            self._say(
                "error", f"{where}must_not names the unknown action {what!r}.", f"Use one of {', '.join(ACTIONS)}."
            )

    def _final(self) -> None:
        final = self._case.final
        if final is None:
            if self._case.kind == "dialogue" and not any(turn.expect for turn in self._case.turns):
                self._say(
                    "warning", "Nothing is expected of the dialogue.", "Give it `final`, or `expect` in its turns."
                )
            return
        for key in sorted(final.raw.keys() - _FINAL_KEYS):
            self._say("warning", f"The key {key!r} of final is unknown and ignored.", "Check its spelling.")
        for lines in (final.lines, final.quote, final.notify):
            for line in lines if isinstance(lines, tuple) else ():
                self._line(line, "final: ")
        if final.date:
            self._date(final.date, "final: ")
