"""`jackfield keys`: the keys that encrypt what is kept."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from jackfield.manage.views import to_json
from jackfield.surfaces.cli.options import as_json as json_option
from jackfield.surfaces.cli.output import ask_for_json, echo_error, echo_json, echo_table
from jackfield.surfaces.cli.session import managed
from jackfield.surfaces.cli.tools import local

if TYPE_CHECKING:  # with them comes the database
    from jackfield.manage.keys import KeyStatus, Progress, Rotation


@click.group()
def keys() -> None:
    """The keys that encrypt what is kept, for example `jackfield keys status`."""


@keys.command()
@json_option
@click.pass_obj
def status(make_runtime: Any, as_json: bool) -> None:
    """Say which keys there are, and how many values each of them wraps, for example `jackfield keys status`."""
    ask_for_json(as_json)
    found = managed(local(make_runtime), lambda manage, principal: manage.keys.status(principal))
    if as_json:
        echo_json(to_json(found))
        return
    rows = [
        (key.id, "encrypts" if key.primary else "decrypts" if key.here else "is not here", str(key.values))
        for key in found.keys
    ]
    echo_table("Keys", ("key", "", "values"), rows)
    click.echo(f"They are in `{found.file or 'JACKFIELD_KEY'}`.", err=True)
    _say_status(found)


@keys.command()
@click.option("--new", is_flag=True, help="Put a new key into the key file first.")
@json_option
@click.pass_obj
def rotate(make_runtime: Any, new: bool, as_json: bool) -> None:
    """Wrap everything with the first key, for example `jackfield keys rotate --new`.

    Calls go on meanwhile. After an interruption, run it again: it goes on where it was. Where the keys come from
    JACKFIELD_KEY, put a new one first there, start every process again, and then run this.
    """
    ask_for_json(as_json)
    if new:
        added = managed(local(make_runtime), lambda manage, principal: manage.keys.add(principal))
        click.echo(
            f"The new key `{added}` is first in the key file. Processes that run use it once restarted.", err=True
        )
    with _bar() as progress:
        done = managed(local(make_runtime), lambda manage, principal: manage.keys.rotate(principal, progress=progress))
    if as_json:
        problems = [problem.to_json() for problem in done.problems]
        echo_json(to_json(done) | {"problems": problems, "complete": done.complete})
    _say_rotation(done)
    if not done.complete:
        raise SystemExit(1)


@contextmanager
def _bar() -> Iterator[Callable[[Progress], None]]:
    """A progress bar on a terminal; elsewhere nothing."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=1, label="Moving values", file=sys.stderr) as bar:

        def show(progress: Progress) -> None:
            bar.length = progress.total
            bar.update(progress.done - bar.pos)

        yield show


def _say_status(found: KeyStatus) -> None:
    if found.unreadable:
        click.echo(f"{found.unreadable:,} values are nothing that any key has encrypted.", err=True)
    if lost := [key.id for key in found.keys if key.values and not key.here]:
        echo_error(f"{_named(lost)} cannot be read without their keys", hint="put them back, behind the first key")


def _say_rotation(done: Rotation) -> None:
    click.echo(f"{done.rewrapped:,} values were moved to the key `{done.primary}`.", err=True)
    for problem in done.problems:
        echo_error(problem.message, hint=problem.hint)
    if done.unreadable:
        click.echo(f"{done.unreadable:,} values could not be read, and are as they were.", err=True)
    for key, count in done.needed.items():
        click.echo(f"`{key}` is still needed by {count:,} values.", err=True)
    if done.waiting_for:
        others = ", ".join(done.waiting_for)
        click.echo(
            f"Running since before the key was there: {others}. Start it again, and then run this again; "
            "until then no key may be taken out.",
            err=True,
        )
    if done.unneeded:
        click.echo(
            f"{_named(done.unneeded)} can be taken out of the key file, or of `JACKFIELD_KEY`: nothing here needs it "
            "any more. Old backups of the database do.",
            err=True,
        )


def _named(names: Any) -> str:
    return ", ".join(f"`{name}`" for name in names)
