"""A buyer's message as the search sees it: which words may name something, and where one name ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from griot.knowledge.search.glossary import Glossary
from griot.knowledge.search.vocabulary import Findings, Found, Vocabulary
from griot.knowledge.search.words import Word, figure, split

# content may name something; glue holds a name together; join is "and"; gap is any other word; wall ends every name.
Part = Literal["content", "glue", "join", "gap", "wall"]

MOST_WORDS = 100  # of a message that are read: what is longer than a letter of order must not hold up the others
_WALLS = ".,;!?…:+/&|•"
AXES = frozenset("taille tailles pointure pointures size couleur color colour loko habe habeny refy numero".split())  # noqa: SIM905
_COLOURS = frozenset("couleur couleurs color colors colour colours loko ton tons tones teinte teintes shades".split())  # noqa: SIM905
_AFTER_GLUE = {"la", "le", "les", "l", "the"}
_WITHIN = 0.5  # what is left of a word that means something else where it stands
_BEFORE_NAMES = frozenset("le la les l un une des du d au aux ce cette ces a my your another deux trois".split())  # noqa: SIM905


@dataclass(slots=True)
class Piece:
    """A word, the part it plays and the products it may name. ``talk``: a word of trade that names little by itself."""

    word: Word
    part: Part
    found: Findings
    talk: bool = False


def pieces(text: str, glossary: Glossary, vocabulary: Vocabulary) -> list[Piece]:
    """The text, piece by piece, up to ``MOST_WORDS``; words that only make sense together share their findings."""
    words = split(text)[:MOST_WORDS]
    made: list[Piece] = []
    for at, word in enumerate(words):
        if word.kind == "number":
            made.append(_number(made, word, vocabulary))
        else:
            made.append(_piece(words, at, glossary, vocabulary))
        _settle_glue(made)
    for at in range(len(made)):
        _phrase(made, words, at, glossary, vocabulary)
    for left, right in pairwise(made):
        _joined(left, right, glossary, vocabulary)
    for before, count, container in zip(made, made[1:], made[2:], strict=False):
        _counted(before, count, container, glossary)
    return made


def _counted(before: Piece, count: Piece, container: Piece, glossary: Glossary) -> None:
    """What a thing comes in is no other thing: the pots of "peinture 6 pots" are those of the paint."""
    counts = count.word.kind == "number" or figure(count.word.text)
    if before.part == "content" and counts and glossary.is_container(container.word.text):
        same = {product: item for product, item in container.found.items() if product in before.found}
        container.found = same or container.found


def _number(made: Sequence[Piece], word: Word, vocabulary: Vocabulary) -> Piece:
    """A number belongs to the name before it where the catalogue says so ("iPhone 13", "fer de 8"); else it counts."""
    before = next((piece for piece in reversed(made[-2:]) if piece.part != "glue"), None)
    if before is None or before.part != "content":
        return Piece(word, "wall", {})
    numbered = vocabulary.find(f"#{word.number}")
    found = {product: item for product, item in numbered.items() if product in before.found}
    return Piece(word, "content" if found else "wall", found)


def _piece(words: Sequence[Word], at: int, glossary: Glossary, vocabulary: Vocabulary) -> Piece:
    word = words[at]
    if word.kind == "sign":
        found: Findings = {}
        vocabulary.take_concepts(found, glossary.senses(word.text), word.text)
        return Piece(word, "content" if found else "wall" if word.text in _WALLS else "gap", found)
    if word.kind == "break":
        return Piece(word, "wall", {})
    if word.kind == "measure":
        found = vocabulary.find(word.text)
        return Piece(word, "content" if found else "gap", found)
    if word.elided and len(word.text) <= 2:
        return Piece(word, "glue" if word.text in ("d", "l") else "gap", {})
    named = vocabulary.titled(word.text) and (
        at == 0 or words[at - 1].kind != "word" or glossary.role(words[at - 1].text)
    )
    if word.text in AXES and not named and _leads_to_option(words, at, vocabulary):
        return Piece(word, "gap", {}, talk=True)
    role = glossary.role(word.text)
    if role == "talk":
        found = vocabulary.find(word.text) if vocabulary.titled(word.text) or glossary.is_article(word.text) else {}
        return Piece(word, "content" if found else "gap", found, talk=True)
    if role not in (None, "glue") and (found := _homonym(words, at, glossary, vocabulary)):
        return Piece(word, "content", found)
    if role in ("glue", "join"):
        return Piece(word, role, {})
    if role is not None or len(word.text) == 1:
        return Piece(word, "gap", {})
    found = vocabulary.find(word.text)
    if _shades(words, at) and glossary.is_attribute(word.text):
        found = {product: item for product, item in found.items() if item.field == "option"}
    return Piece(word, "content", found)


def _shades(words: Sequence[Word], at: int) -> bool:
    """ "Pastel colours", "tons pastel": what is said of colours names no article, though "pastels" are a dish."""
    return any(words[near].text in _COLOURS for near in (at - 1, at + 1) if 0 <= near < len(words))


def _leads_to_option(words: Sequence[Word], at: int, vocabulary: Vocabulary) -> bool:
    """ "Taille M" says an option, "taille basse" is part of a name."""
    following = words[at + 1] if at + 1 < len(words) else None
    return following is not None and (following.kind != "word" or vocabulary.optional(following.text))


def _homonym(words: Sequence[Word], at: int, glossary: Glossary, vocabulary: Vocabulary) -> Findings:
    """What a word names that is mostly said for another reason: "une montre", "du thé", but not "montre-moi"."""
    word = words[at]
    if not (glossary.is_article(word.text) or vocabulary.titled(word.text)):
        return {}
    before = words[at - 1] if at else None
    led = before is not None and (before.kind == "number" or before.text in _BEFORE_NAMES)
    if led or len(words) == 1 or glossary.is_accented_name(word):
        return vocabulary.find(word.text)
    return {}


def _settle_glue(made: Sequence[Piece]) -> None:
    """A determiner after glue is glue ("à la vanille")."""
    if len(made) > 1 and made[-1].part == "gap" and made[-2].part == "glue" and made[-1].word.text in _AFTER_GLUE:
        made[-1].part = "glue"


def _phrase(made: list[Piece], words: Sequence[Word], at: int, glossary: Glossary, vocabulary: Vocabulary) -> None:
    """Words that mean something together name it together ("akanjo lava"), and less of what each names alone."""
    phrase = next(glossary.at(words, at), None)
    if phrase is None or phrase.length < 2:
        return
    together: Findings = {}
    said = " ".join(word.text for word in words[at : at + phrase.length])
    vocabulary.take_concepts(together, phrase.senses, said)
    written = vocabulary.titles_with(word.text for word in words[at : at + phrase.length] if word.text != "-")
    together = {p: item._replace(strength=1.0, written=True) if p in written else item for p, item in together.items()}
    for piece in made[at : at + phrase.length]:
        if piece.part not in ("content", "gap"):
            continue
        alone = piece.found
        if piece.part == "content" and not glossary.belongs(piece.word.text, phrase):
            alone = {product: item.weaker(_WITHIN) for product, item in alone.items()}
        piece.found = {**together, **{p: item for p, item in alone.items() if _better(item, together.get(p))}}
        if piece.found:
            piece.part = "content"


def _better(item: Found, other: Found | None) -> bool:
    return other is None or item.strength > other.strength


def _joined(left: Piece, right: Piece, glossary: Glossary, vocabulary: Vocabulary) -> None:
    """A word written in two ("t shirt", "porte feuille")."""
    if left.word.kind != "word" or right.word.kind != "word" or (left.found and right.found):
        return
    if any(len(word.text) > 1 and glossary.role(word.text) == "grammar" for word in (left.word, right.word)):
        return  # "ça fé" is no "café"
    if left.talk or right.talk or {left.part, right.part} & {"glue", "join"}:
        return
    together = left.word.text + right.word.text
    if together in vocabulary:
        found = vocabulary.find(together)
        for piece in (left, right):
            piece.found, piece.part = {**found, **piece.found}, "content"
