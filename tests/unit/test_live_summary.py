"""The summary of a live says what happened, and gives the one advice that fits."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from griot.core.money import Money
from griot.tools.live.models import Facts, Peak, Sold, SoldOut, Totals
from griot.tools.live.summary import advise, summarise

START = datetime(2026, 2, 15, 19, 0, tzinfo=UTC)


def after(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


GOOD_LIVE = Facts(
    title="Soirée wax",
    started_at=START,
    ended_at=after(83),
    totals=Totals(28, 24, 0, 4, Money(456000, "XOF")),
    sold=(Sold("ROBE1", 12), Sold("SAC2", 9), Sold("CHAUSSURE", 3)),
    new_buyers=8,
    returning_buyers=16,
    peak=Peak(after(32), 6, "ROBE1"),
    sold_out=(SoldOut("ROBE1", after(45)),),
)
QUIET_LIVE = Facts("", START, after(20), Totals(0, 0, 0, 0, Money(0, "XOF")), (), 0, 0, None, ())


def test_the_vendor_reads_the_whole_live_in_one_message() -> None:
    assert summarise(GOOD_LIVE, "fr", "Africa/Dakar")["text"] == (
        "📊 *RÉSUMÉ DE TON LIVE*\n"
        "*Soirée wax*\n"
        "⏱️ Durée : 1 h 23 min\n"
        "💰 Chiffre : 456 000 F CFA\n"
        "📦 Commandes : 28 (24 payées, 4 expirées)\n"
        "📈 Conversion : 86 %\n"
        "🏆 Meilleure vente : ROBE1 (12 ventes)\n"
        "🔥 Pic à 19:32 : 6 demandes, surtout ROBE1\n"
        "🔴 Épuisé : ROBE1 (en 45 min)\n"
        "👥 Nouveaux clients : 8\n"
        "🔄 Clients récurrents : 16\n"
        "💡 Conseil : ROBE1 épuisé en 45 min, prévois plus de stock."
    )


def test_the_spoken_summary_is_sentences_without_signs() -> None:
    spoken = summarise(GOOD_LIVE, "fr", "Africa/Dakar")["spoken"]
    assert spoken == (
        "Voici le résumé de ton live. Il a duré 1 heure et 23 minutes.\n"
        "Tu as encaissé 456000 francs CFA, avec 24 commandes payées sur 28.\n"
        "4 réservations ont expiré.\n"
        "Ta meilleure vente est ROBE1, avec 12 ventes.\n"
        "Tu as servi 8 nouveaux clients et 16 clients fidèles.\n"
        "Mon conseil : ROBE1 épuisé en 45 minutes, prévois plus de stock."
    )


@pytest.mark.parametrize("language", ["fr", "mg", "en"])
@pytest.mark.parametrize("facts", [GOOD_LIVE, QUIET_LIVE])
def test_every_language_tells_every_live(language: str, facts: Facts) -> None:
    summary = summarise(facts, language, "Indian/Antananarivo")
    assert str(facts.totals.turnover) in summary["text"]
    assert "\n\n" not in summary["text"]
    assert not [sign for sign in summary["spoken"] if ord(sign) > 0x2000 or sign == "*"]


def test_the_peak_is_told_in_the_shops_own_time() -> None:
    assert "22:32" in summarise(GOOD_LIVE, "mg", "Indian/Antananarivo")["text"]


def test_a_live_without_orders_has_nothing_to_boast_of() -> None:
    summary = summarise(QUIET_LIVE, "fr", "Africa/Dakar")
    assert "Meilleure vente" not in summary["text"]
    assert "Pic" not in summary["text"]
    assert (summary["conversion"], summary["peak"], summary["sold"]) == (0, None, [])
    assert summary["advice"]["rule"] == "no_orders"


def test_figures_are_kept_as_numbers_and_times_in_utc() -> None:
    summary = summarise(GOOD_LIVE, "fr", "Africa/Dakar")
    assert summary["duration_seconds"] == 83 * 60
    assert (summary["turnover_minor"], summary["currency"], summary["conversion"]) == (456000, "XOF", 86)
    assert summary["sold"][0] == {"code": "ROBE1", "units": 12}
    assert summary["peak"] == {"at": "2026-02-15T19:32:00+00:00", "code": "ROBE1", "asked": 6}
    assert summary["sold_out"] == [{"code": "ROBE1", "at": "2026-02-15T19:45:00+00:00"}]


def test_one_of_a_kind_is_told_in_the_singular() -> None:
    one = replace(GOOD_LIVE, totals=Totals(1, 1, 0, 0, Money(15000, "XOF")), sold=(Sold("ROBE1", 1),), new_buyers=1)
    text = summarise(one, "fr", "Africa/Dakar")["text"]
    assert "1 (1 payée)" in text
    assert "ROBE1 (1 vente)" in text


ORDERS = Money(100000, "XOF")


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({}, "sold_out"),
        ({"sold_out": (SoldOut("ROBE1", after(70)),)}, "praise"),
        ({"sold_out": (), "totals": Totals(10, 3, 6, 1, ORDERS)}, "pending"),
        ({"sold_out": (), "totals": Totals(10, 4, 0, 6, ORDERS)}, "expired"),
        ({"sold_out": (), "totals": Totals(10, 4, 0, 1, ORDERS, cancelled=5)}, "cancelled"),
        ({"sold_out": (), "sold": (Sold("ROBE1", 7), Sold("SAC2", 3))}, "one_article"),
        ({"sold_out": (), "sold": (Sold("ROBE1", 6), Sold("SAC2", 4))}, "praise"),
        ({"sold_out": (), "sold": (Sold("ROBE1", 4),)}, "praise"),
        ({"totals": Totals(0, 0, 0, 0, Money(0, "XOF")), "sold": (), "sold_out": ()}, "no_orders"),
    ],
)
def test_the_advice_is_the_first_rule_that_applies(changes: dict[str, object], rule: str) -> None:
    assert advise(replace(GOOD_LIVE, **changes)).rule == rule  # type: ignore[arg-type]


def test_the_first_article_to_run_out_is_the_one_to_bring_more_of() -> None:
    facts = replace(GOOD_LIVE, sold_out=(SoldOut("SAC2", after(10)), SoldOut("ROBE1", after(45))))
    assert summarise(facts, "fr", "Africa/Dakar")["advice"]["text"] == "SAC2 épuisé en 10 min, prévois plus de stock."
