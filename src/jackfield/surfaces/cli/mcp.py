"""`jackfield mcp`: the tools of this installation, for a program that starts its servers itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from jackfield.surfaces.serving import WantedMcp


@click.command()
@click.option("--gateway", default="", metavar="NAME", help="Only the tools of this gateway.")
@click.option("--connector", "connectors", multiple=True, metavar="NAME", help="Only its tools; may repeat.")
@click.option("--read-only", is_flag=True, help="Only tools that change nothing.")
@click.option(
    "--authoring/--no-authoring",
    default=None,
    help="With the tools that make and change connectors, or without.  [default: JACKFIELD_MCP_AUTHORING]",
)
@click.option(
    "--connectors",
    "paths",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="File or folder with connectors; may repeat.  [default: JACKFIELD_CONNECTORS, or ./connectors]",
)
@click.pass_obj
def mcp(
    tools: Any,
    gateway: str,
    connectors: tuple[str, ...],
    read_only: bool,
    authoring: bool | None,
    paths: tuple[Path, ...],
) -> None:
    """Speak MCP on stdin and stdout, for example `jackfield mcp --connector acme-crm --read-only`.

    Claude Desktop, editors and other clients start it themselves. It works with what is kept on this machine, or with
    the server of `JACKFIELD_URL` and the token of `JACKFIELD_TOKEN`, until stdin is closed. A server also answers over
    HTTP, at `/mcp`.
    """
    tools.speak_mcp(
        WantedMcp(paths=paths, gateway=gateway, connectors=connectors, reads_only=read_only, authoring=authoring)
    )
