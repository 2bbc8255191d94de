"""What is doubtful in a file, collected while it is read."""

from griot.knowledge.importing.files.limits import MAX_DOUBTS
from griot.knowledge.importing.models import Doubt


class Doubts:
    """Collects doubts, the first ``MAX_DOUBTS`` of them one by one; nothing is said twice of one place."""

    def __init__(self) -> None:
        self._listed: list[Doubt] = []
        self._seen: set[tuple[str, str]] = set()
        self._more = 0
        self.partial = False  # whether a part of the file was not read

    def add(self, where: str, what: str, do: str) -> None:
        """Note one doubt; a full list only counts it."""
        if (where, what) in self._seen:
            return
        if len(self._listed) >= MAX_DOUBTS:
            self._more += 1
            return
        self._seen.add((where, what))
        self._listed.append(Doubt(where, what, do))

    def cut(self, where: str, what: str, do: str) -> None:
        """Note that a part of the file was not read, so that what is absent is not gone."""
        self.partial = True
        self.add(where, what, do)

    def at(self, line: int | None, what: str, do: str) -> None:
        """Note a doubt about a line of the file (1 is the first)."""
        self.add(f"line {line}" if line else "file", what, do)

    def extend(self, doubts: tuple[Doubt, ...]) -> None:
        """Take over what somebody else noted."""
        for doubt in doubts:
            self.add(doubt.where, doubt.what, doubt.do)

    def listed(self) -> tuple[Doubt, ...]:
        """All of them; what the list had no room for is one doubt at its end."""
        if not self._more:
            return tuple(self._listed)
        rest = Doubt(
            "file", f"There are {self._more} more doubts of these kinds.", "Settle the first ones, then look again."
        )
        return (*self._listed, rest)
