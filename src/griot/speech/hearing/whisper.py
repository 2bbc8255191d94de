"""An ear of faster-whisper's parts: its features, its model on CTranslate2, its voice detector.

Every recording is listened to twice from the same encoded sound, which is what costs: once without knowing the shop,
once told what it sells. The first keeps the second honest.
"""

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from griot.speech.hearing.goods import Goods
from griot.speech.hearing.prompting import likely, prompt
from griot.speech.hearing.spoken import Hypothesis, Spoken, rivals, typed
from griot.speech.hearing.troubles import hearable, refuse_nonsense, refuse_quiet, repeats
from griot.speech.models import Heard, Sound, Unavailable, Vocabulary, Word

THREADS = 2
BEAM = 5
WINDOW = 28.0  # seconds of sound looked at at once; the model takes 30
MARGIN = 0.3  # seconds kept around speech
REMEMBERED = 220  # tokens of a prompt that the model takes
CLEAR = 10.0  # nats by which a number must be likelier than its rival: "un" has 18 and more, "vingt" under 3
LONGEST = 200  # tokens of a window's transcript


@dataclass(frozen=True, slots=True)
class Listening:
    """The transcripts of one window, the likeliest first."""

    considered: tuple[Hypothesis, ...]
    score: float  # mean log probability of a token of the first
    no_speech: float  # probability that nobody speaks


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
        languages = hearable(languages)
        pieces = list(self._pieces(sound))
        refuse_quiet(sound, sum(len(piece) for piece in pieces) / sound.rate)
        encoded = [self._encode(piece) for piece in pieces]
        spoken = self._spoken(encoded[0])
        language = max(languages, key=lambda one: spoken.get(one, 0.0))
        alone = [self._listen(one, language, "", 1) for one in encoded]
        unprompted = _joined(alone)
        likeliest = likely(vocabulary, unprompted, language)
        goods = Goods(Vocabulary(likeliest.names, vocabulary.codes), language)
        poorest, named = min(alone, key=lambda one: one.score), bool(goods.find(unprompted))
        refuse_nonsense(unprompted, poorest.score, poorest.no_speech, spoken, languages, named=named)
        told = prompt(likeliest, language)
        prompted = [self._listen(one, language, told, BEAM) for one in encoded] if told else alone
        if repeats(_joined(prompted)):
            prompted = alone
        parts = []
        for one, listening, own, piece in zip(encoded, prompted, alone, pieces, strict=True):
            part = typed(listening.considered, own.considered[0].text, goods, language)
            best = listening.considered[0].text
            parts.append(self._contrasted(part, one, best, goods, language, len(piece) / sound.rate))
        verbatim = _joined(prompted)
        return Heard(
            text=" ".join(part.text for part in parts if part.text),
            language=language,
            doubtful=tuple(dict.fromkeys(word for part in parts for word in part.doubtful)),
            verbatim=verbatim,
            words=tuple(
                word
                for one, listening, piece in zip(encoded, prompted, pieces, strict=True)
                for word in self._words(one, listening.considered[0].text, language, len(piece) / sound.rate)
            ),
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

    def _encode(self, samples: NDArray[np.float32]) -> Any:
        """The encoder's output, of thirty seconds: shorter windows cost less, and make the model repeat itself."""
        from faster_whisper.audio import pad_or_trim

        return self._whisper.encode(pad_or_trim(self._whisper.feature_extractor(samples)))

    def _spoken(self, encoded: Any) -> Mapping[str, float]:
        """Language -> probability."""
        return {token[2:-2]: float(share) for token, share in self._whisper.model.detect_language(encoded)[0]}

    def _tokenizer(self, language: str) -> Any:
        from faster_whisper.tokenizer import Tokenizer

        return Tokenizer(self._whisper.hf_tokenizer, True, task="transcribe", language=language)

    def _listen(self, encoded: Any, language: str, told: str, hypotheses: int) -> Listening:
        tokenizer = self._tokenizer(language)
        start = [tokenizer.sot_prev, *tokenizer.encode(f" {told}")[:REMEMBERED]] if told else []
        start += [*tokenizer.sot_sequence, tokenizer.no_timestamps]
        found = self._whisper.model.generate(
            encoded,
            [start],
            beam_size=BEAM,
            num_hypotheses=hypotheses,
            max_length=min(448, len(start) + LONGEST),
            return_scores=True,
            return_no_speech_prob=True,
        )[0]
        weights = [score * (len(ids) + 1) for score, ids in zip(found.scores, found.sequences_ids, strict=True)]
        shares = [math.exp(weight - max(weights)) for weight in weights]
        considered = tuple(
            Hypothesis(tokenizer.decode(ids).strip(), share / sum(shares))
            for ids, share in zip(found.sequences_ids, shares, strict=True)
        )
        return Listening(considered, float(found.scores[0]), float(found.no_speech_prob))

    def _contrasted(self, part: Spoken, encoded: Any, best: str, goods: Goods, language: str, seconds: float) -> Spoken:
        """With doubt about numbers that are hardly likelier than the one they are often taken for."""
        doubtful = list(part.doubtful)
        for word, other in rivals(best, goods, language):
            margin = self._likelihood(encoded, best, language, seconds)
            margin -= self._likelihood(encoded, other, language, seconds)
            if margin < CLEAR:
                doubtful.append(word)
        return Spoken(part.text, tuple(dict.fromkeys(doubtful)))

    def _likelihood(self, encoded: Any, text: str, language: str, seconds: float) -> float:
        """Log probability of a transcript for who does not know the shop."""
        tokenizer = self._tokenizer(language)
        tokens = tokenizer.encode(f" {text}")
        aligned = self._whisper.model.align(encoded, tokenizer.sot_sequence, [tokens], _frames(seconds))[0]
        return float(np.log(np.maximum(aligned.text_token_probs, 1e-9)).sum())

    def _words(self, encoded: Any, text: str, language: str, seconds: float) -> Iterator[Word]:
        """The words of a transcript with the probability the model gives them when it knows nothing of the shop."""
        tokenizer = self._tokenizer(language)
        tokens = tokenizer.encode(f" {text}")
        if not text or not tokens:
            return
        aligned = self._whisper.model.align(encoded, tokenizer.sot_sequence, [tokens], _frames(seconds))[0]
        words, parts = tokenizer.split_to_word_tokens([*tokens, tokenizer.eot])
        at = 0
        for word, part in zip(words[:-1], parts[:-1], strict=True):
            shares = aligned.text_token_probs[at : at + len(part)]
            at += len(part)
            yield Word(word.strip(), round(float(np.mean(shares)), 3) if len(shares) else 0.0)


def _frames(seconds: float) -> int:
    """Frames of features, of ten milliseconds, in a window."""
    return min(3000, int(seconds * 100))


def _joined(listenings: Sequence[Listening]) -> str:
    return " ".join(one.considered[0].text for one in listenings).strip()
