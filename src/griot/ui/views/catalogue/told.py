"""What an import says of a source, in the language of the console: its sentences are known by their English form.

``griot/prompts/console/en/doubts.toml`` has the sentences as the importer says them, what varies in braces, the other
languages the same under the same names. A sentence that is not listed is told as it is.
"""

import re
from functools import cache

from griot.ui import words

_VARIES = re.compile(r"\\\{(\w+)\\\}")


def told(language: str, sentence: str) -> str:
    """A sentence of the importer in this language, as far as it is known."""
    if language == "en":
        return sentence
    for name, pattern in _patterns():
        found = pattern.fullmatch(sentence)
        if found:
            values = {key: told(language, value) for key, value in found.groupdict().items()}
            return words.say(language, f"doubts.{name}", **values)
    return sentence


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Longer sentences first: a short one may be a part of what varies in another."""
    listed = sorted(words.of_view("en", "doubts").items(), key=lambda item: -len(item[1]))
    return [(name, re.compile(_VARIES.sub(r"(?P<\1>.+?)", re.escape(text)), re.DOTALL)) for name, text in listed]
