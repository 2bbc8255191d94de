"""`griot extract ADDRESS` over a real connection, to a test shop on this machine that the setting lets through."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from importing_goods import page


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        return


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "robe.html").write_text(page("Robe bogolan", "25000"), "utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()


def extract(source: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "griot.cli.main", "extract", source, "--json"]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env={**os.environ, **variables})


def test_an_address_is_fetched(shop: str) -> None:
    done = extract(f"{shop}/robe.html", GRIOT_IMPORT_ALLOW_LOOPBACK="true")
    assert done.returncode == 0, done.stderr
    (product,) = json.loads(done.stdout)["products"]
    assert (product["title"], product["price"], product["currency"]) == ("Robe bogolan", "25000", "XOF")


def test_without_the_setting_this_machine_is_refused(shop: str) -> None:
    done = extract(f"{shop}/robe.html")
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("source", ["@kadia.shop", "instagram.com/kadia.shop"])
def test_instagram_is_explained(source: str) -> None:
    document = json.loads(extract(source).stdout)
    assert (document["kind"], document["products"]) == ("instagram", [])
    assert "Commerce Manager" in document["warnings"][0]["do"]
    assert "GRIOT_INSTAGRAM_TOKEN" in document["warnings"][0]["do"]
