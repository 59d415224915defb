"""The functions of the root package: the SDK, bound to the Jackfield that the environment describes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from jackfield.app.sdk import default
from jackfield.definition.outcome import Outcome
from jackfield.surfaces.sdk.client import LoadedConnector

if TYPE_CHECKING:
    from jackfield.surfaces.sdk.tools.connector_tool import ConnectorTool
    from jackfield.surfaces.sdk.tools.toolset import Toolset


def connector(
    connector: str,
    command: str | None = ...,  # type: ignore[assignment]  # told apart from `None` to explain wrong use
    data: Mapping[str, Any] | None = None,
    options: Mapping[str, Any] | None = None,
    **keywords: Any,
) -> Outcome[Any]:
    """Call one command and wait for its outcome; see `Jackfield.connector`."""
    return default().connector(connector, command, data, options, **keywords)


async def connector_async(
    connector: str,
    command: str | None = ...,  # type: ignore[assignment]  # told apart from `None` to explain wrong use
    data: Mapping[str, Any] | None = None,
    options: Mapping[str, Any] | None = None,
    **keywords: Any,
) -> Outcome[Any]:
    """As `connector`, for asynchronous code; see `Jackfield.connector_async`."""
    return await default().connector_async(connector, command, data, options, **keywords)


def load_connector(connector: str) -> LoadedConnector:
    """A connector with its commands as methods; see `Jackfield.load_connector`."""
    return default().load_connector(connector)


async def load_connector_async(connector: str) -> LoadedConnector:
    """As `load_connector`, for asynchronous code."""
    return await default().load_connector_async(connector)


def create_connector_tool(
    *,
    connector: str,
    resource: str,
    description: str = "",
    enable_mock: bool = False,
    name: str = "",
    parameters: Mapping[str, Any] | None = None,
    fields: Sequence[str] | None = None,
    status: str = "",
    result: Mapping[str, Any] | None = None,
    options: Mapping[str, Any] | None = None,
) -> ConnectorTool:
    """A command as a tool for models; see `Jackfield.create_connector_tool`."""
    return default().create_connector_tool(
        connector=connector,
        resource=resource,
        description=description,
        enable_mock=enable_mock,
        name=name,
        parameters=parameters,
        fields=fields,
        status=status,
        result=result,
        options=options,
    )


def tools(chosen: Any = None, **settings: Any) -> Toolset:
    """Several tools for a model; see `Jackfield.tools`."""
    return default().tools(chosen, **settings)
