"""Embeddings from any endpoint that speaks OpenAI's embeddings API."""

import time
from collections.abc import Sequence

import httpx
import numpy as np

from griot.core import logs
from griot.core.errors import FarEndError
from griot.knowledge.search.embedding import Around, Embedder, Vectors

log = logs.get(__name__)

BATCH = 128  # texts of one request
_TRIES = 3
PAUSE = 30.0  # seconds in which an endpoint that failed is left alone
_FIRST_WAIT, _LONGEST_WAIT = 0.2, 5.0  # seconds before the same request is made again


class RemoteEmbedder:
    """``url``: the address up to ``/v1``. Raises `FarEndError` when the endpoint does not answer as it should."""

    def __init__(self, url: str, model: str, key: str | None = None, timeout: float = 10.0) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.Client(timeout=timeout, headers=headers)
        self._url = f"{url.rstrip('/')}/embeddings"
        self._name = model
        self._dimension = 0

    @property
    def model(self) -> str:
        return f"openai:{self._name}"

    @property
    def dimension(self) -> int:
        if not self._dimension:
            self._request(["dimension"])
        return self._dimension

    def embed(self, texts: Sequence[str]) -> Vectors:
        parts = [self._request(list(texts[at : at + BATCH])) for at in range(0, len(texts), BATCH)]
        if not parts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return np.concatenate(parts)

    def _request(self, texts: list[str]) -> Vectors:
        """One request, made again when the endpoint is busy or was not reached."""
        asked = {"model": self._name, "input": [text or " " for text in texts], "encoding_format": "float"}
        for tried in range(1, _TRIES + 1):
            wait = _FIRST_WAIT * 2**tried
            try:
                answer = self._client.post(self._url, json=asked)
            except httpx.TransportError as error:
                trouble = f"did not answer ({type(error).__name__})"
            else:
                if answer.status_code == 200:
                    return self._read(answer, len(texts))
                trouble = f"answered {answer.status_code}"
                if answer.status_code != 429 and answer.status_code < 500:
                    raise FarEndError(f"{self._url} {trouble}: check GRIOT_EMBEDDER_URL, _MODEL and _KEY.")
                asked_for = answer.headers.get("retry-after", "")
                wait = float(asked_for) if asked_for.isdigit() else wait
            if tried < _TRIES:
                time.sleep(min(wait, _LONGEST_WAIT))
        raise FarEndError(f"{self._url} {trouble}, {_TRIES} times.", retry=True)

    def _read(self, answer: httpx.Response, count: int) -> Vectors:
        try:
            rows = sorted(answer.json()["data"], key=lambda row: row["index"])
            vectors = np.asarray([row["embedding"] for row in rows], dtype=np.float32)
        except (ValueError, KeyError, TypeError) as error:
            raise FarEndError(f"{self._url} answered something that holds no embeddings.") from error
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True) if vectors.ndim == 2 else np.zeros(1)
        if vectors.shape[:1] != (count,) or not np.isfinite(vectors).all() or not lengths.all():
            raise FarEndError(f"{self._url} answered {len(rows)} embeddings for {count} texts, or broken ones.")
        if self._dimension not in (0, vectors.shape[1]):
            raise FarEndError(f"{self._url} gave vectors of {vectors.shape[1]} figures, and {self._dimension} before.")
        self._dimension = vectors.shape[1]
        unit: Vectors = vectors / lengths
        return unit


class Patient(Around):
    """An embedder whose failures cost meaning only: after the first success, texts it cannot embed are zeros.

    Words, codes and the glossary still find products. The endpoint is asked again ``PAUSE`` seconds later.
    """

    def __init__(self, embedder: Embedder) -> None:
        super().__init__(embedder)
        self._reached = False
        self._again = 0.0

    def embed(self, texts: Sequence[str]) -> Vectors:
        if time.monotonic() >= self._again:
            try:
                vectors = self._embedder.embed(texts)
            except FarEndError as error:
                if not self._reached:
                    raise
                self._again = time.monotonic() + PAUSE
                log.warning("search goes on without meaning", model=self.model, error=str(error))
            else:
                self._reached = True
                return vectors
        return np.zeros((len(texts), self.dimension), dtype=np.float32)
