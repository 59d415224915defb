"""Whether what a choice names is there: connectors, commands and params. A slip of the pen would protect nothing."""

from __future__ import annotations

from collections.abc import Iterator

from jackfield.agents.choice import Choice, ChosenConnector
from jackfield.agents.errors import InvalidChoice
from jackfield.agents.making import make_tool
from jackfield.agents.offered import offer, wanted
from jackfield.definition.errors import InvalidParams
from jackfield.definition.faults import Fault, pointer
from jackfield.definition.model import CommandDefinition
from jackfield.definition.names import closest
from jackfield.dispatch.errors import ConnectorDisabled
from jackfield.errors import JackfieldError
from jackfield.registry.catalogue import Catalogue
from jackfield.registry.environments import environment_of
from jackfield.registry.errors import TypeDisabled, UnknownEnvironment
from jackfield.registry.resolve import Target, resolve


def check_choice(choice: Choice, catalogue: Catalogue, *, tenant: str, what: str) -> None:
    """Do nothing if all that `choice` names is there for `tenant`, and no two tools have one name.

    What is switched off counts as there: it may be switched on again.

    Args:
        choice: As it was read.
        catalogue: What exists, refreshed.
        tenant: Whose.
        what: It is the choice of, for the error.

    Raises:
        InvalidParams: All that is not there, each with its place.
        ToolNameTaken: Two would have the same name.
    """
    chosen = choice.connectors or ()
    faults = [fault for at, one in enumerate(chosen) for fault in _faults(one, at, catalogue, tenant)]
    if faults:
        hint = "`jackfield connectors list` and `jackfield types` name what is there"
        raise InvalidParams(faults=faults, where=what, hint=hint)
    if choice.connectors is not None:
        for problem in offer(*wanted(catalogue, choice, tenant=tenant)).problems:
            if not isinstance(problem, TypeDisabled | ConnectorDisabled):
                raise problem


def _faults(one: ChosenConnector, at: int, catalogue: Catalogue, tenant: str) -> Iterator[Fault]:
    place = ("choice", "connectors", at)
    try:
        target = resolve(catalogue, one.connector, tenant=tenant)
    except TypeDisabled:
        return
    except JackfieldError as error:
        yield Fault(pointer=pointer([*place, "connector"]), message=_said(error))
        return
    try:
        environment_of(target.connector, one.environment or None, target=target.name)
    except UnknownEnvironment as error:
        yield Fault(pointer=pointer([*place, "environment"]), message=_said(error))
    for number, name in enumerate(one.commands):
        if _command(target, name) is None:
            yield Fault(pointer=pointer([*place, "operations", number]), message=_no_command(target, name))
    for name, rule in one.rules.items():
        command = _command(target, name)
        if command is None:
            yield Fault(pointer=pointer([*place, "tools", name]), message=_no_command(target, name))
            continue
        try:
            make_tool(target.name, target.type.definition, command, rule)
        except InvalidChoice as error:
            yield Fault(pointer=pointer([*place, "tools", name]), message=_said(error))


def _command(target: Target, name: str) -> CommandDefinition | None:
    found = target.type.definition.find_command(name)
    return found if found is not None and found.tool else None


def _no_command(target: Target, name: str) -> str:
    known = [one.name for one in target.type.definition.commands.values() if one.tool]
    close = closest(name, known)
    return f"`{target.name}` has no command `{name[:100]}`" + (f"; did you mean `{close}`?" if close else "")


def _said(error: JackfieldError) -> str:
    return f"{error.message}; {error.hint}" if error.hint else error.message
