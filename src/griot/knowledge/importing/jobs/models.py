"""An import that was asked for, as those see it who wait for it and those who carry it out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Status = Literal["waiting", "reading", "shown", "writing", "done", "failed", "cancelled"]
OVER: frozenset[str] = frozenset({"done", "failed", "cancelled"})


@dataclass(frozen=True, slots=True)
class Job:
    """How far an import is: ``done`` products of ``expected`` (None: not known yet).

    ``preview``: what would come in (``bringing.preview_of``), once it is ``shown``. ``report``: what came in, as
    ``merging.service.report_of``. ``trouble``: why it failed, with the next step.
    """

    id: int
    source: str
    is_file: bool
    currency: str | None
    columns: Mapping[str, str]
    status: Status
    done: int
    expected: int | None
    preview: dict[str, Any] | None
    report: dict[str, Any] | None
    trouble: str | None
    actor: str | None
    created_at: datetime
    changed_at: datetime

    @property
    def is_over(self) -> bool:
        return self.status in OVER


@dataclass(frozen=True, slots=True)
class Taken:
    """An import in the hands of a worker. ``body``: of a file; ``found``: what was read before, as it is kept."""

    id: int
    source: str
    body: bytes | None
    currency: str | None
    columns: Mapping[str, str]
    write: bool
    found: bytes | None
    actor: str | None
    tries: int
