"""What goes wrong on demand: a queue of faults, one for each of the next sends, and outages."""

import asyncio
from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from griot.core.errors import InvalidInput


class Kind(StrEnum):
    REFUSE = "refuse"  # answered with ``code`` (by default the platform's "something went wrong")
    THROTTLE = "throttle"  # answered with the platform's code for too many requests
    CRASH = "crash"  # answered with an unexplained 500
    LATE_BEFORE = "late_before"  # ``seconds`` pass, then the message is judged and accepted
    LATE_AFTER = "late_after"  # accepted at once, answered after ``seconds``: the ambiguous case
    DROP_BEFORE = "drop_before"  # connection cut, nothing accepted
    DROP_AFTER = "drop_after"  # accepted, connection cut without an answer
    FAIL_LATER = "fail_later"  # accepted, then a ``failed`` status with ``code``; lost in silence where there is none
    EARLY_STATUS = "early_status"  # the ``sent`` webhook arrives before the answer
    DISORDER = "disorder"  # the statuses come in reverse order


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to one send. ``to`` narrows it to one recipient, as written in the request."""

    kind: Kind
    code: int | None = None
    subcode: int | None = None
    seconds: float = 0.0
    to: str | None = None


class Faults:
    """The faults of one account. Sends meet them in the order in which they were added."""

    def __init__(self) -> None:
        self._queue: deque[Fault] = deque()
        self._down_until: float | None = None
        self.duplicates = 0  # webhook bodies still to be delivered twice

    def add(
        self,
        kind: Kind | str,
        times: int = 1,
        *,
        code: int | None = None,
        subcode: int | None = None,
        seconds: float = 0.0,
        to: str | None = None,
    ) -> None:
        """Let the next ``times`` sends meet this. Raises ``InvalidInput`` for an unknown kind."""
        if kind not in list(Kind):
            raise InvalidInput(f"{kind} is no fault: {', '.join(Kind)}.")
        self._queue.extend([Fault(Kind(kind), code, subcode, seconds, to)] * times)

    def throttle(self, times: int) -> None:
        self.add(Kind.THROTTLE, times)

    def next(self, recipient: Any) -> Fault | None:
        """The fault that a send to this recipient meets, taken out of the queue."""
        for fault in self._queue:
            if fault.to is None or fault.to == recipient:
                self._queue.remove(fault)
                return fault
        return None

    def go_down(self, seconds: float) -> None:
        """Every Graph request is cut off for ``seconds``."""
        self._down_until = asyncio.get_running_loop().time() + seconds

    @property
    def down(self) -> bool:
        return self._down_until is not None and asyncio.get_running_loop().time() < self._down_until

    def clear(self) -> None:
        self._queue.clear()
        self._down_until = None
        self.duplicates = 0

    def __len__(self) -> int:
        return len(self._queue)
