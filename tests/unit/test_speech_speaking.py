"""The shop's voice, with real weights where they are already here; nothing is fetched for a test."""

from pathlib import Path

import pytest

from griot.core.errors import ConfigurationError, InvalidInput
from griot.core.settings import Settings
from griot.speech.models import Unavailable
from griot.speech.speaking import Speaking
from griot.speech.speaking.piper import Piper
from griot.speech.speaking.speaking import found, said, voice_note
from griot.speech.speaking.voices import Speaker, speaker, speakers
from griot.speech.weights import manifest
from griot.speech.weights.store import is_here

TEXTS = {
    "fr": "Salut Awa ! *ROBE1* est réservée pour toi : 15 000 F CFA. Il te reste 9:47 pour payer.",
    "en": "Hello Awa! *ROBE1* is held for you: 15 000 F CFA. You have 9:47 left to pay.",
}


def ready(who: Speaker) -> Path:
    """Where the voice's files are, or the test is skipped."""
    pytest.importorskip("onnxruntime", reason="the extra voice is not installed")
    pytest.importorskip("piper", reason="the extra piper is not installed")
    config = Settings()
    assert who.weights
    name, also = who.weights
    if not is_here(name, config, also):
        pytest.skip(f"the weights of {name} are not here: griot voice fetch")
    return found(who, config)


@pytest.mark.parametrize(
    ("language", "who"),
    [("fr", Speaker("kokoro", "ff_siwis")), ("en", Speaker("kokoro", "af_heart")), ("en", Speaker("piper", "joe"))],
)
def test_a_text_is_said(language: str, who: Speaker) -> None:
    files = ready(who)
    sound = said(TEXTS[language], language, who, files)
    assert 4 < sound.seconds < 15
    assert voice_note(TEXTS[language], language, who, files)[:4] == b"OggS"
    with pytest.raises(Unavailable, match="Nothing in this text"):
        said("😄", language, who, files)
    with pytest.raises(Unavailable, match="speak"):
        said("Hola", "fr" if language == "en" else "en", who, files)


async def test_the_program_speaks_from_a_process_of_its_own() -> None:
    ready(Speaker("kokoro", "ff_siwis"))
    voice = Speaking(Settings())
    try:
        assert (await voice.say("Bonjour !", "fr"))[:4] == b"OggS"
        with pytest.raises(Unavailable, match="answer in text"):
            await voice.say("Salama tompoko", "mg")
    finally:
        voice.close()


def test_who_speaks_is_a_setting() -> None:
    config = Settings(voice_speakers={"fr": "piper:~/voices/fr.onnx", "en": "piper:joe"})
    assert speaker("fr", config) == Speaker("piper", "~/voices/fr.onnx")
    assert speaker("fr", config).weights is None
    assert [one.weights for one in speakers(config)] == [None, ("piper-joe", ())]
    assert speaker("en", Settings()).weights == ("kokoro", ("af_heart.bin",))


@pytest.mark.parametrize("text", ["siwis", "kokoro:", "piper:voice.bin", "espeak:fr", ""])
def test_a_voice_that_cannot_be_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match="GRIOT_VOICE_SPEAKERS"):
        speaker("fr", Settings(voice_speakers={"fr": text}))


def test_a_language_without_voice_says_so() -> None:
    with pytest.raises(Unavailable, match="'mg'"):
        speaker("mg", Settings())


def test_a_piper_voice_that_is_not_whole_says_so(tmp_path: Path) -> None:
    pytest.importorskip("piper", reason="the extra piper is not installed")
    (tmp_path / "fr.onnx").write_bytes(b"")
    with pytest.raises(Unavailable, match=r"fr\.onnx\.json"):
        Piper(tmp_path / "fr.onnx")


def test_a_text_nobody_listens_to_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    who = Speaker("kokoro", "ff_siwis")
    files = ready(who)
    monkeypatch.setattr("griot.speech.speaking.speaking.LONGEST", 2.0)
    with pytest.raises(InvalidInput, match="write it"):
        said(TEXTS["fr"] * 3, "fr", who, files)


def test_every_voice_that_can_be_named_is_in_the_manifest() -> None:
    known = {file.name for file in manifest.models()["kokoro"].files}
    assert {f"{speaker(language, Settings()).who}.bin" for language in ("fr", "en")} <= known
