"""The bench reads folders in many spellings and counts as the field does; our own sets keep their floors."""

import json
import math
from pathlib import Path

import pytest

from griot.core.errors import GriotError
from griot.core.settings import Settings
from griot.rehearsal.baselines import bm25
from griot.rehearsal.bench_search import bench_search, quality
from griot.rehearsal.invented import electronics
from griot.rehearsal.judged import data, read_judged


def write(folder: Path, **files: list[dict[str, object]]) -> Path:
    for name, rows in files.items():
        (folder / f"{name}.jsonl").write_text("\n".join(json.dumps(row) for row in rows) + "\n", encoding="utf-8")
    return folder


def test_a_folder_is_read_whatever_its_fields_are_called(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        products=[
            {
                "product_id": 7,
                "product_name": "Desk",
                "product_class": "Tables",
                "brand": "Acme",
                "attributes": {"w": 3},
            },
            {"code": "B", "title": "Chair", "description": "Oak", "features": ["soft", "blue"]},
        ],
        queries=[{"qid": 1, "text": "a desk", "slice": "clean", "lang": "en"}, {"id": "2", "query": "chair"}],
        grades=[
            {"query_id": 1, "product_id": 7, "label": "Exact"},
            {"query": "chair", "code": "B", "grade": "Partial"},
            {"qid": "2", "grades": {"7": 0, "B": "1"}},
        ],
    )
    judged = read_judged(folder)
    assert [(p.code, p.title, p.category, p.description) for p in judged.products] == [
        ("7", "Desk", "Tables", "Acme. w: 3"),
        ("B", "Chair", "", "Oak. soft, blue"),
    ]
    assert [(q.id, q.words, q.kind, q.language) for q in judged.queries] == [
        ("1", "a desk", "clean", "en"),
        ("2", "chair", "", ""),
    ]
    assert [tuple(g) for g in ((g.query, g.product, g.gain) for g in judged.grades)] == [
        ("1", "7", 1.0),
        ("2", "B", 0.5),
        ("2", "7", 0.0),
        ("2", "B", 1.0),
    ]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"queries": [], "grades": []}, "There is no products.jsonl"),
        ({"products": [{"title": "x"}], "queries": [], "grades": []}, "products.jsonl, line 1: none of product_id"),
        ({"products": [], "queries": [{"id": 1}], "grades": []}, "queries.jsonl, line 1"),
        ({"products": [], "queries": [], "grades": [{"query_id": 1, "product_id": 2, "grade": "so so"}]}, "so so"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, files: dict[str, list[dict[str, object]]], said: str) -> None:
    with pytest.raises(GriotError, match=said):
        read_judged(write(tmp_path, **files))


def test_the_figures_are_those_of_the_field() -> None:
    gains = {"a": 1.0, "b": 1.0, "c": 0.5}
    found = quality(["x", "a", "c"], gains)
    assert found["mrr"] == 0.5
    assert (found["recall_at_1"], found["recall_at_5"]) == (0.0, 1.0)
    assert found["share_at_10"] == 0.5
    ideal = 1 + 1 / math.log2(3) + 0.5 / 2
    assert found["ndcg_at_10"] == pytest.approx((1 / math.log2(3) + 0.5 / 2) / ideal)
    assert quality([], gains)["ndcg_at_10"] == 0.0
    assert quality(["a", "b", "c"], gains)["ndcg_at_10"] == pytest.approx(1.0)


def test_the_baseline_ranks_by_words() -> None:
    judged = electronics(300, 10)
    product = judged.products[5]
    assert bm25(judged.products)(product.title)[0] == product.code
    assert bm25(judged.products)("zzz") == []


def test_the_invented_shop_is_the_same_every_time() -> None:
    first, second = electronics(200, 30), electronics(200, 30)
    assert first.products == second.products
    assert first.queries == second.queries
    graded = {grade.query for grade in first.grades if grade.gain == 1.0}
    assert graded == {query.id for query in first.queries}


def test_our_own_shop_keeps_its_floors(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench_search(Settings(), folder=None, fast=True, as_json=True) in (0, 1)  # 1 on a machine that is too busy
    result = json.loads(capsys.readouterr().out)
    (shop,) = result["sets"]
    assert shop["products"] == len(read_judged(data() / "search").products) == 194
    assert shop["reached"]["better_than_bm25"]
    ours = shop["arms"]["griot"]
    assert ours["all"]["recall_at_5"] >= 0.94
    floors = {"clean": 0.97, "typos": 0.97, "synonyms": 0.8, "english": 0.95, "malagasy": 0.9, "codes": 0.97}
    for kind, floor in floors.items():
        assert ours["slices"][kind]["recall_at_5"] >= floor, kind


def test_a_large_catalogue_beats_bm25(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    judged = electronics(1200, 120)
    folder = write(
        tmp_path,
        products=[
            {"id": p.code, "title": p.title, "category": p.category, "description": p.description}
            for p in judged.products
        ],
        queries=[{"id": q.id, "query": q.words, "kind": q.kind} for q in judged.queries],
        grades=[{"query_id": g.query, "product_id": g.product, "grade": g.gain} for g in judged.grades],
    )
    bench_search(Settings(), folder=folder, fast=False, as_json=True)
    (shop,) = json.loads(capsys.readouterr().out)["sets"]
    floor, ours = shop["arms"]["bm25"]["all"]["ndcg_at_10"], shop["arms"]["griot"]["all"]["ndcg_at_10"]
    assert ours >= floor + 0.1
