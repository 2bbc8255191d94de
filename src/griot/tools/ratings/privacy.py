"""A conversation without the people in it: names, phones, addresses of mail and links give way to others."""

import re
from collections.abc import Collection, Iterable

from griot.core.accents import without_accents

STAND_IN = "Client"
_PHONE = re.compile(r"(?<![\w.,-])\+?\d(?:[ .\-()]{0,2}\d){7,14}(?!\d|-\w)")
_DATE = re.compile(r"\d{4}[-.]\d\d[-.]\d\d|\d\d[-.]\d\d[-.]\d{4}")
_MONEY = re.compile(r"\s*(?:f|fcfa|cfa|xof|ar|ariary|fg|€|eur|euros?|\$|usd|dh|dt)\b|\s*[€$]", re.IGNORECASE)
_MAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.\w+")
_LINK = re.compile(r"https?://\S+")
_HANDLE = re.compile(r"(?<!\w)@[\w.]{3,}")
_SHORTEST = 3  # letters of a word of a name; shorter ones are words of everyday


class Stranger:
    """Takes the people out of texts. ``names``: as they are written; ``public``: words that stay though they are names,
    such as those of the catalogue."""

    def __init__(self, names: Iterable[str], phones: Iterable[str], public: Collection[str] = ()) -> None:
        kept = {_fold(word) for text in public for word in re.findall(r"[^\W\d_]+", text)}
        words = {word for name in names for word in re.findall(r"[^\W\d_]+", name)}
        self._words = {_fold(word) for word in words if len(word) >= _SHORTEST} - kept
        self._phones = {re.sub(r"\D", "", phone)[-8:] for phone in phones}

    def out_of(self, text: str) -> str:
        """The text without them. Amounts, which look like phones, stay."""
        text = _LINK.sub("https://example.com", text)
        text = _MAIL.sub("client@example.com", text)
        text = _HANDLE.sub("@client", text)
        text = _PHONE.sub(lambda found: self._phone(found, text), text)
        text = re.sub(r"[^\W\d_]+", lambda found: STAND_IN if _fold(found[0]) in self._words else found[0], text)
        return re.sub(rf"\b{STAND_IN}(?:[ -]{STAND_IN})+\b", STAND_IN, text)

    def _phone(self, found: re.Match[str], text: str) -> str:
        digits = re.sub(r"\D", "", found[0])
        known = digits[-8:] in self._phones
        if _DATE.fullmatch(found[0]):
            return found[0]
        return found[0] if not known and _MONEY.match(text, found.end()) else "000 000 000"


def _fold(word: str) -> str:
    return without_accents(word.casefold())
