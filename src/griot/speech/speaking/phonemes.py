"""Text -> the phonemes that Kokoro was trained on: espeak-ng's IPA, with its diphthongs and affricates as one symbol.

espeak-ng is reached through the package piper-tts (GPL-3.0-or-later, an extra of its own). What it was compared with
is in docs/reference/voice.md.
"""

import re
import unicodedata

from griot.speech.models import Unavailable

_DIALECTS = {"fr": "fr", "en": "en-us", "en-gb": "en-gb-x-rp"}
_ONE_SYMBOL = {
    "aɪ": "I",
    "aʊ": "W",
    "eɪ": "A",
    "oʊ": "O",
    "əʊ": "Q",
    "ɔɪ": "Y",
    "tʃ": "ʧ",
    "dʒ": "ʤ",
    "r": "ɹ",
    "x": "k",
    "ç": "k",
    "ɬ": "l",
    "ʲ": "j",
    "ɚ": "əɹ",
    "ɐ": "ə",
}
_ENGLISH = re.compile("|".join(_ONE_SYMBOL))


def phonemes(text: str, language: str) -> str:
    """The phonemes of one sentence, its punctuation included. ``language``: fr, en or en-gb."""
    try:
        from piper.phonemize_espeak import EspeakPhonemizer
    except ImportError as error:
        raise Unavailable("Kokoro needs espeak-ng to read aloud: pip install 'griot[voice,piper]'.") from error
    clauses = EspeakPhonemizer().phonemize(_DIALECTS[language], text)
    heard = unicodedata.normalize("NFC", " ".join("".join(clause) for clause in clauses)).strip()
    if language == "fr":
        return heard.replace("-", "")
    return _ENGLISH.sub(lambda found: _ONE_SYMBOL[found[0]], heard)
