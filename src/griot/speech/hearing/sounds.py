"""How a phrase sounds, roughly: letters of a small alphabet, so that what is written apart and sounds alike compares.

"deux gâteaux", "de gâteau" and "deux gâto" have the same key. The rules are those of French spelling; English loses its
vowels but for the first, which is where spelling and hearing part most.
"""

import re
from functools import lru_cache

from griot.core.accents import without_accents

_FRENCH = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"[^a-z0-9àâäçéèêëîïôöùûüœ ]", ""),
        (r"œu|œ|oeu", "eu"),
        (r"gn", "N"),
        (r"g(?=[eiyéèê])|j", "Z"),
        (r"c(?=[eiyéèê])|ss", "ç"),
        (r"(?<=[a-z])(?:s|x|z|t|d|p)+\b", ""),  # silent at the end
        (r"(?<=[a-z])(?:es|ent|e)\b(?<!\b[a-zç]e)", ""),
        (r"h(?<![cps]h)", ""),
        (r"ph", "f"),
        (r"e?aux?|ô", "o"),
        (r"e(?:r|z|t)\b", "é"),
        (r"(?:ai|ei|oi)(?=n[aeiouyé])", "é"),
        (r"oin", "wI"),
        (r"(?:[ae]?i|u|y)[nm](?![aeiouyéèên m])", "I"),
        (r"[ae][nm](?![aeiouyéèênm])", "A"),
        (r"o[nm](?![aeiouyéèênm])", "O"),
        (r"oi|oy", "wa"),
        (r"ou|où", "U"),
        (r"eu", "2"),
        (r"ai|ei|[éèêë]", "é"),
        (r"(?<=[aU2é])ill?\b|ill(?=[aeoéuU2O])", "Y"),
        (r"ch|sh", "S"),
        (r"qu|q|ck", "k"),
        (r"(?<=[aeioué2UIAO])s(?=[aeiouyé2UIAO])", "z"),
        (r"ç", "s"),
        (r"c", "k"),
        (r"x", "ks"),
        (r"\be\b|(?<=[a-zSZN])e(?=[a-zSZN ]|$)", "2"),
        (r"[yîï]", "i"),
        (r"[àâä]", "a"),
        (r"[öô]", "o"),
        (r"[ùûü]", "u"),
        (r"(.)\1+", r"\1"),
    )
]
_ENGLISH = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"[^a-z0-9 ]", ""),
        (r"\bkn", "n"),
        (r"\bwr", "r"),
        (r"gh|(?<=[a-z])e\b", ""),
        (r"ph", "f"),
        (r"tch|ch|sh", "S"),
        (r"ck|q", "k"),
        (r"c(?=[eiy])", "s"),
        (r"c", "k"),
        (r"g(?=[ey])", "j"),
        (r"(?<!\b)[aeiouyhw]+", ""),
        (r"z", "s"),
        (r"(.)\1+", r"\1"),
    )
]


@lru_cache(maxsize=50_000)
def key(phrase: str, language: str) -> str:
    """How a phrase sounds, without spaces."""
    text = phrase.lower().replace("’", "'").replace("-", " ").replace("'", " ")
    if language == "en":
        text = without_accents(text)
    for pattern, sound in _ENGLISH if language == "en" else _FRENCH:
        text = pattern.sub(sound, text)
    return text.replace(" ", "")
