"""The words of commerce are well kept, and words compare as they should."""

import re
import tomllib
from importlib.resources import files

import pytest

from griot.knowledge.search.glossary import GROUPS, ROLES, glossary
from griot.knowledge.search.words import fold, sound, split, stem

FOLDER = files("griot").joinpath("prompts", "glossary")
TABLES = {
    entry.name: tomllib.loads(entry.read_text(encoding="utf-8"))
    for entry in FOLDER.iterdir()
    if entry.name.endswith(".toml")
}
CONCEPTS = [
    (name, kind, concept, entry)
    for name, table in TABLES.items()
    for kind in GROUPS
    for concept, entry in table.get(kind, {}).items()
]
KEYS = {"both", "fr", "en", "mg", "wo", "ci", "sms", "is", "for", "sign"}


def test_every_table_and_key_is_known() -> None:
    assert {key for table in TABLES.values() for key in table} <= {*GROUPS, *ROLES, "ordinary", "country", "town"}
    assert {key for *_, entry in CONCEPTS for key in entry} <= KEYS


def test_a_concept_is_written_once_and_says_where_it_belongs() -> None:
    names = [concept for _, _, concept, _ in CONCEPTS]
    assert len(names) == len(set(names))
    for _, _, concept, entry in CONCEPTS:
        for parent in filter(None, re.split(r",\s*", entry.get("is", ""))):
            assert parent in names, f"{concept} is {parent}?"


def test_no_language_has_more_kinds_than_french() -> None:
    def kinds(text: str) -> int:
        return len(text.rpartition(":")[2].split(";"))

    for file, _, concept, entry in CONCEPTS:
        for language in ("en", "mg", "wo"):
            assert kinds(entry.get(language, "")) <= kinds(entry.get("fr", "")), f"{file}: {concept}.{language}"


def test_there_is_enough_to_find_things_by() -> None:
    words = dict.fromkeys(("fr", "en", "mg", "wo"), 0)
    for *_, entry in CONCEPTS:
        for language in words:
            words[language] += len([item for item in re.split(r"[,;:]", entry.get(language, "")) if item.strip()])
    assert min(words["fr"], words["en"]) > 1500
    assert words["mg"] > 1000
    assert words["wo"] > 400


@pytest.mark.parametrize(
    ("word", "concept"),
    [
        ("zipo", "jupe"),
        ("kiraroko", "chaussures"),
        ("dress", "robe"),
        ("musóor", "foulard"),
        ("savonnette", "savon"),
        ("👗", "robe"),
        ("poire", "pomme 2"),
        ("poara", "pomme 2"),
    ],
)
def test_a_word_has_its_meaning(word: str, concept: str) -> None:
    assert concept in [sense.concept for sense in glossary().senses(fold(word))]


def test_hyphens_do_not_matter_in_a_phrase() -> None:
    for written in ("t-shirt", "t shirt", "sac à dos", "sac-à-dos", "SAC A DOS"):
        phrase = next(glossary().at(split(written), 0))
        assert phrase.length == len(split(written)), written


@pytest.mark.parametrize(
    "words",
    ["bleu bleue bleus bleues", "gâteau gâteaux", "robe robes", "dress dresses", "berry berries", "bougie bougies"],
)
def test_endings_do_not_matter(words: str) -> None:
    assert len({stem(fold(word)) for word in words.split()}) == 1


@pytest.mark.parametrize(
    "words",
    ["gateau gato gatau", "chemise chemize", "savon savoon", "chaussure shossure", "fraise fraize", "pomme pome"],
)
def test_what_sounds_alike_is_alike(words: str) -> None:
    assert len({sound(word) for word in words.split()}) == 1


def test_words_keep_their_place_in_the_text() -> None:
    text = "2 gâteaux d’anniversaire, 25 kg œufs L'ÉTÉ"
    words = split(text)
    assert [text[word.start : word.end] for word in words] == [
        "2", "gâteaux", "d", "anniversaire", ",", "25 kg", "œufs", "L", "ÉTÉ",
    ]  # fmt: skip
    assert [word.text for word in words if word.kind != "sign"] == [
        "2", "gateaux", "d", "anniversaire", "25kg", "oeufs", "l", "ete",
    ]  # fmt: skip
