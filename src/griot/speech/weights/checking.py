"""Whether a file is what it should be."""

import hashlib
from pathlib import Path


def is_intact(path: Path, size: int, sha256: str) -> bool:
    """Whether there is such a file, and all of its bytes are the published ones."""
    try:
        if path.stat().st_size != size:
            return False
        with path.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest() == sha256
    except OSError:
        return False
