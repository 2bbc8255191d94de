"""The view and its pages: each says which it is by the first part of its address."""

from collections.abc import Awaitable, Callable

from griot.core.errors import NotFound
from griot.ui.desk import Desk
from griot.ui.registry import Address, Shown, View

view = View("quality", "evals:read", concerns=("eval.", "reply.", "case."))

Page = Callable[[Desk, Address], Awaitable[Shown]]
_PAGES: dict[str, Page] = {}


def page(name: str) -> Callable[[Page], Page]:
    """What is shown at ``/quality/<name>``."""

    def add(function: Page) -> Page:
        _PAGES[name] = function
        return function

    return add


@view.show
async def show(desk: Desk, at: Address) -> Shown:
    """The page of the address."""
    name = at.rest[0] if at.rest else ""
    if name not in _PAGES:
        raise NotFound(f"There is nothing at {name!r}.")
    return await _PAGES[name](desk, at)
