"""What a shop's answer comes to in a word, for a buyer who asked in another language."""

import re
from typing import Literal

from griot.agent.guarding import sentences
from griot.knowledge.search.words import fold

Verdict = Literal["yes", "no"]

_OPENING: dict[str, Verdict] = {"oui": "yes", "yes": "yes", "eny": "yes", "non": "no", "no": "no", "tsia": "no"}
_NOT = re.compile(r"\b(ne|pas|not|don't|never|tsy|sauf|except)\b|\bn'")
_OTHER_QUESTION = re.compile(  # one that a word does not answer, or that asks what it costs
    r"\b(combien|cmb|cb|quand|ou|comment|quel\w*|pourquoi|how|when|where|what|which|why|who|ohatrinona|hoatrinona|firy"
    r"|rahoviana|oviana|aiza|ahoana|inona|naata|fan|kan|naka"
    r"|gratuit\w*|offert\w*|free|maimaim\w*)\b"
)
_NAME = re.compile(r"(?<=[\s,(’'])[A-ZÀ-Ý][^\W\d_]{4,}")
_STEM = 5  # letters by which a place is known in another language: Madagascar, Madagasikara


def verdict(answer: str, question: str) -> Verdict | None:
    """Yes or no to a question that can be answered so: the answer's first word, or no beside a place asked about."""
    asked = fold(question)
    if _OTHER_QUESTION.search(asked):
        return None
    opening = re.match(r"\w+", fold(answer))
    if opening and opening.group() in _OPENING:
        return _OPENING[opening.group()]
    words = {word[:_STEM] for word in re.findall(r"[^\W\d_]{5,}", asked)}
    about = (part for part in sentences(answer) if words & {fold(name)[:_STEM] for name in _NAME.findall(part)})
    return "no" if any(_NOT.search(fold(part)) for part in about) else None
