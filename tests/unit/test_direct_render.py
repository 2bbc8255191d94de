"""A neutral reply on Instagram and Messenger: within limits, nothing lost, and "1" where there is no button."""

from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from griot.channels.errors import ErrorClass
from griot.channels.instagram.channel import LIMITS as INSTAGRAM
from griot.channels.messenger.channel import LIMITS as MESSENGER
from griot.channels.messenger.channel import REFUSALS
from griot.channels.meta.limits import Limits
from griot.channels.meta.render import numbered, render
from griot.channels.model import Choice, Media, Reply, Template
from griot.channels.texts import split, utf8_bytes
from griot.core.errors import InvalidInput

AWA, COMMENT = "user:1254", "comment:1780001"
PAY = (Choice("pay:7", "PAYER"), Choice("cancel:7", "ANNULER"))
LINK = ("Payer", "https://shop.example/p/7")
both = pytest.mark.parametrize("limits", [INSTAGRAM, MESSENGER], ids=lambda limits: limits.name)


def choices(count: int) -> tuple[Choice, ...]:
    return tuple(Choice(f"variant:ROBE1:1:{n}", f"Taille {n}") for n in range(1, count + 1))


@both
def test_a_text_is_a_text(limits: Limits) -> None:
    assert render(Reply("Bonjour !"), limits, AWA) == [{"text": "Bonjour !"}]


def test_a_few_choices_are_quick_replies_on_instagram_and_buttons_on_messenger() -> None:
    (quick,) = render(Reply("C'est réservé.", PAY), INSTAGRAM, AWA)
    assert quick["text"] == "C'est réservé."
    assert quick["quick_replies"] == [
        {"content_type": "text", "title": "PAYER", "payload": "pay:7"},
        {"content_type": "text", "title": "ANNULER", "payload": "cancel:7"},
    ]
    (template,) = render(Reply("C'est réservé.", PAY), MESSENGER, AWA)
    payload = template["attachment"]["payload"]
    assert (payload["template_type"], payload["text"]) == ("button", "C'est réservé.")
    assert payload["buttons"][0] == {"type": "postback", "title": "PAYER", "payload": "pay:7"}


def test_a_link_is_a_button_on_messenger_and_written_out_on_instagram() -> None:
    (template,) = render(Reply("Voici ton lien.", PAY, link=LINK), MESSENGER, AWA)
    assert [button["type"] for button in template["attachment"]["payload"]["buttons"]] == ["web_url", *["postback"] * 2]
    (text,) = render(Reply("Voici ton lien.", link=LINK), INSTAGRAM, AWA)
    assert text == {"text": "Voici ton lien.\n\nPayer: https://shop.example/p/7"}


@both
def test_up_to_thirteen_choices_are_quick_replies(limits: Limits) -> None:
    (message,) = render(Reply("Quelle taille ?", choices(13)), limits, AWA)
    assert len(message["quick_replies"]) == 13
    assert numbered(Reply("Quelle taille ?", choices(13)), AWA) == ()


@both
def test_more_choices_are_numbered(limits: Limits) -> None:
    reply = Reply("Quelle taille ?", choices(14))
    (message,) = render(reply, limits, AWA)
    assert "quick_replies" not in message
    assert message["text"].endswith("14. Taille 14")
    assert numbered(reply, AWA) == reply.choices


def test_choices_of_which_there_is_more_to_say_are_cards_on_messenger() -> None:
    reply = Reply("Lequel ?", (Choice("take:R1", "Robe Wax Ankara longue", "15 000 F CFA"), Choice("take:S2", "Sac")))
    words, cards = render(reply, MESSENGER, AWA)
    assert words == {"text": "Lequel ?"}
    first, second = cards["attachment"]["payload"]["elements"]
    assert (first["title"], first["subtitle"]) == ("1. Robe Wax Ankara longue", "15 000 F CFA")
    assert [button["payload"] for card in (first, second) for button in card["buttons"]] == ["take:R1", "take:S2"]
    assert numbered(reply, AWA) == reply.choices
    (text,) = render(reply, INSTAGRAM, AWA)
    assert "1. Robe Wax Ankara longue – 15 000 F CFA\n2. Sac" in text["text"]


@both
def test_a_choice_that_its_button_cuts_is_said_in_full_beside_its_number(limits: Limits) -> None:
    long = (Choice("a", "Robe de soirée brodée, taille M"), Choice("b", "Rouge", "il en reste 2" + "!" * 80))
    (message,) = render(Reply("Laquelle ?", long), limits, AWA)
    assert "1. Robe de soirée brodée, taille M\n2. Rouge – il en reste 2!" in message["text"]
    assert [button["payload"] for button in message["quick_replies"]] == ["a", "b"]
    assert numbered(Reply("Laquelle ?", long), AWA) == long


@both
def test_a_private_reply_to_a_comment_is_one_text_with_numbers(limits: Limits) -> None:
    reply = Reply("C'est réservé.", PAY, link=LINK, media=Media("image", url="https://x/robe.jpg"))
    assert render(reply, limits, COMMENT) == [
        {"text": "C'est réservé.\n\n1. PAYER\n2. ANNULER\n\nPayer: https://shop.example/p/7"}
    ]
    assert numbered(reply, COMMENT) == PAY


@both
def test_a_private_reply_that_is_too_long_keeps_its_choices_and_its_link(limits: Limits) -> None:
    (message,) = render(Reply("été " * 900, PAY, link=LINK), limits, COMMENT)
    assert limits.fits(message["text"])
    assert message["text"].endswith("1. PAYER\n2. ANNULER\n\nPayer: https://shop.example/p/7")


@both
def test_a_file_is_a_message_of_its_own_before_the_words(limits: Limits) -> None:
    picture = Reply("La robe", PAY, media=Media("image", picture=4))
    first, second = render(picture, limits, AWA, attachment_id="77")
    assert first == {"attachment": {"type": "image", "payload": {"attachment_id": "77"}}}
    assert "La robe" in str(second)
    (paper,) = render(Reply("", media=Media("document", url="https://x/DEV.pdf")), limits, AWA)
    assert paper["attachment"] == {"type": "file", "payload": {"url": "https://x/DEV.pdf"}}


def test_instagram_counts_bytes_and_messenger_characters() -> None:
    words = "é" * 600
    assert [len(m["text"]) for m in render(Reply(words), INSTAGRAM, AWA)] == [500, 100]
    assert [len(m["text"]) for m in render(Reply(words), MESSENGER, AWA)] == [600]


@pytest.mark.parametrize(
    "reply",
    [
        Reply(""),
        Reply("", template=Template("paid", "fr")),
        Reply("La robe", media=Media("image", path="/x.png")),
        Reply("?", (Choice("x" * 1001, "X"),)),
    ],
)
@both
def test_what_cannot_be_sent_is_refused(limits: Limits, reply: Reply) -> None:
    with pytest.raises(InvalidInput):
        render(reply, limits, AWA)


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=3000)
a_choice = st.builds(Choice, st.text(min_size=1, max_size=40), st.text(max_size=60), st.none() | st.text(max_size=80))


@settings(max_examples=150, deadline=None)
@given(
    reply=st.builds(Reply, texts, st.lists(a_choice, max_size=16).map(tuple), link=st.none() | st.just(LINK)),
    limits=st.sampled_from([INSTAGRAM, MESSENGER]),
)
def test_any_reply_is_rendered_within_the_limits_with_every_choice(reply: Reply, limits: Limits) -> None:
    try:
        messages: list[dict[str, Any]] = render(reply, limits, AWA)
    except InvalidInput as refusal:
        assert "needs a text" in str(refusal) or "text on" in str(refusal)
        return
    for message in messages:
        limits.check(message)
    last = messages[-1]
    tapped = last.get("quick_replies") or last.get("attachment", {}).get("payload", {}).get("buttons", ())
    shown = [button["payload"] for button in tapped if "payload" in button]
    assert shown == [choice.id for choice in reply.choices] or numbered(reply, AWA) == reply.choices


@given(texts, st.integers(4, 200))
def test_pieces_are_within_their_bytes_and_nothing_but_space_is_lost(text: str, limit: int) -> None:
    pieces = split(text, limit, utf8_bytes)
    assert all(len(piece.encode()) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


# Files


@pytest.mark.parametrize(
    ("limits", "mime_type", "size", "fits"),
    [
        (INSTAGRAM, "image/png", 8 * 1024 * 1024, True),
        (INSTAGRAM, "image/png", 8 * 1024 * 1024 + 1, False),
        (INSTAGRAM, "audio/ogg", 100, False),
        (INSTAGRAM, "application/pdf", 100, True),
        (MESSENGER, "audio/mp4", 100, True),
        (MESSENGER, "audio/ogg; codecs=opus", 100, False),
        (MESSENGER, "application/pdf", 26 * 1024 * 1024, False),
        (MESSENGER, "image/jpeg", 0, False),
    ],
)
def test_a_file_is_of_a_kind_and_size_that_the_channel_shows(
    limits: Limits, mime_type: str, size: int, fits: bool
) -> None:
    if fits:
        limits.check_file(mime_type, size)
    else:
        with pytest.raises(InvalidInput, match=limits.name):
            limits.check_file(mime_type, size)


# Refusals


@pytest.mark.parametrize(
    ("code", "subcode", "kind"),
    [
        (10, 2018278, ErrorClass.FINAL),  # the window is closed
        (10, 2534022, ErrorClass.FINAL),
        (10, 1893063, ErrorClass.ACCOUNT),  # the page is restricted for a time
        (10, None, ErrorClass.ACCOUNT),
        (190, 463, ErrorClass.ACCOUNT),
        (613, None, ErrorClass.SLOW_DOWN),
        (80006, None, ErrorClass.SLOW_DOWN),
        (1200, None, ErrorClass.RETRY),
        (551, 1545041, ErrorClass.FINAL),
        (100, 2018001, ErrorClass.FINAL),
        (100, None, ErrorClass.REQUEST),
        (10900, None, ErrorClass.FINAL),  # the comment has been answered privately before
    ],
)
def test_a_code_and_its_subcode_decide_what_becomes_of_a_message(
    code: int, subcode: int | None, kind: ErrorClass
) -> None:
    error = REFUSALS.refused(400, {"error": {"code": code, "error_subcode": subcode, "message": "no"}})
    assert (error.kind, error.code) == (kind, code)
    assert str(error).startswith("Messenger refused")


def test_an_unanswered_send_may_have_been_carried_out() -> None:
    assert REFUSALS.unanswered(httpx.ReadTimeout("x")).ambiguous
    assert REFUSALS.refused(502, None).ambiguous
