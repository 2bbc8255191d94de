"""What is written in a chat is read aloud as people say it."""

import pytest

from griot.speech.models import Unavailable

pytest.importorskip("num2words", reason="the extra voice is not installed")

from griot.speech.speaking.passages import passages
from griot.speech.speaking.speakable import speakable

FRENCH = [
    # prices
    ("15 000 F CFA", "quinze mille francs CFA."),
    ("15\u202f000\u00a0F\u00a0CFA", "quinze mille francs CFA."),
    ("15.000 FCFA", "quinze mille francs CFA."),
    ("1 F CFA", "un franc CFA."),
    ("1 000 000 F CFA", "un million de francs CFA."),
    ("1 500 000 F CFA", "un million cinq cent mille francs CFA."),
    ("-1 500 F CFA", "moins mille cinq cents francs CFA."),
    ("Ar 25 000", "vingt-cinq mille ariary."),
    ("25 000 Ar", "vingt-cinq mille ariary."),
    ("12,50 €", "douze euros cinquante."),
    ("1 €", "un euro."),
    ("0,50 €", "cinquante centimes."),
    ("$12.50", "douze dollars cinquante."),
    ("250 000 FG", "deux cent cinquante mille francs guinéens."),
    ("1,250 DT", "mille deux cent cinquante dinars."),
    ("99 DH", "quatre-vingt-dix-neuf dirhams."),
    # codes and references
    ("Envoie *ROBE1*", "Envoie robe un."),
    ("SAC2 ou BOUBOU12", "sac deux ou boubou douze."),
    ("ROBE01", "robe zéro un."),
    ("BKR2", "B K R deux."),
    ("X1B2", "X un B deux."),
    ("TSHIRT-12", "tshirt douze."),
    ("Commande #LP-2026-0215-A3F2 annulée", "Commande A trois F deux annulée."),
    ("Devis *DEV-2026-0012* accepté", "Devis douze accepté."),
    # dates and times
    ("le 14/02", "le quatorze février."),
    ("le 01/03/2026", "le premier mars deux mille vingt-six."),
    ("2026-02-15", "quinze février deux mille vingt-six."),
    ("à 14:30", "à quatorze heures trente."),
    ("à 14h30, 9h ou 18h05", "à quatorze heures trente, neuf heures ou dix-huit heures cinq."),
    ("Reste 9:47", "Reste neuf minutes et quarante-sept secondes."),
    ("Ta réservation tient encore 2:00.", "Ta réservation tient encore deux minutes."),
    ("Plus que 0:45 pour payer !", "Plus que quarante-cinq secondes pour payer !"),
    ("Durée : 1 h 05 min", "Durée : une heure cinq minutes."),
    # quantities, figures, units
    ("*Robe wax* x2", "Robe wax, deux fois."),
    ("🛍️ *Robe wax* (rouge, M) × 2", "Robe wax, rouge, M, deux fois."),
    ("3 × *Robe wax* = 45 000 F CFA", "trois fois Robe wax : quarante-cinq mille francs CFA."),
    ("1 commande, 21 commandes", "une commande, vingt et une commandes."),
    ("1 article et 1 nouveau client", "un article et un nouveau client."),
    ("2 kg de riz, 500g de sucre", "deux kilos de riz, cinq cents grammes de sucre."),
    ("1,5 l", "un virgule cinq litre."),
    ("réservé 10 min", "réservé dix minutes."),
    ("TVA 18 %", "T V A dix-huit pour cent."),
    ("12,5 % et -10 %", "douze virgule cinq pour cent et moins dix pour cent."),
    ("3e achat, le 1er du live", "troisième achat, le premier du live."),
    ("10-15 pièces", "dix à quinze pièces."),
    ("3/5", "trois sur cinq."),
    ("tu es n° 3", "tu es numéro trois."),
    ("Qté : 4", "quantité : quatre."),
    # telephone
    (
        "Appelle le +221 77 123 45 67",
        "Appelle le plus deux cent vingt et un, soixante-dix-sept, cent vingt-trois, quarante-cinq, soixante-sept.",
    ),
    ("07 08 09 10 11", "zéro sept, zéro huit, zéro neuf, dix, onze."),
    ("771234567", "sept soixante et onze vingt-trois quarante-cinq soixante-sept."),
    # signs, links, capitals
    ("✅ PAYER", "payer."),
    ("JE PRENDS", "je prends."),
    ("📊 *RÉSUMÉ DE TON LIVE*", "résumé de ton live."),
    ("Client VIP, SMS", "Client V I P, S M S."),
    ("*Wave* : paie ici 👇\nhttps://pay.example.com/p/a?b=1\nMerci !", "Wave : paie ici. Merci !"),
    ("Écris à awa@example.com.", "Écris à."),
    ("• Robe\n• Sac\n- Pagne", "Robe. Sac. Pagne."),
    ("_Merci_ ~beaucoup~ *Awa*", "Merci beaucoup Awa."),
    ("« Bonjour » (salut)", "Bonjour, salut."),
    ("rouge/noir et/ou bleu", "rouge ou noir et ou bleu."),
    ("thé & café", "thé et café."),
    ("😄 👍🏽 🇸🇳", ""),
    ("", ""),
]

ENGLISH = [
    ("15 000 F CFA", "fifteen thousand CFA francs."),
    ("$1,250.00", "one thousand two hundred and fifty dollars."),
    ("12.50 €", "twelve euros fifty."),
    ("ROBE1 sold out in 12 min", "robe one sold out in twelve minutes."),
    ("9:47 left to pay", "nine minutes and forty-seven seconds left to pay."),
    ("it stays held for you for 9:00", "it stays held for you for nine minutes."),
    ("at 14:30", "at two thirty P M."),
    ("at 20:05", "at eight oh five P M."),
    ("at 9:00", "at nine A M."),
    ("on 14/02", "on fourteenth of February."),
    ("*Red dress* × 2", "Red dress, two times."),
    ("18 %", "eighteen percent."),
    ("2.5 kg", "two point five kilos."),
    ("Purchase no. 3, the 2nd", "Purchase number three, the second."),
    ("call 0712345678", "call zero seven one two three four five six seven eight."),
    ("MY PURCHASES", "my purchases."),
    ("1 min", "one minute."),
]


@pytest.mark.parametrize(("written", "said"), FRENCH)
def test_french_is_read_aloud(written: str, said: str) -> None:
    assert speakable(written, "fr") == said


@pytest.mark.parametrize(("written", "said"), ENGLISH)
def test_english_is_read_aloud(written: str, said: str) -> None:
    assert speakable(written, "en") == said


@pytest.mark.parametrize("language", ["fr", "en"])
def test_nothing_is_left_that_is_only_seen(language: str) -> None:
    text = "⭐ *A* _b_ `c` 1️⃣ 12 345,67 € · x3 #LP-2026-0215-A3F2 → http://a.b/c?d=1 +221771234567 50% & 5/6 (7) ℹ️ ™ • 8"
    said = speakable(text, language)
    assert not any(sign.isdigit() or sign in "*_`#·→&%()/€•" for sign in said), said


def test_malagasy_has_no_voice() -> None:
    with pytest.raises(Unavailable, match="answer in text"):
        speakable("Salama tompoko", "mg")


def test_what_is_speakable_stays_as_it_is() -> None:
    for written, language in [(said, "fr") for _, said in FRENCH] + [(said, "en") for _, said in ENGLISH]:
        assert speakable(written, language) == written


def test_long_texts_are_cut_at_the_ends_of_sentences() -> None:
    assert passages("Un. Deux ! Trois ?\nQuatre", 12) == ["Un. Deux !", "Trois ?", "Quatre"]
    assert passages(" \n", 12) == []


def test_long_sentences_are_cut_where_one_may_breathe() -> None:
    assert passages("Une robe, deux sacs, trois pagnes.", 22) == ["Une robe, deux sacs,", "trois pagnes."]
    assert passages("mot " * 100, 50) and all(len(part) <= 50 for part in passages("mot " * 100, 50))
    assert [len(part) for part in passages("x" * 120, 50)] == [50, 50, 20]
