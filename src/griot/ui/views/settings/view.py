"""The view of the settings, and what its sections have in common."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from griot.core.errors import InvalidInput, NotFound
from griot.ui.desk import Desk
from griot.ui.registry import Address, Shown, View, WrongField, allow

view = View("settings", "settings:read", personal=True)

Read = Callable[[Desk, Address], Awaitable[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the settings. ``scope``: what one needs to see it, beside that of the view; ``read`` brings what its
    template shows, ``template`` when that depends on the address."""

    name: str
    icon: str
    read: Read
    scope: str = "settings:read"
    template: Callable[[Address], str] | None = None


def index(desk: Desk, sections: Sequence[Section]) -> Shown:
    """The sections that somebody may see."""
    seen = [section for section in sections if desk.may(section.scope)]
    return Shown("settings/index.html", ("sections",), {"sections": seen}, desk.t("settings.title"))


async def section_at(desk: Desk, at: Address, sections: Sequence[Section]) -> Shown:
    """One section. ``NotFound``: there is none of this name; ``Forbidden``: not for this role."""
    section = next((known for known in sections if known.name == at.rest[0]), None)
    if section is None:
        raise NotFound(f"There are no settings {at.rest[0]!r}.")
    allow(desk, section.scope)
    part = section.template(at) if section.template else section.name
    seen = [known for known in sections if desk.may(known.scope)]
    data = {"sections": seen, "section": section, **await section.read(desk, at)}
    return Shown("settings/view.html", ("menu", part), {**data, "body": part}, desk.t(f"settings.name.{section.name}"))


@contextmanager
def beside(field: str, why: str) -> Iterator[None]:
    """What the tools refuse is told beside this field of the form."""
    try:
        yield
    except InvalidInput:
        raise WrongField(field, why) from None
