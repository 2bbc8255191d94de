"""Telephone numbers and addresses in a message, as buyers of the region give them: by district and landmark."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import phonenumbers

from griot.agent.interpreter.pieces import Phrases, Piece, pieces, word_list

_LIKELY_PHONE = re.compile(r"(?<![\w.,-])(?:\+|00)?\d(?:[ .\u00a0-]?\d){7,14}(?![\w%€])")
_LOCATION = re.compile(r"\[location:\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)\s*\]", re.I)
_NUMBERED = re.compile(
    r"\b\d{1,4}(?:\s?(?:bis|ter))?,?\s+(?:rue|avenue|av|bd|boulevard|impasse|chemin|place|all[ée]e"
    r"|\w+ (?:street|road))\b",
    re.I,
)
_END = re.compile(r"[.!?;\n]|(?<=\s)(?:svp|stp|merci|s'il|azafady|please|thanks|thank you)\b", re.I)
_LEAD = re.compile(
    r"^[\s,:;.-]*(?:(?:voici|voil[aà]|mon|ma|l'|la|le|my|ny|c'?\s?est|is|est|:|à|a|aux?|chez|to|at|in|eto|any|ci)\s+)*",
    re.I,
)


class Phone(NamedTuple):
    """``number`` in E.164: +221771234567."""

    number: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Address:
    """``text``: as the buyer wrote it. ``location``: "latitude,longitude" of a pin."""

    text: str
    district: str | None = None
    city: str | None = None
    landmark: str | None = None
    phone: str | None = None
    location: str | None = None

    @property
    def fields(self) -> Mapping[str, str]:
        """What is known, by the names of the intake form."""
        named = {
            "text": self.text,
            "district": self.district,
            "city": self.city,
            "landmark": self.landmark,
            "phone": self.phone,
            "location": self.location,
        }
        return {name: value for name, value in named.items() if value}


def phone_spans(text: str) -> list[tuple[int, int]]:
    """Where something stands that looks like a telephone number, in whatever country."""
    return [match.span() for match in _LIKELY_PHONE.finditer(text)]


def phones_in(text: str, country: str) -> list[Phone]:
    """Telephone numbers that exist in the shop's country (``SN``, ``MG``, …) or are written with their own code."""
    if not phone_spans(text):
        return []
    return [
        Phone(phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164), match.start, match.end)
        for match in phonenumbers.PhoneNumberMatcher(text, country)
    ]


def read_address(text: str, country: str) -> Address | None:
    """The address that a message gives; None when it gives none, or only asks for the shop's.

    A street, a district or a city alone is an address when the message says that it is one ("livrez à Mermoz") or
    consists of little else.
    """
    phones = phones_in(text, country)
    phone = phones[0].number if phones else None
    pin = _LOCATION.search(text)
    if pin:
        return Address(text.strip(), phone=phone, location=f"{pin.group(1)},{pin.group(2)}")
    found = pieces(text)
    place = _Place(text, found, country)
    if not place.given:
        return None
    return Address(place.words(phones), place.district, place.city, place.landmark, phone)


class _Place:
    """What a message says of a place."""

    def __init__(self, text: str, found: Sequence[Piece], country: str) -> None:
        self.text, self.found = text, found
        lists = _lists()
        self.openers = self._hits(lists.openers)
        self.near = self._hits(lists.near)
        self.landmarks = self._hits(lists.landmarks)
        self.givers = self._hits(lists.givers)
        self.asks = bool(self._hits(lists.askers))
        own = [_names("districts", country), *(_names("districts", other) for other in _others("districts", country))]
        self.districts = next((hits for names in own if (hits := self._hits(names))), [])
        own = [_names("cities", country), *(_names("cities", other) for other in _others("cities", country))]
        self.cities = [hit for names in own for hit in self._hits(names)]

    def _hits(self, phrases: Phrases[str]) -> list[tuple[int, int]]:
        """Places of the pieces that a phrase covers; none overlap."""
        hits, place = [], 0
        while place < len(self.found):
            hit = phrases.at(self.found, place)
            if hit:
                hits.append((place, hit[1]))
                place = hit[1]
            else:
                place += 1
        return hits

    @property
    def given(self) -> bool:
        """Is there an address? Named parts count; a question for the shop's own does not."""
        if self.asks or not self.found:
            return False
        streets = [hit for hit in self.openers if self._continues(hit)]
        numbered = bool(_NUMBERED.search(self.text))
        parts = len(streets) + len(self.districts) + len(self.cities) + 2 * numbered
        parts += bool(self.near and self.landmarks)
        if not parts or ("?" in self.text and parts < 2):
            return False
        little_else = len(self.found) <= 4 and bool(self.districts or self.cities or streets)
        return parts >= 2 or bool(self.givers) or little_else

    def _continues(self, hit: tuple[int, int]) -> bool:
        """An opener needs what it opens: "rue 10", "villa 23", "quartier Liberté"."""
        after = self.found[hit[1]] if hit[1] < len(self.found) else None
        if after is None or after.kind == "sign":
            return after is not None and after.text in ":#" and hit[1] + 1 < len(self.found)
        return after.is_number or self.text[after.start].isupper() or self.found[hit[0]].text in _ALWAYS

    @property
    def district(self) -> str | None:
        if self.districts:
            return self._written(*max(self.districts, key=lambda hit: hit[1] - hit[0]))
        opened = [hit for hit in self.openers if self.found[hit[0]].text in ("quartier", "fokontany", "commune")]
        if not opened or opened[0][1] >= len(self.found):
            return None
        return self._capitals(opened[0][1])

    def _capitals(self, place: int) -> str | None:
        """The name that begins here: words with a capital and a number after them; otherwise one word."""
        end = place
        while end < len(self.found) and self.found[end].kind != "sign":
            if not (self.found[end].is_number or self.text[self.found[end].start].isupper()):
                break
            end += 1
        return self._written(place, max(end, place + 1)) if self.found[place].kind != "sign" else None

    @property
    def city(self) -> str | None:
        return self._written(*self.cities[0]) if self.cities else None

    @property
    def landmark(self) -> str | None:
        """ "en face de la mosquée": to the end of the part it stands in."""
        known = {hit[0] for hit in self.landmarks}
        for start, end in self.near:
            if any(place in known for place in range(end, end + 4)):
                ends = (n for n in range(end, len(self.found)) if self.found[n].text in _LANDMARK_ENDS)
                return self._written(start, next(ends, len(self.found)))
        return None

    def words(self, phones: Sequence[Phone]) -> str:
        """The part of the message that is the address: from its first named part to the end of the last one."""
        hits = [*self.openers, *self.near, *self.districts, *self.cities]
        first = min((self.found[start].start for start, _ in hits), default=0)
        numbered = _NUMBERED.search(self.text)
        if numbered:
            first = min(first, numbered.start())
        last = max((self.found[end - 1].end for _, end in hits), default=len(self.text))
        stop = _END.search(self.text, last)
        words = self.text[first : stop.start() if stop else len(self.text)]
        for phone in phones:
            words = words.replace(self.text[phone.start : phone.end], "")
        return _LEAD.sub("", " ".join(words.split())).strip(" ,;:-") or self.text.strip()

    def _written(self, start: int, end: int) -> str:
        return self.text[self.found[start].start : self.found[end - 1].end].strip()


_LANDMARK_ENDS = frozenset(
    [*",;.!?:(", "svp", "stp", "merci", "azafady", "please", "mon", "ma", "my", "et", "and", "sy"]
)
_ALWAYS = frozenset({"lot", "logt", "cite", "quartier", "immeuble", "residence", "sicap", "fokontany", "hamo", "bp"})


class _Lists(NamedTuple):
    openers: Phrases[str]
    near: Phrases[str]
    landmarks: Phrases[str]
    givers: Phrases[str]
    askers: Phrases[str]


@cache
def _lists() -> _Lists:
    listed = word_list("places")["openers"]
    return _Lists(*(_phrases(listed[name]) for name in ("words", "near", "landmarks", "givers", "askers")))


@cache
def _names(kind: str, country: str) -> Phrases[str]:
    return _phrases(word_list("places")[kind].get(country, ()))


@cache
def _others(kind: str, country: str) -> tuple[str, ...]:
    return tuple(other for other in word_list("places")[kind] if other != country)


def _phrases(words: Iterable[str]) -> Phrases[str]:
    return Phrases((word, word) for word in words)
