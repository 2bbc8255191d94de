"""A large catalogue as a search answers from it: codes, then what the ranker finds, with scores to be compared."""

from collections.abc import Iterator, Sequence

import numpy as np

from griot.knowledge.catalogue.models import Product
from griot.knowledge.search.embedding import Embedder
from griot.knowledge.search.glossary import Glossary
from griot.knowledge.search.models import Hit
from griot.knowledge.search.wide.asked import Slot
from griot.knowledge.search.wide.ranker import Ranked, Ranker, Scores
from griot.knowledge.search.wide.terms import IDLE, tokens
from griot.knowledge.search.wishes import Wishes
from griot.knowledge.search.words import fold

SURE = 0.75
_NEARLY_SURE = 0.999
_FULL = 0.85  # of the ranker, for a product that has everything that was said
_UNSURE, _MEANT, _IDLE = SURE - 0.002, 0.7, 0.29  # at most: one of several, by meaning alone, where nothing is named
_TIE = 0.95
_LEAST = 0.02
_APART = 0.97
_BREATHS = frozenset(",.;!?+&")
_JOINS = frozenset("et and sy ak plus avec with".split())  # noqa: SIM905


class WideCatalogue:
    """Finds products among many. Scores as `Index` gives them: from 0.75 sure, from 0.45 plausible."""

    def __init__(self, products: Sequence[Product], embedder: Embedder | None, glossary: Glossary) -> None:
        self._products = products
        self._glossary = glossary
        self._codes = {_bare(product.code): number for number, product in enumerate(products)}
        self._ranker = Ranker(products, embedder, glossary)
        self.deepen = self._ranker.deepen

    def products(self, words: str, k: int, wishes: Wishes | None = None) -> list[Hit]:
        """The ``k`` products that the words most likely mean, best first; only those that fit the wishes."""
        named = dict(self._coded(words))
        ranked = self._ranker.rank(words)
        if not ranked.slots and not named:
            return []
        scores = self._calibrated(ranked, words)
        if wishes:
            fitting = wishes.fitting(self._products)
            scores = scores * fitting
            named = {number: score for number, score in named.items() if fitting[number]}
        hits = [self._hit(number, score, f"code: {self._products[number].code}") for number, score in named.items()]
        for number in _best(scores, k + len(hits)):
            if number not in named and scores[number] > _LEAST:
                hits.append(self._hit(number, float(scores[number]), self._why(ranked, number)))
        return sorted(hits, key=lambda hit: -hit.score)[:k]

    def candidates(self, words: str, k: int) -> list[Product]:
        """Up to ``k`` products for each breath of a message: those that any of its names may mean, no others."""
        found: dict[int, None] = {}
        for breath in _breaths(words):
            found.update(dict.fromkeys(number for number, _ in self._coded(breath)))
            ranked = self._ranker.rank(breath, meaning=False)
            found.update(dict.fromkeys(number for number in _best(ranked.words, k) if ranked.words[number] > 0.1))
        return [self._products[number] for number in found]

    def _coded(self, words: str) -> Iterator[tuple[int, float]]:
        """Products whose code is written: in one piece, or in two where nothing else is said."""
        said = [word for word in tokens(words) if word[0].isalnum()]
        telling = [word for word in said if word not in IDLE]
        for word in said:
            number = self._codes.get(word)
            if number is not None and self._is_code(word, alone=len(telling) == 1):
                yield number, 1.0
        if 2 <= len(telling) <= 3 and (number := self._codes.get("".join(telling))) is not None:
            yield number, _APART

    def _is_code(self, word: str, *, alone: bool) -> bool:
        if word.isdigit():
            return alone
        return not word.isalpha() or not (self._glossary.senses(word) or self._glossary.role(word))

    def _calibrated(self, ranked: Ranked, words: str) -> Scores:
        scores: Scores = ranked.scores / max(_FULL, float(ranked.scores.max(initial=0.0)) / _NEARLY_SURE)
        most = 1.0
        if not float(ranked.words.max(initial=0.0)):
            most = _MEANT
        if all(word in IDLE or self._glossary.role(word) for word in tokens(words) if word.isalpha()):
            most = _IDLE
        first, second = np.sort(scores)[-2:][::-1] if len(scores) > 1 else (scores.max(initial=0.0), 0.0)
        if second >= _TIE * first:
            most = min(most, _UNSURE)
        if first > most:
            scores = scores * (most / first)
        return scores

    def _why(self, ranked: Ranked, number: int) -> str:
        reasons = [reason for slot in ranked.slots if (reason := self._reason(slot, number))]
        if ranked.meaning[number] > 0.3:
            reasons.append(f"meaning {ranked.meaning[number]:.2f}")
        return "; ".join(reasons[:4])

    def _reason(self, slot: Slot, number: int) -> str:
        """By which name a product has what was said."""
        told = self._ranker.postings.told
        held = {together: sure * min(told(name, number) for name in together) for together, sure in slot.names.items()}
        best = max(held, key=lambda together: held[together], default=())
        if not best or not held[best]:
            return ""
        name = " ".join(best)
        mark = " = " if name.startswith("=") else "≈"
        return slot.said if name == slot.said else f"{slot.said}{mark}{name.removeprefix('=')}"

    def _hit(self, number: int, score: float, why: str) -> Hit:
        product = self._products[number]
        return Hit(product.code, product.title, round(score, 3), why)


def _bare(code: str) -> str:
    return "".join(char for char in fold(code) if char.isalnum())


def _best(scores: Scores, k: int) -> list[int]:
    """The places of the ``k`` highest scores, highest first; of equals the first."""
    if k < len(scores):
        least = np.partition(scores, len(scores) - k)[len(scores) - k]
        chosen = np.flatnonzero(scores >= least)
    else:
        chosen = np.arange(len(scores))
    return [int(at) for at in chosen[np.argsort(-scores[chosen], kind="stable")][:k]]


def _breaths(words: str) -> Iterator[str]:
    """A message cut where one name ends and another may begin; as a whole too, when it is short."""
    parts: list[list[str]] = [[]]
    for line in words.splitlines():
        for word in tokens(line):
            if word in _BREATHS or word in _JOINS:
                parts.append([])
            else:
                parts[-1].append(word)
        parts.append([])
    spoken = [" ".join(part) for part in parts if part]
    if 1 < len(spoken) < 4:
        yield " ".join(spoken)
    yield from spoken
