"""Libraries that an adapter needs and that need not be there."""

from __future__ import annotations

import importlib.util

from jackfield.errors import WrongUse


def require(module: str, *, extra: str) -> None:
    """Do nothing if `module` is installed.

    Raises:
        WrongUse: It is not.
    """
    if importlib.util.find_spec(module) is None:
        raise WrongUse(f"`{module}` is not installed", hint=f"pip install 'jackfield[{extra}]'")
