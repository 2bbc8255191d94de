"""Places that a text names, and the country of each: what decides between the answers about deliveries."""

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from griot.knowledge.search.glossary import Glossary, glossary
from griot.knowledge.search.words import Word, sound, split

_LONGEST = 3  # words of a name
_HEARD = 6  # letters of a name that is known by its sound too ("korogo")


class Place(NamedTuple):
    """``name`` is empty for a country as a whole. ``district``: part of a town rather than one."""

    country: str
    name: str = ""
    district: bool = False


class Places:
    """Countries, towns and districts by their names."""

    def __init__(
        self, countries: Mapping[str, str], towns: Iterable[tuple[str, Sequence[str], bool]], words: Glossary
    ) -> None:
        self._named: dict[tuple[str, ...], Place] = {}
        for country, names in countries.items():
            for name in names.split(","):
                self._named[_key(name)] = Place(country)
        for country, listed, district in towns:
            for name in listed:
                key = _key(name)
                if len(key) > 1 or words.may_be_slip(key[0]):  # "man" and "nice" are towns too
                    self._named.setdefault(key, Place(country, " ".join(key), district))
        self._heard = {
            sound(key[0]): place for key, place in self._named.items() if len(key) == 1 and len(key[0]) >= _HEARD
        }

    def __contains__(self, word: str) -> bool:
        return (word,) in self._named

    def find(self, words: Sequence[Word]) -> set[Place]:
        """The places that a text names."""
        said = [word.text for word in words]
        found: set[Place] = set()
        for at, word in enumerate(words):
            names = (tuple(said[at : at + length]) for length in range(_LONGEST, 0, -1))
            place = next((self._named[name] for name in names if name in self._named), None)
            if place is None and word.kind == "word" and len(word.text) >= _HEARD - 1:
                place = self._heard.get(sound(word.text))
            if place is not None:
                found.add(place)
        return found


def home(named: Iterable[Iterable[Place]]) -> str | None:
    """The country that a shop speaks of most; none when it names no place."""
    spoken = Counter(place.country for places in named for place in places)
    return spoken.most_common(1)[0][0] if spoken else None


@cache
def places() -> Places:
    """The places of all shops."""
    ours = _table("glossary")
    theirs = _table("words")
    towns = [(country, [name.strip() for name in names.split(",")], False) for country, names in ours["town"].items()]
    towns += [
        (country, names, kind == "districts")
        for kind in ("cities", "districts")
        for country, names in theirs[kind].items()
    ]
    return Places(ours["country"], towns, glossary())


def _table(folder: str) -> dict[str, Any]:
    file = files("griot").joinpath("prompts", folder, "places.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _key(name: str) -> tuple[str, ...]:
    return tuple(word.text for word in split(name))
