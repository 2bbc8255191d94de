"""Letters without what stands on them, so that words written with and without accents are one."""

import unicodedata


def without_accents(text: str) -> str:
    """The text without accents, forms for looks as plain letters (NFKD): ``Thiès`` -> ``Thies``, ``ﬁ`` -> ``fi``."""
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
