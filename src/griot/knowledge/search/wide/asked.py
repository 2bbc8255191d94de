"""What a search asks for, term by term, with all that each may be called in this catalogue."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from griot.knowledge.search.glossary import NARROWER, Glossary
from griot.knowledge.search.titles import read_title
from griot.knowledge.search.typos import Typos
from griot.knowledge.search.wide.postings import Postings
from griot.knowledge.search.wide.terms import IDLE, term, terms, tokens
from griot.knowledge.search.words import Word, split

CONCEPT, NEAR = 0.9, 0.8  # how surely another name of the thing is meant, and one of its family
SPLIT = 0.95
_FEW = 3  # products whose texts have a word that may still be a misspelling of one that titles have
_COMMON = 0.003  # share of titles with a word of trade from which on it is taken for part of a name
_MOST = 24  # words of a search that count


@dataclass(slots=True)
class Slot:
    """One thing that was said. ``names``: terms of the catalogue, alone or all together, and how surely each is meant.

    ``extra``: it only adds to what the words said alone. ``rarity``: how much it tells.
    """

    said: str
    names: dict[tuple[str, ...], float] = field(default_factory=dict)
    rarity: float = 1.0
    extra: bool = False
    head: bool = False


class Listener:
    """Reads searches over one catalogue."""

    def __init__(self, postings: Postings, glossary: Glossary) -> None:
        self._postings = postings
        self._glossary = glossary
        self._typos = Typos(postings.spelled.items())

    def slots(self, text: str) -> list[Slot]:
        """The things said, idle words left out unless nothing else is said."""
        words = tokens(text)
        said = list(terms(words))
        idle = {at for at, word in enumerate(words) if word in IDLE or self._is_talk(word)}
        if all(part.at in idle for part in said):
            idle = set()
        slots: list[Slot] = []
        beyond = -1
        for part in said:
            if not part.whole:
                if self._postings.owners(part.text):  # the "se" of an "iphone se" is not idle
                    extra = part.at not in idle
                    slots.append(self._weighed(Slot(part.text, {(part.text,): 1.0}, extra=extra)))
                continue
            if part.at in idle or part.at <= beyond:
                continue
            slot = Slot(part.text)
            following = next((w for w in words[part.at + 1 : part.at + 2] if w.isalpha()), "")
            joined = term(words[part.at] + following) if following and len(following) > 2 else ""
            if joined and self._postings.owners(joined) > 0 and words[part.at].isalpha() and len(words[part.at]) > 2:
                slot.names[(joined,)] = 1.0
                slot.names[(part.text, term(following))] = 1.0
                beyond = part.at + 1
            self._name(slot, words[part.at], part.text)
            slots.append(self._weighed(slot))
        spoken = split(text)
        self._translate(spoken, slots)
        self._mark_head(text, spoken, slots)
        return slots[:_MOST]

    def _mark_head(self, text: str, spoken: Sequence[Word], slots: Sequence[Slot]) -> None:
        """The word that says what is wanted, where it is known to be a thing that is sold."""
        if not spoken:
            return
        head = spoken[read_title(text, self._glossary).head]
        if self._glossary.is_article(head.text):
            for slot in slots:
                slot.head = slot.said == term(head.text) and not slot.extra

    def spoken(self, text: str, slots: Sequence[Slot]) -> str:
        """The search as a model of meaning understands it: slips mended, Malagasy and Wolof in French."""
        mended = {}
        for slot in slots:
            if not slot.extra and (slot.said,) not in slot.names and slot.names:
                surest = max(slot.names, key=lambda names: slot.names[names])
                mended[slot.said] = " ".join(self._postings.spelled.get(name, "") for name in surest).strip()
        said = []
        for word in text.split():
            folded = "".join(part for part in tokens(word) if part.isalnum())
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
        if not slot.names and word.isalpha() and not self._glossary.senses(word):
            for near, sure in self._typos.near(word):
                slot.names[(near,)] = sure

    def _translate(self, spoken: Sequence[Word], slots: Sequence[Slot]) -> None:
        """What words and phrases mean in other languages and by other names."""
        for at in range(len(spoken)):
            for names, length in self._meanings(spoken, at):
                said = {term(word.text) for word in spoken[at : at + length]}
                owner = next((slot for slot in slots if slot.said in said and not slot.extra), None)
                if owner is None:
                    continue
                for name, sure in names.items():
                    if self._postings.owners(name):
                        owner.names[(name,)] = max(owner.names.get((name,), 0.0), sure)
                self._weighed(owner)

    def _meanings(self, spoken: Sequence[Word], at: int) -> Iterator[tuple[dict[str, float], int]]:
        for phrase in self._glossary.at(spoken, at):
            names: dict[str, float] = {}
            known = phrase.length == 1 and self._postings.owners(term(spoken[at].text)) > 0
            for sense in phrase.senses:
                if known and sense.strength < 1:  # a bag for a computer is not meant where computers are sold
                    continue
                for concept, near in self._glossary.related(sense.concept).items():
                    if known and near < NARROWER:
                        continue
                    sure = sense.strength * (CONCEPT if near == 1 else NEAR * near)
                    names[f"={concept}"] = max(names.get(f"={concept}", 0.0), sure)
            yield names, phrase.length

    def _weighed(self, slot: Slot) -> Slot:
        surest = max(slot.names.values(), default=0.0)
        owners = [
            min(self._postings.owners(name) for name in together)
            for together, sure in slot.names.items()
            if sure >= 0.8 * surest
        ]
        slot.rarity = self._postings.rarity(max(owners)) if owners else 1.0
        return slot
