"""Telling operators that a deprecated command is still in use."""

from __future__ import annotations

from jackfield.dispatch.ready import Ready


def warn_if_deprecated(ready: Ready) -> None:
    """One structured warning per call; the command runs all the same."""
    deprecated = ready.command.deprecated
    if deprecated is None:
        return
    fields = {
        "connector": ready.target.name,
        "command": ready.command.name,
        "connector_version": ready.definition.version,
        "deprecation": deprecated.message,
    }
    told = f": {deprecated.message}" if deprecated.message else ""
    ready.log.warning(
        "command `%s` of `%s` %s is deprecated%s",
        ready.command.name,
        ready.target.name,
        ready.definition.version,
        told,
        extra=fields,
    )
