"""What can be wrong with a name, and with a file that defines connectors."""

from __future__ import annotations

from collections.abc import Sequence

from jackfield.definition.names import closest, slug
from jackfield.errors import JackfieldError


class UnknownConnector(JackfieldError):
    """A caller named a connector that does not exist."""

    code = "unknown-connector"
    status = 404
    retry = "after_fix"

    def __init__(self, *, connector: str, known: Sequence[str], note: str = "") -> None:
        super().__init__(
            f"there is no connector `{connector}`",
            hint=note or _suggestion(connector, known, none="no connector is configured"),
            connector=connector,
            known=list(known),
        )


class AmbiguousConnector(JackfieldError):
    """A name fits several connectors."""

    code = "ambiguous-connector"
    status = 409
    retry = "after_fix"

    def __init__(self, *, connector: str, matches: Sequence[str]) -> None:
        super().__init__(
            f"`{connector}` fits {len(matches)} connectors: {_listed(matches)}",
            hint=f"write the whole name, for example `{matches[0]}`",
            connector=connector,
            matches=list(matches),
        )


class UnknownCommand(JackfieldError):
    """A caller named a command that the connector does not define."""

    code = "unknown-command"
    status = 404
    retry = "after_fix"

    def __init__(self, *, connector: str, command: str, known: Sequence[str]) -> None:
        command = command if len(command) <= 200 else f"{command[:200]}..."
        super().__init__(
            f"connector `{connector}` has no command `{command}`",
            hint=_suggestion(command, known, none="it has no commands"),
            connector=connector,
            command=command,
            known=list(known),
        )


class CommandMissing(JackfieldError):
    """A call named no command, and the connector has no default one."""

    code = "command-missing"
    status = 422
    retry = "after_fix"

    def __init__(self, *, connector: str, known: Sequence[str]) -> None:
        super().__init__(
            f"the call to `{connector}` names no command, and there is no default one",
            hint=f"name one of {_listed(known)}" if known else "the connector has no commands",
            connector=connector,
            known=list(known),
        )


class UnknownEnvironment(JackfieldError):
    """A call, or a change of a connector, named an environment that the connector does not have."""

    code = "unknown-environment"
    status = 422
    retry = "after_fix"

    def __init__(self, *, connector: str, environment: str, known: Sequence[str], hint: str = "") -> None:
        environment = environment if len(environment) <= 64 else f"{environment[:64]}..."
        super().__init__(
            f"connector `{connector}` has no environment `{environment}`",
            hint=hint or _suggestion(environment, known, none="it has no environments: leave `environment` out"),
            connector=connector,
            environment=environment,
            known=list(known),
        )


class UnknownType(JackfieldError):
    """Somebody named a connector type that does not exist."""

    code = "unknown-type"
    status = 404
    retry = "after_fix"

    def __init__(self, *, type: str, known: Sequence[str]) -> None:
        super().__init__(
            f"there is no connector type `{type}`",
            hint=_suggestion(type, known, none="no connector type is installed"),
            type=type,
            known=list(known),
        )


class UnknownVersion(JackfieldError):
    """A connector type has no version of that number."""

    code = "unknown-version"
    status = 404
    retry = "after_fix"

    def __init__(self, *, type: str, version: str, known: Sequence[str]) -> None:
        super().__init__(
            f"connector type `{type}` has no version `{version}`",
            hint=f"it has {_listed(known)}",
            type=type,
            version=version,
            known=list(known),
        )


class TypeDisabled(JackfieldError):
    """A connector type is switched off, and all of its connectors with it."""

    code = "type-disabled"
    status = 409
    retry = "after_fix"

    def __init__(self, *, type: str, connector: str = "") -> None:
        whose = f", so connector `{connector}` cannot be called" if connector else ""
        super().__init__(
            f"connector type `{type}` is switched off{whose}",
            hint="an administrator can switch it on again, or use a connector of another type",
            type=type,
            connector=connector,
        )


class ConnectorNotStored(JackfieldError):
    """A connector was to be changed that comes from a file or from the program, not from the database."""

    code = "connector-not-stored"
    status = 409
    retry = "after_fix"

    def __init__(self, *, connector: str) -> None:
        super().__init__(
            f"connector `{connector}` is not in the database, so it cannot be changed there",
            hint="change the file or the program that it comes from, or add one of another name",
            connector=connector,
        )


class TypeInUse(JackfieldError):
    """A connector type was to be deleted while there are connectors of it."""

    code = "type-in-use"
    status = 409
    retry = "after_fix"

    def __init__(self, *, type: str, connectors: Sequence[str]) -> None:
        super().__init__(
            f"connector type `{type}` has {len(connectors)} connector(s): {_listed(connectors)}",
            hint="delete those first, or switch the type off",
            type=type,
            connectors=list(connectors),
        )


class TypeNotDeletable(JackfieldError):
    """A connector type came with a package, and would come back."""

    code = "type-not-deletable"
    status = 409
    retry = "after_fix"

    def __init__(self, *, type: str) -> None:
        super().__init__(
            f"connector type `{type}` came with an installed package or with the program, so it cannot be deleted",
            hint="switch it off, or remove the package",
            type=type,
        )


class VersionTooLow(JackfieldError):
    """A changed connector type needs a higher version, because those who use it would notice."""

    code = "version-too-low"
    status = 409
    retry = "after_fix"

    def __init__(self, *, type: str, version: str, needed: str, reasons: Sequence[str]) -> None:
        super().__init__(
            f"connector type `{type}` changes so that it needs at least version `{needed}`, and has `{version}`: "
            f"{'; '.join(reasons[:6])}",
            hint=f"give `version: {needed}`, or let it be raised with `autoBump`",
            type=type,
            version=version,
            needed=needed,
            reasons=list(reasons),
        )


class NameTaken(JackfieldError):
    """A connector or connector type of that name exists already."""

    code = "name-taken"
    status = 409
    retry = "after_fix"

    def __init__(self, *, what: str, name: str, first: str = "", second: str = "", hint: str = "") -> None:
        places = f": in {first} and in {second}" if first and second else ""
        super().__init__(
            f"{what} `{name}` exists already{places}",
            hint=hint or "choose another name, or remove one of the two",
            what=what,
            name=name,
        )


class ConnectorNotConfigured(JackfieldError):
    """A connector lacks connection fields that its commands need."""

    code = "connector-not-configured"
    status = 422
    retry = "after_fix"

    def __init__(self, *, connector: str, missing: Sequence[str]) -> None:
        super().__init__(
            f"Missing required field(s): {', '.join(missing)} (connection of `{connector}`)",
            hint=f"fill in {_listed(missing)} in the connector's `config`",
            connector=connector,
            missing=list(missing),
        )


class LoadFailed(JackfieldError):
    """A file or package with connectors could not be read."""

    code = "load-failed"
    status = 500
    retry = "after_fix"

    def __init__(self, *, place: str, reason: str, line: int | None = None) -> None:
        where = f"{place}, line {line}" if line else place
        super().__init__(
            f"`{where}` could not be loaded: {reason}",
            hint="mend or remove it; everything else was loaded",
            place=place,
            line=line,
            reason=reason,
        )


class ExecutionModelMissing(JackfieldError):
    """A connector type runs in a way that this installation does not have."""

    code = "execution-model-missing"
    status = 422
    retry = "after_fix"

    def __init__(self, *, connector: str, model: str, installed: Sequence[str]) -> None:
        super().__init__(
            f"connector `{connector}` has the execution model `{model}`, which is not installed",
            hint=f"installed are {_listed(installed)}",
            connector=connector,
            model=model,
            installed=list(installed),
        )


def _suggestion(wanted: str, known: Sequence[str], *, none: str) -> str:
    if not known:
        return none
    if wanted in known:
        return f"there is {_listed(known)}"
    by_slug = {slug(name.rpartition("/")[2]): name for name in known}
    close = closest(slug(wanted.rpartition("/")[2]), by_slug)
    return f"did you mean `{by_slug[close]}`?" if close else f"there is {_listed(known)}"


def _listed(names: Sequence[str], limit: int = 12) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:limit])
    return f"{shown} and {len(names) - limit} more" if len(names) > limit else shown
