"""A document of any execution model, read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jackfield.definition.described import read_described
from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.model import ConnectorDefinition, ExecutionModelName
from jackfield.definition.operations import read_operations


def read_definition(body: Mapping[str, Any], *, model: ExecutionModelName) -> ConnectorDefinition:
    """The definition that `body` describes.

    Args:
        body: Plain JSON, see `definition.plain`.
        model: What `model_said.said_model` says of it.

    Raises:
        InvalidDefinition, InvalidName, NamesFallTogether, InvalidSchema: Something in it is wrong.
    """
    if model == "built_in":
        raise InvalidDefinition(
            "a type of the execution model `built_in` is a Python class, and cannot be described",
            hint="install its package or file; what can be described has `operations`, `scriptSource`, `endpointUrl`, "
            "`spec` or `mcpServer`",
        )
    try:
        return read_operations(body) if model == "http" else read_described(body, model=model)
    except RecursionError:
        raise InvalidDefinition("a schema is nested too deeply", hint="make it flatter") from None
