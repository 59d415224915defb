"""What was shown, sent again as a change: what nobody sets may come back as it was, and not as something else.

People read a connector, change one line, and send the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import orjson

from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.faults import Fault, pointer
from jackfield.definition.names import folded

OF_CONNECTORS = (
    *("id", "slug", "typeVersion", "configured", "missing", "approved", "stored", "owner", "managedBy"),
    *("created", "updated", "deleted"),
)
COMMANDS = "commands"
OF_TYPES = (
    *("id", "slug", "origin", "installed", "created", "updated", "definition", "versions", COMMANDS),
    *("signsIn", "credentials"),
)
"""What is shown, and set by nobody. Of `commands` names are shown, and to describe them is to set them."""

_REPORTS = frozenset(folded(key) for key in ("warnings", "tested", "testResult", "credential"))
"""What is told once, or comes of a test: it differs without anybody having changed anything, so it says nothing."""


def settable(body: Mapping[str, Any], keys: Collection[str], *, what: str) -> dict[str, Any]:
    """The rest of `body`, without what was shown and cannot be set.

    Args:
        body: A change.
        keys: What cannot be set.
        what: For the error, such as "connector `acme`".

    Raises:
        InvalidDefinition: It is no object.
    """
    if not isinstance(body, Mapping):
        raise InvalidDefinition(f"a change of {what} is no object", hint="give an object with what shall be otherwise")
    apart = {*_fixed(body, keys), *_REPORTS}
    return {key: value for key, value in body.items() if folded(str(key)) not in apart}


def check_sent_back(
    body: Mapping[str, Any], keys: Collection[str], shown: Callable[[], Mapping[str, Any]], *, what: str
) -> None:
    """Do nothing if what `body` says of what cannot be set is what is shown.

    Args:
        body: A change.
        keys: What cannot be set.
        shown: Gives what is shown now, as JSON. Not called for a body without such keys.
        what: For the error, such as "connector `acme`".

    Raises:
        InvalidDefinition: It says something else. `null` says nothing.
    """
    fixed = _fixed(body, keys)
    told = {key: value for key, value in body.items() if folded(str(key)) in fixed and value is not None}
    now = orjson.loads(orjson.dumps(shown())) if told else {}
    wrong = [key for key, value in told.items() if value != now.get(fixed[folded(str(key))])]
    if wrong:
        named = ", ".join(f"`{key}`" for key in wrong)
        raise InvalidDefinition(
            f"{named} of {what} cannot be set",
            hint=f"leave {named} out, or send it as it is shown",
            errors=[Fault(pointer=pointer([key]), message="cannot be set").to_json() for key in wrong],
        )


def _fixed(body: Mapping[str, Any], keys: Collection[str]) -> dict[str, str]:
    """What cannot be set, as it is written here, by its names without case style."""
    return {folded(key): key for key in keys if key != COMMANDS or _are_names(body.get(key))}


def _are_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)
