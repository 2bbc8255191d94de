"""Product codes: what a vendor says aloud in a live and a buyer types with one thumb."""

import re

from griot.core.accents import without_accents
from griot.core.errors import InvalidInput

_SEPARATORS = re.compile(r"[\s\-_.'’/]+")
_LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE"})
# Letters then digits; letters alone only when they are enough to make a word.
_CODE = re.compile(r"[A-Z]{1,16}[0-9]{1,4}|[A-Z]{3,16}")


def fold_code(text: str) -> str:
    """The text without accents, spaces and hyphens, in capitals: ``Robe n-1`` -> ``ROBEN1``. Any text has one."""
    return _SEPARATORS.sub("", without_accents(text.translate(_LIGATURES))).upper()


def normalise_code(text: str) -> str:
    """The code as it is stored: ``Robe 1`` -> ``ROBE1``. ``InvalidInput`` says how a code is written."""
    code = fold_code(text)
    if not _CODE.fullmatch(code):
        raise InvalidInput(
            f"{text!r} cannot be a product code: write a word of up to 16 letters and then up to 4 digits,"
            " such as ROBE1 or SAC2."
        )
    return code
