"""A rated turn without the people in it, and what it expects."""

import pytest

from griot.core.texts import LANGUAGES
from griot.evals.cases import read_expect
from griot.evals.models import ACTIONS
from griot.knowledge.corrections.service import intents
from griot.tools.ratings.expecting import _BY_ACTION, _OF_ACT, expectation
from griot.tools.ratings.privacy import Stranger
from griot.ui import words
from griot.ui.views.inbox.rating import INTENTS


@pytest.mark.parametrize(
    ("text", "without"),
    [
        ("Bonjour, ici Fatou Ndiaye", "Bonjour, ici Client"),
        ("FATOU et ndiaye", "Client et Client"),
        ("Fatoumata n'est pas moi", "Fatoumata n'est pas moi"),
        ("mon numéro +221 77 123 45 67 merci", "mon numéro 000 000 000 merci"),
        ("771234567", "000 000 000"),
        ("00221771234567 ou 77.123.45.67", "000 000 000 ou 000 000 000"),
        ("ça fait 1 250 000 000 F CFA", "ça fait 1 250 000 000 F CFA"),
        ("15 000 F, 2 500 F, le 12/03/2026", "15 000 F, 2 500 F, le 12/03/2026"),
        ("écris à fatou.ndiaye@example.org", "écris à client@example.com"),
        ("mon insta @fatou_officiel", "mon insta @client"),
        ("Paie ici : https://pay.example.org/x?t=secret", "Paie ici : https://example.com"),
        ("la robe Rose me plaît, signé Rose", "la robe Rose me plaît, signé Rose"),
        ("pour le 2026-02-15 ou le 15.02.2026", "pour le 2026-02-15 ou le 15.02.2026"),
        ("77-123-45-67", "000 000 000"),
        ("commande LP-2026-0215-A3F2", "commande LP-2026-0215-A3F2"),
    ],
)
def test_people_are_taken_out_and_goods_stay(text: str, without: str) -> None:
    stranger = Stranger(["Fatou Ndiaye", "Rose"], ["221771234567"], public=["Robe Rose poudrée"])
    assert stranger.out_of(text) == without


def test_a_known_phone_goes_even_where_it_looks_like_an_amount() -> None:
    assert Stranger([], ["221771234567"]).out_of("771234567 F") == "000 000 000 F"


TAKE = ({"act": "Take", "code": "ROBE1", "quantity": 2},)
ESCALATE = ({"act": "Escalate", "reason": "unknown"},)


@pytest.mark.parametrize(
    ("given", "expect"),
    [
        ({"right_intent": "delivery_ask", "correction": "Oui, on livre à Thiès pour 2 500 F."},
         {"action": "faq", "must_mention": ["2500", "Thiès"]}),
        ({"right_intent": "delivery_ask", "faq": "livraison-thies"}, {"action": "faq", "faq": "livraison-thies"}),
        ({"faq": "horaires", "correction": "De 9 h à 19 h 30"},
         {"action": "faq", "faq": "horaires", "must_mention": ["19", "30"]}),
        ({"right_intent": "price_ask", "acts": TAKE, "named": ["ROBE1"]},
         {"action": "search", "product": "ROBE1", "must_not": ["action:reserve"]}),
        ({"right_intent": "order", "acts": TAKE, "named": ["SAC2"]}, {"action": "reserve", "product": "SAC2"}),
        ({"good": True, "acts": TAKE, "named": ["ROBE1"]}, {"action": "reserve", "product": "ROBE1", "quantity": 2}),
        ({"good": True, "acts": ESCALATE}, {"action": "escalate"}),
        ({"correction": "C'est non"}, {}),
        ({"acts": TAKE}, {}),
        ({"correction": "Elle coûte 15 000 F.", "acts": TAKE},
         {"must_mention": ["15000"], "must_not": ["action:reserve"]}),
    ],
)  # fmt: skip
def test_what_a_case_expects(given: dict[str, object], expect: dict[str, object]) -> None:
    known: dict[str, object] = {
        "good": False, "correction": "", "right_intent": None, "acts": ESCALATE, "named": [], "faq": None,
    }  # fmt: skip
    found = expectation(**{**known, **given})  # type: ignore[arg-type]
    assert found == expect
    if found:
        read_expect(found)


def test_intents_and_actions_are_those_that_exist() -> None:
    assert set(_BY_ACTION) <= set(ACTIONS) and set(_OF_ACT.values()) <= set(ACTIONS)
    assert {name for names in _BY_ACTION.values() for name in names} <= set(intents())
    assert set(INTENTS) <= set(intents())
    for language in LANGUAGES:
        for name in INTENTS:
            assert words.find(language, f"inbox.intent.{name}"), name
        for action in ACTIONS:
            assert words.find(language, f"inbox.action.{action}"), action
