"""Whether a call would have what its service asks for, without making it."""

from __future__ import annotations

from jackfield.credentials.service import CredentialService
from jackfield.dispatch.call import Call
from jackfield.dispatch.connect import connect
from jackfield.dispatch.ready import ReadyCommands
from jackfield.errors import JackfieldError


async def is_connected(commands: ReadyCommands, credentials: CredentialService, call: Call) -> bool:
    """Whether the connection of `call` is filled in, and the caller has every secret that it names.

    Nothing is sent: whether the service still takes them only a call can tell.
    """
    try:
        await connect(await commands.get(call), credentials, call, sends=False)
    except JackfieldError:
        return False
    return True
