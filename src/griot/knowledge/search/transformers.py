"""Embeddings from a sentence-transformers model: `pip install 'griot[st]'`."""

from collections.abc import Sequence
from threading import Lock
from typing import Any

import numpy as np

from griot.core.errors import ConfigurationError
from griot.knowledge.search.embedding import Vectors

RECOMMENDED = "BAAI/bge-m3"  # docs/how-to/choose-an-embedder.md says why


class TransformerEmbedder:
    """``name``: of a model of the hub, or its folder. Loaded by the first text."""

    def __init__(self, name: str) -> None:
        self._name = name or RECOMMENDED
        self._loaded: Any = None
        self._lock = Lock()

    @property
    def model(self) -> str:
        return f"st:{self._name}"

    @property
    def dimension(self) -> int:
        with self._lock:
            loaded = self._load()
        find = getattr(loaded, "get_embedding_dimension", None) or loaded.get_sentence_embedding_dimension
        return int(find())

    def embed(self, texts: Sequence[str]) -> Vectors:
        with self._lock:
            loaded = self._load()
            vectors = loaded.encode(
                list(texts), batch_size=64, convert_to_numpy=True, normalize_embeddings=True, show_progress_bar=False
            )
        return np.asarray(vectors, dtype=np.float32).reshape(len(texts), -1)

    def _load(self) -> Any:
        if self._loaded is None:
            try:
                from sentence_transformers import SentenceTransformer
            except ImportError as error:
                raise ConfigurationError(
                    "GRIOT_EMBEDDER=sentence-transformers needs the package: pip install 'griot[st]'."
                ) from error
            self._loaded = SentenceTransformer(self._name)
        return self._loaded
