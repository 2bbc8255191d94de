"""In which language a message is written, by the words of it that belong to one language only."""

from collections import Counter
from collections.abc import Sequence

from griot.agent.reading.lexicon import Sense, lexicon
from griot.agent.reading.marks import Mark
from griot.agent.reading.tokens import Token

_NOBODY: frozenset[str] = frozenset()


def language_of(marks: Sequence[Mark], tokens: Sequence[Token], spoken_before: str | None) -> str | None:
    """fr, mg or en; None without evidence. On a tie the language spoken before, if it is among the first."""
    votes: Counter[str] = Counter()
    for item in marks:
        for language in _languages(item, tokens):
            votes[language] += max(item.end - item.start, 1)
    best = max(votes.values(), default=0)
    first = [language for language, count in votes.items() if count == best]
    if len(first) == 1:
        return first[0]
    return spoken_before if spoken_before in first else None


def _languages(item: Mark, tokens: Sequence[Token]) -> frozenset[str]:
    if item.sense is Sense.CODE:
        return _NOBODY
    if item.entry:
        return item.entry.languages if len(item.entry.languages) == 1 else _NOBODY
    spoken = [lexicon().evidence.get(token.text, _NOBODY) for token in tokens[item.start : item.end]]
    return next((languages for languages in spoken if len(languages) == 1), _NOBODY)
