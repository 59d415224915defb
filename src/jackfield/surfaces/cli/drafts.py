"""`jackfield drafts`: what one is still working on."""

from __future__ import annotations

from typing import Any

import click

from jackfield.manage.views import moment, to_json
from jackfield.surfaces.cli.options import as_json as json_option
from jackfield.surfaces.cli.options import confirm, yes
from jackfield.surfaces.cli.output import ask_for_json, echo_json, echo_table
from jackfield.surfaces.cli.session import managed

COLUMNS = ("id", "kind", "name", "updated", "expires")


@click.group()
def drafts() -> None:
    """Your drafts, for example `jackfield drafts list`.

    Nobody else sees them. One that is not changed for 30 days is deleted.
    """


@drafts.command("list")
@json_option
@click.pass_obj
def list_(make_runtime: Any, as_json: bool) -> None:
    """List your drafts, for example `jackfield drafts list --json`. The one that was changed last comes first."""
    ask_for_json(as_json)
    found = managed(make_runtime, lambda manage, principal: manage.drafts.list(principal))
    if as_json:
        echo_json([to_json(draft) for draft in found])
        return
    rows = [(d.id, d.kind, d.name, moment(d.updated), moment(d.expires)) for d in found]
    echo_table("Drafts", COLUMNS, rows)


@drafts.command()
@click.argument("draft")
@json_option
@click.pass_obj
def show(make_runtime: Any, draft: str, as_json: bool) -> None:
    """Print what is in a draft as JSON, for example `jackfield drafts show ID`. Secrets are not in it.

    `--json` prints all that is known of it.
    """
    ask_for_json(as_json)
    found = managed(make_runtime, lambda manage, principal: manage.drafts.get(principal, draft))
    echo_json(to_json(found) if as_json else dict(found.body))


@drafts.command()
@click.argument("draft")
@yes
@json_option
@click.pass_obj
def delete(make_runtime: Any, draft: str, yes: bool, as_json: bool) -> None:
    """Delete a draft for good, for example `jackfield drafts delete ID`."""
    ask_for_json(as_json)
    confirm(f"Delete the draft `{draft}` for good?", yes=yes)
    managed(make_runtime, lambda manage, principal: manage.drafts.delete(principal, draft))
    click.echo(f"Deleted the draft `{draft}`.", err=True)
