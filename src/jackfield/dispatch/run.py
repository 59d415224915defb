"""The list of steps that every call takes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from jackfield.credentials.service import CredentialService
from jackfield.definition.model import ExecutionModelName
from jackfield.definition.outcome import Outcome
from jackfield.dispatch.call import Call, Recorded
from jackfield.dispatch.connect import connect
from jackfield.dispatch.deprecation import warn_if_deprecated
from jackfield.dispatch.execute import execute, model_of
from jackfield.dispatch.journal import Journal
from jackfield.dispatch.mocks import answer_from_mock
from jackfield.dispatch.permit import find, permit
from jackfield.dispatch.ready import Ready, ReadyCommands
from jackfield.dispatch.record import OnDenied, Progress, keep, keep_cancellation, keep_refusal
from jackfield.dispatch.settle import settle
from jackfield.dispatch.validate import validate
from jackfield.dispatch.writes import Writes
from jackfield.egress.pools import Pools
from jackfield.errors import JackfieldError
from jackfield.execution.model import ExecutionModel


@dataclass(kw_only=True)
class Dispatcher:
    """Makes calls."""

    commands: ReadyCommands
    models: Mapping[ExecutionModelName, ExecutionModel]
    credentials: CredentialService
    pools: Pools
    journal: Journal
    on_denied: OnDenied | None = None
    _writes: Writes = field(init=False)

    def __post_init__(self) -> None:
        self._writes = Writes(self.journal)

    async def run(self, call: Call) -> Recorded:
        """One call, from start to finish, recorded.

        Raises:
            JackfieldError: It could not start, or could not be recorded. What ran and failed is a failed outcome.
        """
        return await self.run_ready(call, await find(self.commands, call, self.on_denied))

    async def run_ready(self, call: Call, ready: Ready) -> Recorded:
        """As `run`, of a command that was found."""
        progress = Progress(call, ready)
        try:
            outcome = await self._carry_out(call, ready, progress)
        except JackfieldError as error:
            await keep_refusal(self.journal, progress, error, self.on_denied)
            raise
        except asyncio.CancelledError:
            await keep_cancellation(self.journal, progress)
            raise
        return outcome if isinstance(outcome, Recorded) else await keep(self.journal, progress, outcome)

    async def _carry_out(self, call: Call, ready: Ready, progress: Progress) -> Outcome[Any] | Recorded:
        permit(ready, call)
        model = model_of(self.models, ready, call)
        progress.params = (valid := validate(ready, call)).params
        warn_if_deprecated(ready)
        if ready.mocked:
            return settle(await answer_from_mock(progress, model, self.models), progress, mocked=True)
        connected = progress.connected(await connect(ready, self.credentials, call, sends=not call.options.plan))
        send = partial(execute, progress, valid, connected, model=model, pools=self.pools)
        if ready.command.reads_only or call.options.plan:
            return settle(await send(), progress)
        finish = partial(settle, progress=progress)
        return await self._writes.carry_out(progress, valid, send=send, finish=finish, through_http=model.through_http)
