"""Variants: which combinations of options exist, and how many pieces of each."""

from collections.abc import Mapping
from itertools import product

from griot.core.errors import InvalidInput

Options = dict[str, str]


def parse_options(text: str) -> dict[str, tuple[str, ...]]:
    """``taille:S|M;couleur:rouge|bleu`` -> ``{"taille": ("S", "M"), "couleur": ("rouge", "bleu")}``."""
    axes: dict[str, tuple[str, ...]] = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        name, colon, listed = part.partition(":")
        values = tuple(value.strip() for value in listed.split("|"))
        if not colon or not name.strip() or not all(values) or name.strip() in axes:
            raise InvalidInput(f"{text!r} is not a list of options: write them as taille:S|M;couleur:rouge|bleu.")
        axes[name.strip()] = values
    return axes


def variants_of(
    options: Mapping[str, tuple[str, ...]] | str | None, stock: int | Mapping[str, int]
) -> list[tuple[Options, int]]:
    """The variants to make and the pieces of each; without options a single one, with empty options."""
    axes = parse_options(options) if isinstance(options, str) else dict(options or {})
    for name, values in axes.items():
        if not values or len(set(values)) != len(values):
            raise InvalidInput(f"The option {name!r} needs values, each of them once: {', '.join(values) or 'none'}.")
    combinations = {"/".join(values): dict(zip(axes, values, strict=True)) for values in product(*axes.values())}
    if isinstance(stock, int):
        pieces = dict.fromkeys(combinations, stock)
    else:
        pieces = dict(stock)
        unknown = [name for name in pieces if name not in combinations]
        if unknown or not pieces:
            wrong = f"there is no variant {unknown[0]!r}" if unknown else "no variant is named"
            known = ", ".join(name for name in combinations if name) or "none, give one number"
            raise InvalidInput(f"In the stock by variant {wrong} (variants: {known}).")
    negative = next((number for number in pieces.values() if number < 0), None)
    if negative is not None:
        raise InvalidInput(f"A stock of {negative} pieces cannot be: give 0 or more.")
    return [(combination, pieces[name]) for name, combination in combinations.items() if name in pieces]
