"""Product codes written in a message: the exact lane of the search."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from rapidfuzz.distance import OSA

from griot.knowledge.search.naming import Run
from griot.knowledge.search.sentence import Piece
from griot.knowledge.search.vocabulary import Found
from griot.knowledge.search.words import Word

_GLUED, _APART, _SLIP = 1.0, 0.97, 0.95
_LEAST = 3  # letters of a code that may be written wrongly
_CODE = re.compile(r"([a-z]+)0*(\d+)")
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
            code = piece.word.text + (ahead[-1].text if ahead else "")
            glued = not ahead or ahead[-1].start == piece.word.end
            score = _GLUED if glued else _APART
            if code not in codes and ahead and glued:
                code, score = _meant(code, codes) or code, _SLIP
            product = codes.get(code)
            if product is None or (not ahead and ordinary(piece.word.text)):
                continue
            item = Found(1.0, "code", -1, 1, f"code: {code.upper()}")
            matched = dict.fromkeys(range(at, at + len(ahead) + 1), item)
            run = Run(product, at, at + len(ahead), matched, why=[item.why])
            run.score, run.named, run.complete, run.covered = score, 1.0, True, _TELLS
            found.append(run)
            break
    return found


def _meant(written: str, codes: Mapping[str, int]) -> str | None:
    """The code of that number whose letters are one slip away: "rob1", "ROBE01" for ROBE1; none when there are two.

    The number is never corrected, and letters that are those of another code are no slip.
    """
    said = _CODE.fullmatch(written)
    if said is None or len(said[1]) < _LEAST:
        return None
    known = [(parts[1], parts[2], code) for code in codes if (parts := _CODE.fullmatch(code))]
    near = [(letters, code) for letters, number, code in known if number == said[2]]
    exact = [code for letters, code in near if letters == said[1]]
    if exact or any(letters == said[1] for letters, _, _ in known):
        return exact[0] if len(exact) == 1 else None
    slips = [code for letters, code in near if len(letters) >= _LEAST and OSA.distance(letters, said[1]) == 1]
    return slips[0] if len(slips) == 1 else None


def _figures(following: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """What may belong to the letters of a code: a sign and a number, a number, nothing."""
    if len(following) == 2 and following[0].text in "-–.#°" and following[1].kind == "number":
        yield following
    if following and following[0].kind == "number":
        yield following[:1]
    yield ()
