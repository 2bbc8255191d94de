"""The words of commerce in the languages buyers mix, kept as text in ``griot/prompts/glossary``.

A *concept* is a thing with its names in every language (``robe``: robe, dress, roba…). Semicolons keep kinds apart that
are not the same thing, in the same order in every language (``pomme; poire``); a name before a colon covers them all.
An *article* is a thing that is sold, an *attribute* describes one (a colour, a material), a *container* holds one (a
bag of rice). ``is`` names broader concepts, ``for`` lists what a thing is good for, ``both`` names two
topics that make this one when they stand close together. A *topic* is what people ask a shop
about, an *aspect* what they want to know of it. What people write without naming anything is listed in ``stop.toml``,
words too common to be taken for a misspelled name in ``ordinary.toml``.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal, NamedTuple

from griot.knowledge.search.typos import CAREFUL, Typos
from griot.knowledge.search.words import Word, fold, split, stem

Kind = Literal["article", "attribute", "container", "topic", "aspect"]
Group = Literal["things", "questions"]
Role = Literal["grammar", "talk", "glue", "join", "determiner"]

GROUPS: dict[Kind, Group] = {
    "article": "things",
    "attribute": "things",
    "container": "things",
    "topic": "questions",
    "aspect": "questions",
}
ROLES: tuple[Role, ...] = ("grammar", "talk", "glue", "join", "determiner")
NARROWER, BROADER = 0.74, 0.55  # how surely "chaussures" means sneakers, and "baskets" any shoe
_TOPIC_NARROWER, _TOPIC_BROADER = 0.9, 0.8  # an answer about delivery speaks of its price, as a rule
SIBLING = 0.48  # of the same family, but another thing
PURPOSE = 0.72

_LONGEST = 6  # words of a phrase
_DIGITS = "0123456789"
_FRENCH = {"fr", "sms", "en", "for"}  # languages that the embedder knows
_ENDINGS = ("nareo", "tsika", "nao", "ko", "ny", "nay", "na", "n", "m")  # Malagasy: "kiraroko", "akanjon'ankizy"


class Sense(NamedTuple):
    """One meaning of a word or phrase. ``strength``: 1, less when the phrase says what the thing is for."""

    concept: str
    strength: float


class Phrase(NamedTuple):
    """``length`` words of a text, hyphens included, that have meanings together."""

    length: int
    senses: tuple[Sense, ...]


@dataclass(slots=True)
class Concept:
    kind: Kind
    broader: tuple[str, ...] = ()
    narrower: list[str] = field(default_factory=list)
    french: str = ""


class Glossary:
    """What words mean and which mean nothing. Immutable once built."""

    def __init__(self, tables: Sequence[Mapping[str, Any]]) -> None:
        self._concepts: dict[str, Concept] = {}
        self._related: dict[str, dict[str, float]] = {}
        self._phrases: dict[Group, dict[tuple[str, ...], list[Sense]]] = {"things": {}, "questions": {}}
        self._longest: dict[Group, dict[str, int]] = {"things": {}, "questions": {}}  # first stem -> words at most
        self._languages: dict[str, set[str]] = {}
        self._names: set[str] = set()
        self._roles: dict[str, Role] = {}
        self._ordinary: set[str] = set()
        self._together: dict[str, frozenset[str]] = {}
        self._spelled: dict[Group, dict[str, None]] = {"things": {}, "questions": {}}
        for table in tables:
            for role in ROLES:
                for words in table.get(role, {}).values():
                    for word in words.split():
                        self._roles.setdefault(word, role)
            for words in table.get("ordinary", {}).values():
                self._ordinary.update(stem(word) for word in words.split())
            for kind in GROUPS:
                for name, entry in table.get(kind, {}).items():
                    self._file(kind, name, entry)
        for name, concept in self._concepts.items():
            for parent in concept.broader:
                self._concepts[parent].narrower.append(name)
        self._typos = {
            group: Typos(((stem(word), word) for word in self._spelled[group]), edits=CAREFUL)
            for group in self._phrases
        }

    def _file(self, kind: Kind, name: str, entry: Mapping[str, str]) -> None:
        spoken = {language: names for language, names in entry.items() if language not in ("is", "for", "sign", "both")}
        split_up = any(mark in names for names in spoken.values() for mark in ":;")
        self._concepts[name] = Concept(kind, tuple(_listed(entry.get("is", ""))))
        if "both" in entry:
            self._together[name] = frozenset(_listed(entry["both"]))
        for language, names in spoken.items():
            general, colon, kinds = names.rpartition(":")
            if colon or not split_up:
                self._add(name, language, general if colon else names)
            if split_up:
                for number, group in enumerate(kinds.split(";"), 1):
                    if group.strip():
                        one = f"{name} {number}"
                        self._concepts.setdefault(one, Concept(kind, (name,)))
                        self._add(one, language, group)
        self._add(name, "sign", entry.get("sign", ""))
        self._add(name, "for", entry.get("for", ""))

    def _add(self, concept: str, language: str, names: str) -> None:
        """Names of a concept in a language; ``for`` is one of them, but says less."""
        group = GROUPS[self._concepts[concept].kind]
        listed = _listed(names)
        if language == "fr" and listed:
            self._concepts[concept].french = listed[0]
        for phrase in listed:
            key = tuple(stem(word.text) for word in split(phrase) if word.text != "-")
            senses = self._phrases[group].setdefault(key, [])
            self._longest[group][key[0]] = min(max(self._longest[group].get(key[0], 1), len(key)), _LONGEST)
            if not any(sense.concept == concept for sense in senses):
                senses.append(Sense(concept, PURPOSE if language == "for" else 1.0))
            if language != "for":
                self._languages.setdefault(" ".join(key), set()).add(language)
            if len(key) == 1:
                self._spelled[group][fold(phrase)] = None
                self._names.add(phrase.casefold())

    def role(self, word: str) -> Role | None:
        """The part a word plays that names nothing; none for a word that may name something."""
        return self._roles.get(word)

    def may_be_slip(self, word: str) -> bool:
        """Whether a word that is not found may be another one misspelled: not when it is one of every day."""
        return self.role(word) is None and stem(word) not in self._ordinary

    def is_accented_name(self, word: Word) -> bool:
        """Whether its accents make a word a name: "thé" and "maïs", not "the" and "mais"."""
        return word.spelled != word.text and word.spelled in self._names

    def parts(self, topic: str) -> frozenset[str]:
        """The two topics that make this one."""
        return self._together.get(topic, frozenset())

    def both(self, one: str, other: str) -> str | None:
        """The topic that two make in one breath: to pay, and a delivery."""
        return next((name for name, pair in self._together.items() if pair == {one, other}), None)

    def kind(self, concept: str) -> Kind:
        return self._concepts[concept].kind

    def at(self, words: Sequence[Word], start: int, group: Group = "things") -> Iterator[Phrase]:
        """The phrases that begin at a word, longest first; hyphens do not matter."""
        if words[start].text == "-":
            return
        stems, ends = [stem(words[start].text)], [start + 1]
        longest = self._longest[group].get(stems[0], 1)
        for at in range(start + 1, min(start + 2 * _LONGEST, len(words))):
            if len(stems) == longest:
                break
            if words[at].text != "-":
                stems.append(stem(words[at].text))
                ends.append(at + 1)
        for length in range(len(stems), 0, -1):
            senses = self._phrases[group].get(tuple(stems[:length]))
            if not senses and length == 1:
                senses = self._owned(words[start].text, group)
            if senses:
                yield Phrase(ends[length - 1] - start, tuple(senses))

    def senses(self, word: str, group: Group = "things") -> tuple[Sense, ...]:
        """What a single word means."""
        return tuple(self._phrases[group].get((stem(word),)) or self._owned(word, group) or ())

    def _owned(self, word: str, group: Group) -> list[Sense] | None:
        """A Malagasy thing with its owner or its link: ``kiraroko`` -> ``kiraro``."""
        for ending in _ENDINGS:
            root = word.removesuffix(ending)
            if root != word and len(root) > 3 and "mg" in self._languages.get(stem(root), ()):
                return self._phrases[group].get((stem(root),))
        return None

    def guess(self, word: str, group: Group = "things") -> list[Sense]:
        """What a misspelled word may mean."""
        return [
            Sense(sense.concept, sense.strength * strength)
            for term, strength in self._typos[group].near(word)
            for sense in self._phrases[group].get((term,), ())
        ]

    def translated(self, word: str) -> str | None:
        """The French name of what a Malagasy, Wolof or Ivorian word means; none for a word of French or English."""
        if self._languages.get(stem(word), _FRENCH) & _FRENCH:
            return None
        senses = self.senses(word) or self.senses(word, "questions")
        return (self._concepts[senses[0].concept].french or None) if senses else None

    def languages(self, word: str) -> frozenset[str]:
        """The languages in which a single word is known."""
        return frozenset(self._languages.get(stem(word), ()))

    def related(self, concept: str) -> Mapping[str, float]:
        """The concept, those it covers and those that cover it, each with how surely it is what was meant."""
        known = self._related.get(concept)
        if known is None:
            known = self._related[concept] = self._relate(concept)
        return known

    def _relate(self, concept: str) -> dict[str, float]:
        found = {concept: 1.0}
        topic = self.kind(concept) == "topic"
        narrower, broader = (_TOPIC_NARROWER, _TOPIC_BROADER) if topic else (NARROWER, BROADER)
        for step, strength in (("narrower", narrower), ("broader", broader)):
            ring = [concept]
            while ring:
                ring = [name for near in ring for name in getattr(self._concepts[near], step) if name not in found]
                found.update(dict.fromkeys(ring, strength))
                strength *= 0.85
        family, kind, _ = concept.rpartition(" ")
        if kind:
            found.update(
                dict.fromkeys((name for name in self._concepts[family].narrower if name not in found), SIBLING)
            )
        return found

    def covers(self, concept: str, other: str) -> bool:
        """Whether a concept is a broader one than another."""
        above = self._concepts[other].broader
        return concept in above or any(self.covers(concept, name) for name in above)

    def belongs(self, word: str, phrase: Phrase) -> bool:
        """Whether a word keeps its meaning within a phrase: "sac" in "sac à dos", not "pomme" in "pomme de terre"."""
        meant = [sense.concept for sense in phrase.senses]
        things = [sense.concept for sense in self.senses(word) if self.kind(sense.concept) == "article"]
        return not things or any(self._same_line(one, other) for one in things for other in meant)

    def _same_line(self, one: str, other: str) -> bool:
        same_family = one.rstrip(_DIGITS) == other.rstrip(_DIGITS)
        return same_family or self.covers(one.rstrip(_DIGITS).rstrip(), other)

    def is_article(self, word: str) -> bool:
        """Whether a word names a thing that is sold."""
        return any(self.kind(sense.concept) == "article" and sense.strength == 1 for sense in self.senses(word))

    def is_container(self, word: str) -> bool:
        return any(self.kind(sense.concept) == "container" for sense in self.senses(word))

    def is_attribute(self, word: str) -> bool:
        return any(self.kind(sense.concept) in ("attribute", "container") for sense in self.senses(word))


def _listed(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]


@cache
def glossary() -> Glossary:
    """The glossary of all shops."""
    folder = files("griot").joinpath("prompts", "glossary")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return Glossary([tomllib.loads(folder.joinpath(name).read_text(encoding="utf-8")) for name in names])
