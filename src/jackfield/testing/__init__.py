"""The public test kit: run a command in a unit test, without server or database; a server in the place of a model or
of an OAuth service.

Names load when they are first used, as each needs other libraries.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jackfield.testing.models.server import FakeModels as FakeModels
    from jackfield.testing.models.server import fake_models as fake_models
    from jackfield.testing.models.turns import Answers as Answers
    from jackfield.testing.models.turns import calls as calls
    from jackfield.testing.models.turns import says as says
    from jackfield.testing.oauth.remote import RemoteControl as RemoteControl
    from jackfield.testing.oauth.server import FakeOAuth as FakeOAuth
    from jackfield.testing.runner import run_command as run_command
    from jackfield.testing.runner import run_command_async as run_command_async

_MODULES = {
    "models.server": ("FakeModels", "fake_models"),
    "models.turns": ("Answers", "calls", "says"),
    "oauth.remote": ("RemoteControl",),
    "oauth.server": ("FakeOAuth",),
    "runner": ("run_command", "run_command_async"),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}

__all__ = [*_HOME]  # noqa: PLE0604 - names as strings


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module `jackfield.testing` has no attribute `{name}`")
    value = getattr(importlib.import_module(f"jackfield.testing.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
