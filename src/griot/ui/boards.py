"""Views that stay true: what consoles look at is rendered again when something happened, once for all who see the same.

A board is a view at an address, for a shop, a language and a set of rights. It is rendered at most once a beat, however
much happens, and only the parts that changed are sent. Who comes (again) first gets the whole view, so that nothing is
missed, whatever was lost in between.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass, field
from typing import TypeVar

from griot.core import logs
from griot.core.errors import Conflict, GriotError
from griot.core.feed import Feed, Signal, Watcher
from griot.ui.desk import Desk
from griot.ui.registry import Address, View
from griot.ui.showing import Rendered, render

log = logs.get(__name__)
T = TypeVar("T")

BEAT = 0.3  # seconds from the beginning of one rendering of a board to that of the next
PAUSE = 0.05  # seconds at least between two renderings
WAITING = 8  # changes that a slow console may have waiting; then it gets the whole view
_IDLE = 30.0
_ALWAYS = ("escalation.",)  # what waits for somebody is told in every view


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be shown anew: all of it when ``frame`` is given, else these parts."""

    parts: dict[str, str]
    frame: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class _Key:
    view: str
    shop_id: int
    language: str
    scopes: frozenset[str]
    at: tuple[tuple[str, ...], frozenset[tuple[str, str]]]
    actor: str


@dataclass(eq=False)
class Board:
    """A view that somebody looks at."""

    view: View
    desk: Desk
    at: Address
    shown: Rendered
    consoles: set[asyncio.Queue[Change | None]] = field(default_factory=set)
    task: asyncio.Task[None] | None = None
    idle: bool = False  # nothing is being read: it may be stopped at once
    read_at: float = 0.0  # by the machine's clock, which only runs

    def whole(self) -> Change:
        return Change(dict(self.shown.parts), self.shown.frame, self.shown.title)

    async def follow(self, feed: Feed) -> None:
        """Render again when something happened that concerns the view, until nobody looks any more."""
        while self.consoles:
            try:
                async with feed.watch(self.desk.access.shop_id) as watcher:
                    await self._render()  # something may have happened before the watch began
                    while self.consoles:
                        if await self._something(watcher):
                            await self._render()
                        await self._at_rest(asyncio.sleep(max(PAUSE, self.read_at + BEAT - time.monotonic())))
            except Conflict:  # the watch was over: what was missed is shown with the next
                await asyncio.sleep(PAUSE)
            except GriotError:  # what was shown is gone, or no longer for these eyes
                for console in self.consoles:
                    console.put_nowait(None)
                return
            except Exception as error:  # the view is shown again when its cause is gone
                log.warning("a board could not be rendered", view=self.view.name, exc_info=error)
                await asyncio.sleep(1)

    def leave(self, console: asyncio.Queue[Change | None]) -> None:
        """A console looks elsewhere. The last one stops the board, though not in the middle of reading: a connection
        that is cut off in a statement has to be thrown away."""
        self.consoles.discard(console)
        if not self.consoles and self.idle and self.task:
            self.task.cancel()

    async def _at_rest(self, waiting: Awaitable[T]) -> T:
        self.idle = True
        try:
            return await waiting
        finally:
            self.idle = False

    async def _something(self, watcher: Watcher) -> bool:
        """Wait for news, and take all that there are; whether any concerns the view, or it is time to look again."""
        again = self.shown.again
        first = await self._at_rest(watcher.next(again or _IDLE))
        if again is not None and time.monotonic() - self.read_at >= again:
            return True
        if first is None:
            return False
        concerns = self._concerns(first)
        while (further := await watcher.next(0)) is not None:
            concerns = self._concerns(further) or concerns
        return concerns

    def _concerns(self, signal: Signal) -> bool:
        if signal.event is not None:
            return signal.event.kind.startswith((*self.view.concerns, *_ALWAYS))
        if signal.thread is not None:
            return "conversation.".startswith(self.view.concerns)
        return True

    async def _render(self) -> None:
        self.read_at = time.monotonic()
        before, self.shown = self.shown, await render(self.view, self.desk, self.at)
        if self.shown.frame != before.frame or self.shown.parts.keys() != before.parts.keys():
            return self._tell(self.whole())
        changed = {name: html for name, html in self.shown.parts.items() if before.parts[name] != html}
        if changed:
            self._tell(Change(changed))
        return None

    def _tell(self, change: Change) -> None:
        for console in self.consoles:
            if console.qsize() >= WAITING:
                while not console.empty():
                    console.get_nowait()
                change = self.whole()
            console.put_nowait(change)


class Boards:
    """The boards of this process."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._boards: dict[_Key, Board] = {}

    @contextlib.asynccontextmanager
    async def watch(self, view: View, desk: Desk, at: Address) -> AsyncIterator[asyncio.Queue[Change | None]]:
        """What a console has to show, from the whole view on; None: nothing any more. Errors of the view come out
        before anything is shown."""
        key = _Key(
            view.name,
            desk.access.shop_id,
            desk.language,
            desk.access.scopes,
            (at.rest, frozenset(at.query.items())),
            desk.access.actor if view.personal else "",
        )
        board = self._boards.get(key)
        if board is None:
            shown = await asyncio.shield(render(view, desk, at))
            board = self._boards.setdefault(key, Board(view, desk, at, shown))
        console: asyncio.Queue[Change | None] = asyncio.Queue()
        console.put_nowait(board.whole())
        board.consoles.add(console)
        if board.task is None:
            board.task = asyncio.create_task(board.follow(self._feed), name=f"board:{view.name}")
        try:
            yield console
        finally:
            board.leave(console)
            if not board.consoles and self._boards.get(key) is board:
                del self._boards[key]
