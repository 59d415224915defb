"""Whether the call may be made at all."""

from __future__ import annotations

from jackfield.access.errors import Denied
from jackfield.dispatch.call import Call
from jackfield.dispatch.errors import (
    ApprovalMissing,
    CommandWrites,
    ConnectorDisabled,
    InvalidOption,
    OptionNotSupported,
)
from jackfield.dispatch.ready import Ready, ReadyCommands
from jackfield.dispatch.record import OnDenied, tell_denied
from jackfield.errors import JackfieldError

NEEDS_APPROVAL = "needsApproval"
"""Key of the `source` of a type: connectors of it can be called once an administrator has made or approved them."""


async def find(commands: ReadyCommands, call: Call, on_denied: OnDenied | None) -> Ready:
    """The command that `call` means.

    Raises:
        ScopeMissing: There is none, and the caller may not call: errors that name what there is are for those who may.
        JackfieldError: As `ReadyCommands.get`.
    """
    try:
        return await commands.get(call)
    except JackfieldError:
        try:
            call.principal.require("execute")
        except Denied as error:
            await tell_denied(on_denied, call.principal, call.target, error)
            raise error from None
        raise


def permit(ready: Ready, call: Call) -> None:
    """Do nothing if the call may be made.

    Raises:
        ScopeMissing: The caller's token does not allow calls.
        ConnectorDisabled: The connector is switched off.
        ApprovalMissing: Its type needs an administrator who stands for it, and nobody does.
        CommandWrites: Only reading is allowed, and the command may change something.
        InvalidOption: The call asks for a plan, and for an answer from a mock.
        OptionNotSupported: The call asks for something that nothing here carries out.
    """
    call.principal.require("execute")
    connector, options = ready.target.connector, call.options
    if connector is not None and not connector.enabled:
        raise ConnectorDisabled(connector=connector.full_name)
    if ready.definition.source.get(NEEDS_APPROVAL) and (connector is None or connector.chosen_by is not None):
        raise ApprovalMissing(connector=ready.target.name)
    if call.reads_only and not ready.command.reads_only:
        raise CommandWrites(connector=ready.target.name, command=ready.command.name)
    wanted = {
        "retries": options.retries,
        "version": options.version,
    }
    for option, value in wanted.items():
        if value:
            raise OptionNotSupported(option=option)
    if options.plan and (options.use_mock or options.scenario):
        raise InvalidOption(option="plan", problem="is given together with a mock", hint="leave one of them out")
