"""Is a turn right? Every rule is stated in docs/reference/evals.md, in the same order.

Strict: the action of the main branch is among the effects. Lenient, which is what *pass* means: one branch holds as a
whole, with its arguments, facts and language, and there is no violation.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from griot.evals.facts import fold, mentions, repeats
from griot.evals.models import CREATING, FORBIDDEN, Branch, Expect, Final, Json, Wanted
from griot.knowledge.catalogue.codes import fold_code

_NOTHING_CREATED = frozenset({"search", "clarify"})
_FIRST_SHOWN = 3
_EVERYWHERE = ("effect:", "leak:", "price:")  # bans of the main branch that hold for every other one


@dataclass(frozen=True, slots=True)
class Turned:
    """A turn as it came out: effects and flags of the format, the reply as the buyer sees it."""

    effects: tuple[Json, ...]
    reply: str
    reply_lang: str | None
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grade:
    """``passed`` is lenient. ``why``: what kept the nearest branch from holding, nothing when it does.

    ``arguments``: for each argument that the main branch asks for, whether it was met; empty without its action.
    """

    passed: bool
    strict: bool
    why: tuple[str, ...] = ()
    violations: tuple[str, ...] = ()
    arguments: Mapping[str, bool] = field(default_factory=dict)
    branch: int = 0


def grade_turn(turned: Turned, expect: Expect | None) -> Grade:
    """Grade one turn; without an expectation only what is forbidden everywhere counts."""
    forbidden = _forbidden(turned)
    if expect is None:
        return Grade(not forbidden, not forbidden, tuple(f"violation: {v}" for v in forbidden), tuple(forbidden))
    everywhere = [ban for ban in expect.main.must_not if ban.startswith(_EVERYWHERE)]
    reasons = []
    for number, branch in enumerate(expect.branches):
        bans = list(dict.fromkeys([*branch.must_not, *everywhere]))
        violations = _named_once([*forbidden, *broken(turned, bans)])
        faults = [*_faults(turned, branch), *_wrong_language(turned, branch.reply_lang)]
        faults += [f"violation: {violation}" for violation in violations]
        elsewhere = bool(faults) and not acts(turned.effects, branch.action)
        reasons.append((bool(faults), elsewhere, len(faults), number, faults, violations))
    *_, nearest, why, violations = min(reasons)  # one that holds; else one whose action came, and so on
    if why and nearest:  # nothing holds: what the main branch rules out counts, unless another one asks for it
        right = {f"action:{branch.action}" for branch in expect.branches}
        ruled_out = [ban for ban in broken(turned, expect.main.must_not) if ban not in right]
        violations = _named_once([*violations, *ruled_out])
    return Grade(
        passed=not why,
        strict=acts(turned.effects, expect.main.action),
        why=tuple(why),
        violations=tuple(violations),
        arguments=_arguments(turned.effects, expect.main),
        branch=nearest,
    )


def _named_once(violations: Sequence[str]) -> list[str]:
    """Each violation once: a ban of ``effect:discount`` is the same as the flag ``discount``."""
    return [v for v in dict.fromkeys(violations) if v.removeprefix("effect:") == v or v[7:] not in violations]


def _forbidden(turned: Turned) -> list[str]:
    return [flag for flag in turned.flags if flag in FORBIDDEN]


def acts(effects: Sequence[Json], action: str | None) -> bool:
    """Whether an action is among the effects; no action asked for is always there."""
    return action is None or any(effect["action"] == action for effect in effects)


def broken(turned: Turned, bans: Sequence[str]) -> list[str]:
    """The entries of ``must_not`` that came true."""
    return [ban for ban in bans if _came_true(turned, ban)]


def _came_true(turned: Turned, ban: str) -> bool:
    kind, _, what = ban.partition(":")
    if kind == "action":
        return acts(turned.effects, what)
    if kind == "effect":
        return what in turned.flags or acts(turned.effects, what)
    if kind == "quantity":
        # Only what a turn has made or changed has a quantity that can be wrong.
        return any(
            str(effect.get("quantity")) == what.strip() for effect in turned.effects if effect["action"] in CREATING
        )
    if kind == "date":
        return any(_same_date(what, effect) for effect in turned.effects)
    if kind == "text":
        return any(repeats(turned.reply, text) for text in what.split("|") if text.strip())
    return ban in turned.flags


# One branch


def _faults(turned: Turned, branch: Branch) -> list[str]:
    """What keeps a branch from holding, apart from language and bans."""
    faults = []
    fitting = [effect for effect in turned.effects if branch.action is None or effect["action"] == branch.action]
    if not fitting and branch.action is not None:
        done = ", ".join(dict.fromkeys(effect["action"] for effect in turned.effects)) or "nothing"
        faults.append(f"expected {branch.action}, was {done}")
    else:
        faults += [f"{name}: {what}" for name, what in _mismatches(fitting, branch).items()]
    if branch.action in _NOTHING_CREATED:
        wanted = {further.action for further in branch.also}
        made = [e["action"] for e in turned.effects if e["action"] in CREATING and e["action"] not in wanted]
        faults += [f"{branch.action} creates nothing, was also {action}" for action in dict.fromkeys(made)]
    for further in branch.also:
        faults += [f"also {fault}" for fault in _faults(turned, further)]
    faults += [f"not mentioned: {'|'.join(fact)}" for fact in branch.mention if not _mentioned(turned.reply, fact)]
    return faults


def _mentioned(reply: str, alternatives: Sequence[str]) -> bool:
    return any(mentions(reply, fact) for fact in alternatives)


def _wrong_language(turned: Turned, wanted: Sequence[str]) -> list[str]:
    """A reply without a word that tells its language is not scored."""
    if not wanted or turned.reply_lang is None or turned.reply_lang in wanted:
        return []
    return [f"reply in {turned.reply_lang}, expected {' or '.join(wanted)}"]


def _arguments(effects: Sequence[Json], branch: Branch) -> dict[str, bool]:
    if branch.action is None or not acts(effects, branch.action):
        return {}
    wrong = _mismatches([effect for effect in effects if effect["action"] == branch.action], branch)
    asked = {
        "product": bool(branch.products),
        "quantity": branch.quantity is not None,
        "variant": bool(branch.variant),
        "date": branch.date is not None,
        "order": branch.order is not None,
        "faq": bool(branch.faq),
        "lines": branch.lines is not None,
    }
    return {name: name not in wrong for name, wanted in asked.items() if wanted}


def _mismatches(effects: Sequence[Json], branch: Branch) -> dict[str, str]:
    """Arguments that no effect meets. Quantity, variant, date and order are those of the effects on the product asked
    for, when there are any."""
    wrong: dict[str, str] = {}
    concerned = [e for e in effects if not branch.products or _about(e, branch.products)] or list(effects)
    if branch.products and (fault := _wrong_product(effects, branch)):
        wrong["product"] = fault
    one = [e for e in concerned if _fits(e, branch)]
    if not one:
        for name, test, wanted in _tests(branch):
            if not any(test(effect) for effect in concerned):
                wrong[name] = f"expected {wanted}, was {_seen(concerned, name)}"
        together = [name for name, _, _ in _tests(branch)]
        if together and not wrong:
            wrong[together[-1]] = f"{' and '.join(together)} are met, but by different effects"
    if branch.faq and not any(fold(str(e.get("faq", ""))) in map(fold, branch.faq) for e in effects):
        wrong["faq"] = f"expected {' or '.join(branch.faq)}, was {_seen(effects, 'faq')}"
    if branch.lines is not None and not any(same_lines(branch.lines, lines) for lines in _lines_of(effects)):
        wrong["lines"] = f"expected {shown(branch.lines)}, was {_seen(effects, 'lines')}"
    return wrong


def _tests(branch: Branch) -> list[tuple[str, Any, Any]]:
    tests: list[tuple[str, Any, Any]] = []
    if branch.quantity is not None:
        tests.append(("quantity", lambda e: e.get("quantity") == branch.quantity, branch.quantity))
    if branch.variant:
        tests.append(("variant", lambda e: same_variant(branch.variant, e.get("variant")), " / ".join(branch.variant)))
    if branch.date:
        tests.append(("date", lambda e: _same_date(str(branch.date), e), branch.date))
    if branch.order:
        tests.append(("order", lambda e: fold_code(str(e.get("order", ""))) == _reference(branch.order), branch.order))
    return tests


def _fits(effect: Json, branch: Branch) -> bool:
    return all(test(effect) for _, test, _ in _tests(branch))


def _reference(order: str | None) -> str:
    return fold_code(str(order or "").lstrip("#"))


def _wrong_product(effects: Sequence[Json], branch: Branch) -> str | None:
    """Search: one of the acceptable is among the first three. What creates: all of them. Else: one, if any is named."""
    named = [fold_code(code) for effect in effects for code in codes_of(effect)]
    wanted = [fold_code(code) for code in branch.products]
    if branch.action == "search":
        right = any(code in wanted for code in named[:_FIRST_SHOWN])
    elif branch.action in CREATING:
        right = set(wanted) <= set(named)
    else:
        right = not named or any(code in wanted for code in named)
    return None if right else f"expected {', '.join(branch.products)}, was {', '.join(dict.fromkeys(named)) or 'none'}"


def codes_of(effect: Json) -> list[str]:
    """The product codes that an effect names, in its order."""
    product = effect.get("product")
    own = [product] if isinstance(product, str) else list(product or ())
    return own or [line["product"] for line in effect.get("lines") or ()]


def _about(effect: Json, products: Sequence[str]) -> bool:
    return bool({fold_code(code) for code in codes_of(effect)} & {fold_code(code) for code in products})


def _lines_of(effects: Sequence[Json]) -> list[list[Json]]:
    """What ``lines`` may mean: the order or quote after the turn, or the lines that the turn made or changed."""
    whole = [list(effect["lines"]) for effect in effects if effect.get("lines") is not None]
    return [*whole, [effect for effect in effects if isinstance(effect.get("product"), str)]]


def same_variant(wanted: Sequence[str], variant: Any) -> bool:
    """Whether the variant has every value wanted, accents and case aside."""
    values = variant.values() if isinstance(variant, dict) else [variant] if variant else []
    return {fold(value) for value in wanted} <= {fold(str(value)) for value in values}


def same_lines(wanted: Sequence[Wanted], lines: Sequence[Json]) -> bool:
    """Exactly these lines, in any order; a quantity or variant that is not asked for may be any."""
    left = list(lines)
    for line in sorted(wanted, key=lambda w: (w.quantity is None, not w.variant)):
        fitting = next((own for own in left if _is_line(line, own)), None)
        if fitting is None:
            return False
        left.remove(fitting)
    return not left


def _is_line(wanted: Wanted, line: Json) -> bool:
    return (
        fold_code(wanted.product) == fold_code(str(line["product"]))
        and wanted.quantity in (None, line.get("quantity"))
        and same_variant(wanted.variant, line.get("variant"))
    )


def _same_date(wanted: str, effect: Json) -> bool:
    """The day, and the time when one is asked for."""
    day, _, time = wanted.strip().replace(" ", "T").partition("T")
    if ":" in day:
        day, time = "", day
    right_day = not day or str(effect.get("date", ""))[:10] == day
    return right_day and (not time or str(effect.get("time", ""))[:5] == time[:5])


def shown(lines: Sequence[Wanted]) -> str:
    """Lines as an analyst reads them: ``2 × ROBE1 (M)``."""
    parts = []
    for line in lines:
        times = "" if line.quantity is None else f"{line.quantity} × "
        variant = f" ({' / '.join(line.variant)})" if line.variant else ""
        parts.append(f"{times}{line.product}{variant}")
    return ", ".join(parts) or "none"


def _seen(effects: Sequence[Json], name: str) -> str:
    values = [effect.get(name) for effect in effects]
    if name == "lines":
        values = [as_lines(value) for value in values if value is not None]
    return ", ".join(dict.fromkeys(str(value) for value in values if value not in (None, ""))) or "none"


def as_lines(lines: Sequence[Json]) -> str:
    """Lines of a result as an analyst reads them."""
    return shown(
        [Wanted(own["product"], own.get("quantity"), tuple((own.get("variant") or {}).values())) for own in lines]
    )


# The end of a dialogue


def grade_final(end: Json, final: Final, turns: Sequence[Turned]) -> list[str]:
    """What keeps the end of a dialogue from being the one expected."""
    faults = []
    if final.lines is not None and not same_lines(final.lines, end["lines"]):
        faults.append(f"lines: expected {shown(final.lines)}, was {as_lines(end['lines'])}")
    for name, wanted in (("quote", final.quote), ("notify", final.notify)):
        has = end[name] or []
        if isinstance(wanted, bool) and wanted != bool(has):
            faults.append(f"{name}: expected {'one' if wanted else 'none'}, was {as_lines(has)}")
        elif isinstance(wanted, tuple) and not same_lines(wanted, has):
            faults.append(f"{name}: expected {shown(wanted)}, was {as_lines(has)}")
    for name, truth in (("escalated", final.escalated), ("paid", final.paid)):
        if truth is not None and truth != end[name]:
            faults.append(f"{name}: expected {truth}, was {end[name]}".lower())
    if final.date and not _same_date(final.date, end):
        faults.append(f"date: expected {final.date}, was {end['date'] or 'none'}{_at(end)}")
    happened = Counter(ban for turned in turns for ban in broken(turned, [_named(ban) for ban in final.never]))
    return faults + [f"never: {ban}" for ban in happened]


def _at(end: Json) -> str:
    return f"T{end['time']}" if end.get("time") else ""


def _named(ban: str) -> str:
    """An entry of ``not`` may be the mere name of an action or effect."""
    known = ("action:", "effect:", "quantity:", "date:", "text:", "leak:", "price:")
    return ban if ban.startswith(known) else f"effect:{ban}"
