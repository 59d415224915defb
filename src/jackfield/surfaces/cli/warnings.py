"""Warnings for people: those that say the same are one line."""

from __future__ import annotations

from collections.abc import Iterable

import click

SHOWN = 20
"""Lines that are printed; all warnings are in the JSON."""
_PLACES = 3


def echo_warnings(warnings: Iterable[tuple[str, str]]) -> None:
    """Print warnings to stderr: `warning: PLACE: MESSAGE`, or how many places there are and the first three.

    Args:
        warnings: Place and message of each.
    """
    places: dict[str, list[str]] = {}
    for place, message in warnings:
        places.setdefault(message, []).append(place or "/")
    for message, at in list(places.items())[:SHOWN]:
        click.echo(f"warning: {_line(message, at)}", err=True)
    if left := list(places.values())[SHOWN:]:
        click.echo(f"warning: there are {sum(map(len, left)):,} more; `--json` has them all", err=True)


def _line(message: str, places: list[str]) -> str:
    if len(places) == 1:
        return f"{places[0]}: {message}"
    first = ", ".join(places[:_PLACES])
    return f"{message} (in {len(places):,} places: {first}{', ...' if len(places) > _PLACES else ''})"
