"""Orders, quotes and everything that becomes of them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from griot.agent.interpreter.asking import known_answer, product, wants_form, which
from griot.agent.interpreter.choosing import Choices, choose
from griot.agent.interpreter.hearing import Hearing
from griot.agent.interpreter.lines import OrderLine, shared
from griot.knowledge.search.words import fold

_MEANT = 0.6
_PLAUSIBLE = 0.35
_FAINT = 0.2
_OWN_NAME = 0.7
_LIKELY = 0.35
_SHORT = 8  # words
_MORE = re.compile(
    r"\b(encore|de plus|en plus|rajout\w*|ajout\w*|add|more|another|fanampin\w*|hafa koa|ampian\w*|autres?)\b", re.I
)
_KEEP = re.compile(r"\b(keep|garde[rz]?|conserve[rz]?|tazony|tehirizo|hajao)\W+(?:\w+\W+){0,3}$", re.I)
_KEPT = re.compile(
    r"(?:\W+\w+){0,2}\W+(laisse\w*|bayyi\w*|baal\w*|garde\w*|keep|stays?|tazony|avela|ihany|sisa|rek|seulement)\b"
)
_INSTEAD = re.compile(r"\b(à la place|a la place|au lieu|instead|rather than|solon|en lieu)\b", re.I)
_QUOTE = re.compile(r"\b(devis?|dvi|d[ei]vi[sz]?|pro ?forma|quot(e|ation)|chiffr\w+|tombam-?bidy)\b")
_AS_BEFORE = re.compile(
    r"\b(comme|pareil que|meme chose que) (la )?(derniere|dernier|l'autre) fois|comme d'hab\w*|same as (last|before)"
    r"|la meme commande|toy ny (teo aloha|farany)\b"
)
_TOTAL = re.compile(
    r"\b(total|en tout|au total|altogether|all together|fitambar\w*|combien ca fait|cb ca fait|yepp naata)\b"
)
_PRICE = re.compile(r"\b(combien|cmb|cb|prix|price|how much|ohatrinona|hoatrinona|naata|cost)\b")
_ABOUT_ORDER = re.compile(r"\?|\b(etat|statut|status|ou en est|suivi|aiza|where)\b")
_ALL = re.compile(r"\b(tout|toutes?|tous|tt|tts|all|everything|both|les deux|rehetra|izy rehetra|yépp|yepp)\b", re.I)
_ORDER_IT = re.compile(
    r"\b(marque[rz]?|mets|mettez|valide[rz]?|confirme[rz]?|note[rz]?|enregistre[rz]?|mark|set|confirm|validate|soraty)\b",
    re.I,
)
_CODE_WORD = re.compile(
    r"\b(?:code|promo|coupon|kaody)\b\W*(?:promo\W*)?[«\"“'*]?([A-Za-z]*\d+[A-Za-z0-9]*|[A-Z]{3,16}\d*)"
)
_CAPITALS = re.compile(r"\b(?=[A-Z0-9]*[A-Z])[A-Z0-9]{4,16}\b")


def order(heard: Hearing) -> Choices | None:
    """Hold what is named; several that go by one name are asked about."""
    if _INSTEAD.search(heard.text) and heard.held and (changed := change_variant(heard)):
        return changed
    if heard.brief.quote and not heard.held and heard.lines:
        if _MORE.search(heard.text):
            return quote(heard)
        if heard.counts and _of_quote(heard):
            return _requote(heard)
    lines = _wanted(heard)
    if lines is None:
        return None
    unclear = next((line for line in lines if len(line.alternatives) > 1), None)
    if unclear:
        return which(unclear.alternatives, unclear.quantity)
    extra = _address(heard)
    return choose("hold", lines=[_line(heard, line) for line in lines], **_when(heard)) + extra


def again(heard: Hearing) -> Choices | None:
    """ "Comme la dernière fois": what the last order had, at today's prices."""
    before = next((order_ for order_ in heard.brief.past if order_.status == "paid"), None)
    if before is None or heard.lines or "?" in heard.text or not _AS_BEFORE.search(fold(heard.text)):
        return None
    lines = [_quoted(line) for line in before.lines if line.code in heard.brief.products]
    return choose("hold", lines=lines, **_when(heard)) if lines else None


def total(heard: Hearing) -> Choices | None:
    """What it comes to altogether: the order says it."""
    if heard.brief.orders and not heard.lines and _TOTAL.search(fold(heard.text)) and len(heard.text.split()) <= _SHORT:
        return choose("order_status")
    return None


def listed(heard: Hearing) -> Choices | None:
    """A shopping list: several articles, each with its number, and nothing asked. With the word for it, a quote."""
    if not heard.lines or "?" in heard.text:
        return None
    deeds = ("change_quantity", "remove_line", "cancel", "change_variant", "complaint", "refund", "status")
    if heard.chance(*deeds) >= _LIKELY:
        return None
    if _QUOTE.search(fold(heard.text)) and heard.counts:
        return quote(heard)
    if len(heard.lines) > 1 and all(line.quantity is not None for line in heard.lines):
        return order(heard) if heard.chance("quote", "quote_accept") < _LIKELY else quote(heard)
    return None


def _wanted(heard: Hearing) -> list[OrderLine] | None:
    """The lines of the message; without a name, what was talked of last, or what the words most likely mean."""
    count = heard.count
    if all(line.score < _OWN_NAME for line in heard.lines) and heard.memory.one:
        several = shared(heard.text, heard.memory.one, heard.counts, heard.brief.products)
        if len(several) > 1:
            return several
    if heard.lines:
        return [_with_options(heard, line) for line in heard.lines]
    if heard.memory.one:
        return [OrderLine(heard.memory.one, count, heard.options_said(heard.memory.one))]
    if len(heard.memory.offered) > 1:
        return [OrderLine(heard.memory.offered[0], count, alternatives=heard.memory.offered)]
    found = [hit for hit in heard.hits if hit.score >= _PLAUSIBLE]
    if found and found[0].score >= _MEANT and (len(found) == 1 or found[1].score < found[0].score - 0.1):
        return [OrderLine(found[0].key, count)]
    if found:
        return (
            [OrderLine(found[0].key, count, alternatives=tuple(hit.key for hit in found))] if len(found) > 1 else None
        )
    return None


def _with_options(heard: Hearing, line: OrderLine) -> OrderLine:
    """A line whose options were said before: "ya en L ?" and then "je la prends"."""
    talked_of = line.code in heard.memory.offered or line.code in heard.memory.focus[:2]
    if line.options or line.alternatives or len(heard.lines) > 1 or not talked_of:
        return line
    return replace(line, options=heard.options_said(line.code))


def _line(heard: Hearing, line: OrderLine) -> dict[str, Any]:
    """A line as the tools take it; "encore 2" is on top of what is held."""
    held = sum(have.quantity for order in heard.brief.orders[:1] for have in order.lines if have.code == line.code)
    quantity = line.quantity or 1
    if held and line.quantity is None and not _MORE.search(heard.text):
        quantity = held
    elif held and _MORE.search(heard.text):
        quantity += held
    return _plain(line.code, quantity, line)


def _plain(code: str, quantity: int | None, line: OrderLine | None = None) -> dict[str, Any]:
    built: dict[str, Any] = {"code": code}
    if quantity is not None:
        built["quantity"] = quantity
    if line and line.options:
        built["options"] = dict(line.options)
    return built


def _when(heard: Hearing) -> dict[str, str]:
    """The day and time for a tool call; a day named while it was still open what was wanted still holds."""
    when = heard.when
    if when is None and not heard.brief.orders and heard.brief.shop.segment != "live_seller":
        when = heard.when_before
    if when is None:
        return {}
    return ({"wanted_on": when.on.isoformat()} if when.on else {}) | ({"wanted_at": when.at} if when.at else {})


def _address(heard: Hearing) -> Choices:
    """An address that is given along with an order."""
    given = heard.address if heard.chance("address_give", "delivery_ask") >= 0.2 else None
    return choose("intake", kind="address", fields=given.fields) if given else []


def quote(heard: Hearing) -> Choices | None:
    """A quote for what is named, held, quoted before or was talked of last; what one costs by the dozen is told."""
    plain = fold(heard.text)
    if len(heard.lines) == 1 and not heard.brief.quote and _PRICE.search(plain) and not _QUOTE.search(plain):
        return product(heard)
    if heard.lines:
        unclear = next((line for line in heard.lines if len(line.alternatives) > 1), None)
        if unclear:
            return which(unclear.alternatives, unclear.quantity)
        lines = _merged(heard)
        return choose("quote", lines=lines, wanted_on=_when(heard).get("wanted_on"))
    if heard.brief.orders or heard.brief.quote:
        return choose("quote", lines=[], wanted_on=_when(heard).get("wanted_on"))
    wanted = _wanted(heard)
    if wanted and len(wanted[0].alternatives) > 1:
        return which(wanted[0].alternatives, wanted[0].quantity)
    if wanted:
        return choose("quote", lines=[_plain(line.code, line.quantity or 1, line) for line in wanted])
    return choose("clarify", question="what")


def _merged(heard: Hearing) -> list[dict[str, Any]]:
    """The lines of the message; when it adds to the open quote or changes it, the others stay."""
    quoted = {line.code: line for line in heard.brief.quote.lines} if heard.brief.quote else {}
    new = []
    for line in heard.lines:
        before = quoted.get(line.code)
        options = line.options or (before.options if before else {})
        new.append(_plain(line.code, line.quantity or 1, replace(line, options=options)))
    changes = _MORE.search(heard.text) or heard.chance("change_quantity", "remove_line") >= 0.3 or _of_quote(heard)
    kept = [_quoted(old) for code, old in quoted.items() if code not in {line.code for line in heard.lines}]
    return (kept if changes else []) + new


def quote_or_faq(heard: Hearing) -> Choices | None:
    named = heard.lines and heard.lines[0].score >= _OWN_NAME
    return quote(heard) if named and heard.counts else known_answer(heard, 0.35)


def accept(heard: Hearing) -> Choices | None:
    if heard.brief.quote:
        return choose("accept_quote")
    return pay(heard) if heard.brief.orders else order(heard)


def pay(heard: Hearing) -> Choices | None:
    """The link, by the means that is named."""
    if heard.brief.orders:
        return choose("pay", means=_means(heard))
    if heard.brief.quote:
        return choose("accept_quote")
    if heard.lines and not all(len(line.alternatives) > 1 for line in heard.lines):
        return order(heard)
    return known_answer(heard, 0.35) or choose("order_status")


def _means(heard: Hearing) -> str | None:
    plain = heard.text.casefold()
    named = [
        means
        for means, words in {
            "wave": ("wave", "wav "),
            "orange_money": ("orange", "om ", " om", "o.m"),
            "card": ("carte", "card", "visa", "mastercard", "cb "),
        }.items()
        if any(word in f"{plain} " for word in words)
    ]
    return named[0] if len(named) == 1 and named[0] in heard.brief.shop.means else None


def paid(heard: Hearing) -> Choices | None:
    """Who says that it is paid is told what has arrived; nothing is marked."""
    if _ORDER_IT.search(heard.text):
        return choose("refuse", what="paid")
    if heard.brief.orders or heard.brief.past:
        return choose("order_status", reference=heard.reference)
    return choose("escalate", reason="payment")


def cancel(heard: Hearing) -> Choices | None:
    """The open order or a line of it. What is paid, a person decides."""
    open_order = heard.brief.orders[0] if heard.brief.orders else None
    if open_order:
        held = {line.code for order_ in heard.brief.orders for line in order_.lines}
        meant = next((order_ for order_ in heard.brief.orders if order_.reference == heard.reference), None)
        if meant and len(heard.brief.orders) > 1:
            return [choice for line in meant.lines for choice in choose("cancel", code=line.code)]
        if len(heard.brief.orders) > 1 and not heard.lines:
            codes = [order_.lines[0].code for order_ in heard.brief.orders if len(order_.lines) == 1]
            if _ALL.search(heard.text) and len(codes) == len(heard.brief.orders):
                return [choice for code in codes for choice in choose("cancel", code=code)]
        named = [line for line in heard.lines if line.code in held]
        if named and len(named) < len(held):
            return [choice for line in named for choice in choose("cancel", code=line.code, options=dict(line.options))]
        return choose("cancel")
    if any(past.status == "paid" for past in heard.brief.past):
        return choose("escalate", reason="refund")
    return choose("order_status")


def remove(heard: Hearing) -> Choices | None:
    """Out with what is named; "but keep the soap" names what stays."""
    held = [line for order_ in heard.brief.orders[:1] for line in order_.lines]
    kept = {
        mention.code
        for mention in heard.mentions
        if _KEEP.search(heard.text[: mention.start]) or _KEPT.match(fold(heard.text[mention.end :]))
    }
    said = [_as_held(line, held) for line in heard.lines]
    named = [line for line in said if line.code in {have.code for have in held}]
    named = [line for line in named if line.code not in kept] or named
    if held and named:
        return [choice for line in named for choice in choose("cancel", code=line.code, options=dict(line.options))]
    if heard.brief.quote and heard.lines:
        gone = {line.code for line in heard.lines}
        lines = [_quoted(old) for old in heard.brief.quote.lines if old.code not in gone]
        return choose("quote", lines=lines) if lines else None
    if held and not heard.lines:
        return choose("cancel") if len(held) == 1 else which([have.code for have in held])
    return cancel(heard) if heard.brief.past else None


def drop(heard: Hearing) -> Choices | None:
    """ "Non, laisse les créoles": a refusal that names what is held takes it out."""
    held = {line.code for line in heard.held}
    named = [line.code for line in heard.lines if line.code in held]
    if not named or heard.counts or "?" in heard.text:
        return None
    if heard.ranked[0] in ("no", "later", "cancel", "remove_line") or heard.chance("remove_line", "cancel") >= _LIKELY:
        return remove(heard)
    return None


def new_date(heard: Hearing) -> Choices | None:
    """ "Non dimanche en fait": a short message that names a day and nothing else moves what is held or quoted."""
    short = len(heard.text.split()) <= _SHORT and "?" not in heard.text
    if heard.when and short and not heard.lines and (heard.brief.orders or heard.brief.quote):
        return change_date(heard) if heard.chance("pay", "cancel", "address_give") < _LIKELY else None
    return None


def _quoted(line: Any) -> dict[str, Any]:
    return {"code": line.code, "quantity": line.quantity, "options": dict(line.options)}


def change_quantity(heard: Hearing) -> Choices | None:
    """Another number of what is held or quoted."""
    held = [line for order_ in heard.brief.orders[:1] for line in order_.lines]
    if held:
        return _requantify(heard, held)
    if heard.brief.quote:
        return _requote(heard)
    if any(past.status == "paid" for past in heard.brief.past) and not heard.memory.offered:
        return choose("escalate", reason="custom")
    return order(heard)


def _requantify(heard: Hearing, held: Sequence[Any]) -> Choices | None:
    if len(heard.lines) == 1 and heard.count is not None:
        line = replace(heard.lines[0], quantity=heard.count, alternatives=())
        return choose("hold", lines=[_line(heard, _as_held(line, held))])
    if heard.lines:
        return choose("hold", lines=[_line(heard, _as_held(line, held)) for line in heard.lines])
    if heard.count is None:
        return None
    last, count = held[-1], heard.count
    quantity = count + last.quantity if _MORE.search(heard.text) else count
    return choose("hold", lines=[{"code": last.code, "quantity": quantity, "options": dict(last.options)}])


def _as_held(line: OrderLine, held: Sequence[Any]) -> OrderLine:
    """The article of that name that is held, in the size and colour that it has there."""
    same = next((have for have in held if have.code in (line.code, *line.alternatives)), None)
    if same is None:
        return line
    return replace(line, code=same.code, options=line.options or dict(same.options), alternatives=())


def _requote(heard: Hearing) -> Choices | None:
    assert heard.brief.quote is not None
    if heard.lines:
        return choose("quote", lines=_merged(heard))
    if heard.count is None:
        return None
    *others, last = heard.brief.quote.lines
    changed = _quoted(last) | {"quantity": heard.count}
    return choose("quote", lines=[*map(_quoted, others), changed])


def _of_quote(heard: Hearing) -> bool:
    """Does the message speak of nothing but what is quoted?"""
    quoted = {line.code for line in heard.brief.quote.lines} if heard.brief.quote else set()
    return bool(heard.lines) and all(line.code in quoted for line in heard.lines)


def change_variant(heard: Hearing) -> Choices | None:
    """The same in another size or colour, or another article instead."""
    held = [line for order_ in heard.brief.orders[:1] for line in order_.lines]
    base = held[-1].code if held else heard.memory.one or (heard.memory.focus[0] if heard.memory.focus else None)
    new, old_code = _exchange(heard, [line.code for line in held])
    if new and old_code:
        return choose(
            "swap", code=old_code, new_code=new.code, new_options=dict(new.options) or None, quantity=new.quantity
        )
    options = dict(heard.lines[-1].options) if heard.lines else {}
    code = heard.lines[-1].code if heard.lines else base
    if not options and base:
        options = heard.options_in(heard.text, base)
        code = base if options and not heard.lines else code
    if code is None or (not options and not heard.lines):
        return None
    count = heard.count
    if held:
        old = next((line.code for line in held if line.code == code), held[-1].code)
        return choose("swap", code=old, new_code=code, new_options=options or None, quantity=count)
    if heard.chance("price_ask", "stock_ask", "details") > heard.chance("change_variant", "order"):
        return choose("show_products", codes=[code])
    return choose("hold", lines=[{"code": code, "quantity": count or 1, "options": options}])


def _exchange(heard: Hearing, held: Sequence[str]) -> tuple[OrderLine | None, str | None]:
    """ "Les créoles à la place de la montre": what comes and what goes, when one of two is held."""
    if len(heard.lines) != 2 or any(line.alternatives for line in heard.lines):
        return None, None
    gone = [line for line in heard.lines if line.code in held]
    new = [line for line in heard.lines if line.code not in held]
    return (new[0], gone[0].code) if len(gone) == len(new) == 1 else (None, None)


def change_date(heard: Hearing) -> Choices | None:
    if heard.when and (heard.brief.orders or heard.brief.quote):
        when = heard.when
        return choose("wanted_on", on=when.on.isoformat() if when.on else None, at=when.at)
    if heard.brief.past:
        return choose("escalate", reason="custom")
    return slot(heard)


def slot(heard: Hearing) -> Choices | None:
    """A day that is given: of what is held, or kept as a wish."""
    when = heard.when
    if when is None:
        return None
    if heard.lines:
        return order(heard)
    if heard.brief.orders or heard.brief.quote:
        return choose("wanted_on", on=when.on.isoformat() if when.on else None, at=when.at)
    fields = ({"date": when.on.isoformat()} if when.on else {}) | ({"time": when.at} if when.at else {})
    return choose("intake", kind="slot", fields=fields)


def status(heard: Hearing) -> Choices | None:
    """Where things stand; who has nothing open and has bought nothing probably asks something else."""
    if heard.brief.orders or heard.brief.past or heard.reference or heard.chance("status", "purchases") >= _OWN_NAME:
        return choose("order_status", reference=heard.reference)
    return None


def more_time(heard: Hearing) -> Choices | None:
    return choose("order_status") if heard.brief.orders and not heard.counts else None


def about_order(heard: Hearing) -> Choices | None:
    """A question about an order of the buyer's own, by its number."""
    own = {order_.reference for order_ in (*heard.brief.orders, *heard.brief.past)}
    deeds = ("cancel", "pay", "refund", "complaint", "change_date", "change_quantity", "address_give", "prompt_attack")
    if heard.reference in own and heard.chance(*deeds) < _LIKELY and _ABOUT_ORDER.search(fold(heard.text)):
        return choose("order_status", reference=heard.reference)
    return None


def address(heard: Hearing) -> Choices | None:
    if heard.address is None and ("?" in heard.text or wants_form(heard)):
        return choose("clarify", question="address") if wants_form(heard) else known_answer(heard, 0.35)
    fields = heard.address.fields if heard.address else {"text": heard.text.strip()}
    taken = order(heard) if heard.lines and heard.chance("order") >= 0.3 else None
    if heard.when and heard.when.on and not taken:
        moment = {"date": heard.when.on.isoformat()} | ({"time": heard.when.at} if heard.when.at else {})
        return choose("intake", kind="address", fields=fields) + choose("intake", kind="slot", fields=moment)
    if taken and any(choice.name == "hold" for choice in taken):
        return [choice for choice in taken if choice.name != "intake"] + choose("intake", kind="address", fields=fields)
    return choose("intake", kind="address", fields=fields)


def custom(heard: Hearing) -> Choices | None:
    """Something made to order: what is asked for is kept, and what is named is held."""
    fields = {"request": heard.text.strip()}
    if heard.when and heard.when.on:
        fields["date"] = heard.when.on.isoformat()
    return choose("intake", kind="custom", fields=fields)


def notify(heard: Hearing) -> Choices | None:
    """A place in the line for what is out of stock; what is there is shown."""
    line = heard.lines[0] if heard.lines else None
    gone = [hit.key for hit in heard.hits if hit.score >= _FAINT and not _free(heard, hit.key)]
    code = line.code if line else next(iter((heard.memory.one, *gone, *heard.memory.focus)), None)
    code = code or next(iter((*gone, *heard.memory.focus)), None)
    if code is None:
        return None
    if line and len(line.alternatives) > 1:
        gone = [c for c in line.alternatives if not _free(heard, c)]
        if len(gone) != 1:
            return which(line.alternatives)
        code = gone[0]
    options = dict(line.options) if line else {}
    if _there(heard, code, options):
        return choose("show_products", codes=[code])
    return choose("notify_when_back", code=code, options=options or None, quantity=line.quantity if line else None)


def _there(heard: Hearing, code: str, options: Mapping[str, str]) -> bool:
    """Is there any of it? Who waits for what is there would be sold it at once."""
    variants = [v for v in heard.brief.products[code].variants if options.items() <= v.options.items()]
    return any(heard.brief.stock.get(variant.id, 0) for variant in variants)


def _free(heard: Hearing, code: str) -> int:
    return sum(heard.brief.stock.get(variant.id, 0) for variant in heard.brief.products[code].variants)


def promotion(heard: Hearing) -> Choices | None:
    """The code that is named, whatever it is worth."""
    found = _CODE_WORD.search(heard.text)
    word = (
        found.group(1)
        if found
        else next((word for word in _CAPITALS.findall(heard.text) if word not in heard.brief.products), None)
    )
    return choose("use_promotion", code=word) if word else choose("refuse", what="price")
