"""What the model is told before it listens: the goods a buyer is likely to name, as a buyer would name them.

Codes come first, then one order of several goods with numbers in words: a list of bare names makes the model hear
"de gâteau" where "deux gâteaux" was said.
"""

from rapidfuzz import fuzz, process

from griot.speech.hearing.goods import lower, plural
from griot.speech.hearing.numbers import in_words
from griot.speech.hearing.sounds import key
from griot.speech.models import Vocabulary

LISTED = 60  # names looked for in a transcript, at most
TOLD = 16  # and told to the model, which remembers about 220 tokens

_PAYING = {"fr": "Je paie par Wave ou Orange Money.", "en": "I pay with Wave or Orange Money."}
_OPENING = {"fr": "Bonjour, je voudrais", "en": "Hello, I would like"}


def likely(vocabulary: Vocabulary, heard: str, language: str) -> Vocabulary:
    """Of a large catalogue, the goods that sound most like what was heard, the likest first.

    ``names`` and ``codes`` belong together when there are as many of each.
    """
    if len(vocabulary.names) <= LISTED:
        return vocabulary
    sounds = [key(name, language) for name in vocabulary.names]
    best = process.extract(key(heard, language), sounds, scorer=fuzz.partial_ratio, limit=LISTED)
    places = [place for _, _, place in best]
    paired = len(vocabulary.codes) == len(vocabulary.names)
    codes = tuple(vocabulary.codes[place] for place in places) if paired else vocabulary.codes
    return Vocabulary(tuple(vocabulary.names[place] for place in places), codes)


def prompt(vocabulary: Vocabulary, language: str) -> str:
    """The words that stand before the recording; nothing when nothing is known of the shop."""
    names = vocabulary.names[:TOLD]
    codes = ", ".join(vocabulary.codes[:TOLD])
    order = ", ".join(
        f"{in_words(number, language)} {plural(lower(name), language)}" for number, name in enumerate(names, 2)
    )
    opening = _OPENING.get(language, _OPENING["fr"])
    paying = _PAYING.get(language, _PAYING["fr"]) if codes or order else ""
    parts = (f"{codes}." if codes else "", paying, f"{opening} {order}." if order else "")
    return " ".join(part for part in parts if part)
