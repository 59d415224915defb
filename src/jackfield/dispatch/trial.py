"""Calling a connector that is kept nowhere."""

from __future__ import annotations

from contextlib import suppress

from jackfield.dispatch.call import Call, Recorded
from jackfield.dispatch.run import Dispatcher
from jackfield.errors import JackfieldError
from jackfield.execution.model import Keeper
from jackfield.registry.resolve import Target


async def try_out(dispatcher: Dispatcher, call: Call, target: Target) -> Recorded:
    """One call of a connector as somebody has described it just now. Nothing but its record is kept.

    It takes the same steps as any other: permission, validation, credentials, network policy, limits, masking.

    Args:
        dispatcher: Makes the call.
        call: Whose `target` is a name for people.
        target: The connector, with an id of its own.

    Raises:
        JackfieldError: As `Dispatcher.run`.
    """
    ready = dispatcher.commands.prepare(target, call)
    try:
        return await dispatcher.run_ready(call, ready)
    finally:
        dispatcher.commands.forget(ready)
        model: object = dispatcher.models.get(ready.definition.execution_model)
        if isinstance(model, Keeper) and target.connector is not None:
            model.forget(target.connector.id)
        if ready.auth.get("type") == "oauth2" and target.connector is not None:
            grants, owner = dispatcher.credentials.oauth.refresher.grants, target.connector
            with suppress(JackfieldError):  # what cannot be deleted must not hide how the call went
                await grants.discard(tenant=owner.tenant, connector_id=owner.id)
