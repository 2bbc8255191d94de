"""An ear of faster-whisper's parts: its features, its model on CTranslate2, its voice detector.

Every recording is listened to twice from the same encoded sound, which is what costs: once without knowing the shop,
once told what it sells. The first keeps the second honest.
"""

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from griot.speech.hearing.contrast import Slot, slots
from griot.speech.hearing.goods import Goods
from griot.speech.hearing.prompting import likely, prompt
from griot.speech.hearing.spoken import Hypothesis, Spoken, typed
from griot.speech.hearing.troubles import (
    BRIEF,
    hearable,
    language_of,
    refuse_foreign,
    refuse_nonsense,
    refuse_quiet,
    repeats,
)
from griot.speech.models import Heard, Sound, Unavailable, Vocabulary, Word

THREADS = 2
BEAM = 5
WINDOW = 28.0  # seconds of sound looked at at once; the model takes 30
MARGIN = 0.3  # seconds kept around speech
REMEMBERED = 220  # tokens of a prompt that the model takes
LONGEST = 200  # tokens of a window's transcript


@dataclass(frozen=True, slots=True)
class Listening:
    """The transcripts of one window, the likeliest first."""

    considered: tuple[Hypothesis, ...]
    score: float  # mean log probability of a token of the first
    no_speech: float  # probability that nobody speaks


class Sounding(NamedTuple):
    """A window of sound: the encoder's output, the language spoken, and its length in seconds."""

    encoded: Any
    language: str
    seconds: float


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
        speech = sum(len(piece) for piece in pieces) / sound.rate
        refuse_quiet(sound, speech)
        encoded = [self._encode(piece) for piece in pieces]
        spoken = self._spoken(encoded[0])
        brief = speech < BRIEF
        language = language_of(spoken, languages, brief=brief)
        alone = [self._listen(one, language, "", 1) for one in encoded]
        unprompted = _joined(alone)
        likeliest = likely(vocabulary, unprompted, language)
        goods = Goods(Vocabulary(likeliest.names, vocabulary.codes), language)
        poorest = min(alone, key=lambda one: one.score)
        if not brief and not goods.find(unprompted):
            refuse_foreign(poorest.score, spoken, languages)
        refuse_nonsense(unprompted, poorest.score, poorest.no_speech, brief=brief)
        told = prompt(likeliest, language)
        prompted = [self._listen(one, language, told, BEAM) for one in encoded] if told else alone
        if repeats(_joined(prompted)):
            prompted = alone
        parts: list[Spoken] = []
        heard: list[Word] = []
        for one, listening, own, piece in zip(encoded, prompted, alone, pieces, strict=True):
            sounding = Sounding(one, language, len(piece) / sound.rate)
            best, *others = [hypothesis.text for hypothesis in (*listening.considered, *own.considered)]
            shares = self._shares(sounding, best)
            clear = self._clear(sounding, shares, slots(best, others, goods, language))
            parts.append(typed(listening.considered, own.considered[0].text, goods, language, clear))
            heard += self._words(best, shares, language)
        return Heard(
            text=" ".join(part.text for part in parts if part.text),
            language=language,
            doubtful=tuple(dict.fromkeys(word for part in parts for word in part.doubtful)),
            verbatim=_joined(prompted),
            words=tuple(heard),
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

    def _clear(self, sounding: Sounding, shares: Sequence[float], found: Sequence[Slot]) -> dict[int, bool]:
        """The place of a number -> is it much likelier than those it is often taken for? For who knows no shop."""
        own = _likelihood(shares)
        return {
            slot.first: all(own - _likelihood(self._shares(sounding, rival)) >= slot.margin for rival in slot.rivals)
            for slot in found
        }

    def _shares(self, sounding: Sounding, text: str) -> Sequence[float]:
        """The probability of each token of a transcript for who does not know the shop."""
        tokenizer = self._tokenizer(sounding.language)
        tokens = tokenizer.encode(f" {text}") if text else []
        if not tokens:
            return []
        frames = min(3000, int(sounding.seconds * 100))  # of ten milliseconds
        aligned = self._whisper.model.align(sounding.encoded, tokenizer.sot_sequence, [tokens], frames)[0]
        return list(aligned.text_token_probs)

    def _words(self, text: str, shares: Sequence[float], language: str) -> Iterator[Word]:
        """The words of a transcript with the mean probability of their tokens."""
        if not shares:
            return
        tokenizer = self._tokenizer(language)
        words, parts = tokenizer.split_to_word_tokens([*tokenizer.encode(f" {text}"), tokenizer.eot])
        at = 0
        for word, part in zip(words[:-1], parts[:-1], strict=True):
            own = shares[at : at + len(part)]
            at += len(part)
            yield Word(word.strip(), round(float(np.mean(own)), 3) if own else 0.0)


def _likelihood(shares: Sequence[float]) -> float:
    """Log probability of a transcript, from those of its tokens."""
    return float(np.log(np.maximum(shares, 1e-9)).sum())


def _joined(listenings: Sequence[Listening]) -> str:
    return " ".join(one.considered[0].text for one in listenings).strip()
