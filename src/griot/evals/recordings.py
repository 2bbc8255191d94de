"""Voice notes of a suite: files in its folder, and nowhere else."""

from pathlib import Path


def recording(folder: Path, name: str) -> Path | None:
    """The file of a voice note; none when there is none of this name in the folder of the suite."""
    path = (folder / name).resolve()
    return path if path.is_file() and path.is_relative_to(folder.resolve()) else None
