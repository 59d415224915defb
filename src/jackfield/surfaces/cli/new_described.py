"""The first version of a connector from a text about its service."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from jackfield.agents.tool import ToolResult
from jackfield.errors import from_json
from jackfield.surfaces.cli.new import write
from jackfield.surfaces.cli.session import managed

_WAYS = {"model": "Written by a model; read it before you use it.", "scaffold": "Made of the described endpoints."}


def write_described(
    make_runtime: Any, name: str, text: str, *, description: str | None, force: bool, folder: Path
) -> None:
    """Write the script and the YAML file of a connector, as `generate_connector_script` makes them.

    Args:
        make_runtime: As every command finds it in its context.
        name: Of the connector and of its files.
        text: About the service.
        description: Of the connector, instead of what follows from the text.
        force: Overwrite files.
        folder: Where to write them.

    Raises:
        JackfieldError: Nothing can be made of the text.
    """
    arguments = {"name": name, "description": text}
    result: ToolResult = managed(
        make_runtime,
        lambda manage, principal: manage.authoring.call(
            principal, "generate_connector_script", arguments, trigger="cli"
        ),
    )
    told = result.structured or {}
    if result.failed:
        raise from_json({"code": result.code, "detail": told.get("error", ""), "hint": told.get("hint", "")})
    connector = {**told["connector"], **({"description": description} if description else {})}
    write(_files(name, connector), folder, force=force)
    for note in [*told["notes"], told.get("why", "")]:
        if note:
            click.echo(f"note: {note}", err=True)
    click.echo(f"{_WAYS.get(told['madeBy'], 'Written.')} Look at it: jackfield try {folder / name}.yaml", err=True)


def _files(name: str, connector: Mapping[str, Any]) -> dict[str, str]:
    import yaml

    described = {**connector, "name": name, "scriptSource": f"./{name}.js"}
    text = yaml.safe_dump(described, sort_keys=False, allow_unicode=True, width=110)
    return {f"{name}.js": connector["scriptSource"], f"{name}.yaml": text}
