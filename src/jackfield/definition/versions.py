"""Which version a changed definition needs: major for what breaks callers, minor for what they can now do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from jackfield.definition.model import CommandDefinition, ConnectorDefinition
from jackfield.definition.names import folded

Bump = Literal["patch", "minor", "major"]

_ORDER: tuple[Bump, ...] = ("patch", "minor", "major")

_DESCRIBED = frozenset({"openapi", "mcp"})
"""Models whose commands a service describes, and whose defaults are the service's."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """One difference between two versions of a definition, and the bump that it needs."""

    bump: Bump
    reason: str


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """All differences that count.

    Attributes:
        floor: The least bump that is honest.
        changes: Why, breaking ones first.
    """

    floor: Bump
    changes: tuple[Change, ...]


def compare(old: ConnectorDefinition, new: ConnectorDefinition) -> Comparison:
    """What changed from `old` to `new` for those who call it.

    Names that differ only in case style are the same name, since look-up ignores it; the keys of a payload
    are taken to the letter.
    """
    changes = [*_command_changes(old, new), *_field_changes(old, new)]
    changes.sort(key=lambda change: -_ORDER.index(change.bump))
    return Comparison(floor=changes[0].bump if changes else "patch", changes=tuple(changes))


def next_version(version: str, bump: Bump) -> str:
    """`version` raised by `bump`; `1.2.3` and `minor` give `1.3.0`. Source: Semantic Versioning 2.0.0."""
    major, minor, patch = parse(version)
    if bump == "major":
        return f"{major + 1}.0.0"
    return f"{major}.{minor + 1}.0" if bump == "minor" else f"{major}.{minor}.{patch + 1}"


def bump_between(old: str, new: str) -> Bump | None:
    """Which number was raised first; `None` when `new` is not above `old`."""
    before, after = parse(old), parse(new)
    if after <= before:
        return None
    return "major" if after[0] > before[0] else "minor" if after[1] > before[1] else "patch"


def suffices(given: Bump | None, floor: Bump) -> bool:
    """Whether a bump clears the floor."""
    return given is not None and _ORDER.index(given) >= _ORDER.index(floor)


def parse(version: str) -> tuple[int, int, int]:
    """The three numbers of a version that a definition has been checked to have."""
    major, minor, patch = version.split(".")
    return int(major), int(minor), int(patch)


def _command_changes(old: ConnectorDefinition, new: ConnectorDefinition) -> Iterator[Change]:
    before, after = _by_fold(old.commands.values()), _by_fold(new.commands.values())
    for name in _gone(before, after):
        yield Change(bump="major", reason=f"command `{before[name].name}` was removed")
    for name in _gone(after, before):
        yield Change(bump="minor", reason=f"command `{after[name].name}` is new")
    for name in before:
        if name in after:
            yield from _param_changes(before[name], after[name], described=new.execution_model in _DESCRIBED)
            yield from _output_changes(before[name], after[name])


def _param_changes(old: CommandDefinition, new: CommandDefinition, *, described: bool) -> Iterator[Change]:
    """What changed of the params.

    Args:
        old: The command as it was.
        new: The same command as it is.
        described: By the service itself, whose defaults they are: there, what may be left out breaks nobody.
    """
    before = {folded(name): name for name in old.properties}
    after = {folded(name): name for name in new.properties}
    for name in _gone(before, after):
        yield Change(bump="major", reason=f"param `{before[name]}` of `{new.name}` was removed")
    for name in _gone(after, before):
        param = after[name]
        if described and param not in new.params.get("required", ()):
            yield Change(bump="minor", reason=f"param `{param}` of `{new.name}` is new and optional")
        elif "default" in new.properties[param]:
            yield Change(bump="minor", reason=f"param `{param}` of `{new.name}` is new, with a default")
        else:
            yield Change(bump="major", reason=f"param `{param}` of `{new.name}` is new and has no default")


def _output_changes(old: CommandDefinition, new: CommandDefinition) -> Iterator[Change]:
    before, after = dict.fromkeys(old.outputs), dict.fromkeys(new.outputs)
    for name in _gone(before, after):
        yield Change(bump="major", reason=f"output `{name}` of `{new.name}` was removed")
    for name in _gone(after, before):
        yield Change(bump="minor", reason=f"output `{name}` of `{new.name}` is new")


def _field_changes(old: ConnectorDefinition, new: ConnectorDefinition) -> Iterator[Change]:
    before = {folded(f.name): f for f in old.fields}
    after = {folded(f.name): f for f in new.fields}
    for name in _gone(before, after):
        yield Change(bump="major", reason=f"connection field `{before[name].name}` was removed")
    for name in _gone(after, before):
        if after[name].required:
            yield Change(bump="major", reason=f"connection field `{after[name].name}` is new and required")
        else:
            yield Change(bump="minor", reason=f"connection field `{after[name].name}` is new and optional")


def _by_fold(commands: Iterable[CommandDefinition]) -> dict[str, CommandDefinition]:
    return {folded(command.name): command for command in commands}


def _gone(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return [name for name in before if name not in after]
