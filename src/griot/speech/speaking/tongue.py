"""What a language needs to be read aloud: its table of words, and its numbers in words."""

import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from griot.speech.models import Unavailable

LANGUAGES = ("fr", "en")

_MOST_DIGITS = 12  # a longer number is read digit by digit
_VOWELS = re.compile(r"[aeiouyàâäéèêëîïôöùûüœæ]", re.I)
_CLUSTER = re.compile(r"[^aeiouyàâäéèêëîïôöùûüœæ\W\d_]{4}", re.I)


@dataclass(frozen=True)
class Tongue:
    """A language's table (``spoken/<language>.toml``) and the words of its numbers."""

    language: str
    table: dict[str, Any]

    def cardinal(self, number: int) -> str:
        """``21`` -> ``vingt et un``; very long ones digit by digit."""
        if number < 0:
            return f"{self.table['minus']} {self.cardinal(-number)}"
        if len(str(number)) > _MOST_DIGITS:
            return self.digits(str(number))
        return self._words(number, "cardinal").replace(",", "")

    def ordinal(self, number: int) -> str:
        return self._words(number, "ordinal")

    def decimal(self, number: Decimal) -> str:
        """``2.50`` -> ``deux virgule cinquante``; zeros at the front of the decimals are read."""
        whole, _, decimals = str(number).partition(".")
        if not int(decimals or 0):
            return self.cardinal(int(whole))
        zeros = len(decimals) - len(decimals.lstrip("0"))
        if self.language == "en":
            tail = self.digits(decimals.rstrip("0"))
        else:
            tail = " ".join([*[self.cardinal(0)] * zeros, self.cardinal(int(decimals))])
        return f"{self.cardinal(int(whole))} {self.table['point']} {tail}"

    def digits(self, digits: str) -> str:
        """One after the other."""
        return " ".join(self.cardinal(int(digit)) for digit in digits)

    def grouped(self, digits: str) -> str:
        """As telephone numbers are told: a short group is one number, its leading zeros are read."""
        if self.language == "en" or len(digits) > 3:
            return self.digits(digits)
        zeros = len(digits) - len(digits.lstrip("0"))
        rest = digits[zeros:]
        return " ".join([*[self.cardinal(0)] * zeros, *([self.cardinal(int(rest))] if rest else [])])

    def count(self, number: int, following: str) -> str:
        """The number before this word: ``une commande``, ``vingt et une pièces``."""
        words = self.cardinal(number)
        return words + "e" if re.search(r"\bun$", words) and self._feminine(following) else words

    def spelled(self, letters: str) -> str:
        """Letter by letter, digit by digit."""
        own = self.table["letters"]
        return " ".join(self.cardinal(int(sign)) if sign.isdigit() else own.get(sign, sign) for sign in letters.upper())

    def is_known_to_voices(self, initials: str) -> bool:
        """Whether every voice spells these initials by itself, and better than as single letters."""
        return initials in self.table["initials"]["kept"]

    def is_readable(self, word: str) -> bool:
        """Whether a word in capitals can be read as a word, not only spelled."""
        if len(word) < 3 or word.upper() in self.table["initials"]["words"]:
            return False
        return bool(_VOWELS.search(word)) and not _CLUSTER.search(word)

    def is_short_word(self, word: str) -> bool:
        """Whether letters in capitals among other words in capitals are a little word: ``DE``, ``À``, ``TON``."""
        return len(word) < 4 and bool(_VOWELS.search(word)) and word not in self.table["initials"]["words"]

    def _feminine(self, word: str) -> bool:
        word = word.lower()
        singular = word.removesuffix("s")
        if singular in self.table["masculine"] or word in self.table["masculine"]:
            return False
        return singular.endswith(tuple(self.table["feminine_endings"]))

    def _words(self, number: int, kind: str) -> str:
        try:
            from num2words import num2words
        except ImportError as error:
            raise Unavailable("Speech is not installed: pip install 'griot[voice]'.") from error
        return str(num2words(number, lang=self.language, to=kind))


@cache
def tongue(language: str) -> Tongue:
    """The language to read aloud in; raises ``Unavailable`` for one that no voice can read, such as Malagasy."""
    if language not in LANGUAGES:
        raise Unavailable(f"No text in {language!r} can be read aloud: answer in text.")
    table = files(__package__).joinpath("spoken", f"{language}.toml").read_text(encoding="utf-8")
    return Tongue(language, tomllib.loads(table))
