"""A shop's pages give questions and answers: marked as such, unfolding, under headings, or the page as a whole."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from griot.knowledge.importing.answers.pages import LONGEST, answers_of

LANGUAGES = ("fr", "mg", "en")


def page(body: str, head: str = "", lang: str = "fr") -> bytes:
    return f"<!doctype html><html lang='{lang}'><head>{head}</head><body>{body}</body></html>".encode()


def answers(body: bytes) -> dict[str, str]:
    return {entry.question: entry.answer for entry in answers_of(body, languages=LANGUAGES).entries}


MARKED = """<script type="application/ld+json">{"@context": "https://schema.org", "@type": "FAQPage", "mainEntity": [
  {"@type": "Question", "name": "Livrez-vous à Rufisque ?",
   "acceptedAnswer": {"@type": "Answer", "text": "<p>Oui, pour 2&nbsp;000 F.</p><p>Le lendemain.</p>"}}]}</script>"""


def test_what_a_page_marks_as_questions_is_taken_as_it_is() -> None:
    found = answers(page("<h1>FAQ</h1><h2>Autre</h2><p>Ce texte ne compte pas ici.</p>", MARKED))
    assert found == {"Livrez-vous à Rufisque ?": "Oui, pour 2 000 F.\nLe lendemain."}


def test_questions_that_unfold() -> None:
    body = "<main><details><summary>Puis-je échanger ?</summary><p>Oui, sous 7 jours.</p></details></main>"
    assert answers(page(body)) == {"Puis-je échanger ?": "Oui, sous 7 jours."}


def test_lists_of_terms() -> None:
    body = "<dl><dt>Retrait</dt><dd>Chaque jour de 9 h à 18 h.</dd><dt>Rien</dt></dl>"
    assert answers(page(body)) == {"Retrait": "Chaque jour de 9 h à 18 h."}


def test_sections_are_answers_to_their_headings() -> None:
    body = """<nav><h2>Menu</h2><p>Accueil Boutique Contact Panier</p></nav>
      <main><h1>Livraison</h1>
        <h2>Délais</h2><p>Sous 48 heures à Dakar.</p><p>Une semaine ailleurs.</p>
        <h2>Combien ça coûte ?</h2><ul><li>Dakar : 1 500 F</li><li>Thiès : 3 000 F</li></ul>
        <h2 hidden>Brouillon</h2></main>
      <footer><h3>Suivez-nous</h3><p>Sur tous les réseaux sociaux.</p></footer>"""
    assert answers(page(body)) == {
        "Livraison : Délais": "Sous 48 heures à Dakar.\nUne semaine ailleurs.",
        "Combien ça coûte ?": "- Dakar : 1 500 F\n- Thiès : 3 000 F",
    }


def test_a_page_without_sections_is_one_answer() -> None:
    body = "<article><p>Nous reprenons tout article dans les 14 jours.</p><p>Le retour est à vos frais.</p></article>"
    found = answers(page(body, "<title>Retours | Chez Awa</title>"))
    assert found == {"Retours": "Nous reprenons tout article dans les 14 jours.\nLe retour est à vos frais."}


def test_an_answer_fits_a_message_and_the_merchant_is_told() -> None:
    found = answers_of(page(f"<h2>Conditions</h2><p>{'Une phrase comme une autre. ' * 60}</p>"), languages=LANGUAGES)
    (entry,) = found.entries
    assert len(entry.answer) <= LONGEST and entry.answer.endswith("autre.")
    assert [doubt.where for doubt in found.warnings] == ["Conditions"]


@pytest.mark.parametrize(("lang", "language"), [("fr-SN", "fr"), ("mg", "mg"), ("wo", None), ("", None)])
def test_an_answer_has_the_language_of_its_page(lang: str, language: str | None) -> None:
    (entry,) = answers_of(page("<h2>Q ?</h2><p>Une réponse assez longue.</p>", lang=lang), languages=LANGUAGES).entries
    assert entry.language == language


@pytest.mark.parametrize("body", [b"", b"\x00\xff", page(""), page("<h2>Titre seul</h2>")])
def test_a_page_without_answers_says_so(body: bytes) -> None:
    found = answers_of(body)
    assert not found.entries and found.warnings


def test_deep_and_large_pages_end() -> None:
    assert answers_of(page("<div>" * 5_000 + "<h2>Q</h2><p>Une réponse quelconque.</p>")) is not None
    many = "".join(f"<h2>Question {n} ?</h2><p>Réponse numéro {n}, en entier.</p>" for n in range(3_000))
    assert len(answers_of(page(many)).entries) == 60


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=300).map(lambda text: f"<html><body>{text}".encode(errors="ignore")))
def test_nothing_that_comes_raises(body: bytes) -> None:
    answers_of(body, url="https://awa.example/faq", languages=LANGUAGES)
