"""Orders of other people: nothing is done to them, whoever they are said to be and whatever number is named."""

import re
from collections.abc import Sequence

from griot.agent.interpreter.choosing import Choices, choose
from griot.agent.interpreter.hearing import Hearing
from griot.agent.interpreter.pieces import Phrases, Piece, phrases_of, pieces
from griot.core.texts import LANGUAGES, text
from griot.knowledge.catalogue.codes import fold_code
from griot.knowledge.search.words import fold

_DEEDS = (
    "cancel",
    "remove_line",
    "change_quantity",
    "change_variant",
    "change_date",
    "address_give",
    "pay",
    "resend_link",
)
_LIKELY = 0.25
_WHO = re.compile(
    r"(^|[.!?,;:]\s*|\b(c est|c|sai[st]|dis|di|dire|know|tell me|lazao|wax ma)\s+)(ki|qui|who|iza|kan)( (ki|qui|else))?"
    r"\s(a|ont|has|have|no|moo|mo|nu)?\s?"
    r"(command\w*|comand\w*|achet\w*|pri[st]?e?s?|bought|ordered|got|took|nividy|naka|nandidy|jend\w*)\b"
)
_DATA = re.compile(
    r"\b(adress?es?|address|adiresy|numeros?|num|number|phone|tel|telephone|laharana|nomerao|chiffres?|digits?|noms?"
    r"|name|anarana|tur|turam|dekk|quartier|whatsapp|contact)\b"
)
_THEM = re.compile(r"\b(elle|il|lui|son|sa|ses|she|he|her|his|him|them|their|ko|azy|izy)\b")
_SHOP = re.compile(r"\b(vous|votre|vos|your|you|boutique|shop|magasin|magazay|ianareo|yeen)\b")
_NAME = re.compile(r"[A-ZÀ-Þ][^\W\d_]{2,}")


def untouched(heard: Hearing) -> Choices | None:
    """Who has bought something; another number than one's own, or "la commande de Fatou", and what to do to it."""
    if _WHO.search(fold(heard.text)) or _insists(heard):
        return choose("refuse", what="others")
    if _foreign(heard) and (_does(heard) or _theirs(heard)):
        return choose("refuse", what="others")
    return choose("refuse", what="others") if _theirs(heard) and _does(heard) else None


def _insists(heard: Hearing) -> bool:
    """Asks on about somebody, right after it was said that nothing is told of others. What is counted is a new wish."""
    told = next((message.text for message in reversed(heard.brief.history) if message.by != "buyer"), "")
    refused = any(text(language, "talk.refuse_others") in told for language in LANGUAGES)
    plain = fold(heard.text)
    asks = _DATA.search(plain) or (_THEM.search(plain) and not heard.lines)
    return bool(refused and asks and not _SHOP.search(plain) and not any(line.quantity for line in heard.lines))


def _foreign(heard: Hearing) -> bool:
    """Is a number of an order named that the buyer does not have?"""
    brief = heard.brief
    own = {order.reference for order in (*brief.orders, *brief.past)} | ({brief.quote.number} if brief.quote else set())
    if heard.reference is None or heard.reference in own:
        return False
    plain = heard.text.casefold()
    return fold_code(heard.reference) not in brief.products and not any(name.casefold() in plain for name in own)


def _does(heard: Hearing) -> bool:
    """Is something to be done, rather than told?"""
    return _phrases("deeds").stand_in(heard.text) or heard.chance(*_DEEDS) >= _LIKELY


def _theirs(heard: Hearing) -> bool:
    """ "La commande de ma voisine", "my brother's order", "le lien de Moussa"."""
    found = pieces(heard.text)
    return any(_owned(heard, found, at) or _owner(found, at) for at in range(len(found)))


def _owned(heard: Hearing, found: Sequence[Piece], at: int) -> bool:
    """Does an order that is somebody's begin here?"""
    thing = _phrases("orders").at(found, at)
    link = _phrases("of").at(found, thing[1]) if thing else None
    if link is None or _phrases("own").before(found, at):
        return False
    place = link[1]
    while word := _phrases("one").at(found, place):
        if _phrases("people").at(found, place):
            break
        place = word[1]
    return _phrases("people").at(found, place) is not None or _is_name(heard, found, place)


def _owner(found: Sequence[Piece], at: int) -> bool:
    """ "My sister's order": who it is, then what."""
    person = _phrases("people").at(found, at)
    if person is None or person[1] >= len(found) or found[person[1]].text != "s":
        return False
    return _phrases("orders").at(found, person[1] + 1) is not None


def _is_name(heard: Hearing, found: Sequence[Piece], place: int) -> bool:
    """A capital in the midst of small letters: neither the buyer, an article, the shop, nor a feast or a day."""
    if place >= len(found) or not _NAME.fullmatch(written := heard.text[found[place].start : found[place].end]):
        return False
    known = f"{heard.brief.buyer or ''} {heard.brief.shop.name}".casefold()
    said = any(mention.start <= found[place].start < mention.end for mention in heard.mentions)
    named = said or written.casefold() in known or _phrases("not_people").at(found, place)
    return not named and not heard.text.isupper()


def _phrases(kind: str) -> Phrases[bool]:
    return phrases_of("others", kind)
