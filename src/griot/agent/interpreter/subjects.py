"""What a question to the shop is about, and which of the shop's own answers speaks of it.

Subjects (delivery abroad, deposit, halal...) are learnt from ``prompts/questions``, one file each. A buyer's words and
the questions of the shop are read by the same classifier, so that two ways of asking meet whatever their language.
"""

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

import numpy as np
from rapidfuzz import fuzz

from griot.agent.interpreter.examples import intents_of_subjects
from griot.agent.interpreter.features import Floats
from griot.agent.interpreter.intents import Intents
from griot.agent.interpreter.pieces import clauses
from griot.core.settings import settings
from griot.knowledge.faq.models import FaqEntry
from griot.knowledge.search.models import Hit
from griot.knowledge.search.places import Place, places
from griot.knowledge.search.words import fold, split

_CLAUSES = 4  # of a message that are read by themselves
_OF_CLAUSE = 0.9  # what a clause tells beside the whole message
_OF_ANSWER = 0.4  # what the answer of an entry tells beside its question
_ASKS = 0.5  # odds of a question to the shop from which what it is about counts fully
_EVER = 0.3  # the least that it counts
_DOUBT = 0.05  # added to the odds of an intent, so that the words can speak against it
_TRUST = 0.85  # how surely an entry answers that is about the same subject, when the search finds nothing in it
_AGAINST = 0.35  # what words lose whose entry is as surely about something else as the message
_THERE, _ELSEWHERE = 0.95, 0.4  # the entry speaks of the place that is meant; it speaks of other places
_SENDS = 0.3  # how surely an entry is about deliveries to be chosen by place
_ALIKE = 84  # likeness, of 100, of a place as the buyer spells it
_LONG = 5  # letters of a place that may be misspelt
_TOWN, _REGIONS, _ABROAD = "delivery_town", "delivery_regions", "delivery_abroad"
_WHERE = (_TOWN, _REGIONS, _ABROAD, "delivery_time")


def best_answers(
    text: str, faq: Mapping[str, FaqEntry], found: Sequence[Hit], odds: Mapping[str, float], country: str
) -> list[Hit]:
    """The entries that may answer, best first: what the search found, weighed with what the message is about.

    ``odds``: of the message's intents; ``country``: the shop's, for what is abroad.
    """
    scores = {hit.key: hit.score for hit in found}
    asks = min(1.0, max(_EVER, max((odds.get(name, 0.0) for name in set(_intents())), default=0.0) / _ASKS))
    asked = _asked(text, odds)
    agree, clear = _agreement(text, asked, faq, country), asks * float(asked.max())
    ranks, hits = {}, []
    for key, entry in faq.items():
        alike, fits = agree[key]
        meant = alike * asks
        said = scores.get(key, 0.0) * fits * (1 - _AGAINST * max(0.0, min(clear, _clarity(entry)) - alike))
        ranks[key] = said + meant
        hits.append(Hit(key, entry.question, said + (1 - said) * _TRUST * meant))
    return sorted(hits, key=lambda hit: -ranks[hit.key])


def _clarity(entry: FaqEntry) -> float:
    """How surely it is known what an entry is about."""
    return float(_told(entry.question, entry.answer).max())


def _asked(text: str, odds: Mapping[str, float]) -> Floats:
    """How likely each subject is, as the words and the intents of the message say it. Adds up to 1."""
    weighed = _by_clause(text) * np.array([_DOUBT + odds.get(name, 0.0) for name in _intents()], np.float32)
    shared: Floats = weighed / float(weighed.sum())
    return shared


def _agreement(text: str, asked: Floats, faq: Mapping[str, FaqEntry], country: str) -> dict[str, tuple[float, float]]:
    """Of each entry: how likely it is about the same subject, and what is left of its words as to the place meant."""
    entries = {key: _told(entry.question, entry.answer) for key, entry in faq.items()}
    agree = {key: (float(asked @ told), 1.0) for key, told in entries.items()}
    sending = [_subjects().index(name) for name in _WHERE]
    sent = float(asked[sending].sum())
    senders = [key for key, told in entries.items() if told[sending].max() >= _SENDS]
    if sent < _SENDS or not senders:
        return agree
    spoken = {key: _places(f"{faq[key].question} {faq[key].answer}") for key in senders}
    named = _places(text) | {place for told in spoken.values() for place in told if _is_named(place, text)}
    there = [key for key in senders if any(_covers(spoken[key], place, country) for place in named)]
    kind = _kind(named, country) if named else _WHERE[int(asked[sending].argmax())]
    of_kind = [key for key in senders if entries[key][_subjects().index(kind)] >= _SENDS]
    for key in senders if named or not of_kind else ():
        if key in (there or of_kind):
            agree[key] = (_THERE * sent, 1.0)
        elif there or of_kind or kind == _ABROAD:
            agree[key] = (_ELSEWHERE * agree[key][0], _ELSEWHERE)
        else:
            agree[key] = (sent * float(entries[key][sending].max()), 1.0)
    return agree


def _kind(named: set[Place], country: str) -> str:
    if any(place.country != country for place in named):
        return _ABROAD
    return _TOWN if any(place.district for place in named) else _REGIONS


def _covers(spoken: set[Place], place: Place, country: str) -> bool:
    """Does an answer name the place that is meant, or the country that it is in, when that is abroad?"""
    return place in spoken or (place.country != country and Place(place.country) in spoken)


def _is_named(place: Place, text: str) -> bool:
    words = (word for word in fold(text).split() if len(word) >= _LONG)
    return len(place.name) >= _LONG and any(fuzz.ratio(word, place.name) >= _ALIKE for word in words)


def _by_clause(text: str) -> Floats:
    """How likely each subject is: for the whole message, or for the clause that says it most clearly."""
    whole = _likely(text)
    found = [clause for clause in clauses(text) if any(letter.isalpha() for letter in clause)]
    if len(found) < 2:
        return whole
    told: Floats = np.max([whole, *(_OF_CLAUSE * _likely(clause) for clause in found[:_CLAUSES])], axis=0)
    return told


@lru_cache(maxsize=2048)
def _told(question: str, answer: str) -> Floats:
    """What an entry is about, by its question and less by its answer."""
    told: Floats = np.maximum(_by_clause(question), _OF_ANSWER * _likely(answer))
    return told


@lru_cache(maxsize=2048)
def _likely(text: str) -> Floats:
    chances = dict(learnt().of(text))
    return np.array([chances[name] for name in _subjects()], np.float32)


@lru_cache(maxsize=2048)
def _places(text: str) -> set[Place]:
    """The places that a text names: "Saint-Louis" is "Saint Louis"."""
    return places().find(split(text.replace("-", " ")))


@cache
def _subjects() -> tuple[str, ...]:
    return learnt().model.intents


@cache
def _intents() -> tuple[str, ...]:
    """The intent of questions about each subject."""
    return tuple(intents_of_subjects()[subject] for subject in _subjects())


@cache
def learnt() -> Intents:
    """The classifier of subjects of this process."""
    return Intents.load(settings().cache_dir.expanduser(), "questions")
