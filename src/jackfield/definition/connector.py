"""`Connector`: the class that describes a connector type, and what is derived from it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from os import PathLike
from typing import Any, ClassVar

from jackfield.definition import hints as _hints
from jackfield.definition.command import Handler, build, resolve
from jackfield.definition.docstrings import Doc, read
from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.fields import FieldSpec, default_in_json
from jackfield.definition.model import CommandDefinition, ConnectionField, ConnectorDefinition
from jackfield.definition.names import find
from jackfield.definition.outcome import Outcome

_KIND_FORMATS = {"url": {"format": "uri"}, "date": {"format": "date"}}


_defined: dict[tuple[str, str, str], type[Connector]] = {}


def defined_classes() -> list[type[Connector]]:
    """Every class that defines a type, oldest first. One that was defined again counts in its newest form.

    Held here, because Python lets go of a class that nobody else holds, such as one that a factory made.
    """
    return list(_defined.values())


class Connector:
    """Base of every connector written in Python. One class describes one connector type.

    Annotated attributes are the connection, methods marked with `@command` the commands::

        class Acme(Connector, name="acme", version="1.0.0"):
            base_url: str = field("API address.", default="https://api.acme.example/v1")

            @command(reads_only=True)
            async def list_messages(self, ctx: Context, channel: str) -> Outcome: ...

    One instance serves all calls to one configured connector, also at the same time: its attributes are
    the connection. A class without `name` is a base for others and is no type itself.

    Class arguments:
        name, version: The type's identity; the version has three numbers.
        display_name, category, tags, icon: What people see.
        default_command: Runs when a call names none.
        test_command: Shows whether a connection works; `test` where there is such a command.
        auth: What signs every request of its commands, for example `{"type": "bearer", "field": "api_key"}`; without
            it, commands pass `auth=` to the requests that need it.
        auth_required: Whether a credential is needed. Derived from required secret fields unless given.
        rate_limits: For example `{"requests_per_minute": 60}`.
    """

    definition: ClassVar[ConnectorDefinition]
    handlers: ClassVar[Mapping[str, Handler]]

    def __init_subclass__(
        cls,
        *,
        name: str | None = None,
        version: str = "1.0.0",
        display_name: str = "",
        category: str = "",
        tags: Sequence[str] = (),
        icon: str = "",
        default_command: str | None = None,
        test_command: str | None = None,
        auth: Mapping[str, Any] | None = None,
        auth_required: bool | None = None,
        rate_limits: Mapping[str, int] | None = None,
        **further: Any,
    ) -> None:
        super().__init_subclass__(**further)
        if name is None:
            return
        for hook in ("open", "close"):
            if not inspect.iscoroutinefunction(getattr(cls, hook)):
                raise InvalidDefinition(
                    f"`{hook}` of `{cls.__qualname__}` is no coroutine", hint=f"write `async def {hook}`"
                )
        commands, cls.handlers = _commands(cls)
        doc = read(cls)
        fields = _fields(cls, resolve(cls), doc)
        if auth_required is None:
            said = auth or {}
            declared = said.get("type", "none") != "none" and not said.get("optional")
            auth_required = declared or any(f.secret and f.required and not f.shown_when for f in fields)
        cls.definition = ConnectorDefinition(
            name=name,
            version=version,
            display_name=display_name,
            description=doc.description,
            category=category,
            tags=tuple(tags),
            icon=icon,
            fields=fields,
            commands=commands,
            default_command=default_command,
            test_command=test_command or find("test", commands),
            auth_required=auth_required,
            auth=dict(auth or {}),
            rate_limits=dict(rate_limits or {}),
        )
        key = (cls.__module__, cls.__qualname__, name)
        _defined.pop(key, None)
        _defined[key] = cls

    @staticmethod
    def from_openapi(
        source: Mapping[str, Any] | str | bytes | PathLike[str],
        *,
        name: str | None = None,
        select: Iterable[str] | None = None,
        config: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """A connector of an OpenAPI document, for `Jackfield(connectors=[...])`, `add` and `manage.connectors.create`.

        Example::

            pets = Connector.from_openapi("pets.yaml", name="pets", config={"apiKey": "..."})
            with Jackfield(connectors=[pets]) as jf:
                outcome = jf.connector("pets", "list_pets", {"limit": 10})

        Args:
            source: The document as an object or as JSON or YAML text, the path of its file, or of a folder or zip file
                with the files that it refers to, or its address. An address is fetched when the connector is added.
            name: Of the connector; made of the document's title by default.
            select: Names of commands, or `operationId`s; all by default.
            config: Fields of the connection, such as `baseUrl` and credentials.

        Raises:
            OpenApiInvalid: It is no OpenAPI document.
            InvalidDefinition: `select` names what there is not.
            OSError: The file cannot be read.
        """
        from jackfield.definition.openapi.entry import entry_of

        return entry_of(source, name=name, select=select, config=config)

    async def open(self) -> None:
        """Called once before the first call to a configured connector. Make what its calls share here."""

    async def close(self) -> None:
        """Called at shutdown and when the connection's fields change. Let go of what `open` made."""

    def error_map(self, error: Exception) -> Outcome[Any] | Mapping[str, Any] | None:
        """The outcome that an exception of a handler means; `None` leaves it as it is.

        Only for exceptions: what a handler returns is not passed through it.
        """
        return None


def _commands(cls: type[Any]) -> tuple[dict[str, CommandDefinition], dict[str, Handler]]:
    commands: dict[str, CommandDefinition] = {}
    handlers: dict[str, Handler] = {}
    for method, function in _marked(cls).items():
        definition, handler = build(method, function, hints=resolve(function))
        if definition.name in commands:
            raise InvalidDefinition(
                f"`{cls.__qualname__}` defines command `{definition.name}` twice",
                hint="give one of the two methods another `name`",
            )
        commands[definition.name] = definition
        handlers[definition.name] = handler
    return commands, handlers


def _marked(cls: type[Any]) -> dict[str, Callable[..., Any]]:
    """Marked methods in the order of their definition, those of base classes first; an override replaces."""
    found: dict[str, Callable[..., Any]] = {}
    for base in reversed(cls.__mro__):
        for name, value in vars(base).items():
            if hasattr(value, "__jackfield_command__"):
                found[name] = value
            elif name in found:
                del found[name]  # overridden by something that is no command
    return found


def _fields(cls: type[Connector], hints: Mapping[str, Any], doc: Doc) -> tuple[ConnectionField, ...]:
    own = {n: h for n, h in hints.items() if not n.startswith("_") and not str(h).startswith("typing.ClassVar")}
    for name in own:
        _check_free(cls, name)
    try:
        schemas, definitions = _hints.schemas(own)
    except TypeError as error:
        raise InvalidDefinition(
            f"a connection field of `{cls.__qualname__}` has a type without JSON form: {error}",
            hint="start the name of an attribute that is no connection field with `_`",
        ) from None
    fields = []
    for name, hint in own.items():
        shared = {"$defs": definitions} if "$ref" in str(schemas[name]) else {}
        fields.append(_field(cls, name, hint, schemas[name] | shared, doc))
    return tuple(fields)


def _check_free(cls: type[Any], name: str) -> None:
    """Refuse a field whose value would take the place of a method."""
    is_command = any(hasattr(vars(base).get(name), "__jackfield_command__") for base in cls.__mro__)
    if is_command or hasattr(Connector, name) or name in Connector.__annotations__:
        raise InvalidDefinition(
            f"connection field `{name}` of `{cls.__qualname__}` has the name of a method or attribute of the class",
            hint=f"give the field another name, for example `{name}_value`",
        )


def _field(cls: type[Any], name: str, hint: Any, schema: dict[str, Any], doc: Doc) -> ConnectionField:
    given = getattr(cls, name, ...)
    spec = given if isinstance(given, FieldSpec) else FieldSpec(default=given)
    kind = spec.kind or _hints.kind_of(hint)
    what = f"connection field `{name}` of `{cls.__qualname__}`"
    default = spec.default if spec.default is ... else default_in_json(spec.default, what=what)
    return ConnectionField(
        name=name,
        kind=kind,
        schema=schema | _KIND_FORMATS.get(kind, {}) | dict(spec.constraints),
        label=spec.label,
        description=spec.description or doc.args.get(name, ""),
        required=default is ... and not _hints.allows_none(hint),
        default=default,
        placeholder=spec.placeholder,
        help_url=spec.help_url,
        help_text=spec.help_text,
        shown_when=spec.shown_when,
    )
