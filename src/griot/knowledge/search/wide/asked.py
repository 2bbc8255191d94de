"""What a search asks for, term by term, with all that each may be called in this catalogue."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from griot.knowledge.search.glossary import NARROWER, Glossary, Phrase
from griot.knowledge.search.titles import read_title
from griot.knowledge.search.typos import Typos
from griot.knowledge.search.wide.postings import Postings
from griot.knowledge.search.wide.terms import (
    DENIALS,
    FENCES,
    IDLE,
    Term,
    denied,
    measures,
    missing,
    term,
    terms,
    tokens,
)
from griot.knowledge.search.words import Word, split

CONCEPT, NEAR = 0.9, 0.8  # how surely another name of the thing is meant, and one of its family
SPLIT = 0.95
BEGUN = 0.85  # of a model number that was said in part
_LEAST = 4  # characters of one
SPARE = 0.6  # of a phrase that means the same without a word, for that word
_FEW = 3  # products whose texts have a word that may still be a misspelling of one that titles have
_COMMON = 0.003  # share of titles with a word of trade from which on it is taken for part of a name
_MOST = 24  # words of a search that count


@dataclass(slots=True)
class Slot:
    """One thing that was said. ``names``: terms of the catalogue, alone or all together, and how surely each is meant.

    ``extra``: it only adds to what the words said alone. ``rarity``: how much it tells. ``unwanted``: it must not be.
    """

    said: str
    names: dict[tuple[str, ...], float] = field(default_factory=dict)
    rarity: float = 1.0
    extra: bool = False
    head: bool = False
    unwanted: bool = False


class Listener:
    """Reads searches over one catalogue."""

    def __init__(self, postings: Postings, glossary: Glossary) -> None:
        self._postings = postings
        self._glossary = glossary
        self._typos = Typos(postings.spelled.items())
        self._models = sorted(text for text in postings.titled if not text.isalpha() and len(text) >= _LEAST)

    def slots(self, text: str) -> list[Slot]:
        """The things said, idle words left out unless nothing else is said."""
        words = tokens(text)
        said = list(terms(words))
        lacking = self._lacking(text, words)
        idle = {at for at, word in enumerate(words) if word in IDLE or self._is_talk(word)}
        if all(part.at in idle for part in said):
            idle = set()
        slots: list[Slot] = []
        beyond = -1
        for part in said:
            if not part.whole:
                if slots and self._tightens(slots[-1], words, part):
                    beyond = part.at
                elif self._postings.owners(part.text):  # the "se" of an "iphone se" is not idle
                    extra = part.at not in idle
                    slots.append(self._weighed(Slot(part.text, {(part.text,): 1.0}, extra=extra)))
                continue
            if part.at in idle or part.at <= beyond:
                continue
            slot = Slot(part.text, unwanted=part.at in lacking)
            if slot.unwanted and self._postings.owners(missing(part.text)):
                slots.append(self._weighed(Slot(part.text, {(missing(part.text),): 1.0}, extra=True)))
            following = next((w for w in words[part.at + 1 : part.at + 2] if w.isalpha()), "")
            joined = term(words[part.at] + following) if following and len(following) > 2 else ""
            if joined in self._postings.spelled and words[part.at].isalpha() and len(words[part.at]) > 2:
                slot.names[(joined,)] = 1.0
                slot.names[(part.text, term(following))] = 1.0
                beyond = part.at + 1
            self._name(slot, words[part.at], part.text)
            slots.append(self._weighed(slot))
        spoken = split(text)
        self._translate(spoken, slots)
        self._mark_head(text, spoken, slots)
        return slots[:_MOST]

    def _lacking(self, text: str, words: Sequence[str]) -> set[int]:
        """The words that say what is not wanted; "sans fil" is a name of its own."""
        spoken = split(text)
        idioms = {
            spoken[at].text
            for at in range(len(spoken))
            if spoken[at].text in DENIALS and any(phrase.length > 1 for phrase in self._glossary.at(spoken, at))
        }
        return {what for at, what in denied(words) if words[at] not in idioms}

    def _tightens(self, slot: Slot, words: Sequence[str], part: Term) -> bool:
        """Whether a number and its unit are one thing here: no drive of 2 TB for two of something."""
        if slot.extra or slot.said != words[part.at - 1] or not measures(slot.said, words[part.at]):
            return False
        if self._postings.owners(part.text):
            slot.said, slot.names = part.text, {(part.text,): 1.0}
            self._weighed(slot)
            return True
        return False

    def _mark_head(self, text: str, spoken: Sequence[Word], slots: Sequence[Slot]) -> None:
        """The word that says what is wanted, where it is known to be a thing that is sold."""
        if not spoken:
            return
        head = spoken[read_title(text, self._glossary).head]
        wanted = term(head.text) if self._glossary.is_article(head.text) else ""
        if not self._postings.is_kind(wanted):
            wanted = self._kind(text) or wanted
        for slot in slots:
            slot.head = slot.said == wanted and not slot.extra

    def _kind(self, text: str) -> str:
        """The last word that names a kind of article here, before what that is for: a "macbook air SLEEVE"."""
        found = ""
        for word in tokens(text):
            if word in FENCES and found:
                break
            if word.isalpha() and self._postings.is_kind(term(word)):
                found = term(word)
        return found

    def spoken(self, text: str, slots: Sequence[Slot]) -> str:
        """The search as a model of meaning understands it: slips mended, Malagasy and Wolof in French."""
        mended = {}
        for slot in slots:
            if not slot.extra and (slot.said,) not in slot.names and slot.names:
                surest = max(slot.names, key=lambda names: slot.names[names])
                mended[slot.said] = " ".join(self._postings.spelled.get(name, "") for name in surest).strip()
        unwanted = {slot.said for slot in slots if slot.unwanted}
        said = []
        for word in text.split():
            folded = "".join(part for part in tokens(word) if part.isalnum())
            if unwanted and (folded in DENIALS or term(folded) in unwanted):
                continue
            said.append(self._glossary.translated(folded) or mended.get(term(folded)) or word)
        return " ".join(said)

    def _is_talk(self, word: str) -> bool:
        """A word of grammar or trade, unless it is part of names here: the "card" of "sd card"."""
        if self._glossary.role(word) is None or self._glossary.is_article(word):
            return False
        return self._postings.titled[term(word)] < max(_FEW, _COMMON * self._postings.count)

    def _name(self, slot: Slot, word: str, text: str) -> None:
        owners = self._postings.owners(text)
        if owners and not slot.names:
            slot.names[(text,)] = 1.0
        if owners < _FEW and text in self._postings.pairs:
            slot.names[self._postings.pairs[text]] = SPLIT
        if not slot.names and not word.isalpha():
            slot.names.update({(near,): BEGUN for near in self._begun(text)})
        if not slot.names and word.isalpha() and not self._glossary.senses(word):
            for near, sure in self._typos.near(word):
                slot.names[(near,)] = sure

    def _begun(self, model: str) -> Sequence[str]:
        """Model numbers that begin with what was said ("wh1000" for a WH1000XM4), else the one that it begins with."""
        if len(model) < _LEAST or model.isdigit():
            return ()
        first = bisect_left(self._models, model)
        longer = [known for known in self._models[first : first + _MOST] if known.startswith(model)]
        shorter = (model[:end] for end in range(len(model) - 1, _LEAST - 1, -1))
        return longer or [known for known in shorter if known in self._postings.ids and not known.isdigit()][:1]

    def _translate(self, spoken: Sequence[Word], slots: Sequence[Slot]) -> None:
        """What words and phrases mean in other languages and by other names."""
        for at in range(len(spoken)):
            for phrase in self._glossary.at(spoken, at):
                words = spoken[at : at + phrase.length]
                names = self._names(phrase, words)
                for slot in slots:
                    if slot.extra or not any(slot.said == term(word.text) for word in words):
                        continue
                    sure = self._share(slot, phrase, words)
                    for name, surely in names.items():
                        if sure and self._postings.owners(name):
                            slot.names[(name,)] = max(slot.names.get((name,), 0.0), surely * sure)
                    self._weighed(slot)

    def _names(self, phrase: Phrase, words: Sequence[Word]) -> dict[str, float]:
        """The concepts a phrase may mean here. What the shop knows by its very words means no cousin of it."""
        known = all(self._postings.owners(term(word.text)) > 0 for word in words if word.text[0].isalnum())
        names: dict[str, float] = {}
        for sense in phrase.senses:
            if known and sense.strength < 1:  # a bag for a computer is not meant where computers are sold
                continue
            for concept, near in self._glossary.related(sense.concept).items():
                if known and near < NARROWER:
                    continue
                sure = sense.strength * (CONCEPT if near == 1 else NEAR * near)
                names[f"={concept}"] = max(names.get(f"={concept}", 0.0), sure)
        return names

    def _share(self, slot: Slot, phrase: Phrase, words: Sequence[Word]) -> float:
        """How far a phrase says what one of its words does: not where the others mean the same without that word.

        A "wireless charger" is a charger, but who says wireless wants no other; "cell" says little beside "phone".
        """
        others = [word for word in words if term(word.text) != slot.said]
        meant = {sense.concept for sense in phrase.senses}
        spare = any(
            meant <= {sense.concept for sense in shorter.senses}
            for at in range(len(others))
            for shorter in self._glossary.at(others, at)
        )
        if not spare:
            return 1.0
        own = next((self._glossary.senses(word.text) for word in words if term(word.text) == slot.said), ())
        return 0.0 if any(sense.strength == 1 for sense in own) else SPARE

    def _weighed(self, slot: Slot) -> Slot:
        surest = max(slot.names.values(), default=0.0)
        owners = [
            min(self._postings.owners(name) for name in together)
            for together, sure in slot.names.items()
            if sure >= 0.8 * surest
        ]
        slot.rarity = self._postings.rarity(max(owners)) if owners else 1.0
        return slot
