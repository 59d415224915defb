"""What is shown of tools and of what they answer, and how programs read it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jackfield.agents.finding import ToolHit
from jackfield.agents.formats import FORMATS, Format
from jackfield.agents.media import medium_json, read_medium
from jackfield.agents.offered import Offered
from jackfield.agents.tool import Risk, Tool, ToolResult


@dataclass(frozen=True, kw_only=True)
class ToolCost:
    """How much of a model's context something takes.

    Attributes:
        bytes: Of its compact JSON: name, description and schema of the input.
        tokens: Estimated; models count differently.
    """

    bytes: int
    tokens: int


@dataclass(frozen=True, kw_only=True)
class ToolInfo:
    """A command as a model sees it.

    Attributes:
        name: At most 64 letters, digits, `_` and `-`.
        connector: `namespace/name`, or a type that is called without a connector.
        command: Its name.
        title: For people.
        description: For the model.
        risk: How much harm a wrong call may do.
        idempotent: Twice is the same as once.
        version: Of the connector type.
        input_schema: Without what is settled: JSON Schema of an object.
        output_schema: Of the payload; null where it is not known, or was not asked for.
        cost: How much of a model's context it takes.
        definition: As the interface of a model takes it; null unless a `format` was asked for.
    """

    name: str
    connector: str
    command: str
    title: str
    description: str
    risk: Risk
    idempotent: bool
    version: str
    input_schema: Mapping[str, Any] = field(repr=False)
    output_schema: Mapping[str, Any] | None = field(default=None, repr=False)
    cost: ToolCost
    definition: Mapping[str, Any] | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class ToolFound:
    """A tool that a search has found.

    Attributes:
        tool: Whole.
        score: The greater, the better; comparable within one answer only.
        connected: A credential is there, or none is needed; null where nobody asked.
    """

    tool: ToolInfo
    score: float
    connected: bool | None


@dataclass(frozen=True, kw_only=True)
class ToolProblem:
    """Why a tool that was chosen is not there.

    Attributes:
        code: Of the error.
        message: What is wrong.
        hint: What to do about it.
    """

    code: str
    message: str
    hint: str


@dataclass(frozen=True, kw_only=True)
class ToolAnswer:
    """What a tool answered.

    Attributes:
        text: What the model reads.
        structured: The same as data, where it is an object.
        failed: It could not be called, or did not succeed.
        code: Of the failure; empty where there is none.
        shortened: The model sees only a part; the rest is got by `toolCallId`.
        ignored: Names of params that the model tried to set and that are not its own.
        execution_id: Of the record; empty where nothing was called.
        tool_call_id: By which the rest can be asked for; empty where nothing was called.
        media: Pictures, sounds and files, which the text only names: `type`, `mimeType`, and `data` in base64 or
            `text`; of a file `uri`.
    """

    text: str
    structured: Mapping[str, Any] | None
    failed: bool
    code: str
    shortened: bool
    ignored: Sequence[str]
    execution_id: str
    tool_call_id: str
    media: Sequence[Mapping[str, Any]] = ()


def tool_info(tool: Tool, *, format: Format | None = None, output_schema: bool = False) -> ToolInfo:
    """What is shown of a tool.

    Args:
        format: Also as that interface takes it.
        output_schema: With the schema of what it answers, which may be long.
    """
    return ToolInfo(
        name=tool.name,
        connector=tool.connector,
        command=tool.command,
        title=tool.title,
        description=tool.description,
        risk=tool.risk,
        idempotent=tool.idempotent,
        version=tool.version,
        input_schema=tool.input_schema,
        output_schema=tool.output_schema if output_schema else None,
        cost=ToolCost(bytes=tool.cost.bytes, tokens=tool.cost.tokens),
        definition=FORMATS[format](tool) if format else None,
    )


def tool_of(info: ToolInfo) -> Tool:
    """The tool that a server has shown. What is settled stays there, where it is called."""
    return Tool(
        name=info.name,
        connector=info.connector,
        command=info.command,
        title=info.title,
        description=info.description,
        input_schema=dict(info.input_schema),
        output_schema=info.output_schema and dict(info.output_schema),
        reads_only=info.risk == "read",
        destructive=info.risk == "destructive",
        idempotent=info.idempotent,
        version=info.version,
    )


def tool_found(hit: ToolHit) -> ToolFound:
    """What is shown of a tool that was found, where programs want all of it."""
    return ToolFound(tool=tool_info(hit.tool, output_schema=True), score=hit.score, connected=hit.connected)


def hit_of(found: ToolFound) -> ToolHit:
    """What a server has found."""
    return ToolHit(tool=tool_of(found.tool), score=found.score, connected=found.connected)


def problems_of(offered: Offered) -> list[ToolProblem]:
    """Why tools are missing."""
    return [ToolProblem(code=each.code, message=each.message, hint=each.hint) for each in offered.problems]


def tool_answer(result: ToolResult) -> ToolAnswer:
    """What is shown of a result."""
    return ToolAnswer(
        text=result.text,
        structured=result.structured,
        failed=result.failed,
        code=result.code,
        shortened=result.shortened,
        ignored=result.ignored,
        execution_id=result.execution_id,
        tool_call_id=result.call_id,
        media=[medium_json(medium) for medium in result.media],
    )


def result_of(answer: ToolAnswer) -> ToolResult:
    """The result that a server has shown."""
    return ToolResult(
        text=answer.text,
        structured=answer.structured,
        failed=answer.failed,
        code=answer.code,
        shortened=answer.shortened,
        ignored=tuple(answer.ignored),
        execution_id=answer.execution_id,
        call_id=answer.tool_call_id,
        media=tuple(medium for one in answer.media if (medium := read_medium(one))),
    )
