"""What a runtime has recorded."""

from __future__ import annotations

from collections.abc import Sequence

from jackfield.access.principal import LOCAL, Principal
from jackfield.app.embedded import Embedded
from jackfield.manage.execution_views import ExecutionView


async def recorded(runtime: Embedded, *, principal: Principal = LOCAL) -> Sequence[ExecutionView]:
    """The executions that `principal` sees, newest first."""
    resources = await runtime.open()
    return (await resources.executions.list(principal)).items
