"""A process of the house that kills itself, as by kill -9, at the nth pass of a chosen point.

``python tests/faults/dying.py worker griot.tools.outbox.service.record before 1``
"""

import asyncio
import functools
import importlib
import inspect
import os
import signal
import sys
from typing import Any


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def arm(point: str, when: str, nth: int) -> None:
    """Replace the function at ``point`` by one that dies before or after its nth call has done its work."""
    module_name, _, name = point.rpartition(".")
    try:
        owner: Any = importlib.import_module(module_name)
    except ModuleNotFoundError:
        module_name, _, class_name = module_name.rpartition(".")
        owner = getattr(importlib.import_module(module_name), class_name)
    original = getattr(owner, name)
    assert inspect.iscoroutinefunction(original), point
    passes = 0

    @functools.wraps(original)
    async def armed(*args: Any, **kwargs: Any) -> Any:
        nonlocal passes
        passes += 1
        mine = passes
        if when == "before" and mine == nth:
            _die()
        result = await original(*args, **kwargs)
        if when == "after" and mine == nth:
            _die()
        return result

    setattr(owner, name, armed)


def main() -> None:
    process, point, when, nth = sys.argv[1:5]
    from griot.core.settings import settings

    if process == "api":
        import uvicorn

        from griot.api.app import create_app

        arm(point, when, int(nth))
        uvicorn.run(create_app(settings()), host="127.0.0.1", port=settings().port, log_config=None)
    else:
        from griot.worker.main import run_worker

        arm(point, when, int(nth))
        asyncio.run(run_worker(settings()))


if __name__ == "__main__":
    main()
