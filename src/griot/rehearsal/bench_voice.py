"""`griot bench voice`: how well and how fast buyers' voice notes are heard, beside plain faster-whisper."""

import asyncio
import os
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from rapidfuzz.distance import Levenshtein
from rich.console import Console
from rich.table import Table

from griot.core.settings import Settings
from griot.rehearsal.bench_crowd import LIMIT_REPLY_MS, bench_crowd
from griot.rehearsal.figures import print_json
from griot.rehearsal.judged import data
from griot.speech import weights
from griot.speech.decoding import decode
from griot.speech.hearing.numbers import in_words, numbers, pieces
from griot.speech.hearing.whisper import Whisper
from griot.speech.models import Inaudible, Sound, Vocabulary

LIMIT_RTF = 0.25  # seconds of work a second of sound, on two cores


class Clip(NamedTuple):
    """A buyer's recording. ``said``: word for word; ``written``: as it would be typed, with codes."""

    file: str
    language: str
    said: str
    written: str
    names: tuple[str, ...]
    vocabulary: Vocabulary


class Result(NamedTuple):
    """What an arm made of a clip."""

    text: str
    doubtful: bool
    seconds: float
    took: float
    worked: float


def bench_voice(config: Settings, *, most: int, notes: int, as_json: bool) -> int:
    """Measure on our own clips, then ``notes`` of them at once; 1 when it is slower than it should be."""
    folder = weights.folder(config.voice_ear, config)
    clips = read_clips()[:most]
    ear = Whisper(folder)
    arms: dict[str, Callable[[Sound, Clip], tuple[str, bool]]] = {
        "griot": lambda sound, clip: _ours(ear, sound, clip, clip.vocabulary),
        "griot, shop unknown": lambda sound, clip: _ours(ear, sound, clip, Vocabulary()),
        "faster-whisper": _plain(folder, told=False),
        "faster-whisper, names as prompt": _plain(folder, told=True),
    }
    figures = {name: _arm(hear, clips) for name, hear in arms.items()}
    crowd = asyncio.run(bench_crowd(config, notes)) if notes else None
    reached = {"rtf": figures["griot"]["rtf"] <= LIMIT_RTF}
    if crowd:
        reached["reply"] = crowd["reply_ms_beside"]["p95"] <= LIMIT_REPLY_MS and not crowd["lost"]
    result = {
        "machine": {"cores": os.cpu_count()},
        "model": config.voice_ear,
        "clips": len(clips),
        "arms": figures,
        "at_once": crowd,
        "reached": reached,
    }
    if as_json:
        print_json(result)
    else:
        _show(Console(), figures)
        if crowd:
            Console().print(f"{notes} voice notes at once: {crowd}")
    return 0 if all(reached.values()) else 1


def read_clips() -> list[Clip]:
    """Our own: synthetic buyers of several shops, voices and noises, 16 kbit/s Opus as messengers send it."""
    folder = data() / "voice"
    shops = orjson.loads((folder / "shops.json").read_bytes())
    clips = []
    for line in (folder / "clips.jsonl").read_text(encoding="utf-8").splitlines():
        row = orjson.loads(line)
        goods = shops[row["shop"]]
        vocabulary = Vocabulary(tuple(one["name"] for one in goods), tuple(one["code"] for one in goods))
        names = tuple(name for name in vocabulary.names if _names(row["written"], (name,)))
        clips.append(Clip(row["file"], row["language"], row["said"], row["written"], names, vocabulary))
    return clips


def recording(clip: Clip) -> bytes:
    """The bytes of a clip."""
    return (data() / "voice" / clip.file).read_bytes()


def word_errors(clip: Clip, text: str) -> tuple[int, int]:
    """Words wrong, missing or too many, and words said; a code may be written as said or as typed."""
    heard = _words(text, clip.language)
    errors = [
        (Levenshtein.distance(said, heard), len(said))
        for said in (_words(clip.said, clip.language), _words(clip.written, clip.language))
    ]
    return min(errors)


def _ours(ear: Whisper, sound: Sound, clip: Clip, vocabulary: Vocabulary) -> tuple[str, bool]:
    other = "en" if clip.language == "fr" else "fr"
    try:
        heard = ear.hear(sound, (clip.language, other), vocabulary)
    except Inaudible:
        return "", True
    return heard.text, bool(heard.doubtful)


def _plain(folder: Path, *, told: bool) -> Callable[[Sound, Clip], tuple[str, bool]]:
    from faster_whisper import WhisperModel

    model = WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=2)

    def hear(sound: Sound, clip: Clip) -> tuple[str, bool]:
        prompt = ", ".join(clip.vocabulary.names) if told else None
        segments, _ = model.transcribe(sound.samples, language=clip.language, beam_size=5, initial_prompt=prompt)
        return " ".join(segment.text.strip() for segment in segments), False

    return hear


def _arm(hear: Callable[[Sound, Clip], tuple[str, bool]], clips: Sequence[Clip]) -> dict[str, Any]:
    first = decode(recording(clips[0]))
    hear(first, clips[0])  # loads what is loaded once
    results = []
    for clip in clips:
        sound = decode(recording(clip))
        began, working = time.perf_counter(), time.process_time()
        text, doubtful = hear(sound, clip)
        spent = time.perf_counter() - began
        results.append(Result(text, doubtful, sound.seconds, spent, time.process_time() - working))
    seconds = sum(result.seconds for result in results)
    return {
        "rtf": round(sum(result.took for result in results) / seconds, 3),
        "cpu_per_second": round(sum(result.worked for result in results) / seconds, 3),
        **_quality(clips, results),
    }


def _quality(clips: Sequence[Clip], results: Sequence[Result]) -> dict[str, Any]:
    """Word error rate by language; shares of names and numbers heard right; of wrong ones, how many without doubt."""
    errors: dict[str, int] = defaultdict(int)
    words: dict[str, int] = defaultdict(int)
    named = found = counted = right = wrong_and_sure = right_and_doubtful = 0
    for clip, result in zip(clips, results, strict=True):
        wrong, said = word_errors(clip, result.text)
        errors[clip.language] += wrong
        words[clip.language] += said
        named += len(clip.names)
        found += len(_names(result.text, clip.names))
        wanted, heard = _numbers(clip.said, clip.language), _numbers(result.text, clip.language)
        if wanted:
            counted += 1
            right += wanted == heard
            wrong_and_sure += wanted != heard and not result.doubtful
            right_and_doubtful += wanted == heard and result.doubtful
    return {
        "word_error_rate": {language: round(errors[language] / words[language], 4) for language in sorted(words)},
        "names_right": round(found / named, 4) if named else None,
        "numbers_right": round(right / counted, 4) if counted else None,
        "numbers_wrong_without_doubt": wrong_and_sure,
        "numbers_right_with_doubt": right_and_doubtful,
        "notes_with_names": named,
        "notes_with_numbers": counted,
    }


def _words(text: str, language: str) -> list[str]:
    """Words without case, accents and signs; digits as words, codes as letters and number."""
    return [
        word.key
        for piece in pieces(text)
        for word in (pieces(in_words(int(piece.key), language)) if piece.key.isdigit() else (piece,))
    ]


def _names(text: str, names: Sequence[str]) -> tuple[str, ...]:
    """Those of the names that are in the text, in the singular or plural."""
    inside = f" {_singular(text)} "
    return tuple(name for name in names if f" {_singular(name)} " in inside)


def _singular(text: str) -> str:
    return " ".join(piece.key.rstrip("sx") if len(piece.key) > 2 else piece.key for piece in pieces(text))


def _numbers(text: str, language: str) -> list[int]:
    """Numbers but for one, which is an article more often than not."""
    return sorted(number.value for number in numbers(pieces(text), language) if number.value != 1)


def _show(console: Console, figures: dict[str, Any]) -> None:
    table = Table()
    for column in ("", "WER fr", "WER en", "names", "numbers", "wrong, no doubt", "right, doubt", "RTF", "CPU s/s"):
        table.add_column(column, justify="right" if column else "left")
    for name, arm in figures.items():
        rates = arm["word_error_rate"]
        shown = (rates.get("fr"), rates.get("en"), arm["names_right"], arm["numbers_right"])
        counts = (arm["numbers_wrong_without_doubt"], arm["numbers_right_with_doubt"])
        table.add_row(name, *map(str, (*shown, *counts, arm["rtf"], arm["cpu_per_second"])))
    console.print(table)
