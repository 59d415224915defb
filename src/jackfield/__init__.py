"""Define a connector once, and call it from everywhere.

Names load when they are first used, so that `import jackfield` costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from jackfield.version import __version__

if TYPE_CHECKING:
    from jackfield.app.functions import connector as connector
    from jackfield.app.functions import connector_async as connector_async
    from jackfield.app.functions import create_connector_tool as create_connector_tool
    from jackfield.app.functions import load_connector as load_connector
    from jackfield.app.functions import load_connector_async as load_connector_async
    from jackfield.app.functions import tools as tools
    from jackfield.app.sdk import Jackfield as Jackfield
    from jackfield.credentials.schemes import ApiKey as ApiKey
    from jackfield.credentials.schemes import Basic as Basic
    from jackfield.credentials.schemes import Bearer as Bearer
    from jackfield.credentials.schemes import NoAuth as NoAuth
    from jackfield.credentials.signing.aws import AwsSigV4 as AwsSigV4
    from jackfield.credentials.signing.certificate import ClientCertificate as ClientCertificate
    from jackfield.credentials.signing.digest import Digest as Digest
    from jackfield.credentials.signing.hmac import Hmac as Hmac
    from jackfield.credentials.signing.jwt import Jwt as Jwt
    from jackfield.definition.categories import Ai as Ai
    from jackfield.definition.categories import Communication as Communication
    from jackfield.definition.categories import Crm as Crm
    from jackfield.definition.categories import Database as Database
    from jackfield.definition.categories import Storage as Storage
    from jackfield.definition.categories import Ticketing as Ticketing
    from jackfield.definition.command import command as command
    from jackfield.definition.connector import Connector as Connector
    from jackfield.definition.context import Context as Context
    from jackfield.definition.context import SyncContext as SyncContext
    from jackfield.definition.errors import CommandFailed as CommandFailed
    from jackfield.definition.errors import InvalidParams as InvalidParams
    from jackfield.definition.fields import field as field
    from jackfield.definition.outcome import Outcome as Outcome
    from jackfield.definition.outcome import fail as fail
    from jackfield.definition.outcome import succeed as succeed
    from jackfield.definition.secret import Secret as Secret
    from jackfield.definition.wire import Answer as Answer
    from jackfield.definition.wire import Authorizer as Authorizer
    from jackfield.definition.wire import Http as Http
    from jackfield.definition.wire import Outgoing as Outgoing
    from jackfield.errors import CallTimeout as CallTimeout
    from jackfield.errors import JackfieldError as JackfieldError
    from jackfield.errors import UpstreamStatus as UpstreamStatus
    from jackfield.errors import WrongUse as WrongUse
    from jackfield.testing import run_command as run_command
    from jackfield.testing import run_command_async as run_command_async

_MODULES = {
    "app.sdk": ("Jackfield",),
    "app.functions": (
        *("connector", "connector_async", "load_connector", "load_connector_async"),
        *("create_connector_tool", "tools"),
    ),
    "credentials.schemes": ("ApiKey", "Basic", "Bearer", "NoAuth"),
    "credentials.signing.aws": ("AwsSigV4",),
    "credentials.signing.certificate": ("ClientCertificate",),
    "credentials.signing.digest": ("Digest",),
    "credentials.signing.hmac": ("Hmac",),
    "credentials.signing.jwt": ("Jwt",),
    "definition.categories": ("Ai", "Communication", "Crm", "Database", "Storage", "Ticketing"),
    "definition.command": ("command",),
    "definition.connector": ("Connector",),
    "definition.context": ("Context", "SyncContext"),
    "definition.errors": ("CommandFailed", "InvalidParams"),
    "definition.fields": ("field",),
    "definition.outcome": ("Outcome", "fail", "succeed"),
    "definition.secret": ("Secret",),
    "definition.wire": ("Answer", "Authorizer", "Http", "Outgoing"),
    "errors": ("CallTimeout", "JackfieldError", "UpstreamStatus", "WrongUse"),
    "testing": ("run_command", "run_command_async"),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}

__all__ = ["__version__", *_HOME]  # noqa: PLE0604 - names as strings


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module `jackfield` has no attribute `{name}`")
    value = getattr(importlib.import_module(f"jackfield.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
