"""One piece of work with a runtime that is opened for it, and closed whatever happens."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from jackfield.access.principal import Principal
from jackfield.manage.resources import Resources
from jackfield.surfaces.runtime import Runtime

T = TypeVar("T")


def managed(make_runtime: Any, work: Callable[[Resources, Principal], Awaitable[T]], paths: Sequence[Path] = ()) -> T:
    """The result of `work`, which gets what can be managed, and who asks.

    Args:
        make_runtime: As every command finds it in its context.
        work: Asked once.
        paths: Files and folders with connectors, instead of those that are set.
    """

    async def run() -> T:
        runtime: Runtime = make_runtime(paths)
        try:
            return await work(await runtime.open(), await runtime.principal())
        finally:
            await runtime.close()

    return asyncio.run(run())
