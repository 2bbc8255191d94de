"""A neutral reply takes the best form WhatsApp has for it, in one message when one can hold it."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from griot.channels.model import Choice, Media, Reply, Template
from griot.channels.whatsapp import limits
from griot.channels.whatsapp.render import render, shorten, split
from griot.core.errors import InvalidInput

PAY = ("PAYER", "https://pay.example/abc")
IMAGE = Media("image", url="https://shop.example/robe.jpg")


def choices(count: int) -> tuple[Choice, ...]:
    return tuple(Choice(f"id{number}", f"Choix {number}") for number in range(count))


def one(reply: Reply) -> dict[str, Any]:
    [body] = render(reply, media_id="77")
    return body


def interactive(reply: Reply) -> dict[str, Any]:
    body = one(reply)["interactive"]
    assert isinstance(body, dict)
    return body


def test_words_are_a_text() -> None:
    assert one(Reply(" Bonjour Awa ! ")) == {"type": "text", "text": {"body": "Bonjour Awa !"}}


@pytest.mark.parametrize(("count", "kind"), [(1, "button"), (3, "button"), (4, "list"), (10, "list")])
def test_choices_are_buttons_up_to_three_and_a_list_up_to_ten(count: int, kind: str) -> None:
    assert interactive(Reply("Lequel ?", choices(count), "Choisir"))["type"] == kind


def test_more_than_ten_choices_are_several_lists_and_none_is_lost() -> None:
    bodies = [body["interactive"] for body in render(Reply("Lequel ?", choices(23), "Choisir"))]
    assert [body["body"]["text"] for body in bodies] == ["Lequel ?", "2/3", "3/3"]
    ids = [row["id"] for body in bodies for row in body["action"]["sections"][0]["rows"]]
    assert ids == [f"id{number}" for number in range(23)]


def test_long_button_titles_are_cut_softly_and_stay_distinct() -> None:
    long = "Robe longue en wax rouge"
    shown = interactive(Reply("?", (Choice("a", long), Choice("b", long), Choice("c", "  Sac\ncuir "))))
    titles = [button["reply"]["title"] for button in shown["action"]["buttons"]]
    assert titles == ["Robe longue en wax…", "Robe longue en… 2", "Sac cuir"]


def test_a_cut_row_says_its_whole_title_below() -> None:
    long = "Robe longue en wax rouge, manches courtes"
    rows = interactive(Reply("?", (*choices(3), Choice("x", long)), "Choisir"))["action"]["sections"][0]["rows"]
    assert rows[3]["title"] == "Robe longue en wax…"
    assert rows[3]["description"] == long
    assert "description" not in rows[0]


def test_a_link_is_a_button() -> None:
    body = interactive(Reply("15 000 F CFA, ton lien :", link=PAY))
    assert body["type"] == "cta_url"
    assert body["action"]["parameters"] == {"display_text": "PAYER", "url": PAY[1]}


def test_choices_win_over_the_link_which_stays_in_the_words() -> None:
    body = interactive(Reply("Ton lien est prêt.", (Choice("c", "CHANGER"),), link=PAY))
    assert body["type"] == "button"
    assert body["body"]["text"] == "Ton lien est prêt.\n\nPAYER: https://pay.example/abc"


def test_long_words_with_a_link_are_one_text_with_a_preview() -> None:
    body = one(Reply("mot " * 400, link=PAY))
    assert body["text"]["preview_url"] is True
    assert body["text"]["body"].endswith("PAYER: https://pay.example/abc")


def test_a_link_that_is_no_web_address_stays_in_the_words() -> None:
    assert one(Reply("Appelle", link=("Boutique", "tel:+221330000001")))["text"]["body"] == (
        "Appelle\n\nBoutique: tel:+221330000001"
    )


def test_words_too_long_for_buttons_still_are_one_message() -> None:
    body = interactive(Reply("mot " * 400, choices(2), "Choisir"))
    assert body["type"] == "list"
    assert [row["title"] for row in body["action"]["sections"][0]["rows"]] == ["Choix 0", "Choix 1"]


def test_words_too_long_for_any_choice_go_ahead() -> None:
    paragraphs = "\n\n".join(f"Paragraphe {number} " + "x" * 900 for number in range(6))
    ahead, asked = render(Reply(paragraphs, choices(2), "Choisir", link=PAY))
    assert ahead["type"] == "text"
    assert asked["interactive"]["type"] == "list"
    assert PAY[1] in asked["interactive"]["body"]["text"]


@pytest.mark.parametrize("kind", ["image", "video", "document"])
def test_a_file_carries_the_words_as_its_caption(kind: str) -> None:
    body = one(Reply("Voici", media=Media(kind, url="https://shop.example/f", filename="bon.pdf")))
    expected = {"link": "https://shop.example/f", "caption": "Voici"}
    assert body[kind] == (expected | {"filename": "bon.pdf"} if kind == "document" else expected)


def test_a_picture_stands_above_the_buttons_and_the_link() -> None:
    for reply in (Reply("Robe1", choices(2), media=IMAGE), Reply("Robe1", link=PAY, media=IMAGE)):
        assert interactive(reply)["header"] == {"type": "image", "image": {"link": IMAGE.url}}


def test_a_document_above_buttons_keeps_its_name() -> None:
    body = interactive(Reply("Ton devis", choices(1), media=Media("document", document=3, filename="DEV-1.pdf")))
    assert body["header"] == {"type": "document", "document": {"id": "77", "filename": "DEV-1.pdf"}}


def test_a_picture_goes_before_a_list_and_before_words_too_long_for_a_caption() -> None:
    assert [body["type"] for body in render(Reply("?", choices(5), "Choisir", media=IMAGE))] == ["image", "interactive"]
    assert [body["type"] for body in render(Reply("mot " * 400, media=IMAGE))] == ["image", "text"]


def test_a_voice_note_is_followed_by_the_words() -> None:
    spoken, written = render(Reply("Voici", media=Media("voice", path="/tmp/a.ogg")), media_id="77")
    assert spoken == {"type": "audio", "audio": {"id": "77", "voice": True}}
    assert written["text"]["body"] == "Voici"


def test_a_file_of_ours_must_be_uploaded_first() -> None:
    with pytest.raises(InvalidInput, match="upload it first"):
        render(Reply("Voici", media=Media("image", path="robe.jpg")))


def test_a_template_goes_alone_with_its_parameters() -> None:
    body = one(Reply("", template=Template("relance", "fr", ("Awa", "ROBE1"))))
    assert body["template"] == {
        "name": "relance",
        "language": {"code": "fr"},
        "components": [
            {"type": "body", "parameters": [{"type": "text", "text": "Awa"}, {"type": "text", "text": "ROBE1"}]}
        ],
    }


@pytest.mark.parametrize(
    "reply", [Reply(""), Reply("  \n "), Reply("?", (Choice("i" * 257, "x"),)), Reply("", media=Media("hologram", "u"))]
)
def test_what_cannot_be_said_is_refused(reply: Reply) -> None:
    with pytest.raises(InvalidInput):
        render(reply)


class TestSplitting:
    def test_texts_are_cut_between_paragraphs(self) -> None:
        assert split("aaa bbb.\n\nccc ddd.\n\neee", 20) == ["aaa bbb.\n\nccc ddd.", "eee"]

    def test_then_between_lines_sentences_and_words(self) -> None:
        assert split("aaaaa\nbbb cccc", 10) == ["aaaaa", "bbb cccc"]
        assert split("Aaa bbb. Ccc ddd", 10) == ["Aaa bbb.", "Ccc ddd"]
        assert split("aaa bbb ccc", 8) == ["aaa bbb", "ccc"]

    def test_and_in_the_end_anywhere(self) -> None:
        assert split("a" * 25, 10) == ["a" * 10, "a" * 10, "a" * 5]

    @given(st.text(max_size=300), st.integers(5, 50))
    def test_nothing_but_space_is_lost_and_every_piece_fits(self, text: str, limit: int) -> None:
        pieces = split(text, limit)
        assert all(0 < len(piece) <= limit for piece in pieces)
        assert "".join("".join(pieces).split()) == "".join(text.split())

    @given(st.text(max_size=60), st.integers(4, 30))
    def test_titles_fit_on_one_line(self, text: str, limit: int) -> None:
        title = shorten(text, limit)
        assert len(title) <= limit
        assert "\n" not in title


titles = st.text(min_size=1, max_size=40)
replies = st.builds(
    Reply,
    text=st.text(max_size=30) | st.text("ab \n", min_size=900, max_size=6000),
    choices=st.lists(titles, max_size=25).map(
        lambda words: tuple(Choice(f"id{number}", word) for number, word in enumerate(words))
    ),
    choices_label=st.text(max_size=30),
    link=st.none() | st.tuples(st.text(max_size=30), st.sampled_from(["https://pay.example/a", "tel:+221"])),
    media=st.none()
    | st.builds(Media, st.sampled_from(["image", "document", "audio", "voice", "video"]), st.just(IMAGE.url)),
)


@settings(max_examples=300, deadline=None)
@given(replies)
def test_whatever_is_said_passes_the_limits_and_keeps_every_choice(reply: Reply) -> None:
    if not (reply.text.strip() or reply.choices or reply.link or reply.media):
        return
    bodies = render(reply)
    for body in bodies:
        limits.check(body)
    assert str(bodies).count("'id': 'id") == len(reply.choices)
    if reply.link:
        assert any(reply.link[1] in str(body) for body in bodies)
