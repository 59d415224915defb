"""The commands of a document: names and facts at once, everything else when it is first asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jackfield.definition.model import CommandDefinition, ConnectionField
from jackfield.definition.openapi import progress
from jackfield.definition.openapi.answers import Answer, accepted, payload, read_answers
from jackfield.definition.openapi.bodies import Body, read_body
from jackfield.definition.openapi.defaults import told
from jackfield.definition.openapi.examples import Examples
from jackfield.definition.openapi.facts import Facts, read_facts
from jackfield.definition.openapi.filled import filled_parameter
from jackfield.definition.openapi.lean import lean
from jackfield.definition.openapi.operations import Found
from jackfield.definition.openapi.param_names import ParamNames
from jackfield.definition.openapi.parameters import Parameter, read_parameters
from jackfield.definition.openapi.plan import OperationPlan, SchemePlan
from jackfield.definition.openapi.references import References
from jackfield.definition.openapi.schemas import SchemaBuilder, SchemaView
from jackfield.definition.openapi.security import Security
from jackfield.definition.openapi.servers import Servers

_MOST_OUTPUTS = 50


@dataclass(frozen=True, kw_only=True)
class _Read:
    """One command, read to the end."""

    command: CommandDefinition
    plan: OperationPlan
    scenarios: Mapping[str, Any]


class Commands(Mapping[str, CommandDefinition]):
    """The commands of one document by name. Each is made when it is first asked for."""

    def __init__(
        self,
        found: Mapping[str, Found],
        *,
        references: References,
        servers: Servers,
        security: Security,
        full: bool = False,
    ) -> None:
        """Of the operations in `found`, by the names of their commands.

        Args:
            found: In the order of the document.
            references, servers, security: Of the document.
            full: The schemas of params have all that the document says; otherwise what tells what to put in.
        """
        self._found, self._full = dict(found), full
        self._references, self._servers, self._security = references, servers, security
        self._view, self._examples = SchemaView(references), Examples(references)
        self._facts: dict[str, Facts] = {}
        self._made: dict[str, _Read] = {}

    def __iter__(self) -> Iterator[str]:
        """The names, in the order of the document."""
        return iter(self._found)

    def __len__(self) -> int:
        """How many."""
        return len(self._found)

    def __contains__(self, name: object) -> bool:
        """Whether there is one of this very name. Nothing is made for it."""
        return name in self._found

    def __getitem__(self, name: str) -> CommandDefinition:
        """One command, with its schemas."""
        return self._read(name).command

    def __repr__(self) -> str:
        """How many, and not all that they are."""
        return f"<{len(self)} commands of an OpenAPI document>"

    def facts(self, name: str) -> Facts:
        """What is known of a command without its schemas.

        Raises:
            KeyError: There is no command of this very name.
        """
        if name not in self._facts:
            self._facts[name] = read_facts(name, self._found[name])
        return self._facts[name]

    def plan(self, name: str) -> OperationPlan:
        """How a command is sent.

        Raises:
            KeyError: There is no command of this very name.
        """
        return self._read(name).plan

    def scenarios(self, name: str) -> Mapping[str, Any]:
        """Payloads for mocks by the name of their scenario.

        Raises:
            KeyError: There is no command of this very name.
        """
        return self._read(name).scenarios

    def in_full(self) -> Commands:
        """The same commands, whose params are described in the very words of the document, however many these are."""
        return Commands(
            self._found, references=self._references, servers=self._servers, security=self._security, full=True
        )

    @property
    def schemes(self) -> Mapping[str, SchemePlan]:
        """How credentials are sent, by the name of the scheme."""
        return self._security.schemes

    @property
    def fields(self) -> tuple[ConnectionField, ...]:
        """The connection that the document asks for: base URL, variables of servers, credentials."""
        return (*self._servers.fields, *self._security.fields)

    @cached_property
    def auth(self) -> Mapping[str, Any]:
        """The `auth` of a type with these commands; empty where the document signs nobody in."""
        return self._security.auth(self._found.values(), base_url=self._servers.base_url)

    @property
    def auth_required(self) -> bool:
        """Whether some command needs a credential."""
        return self._security.required

    def _read(self, name: str) -> _Read:
        found = self._found[name]
        if name not in self._made:
            self._made[name] = self._make(name, found)
            progress.tell(len(self._made), len(self))
        return self._made[name]

    def _make(self, name: str, found: Found) -> _Read:
        names, builder = ParamNames(), self._view.request()
        parameters = read_parameters(found, self._references, names)
        body = read_body(found, self._references, builder, names)
        answers = read_answers(found, self._references)
        plan = OperationPlan(
            method=found.method,
            path=found.path,
            parameters=tuple(parameter.plan for parameter in parameters),
            body=body.plan if body else None,
            server=self._servers.plan(found),
            security=self._security.plan(found),
            scopes=self._security.scopes(found),
            accept=accepted(answers),
        )
        scenarios = self._scenarios(answers)
        output = self._output(answers)
        params = params_schema(parameters, body, builder, full=self._full)
        command = _command(self.facts(name), params, output, scenarios=tuple(scenarios))
        return _Read(command=command, plan=plan, scenarios=scenarios)

    def _output(self, answers: list[Answer]) -> dict[str, Any] | None:
        described = payload(answers)
        if described is None:
            return None
        builder = self._view.response()
        schema = builder.finish(builder.convert(described.media["schema"], f"{described.place}/schema"))
        return schema or None

    def _scenarios(self, answers: list[Answer]) -> Mapping[str, Any]:
        """Of the first answer that has any."""
        for answer in answers:
            if answer.is_json and (made := self._examples.of_media(answer.media, answer.place)):
                return made
        return {}


def params_schema(
    parameters: list[Parameter], body: Body | None, builder: SchemaBuilder, *, full: bool
) -> dict[str, Any]:
    """The params of a command as one self-contained JSON Schema: parameters first, then what makes the body.

    Args:
        parameters, body: What the schema describes.
        builder: Made the schemas in them.
        full: Nothing is left out that makes no difference to which values are valid.
    """
    properties = {parameter.plan.param: _param_schema(parameter, builder) for parameter in parameters}
    required = [parameter.plan.param for parameter in parameters if parameter.plan.required]
    schema: dict[str, Any] = {"type": "object", "properties": properties, "additionalProperties": False}
    if body is not None:
        properties |= body.params
        required += body.required
        if body.dependent:
            schema["dependentRequired"] = _together(body)
    if required:
        schema["required"] = required
    whole = builder.finish(schema)
    whole = whole if full else lean(whole)
    return {**whole, "properties": {name: told(part) for name, part in whole.get("properties", {}).items()}}


def _together(body: Body) -> dict[str, list[str]]:
    """An optional body is whole or absent: who gives one of its params gives all that it cannot be without."""
    needed = set(body.dependent)
    return {
        name: others
        for name in body.plan.properties
        if (others := [other for other in body.dependent if other != name and other in needed])
    }


def _param_schema(parameter: Parameter, builder: SchemaBuilder) -> dict[str, Any]:
    kinds = builder.kind(parameter.schema, parameter.schema_place) if parameter.plan.required else ()
    schema = filled_parameter(builder.convert(parameter.schema, parameter.schema_place), kinds, parameter.plan)
    said: dict[str, Any] = {}
    if parameter.description:
        said["description"] = parameter.description
    if parameter.deprecated:
        said["deprecated"] = True
    if parameter.examples and "examples" not in schema:
        said["examples"] = list(parameter.examples)
    return {**schema, **said} if said else schema


def _command(
    facts: Facts, params: dict[str, Any], output: dict[str, Any] | None, *, scenarios: tuple[str, ...]
) -> CommandDefinition:
    return CommandDefinition(
        name=facts.name,
        display_name=facts.display_name,
        description=facts.description,
        params=params,
        outputs=_outputs(output),
        output_schema=output,
        reads_only=facts.reads_only,
        destructive=facts.destructive,
        idempotent=facts.idempotent,
        deprecated=facts.deprecated,
        tags=facts.tags,
        scenarios=scenarios,
    )


def _outputs(schema: Mapping[str, Any] | None) -> tuple[str, ...]:
    """The names at the top of a payload that is an object."""
    if schema is None:
        return ()
    reference = schema.get("$ref")
    if isinstance(reference, str):
        schema = schema.get("$defs", {}).get(reference.removeprefix("#/$defs/"), {})
    properties = schema.get("properties") if isinstance(schema, Mapping) else None
    return tuple(properties)[:_MOST_OUTPUTS] if isinstance(properties, Mapping) else ()
