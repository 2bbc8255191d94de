"""The language of a reply is told by its small words, not by the goods that it names."""

import re
import tomllib
from importlib.resources import files

import pytest

from griot.evals.language import detect

TALKATIVE = 5  # words from which on a template has to be recognised


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("C'est réservé 10 min pour toi", "fr"),
        ("Vous voulez payer comment ?", "fr"),
        ("Voatahiry mandritra ny 10 minitra ho anao", "mg"),
        ("Efa lany io entana io, hampandrenesina ianao rehefa misy", "mg"),
        ("It is held for you for 10 minutes", "en"),
        ("Which size would you like?", "en"),
    ],
)
def test_plain_sentences(text: str, language: str) -> None:
    assert detect(text) == language


def test_titles_codes_and_links_are_nobodys_language() -> None:
    reply = "Held for you: *Sac à main de la mariée* (ROBE1) https://shop.example/le/la/les"
    assert detect(reply, ["Sac à main de la mariée"]) == "en"
    assert detect("ROBE1 · 15 000 F CFA") is None


def templates(language: str) -> list[str]:
    """Our own messages to buyers, without their placeholders."""
    folder = files("griot").joinpath("prompts", "templates", language)
    texts = []
    for entry in folder.iterdir():
        if entry.name not in ("approved.toml", "live.toml", "escalation.toml"):  # for channels and vendors
            texts += [re.sub(r"\{[^}]*\}", " ", text) for text in tomllib.loads(entry.read_text("utf-8")).values()]
    return texts


@pytest.mark.parametrize("language", ["fr", "mg", "en"])
def test_our_own_messages_are_never_taken_for_another_language(language: str) -> None:
    assert [text for text in templates(language) if detect(text) not in (language, None)] == []


@pytest.mark.parametrize("language", ["fr", "mg", "en"])
def test_our_own_messages_are_recognised_when_they_say_something(language: str) -> None:
    long = [text for text in templates(language) if len(re.findall(r"[^\W\d_]{2,}", text)) >= TALKATIVE]
    missed = [text for text in long if detect(text) is None]
    assert len(missed) <= len(long) // 50, missed  # names of months and of means of payment are not sentences
