"""`jackfield import`: what was described elsewhere becomes connector types and connectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

from jackfield.access.principal import Principal
from jackfield.definition.fluxturn import is_fluxturn
from jackfield.definition.names import find, folded
from jackfield.errors import JackfieldError, WrongUse
from jackfield.manage.resources import Resources
from jackfield.manage.views import to_json
from jackfield.registry.documents import read_bodies
from jackfield.registry.errors import UnknownConnector, UnknownType
from jackfield.surfaces.cli.connectors import READ_BYTES
from jackfield.surfaces.cli.import_mcp import mcp
from jackfield.surfaces.cli.import_openapi import openapi
from jackfield.surfaces.cli.options import as_json as json_option
from jackfield.surfaces.cli.output import ask_for_json, echo_error, echo_json
from jackfield.surfaces.cli.session import managed

if TYPE_CHECKING:
    from jackfield.manage.connector_views import ConnectorInfo
    from jackfield.manage.type_views import TypeInfo

_OF_CONNECTORS = frozenset({"config", "namespace", "egress", "timeout", "mocks"})
"""What a connector says and its type does not; without case style."""


@dataclass(kw_only=True)
class Imported:
    """What became of one definition.

    Attributes:
        new: The type was not there before.
        error: What kept it, or its connector, from being made.
    """

    name: str
    new: bool = False
    type: TypeInfo | None = None
    connector: ConnectorInfo | None = None
    error: JackfieldError | None = None

    def to_json(self) -> dict[str, Any]:
        """Shape: `{name, new, type?, connector?, error?}`."""
        parts = {"type": self.type, "connector": self.connector}
        written = {key: to_json(part) for key, part in parts.items() if part is not None}
        failed = {} if self.error is None else {"error": self.error.to_json()}
        return {"name": self.name, "new": self.new, **written, **failed}


@dataclass(frozen=True, kw_only=True)
class Definition:
    """One definition of a file: what it says of a type, and of a connector, if it means to have one."""

    name: str
    type: Mapping[str, Any]
    connector: Mapping[str, Any] = field(default_factory=dict)


@click.group("import")
def import_() -> None:
    """What was described elsewhere, for example `jackfield import openapi petstore.yaml`."""


import_.add_command(openapi)
import_.add_command(mcp)


@import_.command()
@click.argument("file", type=click.File("rb"))
@click.option("--api-key-header", metavar="NAME", help="Header for API keys, where definitions do not say one.")
@click.option("--auto-bump", is_flag=True, help="Raise versions as far as the changes need.")
@json_option
@click.pass_obj
def definition(make_runtime: Any, file: Any, api_key_header: str | None, auto_bump: bool, as_json: bool) -> None:
    """Make connector types of a file, for example `jackfield import definition acme.json`.

    FILE has one definition or a list of them, in JSON or YAML: FluxTurn's, with `supported_actions`, or Jackfield's
    own. `-` reads stdin. Each becomes a connector type, or a new version of the one that has its name. One with a
    `config` becomes a connector too. What is wrong with one keeps no other from being imported; the exit status is 1
    then.
    """
    ask_for_json(as_json)
    bodies = read_bodies(file.read(READ_BYTES), place=getattr(file, "name", "stdin"))
    if not bodies:
        raise WrongUse("the file has no definitions", hint="write one with a `name` and `supported_actions` into it")
    definitions = [_divided(body, api_key_header, auto_bump) for body in bodies]

    async def work(manage: Resources, principal: Principal) -> Sequence[Imported]:
        return [await _import(manage, principal, each) for each in definitions]

    done = managed(make_runtime, work)
    failed = [each.error for each in done if each.error is not None]
    if len(done) == 1 and failed:
        raise failed[0]
    for each in done:
        _tell(each)
    if as_json:
        echo_json([each.to_json() for each in done])
    if failed:
        raise SystemExit(1)


def _divided(body: Mapping[str, Any], api_key_header: str | None, auto_bump: bool) -> Definition:
    """What `body` says of a type, and what of a connector."""
    name = body.get("name")
    said = {key: value for key, value in body.items() if folded(key) not in _OF_CONNECTORS}
    own = {key: value for key, value in body.items() if folded(key) in _OF_CONNECTORS}
    type_name = said.pop("type", None) or name
    if api_key_header and is_fluxturn(body) and find("auth", said) is None and _takes_a_key(said):
        said["auth"] = {"type": "api_key", "name": api_key_header}
    if auto_bump:
        said["autoBump"] = True
    wants_one = find("config", own) is not None
    return Definition(
        name=str(name or ""),
        type={**said, "name": type_name},
        connector={"name": name, "type": type_name, **own} if wants_one else {},
    )


def _takes_a_key(said: Mapping[str, Any]) -> bool:
    spelled = find("auth_type", said)
    return spelled is not None and folded(str(said[spelled])) == "apikey"


async def _import(manage: Resources, principal: Principal, definition: Definition) -> Imported:
    done = Imported(name=definition.name)
    try:
        done.new = not await _is_there(manage, principal, definition)
        if done.new:
            done.type = await manage.types.create(principal, definition.type)
        else:
            done.type = await manage.types.update(principal, str(definition.type["name"]), definition.type)
        if definition.connector:
            done.connector = await _configure(manage, principal, definition.connector)
    except JackfieldError as error:
        done.error = error
    return done


async def _is_there(manage: Resources, principal: Principal, definition: Definition) -> bool:
    name = definition.type["name"]
    if not isinstance(name, str) or not name:
        return False  # which `create` has words for
    try:
        await manage.types.get(principal, name)
    except UnknownType:
        return False
    return True


async def _configure(manage: Resources, principal: Principal, connector: Mapping[str, Any]) -> ConnectorInfo:
    """The connector, new or with another connection."""
    namespace = find("namespace", connector)
    full_name = f"{connector[namespace] if namespace else 'default'}/{connector['name']}"
    try:
        await manage.connectors.get(principal, full_name)
    except UnknownConnector:
        return await manage.connectors.create(principal, connector)
    return await manage.connectors.update(principal, full_name, connector)


def _tell(done: Imported) -> None:
    if done.type is not None:
        what = "Made" if done.new else "Updated"
        click.echo(f"{what} the connector type `{done.type.name}`, version {done.type.version}.", err=True)
        for warning in done.type.warnings:
            click.echo(f"warning: {warning}", err=True)
    if done.connector is not None:
        lacks = f"; still to fill in: {', '.join(done.connector.missing)}" if done.connector.missing else ""
        click.echo(f"The connector `{done.connector.full_name}` is there{lacks}.", err=True)
    if done.error is not None:
        echo_error(f"`{done.name[:100]}`: {done.error.message}", hint=done.error.hint)
