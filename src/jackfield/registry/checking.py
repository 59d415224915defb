"""The seam at which a definition is judged before it is used or kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from jackfield.definition.model import ConnectorDefinition

Check = Callable[[ConnectorDefinition], Awaitable[None]]
"""Raises `InvalidDefinition` for what its execution model could not run.

It may take its time, such as to have another process look at a script. So it is awaited before the transaction that
stores the definition, and never inside.
"""
