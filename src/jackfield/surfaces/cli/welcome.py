"""What somebody sees who has just started a server."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from jackfield.surfaces.serving import Started


def welcome(started: Started) -> str:
    """The address, the token of an administrator where one was made just now, and what to try."""
    return "\n".join([*_about(started), "", *_to_try(started), "", f"The interface: {started.url}/docs"])


def own_name() -> str:
    """How this command is called from where the user is: a virtual environment need not be on the path."""
    called = Path(sys.argv[0])
    if called.name == "__main__.py":
        return f"{Path(sys.executable).name} -m jackfield"
    if shutil.which("jackfield") or called.name != "jackfield":
        return "jackfield"
    return min(os.path.relpath(called), str(called.absolute()), key=len)


def _about(started: Started) -> Iterator[str]:
    yield f"Jackfield runs on {started.url}   (Ctrl-C stops it)"
    yield ""
    yield f"  in a browser {started.url}/ui/"
    yield f"  kept in      {started.database}"
    if started.connectors:
        yield f"  connectors   {', '.join(started.connectors)}"
    for problem in started.problems:
        yield f"  not loaded   {problem.message}"
    yield ""
    if started.first_token:
        yield f"  admin token  {started.first_token}"
        yield ""
        yield "The token is shown only now: keep it where you keep passwords."
    else:
        yield f"It has an administrator's token already; `{own_name()} users token admin` makes another."


def _to_try(started: Started) -> Iterator[str]:
    target, command, params = ("demo", "list_books", "limit=2") if started.demo else ("delay", "wait", "delayMs=100")
    name, _, value = params.partition("=")
    body = f'{{"command": "{command}", "{name}": {value}}}'
    token = started.first_token or "<the token>"
    yield "Try, in another terminal:"
    yield ""
    yield f"  export JACKFIELD_URL={started.url} JACKFIELD_TOKEN={token}"
    yield f"  {own_name()} call {target}.{command} {params}"
    yield f"  curl -s $JACKFIELD_URL/api/connectors/{target}/execute -d '{body}' \\"
    yield '    -H "Authorization: Bearer $JACKFIELD_TOKEN"'
