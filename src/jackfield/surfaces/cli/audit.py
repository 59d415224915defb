"""`jackfield audit`: who did what."""

from __future__ import annotations

from typing import Any

import click
import orjson

from jackfield.manage.views import moment, to_json
from jackfield.surfaces.cli.options import Moment
from jackfield.surfaces.cli.options import as_json as json_option
from jackfield.surfaces.cli.output import ask_for_json, echo_error, echo_json, echo_table
from jackfield.surfaces.cli.session import managed

COLUMNS = ("no.", "time", "who", "action", "what", "", "details")


@click.group()
def audit() -> None:
    """Who changed what, and who was refused, for example `jackfield audit list --actor ann`."""


@audit.command("list")
@click.option("--actor", metavar="USER", help="Of this user only.")
@click.option("--action", metavar="ACTION", help="Of this kind only, such as `secret.delete`.")
@click.option("--resource", metavar="KIND", help="About such things only: `secret`, `user`, `connector`.")
@click.option("--id", "resource_id", metavar="ID", help="About this thing only.")
@click.option("--verdict", type=click.Choice(["done", "denied"]), help="What was done, or what was refused.")
@click.option("--since", type=Moment(), metavar="TIME", help="From then on: `2026-11-21` or `2026-11-21T06:45`, UTC.")
@click.option("--until", type=Moment(), metavar="TIME", help="Before then.")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True, help="At most so many.")
@click.option("--cursor", metavar="CURSOR", help="Go on after a list that was longer.")
@json_option
@click.pass_obj
def list_(make_runtime: Any, /, as_json: bool, **filters: Any) -> None:
    """List what was done and refused, the newest first, for example `jackfield audit list --verdict denied`."""
    ask_for_json(as_json)
    page = managed(make_runtime, lambda manage, principal: manage.audit.list(principal, **filters))
    if as_json:
        more = {"nextCursor": page.cursor} if page.cursor else {}
        echo_json({"items": [to_json(entry) for entry in page.items], **more})
        return
    rows = [
        (
            str(entry.sequence),
            moment(entry.at),
            entry.actor_name,
            entry.action,
            entry.resource_id,
            "denied" if entry.verdict == "denied" else "",
            orjson.dumps(entry.details).decode() if entry.details else "",
        )
        for entry in page.items
    ]
    echo_table("Audit log", COLUMNS, rows)
    if page.cursor:
        click.echo(f"There is more: --cursor {page.cursor}", err=True)


@audit.command()
@click.option("--anchor", default="", metavar="ANCHOR", help="What an earlier `verify` has printed, to compare with.")
@json_option
@click.pass_obj
def verify(make_runtime: Any, anchor: str, as_json: bool) -> None:
    """Check that nobody has touched the log, for example `jackfield audit verify`.

    Prints an anchor: the number and the hash of the last entry. The log by itself does not show that its newest entries
    were deleted, or that it was written anew by somebody who can write to the database. So keep an anchor elsewhere,
    and give it to a later `verify`. Exit status: 0 all is in order, 1 it is not.
    """
    ask_for_json(as_json)
    found = managed(make_runtime, lambda manage, principal: manage.audit.verify(principal, anchor=anchor))
    if as_json:
        echo_json(to_json(found) | {"intact": found.intact})
    elif found.intact:
        click.echo(found.anchor)
    if found.intact:
        click.echo(f"{found.entries:,} entries, all in order.", err=True)
        return
    echo_error(
        f"entry `{found.broken}` of the audit log is not as it was written: {found.problem}",
        hint="compare it with a backup of the database; somebody has changed the log, or the database is damaged",
    )
    raise SystemExit(1)
