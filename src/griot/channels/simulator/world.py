"""What all accounts of the simulator share: the clock, the people, the files, the way out."""

import itertools
import secrets
from datetime import timedelta

from griot.channels.simulator.files import Addresses
from griot.channels.simulator.model import File, Person, user_id_of
from griot.channels.simulator.poster import Poster
from griot.core.clock import Clock
from griot.core.errors import Conflict, NotFound

UPLOADED = timedelta(days=30)
RECEIVED = timedelta(days=7)


class World:
    """``graph_url`` is the address the Graph API is served under; media addresses are built on it."""

    def __init__(self, clock: Clock, graph_url: str, poster: Poster) -> None:
        self.clock = clock
        self.graph_url = graph_url
        self.poster = poster
        self.files: dict[str, File] = {}
        self._people: dict[str, Person] = {}  # by phone and by user id
        self._numbers = itertools.count(1)
        self._addresses = Addresses()

    # People

    def add_person(
        self, phone: str | None = None, *, name: str = "", user_id: str | None = None, username: str | None = None
    ) -> Person:
        """Somebody with a phone number (digits), or one known by a user id only.

        Whoever has a ``username`` hides the number. A person who exists gets the new name and username.
        """
        phone = phone.lstrip("+") if phone else None
        known = self._people.get(phone or user_id or "")
        if known is not None:
            known.name, known.username = name or known.name, username or known.username
            return known
        if user_id is None:
            user_id = user_id_of(phone) if phone else f"SN.{secrets.randbelow(10**20):020d}"
        if user_id in self._people:
            raise Conflict(f"The user id {user_id} belongs to somebody else.")
        if phone is None and username is None:
            username = f"user{next(self._numbers)}"
        person = Person(name or username or f"+{phone}", user_id, phone, username)
        self._people[user_id] = person
        if phone:
            self._people[phone] = person
        return person

    def person(self, key: str) -> Person:
        """By phone number or user id. Raises ``NotFound``."""
        found = self.known(key)
        if found is None:
            raise NotFound(f"Nobody has the number or user id {key}: add the person first.")
        return found

    def known(self, key: str) -> Person | None:
        """By phone number or user id."""
        return self._people.get(key.lstrip("+"))

    # Files

    def add_file(
        self,
        account: str,
        data: bytes,
        mime_type: str,
        *,
        filename: str | None = None,
        kind: str | None = None,
        received: bool = False,
    ) -> File:
        """Keep a file: 30 days when the business uploaded it, 7 when it was ``received`` from a person."""
        number = 1_000_000_000_000_000 + next(self._numbers)
        expires = self.clock.now() + (RECEIVED if received else UPLOADED)
        file = File(str(number), account, data, mime_type, expires, filename, kind)
        self.files[file.id] = file
        return file

    def file(self, account: str, file_id: str) -> File | None:
        """A file of this account, unless its id is forgotten."""
        found = self.files.get(file_id)
        if found is None or found.account != account or found.expires_at < self.clock.now():
            return None
        return found

    def address(self, file: File, edge: str, life: timedelta) -> str:
        """Where a file can be fetched for a while: ``{graph_url}/{edge}/{file id}?…``."""
        return self._addresses.address(f"{self.graph_url}/{edge}", file, self.clock.now() + life)

    def address_valid(self, file_id: str, expires: str, given: str) -> bool:
        return self._addresses.valid(file_id, expires, given, self.clock.now())
