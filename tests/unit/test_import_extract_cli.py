"""`griot extract` prints what an import would find, in the shape that commands.md promises."""

import json
from pathlib import Path

import pytest
from importing_shops import SHOPIFY
from typer.testing import CliRunner

from griot.cli.main import app

RUN = CliRunner()


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_text(SHOPIFY, "utf-8")
    return path


def test_json(saved: Path) -> None:
    done = RUN.invoke(app, ["extract", str(saved), "--url", "https://kadia.example/products/robe", "--json"])
    assert done.exit_code == 0
    document = json.loads(done.stdout)
    assert set(document) == {"kind", "products", "warnings"}
    (product,) = document["products"]
    assert {"title", "price", "currency", "sku", "availability", "images", "variants", "description", "url"} <= set(
        product
    )
    assert (product["price"], product["currency"], product["availability"]) == ("25000", "XOF", "in_stock")
    assert product["url"] == "https://kadia.example/products/robe"
    assert product["variants"][0]["options"] == {"Taille": "S"}


def test_a_file_of_another_kind(tmp_path: Path) -> None:
    path = tmp_path / "goods.csv"
    path.write_text("Nom;Prix;Devise\nSac bogolan;15 000;XOF\n", "utf-8")
    done = RUN.invoke(app, ["extract", str(path), "--json"])
    assert done.exit_code == 0
    (product,) = json.loads(done.stdout)["products"]
    assert (product["title"], product["price"], product["currency"]) == ("Sac bogolan", "15000", "XOF")


def test_for_people(saved: Path) -> None:
    done = RUN.invoke(app, ["extract", str(saved)])
    assert done.exit_code == 0
    assert "Robe bogolan" in done.stdout
    assert "25000 XOF" in done.stdout


def test_a_page_without_an_article_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "empty.html"
    path.write_text("<html></html>", "utf-8")
    done = RUN.invoke(app, ["extract", str(path), "--json"])
    assert done.exit_code == 1
    document = json.loads(done.stdout)
    assert document["products"] == []
    assert set(document["warnings"][0]) == {"where", "what", "do"}


@pytest.mark.parametrize("source", ["nowhere.html", "https://kadia.example/"])
def test_what_cannot_be_read_is_one_sentence(source: str) -> None:
    done = RUN.invoke(app, ["extract", source])
    assert done.exit_code == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
