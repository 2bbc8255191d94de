"""The ear for real: synthetic buyers are understood, and what nobody can hear is refused for the right reason.

Needs the model: ``griot voice fetch --only whisper``, or a folder in ``GRIOT_VOICE_EAR``.
"""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio
from numpy.typing import NDArray

pytest.importorskip("faster_whisper", reason="needs the extra: pip install 'griot[voice]'")

from griot.core.settings import Settings
from griot.rehearsal.bench_voice import Clip, read_clips, recording, word_errors
from griot.speech.decoding import RATE, decode
from griot.speech.hearing import Hearing
from griot.speech.hearing.numbers import numbers, pieces
from griot.speech.hearing.whisper import Whisper
from griot.speech.models import Inaudible, Sound, Unavailable, Vocabulary
from griot.speech.weights import manifest
from griot.speech.weights.store import folder, is_here


def model() -> Path:
    config = Settings()
    if config.voice_ear in manifest.models() and not is_here(config.voice_ear, config):
        pytest.skip("the weights of the ear are not here: griot voice fetch")
    return folder(config.voice_ear, config)


@pytest.fixture(scope="module")
def ear() -> Iterator[Whisper]:
    yield Whisper(model())


def few() -> list[Clip]:
    """Every fifth clip: enough to notice that something broke, not to measure; that is `griot bench voice`."""
    return read_clips()[::5]


def test_buyers_are_understood_and_no_number_is_wrong_without_doubt(ear: Whisper) -> None:
    wrong, said, sure = 0, 0, 0
    for clip in few():
        heard = ear.hear(decode(recording(clip)), (clip.language,), clip.vocabulary)
        errors, words = word_errors(clip, heard.text)
        wrong, said = wrong + errors, said + words
        wanted, found = ([one.value for one in numbers(pieces(t), clip.language)] for t in (clip.said, heard.text))
        if any(value > 1 for value in wanted):
            sure += not heard.doubtful
            assert sorted(wanted)[-1:] == sorted(found)[-1:] or heard.doubtful or not heard.text, (
                clip.said,
                heard.text,
            )
    assert wrong / said < 0.3
    assert sure >= 3


def noise(seconds: float, loudness: float) -> NDArray[np.float32]:
    return (loudness * np.random.default_rng(1).standard_normal(int(seconds * RATE))).astype(np.float32)


def music(seconds: float) -> NDArray[np.float32]:
    at = np.arange(int(seconds * RATE)) / RATE
    tune = np.array([262, 330, 392, 523])[(at * 2).astype(int) % 4]
    return (0.2 * np.sin(2 * np.pi * np.cumsum(tune) / RATE)).astype(np.float32)


@pytest.mark.parametrize(
    ("samples", "troubles"),
    [
        (noise(4, 0.1), {"unclear"}),
        (noise(4, 0.003), {"silent"}),
        (music(5), {"unclear", "silent"}),
    ],
    ids=["noise", "hiss", "music"],
)
def test_where_nobody_speaks_nothing_is_heard(ear: Whisper, samples: NDArray[np.float32], troubles: set[str]) -> None:
    with pytest.raises(Inaudible) as refused:
        ear.hear(Sound(samples, RATE), ("fr", "en"), Vocabulary(("Robe Wax",), ("ROBE1",)))
    assert refused.value.trouble in troubles


def test_malagasy_alone_is_not_tried(ear: Whisper) -> None:
    with pytest.raises(Inaudible) as refused:
        ear.hear(decode(recording(few()[0])), ("mg",), Vocabulary())
    assert (refused.value.trouble, refused.value.language) == ("language", "mg")


def test_the_language_is_told_apart(ear: Whisper) -> None:
    for language in ("fr", "en"):
        clip = next(one for one in read_clips() if one.language == language)
        other = "en" if language == "fr" else "fr"
        assert ear.hear(decode(recording(clip)), (other, language), clip.vocabulary).language == language


@pytest_asyncio.fixture
async def hearing() -> AsyncIterator[Hearing]:
    place = model()
    hearing = Hearing(lambda: place)
    yield hearing
    hearing.close()


async def test_a_program_hears_in_its_child(hearing: Hearing) -> None:
    clip = read_clips()[0]
    heard = await hearing.hear(recording(clip), ("fr", "en"), clip.vocabulary)
    assert heard.language == "fr"
    assert heard.text
    assert heard.words
    with pytest.raises(Inaudible) as refused:
        await hearing.hear(b"not a recording", ("fr",), clip.vocabulary)
    assert refused.value.trouble == "broken"


async def test_without_a_model_it_is_unavailable(tmp_path: Path) -> None:
    hearing = Hearing(lambda: tmp_path)
    clip = read_clips()[0]
    with pytest.raises(Unavailable):
        await hearing.hear(recording(clip), ("fr",), Vocabulary())
    hearing.close()
