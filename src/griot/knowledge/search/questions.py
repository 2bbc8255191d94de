"""Which FAQ entry answers a buyer: by what is asked about, by the words, by the meaning."""

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from math import log

import numpy as np

from griot.knowledge.faq.models import FaqEntry
from griot.knowledge.search.asking import Asked, read
from griot.knowledge.search.embedding import Embedder, Vectors
from griot.knowledge.search.glossary import Glossary, glossary
from griot.knowledge.search.models import Hit
from griot.knowledge.search.places import Place, home, places
from griot.knowledge.search.words import split

ANSWERS = 0.6  # from here on an entry answers

_IN_ANSWER = 0.55  # a topic that only the answer speaks of
_BESIDE = 0.92  # for each topic of the entry that was not asked about
_SENDING, _ABROAD, _PROVINCE = "livraison", "international", "zone_livraison"
_NAMED = 0.86  # the entry names the place where something is to be sent
_ELSEWHERE = 0.75  # what is left of one about other places
_OFF_TOPIC = 0.5  # what is left of words and meaning when the entry is about something else
_UNKNOWN = 0.5  # the weight of a word that no entry has
_NOTHING, _SAME = 0.34, 0.82  # cosines of questions about different things and of the same question


class Questions:
    """The FAQ of one shop."""

    def __init__(self, faq: Sequence[FaqEntry], embedder: Embedder | None, glossary: Glossary) -> None:
        self._faq = faq
        self._glossary = glossary
        self._embedder = embedder if faq else None
        self._questions = [read(entry.question, glossary, slips=False) for entry in faq]
        self._answers = [read(entry.answer, glossary, slips=False) for entry in faq]
        self._places = [places().find(split(f"{entry.question} {entry.answer}")) for entry in faq]
        self._home = home(self._places)
        self._sends = [self._is_about_sending(number) for number in range(len(faq))]
        self._entries_with: dict[str, set[int]] = defaultdict(set)
        for number, (question, answer) in enumerate(zip(self._questions, self._answers, strict=True)):
            for term in (*question.terms, *answer.terms):
                self._entries_with[term].add(number)
        if self._embedder:
            vectors = self._embedder.embed([e.question for e in faq] + [e.answer[:200] for e in faq])
            self._asked, self._told = vectors[: len(faq)], vectors[len(faq) :]

    def find(self, words: str, k: int) -> list[Hit]:
        asked = read(words, self._glossary)
        if not self._faq or not (asked.topics or asked.terms):
            return []
        similar = self._similar(words)
        named = self._destinations(words, asked)
        there = [
            sends and any(_speaks_of(spoken, place) for place in named)
            for spoken, sends in zip(self._places, self._sends, strict=True)
        ]
        hits = []
        for number, entry in enumerate(self._faq):
            topical = self._topical(asked, number)
            if there[number]:
                topical = max(topical, _NAMED)
            elif any(there) and self._sends[number]:
                topical *= _ELSEWHERE
            worded = self._worded(asked, number)
            meant = 0.8 * min(max((float(similar[number]) - _NOTHING) / (_SAME - _NOTHING), 0.0), 1.0)
            about = self._questions[number].topics
            if asked.topics and not topical and about:
                worded, meant = worded * _OFF_TOPIC, meant * _OFF_TOPIC
            best, second, _ = sorted((topical, worded, meant), reverse=True)
            score = best + (1 - best) * 0.3 * second
            why = self._why(asked, number, topical, worded, float(similar[number]))
            hits.append(Hit(entry.key, entry.question, round(score, 3), why))
        hits.sort(key=lambda hit: -hit.score)
        return [hit for hit in hits[:k] if hit.score > 0.02]

    def _is_about_sending(self, number: int) -> bool:
        near = self._glossary.related(_SENDING)
        return any(topic in near for topic in (*self._questions[number].topics, *self._answers[number].topics))

    def _destinations(self, words: str, asked: Asked) -> set[Place]:
        """The places where something is to be sent. One that no entry names asks for what is said of its kind."""
        named = places().find(split(words))
        near = self._glossary.related(_SENDING)
        if not named or not (asked.aspects or any(topic in near for topic in asked.topics)):
            return set()
        unheard = [place for place in named if not self._is_heard(place)]
        if any(topic in near for topic in asked.topics):
            for place in unheard:
                abroad = self._home is not None and place.country != self._home
                if place.district and not abroad:
                    continue
                asked.topics.pop(_SENDING, None)
                asked.note(self._glossary, _ABROAD if abroad else _PROVINCE, 1.0)
        return named

    def _is_heard(self, place: Place) -> bool:
        return any(sends and _speaks_of(spoken, place) for spoken, sends in zip(self._places, self._sends, strict=True))

    def _similar(self, words: str) -> Vectors:
        if self._embedder is None:
            return np.zeros(len(self._faq), dtype=np.float32)
        vector = self._embedder.embed([self._in_french(words)])[0]
        near: Vectors = np.maximum(self._asked @ vector, 0.85 * (self._told @ vector))
        return near

    def _in_french(self, words: str) -> str:
        spoken = [word.text for word in split(words) if word.kind != "break"]
        translated = [self._glossary.translated(word) or word for word in spoken]
        return words if translated == spoken else " ".join(translated)

    def _topical(self, asked: Asked, number: int) -> float:
        """How surely the entry is about what is asked: 0 when it shares no topic."""
        if not asked.topics:
            return 0.0
        question, answer = self._questions[number], self._answers[number]
        shared = 0.0
        for topic, sure in asked.topics.items():
            near = self._glossary.related(topic)
            in_question = max((near.get(other, 0.0) for other in question.topics), default=0.0)
            in_answer = _IN_ANSWER * max((near.get(other, 0.0) for other in answer.topics), default=0.0)
            shared = max(shared, sure * max(in_question, in_answer))
        if not shared:
            return 0.0
        answered = sum(
            sure * any(self._glossary.related(topic).get(other) for other in question.topics)
            for topic, sure in asked.topics.items()
        ) / sum(asked.topics.values())
        related = [topic for asked_for in asked.topics for topic in self._glossary.related(asked_for)]
        beside = sum(0.9 if other in related else 1.0 for other in question.topics if other not in asked.topics)
        return min(0.88 * shared * (0.8 + 0.2 * answered) * _BESIDE**beside * self._fit(asked, number), 0.95)

    def _fit(self, asked: Asked, number: int) -> float:
        """How well the entry fits what is to be known of its topic: its price, when, where, how."""
        question, answer = self._questions[number], self._answers[number]
        if not asked.aspects:
            return 0.95 if question.aspects else 1.0
        if asked.aspects & question.aspects:
            return 1.12
        if asked.aspects & answer.aspects or asked.topics.keys() & question.topics.keys():
            return 0.97 if not question.aspects else 0.9 if asked.aspects & answer.aspects else 0.72
        return 0.9 if not question.aspects else 0.72

    def _worded(self, asked: Asked, number: int) -> float:
        """The share of the buyer's telling words that the entry has."""
        question, answer = self._questions[number].terms, self._answers[number].terms
        have = total = 0.0
        for term, strength in asked.terms.items():
            owners = len(self._entries_with.get(term, ()))
            weight = strength * (log(1 + len(self._faq) / owners) / log(1 + len(self._faq)) if owners else _UNKNOWN)
            total += weight
            have += weight * (1.0 if term in question else 0.5 if term in answer else 0.0)
        return 0.8 * (have / total) ** 1.3 if total else 0.0

    def _why(self, asked: Asked, number: int, topical: float, worded: float, similar: float) -> str:
        question, answer = self._questions[number], self._answers[number]
        reasons = []
        if topical:
            topics = [t for t in asked.topics if t in question.topics or t in answer.topics] or list(asked.topics)
            reasons.append("about: " + ", ".join(topics))
        if worded:
            shared = [term for term in asked.terms if term in question.terms or term in answer.terms]
            reasons.append("words: " + ", ".join(asked.written.get(term, term.lstrip("=")) for term in shared[:4]))
        if similar > _NOTHING:
            reasons.append(f"meaning {similar:.2f}")
        return "; ".join(reasons)


@cache
def topics(question: str) -> frozenset[str]:
    """What a question of a shop's FAQ is about: ``horaires``, ``livraison`` …"""
    return frozenset(read(question, glossary(), slips=False).topics)


def _speaks_of(spoken: set[Place], place: Place) -> bool:
    """Whether a place was named, or its country."""
    return place in spoken or Place(place.country) in spoken
