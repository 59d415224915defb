"""What is being done, while somebody waits: a bar on a terminal, a line for each step elsewhere. On stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

import click

from jackfield.definition.openapi.progress import watching

if TYPE_CHECKING:
    from rich.progress import Progress, Task


class Step(Protocol):
    """Tells what is done from now on."""

    def __call__(self, text: str, *, brief: bool = False) -> None:
        """Args:
        text: `Reading 3.2 MB`, for example.
        brief: It takes no time worth a line of its own; a bar has it nevertheless.
        """


@contextmanager
def steps() -> Iterator[Step]:
    """A function for each step that begins. Operations of OpenAPI documents are counted as they are read."""
    if not sys.stderr.isatty():
        yield _line
        return
    with _bar() as progress:
        task = progress.add_task("", total=None)

        def begin(text: str, *, brief: bool = False) -> None:
            progress.reset(task, description=text, total=None)

        with watching(lambda done, total: progress.update(task, completed=done, total=total)):
            yield begin


def _line(text: str, *, brief: bool = False) -> None:
    if not brief:
        click.echo(f"{text} ...", err=True)


def _bar() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, ProgressColumn, TextColumn, TimeElapsedColumn
    from rich.text import Text

    class Operations(ProgressColumn):
        """`412 of 1,223 operations`, once it is known how many there are."""

        def render(self, task: Task) -> Text:
            return Text("" if task.total is None else f"{int(task.completed):,} of {int(task.total):,} operations")

    columns = (TextColumn("{task.description}"), BarColumn(), Operations(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)
