"""`jackfield connectors`: what is configured."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click
import orjson

from jackfield.access.principal import Principal
from jackfield.errors import WrongUse
from jackfield.manage.resources import Resources
from jackfield.manage.views import moment, to_json
from jackfield.registry.documents import read_bodies, read_change
from jackfield.surfaces.cli.connection_test import test_connection
from jackfield.surfaces.cli.options import as_json as json_option
from jackfield.surfaces.cli.options import confirm, yes
from jackfield.surfaces.cli.output import ask_for_json, echo_json, echo_table
from jackfield.surfaces.cli.session import managed
from jackfield.surfaces.cli.sync import sync

if TYPE_CHECKING:
    from jackfield.manage.connector_views import ConnectorInfo

COLUMNS = ("connector", "type", "state", "tags", "description")

READ_BYTES = 16 * 1024 * 1024
"""More than anybody writes by hand."""


@click.group()
def connectors() -> None:
    """Configured connectors, for example `jackfield connectors add acme.yaml`.

    A connector is a type with its connection filled in. Its secrets go in and are never shown again.
    """


connectors.add_command(test_connection)
connectors.add_command(sync)


@connectors.command("list")
@click.option("--namespace", metavar="NAME", help="Of this namespace only.")
@click.option("--type", "type_", metavar="TYPE", help="Of this type only.")
@click.option("--category", metavar="NAME", help="Whose type is of this category.")
@click.option("--tag", metavar="TAG", help="With this tag.")
@click.option("--enabled/--disabled", default=None, help="Only those that can be called, or only those that cannot.")
@click.option("--deleted", is_flag=True, help="Also those that were deleted.")
@json_option
@click.pass_obj
def list_(
    make_runtime: Any,
    namespace: str | None,
    type_: str | None,
    category: str | None,
    tag: str | None,
    enabled: bool | None,
    deleted: bool,
    as_json: bool,
) -> None:
    """List connectors, for example `jackfield connectors list --tag crm`.

    Those of files are among them, as `not stored`.
    """
    ask_for_json(as_json)
    found = managed(
        make_runtime,
        lambda manage, principal: manage.connectors.list(
            principal,
            namespace=namespace,
            type=type_,
            category=category,
            tag=tag,
            enabled=enabled,
            deleted=deleted,
        ),
    )
    if as_json:
        echo_json([to_json(info) for info in found])
        return
    rows = [(i.full_name, i.type, state(i), ", ".join(i.tags), i.description.partition("\n")[0]) for i in found]
    echo_table("Connectors", COLUMNS, rows)


@connectors.command()
@click.argument("connector")
@json_option
@click.pass_obj
def show(make_runtime: Any, connector: str, as_json: bool) -> None:
    """Show one connector, for example `jackfield connectors show acme-prod`. Secrets are masked.

    CONNECTOR is an id, `namespace/name` or a name.
    """
    ask_for_json(as_json)
    found = managed(make_runtime, lambda manage, principal: manage.connectors.get(principal, connector))
    if as_json:
        echo_json(to_json(found))
        return
    shown = {name: value for name, value in to_json(found).items() if value not in (None, "", [], {})}
    shown.pop("configSchema", None)  # a type's business, and long: it is in `--json`
    rows = [("state", state(found)), *((name, _text(value)) for name, value in shown.items())]
    echo_table(f"Connector {found.full_name}", ("field", "value"), rows)


@connectors.command()
@click.argument("file", type=click.File("rb"))
@json_option
@click.pass_obj
def add(make_runtime: Any, file: Any, as_json: bool) -> None:
    """Add the connectors of a YAML or JSON file, for example `jackfield connectors add acme.yaml`.

    `-` reads stdin. The file has one connector, a list of them, or a list called `connectors`. They are added one by
    one: after a mistake those before it are there, and none behind it. Fields may be missing, to be filled in later.
    A file `acme.js` is a script, and becomes a connector called `acme`; `scriptSource: ./acme.js` in a YAML file takes
    the script from beside it.
    """
    ask_for_json(as_json)
    bodies = read_bodies(file.read(READ_BYTES), place=getattr(file, "name", "stdin"))
    if not bodies:
        raise WrongUse("the file has no connectors", hint="write a connector with a `name` and a `type` into it")
    made: list[ConnectorInfo] = []

    async def work(manage: Resources, principal: Principal) -> Sequence[ConnectorInfo]:
        for body in bodies:
            made.append(await manage.connectors.create(principal, body))
            lacks = f"; still to fill in: {', '.join(made[-1].missing)}" if made[-1].missing else ""
            click.echo(f"Added the connector `{made[-1].full_name}` of the type `{made[-1].type}`{lacks}.", err=True)
            for warning in made[-1].warnings:
                click.echo(f"warning: {warning}", err=True)
        return made

    managed(make_runtime, work)
    if as_json:
        echo_json([to_json(info) for info in made])


@connectors.command()
@click.argument("connector")
@click.argument("file", type=click.File("rb"))
@click.option("--version", metavar="X.Y.Z", help="Of its type, where what the file says of that breaks others.")
@click.option("--auto-bump", is_flag=True, help="Raise the version of its type as far as the change needs.")
@json_option
@click.pass_obj
def update(make_runtime: Any, connector: str, file: Any, version: str | None, auto_bump: bool, as_json: bool) -> None:
    """Change a connector as a file says, for example `jackfield connectors update my-crm my-crm.js`.

    A file `*.js` is the new script of a connector that has one. A YAML or JSON file has what changes; what it leaves
    out stays. `-` reads stdin. Calls in flight finish with what they began with.
    """
    ask_for_json(as_json)
    body = _change(file)
    body |= {"version": version} if version else {}
    body |= {"autoBump": True} if auto_bump else {}
    found = managed(make_runtime, lambda manage, principal: manage.connectors.update(principal, connector, body))
    for warning in found.warnings:
        click.echo(f"warning: {warning}", err=True)
    _tell(found, f"Updated the connector `{found.full_name}`.", as_json)


def _change(file: Any) -> dict[str, Any]:
    place = getattr(file, "name", "stdin")
    content = file.read(READ_BYTES)
    if place.endswith(".js"):
        (body,) = read_bodies(content, place=place)
        return {"scriptSource": body["scriptSource"]}
    return read_change(content, place=place)


@connectors.command()
@click.argument("connector")
@json_option
@click.pass_obj
def enable(make_runtime: Any, connector: str, as_json: bool) -> None:
    """Let a connector be called again, for example `jackfield connectors enable acme-prod`."""
    ask_for_json(as_json)
    found = managed(make_runtime, lambda manage, principal: manage.connectors.enable(principal, connector))
    _tell(found, f"Enabled the connector `{found.full_name}`.", as_json)


@connectors.command()
@click.argument("connector")
@json_option
@click.pass_obj
def approve(make_runtime: Any, connector: str, as_json: bool) -> None:
    """Stand for where a connector sends its requests, for example `jackfield connectors approve acme-prod`.

    A connector that somebody without the role of an administrator has made may use that user's secrets only. Look at
    its address (`jackfield connectors show`) before you approve it: from then on it may use the shared secrets, and
    the private ones of whoever calls it. A change by somebody who is no administrator ends that.
    """
    ask_for_json(as_json)
    found = managed(make_runtime, lambda manage, principal: manage.connectors.approve(principal, connector))
    _tell(found, f"Approved the connector `{found.full_name}`.", as_json)


@connectors.command()
@click.argument("connector")
@json_option
@click.pass_obj
def disable(make_runtime: Any, connector: str, as_json: bool) -> None:
    """Refuse all calls of a connector, for example `jackfield connectors disable acme-prod`.

    Processes that run hear of it at once on PostgreSQL, and within a second on SQLite.
    """
    ask_for_json(as_json)
    found = managed(make_runtime, lambda manage, principal: manage.connectors.disable(principal, connector))
    _tell(found, f"Disabled the connector `{found.full_name}`.", as_json)


@connectors.command()
@click.argument("connector")
@yes
@json_option
@click.pass_obj
def delete(make_runtime: Any, connector: str, yes: bool, as_json: bool) -> None:
    """Delete a connector, for example `jackfield connectors delete acme-prod`. Its secrets are gone for good."""
    ask_for_json(as_json)
    confirm(f"Delete the connector `{connector}`, with its secrets for good?", yes=yes)
    managed(make_runtime, lambda manage, principal: manage.connectors.delete(principal, connector))
    click.echo(f"Deleted the connector `{connector}`.", err=True)


def state(info: ConnectorInfo) -> str:
    """In one word, or a few, whether it can be called."""
    if info.deleted is not None:
        return f"deleted {moment(info.deleted)}"
    words = ["enabled" if info.enabled else "disabled"]
    words += [] if info.configured else ["unconfigured"]
    words += [] if info.stored else ["not stored"]
    return ", ".join(words)


def _tell(info: ConnectorInfo, words: str, as_json: bool) -> None:
    if as_json:
        echo_json(to_json(info))
    click.echo(words, err=True)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()
