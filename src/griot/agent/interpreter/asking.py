"""Questions: of the buyer about goods and the shop, and the buyer's answers to the agent's own."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from griot.agent.interpreter.amounts import amounts_in, budget
from griot.agent.interpreter.answers import Offer, read_pick, said_no, said_yes
from griot.agent.interpreter.choosing import Choices, article, choose
from griot.agent.interpreter.hearing import OF_THE_SHOP, Hearing
from griot.agent.interpreter.lines import OWN_NAME
from griot.core.money import exponent
from griot.knowledge.search.words import fold

_ANSWERS = 0.55  # score of an FAQ entry that answers
_ANSWERS_SURELY = 0.8  # the same beside a question about goods
_ANSWERS_TOPIC = 0.35  # the same when the intent says that it is a question for the FAQ
_FORESEEN = 0.85  # score of an FAQ entry that answers though an article is named
_OF_GOODS = 0.5  # odds of a question about price or stock that no such entry answers
_AS_GOOD = 0.1  # how much less an entry may score that has a number of the question
_MEANT = 0.6  # score of a product that the words mean without naming it
_LIKELY_ASKED = 0.45  # odds of a topic under which the message may be about something else
_SURELY_ASKED = 0.7  # odds of a topic from which no answer means that a human has to give one
_PLAUSIBLE = 0.3
_FAINT = 0.15
_LISTED = 5
_GIVE_ADDRESS = re.compile(
    r"\b(ou|comment|where|how|aiza|ahoana|fan|nan|demand\w*|ask)\b.{0,60}\b(adress\w*|address|adiresy"
    r"|quartier|coordonnees|info\w*)\b"
    r"|\b(adress\w*|address|adiresy|quartier)\b.{0,40}\b(ou|comment|where|how|aiza|fan)\b"
)
_MUST = re.compile(
    r"\b(faut|fo|doit|dois|doivent|obligatoire\w*|obliges?|need to|have to|must|required|necessary|mila|tsy maintsy"
    r"|war\w* naa|war\w*|laaj\w*)\b"
)
_GIVE_SLOT = re.compile(
    r"\b(choisi\w*|choose|pick|mifidy|reserve\w*|book|set|fixe\w*)\b.{0,40}\b(creneau\w*|slot|heure|hour"
    r"|time|ora|fotoana)\b"
)
_PRICES = ("price_ask", "stock_ask", "details")
_ASKS_PRICE = 0.5  # odds of such an intent from which "how much?" is asked of what was shown
_ALL_OF_IT = re.compile(
    r"\b(total\w*|en tout|en tt|le tout|tout ca|tt ca|tout compris|altogether|all together|in all|lepp"
    r"|yepp|boole|fitambar\w*"
    r"|montant|represente|dois|doi|owe|aloako|a payer)\b"
)
_CHEAPER = re.compile(
    r"\b((?<!le )(?<!les )(?<!la )moins cher\w*|plus abordable|meilleur marche|plus petit prix|cheaper"
    r"|less expensive|mora kokoa"
    r"|gena yomb|trop cher|too expensive|lafo (loatra|be))\b"
)
_ASKS = re.compile(
    r"\b(ve|can you|could you|do you|how many|combien|cb|firy|est ce qu\w*|peut on|on pe\w*|pouvez vous|ndax|ngeen)\b"
)
_COMES_WITH = re.compile(
    r"\b(fourni\w*|inclus\w*|compris\w*|vendue?s? avec|livree?s? avec|vient avec|included|in the box|comes? with"
    r"|separate\w*|a part|miaraka|tafiditra|ci (la )?bokk)\b"
)
_NUMBER = re.compile(r"\d{2,}")
_CHEAP = re.compile(
    r"\b(moins ch[eè]re?s?|pas ch[eè]re?s?|cheap\w*|least expensive|lowest|mora( kokoa| indrindra)?|yomb)\b", re.I
)


def answer_to_question(heard: Hearing) -> Choices | None:
    """What the message answers to the agent's last question."""
    asked = heard.brief.asked or {}
    match asked.get("kind"):
        case "confirm_quantity" if said_yes(heard.text):
            return choose("hold", lines=[article(asked["code"], asked["quantity"])])
        case "confirm_quantity" if said_no(heard.text) and not heard.counts:
            return choose("small_talk", kind="ok")
        case "confirm_quantity" | "quantity" if len(heard.counts) == 1 and not heard.mentions:
            return choose("hold", lines=[article(asked["code"], heard.counts[0].value)])
        case "quote" if said_yes(heard.text):
            return choose("accept_quote")
        case "date" if heard.when:
            return choose("wanted_on", **heard.when.written("on", "at"))
        case "address" if heard.address:
            return choose("intake", kind="address", fields=heard.address.fields)
        case "variant" if asked.get("code") in heard.brief.products and (first := _variant_and_more(heard, asked)):
            return first
        case "product" | "waitlist" | "variant" if _nothing_named(heard):
            return _pick(heard, int(asked.get("quantity") or 1))
    return _pick(heard, 1) if len(heard.memory.offered) > 1 and _nothing_named(heard) else None


def _variant_and_more(heard: Hearing, asked: Mapping[str, Any]) -> Choices | None:
    """ "L. Et les babouches aussi, en 44": the size that was asked for, and another article."""
    code = asked["code"]
    others = [line for line in heard.lines if line.code != code and not line.alternatives and line.score >= OWN_NAME]
    if not others or "?" in heard.text:
        return None
    start = min(mention.start for mention in heard.mentions)
    options = heard.options_in(heard.text[:start], code)
    if not options:
        return None
    first = article(code, int(asked.get("quantity") or 1), options)
    return choose("hold", lines=[first, *(article(line.code, line.quantity or 1, line.options) for line in others)])


def _nothing_named(heard: Hearing) -> bool:
    """No article is named by a word of its own: "the black one" names none, though a black soap exists."""
    return all(mention.score < OWN_NAME for mention in heard.mentions)


def _pick(heard: Hearing, quantity: int) -> Choices | None:
    """ "La deuxième": of what was offered. Asked about, it is shown; otherwise it is taken."""
    offers = offered(heard)
    picked = read_pick(heard.text, offers)
    if picked is None or (picked.options and len(offers) > 1):
        between = _between(heard, offers)
        if picked is None or between:
            return between
    if "?" in heard.text or heard.chance("price_ask", "stock_ask", "details") > heard.chance("order", "yes"):
        return choose("show_products", codes=list(picked.codes))
    count = heard.counts[0].value if len(heard.counts) == 1 else quantity
    quoted = heard.brief.quote.lines if heard.brief.quote and not heard.held else ()
    if quoted and set(picked.codes) <= {line.code for line in quoted}:
        lines = [article(q.code, count if q.code in picked.codes else q.quantity, q.options) for q in quoted]
        return choose("quote", lines=lines)
    lines = [article(code, count, picked.options) for code in picked.codes]
    return choose("hold", lines=lines)


def offered(heard: Hearing) -> list[Offer]:
    """What was just offered, as picks are read from it."""
    products = [heard.brief.products[code] for code in heard.memory.offered]
    return [Offer(item.code, item.title, item.price, [v.options for v in item.variants]) for item in products]


def _between(heard: Hearing, offers: Sequence[Offer]) -> Choices | None:
    """A colour or size that several of the offered have: which of them?"""
    fitting = [offer.code for offer in offers if heard.options_in(heard.text, offer.code)]
    return which(fitting) if len(fitting) > 1 else None


def product(heard: Hearing) -> Choices | None:
    """Price, stock, details of what is named, meant, or was talked of last; what the basket comes to."""
    if comes_to := total(heard):
        return comes_to
    if with_it := _of_what_was_shown(heard):
        return _show(heard, [with_it])
    codes = _named(heard)
    sure = heard.lines[0].score if codes else 0.0
    answer = None if sure >= OWN_NAME else known_answer(heard, _ANSWERS if sure < _MEANT else _ANSWERS_SURELY)
    if codes and heard.faq and (foreseen := _foreseen(heard, sure)):
        return foreseen
    if codes and (answer is None or (sure >= _MEANT and not _about_shop(heard))):
        return _show(heard, _cheapest_first(heard, codes))
    if heard.memory.one and _waits(heard) and heard.chance(*_PRICES) >= _LIKELY_ASKED:
        return _show(heard, [heard.memory.one])
    if answer := answer if codes else known_answer(heard, _ANSWERS_SURELY):
        return answer
    meant = [hit.key for hit in heard.hits if hit.score >= _MEANT]
    plausible = [hit.key for hit in heard.hits if hit.score >= _PLAUSIBLE]
    if meant or (plausible and not heard.memory.focus):
        return _show(heard, meant or plausible)
    talked_of = heard.memory.offered or heard.memory.focus[:1]
    if talked_of and heard.chance(*_PRICES) >= _ASKS_PRICE:
        return _show(heard, talked_of)
    return known_answer(heard) or (_show(heard, talked_of) if talked_of else None)


def _foreseen(heard: Hearing, sure: float) -> Choices | None:
    """ "Le wax se lave comment ?": what the shop has an answer for, though the message names an article.

    ``sure``: the score of that article.
    """
    best = max(hit.score for hit in heard.faq)
    of_goods = heard.chance("price_ask", "stock_ask") >= _OF_GOODS or sure >= best
    return None if of_goods and heard.chance(*OF_THE_SHOP) < _OF_GOODS else known_answer(heard, _FORESEEN)


def _of_what_was_shown(heard: Hearing) -> str | None:
    """ "Le chargeur est fourni avec ?": the article just talked of, whatever else is named as a part of it."""
    one = heard.memory.one
    asks = one and not heard.counts and _COMES_WITH.search(fold(heard.text))
    return one if asks and all(line.code != one for line in heard.lines) else None


def _show(heard: Hearing, codes: Sequence[str]) -> Choices:
    """These articles; with a number in the message, what so many cost."""
    quantity = heard.lines[0].quantity if heard.lines else None
    return choose("show_products", codes=list(codes)[:_LISTED], quantity=quantity or heard.count)


def _waits(heard: Hearing) -> bool:
    """Did the agent just ask for a size, or offer to tell when there is more?"""
    return (heard.brief.asked or {}).get("kind") in ("variant", "waitlist")


def _about_shop(heard: Hearing) -> bool:
    """May the message ask about the shop rather than an article?"""
    return heard.chance(*OF_THE_SHOP) >= _PLAUSIBLE


def total(heard: Hearing) -> Choices | None:
    """ "Ça fait combien en tout ?": what all that is held comes to; the order says it."""
    named = any(mention.score >= _MEANT for mention in heard.mentions)
    if named or not heard.held or not _ALL_OF_IT.search(fold(heard.text)):
        return None
    asks = heard.chance("price_ask", "status", "quote", "purchases") >= _PLAUSIBLE
    return choose("order_status") if asks and known_answer(heard, _ANSWERS_SURELY) is None else None


def _named(heard: Hearing) -> list[str]:
    """Codes of what the message names, with everything that goes by the same name."""
    codes: list[str] = []
    for line in heard.lines:
        codes += line.alternatives or (line.code,)
    return list(dict.fromkeys(codes))[:_LISTED]


def browse(heard: Hearing) -> Choices | None:
    """What there is for a purpose, a taste or a budget; something cheaper than what is too dear."""
    if cheaper := _cheaper(heard):
        return _show(heard, cheaper)
    limit = budget(heard.text, heard.brief.shop.currency)
    hits = heard.brief.find.products(heard.text, 12)
    found = [*_named(heard), *(hit.key for hit in hits if hit.score >= _PLAUSIBLE)]
    if not heard.lines and (_about_shop(heard) or not found) and (answer := known_answer(heard, _ANSWERS_SURELY)):
        return answer
    found = found or [hit.key for hit in hits[:3] if hit.score >= _FAINT]
    codes = list(dict.fromkeys(found))
    if limit is not None or (not codes and not heard.memory.focus):
        codes += [code for code in heard.brief.products if code not in codes and heard.free(code)]
    if limit is not None:
        codes = [code for code in codes if limit.fits(heard.brief.products[code].price)]
    return choose("show_products", codes=_cheapest_first(heard, codes)[:_LISTED]) if codes else None


def _cheaper(heard: Hearing) -> list[str]:
    """Articles like the one that is too dear, and cheaper; none when nothing was compared."""
    if heard.counts or not _CHEAPER.search(fold(heard.text)):
        return []
    products = heard.brief.products
    digits = exponent(heard.brief.shop.currency)
    amounts = {int(amount.value.scaleb(digits)) for amount in amounts_in(heard.text)}
    named = _named(heard) or ([heard.memory.one] if heard.memory.one else [])
    dear = [products[code] for code in named if len(named) == 1 or products[code].price.minor in amounts]
    if len(dear) != 1:
        return []
    like = heard.brief.find.products(f"{dear[0].title} {dear[0].category}", 12)
    codes = [*named, *(hit.key for hit in like if hit.score >= _PLAUSIBLE)]
    codes += [code for code, other in products.items() if other.category == dear[0].category]
    found = [code for code in dict.fromkeys(codes) if products[code].price.minor < dear[0].price.minor]
    return [code for code in found if heard.free(code)]


def _cheapest_first(heard: Hearing, codes: list[str]) -> list[str]:
    """Sorted by price when that is what was asked; what is gone comes last."""
    if not _CHEAP.search(heard.text):
        return codes
    prices = heard.brief.products
    return sorted(codes, key=lambda code: (not heard.free(code), prices[code].price.minor))


def known_answer(heard: Hearing, enough: float = _ANSWERS) -> Choices | None:
    """The FAQ entry that answers, when one does; of those about as good, the one that has a number of the question."""
    good = [hit for hit in heard.faq if hit.score >= max(enough, heard.faq[0].score - _AS_GOOD)]
    if not good:
        return None
    said = set(_NUMBER.findall(heard.text))
    best = max(good, key=lambda hit: len(said & set(_NUMBER.findall(heard.brief.faq[hit.key].answer + hit.title))))
    return choose("answer_faq", key=best.key)


def faq(heard: Hearing) -> Choices | None:
    """A question about the shop: its own answer, or a human's."""
    if heard.when and heard.when.on and heard.bought and heard.ranked[0] == "slot_ask":
        return choose("intake", kind="slot", fields=heard.when.written("date", "time"))
    if heard.ranked[0] == "wholesale_ask" and (priced := _of_so_many(heard)):
        return priced
    if answer := known_answer(heard, _ANSWERS_TOPIC):
        return answer
    odds = heard.chance(*(name for name in OF_THE_SHOP if name != "shop_ask"))
    if heard.mentions:
        counted = any(line.quantity for line in heard.lines)
        return None if counted and heard.chance("order") >= _PLAUSIBLE else _show(heard, _named(heard))
    if odds < _LIKELY_ASKED or (odds < _SURELY_ASKED and any(hit.score >= _PLAUSIBLE for hit in heard.hits)):
        return None
    return choose("escalate", reason="unknown")


def _of_so_many(heard: Hearing) -> Choices | None:
    """ "Et si j'en prends dix ?": what so many cost of the article that is named or was talked of last."""
    about = _named(heard) or ([heard.memory.one] if heard.memory.one else [])
    several = any(count.value > 1 for count in heard.counts)
    return _show(heard, about) if about and several else None


def shop_question(heard: Hearing) -> Choices | None:
    """What has to be done, though it is asked in the words of an order: "faut-il réserver pour une coupe ?"."""
    asks = heard.text.rstrip().endswith("?") and _MUST.search(fold(heard.text))
    return known_answer(heard, _ANSWERS_SURELY) if asks and heard.ranked[0] == "order" and not heard.counts else None


def form(heard: Hearing) -> Choices | None:
    """The first step of a form: where to deliver what is bought, or when it is to be ready.

    Whether something can be made to order is no wish yet when the shop's own answer says it.
    """
    asks = "?" in heard.text or (heard.when is None and _ASKS.search(fold(heard.text)))
    if heard.ranked[0] == "custom_request" and asks and (answer := known_answer(heard)):
        return answer
    if wants_form(heard):
        return choose("clarify", question="address")
    if heard.bought and not heard.counts and _GIVE_SLOT.search(fold(heard.text)):
        return choose("clarify", question="date")
    return None


def wants_form(heard: Hearing) -> bool:
    """Asks where or how to give an address, for something that is bought."""
    bought = heard.bought or bool(heard.brief.orders)
    calm = heard.chance("legal", "medical", "complaint", "refund") < _PLAUSIBLE
    return calm and bought and heard.address is None and bool(_GIVE_ADDRESS.search(fold(heard.text)))


def fallback(heard: Hearing) -> Choices:
    """Nothing is clear: what is plausible is shown, else one question, else a human."""
    codes = _named(heard)
    if codes:
        return choose("show_products", codes=codes)
    if heard.memory.one and len(heard.counts) == 1 and "?" not in heard.text:
        return choose("hold", lines=[article(heard.memory.one, heard.counts[0].value)])
    if answer := known_answer(heard):
        return answer
    meant = [hit.key for hit in heard.hits if hit.score >= _MEANT]
    if meant:
        return choose("show_products", codes=meant[:_LISTED])
    if heard.brief.troubles:
        return choose("escalate", reason="unknown")
    return choose("clarify", question="what")


def which(codes: Sequence[str], quantity: int | None = None) -> Choices:
    """Between these: which one?"""
    return choose("clarify", question="product", codes=list(codes)[:_LISTED], quantity=quantity)
