"""Files that a form brought to the server: its fields name a place in Gradio's folder for uploads, and no other."""

import asyncio
from pathlib import Path

from gradio.utils import get_upload_folder

from griot.core.errors import InvalidInput


async def read(path: str, largest: int) -> tuple[str, bytes]:
    """Name and content of what was brought, which is then removed. ``InvalidInput``: nothing was, or too much."""
    return await asyncio.to_thread(_read, path, largest)


def _read(path: str, largest: int) -> tuple[str, bytes]:
    try:
        place = Path(path).resolve()
        brought = bool(path) and place.is_relative_to(Path(get_upload_folder()).resolve()) and place.is_file()
    except (OSError, ValueError):  # no path can be written like that
        brought = False
    if not brought:
        raise InvalidInput("Choose a file first.")
    try:
        if place.stat().st_size > largest:
            raise InvalidInput(f"The file is too large: {largest // 1_000_000} MB at most.")
        return place.name, place.read_bytes()
    finally:
        place.unlink(missing_ok=True)
