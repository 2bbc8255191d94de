"""Product codes written in a message: the exact lane of the search."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from griot.knowledge.search.naming import Run
from griot.knowledge.search.sentence import Piece
from griot.knowledge.search.vocabulary import Found
from griot.knowledge.search.words import Word

_GLUED, _APART = 1.0, 0.97
_TELLS = 2.0  # a code says as much as two words of a title


def codes_in(pieces: Sequence[Piece], codes: Mapping[str, int], ordinary: Callable[[str], bool]) -> list[Run]:
    """The codes written in a message: ``ROBE1``, ``robe 1``, ``robe-1``.

    ``ordinary``: whether a word is one like any other; a code that is ("PAIN") is better read as a word.
    """
    found = []
    for at, piece in enumerate(pieces):
        if piece.word.kind != "word":
            continue
        following = [other.word for other in pieces[at + 1 : at + 3]]
        for ahead in _figures(following):
            product = codes.get(piece.word.text + (ahead[-1].text if ahead else ""))
            if product is None or (not ahead and ordinary(piece.word.text)):
                continue
            code = piece.word.text.upper() + (ahead[-1].text if ahead else "")
            glued = not ahead or ahead[-1].start == piece.word.end
            item = Found(1.0, "code", -1, 1, f"code: {code}")
            matched = dict.fromkeys(range(at, at + len(ahead) + 1), item)
            run = Run(product, at, at + len(ahead), matched, why=[item.why])
            run.score, run.named, run.complete, run.covered = _GLUED if glued else _APART, 1.0, True, _TELLS
            found.append(run)
            break
    return found


def _figures(following: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """What may belong to the letters of a code: a sign and a number, a number, nothing."""
    if len(following) == 2 and following[0].text in "-–.#°" and following[1].kind == "number":
        yield following
    if following and following[0].kind == "number":
        yield following[:1]
    yield ()
