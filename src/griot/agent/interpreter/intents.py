"""What a message wants, learnt from the examples in ``griot/prompts/examples``.

A linear classifier over the features of the message's frame, trained in about a second; kept on disk under a key of
the examples and word lists, so that a process that starts later neither trains nor loads scikit-learn.
"""

import contextlib
import hashlib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import numpy as np

from griot.agent.interpreter.examples import examples, forms
from griot.agent.interpreter.features import Floats, Rows, Vectoriser, features
from griot.agent.interpreter.frames import Span, masked
from griot.core.settings import settings

_NEAR = 0.55  # likeness from which a correction of the vendor counts, of 1 for the same frame


class Guess(NamedTuple):
    intent: str
    probability: float


class Model(NamedTuple):
    """``weights``: features by intents; ``sharpness``: what makes scores probabilities, fitted on held-out examples."""

    intents: tuple[str, ...]
    vectoriser: Vectoriser
    weights: Floats
    bias: Floats
    sharpness: float


class Correction(NamedTuple):
    """A message a vendor has given the right intent."""

    rows: Rows
    values: Floats  # of unit length
    intent: str


class Intents:
    """The intents of messages. Immutable: ``with_examples`` gives another one that knows more."""

    def __init__(self, model: Model, corrections: tuple[Correction, ...] = ()) -> None:
        self.model, self.corrections = model, corrections

    @classmethod
    def load(cls, keep: Path | None = None, kind: str = "examples") -> "Intents":
        """The classifier trained on the examples of ``prompts/<kind>``, kept in ``keep`` when a folder is given."""
        path = keep / f"{kind}-{_key(kind)}.npz" if keep else None
        if path and path.exists():
            return cls(_read(path))
        model = train([(example.text, example.intent) for example in examples(kind)])
        if path:
            _write(model, path)
        return cls(model)

    def of(self, text: str, goods: Sequence[Span] = ()) -> list[Guess]:
        """Every intent with its probability, likeliest first. ``goods``: where in the text products are named."""
        rows, values = self._vector(text, goods)
        scores = (values @ self.model.weights[rows] + self.model.bias) * self.model.sharpness
        odds = np.exp(scores - scores.max())
        chances = self._corrected(odds / odds.sum(), rows, values)
        order = np.argsort(-chances)
        return [Guess(self.model.intents[place], float(chances[place])) for place in order]

    def with_examples(self, extra: Iterable[tuple[str, str]]) -> "Intents":
        """Knows these messages too, by (text, intent); a message like one of them is read the same way."""
        learnt = []
        for text, intent in extra:
            if intent not in self.model.intents:
                raise ValueError(f"There is no intent {intent!r}: use one of {', '.join(self.model.intents)}.")
            for form in forms(text):
                rows, values = self._vector(form, ())
                learnt.append(Correction(rows, _unit(values), intent))
        return Intents(self.model, (*self.corrections, *learnt))

    def _vector(self, text: str, goods: Sequence[Span]) -> tuple[Rows, Floats]:
        return self.model.vectoriser.vector(features(masked(text, goods)))

    def _corrected(self, chances: Floats, rows: Rows, values: Floats) -> Floats:
        """Moved towards the intent of the nearest correction, as far as it is near."""
        if not self.corrections or not rows.size:
            return chances
        whole = np.zeros(len(self.model.vectoriser.vocabulary), np.float32)
        whole[rows] = _unit(values)
        likeness = [float(whole[item.rows] @ item.values) for item in self.corrections]
        best = int(np.argmax(likeness))
        share = max(0.0, (likeness[best] - _NEAR) / (1 - _NEAR))
        moved = chances * (1 - share)
        moved[self.model.intents.index(self.corrections[best].intent)] += share
        return moved


@cache
def intents() -> Intents:
    """The classifier of this process, trained when it is first asked for and no earlier process kept it."""
    return Intents.load(settings().cache_dir.expanduser())


def train(labelled: Sequence[tuple[str, str]]) -> Model:
    """A model of examples with their intents, probabilities fitted on examples that were held out."""
    from griot.agent.interpreter.training import fit

    names = tuple(sorted({intent for _, intent in labelled}))
    written = [(form, place) for place, (text, _) in enumerate(labelled) for form in forms(text)]
    documents = [features(form) for form, _ in written]
    vectoriser = Vectoriser.of(documents)
    vectors = [vectoriser.vector(kinds) for kinds in documents]
    origin = np.array([place for _, place in written])
    wanted = np.array([names.index(labelled[place][1]) for place in origin])
    weights, bias, sharpness = fit(vectors, wanted, origin, len(vectoriser.vocabulary))
    return Model(names, vectoriser, weights, bias, sharpness)


def _unit(values: Floats) -> Floats:
    return values / (float(np.linalg.norm(values)) or 1.0)


def _key(kind: str) -> str:
    """Changes with the examples, the word lists and what is made of them."""
    digest = hashlib.sha256(version("scikit-learn").encode())
    prompts = files("griot").joinpath("prompts")
    for folder in (kind, "questions", "words", "lexicon"):
        for source in sorted(prompts.joinpath(folder).iterdir(), key=lambda item: item.name):
            digest.update(source.name.encode() + source.read_bytes())
    here = files("griot").joinpath("agent", "interpreter")
    for name in ("frames.py", "features.py", "training.py", "intents.py", "examples.py"):
        digest.update(here.joinpath(name).read_bytes())
    return digest.hexdigest()[:16]


def _read(path: Path) -> Model:
    with np.load(path, allow_pickle=False) as kept:
        vectoriser = Vectoriser(str(kept["vocabulary"]).split("\n"), kept["worth"])
        names = tuple(str(kept["intents"]).split("\n"))
        return Model(names, vectoriser, kept["weights"], kept["bias"], float(kept["sharpness"]))


def _write(model: Model, path: Path) -> None:
    """Under another name first: a process that starts meanwhile finds all of it or nothing."""
    with contextlib.suppress(OSError):  # a folder that cannot be written to costs the next process the training
        _write_whole(model, path)


def _write_whole(model: Model, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{np.random.default_rng().integers(1 << 40)}.npz")
    np.savez(
        partial,
        intents=np.array("\n".join(model.intents)),
        vocabulary=np.array("\n".join(model.vectoriser.vocabulary)),
        worth=model.vectoriser.worth,
        weights=model.weights,
        bias=model.bias,
        sharpness=np.array(model.sharpness),
    )
    partial.replace(path)
