"""Telephone numbers and addresses as people of the region give them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from griot.agent.interpreter.contacts import phones_in, read_address


@pytest.mark.parametrize(
    ("country", "text", "number"),
    [
        ("SN", "mon numéro 77 123 45 67", "+221771234567"),
        ("SN", "771234567", "+221771234567"),
        ("CI", "appelle 07 08 09 10 11", "+2250708091011"),
        ("MG", "034 12 345 67 azafady", "+261341234567"),
        ("FR", "06 12 34 56 78", "+33612345678"),
        ("SN", "+33 6 12 34 56 78", "+33612345678"),
    ],
)
def test_telephone_numbers(country: str, text: str, number: str) -> None:
    (phone,) = phones_in(text, country)
    assert phone.number == number
    assert text[phone.start : phone.end].replace(" ", "").lstrip("+").isdigit()


@pytest.mark.parametrize("text", ["15 000 F", "le 12 mars à 16h30", "ROBE1 x2", "je veux 250 chaises", "bonjour"])
def test_what_is_no_telephone_number(text: str) -> None:
    assert phones_in(text, "SN") == []


@pytest.mark.parametrize(
    ("country", "text", "fields"),
    [
        (
            "SN",
            "mon adresse : villa 23, cité Keur Gorgui, 77 123 45 67",
            {"text": "villa 23, cité Keur Gorgui", "district": "cité Keur Gorgui", "phone": "+221771234567"},
        ),
        (
            "SN",
            "livrez-moi à Mermoz, près de la pharmacie svp",
            {"text": "Mermoz, près de la pharmacie", "district": "Mermoz", "landmark": "près de la pharmacie"},
        ),
        (
            "SN",
            "mangi dëkk Pikine, ci wetu jumma ji",
            {"text": "Pikine, ci wetu jumma ji", "district": "Pikine", "landmark": "ci wetu jumma ji"},
        ),
        ("CI", "à Treichville, avenue 16 rue 21", {"text": "Treichville, avenue 16 rue 21", "district": "Treichville"}),
        ("MG", "lot II M 45 Ankadifotsy", {"text": "lot II M 45 Ankadifotsy", "district": "Ankadifotsy"}),
        (
            "MG",
            "aterina eto Itaosy, akaikin'ny fiangonana. Misaotra",
            {"text": "Itaosy, akaikin'ny fiangonana", "district": "Itaosy", "landmark": "akaikin'ny fiangonana"},
        ),
        ("FR", "12 rue de la République, 69002 Lyon", {"text": "12 rue de la République, 69002 Lyon", "city": "Lyon"}),
        ("SN", "jhabite a pikine rue 10", {"text": "pikine rue 10", "district": "pikine"}),
        ("SN", "Mermoz", {"text": "Mermoz", "district": "Mermoz"}),
        ("SN", "[location: 14.72,-17.46]", {"text": "[location: 14.72,-17.46]", "location": "14.72,-17.46"}),
    ],
)
def test_addresses(country: str, text: str, fields: dict[str, str]) -> None:
    found = read_address(text, country)
    assert found is not None
    assert dict(found.fields) == fields


@pytest.mark.parametrize(
    "text",
    [
        "vous livrez à Mermoz ?",
        "vous êtes où ?",
        "votre adresse svp",
        "je prends la robe rouge taille 42",
        "les deux",
        "je passe devant la boutique",
        "mon numéro est le 77 123 45 67",
        "combien la livraison à Pikine ?",
    ],
)
def test_what_gives_no_address(text: str) -> None:
    assert read_address(text, "SN") is None


@given(st.text(max_size=80), st.sampled_from(["SN", "CI", "MG", "FR", "US"]))
def test_any_text_is_read_without_harm(text: str, country: str) -> None:
    found = read_address(text, country)
    assert found is None or found.fields["text"]
