"""One child process, kept warm, for work that is slow, or may crash on hostile bytes, or may never end.

Calls are done one after the other, at a low priority, so that the process that answers text stays quick. A call that
ends the child, or overruns its time and is killed with it, fails alone: the next call gets a new child.
"""

import asyncio
import multiprocessing
import os
import pickle
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import ParamSpec, TypeVar

from griot.core.errors import GriotError

NICE = 10
START_SECONDS = 60.0  # a new child may need to come up, before its first call

P = ParamSpec("P")
T = TypeVar("T")


class Died(GriotError):
    """The child process ended in the middle of a call."""


class Overran(GriotError):
    """A call took longer than it may, and its child process was killed."""


class Busy(GriotError):
    """Too many calls wait already; try again later."""

    status = 503


class Isolated:
    """Runs functions in a child process of its own, started at the first call; at most ``waiting`` calls wait."""

    def __init__(self, *, waiting: int = 64) -> None:
        self._most = waiting + 1
        self._calls = 0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="isolated")
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None

    async def call(self, seconds: float, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What ``function`` of a module returns for these arguments, or what it raises.

        ``seconds``: how long it may work, once it is its turn. Raises ``Died``, ``Overran``, ``Busy``.
        """
        if self._calls >= self._most:
            raise Busy(f"{self._calls} calls wait already.")
        self._calls += 1
        try:
            loop = asyncio.get_running_loop()
            work = pickle.dumps((function, args, kwargs))
            answer = await loop.run_in_executor(self._thread, self._ask, work, seconds)
        finally:
            self._calls -= 1
        return answer  # type: ignore[return-value]

    def close(self) -> None:
        """End the child; calls under way fail with ``Died``."""
        self._thread.shutdown(wait=False, cancel_futures=True)
        self._kill()

    def _ask(self, work: bytes, seconds: float) -> object:
        process, pipe = self._child()
        try:
            pipe.send_bytes(work)
            if not pipe.poll(seconds):
                self._kill()
                raise Overran(f"A call took longer than {seconds:g} seconds.")
            done, answer = pickle.loads(pipe.recv_bytes())  # noqa: S301 - from our own child
        except (EOFError, OSError) as error:
            self._kill()
            raise Died(f"The child process ended with {process.exitcode} in the middle of a call.") from error
        if not done:
            raise answer
        return answer

    def _child(self) -> tuple[SpawnProcess, Connection]:
        """The child that runs, or a new one that says it is ready."""
        if self._process and self._pipe and self._process.is_alive():
            return self._process, self._pipe
        self._kill()
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True, name="isolated")
        self._process.start()
        theirs.close()
        try:
            ready = self._pipe.poll(START_SECONDS) and self._pipe.recv_bytes()
        except (EOFError, OSError):
            ready = b""
        if not ready:
            self._kill()
            raise Died("The child process did not start.")
        return self._process, self._pipe

    def _kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.join()
        if self._pipe:
            self._pipe.close()
        self._process = self._pipe = None


def _serve(pipe: Connection) -> None:
    """The child: answers calls until the parent is gone."""
    os.nice(NICE)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then ends us
    with suppress(EOFError, OSError):
        pipe.send_bytes(b"ready")
        while True:
            function, args, kwargs = pickle.loads(pipe.recv_bytes())  # noqa: S301 - from our own parent
            pipe.send_bytes(_answer(function, args, kwargs))


def _answer(function: Callable[..., object], args: tuple[object, ...], kwargs: dict[str, object]) -> bytes:
    try:
        return pickle.dumps((True, function(*args, **kwargs)))
    except Exception as error:  # noqa: BLE001 - raised again in the parent
        try:
            packed = pickle.dumps((False, error))
            pickle.loads(packed)  # noqa: S301 - some exceptions pack and do not unpack
        except Exception:  # noqa: BLE001 - see above
            return pickle.dumps((False, RuntimeError(f"{type(error).__name__}: {error}")))
        return packed
