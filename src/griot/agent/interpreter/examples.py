"""Messages that are examples of an intent, from ``griot/prompts/examples``: one file an intent, one message a line.

Questions to the shop stand in ``prompts/questions``, one file a subject; they are examples of the intent that the
file's first line names, too.

Square brackets stand around the goods (``je veux 2 [robes wax]``); a media or location mark, ``[image]``, is no goods.
"""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from griot.agent.interpreter.frames import PRODUCT

_GOODS = re.compile(r"\[(?!image\]|audio\]|video\]|document\]|location:|SYSTEM\])([^\]]+)\]")
_LANGUAGE = re.compile(r"#\s*lang:\s*([\w-]+)")
_INTENT = re.compile(r"#\s*intent:\s*(\w+)")


class Example(NamedTuple):
    text: str
    intent: str
    language: str


@cache
def examples(folder: str = "examples") -> tuple[Example, ...]:
    """Every example of a folder under ``prompts``, by file and line; the questions to the shop are intents as well."""
    sources = [item for item in files("griot").joinpath("prompts", folder).iterdir() if item.name.endswith(".txt")]
    found: list[Example] = []
    for source in sorted(sources, key=lambda item: item.name):
        found += read(source.read_text(encoding="utf-8"), source.name.removesuffix(".txt"))
    return (*found, *_questions()) if folder == "examples" else tuple(found)


def _questions() -> Iterator[Example]:
    """The questions to the shop under the intents that their files name."""
    intents = intents_of_subjects()
    return (question._replace(intent=intents[question.intent]) for question in examples("questions"))


@cache
def intents_of_subjects() -> dict[str, str]:
    """Subject of a question to the shop -> the intent of such questions."""
    sources = files("griot").joinpath("prompts", "questions").iterdir()
    named = ((source.name.removesuffix(".txt"), source.read_text(encoding="utf-8")) for source in sources)
    return {subject: found[1] for subject, text in sorted(named) if (found := _INTENT.match(text))}


def read(text: str, intent: str) -> Iterator[Example]:
    """The examples of one file. Before the first ``# lang:`` line they are taken to be in several languages."""
    language = "mixed"
    for line in (line.strip() for line in text.splitlines()):
        heading = _LANGUAGE.match(line)
        if heading:
            language = heading.group(1)
        elif line and not line.startswith("#"):
            yield Example(line, intent, language)


def forms(text: str) -> tuple[str, ...]:
    """An example as it is written and as it looks once the goods are recognised."""
    written = _GOODS.sub(r"\1", text)
    hidden = _GOODS.sub(f" {PRODUCT} ", text)
    return (written,) if written == hidden else (written, hidden)
