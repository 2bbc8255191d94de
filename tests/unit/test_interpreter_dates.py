"""Days and times are read as the shop's clock means them."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from griot.agent.interpreter.dates import When, read_when

WEDNESDAY = datetime(2026, 3, 11, 10, 30)
MONTHS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]
ENGLISH = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
WEEKDAYS = {
    "fr": ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
    "mg": ["alatsinainy", "talata", "alarobia", "alakamisy", "zoma", "asabotsy", "alahady"],
    "en": ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
    "wolof": ["altine", "talaata", "àllarba", "alxamis", "àjjuma", "gaawu", "dibéer"],
}

days_ahead = st.dates(date(2026, 3, 11), date(2027, 2, 7))  # until the same day, unsaid, may have just been


def read(text: str, now: datetime = WEDNESDAY, language: str = "fr") -> list[tuple[str | None, str | None]]:
    return [(when.on.isoformat() if when.on else None, when.at) for when in read_when(text, now, language)]


@pytest.mark.parametrize(
    ("texts", "day"),
    [
        ("aujourd'hui | ojd | anio | androany | today | tey | ce soir | tonight | mercredi", "2026-03-11"),
        ("demain | 2main | dm1 | rahampitso | tomorrow | suba | demain matin | 2main aprem", "2026-03-12"),
        ("après-demain | apres demain | rahafakampitso | the day after tomorrow", "2026-03-13"),
        (
            "samedi | samdi | ce samedi | samedi prochain | asabotsy | saturday | gaawu | for sat | w-e | week-end",
            "2026-03-14",
        ),
        ("le 12 | 12/03 | 12/3/26 | 12 mars | March 12th | 12 martsa | 2026-03-12 | le 12 svp", "2026-03-12"),
        ("le 3 | 3 avril | 3 aprily | April 3rd", "2026-04-03"),
        ("dans 3 jours | in three days | afaka 3 andro | d'ici 3 jours", "2026-03-14"),
        ("dans deux semaines | in 2 weeks", "2026-03-25"),
        ("samedi en huit | samedi en 8", "2026-03-21"),
        ("mardi en quinze", "2026-03-31"),
        ("gaawu laa ko soxla, du dibéer | du suba, gaawu", "2026-03-14"),
        ("je passe dans 2 heures", "2026-03-11"),
        ("mercredi prochain | mercredi à 9h | next wednesday", "2026-03-18"),
        ("fin du mois | end of the month | faran'ny volana", "2026-03-31"),
        ("la semaine prochaine | next week | herinandro ambony", "2026-03-16"),
        ("samedi 21 | samedi 21 mars | 21 mars, samedi", "2026-03-21"),
        (
            "pas samedi, dimanche | dimanche au lieu de samedi | dimanche pas samedi | alahady fa tsy asabotsy",
            "2026-03-15",
        ),
        ("1er mai | le 1er mai 2026", "2026-05-01"),
    ],
)
def test_words_mean_a_day(texts: str, day: str) -> None:
    for text in texts.split(" | "):
        assert [on for on, _ in read(text)] == [day], text


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("16h", "16:00"),
        ("16h30", "16:30"),
        ("à 16 heures", "16:00"),
        ("10:00", "10:00"),
        ("à 4h de l'aprem", "16:00"),
        ("4h", "16:00"),
        ("8h", "08:00"),
        ("8h du soir", "20:00"),
        ("7h du matin", "07:00"),
        ("2pm", "14:00"),
        ("at 2:30 pm", "14:30"),
        ("midi", "12:00"),
        ("amin'ny 3 ora", "15:00"),
        ("noon", "12:00"),
    ],
)
def test_words_mean_a_time(text: str, time: str) -> None:
    assert [at for _, at in read(text)] == [time]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("je veux 2 gâteaux pour samedi 14 mars à 16h", ("2026-03-14", "16:00")),
        ("samdi soir vers 19h", ("2026-03-14", "19:00")),
        ("rahampitso amin'ny 10 ora", ("2026-03-12", "10:00")),
        ("16h demain svp", ("2026-03-12", "16:00")),
        ("un plat pour ce midi", ("2026-03-11", "12:00")),
        ("book me friday at 5pm", ("2026-03-13", "17:00")),
    ],
)
def test_a_day_and_its_time_belong_together(text: str, expected: tuple[str, str]) -> None:
    assert read(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "robe du soir",
        "le 12 cartons",
        "12.50",
        "31/02",
        "livré en 24h",
        "mon sac",
        "we want two",
        "je prends la 2e",
        "ROBE12/3",
        "le modèle 12",
        "taille 12",
        "j'ai commandé hier",
        "le 20 février dernier",
        "tonton sam",
        "les 2",
        "6 o lieu de 3",
    ],
)
def test_what_is_no_day(text: str) -> None:
    assert read(text) == []


def test_two_days_are_two() -> None:
    assert [on for on, _ in read("samedi ou dimanche ?")] == ["2026-03-14", "2026-03-15"]


def test_a_part_of_the_day_is_kept_beside_the_day() -> None:
    (when,) = read_when("demain matin", WEDNESDAY)
    assert (when.at, when.part) == (None, ("06:00", "12:00"))


def test_weekends_leave_a_choice() -> None:
    assert [when.certain for when in read_when("ce week-end", WEDNESDAY)] == [False]


@given(days_ahead)
def test_a_date_is_read_however_it_is_written(day: date) -> None:
    month, english = MONTHS[day.month - 1], ENGLISH[day.month - 1]
    for text in (f"{day:%d/%m/%Y}", f"{day:%Y-%m-%d}", f"le {day.day} {month} {day.year}", f"{english} {day.day}"):
        assert [when.on for when in read_when(f"pour {text} svp", WEDNESDAY)] == [day], text


@given(st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1)), st.integers(0, 6), st.sampled_from(sorted(WEEKDAYS)))
def test_a_weekday_is_the_next_one(now: datetime, weekday: int, language: str) -> None:
    (when,) = read_when(f"pour {WEEKDAYS[language][weekday]}", now)
    assert when.on is not None
    assert when.on.weekday() == weekday
    assert timedelta(0) <= when.on - now.date() < timedelta(days=7)


@given(st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1)), st.integers(1, 31))
def test_a_day_of_the_month_is_the_next_one(now: datetime, day: int) -> None:
    (when,) = read_when(f"le {day}", now)
    assert when.on is not None
    assert when.on.day == day
    assert timedelta(0) <= when.on - now.date() <= timedelta(days=62)


@given(st.text(max_size=60), st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1)))
def test_any_text_is_read_without_harm(text: str, now: datetime) -> None:
    whens = read_when(text, now)
    assert all(isinstance(when, When) and text[when.start : when.end] for when in whens)
    assert all(when.on is None or when.on >= now.date() for when in whens)


@given(
    st.lists(
        st.sampled_from(
            [
                "samedi",
                "12",
                "/",
                ":",
                "h",
                "16",
                "mars",
                "demain",
                "le",
                "pas",
                "à",
                "-",
                "dans",
                "3",
                "jours",
                "prochain",
                "matin",
                ",",
                "w-e",
                "fin",
                "du",
                "mois",
                "00",
            ]
        ),
        max_size=8,
    ).map(" ".join)
)
def test_words_of_dates_in_any_order_are_read_without_harm(text: str) -> None:
    for when in read_when(text, WEDNESDAY):
        assert when.on is not None or when.at is not None or when.part is not None
