"""Product codes as buyers write them: "ROBE1", "robe 1", "Robe-1", "robe n°1", "r o b e 1", "robe un", "R0BE1".

The index is built once per catalogue; finding the codes of a message then costs a few dictionary look-ups per word,
however many codes the shop has.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from griot.agent.reading.lexicon import Sense, lexicon
from griot.agent.reading.tokens import Token, fold, tokenise

Options = Mapping[str, str]
Bond = Literal["glued", "sign", "space", "line"]

_PLURAL = re.compile(r"(?<=[a-z]{3})[sx](?=\d)")
_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")
_ALIKE = str.maketrans("oil", "011")
_INNER_SIGNS = "-‐‑–_.#°"
_DATE_SIGNS = "-‐‑–_./"
_SLACK = 2  # letters or zeros that a loose spelling may have more than the code


class CodeMatch(NamedTuple):
    """A code in a message. ``sure``: no other reading is as likely, and ``codes`` holds just that one.

    ``tight``: written in one piece. ``after_times``: an "x" that belongs to a quantity is stuck in front ("2xrobe1").
    """

    start: int
    end: int
    codes: tuple[str, ...]
    sure: bool
    tight: bool
    after_times: bool = False


class _Candidate(NamedTuple):
    end: int
    codes: tuple[str, ...]
    exact: bool
    tight: bool
    split: bool  # its digits were put together from two numbers: "robe 1 2" for ROBE12
    spelled: bool  # one sign at a time: "r o b e 1"


class CodeIndex:
    """The codes of a shop, found whatever way they are written. Immutable once built."""

    def __init__(self, variants: Mapping[str, tuple[Options, ...]]) -> None:
        self._variants = variants
        self._exact: dict[str, tuple[str, ...]] = {}
        self._loose: dict[str, tuple[str, ...]] = {}
        self._literal: dict[str, tuple[str, ...]] = {}
        self._longest = 0
        for code in variants:
            key = squash(code)
            if not key:
                continue
            _file(self._exact, key, code)
            for loose in _loose_keys(key):
                _file(self._loose, loose, code)
            _file(self._literal, fold(code), code)
            self._longest = max(self._longest, len(key))

    @classmethod
    def build(cls, codes: Mapping[str, Sequence[Options]]) -> "CodeIndex":
        """Index a catalogue: code -> option values of each of its variants, ``{}`` for one without options."""
        return cls({code: tuple(dict(options) for options in variants) for code, variants in codes.items()})

    def __contains__(self, code: str) -> bool:
        return code in self._variants

    def variants(self, code: str) -> tuple[Options, ...]:
        return self._variants.get(code, ())

    def named(self, written: str) -> tuple[str, ...]:
        """The codes that letters and digits written in one piece may mean; spelling them exactly settles it."""
        return self._lookup(squash(written), fold(written), tight=True)[0]

    def sibling(self, code: str, number: int) -> bool:
        """Is there a code that differs from this one by its number only: ROBE2 beside ROBE1?"""
        stem = squash(code).rstrip("0123456789")
        return f"{stem}{number}" in self._exact

    def find(self, tokens: Sequence[Token]) -> list[CodeMatch]:
        """The codes of a message from left to right, none overlapping."""
        matches, at = [], 0
        while at < len(tokens):
            match = self._match(tokens, at)
            if match:
                matches.append(match)
            at = match.end if match else at + 1
        if len(matches) > 1:
            matches = [match._replace(sure=match.sure and not _like_quantity(tokens, match)) for match in matches]
        return matches

    def _match(self, tokens: Sequence[Token], start: int) -> CodeMatch | None:
        token = tokens[start]
        if token.kind not in ("word", "number") or token.elided:
            return None
        match = self._best(start, self._candidates(tokens, start, token.text), tokens)
        if match is None and token.text[0] == "x" and token.glued and len(token.text) > 1:
            match = self._best(start, self._candidates(tokens, start, token.text[1:]), tokens)
            return match._replace(after_times=True) if match else None
        return match

    def _candidates(self, tokens: Sequence[Token], start: int, first: str) -> list[_Candidate]:
        """Every code that the pieces from ``start`` on spell, the shortest first."""
        candidates: list[_Candidate] = []
        key = literal = piece = first
        end, tight, split, spelled, pieces = start + 1, True, False, len(first) == 1, 1
        while True:
            lone_number = pieces == 1 and piece.isdigit()
            codes, exact = self._lookup(key, literal, tight)
            if codes and not lone_number and (exact or not split):
                candidates.append(_Candidate(end, codes, exact, tight, split, spelled and pieces > 1))
            after = _next_piece(tokens, end, piece, start)
            if after is None:
                return candidates
            bond, sign, following, following_end = after
            spelled = spelled and len(following) == 1 and bond != "line"
            digits, more_digits = piece[-1].isdigit(), following.isdigit()
            if digits and bond != "glued":
                if more_digits and not (spelled and pieces > 1):
                    split = split or not sign or literal + sign + following not in self._literal
                elif not more_digits and bond == "space" and not (spelled and pieces > 1):
                    return candidates
            key, literal = key + following, literal + (" " if bond == "space" else sign) + following
            if len(key) > self._longest + _SLACK:
                return candidates
            tight = tight and bond == "glued"
            piece, end, pieces = following, following_end, pieces + 1

    def _best(self, start: int, candidates: list[_Candidate], tokens: Sequence[Token]) -> CodeMatch | None:
        """The longest code that is surely meant, or all of them when several are as likely."""
        whole = [candidate for candidate in candidates if not candidate.split]
        exact = [candidate for candidate in whole if candidate.exact]
        if not whole:
            return CodeMatch(start, candidates[-1].end, _all_codes(candidates), False, False) if candidates else None
        best = (exact or whole)[-1]
        if (not best.exact and len(best.codes) > 1) or not _spelled_as_code(tokens, start, best):
            return None
        rivals = [] if best.tight else [other for other in candidates if _rivals(other, best, tokens)]
        codes = _all_codes([best, *rivals])
        sure = len(codes) == 1 and not (best.spelled and _digit_follows(tokens, best.end))
        return CodeMatch(start, best.end, codes, sure, best.tight)

    def _lookup(self, key: str, literal: str, tight: bool) -> tuple[tuple[str, ...], bool]:
        """The codes a key may mean, and whether it is theirs to the letter."""
        codes = self._exact.get(key)
        if codes:
            return (self._literal.get(literal, codes) if len(codes) > 1 else codes), True
        if not tight and key.isalpha():
            return (), False
        loose = dict.fromkeys(code for name in _loose_keys(key, tight) for code in self._loose.get(name, ()))
        return tuple(loose), False


def squash(code: str) -> str:
    """Letters and digits only, folded: the form under which spellings of a code meet."""
    return "".join(token.text for token in tokenise(code) if token.kind in ("word", "number"))


def _file(index: dict[str, tuple[str, ...]], key: str, code: str) -> None:
    if code not in index.get(key, ()):
        index[key] = (*index.get(key, ()), code)


def _loose_keys(key: str, tight: bool = True) -> tuple[str, ...]:
    """Keys shared by spellings that are taken for each other: ROBE01 and ROBES1 for ROBE1, in one piece R0BE1 too."""
    even = _PLURAL.sub("", _ZEROS.sub("", key))
    return (even, "=" + key.translate(_ALIKE)) if tight and len(key) > 2 else (even,)


def _all_codes(candidates: Sequence[_Candidate]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for candidate in candidates for code in candidate.codes))


def _digit_follows(tokens: Sequence[Token], at: int) -> bool:
    return at < len(tokens) and tokens[at].kind == "number" and len(tokens[at].text) == 1


def _rivals(other: _Candidate, best: _Candidate, tokens: Sequence[Token]) -> bool:
    """Could the buyer as well have meant this shorter or longer code?"""
    if other is best or not other.exact:
        return False
    return other.end > best.end or not tokens[other.end].glued


def _spelled_as_code(tokens: Sequence[Token], start: int, best: _Candidate) -> bool:
    """A code without digits that is also an everyday word ("OK", "STOP") counts only when written like the code."""
    span = tokens[start : best.end]
    if any(token.kind == "number" for token in span) or len(span) > 1:
        return True
    found = lexicon().find(tokens, start, best.end)
    return (
        found is None
        or found.end < best.end
        or any(span[0].raw == code and code != code.lower() for code in best.codes)
    )


def _like_quantity(tokens: Sequence[Token], match: CodeMatch) -> bool:
    """A code like X2 beside another one may as well be a quantity."""
    return tokens[match.start].text == "x" and match.end == match.start + 2


def _next_piece(tokens: Sequence[Token], at: int, piece: str, start: int) -> tuple[Bond, str, str, int] | None:
    """What may continue a code after ``piece``: how it hangs on, the sign between, its text and where it ends."""
    if at >= len(tokens):
        return None
    token = tokens[at]
    letters = piece.isalpha()
    if token.kind in ("word", "number") and token.glued:
        return "glued", "", token.text, at + 1
    if token.kind == "break":
        return _number_on_next_line(tokens, at, start) if letters and at == start + 1 else None
    bond: Bond = "space" if token.spaced else "sign"
    sign = ""
    if token.kind == "sign":
        signs = _INNER_SIGNS if letters else _DATE_SIGNS
        follows = at + 1 < len(tokens) and tokens[at + 1].kind in ("word", "number")
        apart = follows and tokens[at + 1].spaced
        if not follows or token.text not in signs or (apart and not (letters and token.text in "-–#°")):
            return None
        if apart and tokens[at + 1].kind != "number":
            return None
        bond, sign, at = "sign", token.text, at + 1
        token = tokens[at]
    if token.kind == "number":
        return bond, sign, token.text, at + 1
    if token.kind != "word" or token.elided:
        return None
    if letters:
        return _word_piece(tokens, at, bond, sign)
    return bond, sign, token.text, at + 1


def _word_piece(tokens: Sequence[Token], at: int, bond: Bond, sign: str) -> tuple[Bond, str, str, int]:
    """A word after letters: "numéro" before a number is passed over, a number in words becomes digits."""
    if tokens[at].key not in lexicon().number_openers:
        return bond, sign, tokens[at].text, at + 1
    found = lexicon().find(tokens, at, len(tokens))
    if found and found.entry.has(Sense.NUMBER_LABEL):
        number = found.end + (found.end < len(tokens) and tokens[found.end].text in ("°", ".", "#", ":"))
        if number < len(tokens) and tokens[number].kind == "number":
            return "sign", sign, tokens[number].text, number + 1
        words = lexicon().number(tokens, number, len(tokens))
        if words:
            return "sign", sign, str(words[0]), words[1]
    words = lexicon().number(tokens, at, len(tokens))
    if words:
        return bond, sign, str(words[0]), words[1]
    return bond, sign, tokens[at].text, at + 1


def _number_on_next_line(tokens: Sequence[Token], at: int, start: int) -> tuple[Bond, str, str, int] | None:
    """ "robe" and "1" sent as two messages, each with nothing else in it."""
    alone = start == 0 or tokens[start - 1].kind == "break"
    if not alone or at + 1 >= len(tokens) or tokens[at + 1].kind != "number":
        return None
    ends = at + 2 == len(tokens) or tokens[at + 2].kind == "break"
    return ("line", "", tokens[at + 1].text, at + 2) if ends else None
