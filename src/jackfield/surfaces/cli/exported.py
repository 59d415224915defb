"""What `jackfield import openapi --export-script` writes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from jackfield.errors import WrongUse
from jackfield.surfaces.cli.errors import FileExists
from jackfield.surfaces.cli.output import echo_json

if TYPE_CHECKING:
    from jackfield.manage.import_views import Parsed

STDOUT = "-"


def check_target(target: str, *, force: bool) -> None:
    """Do nothing if a script can be written to `target`. Somebody may have edited what is there.

    Raises:
        FileExists: There is a file already.
        WrongUse: It is a folder, or in none.
    """
    path = Path(target)
    if target == STDOUT:
        return
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise WrongUse(f"no file can be written to `{target[:200]}`", hint="give a file in a folder that there is")
    if path.exists() and not force:
        raise FileExists(path=target)


def write_script(parsed: Parsed, target: str, *, namespace: str, as_json: bool) -> None:
    """Write the script of a document, and with `as_json` print the connector with it.

    Args:
        parsed: With its script.
        target: A file, or `-` for stdout, which has the connector alone where that is printed.
        namespace: Of the connector.
        as_json: Print the connector.
    """
    script = parsed.script or ""
    if target != STDOUT:
        # Without translation: what is written is what the connector has.
        Path(target).write_bytes(script.encode())
        click.echo(f"Wrote `{target}`: {len(parsed.commands)} functions.", err=True)
    elif not as_json:
        click.echo(script, nl=False)
    if as_json:
        echo_json(dict(parsed.draft) | ({"namespace": namespace} if namespace != "default" else {}))
