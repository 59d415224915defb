"""Whether the call may be made at all."""

from __future__ import annotations

from jackfield.dispatch.call import Call
from jackfield.dispatch.errors import ConnectorDisabled, OptionNotSupported
from jackfield.dispatch.ready import Ready


def permit(ready: Ready, call: Call) -> None:
    """Do nothing if the call may be made.

    Raises:
        ScopeMissing: The caller's token does not allow calls.
        ConnectorDisabled: The connector is switched off.
        OptionNotSupported: The call asks for something that nothing here carries out.
    """
    call.principal.require("execute")
    connector, options = ready.target.connector, call.options
    if connector is not None and not connector.enabled:
        raise ConnectorDisabled(connector=connector.full_name)
    wanted = {
        "credentialId": options.credential_id,
        "environment": options.environment,
        "idempotencyKey": options.idempotency_key,
        "plan": options.plan,
        "retries": options.retries,
        "version": options.version,
    }
    for option, value in wanted.items():
        if value:
            raise OptionNotSupported(option=option)
