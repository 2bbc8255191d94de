"""What a text asks a shop: topics such as delivery, what is to be known of them, and the words it is asked with."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from griot.knowledge.search.glossary import Glossary, Phrase
from griot.knowledge.search.words import Word, split, stem

_BREATHS = frozenset(".,;!?\n")
_CLOSE = 6  # words from one topic to the next that they make another one with


@dataclass(slots=True)
class Asked:
    """``topics``: how surely each is meant. ``terms``: the weight of each telling word (by its stem, or ``=concept``).

    ``written``: the words behind the stems, for the reader of "why".
    """

    topics: dict[str, float] = field(default_factory=dict)
    aspects: set[str] = field(default_factory=set)
    terms: dict[str, float] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)

    def note(self, glossary: Glossary, concept: str, strength: float) -> None:
        kind = glossary.kind(concept)
        if kind == "topic":
            self.topics[concept] = max(self.topics.get(concept, 0.0), strength)
        elif kind == "aspect":
            self.aspects.add(concept)
        else:
            self.terms[f"={concept}"] = strength


def read(text: str, glossary: Glossary, *, slips: bool = True) -> Asked:
    """A question or an answer. A topic that covers another of the same text is left out: what is narrower says more.

    ``slips``: whether a word that nobody knows may be one misspelled; a shop's own text is taken as it is written.
    """
    asked = Asked()
    words = split(text)
    near: dict[str, int] = {}  # the topics of this breath, and where they stand
    beyond = 0  # where the phrase ends that the words before began
    for at, word in enumerate(words):
        if word.text in _BREATHS or (glossary.role(word.text) == "join" and word.text != "ou"):
            near = {}
        if at >= beyond:
            before = dict(asked.topics)
            beyond = _read_phrases(asked, words, at, glossary, slips=slips)
            _combine(asked, near, [topic for topic in asked.topics if topic not in before], at, glossary)
        if word.kind == "word" and len(word.text) > 2 and glossary.role(word.text) in (None, "talk"):
            asked.terms.setdefault(stem(word.text), 1.0)
            asked.written.setdefault(stem(word.text), word.text)
    asked.topics = {
        topic: sure
        for topic, sure in asked.topics.items()
        if not any(glossary.covers(topic, other) or topic in glossary.parts(other) for other in asked.topics)
    }
    return asked


def _read_phrases(asked: Asked, words: Sequence[Word], at: int, glossary: Glossary, *, slips: bool) -> int:
    """Note what the longest phrases that begin at a word name and ask; returns where the one that asks ends."""
    thing = next(glossary.at(words, at), None)
    question = next(glossary.at(words, at, "questions"), None)
    for phrase in (thing, question):
        for sense in phrase.senses if phrase else ():
            asked.note(glossary, sense.concept, sense.strength)
    if question is not None:
        if _is_topic(question, glossary):  # "frais de livraison" is a topic of its own, and asks for a price
            asked.aspects.update(_aspects(words[at : at + question.length], glossary))
        return at + question.length
    word = words[at]
    if slips and thing is None and word.kind == "word" and glossary.may_be_slip(word.text):
        for sense in glossary.guess(word.text, "questions"):
            asked.note(glossary, sense.concept, sense.strength)
    return at + 1


def _combine(asked: Asked, near: dict[str, int], begun: Sequence[str], at: int, glossary: Glossary) -> None:
    """Two topics close together may make a third."""
    for topic in begun:
        for other, where in near.items():
            made = glossary.both(topic, other)
            if made and at - where <= _CLOSE:
                asked.note(glossary, made, 0.95)
    near.update(dict.fromkeys(begun, at))


def _is_topic(phrase: Phrase, glossary: Glossary) -> bool:
    return any(glossary.kind(sense.concept) == "topic" for sense in phrase.senses)


def _aspects(words: Sequence[Word], glossary: Glossary) -> set[str]:
    senses = [sense for word in words for sense in glossary.senses(word.text, "questions")]
    return {sense.concept for sense in senses if glossary.kind(sense.concept) == "aspect"}
