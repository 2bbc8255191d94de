"""Views, what can be done in them, and who may: every view and act says the scope it needs, and gets a desk.

A view is made in its file under ``views``::

    view = View("orders", "orders:read")

    @view.show
    async def show(desk: Desk, at: Address) -> Shown: ...

    @view.act("orders:write")
    async def cancel(desk: Desk, order: int) -> Done: ...

The act is called ``orders.cancel``; its arguments come from a form and are read as their annotations say.
"""

import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints
from urllib.parse import parse_qsl, unquote, urlsplit

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, create_model
from starlette.responses import Response

from griot.core.db.pool import Tx
from griot.core.errors import Forbidden, InvalidInput, NotFound
from griot.tools.users.scopes import SCOPES
from griot.ui.desk import Desk


@dataclass(frozen=True, slots=True)
class Address:
    """Where in the console somebody is: ``/orders/12?status=paid`` is the view ``orders``, ``("12",)`` and a query."""

    view: str
    rest: tuple[str, ...] = ()
    query: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> "Address":
        split = urlsplit(text)
        view, *rest = [unquote(part) for part in split.path.split("/") if part] or [""]
        return cls(view, tuple(rest), dict(parse_qsl(split.query)))

    def number(self) -> int | None:
        """The number after the view, if there is one; ``NotFound`` when it is none."""
        if not self.rest:
            return None
        if not self.rest[0].isascii() or not self.rest[0].isdigit() or len(self.rest[0]) > 18:
            raise NotFound(f"There is nothing at {self.rest[0]!r}.")
        return int(self.rest[0])

    def get(self, name: str) -> str | None:
        return self.query.get(name) or None


@dataclass(frozen=True, slots=True)
class Shown:
    """A view as it stands: ``frame`` is the template that lays out its ``parts``, each a template of its own.

    Parts are rendered with ``data``, and sent again when something happened; the frame must not show what changes.
    ``title``: what the browser's tab says; ``again``: seconds after which it is looked at again though nothing
    happened, as long as it stands so.
    """

    frame: str
    parts: tuple[str, ...]
    data: Mapping[str, Any]
    title: str
    again: float | None = None


class WrongField(InvalidInput):
    """A value that cannot be, told beside its field of the form; ``why`` in the language of the desk."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field = field


@dataclass(frozen=True, slots=True)
class Done:
    """What an act did: ``say`` is told in passing, ``go`` is where to go on, ``sheet`` a template shown above the view
    with ``data``: a preview to agree to, or what is shown once."""

    say: str = ""
    go: str | None = None
    sheet: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


# The number of something of a shop, as an act is told it.
Number = Annotated[int, Field(ge=1, le=2**63 - 1)]

Show = Callable[[Desk, Address], Awaitable[Shown]]
Act = Callable[..., Awaitable[Done]]
Hand = Callable[..., Awaitable[Response]]
Count = Callable[[Tx], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Guarded:
    """Something that a view does, behind the scope it needs."""

    name: str
    scope: str
    call: Callable[..., Awaitable[Any]]
    arguments: type[BaseModel]

    async def open(self, desk: Desk, given: Mapping[str, Any]) -> Any:
        """Do it. ``Forbidden`` for the wrong role; ``pydantic.ValidationError`` when an argument cannot be read."""
        allow(desk, self.scope)
        read = self.arguments.model_validate(dict(given))
        return await self.call(desk, **{name: getattr(read, name) for name in type(read).model_fields})


class View:
    """One screen of the console. ``concerns``: beginnings of the kinds of events that change what it shows (none given:
    all); ``personal``: it shows what only this user sees; ``every``: seconds after which it is looked at again though
    nothing happened."""

    def __init__(
        self,
        name: str,
        scope: str,
        *,
        concerns: tuple[str, ...] = ("",),
        personal: bool = False,
        every: float | None = None,
    ) -> None:
        assert scope in SCOPES, scope
        self.name = name
        self.scope = scope
        self.concerns = concerns
        self.personal = personal
        self.every = every
        self.acts: dict[str, Guarded] = {}
        self.files: dict[str, Guarded] = {}
        self.waiting: Count | None = None
        self._show: Show | None = None

    def show(self, function: Show) -> Show:
        """What the view shows at an address."""
        self._show = function
        return function

    def badge(self, function: Count) -> Count:
        """How many things wait for somebody in the view; told wherever one is."""
        self.waiting = function
        return function

    def act(self, scope: str) -> Callable[[Act], Act]:
        """Something that can be done in the view."""
        return self._door(scope, self.acts)

    def file(self, scope: str) -> Callable[[Hand], Hand]:
        """Something that can be fetched: a document, a recording, an export. ``/files/<view>.<name>?…``."""
        return self._door(scope, self.files)

    def _door(self, scope: str, doors: dict[str, Guarded]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        assert scope in SCOPES, scope

        def add(function: Callable[..., Any]) -> Callable[..., Any]:
            name = f"{self.name}.{function.__name__}"
            doors[name] = Guarded(name, scope, function, _arguments(name, function))
            return function

        return add

    async def look(self, desk: Desk, at: Address) -> Shown:
        """What is shown at this address; ``Forbidden`` for the wrong role."""
        allow(desk, self.scope)
        assert self._show is not None, self.name
        return await self._show(desk, at)


def allow(desk: Desk, scope: str) -> None:
    if scope not in desk.access.scopes:
        raise Forbidden(f"This needs {scope}, which the role {desk.access.role} does not have.")


def _arguments(name: str, function: Callable[..., Any]) -> type[BaseModel]:
    """The arguments of an act after its desk, as a model that reads what a form sends."""
    hints = get_type_hints(function, include_extras=True)
    fields: dict[str, Any] = {}
    for parameter in list(inspect.signature(function).parameters.values())[1:]:
        kind = hints[parameter.name]
        default = ... if parameter.default is parameter.empty else parameter.default
        if default is None or _optional(kind):
            kind = Annotated[kind, BeforeValidator(_none_if_empty)]
        elif get_origin(kind) is list:
            kind = Annotated[kind, BeforeValidator(_several)]
        fields[parameter.name] = (kind, default)
    return create_model(name, __config__=ConfigDict(extra="ignore", str_max_length=20_000), **fields)


def _optional(kind: Any) -> bool:
    if get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    return get_origin(kind) in (Union, UnionType) and type(None) in get_args(kind)


def _none_if_empty(value: Any) -> Any:
    """A field of a form that was left empty."""
    return None if value == "" else value


def _several(value: Any) -> Any:
    """A field of which a form may send one value or more."""
    return value if isinstance(value, list) else [value]
