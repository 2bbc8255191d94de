"""What an import says of a source is told in the language of the console, and nothing is listed that nobody says."""

import ast
import re
from pathlib import Path

import pytest

import griot.knowledge.importing as importing
from griot.ui import words
from griot.ui.views.catalogue.told import told


def sentences() -> str:
    """Every text in the importer's code, what varies as {}."""
    found = []
    for path in Path(str(importing.__file__)).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                parts = [str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values]
                found.append("".join(parts))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(node.value)
    return "\n".join(found)


def test_every_listed_sentence_is_said_by_the_importer() -> None:
    said = sentences()
    for name, text in words.of_view("en", "doubts").items():
        # a refusal is put together of what is wrong and what to do; a line of changes of a name and its values
        pieces = [text] if " -> " not in text else []
        for piece in pieces:
            plain = re.sub(r"{\w+}", "{}", piece)
            halves = [plain] if plain in said else plain.rstrip(".").split(": ")
            assert all(half in said or half.rstrip(".") in said for half in halves), (name, piece)


@pytest.mark.parametrize(
    ("sentence", "french"),
    [
        ("“Bracelet” has no price.", "« Bracelet » n'a pas de prix."),
        ("line 12", "ligne 12"),
        ("It is priced in EUR, and the shop sells in XOF.", "Son prix est en EUR, et la boutique vend en XOF."),
        ("price: 15000 -> 12000", "prix : 15000 → 12000"),
        ("stock taille=S: +3", "stock taille=S : +3"),
        ("Nothing can come in. The file is empty.", "Rien ne peut entrer. Le fichier est vide."),
        ("“{code}” has no price.", "« {code} » n'a pas de prix."),
        ("Robe en ligne", "Robe en ligne"),
    ],
)
def test_a_sentence_is_told_in_french_and_what_is_not_known_as_it_is(sentence: str, french: str) -> None:
    assert told("fr", sentence) == french
    assert told("en", sentence) == sentence
