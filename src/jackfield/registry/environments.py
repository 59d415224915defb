"""The environments of a connector, such as staging and production: each a part of the connection of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from jackfield.definition.errors import InvalidDefinition, InvalidName
from jackfield.definition.names import check_distinct, check_name, find
from jackfield.registry.errors import NameTaken, UnknownEnvironment

if TYPE_CHECKING:
    from jackfield.registry.catalogue import ConfiguredConnector

MAX_ENVIRONMENTS = 50
MAX_NAME = 64
MAX_CREDENTIAL = 200


@dataclass(frozen=True, kw_only=True)
class Environment:
    """One environment.

    Attributes:
        config: Connection fields that lie over the connector's own; what it leaves out is theirs. Like theirs: secrets
            in plain, or a mask in place of each for a connector that is stored.
        credential: Id or name of the credential that its calls use; empty for the one that they would use anyway.
    """

    config: Mapping[str, Any] = field(default_factory=dict, repr=False)
    credential: str = ""


@dataclass(frozen=True, kw_only=True)
class Said:
    """What somebody says of one environment; `None` is nothing.

    Attributes:
        name: What it is to be called from now on.
        config: The fields that change; one that is `None` is cleared.
    """

    name: str | None = None
    config: Mapping[str, Any] | None = field(default=None, repr=False)
    credential: str | None = None


@dataclass(frozen=True, kw_only=True)
class Laid:
    """Environments after a change, before their configs have it.

    Attributes:
        environments: By their new names, each with the config that it had.
        given: The fields of their configs that change, by their new names.
        was: From new names to those that they had, of those that there were.
    """

    environments: Mapping[str, Environment]
    given: Mapping[str, Mapping[str, Any]] = field(repr=False)
    was: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """The environment of a call.

    Attributes:
        name: Empty for none: the connector's own connection.
    """

    name: str = ""
    environment: Environment = Environment()


NONE = Chosen()


def environment_of(connector: ConfiguredConnector | None, wanted: str | None, *, target: str) -> Chosen:
    """The environment that a call uses: the one that it names in any case style, else the connector's default.

    Args:
        connector: `None` for a type that is called without one.
        wanted: By the call.
        target: Name of connector or type, for the error.

    Raises:
        UnknownEnvironment: There is none of that name.
    """
    there = connector.environments if connector else {}
    asked = wanted or (connector.environment if connector else "")
    if not asked:
        return NONE
    name = find(asked, there)
    if name is None:
        raise UnknownEnvironment(connector=target, environment=asked, known=list(there))
    return Chosen(name=name, environment=there[name])


def read_environments(raw: Mapping[str, Any], *, connector: str) -> dict[str, Said | None]:
    """What somebody says of environments, by the names that they have; `None` for one that is to go.

    Shape: `{name: {"config": {...}, "credential": "...", "name": "..."} or null}`. No value is shown in an error.

    Raises:
        InvalidDefinition: It has another shape.
        InvalidName, NamesFallTogether: A name cannot be.
    """
    for name in raw:
        _check_name(str(name))
    check_distinct(map(str, raw), what="environment", where=f"connector `{connector}`")
    return {str(name): _said(str(name), each) for name, each in raw.items()}


def laid_over(before: Mapping[str, Environment], said: Mapping[str, Said | None], *, connector: str) -> Laid:
    """The environments after a change: what it leaves out stays as it is.

    Raises:
        NameTaken, NamesFallTogether: Two would have the same name, or names that only case style tells apart.
        InvalidDefinition: There would be too many.
    """
    there = dict(before)
    had = {name: find(name, before) for name in said}
    present = {name: there.pop(old, Environment()) if (old := had[name]) else Environment() for name in said}
    given: dict[str, Mapping[str, Any]] = {}
    was = {name: name for name in there}
    for name, each in said.items():
        if each is None:
            continue
        new = each.name or had[name] or name
        if new in there:
            raise NameTaken(what="environment", name=new)
        there[new] = present[name] if each.credential is None else replace(present[name], credential=each.credential)
        given[new] = each.config or {}
        was |= {new: old} if (old := had[name]) else {}
    check_distinct(there, what="environment", where=f"connector `{connector}`")
    if len(there) > MAX_ENVIRONMENTS:
        raise InvalidDefinition(
            f"connector `{connector}` has {len(there)} environments",
            hint=f"keep to {MAX_ENVIRONMENTS}; make another connector of the type for the others",
        )
    return Laid(environments=dict(sorted(there.items())), given=given, was=was)


def new_environments(said: Mapping[str, Said | None], *, connector: str) -> dict[str, Environment]:
    """The environments of a connector that is new. Raises as `laid_over`."""
    laid = laid_over({}, said, connector=connector)
    return {name: replace(each, config=_set(laid.given.get(name, {}))) for name, each in laid.environments.items()}


def default_of(wanted: str, environments: Mapping[str, Environment], *, connector: str) -> str:
    """The name of the default environment as it is among them; empty for none.

    Raises:
        UnknownEnvironment: There is none of that name.
    """
    if not wanted:
        return ""
    name = find(wanted, environments)
    if name is None:
        raise UnknownEnvironment(connector=connector, environment=wanted, known=list(environments))
    return name


def to_json(environments: Mapping[str, Environment]) -> dict[str, dict[str, Any]]:
    """As they are kept and shown."""
    return {name: {"config": each.config, "credential": each.credential} for name, each in environments.items()}


def from_json(stored: Any) -> dict[str, Environment]:
    """What `to_json` has written.

    Raises:
        ValueError: It is something else.
    """
    if not isinstance(stored, Mapping):
        raise ValueError("environments are no object")
    return {str(name): _from_json(each) for name, each in stored.items()}


def _from_json(stored: Any) -> Environment:
    config, credential = (stored.get("config"), stored.get("credential")) if isinstance(stored, Mapping) else (0, 0)
    if not isinstance(config, Mapping) or not isinstance(credential, str):
        raise ValueError("an environment cannot be read")
    return Environment(config=config, credential=credential)


def _said(name: str, raw: Any) -> Said | None:
    if raw is None:
        return None
    if not isinstance(raw, Mapping):
        raise _wrong(
            name, "is no object", 'give, for example, {"config": {"base_url": "https://staging.acme.example"}}'
        )
    known = {"config", "credential", "name"}
    if unknown := [str(key) for key in raw if key not in known]:
        raise _wrong(name, f"has an unknown key `{unknown[0][:80]}`", "known are `config`, `credential` and `name`")
    config, credential, new = raw.get("config"), raw.get("credential", ...), raw.get("name")
    if config is not None and not (isinstance(config, Mapping) and all(isinstance(key, str) for key in config)):
        raise _wrong(name, "has a `config` that is no object", "give the fields of the connection that are different")
    if credential is not ... and credential is not None and not _is_credential(credential):
        raise _wrong(
            name, "has a `credential` that is none", f"give its id or name, of at most {MAX_CREDENTIAL} characters"
        )
    if new is not None:
        if not isinstance(new, str):
            raise _wrong(name, "has a `name` that is no text", "give the name that it shall have")
        _check_name(new)
    return Said(
        name=new,
        config=config,
        credential=None if credential is ... else credential or "",
    )


def _is_credential(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= MAX_CREDENTIAL and value.isprintable()


def _check_name(name: str) -> None:
    if len(name) > MAX_NAME:
        raise InvalidName(what="environment", name=name, hint=f"use at most {MAX_NAME} letters, digits, `-` and `_`")
    check_name(name, what="environment")


def _set(config: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in config.items() if value is not None}


def _wrong(name: str, problem: str, hint: str) -> InvalidDefinition:
    return InvalidDefinition(f"environment `{name[:MAX_NAME]}` {problem}", hint=hint)
