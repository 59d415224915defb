"""`jackfield import openapi`: an OpenAPI document becomes a connector."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from jackfield.access.principal import Principal
from jackfield.errors import WrongUse
from jackfield.manage.resources import Resources
from jackfield.manage.views import to_json
from jackfield.registry.errors import UnknownConnector
from jackfield.surfaces.cli.exported import check_target, write_script
from jackfield.surfaces.cli.options import as_json as json_option
from jackfield.surfaces.cli.output import ask_for_json, echo_json, echo_table
from jackfield.surfaces.cli.progress import Step, steps
from jackfield.surfaces.cli.session import managed
from jackfield.surfaces.cli.warnings import echo_warnings

if TYPE_CHECKING:
    from jackfield.manage.connector_views import ConnectorInfo
    from jackfield.manage.import_views import Imported, Parsed

COLUMNS = ("command", "method", "path", "description")
_LONG = 1024 * 1024
"""Bytes from which on it is told that a document is being read."""


@click.command("openapi")
@click.argument("source")
@click.option("--name", metavar="NAME", help="Of the connector; made of the document's title by default.")
@click.option("--namespace", default="default", show_default=True, metavar="NAME", help="Of the connector.")
@click.option("--into", metavar="CONNECTOR", help="One that is there, whose own operations stay.")
@click.option("--select", multiple=True, metavar="OPERATION", help="Only this one; may be given several times.")
@click.option("--dry-run", is_flag=True, help="Show what would be made or changed, and keep nothing.")
@click.option("--merge/--replace", default=True, help="Keep what was selected before, if the connector is there.")
@click.option("--auto-bump", is_flag=True, help="Raise the version as far as the changes need.")
@click.option(
    "--export-script", metavar="FILE", help="Write it as JavaScript to be edited (`-`: stdout); keep nothing."
)
@click.option("-f", "--force", is_flag=True, help="Overwrite the file of `--export-script` if it exists.")
@json_option
@click.pass_obj
def openapi(make_runtime: Any, /, source: str, name: str | None, as_json: bool, **asked: Any) -> None:
    """Make a connector of an OpenAPI document, for example `jackfield import openapi petstore.yaml`.

    SOURCE is a file, a folder or zip file with the files that a document refers to, an address, or `-` for stdin. An
    address is fetched by whoever makes the connector: a server, if one is set. If there is a connector of that name
    already, it is changed, and what is different is told.

    With `--into` the operations go into a connector that is there, also into one whose operations were written by
    hand: of the same name they are replaced, others are added, and what was written stays as it is.

    With `--export-script` nothing is made: the operations are written as JavaScript, one function each, and `--json`
    prints the connector with that script, which `jackfield connectors add -` takes.
    """
    ask_for_json(as_json)
    target, into = asked["export_script"], asked["into"]
    if into is not None:
        _import_into(make_runtime, source, into, name=name, as_json=as_json, asked=asked)
        return
    if target is not None:
        check_target(target, force=asked["force"])
    with steps() as step:
        body = _body(source, step)
        body |= {"name": name} if name else {}
        body |= {"select": list(asked["select"])} if asked["select"] else {}
        body |= {"exportScript": True} if target is not None else {}
        # Whoever looks, and prints no JSON, has no use for the document once more.
        body |= {"draft": False} if asked["dry_run"] and not as_json and target is None else {}

        async def work(manage: Resources, principal: Principal) -> tuple[Parsed, ConnectorInfo | Imported | None]:
            parsed = await manage.imports.parse(principal, body)
            click.echo(_summary(parsed), err=True)
            if target is not None:
                return parsed, None
            step("Comparing" if asked["dry_run"] else "Making the connector", brief=True)
            return parsed, await _done(manage, principal, parsed, body, asked)

        parsed, done = managed(make_runtime, work)
    if target is None:
        _tell_sign_in(parsed)
    echo_warnings((warning.pointer, warning.message) for warning in parsed.warnings)
    if target is not None:
        write_script(parsed, target, namespace=asked["namespace"], as_json=as_json)
        return
    if asked["dry_run"] and not as_json:
        rows = [(c.name, c.method, c.path, c.description.partition("\n")[0]) for c in parsed.commands]
        echo_table(parsed.title or parsed.name, COLUMNS, rows)
    _tell(done)
    if as_json:
        echo_json(_document(parsed, done, dry_run=asked["dry_run"]))


def _body(source: str, step: Step) -> dict[str, Any]:
    """What is to be read, as `manage.imports.Imports.parse` takes it."""
    from jackfield.definition.openapi.bundles import read_bundle
    from jackfield.definition.openapi.entry import is_address

    if is_address(source):
        step(f"Fetching {source}")
        return {"specUrl": source}
    if source == "-":
        return {"spec": sys.stdin.buffer.read().decode("utf-8-sig", "replace")}
    path = Path(source)
    if not path.exists():
        raise WrongUse(f"there is no file or folder `{source[:200]}`", hint="give a path, an address, or `-` for stdin")
    bundle = read_bundle(path)
    size = len(bundle.spec) + sum(map(len, bundle.files.values()))
    step(f"Reading {size / _LONG:.1f} MB", brief=size <= _LONG)
    return bundle.to_json()


def _import_into(
    make_runtime: Any, source: str, into: str, *, name: str | None, as_json: bool, asked: dict[str, Any]
) -> None:
    """Into a connector that is there, read by whoever has it, and by nobody else."""
    if name is not None or asked["namespace"] != "default" or asked["export_script"] is not None:
        raise WrongUse(
            "`--into` names a connector that is there",
            hint="leave out `--name`, `--namespace` and `--export-script`; give it as `namespace/name`",
        )
    with steps() as step:
        body = _body(source, step)
        body |= {"select": list(asked["select"])} if asked["select"] else {}

        async def work(manage: Resources, principal: Principal) -> Imported:
            step("Comparing", brief=True)
            return await manage.imports.import_into(principal, into, body | _how(asked))

        done = managed(make_runtime, work)
    echo_warnings((warning.pointer, warning.message) for warning in done.warnings)
    _tell(done)
    if as_json:
        echo_json({"imported": to_json(done)})


def _how(asked: dict[str, Any]) -> dict[str, Any]:
    return {"merge": asked["merge"], "apply": not asked["dry_run"], "autoBump": asked["auto_bump"]}


async def _done(
    manage: Resources, principal: Principal, parsed: Parsed, body: dict[str, Any], asked: dict[str, Any]
) -> ConnectorInfo | Imported | None:
    """The connector that was made, or what has changed of the one that is there; `None` for a look at a new one."""
    full_name = f"{asked['namespace']}/{parsed.name}"
    try:
        await manage.connectors.get(principal, full_name)
    except UnknownConnector:
        if asked["dry_run"]:
            return None
        return await manage.connectors.create(principal, {**parsed.draft, "namespace": asked["namespace"]})
    said = {key: value for key, value in body.items() if key not in {"name", "draft"}}
    return await manage.imports.import_into(principal, full_name, said | _how(asked))


def _tell_sign_in(parsed: Parsed) -> None:
    """What is to be registered at the service, where people or programs sign in."""
    from jackfield.definition.auth import accepted
    from jackfield.surfaces.cli.type_show import lines_of_auth

    if parsed.auth:
        for line in lines_of_auth(parsed.auth, accepted(parsed.auth), type_name=parsed.name):
            click.echo(line, err=True)


def _summary(parsed: Parsed) -> str:
    count = len(parsed.commands)
    version = f" {parsed.version}" if parsed.version else ""
    return f"`{parsed.title or parsed.name}`{version}: {count} operation{'' if count == 1 else 's'}."


def _tell(done: ConnectorInfo | Imported | None) -> None:
    from jackfield.manage.import_views import Imported

    if isinstance(done, Imported):
        changes = f"{done.added} added, {done.changed} changed, {done.removed} removed, {done.kept} as before"
        verb = "Changed" if done.applied else "Would change"
        click.echo(f"{verb} the connector `{done.connector}`: {changes}.", err=True)
        for what in ("added", "changed", "removed"):
            for name in done.diff[what]:
                click.echo(f"  {what}: {name}", err=True)
        if done.needed_bump:
            breaking = ", because something breaks" if done.breaking else ""
            click.echo(f"The version needs a {done.needed_bump} bump{breaking}; it is {done.version}.", err=True)
    elif done is not None:
        lacks = f"; still to fill in: {', '.join(done.missing)}" if done.missing else ""
        click.echo(f"Made the connector `{done.full_name}`{lacks}.", err=True)


def _document(parsed: Parsed, done: ConnectorInfo | Imported | None, *, dry_run: bool) -> dict[str, Any]:
    """Shape: `{parsed, connector | imported}`; what is parsed has its draft only where nothing was made of it."""
    from jackfield.manage.import_views import Imported

    shown = to_json(parsed if dry_run else replace(parsed, draft={}))
    if isinstance(done, Imported):
        return {"parsed": shown, "imported": to_json(done)}
    return {"parsed": shown} | ({"connector": to_json(done)} if done is not None else {})
