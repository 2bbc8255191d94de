"""Paying and where things stand."""

import re

from griot.agent.interpreter.asking import known_answer
from griot.agent.interpreter.basket import basket_of, strangers
from griot.agent.interpreter.choosing import Choices, choose
from griot.agent.interpreter.edits import says
from griot.agent.interpreter.hearing import Hearing
from griot.agent.interpreter.lines import OWN_NAME
from griot.agent.interpreter.ordering import order
from griot.agent.interpreter.quoting import asks, asks_for_link
from griot.agent.interpreter.recounting import number_meant
from griot.knowledge.search.words import fold

_SURE = 0.7
_LIKELY = 0.35
_SOME = 0.25
_SHORT = 8  # words
_ALL = re.compile(r"\b(tout|toutes?|tous|tt|all|everything|daholo|rehetra|yepp|lepp)\b")
_DEAR = re.compile(r"\b(trop chers?|tro cher|too (expensive|much|dear)|lafo|seer|\d+ ?(%|pour ?cents?))")
_TOTAL = re.compile(
    r"\b(total\w*|en tout|en tt|au tt|altogether|all together|in all|fitambar\w*|yepp naata|naata yepp|lepp naata"
    r"|(combien|cb|cmb) (je|on|nous) (te|vs|vous)? ?(dois|doit|devons)|how much do (i|we) owe"
    r"|(combien|cb|cmb) (ca|sa|cela) (fait|fe|represente)|(ca|sa|cela) (fait|fe|represente) (combien|cb|cmb)"
    r"|quel(le)? (montant|somme|total)|(montant|somme|prix) (total\w*|globale?|a payer)|mitontaly"
    r"|ohatrinona ny \w+ rehetra)\b"
)
_NO_LINK = re.compile(
    r"\b(pas|pa|jamais|tjr|tjrs|toujours|renv\w*|reenv\w*|envo\w*|redonn\w*|encore|ou|marche\w*|expir\w*|ouvr\w*|recu"
    r"|not|never|haven\W?t|didn\W?t|doesn\W?t|won\W?t|resend|send|again|where|expired|works?|tsy|mbola|alefas\w*|aiza"
    r"|mandefa\w*|indray|gisuma|jotuma|amuma|amul|fan|yonnee\w*|dellu\w*)\b"
)
_ABOUT_ORDER = re.compile(r"\?|\b(etat|statut|status|ou en est|suivi|aiza|where)\b")
_ORDER_IT = re.compile(
    r"\b(marque[rz]?|mets|mettez|valide[rz]?|confirme[rz]?|note[rz]?|enregistre[rz]?|mark|set|confirm|validate|soraty)\b",
    re.I,
)
_CODE_WORD = re.compile(
    r"\b(?:code|promo|coupon|kaody)\b\W*(?:promo\W*)?[«\"“'*]?([A-Za-z]*\d+[A-Za-z0-9]*|[A-Z]{3,16}\d*)"
)
_CAPITALS = re.compile(r"\b(?=[A-Z0-9]*[A-Z])[A-Z0-9]{4,16}\b")


def accept(heard: Hearing) -> Choices | None:
    """The open quote, when the message asks for nothing else; else what is held or named is bought."""
    if heard.brief.quote:
        return choose("accept_quote") if _agrees(heard) else None
    return pay(heard) if heard.brief.orders else order(heard)


def takes_quote(heard: Hearing) -> Choices | None:
    """ "Je prends tout", "j'accepte": all that is quoted."""
    named = any(line.score >= OWN_NAME for line in heard.lines)
    if heard.brief.quote is None or heard.held or named or heard.counts or "?" in heard.text:
        return None
    everything = heard.chance("order", "quote_accept") >= _LIKELY and _ALL.search(fold(heard.text))
    return choose("accept_quote") if (everything or says("accept", heard.text)) and _agrees(heard) else None


def as_quoted(heard: Hearing) -> Choices | None:
    """ "Je prends les 20 sacs" of a quote for 20 accepts it."""
    basket, count = basket_of(heard), number_meant(heard)
    if not basket.quoted or len(basket.items) > 1 or count is None or "?" in heard.text or strangers(heard, basket):
        return None
    takes = heard.chance("order", "quote_accept", "yes") >= _LIKELY and count.value == basket.items[0].quantity
    return choose("accept_quote") if takes and _agrees(heard) else None


def put_off(heard: Hearing) -> Choices | None:
    """ "Merci, j'envoie ça à mon patron", "je réfléchis": nothing is taken, and an offer stays as it is."""
    text = heard.text
    later = says("postpone", text) or (says("noted", text) and not says("accept", text))
    if not later or heard.lines or heard.counts or "?" in text:
        return None
    if heard.chance("pay", "paid_claim", "complaint", "address_give", "cancel") >= _LIKELY:
        return None
    return choose("small_talk", kind="later" if heard.chance("later") >= _LIKELY else "thanks")


def link(heard: Hearing) -> Choices | None:
    """ "J'ai toujours pas le lien", "le lien ne marche pas": the way to pay once more."""
    plain = fold(heard.text)
    if not heard.brief.orders or not asks_for_link(heard) or not _NO_LINK.search(plain):
        return None
    others = heard.chance("cancel", "change_quantity", "remove_line", "prompt_attack", "human", "refund")
    return None if others >= _LIKELY else choose("pay", means=_means(heard))


def _agrees(heard: Hearing) -> bool:
    """Nothing is asked, haggled over or put off. A request for the link may be a question."""
    if says("postpone", heard.text):
        return False
    doubt = _LIKELY if says("accept", heard.text) else _SOME
    if heard.chance("discount_ask", "price_claim", "cancel", "later", "no") >= doubt or _DEAR.search(fold(heard.text)):
        return False
    return not asks(heard) or asks_for_link(heard)


def pay(heard: Hearing) -> Choices | None:
    """The link, by the means that is named."""
    if heard.brief.orders:
        return choose("pay", means=_means(heard))
    if heard.brief.quote:
        return choose("accept_quote") if _agrees(heard) else None
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


def total(heard: Hearing) -> Choices | None:
    """What it comes to altogether: the order says it, or the open quote."""
    basket = basket_of(heard)
    if not basket.items or strangers(heard, basket) or number_meant(heard) is not None:
        return None
    short = len(heard.text.split()) <= _SHORT
    return choose("order_status") if short and _TOTAL.search(fold(heard.text)) else None


def status(heard: Hearing) -> Choices | None:
    """Where things stand; who has nothing open and has bought nothing probably asks something else."""
    if heard.brief.orders or heard.brief.past or heard.reference or heard.chance("status", "purchases") >= _SURE:
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


def promotion(heard: Hearing) -> Choices | None:
    """The code that is named, whatever it is worth."""
    found = _CODE_WORD.search(heard.text)
    word = (
        found.group(1)
        if found
        else next((word for word in _CAPITALS.findall(heard.text) if word not in heard.brief.products), None)
    )
    return choose("use_promotion", code=word) if word else choose("refuse", what="price")
