"""The list of steps that every call takes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jackfield.credentials.resolve import authorize
from jackfield.definition.model import ExecutionModelName
from jackfield.definition.outcome import Outcome
from jackfield.dispatch.call import Call
from jackfield.dispatch.deprecation import warn_if_deprecated
from jackfield.dispatch.execute import execute
from jackfield.dispatch.mocks import answer_from_mock, wants_mock
from jackfield.dispatch.permit import permit
from jackfield.dispatch.ready import Ready, ReadyCommands
from jackfield.dispatch.record import Progress, keep, keep_cancellation, keep_refusal
from jackfield.dispatch.settle import settle
from jackfield.dispatch.validate import validate
from jackfield.egress.pools import Pools
from jackfield.errors import JackfieldError
from jackfield.execution.model import ExecutionModel
from jackfield.registry.errors import ExecutionModelMissing
from jackfield.storage.executions import ExecutionLog
from jackfield.vault.secrets import SecretStore


@dataclass(kw_only=True)
class Dispatcher:
    """Makes calls."""

    commands: ReadyCommands
    models: Mapping[ExecutionModelName, ExecutionModel]
    secrets: SecretStore
    pools: Pools
    log: ExecutionLog
    mock_everywhere: bool = False

    async def run(self, call: Call) -> Outcome[Any]:
        """One call, from start to finish.

        Raises:
            JackfieldError: It could not start. What ran and failed is a failed outcome.
        """
        mocked = wants_mock(call.options, everywhere=self.mock_everywhere)
        ready = self.commands.get(call, mocked=mocked)
        progress = Progress(call, ready)
        try:
            outcome = await self._carry_out(call, ready, progress, mocked)
        except JackfieldError as error:
            await keep_refusal(self.log, progress, error)
            raise
        except asyncio.CancelledError:
            await keep_cancellation(self.log, progress)
            raise
        await keep(self.log, progress, outcome)
        return outcome

    async def _carry_out(self, call: Call, ready: Ready, progress: Progress, mocked: bool) -> Outcome[Any]:
        permit(ready, call)
        model = self._model(ready)
        valid = validate(ready, call)
        progress.params = valid.params
        warn_if_deprecated(ready)
        if mocked:
            progress.use()
            return settle(answer_from_mock(ready, model, valid.params, call.options), progress, mocked=True)
        access = await authorize(ready.definition.auth, ready.config, self.secrets, call.principal)
        progress.use(*access.secrets)
        outcome, answer = await execute(progress, valid, access.scheme, model=model, pools=self.pools)
        return settle(outcome, progress, answer=answer)

    def _model(self, ready: Ready) -> ExecutionModel:
        name = ready.definition.execution_model
        if (model := self.models.get(name)) is None:
            raise ExecutionModelMissing(connector=ready.target.name, model=name, installed=list(self.models))
        return model
