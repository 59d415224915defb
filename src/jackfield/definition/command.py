"""`@command`: a method of a connector class as one of its commands."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as _dataclass_field
from typing import Any, TypeVar, get_args, get_origin, get_type_hints, overload

from jackfield.definition import hints as _hints
from jackfield.definition.docstrings import Doc, read
from jackfield.definition.errors import InvalidDefinition
from jackfield.definition.fields import FieldSpec, default_in_json
from jackfield.definition.model import CommandDefinition, Deprecation
from jackfield.definition.outcome import Outcome
from jackfield.definition.validation import check_schema

F = TypeVar("F", bound=Callable[..., Any])

_JSON_TYPES = "use str, int, float, bool, date, Literal, Enum, list, dict, a dataclass or a TypedDict"

Scenario = Outcome[Any] | Mapping[str, Any] | Callable[..., Any]
"""A canned outcome, or a function of nothing or of the params that returns one."""


@dataclass(frozen=True, kw_only=True)
class CommandSpec:
    """The arguments of one `@command(...)`."""

    name: str | None = None
    display_name: str = ""
    outputs: Sequence[str] | Mapping[str, Any] | None = None
    strict_outputs: bool = False
    reads_only: bool = False
    destructive: bool = False
    idempotent: bool | None = None
    deprecated: str | bool = False
    added_in: str | None = None
    tags: Sequence[str] = ()
    tool: bool = True
    ai_description: str = ""
    verified: bool = False
    mock: Mapping[str, Scenario] = _dataclass_field(default_factory=dict)


@overload
def command(function: F, /) -> F: ...


@overload
def command(
    *,
    name: str | None = None,
    display_name: str = "",
    outputs: Sequence[str] | Mapping[str, Any] | None = None,
    strict_outputs: bool = False,
    reads_only: bool = False,
    destructive: bool = False,
    idempotent: bool | None = None,
    deprecated: str | bool = False,
    added_in: str | None = None,
    tags: Sequence[str] = (),
    tool: bool = True,
    ai_description: str = "",
    verified: bool = False,
    mock: Mapping[str, Scenario] | None = None,
) -> Callable[[F], F]: ...


def command(function: F | None = None, /, **options: Any) -> F | Callable[[F], F]:
    """Make a method a command. Its signature is the params schema, its docstring the help.

    `async def` runs on the event loop, `def` in a thread. The method itself is left as it is.

    Args:
        function: The method, when used without parentheses.
        **options: What the signature cannot say:
            `name`, if the command is not called like the method;
            `display_name`, shown to people;
            `outputs`, names of the payload's keys, or a JSON Schema of the payload. Taken from the return
            annotation where that is `Outcome[SomeType]`. With `strict_outputs` a payload that does not
            match is a failure;
            `reads_only`, `destructive`, `idempotent`: what it does to the service (`idempotent` follows
            `reads_only` unless given);
            `deprecated`, what to use instead; `added_in`, a version; `tags`;
            `tool=False`, to keep it from language models; `ai_description`, what those are told instead of the
            docstring; `verified`, when tested against the real service;
            `mock`, named scenarios: an outcome, or a function of nothing or of the params.
    """

    def mark(function: F) -> F:
        options["mock"] = dict(options.get("mock") or {})
        function.__jackfield_command__ = CommandSpec(**options)  # type: ignore[attr-defined]  # functions take any
        return function

    return mark if function is None else mark(function)


@dataclass(frozen=True, kw_only=True)
class Handler:
    """How to call the method behind a command.

    Attributes:
        method: Name of the method.
        is_async: Whether it is a coroutine function.
        context: Name of the argument that wants the context, if any.
        converters: Functions from validated JSON to what the annotation of an argument promises.
        extra: Whether it takes `**params` for undeclared names.
        scenarios: The mock scenarios by name.
    """

    method: str
    is_async: bool
    context: str | None
    converters: Mapping[str, Callable[[Any], Any]]
    extra: bool
    scenarios: Mapping[str, Scenario]


def resolve(annotated: Any) -> dict[str, Any]:
    """The annotations of a class or function as types.

    Raises:
        InvalidDefinition: One of them names what cannot be found, or is no type.
    """
    try:
        return get_type_hints(annotated)
    except (NameError, AttributeError, SyntaxError, TypeError) as error:
        raise InvalidDefinition(
            f"an annotation of `{annotated.__qualname__}` cannot be resolved: {error}",
            hint="define the type at module level, above the connector class",
        ) from None


def build(method: str, function: Callable[..., Any], *, hints: Mapping[str, Any]) -> tuple[CommandDefinition, Handler]:
    """The definition of a marked method, and how to call it.

    Args:
        method: Name of the method.
        function: Marked by `@command`.
        hints: Resolved annotations of `function`.

    Raises:
        InvalidDefinition: An annotation or a default has no JSON form, or it is no method that can be called.
        InvalidSchema: A default or a pattern does not fit its own param.
    """
    if (
        not inspect.isfunction(function)
        or inspect.isgeneratorfunction(function)
        or inspect.isasyncgenfunction(function)
    ):
        raise InvalidDefinition(
            f"command `{method}` is no plain method",
            hint="use `def` or `async def` with `self`, and `return` the outcome instead of yielding it",
        )
    spec: CommandSpec = function.__jackfield_command__  # type: ignore[attr-defined]  # set by `command`
    doc = read(function)
    context, arguments, extra = _arguments(function, hints)
    params = _params_schema(method, arguments, hints=hints, doc=doc, extra=extra)
    check_schema(params, where=f"command `{spec.name or method}`")
    outputs, output_schema = _outputs(spec, hints.get("return"), doc)
    definition = CommandDefinition(
        name=spec.name or method,
        display_name=spec.display_name,
        description=doc.description,
        params=params,
        outputs=outputs,
        output_schema=output_schema,
        strict_outputs=spec.strict_outputs,
        reads_only=spec.reads_only,
        destructive=spec.destructive,
        idempotent=spec.reads_only if spec.idempotent is None else spec.idempotent,
        deprecated=_deprecation(spec.deprecated),
        added_in=spec.added_in,
        tags=tuple(spec.tags),
        tool=spec.tool,
        ai_description=spec.ai_description,
        verified=spec.verified,
        scenarios=tuple(spec.mock),
    )
    converters = {name: convert for name in arguments if (convert := _hints.converter(hints.get(name, Any)))}
    handler = Handler(
        method=method,
        is_async=inspect.iscoroutinefunction(inspect.unwrap(function)),
        context=context,
        converters=converters,
        extra=extra,
        scenarios=spec.mock,
    )
    return definition, handler


def _arguments(
    function: Callable[..., Any], hints: Mapping[str, Any]
) -> tuple[str | None, dict[str, inspect.Parameter], bool]:
    context, extra = None, False
    arguments: dict[str, inspect.Parameter] = {}
    for name, parameter in list(inspect.signature(function).parameters.items())[1:]:
        if _is_context(name, hints.get(name)):
            context = name
        elif parameter.kind is inspect.Parameter.VAR_KEYWORD:
            extra = True
        elif parameter.kind in {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.POSITIONAL_ONLY}:
            raise InvalidDefinition(
                f"argument `{name}` of `{function.__qualname__}` is positional only",
                hint="params are given by name: use a plain argument",
            )
        else:
            arguments[name] = parameter
    return context, arguments, extra


def _is_context(name: str, hint: Any) -> bool:
    described = getattr(get_origin(hint) or hint, "__name__", "")
    return described == "CallContext" or (name == "ctx" and hint is None)


def _params_schema(
    method: str, arguments: Mapping[str, inspect.Parameter], *, hints: Mapping[str, Any], doc: Doc, extra: bool
) -> dict[str, Any]:
    wanted = {name: hints.get(name, Any) for name in arguments}
    try:
        schemas, definitions = _hints.schemas(wanted)
    except TypeError as error:
        raise InvalidDefinition(
            f"a param of command `{method}` has a type without JSON form: {error}", hint=_JSON_TYPES
        ) from None
    properties = {}
    for name, argument in arguments.items():
        default = _default(argument.default, wanted[name], what=f"param `{name}` of command `{method}`")
        properties[name] = _property(schemas[name], argument.default, default, doc.args.get(name, ""))
    required = [name for name, schema in properties.items() if "default" not in schema]
    schema: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": extra}
    if required:
        schema["required"] = required
    if definitions:
        schema["$defs"] = definitions
    return schema


def _default(given: Any, hint: Any, *, what: str) -> Any:
    value = given.default if isinstance(given, FieldSpec) else given
    if isinstance(given, FieldSpec) and value is ... and _hints.allows_none(hint):
        return None
    return ... if value is ... or value is inspect.Parameter.empty else default_in_json(value, what=what)


def _property(schema: dict[str, Any], given: Any, default: Any, said: str) -> dict[str, Any]:
    spec = given if isinstance(given, FieldSpec) else FieldSpec()
    described = {"title": spec.label, "description": spec.description or said}
    merged = schema | dict(spec.constraints) | {key: text for key, text in described.items() if text}
    return merged if default is ... else merged | {"default": default}


def _outputs(spec: CommandSpec, returned: Any, doc: Doc) -> tuple[tuple[str, ...], dict[str, Any] | None]:
    if isinstance(spec.outputs, Mapping):
        schema = dict(spec.outputs)
        return tuple(schema.get("properties", ())), schema
    promised = get_args(returned)[0] if get_origin(returned) is Outcome else Any
    schema_of_payload = None if promised is Any else _payload_schema(promised, doc)
    names = spec.outputs if spec.outputs is not None else _property_names(schema_of_payload)
    return tuple(names), schema_of_payload


def _payload_schema(promised: Any, doc: Doc) -> dict[str, Any]:
    try:
        schemas, definitions = _hints.schemas({"payload": promised})
    except TypeError as error:
        raise InvalidDefinition(
            f"a command promises an outcome that has no JSON form: {error}", hint=_JSON_TYPES
        ) from None
    schema = schemas["payload"]
    if doc.returns:
        schema["description"] = doc.returns
    return schema | ({"$defs": definitions} if definitions else {})


def _property_names(schema: Mapping[str, Any] | None) -> list[str]:
    if schema is None:
        return []
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    resolved = schema.get("$defs", {}).get(name, schema)
    return list(resolved.get("properties", ()))


def _deprecation(said: str | bool) -> Deprecation | None:
    if said is False:
        return None
    return Deprecation(message=said if isinstance(said, str) else "")
