"""What a title says: which of its words names the thing, and how much each of the others tells."""

from collections.abc import Sequence
from dataclasses import dataclass

from griot.knowledge.search.glossary import Glossary
from griot.knowledge.search.words import Word, split

HEAD, DETAIL, LIGHT = 1.0, 0.6, 0.35


@dataclass(frozen=True, slots=True)
class Title:
    """``weights``: of each word that tells something, by its place. ``head``: that of the one that says what it is.

    ``alias``: the place of another name of the thing, in brackets ("Savon (savony)"); -1 without one.
    ``joins``: it has an "and" of its own.
    """

    weights: dict[int, float]
    head: int
    joins: bool
    alias: int = -1

    @property
    def total(self) -> float:
        return sum(self.weights.values())


def read_title(text: str, glossary: Glossary) -> Title:
    """Read a title: "Gâteau aux fraises" is a *gâteau*, and so is "Strawberry cake"."""
    words = split(text)
    roles = [glossary.role(word.text) for word in words]
    telling = [at for at in range(len(words)) if _tells(words, at, glossary)] or list(range(len(words)))
    head = _head(words, [at for at in telling if words[at].kind == "word"] or telling, glossary)
    alias = _alias(words, head, glossary)
    weights = {}
    for at in telling:
        if at == alias:
            continue
        word = words[at]
        light = word.kind != "word" or roles[at] == "talk" or glossary.is_attribute(word.text)
        weights[at] = HEAD if at == head else LIGHT if light else DETAIL
    return Title(weights, head, joins="join" in roles, alias=alias)


def _alias(words: Sequence[Word], head: int, glossary: Glossary) -> int:
    """The first word in brackets after the name, unless it describes or counts the thing."""
    opened = next((at for at in range(head + 1, len(words) - 1) if words[at].text == "("), None)
    if opened is None:
        return -1
    word = words[opened + 1]
    names = word.kind == "word" and glossary.role(word.text) is None and len(word.text) > 2
    return opened + 1 if names and not glossary.is_attribute(word.text) else -1


def _tells(words: Sequence[Word], at: int, glossary: Glossary) -> bool:
    word = words[at]
    if word.kind not in ("word", "number", "measure") or (word.elided and at):
        return False
    return glossary.role(word.text) in (None, "talk") or glossary.is_article(word.text)


def _head(words: Sequence[Word], telling: Sequence[int], glossary: Glossary) -> int:
    """The first article before any "of" or "with"; the last one in English; else the first word.

    What only holds or counts the thing is not its name: a "part de flan" is a *flan*.
    """
    if not telling:
        return 0
    fence = next(
        (at for at in range(telling[0] + 1, len(words)) if glossary.role(words[at].text) == "glue"), len(words)
    )
    before = [at for at in telling if at < fence]
    beyond = [at for at in telling if at > fence]
    if beyond and all(glossary.role(words[at].text) == "talk" for at in before):
        return _head(words, beyond, glossary)
    articles = [at for at in before if _begins_article(words, at, glossary)]
    if not articles:
        return telling[0]
    languages = [glossary.languages(words[at].text) for at in before]
    articles = [_noun(words, at, glossary) for at in articles]
    english = sum("en" in known and "fr" not in known for known in languages)
    french = sum("fr" in known and "en" not in known for known in languages)
    return articles[-1] if english > french else articles[0]


def _noun(words: Sequence[Word], at: int, glossary: Glossary) -> int:
    """The word of a phrase that names by itself: the boubou of "grand boubou"."""
    if not glossary.is_attribute(words[at].text):
        return at
    longest = max(phrase.length for phrase in glossary.at(words, at))
    return next((n for n in range(at, at + longest) if glossary.is_article(words[n].text)), at)


def _begins_article(words: Sequence[Word], at: int, glossary: Glossary) -> bool:
    return any(
        glossary.kind(sense.concept) == "article" and sense.strength == 1
        for phrase in glossary.at(words, at)
        for sense in phrase.senses
    )
