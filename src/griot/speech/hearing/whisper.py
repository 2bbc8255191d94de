"""An ear of faster-whisper's parts: its features, its model on CTranslate2, its voice detector."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from griot.speech.models import Heard, Inaudible, Sound, Unavailable, Vocabulary, Word

THREADS = 2
BEAM = 5
WINDOW = 28.0  # seconds of sound looked at at once; the model can take 30
MARGIN = 0.3  # seconds kept around speech


@dataclass(frozen=True, slots=True)
class Window:
    """One stretch of a recording, encoded, with the likeliest transcripts, the best first."""

    encoded: Any
    frames: int
    hypotheses: tuple[tuple[int, ...], ...]
    scores: tuple[float, ...]  # mean log probability of a token
    no_speech: float


class Whisper:
    """Whisper of a folder with ``model.bin``, ``config.json``, ``tokenizer.json`` and ``vocabulary.txt``."""

    def __init__(self, folder: Path, *, threads: int = THREADS) -> None:
        try:
            from faster_whisper import WhisperModel
        except ImportError as error:
            raise Unavailable("Voice notes cannot be heard: pip install 'griot[voice]'.") from error
        try:
            self._whisper = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=threads)
        except (RuntimeError, ValueError, OSError) as error:
            raise Unavailable(f"There is no model in {folder}: run griot voice fetch. ({error})") from error

    def hear(self, sound: Sound, languages: tuple[str, ...], vocabulary: Vocabulary) -> Heard:
        """The transcript; see ``Ear``."""
        began = time.perf_counter()
        pieces = list(self._pieces(sound))
        if not pieces:
            raise Inaudible("silent", "Nobody speaks in the recording.")
        encoded = [self._encode(piece) for piece in pieces]
        language = self._language(encoded[0][0], languages)
        windows = [self._decode(features, frames, language, vocabulary) for features, frames in encoded]
        tokenizer = self._tokenizer(language)
        text = " ".join(tokenizer.decode(list(window.hypotheses[0])).strip() for window in windows)
        words = tuple(word for window in windows for word in self._words(window, tokenizer))
        return Heard(
            text=text,
            language=language,
            verbatim=text,
            words=words,
            seconds=sound.seconds,
            took=time.perf_counter() - began,
        )

    def _pieces(self, sound: Sound) -> Iterator[NDArray[np.float32]]:
        """Stretches with speech of at most ``WINDOW`` seconds, cut where nobody speaks."""
        from faster_whisper.vad import VadOptions, get_speech_timestamps

        options = VadOptions(threshold=0.4, min_silence_duration_ms=500, max_speech_duration_s=WINDOW)
        margin = int(MARGIN * sound.rate)
        start = end = -1
        for span in get_speech_timestamps(sound.samples, options):
            if start >= 0 and span["end"] - start > WINDOW * sound.rate:
                yield sound.samples[max(0, start - margin) : end + margin]
                start = -1
            start, end = (span["start"] if start < 0 else start), span["end"]
        if start >= 0:
            yield sound.samples[max(0, start - margin) : end + margin]

    def _encode(self, samples: NDArray[np.float32]) -> tuple[Any, int]:
        """The encoder's output and its number of frames (50 a second)."""
        features = self._whisper.feature_extractor(samples)
        return self._whisper.encode(features), features.shape[-1] // 2

    def _language(self, encoded: Any, languages: Sequence[str]) -> str:
        if len(languages) == 1:
            return languages[0]
        found = {token[2:-2]: share for token, share in self._whisper.model.detect_language(encoded)[0]}
        return max(languages, key=lambda language: found.get(language, 0.0))

    def _tokenizer(self, language: str) -> Any:
        from faster_whisper.tokenizer import Tokenizer

        return Tokenizer(self._whisper.hf_tokenizer, True, task="transcribe", language=language)

    def _decode(self, encoded: Any, frames: int, language: str, vocabulary: Vocabulary) -> Window:
        tokenizer = self._tokenizer(language)
        said_before = tokenizer.encode(" " + ", ".join((*vocabulary.names, *vocabulary.codes)))[:200]
        prompt = [tokenizer.sot_prev, *said_before] if said_before else []
        prompt += [*tokenizer.sot_sequence, tokenizer.no_timestamps]
        result = self._whisper.model.generate(
            encoded,
            [prompt],
            beam_size=BEAM,
            num_hypotheses=BEAM,
            max_length=len(prompt) + 220,
            return_scores=True,
            return_no_speech_prob=True,
        )[0]
        hypotheses = tuple(tuple(ids) for ids in result.sequences_ids)
        return Window(encoded, frames, hypotheses, tuple(result.scores), result.no_speech_prob)

    def _words(self, window: Window, tokenizer: Any) -> Iterator[Word]:
        tokens = [token for token in window.hypotheses[0] if token < tokenizer.eot]
        if not tokens:
            return
        aligned = self._whisper.model.align(window.encoded, tokenizer.sot_sequence, [tokens], window.frames)[0]
        words, parts = tokenizer.split_to_word_tokens([*tokens, tokenizer.eot])
        at = 0
        for word, part in zip(words[:-1], parts[:-1], strict=True):
            shares = aligned.text_token_probs[at : at + len(part)]
            at += len(part)
            yield Word(word.strip(), round(float(np.mean(shares)) if len(shares) else 0.0, 3))
