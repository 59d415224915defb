"""One command as a model sees it, and what it does not see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, TypeAlias

from jackfield.agents.choice import NO_RULE, ToolRule
from jackfield.agents.cost import Cost, cost_of
from jackfield.agents.ids import plain_id
from jackfield.agents.media import Medium
from jackfield.definition.model import Schema

Risk: TypeAlias = Literal["read", "write", "destructive"]


@dataclass(frozen=True, kw_only=True)
class Tool:
    """One command as a tool.

    Attributes:
        name: At most 64 letters, digits, `_` and `-`.
        connector: `namespace/name`, or a type that is called without a connector.
        command: Its name.
        title: For people.
        description: For the model.
        input_schema: JSON Schema of an object, without what is settled; nothing but an object at its top.
        output_schema: Of the payload, where one is known.
        reads_only: Changes nothing at the service.
        destructive: May delete or overwrite.
        idempotent: Twice is the same as once.
        version: Of the connector type.
        tags: Of the command.
        about: What the connector is for.
        rule: What is settled.
        params: Names of all params of the command.
        open: Whether the model may give params that the command does not declare. Never where something is settled:
            under another name a param could be reached that is.
        renamed: From the names that the model sees to those of the command, where they differ.
        mock_param: The param with which the model asks for a mock; empty where it cannot.
    """

    name: str
    connector: str
    command: str
    title: str = ""
    description: str = ""
    input_schema: Schema = field(default_factory=lambda: {"type": "object", "properties": {}})
    output_schema: Schema | None = None
    reads_only: bool = False
    destructive: bool = False
    idempotent: bool = False
    version: str = ""
    tags: tuple[str, ...] = ()
    about: str = ""
    rule: ToolRule = field(default=NO_RULE, repr=False)
    params: tuple[str, ...] = ()
    open: bool = False
    renamed: Mapping[str, str] = field(default_factory=dict)
    mock_param: str = ""

    @property
    def risk(self) -> Risk:
        """How much harm a wrong call may do."""
        if self.reads_only:
            return "read"
        return "destructive" if self.destructive else "write"

    @cached_property
    def cost(self) -> Cost:
        """How much of a model's context it takes."""
        return cost_of(name=self.name, description=self.description, input_schema=self.input_schema)


@dataclass(frozen=True, kw_only=True)
class ToolContext:
    """On whose way a tool is called.

    Attributes:
        variables: For the templates of settled params.
        chat_id: Of the conversation.
        call_id: That the model gave the call; results are asked for by it.
    """

    variables: Mapping[str, Any] = field(default_factory=dict)
    chat_id: str | None = None
    call_id: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "chat_id", plain_id(self.chat_id))
        object.__setattr__(self, "call_id", plain_id(self.call_id))


@dataclass(frozen=True, kw_only=True)
class ToolResult:
    """What a tool answered.

    Attributes:
        text: What the model reads: JSON of the payload, or what went wrong and what to do. Never longer than asked for.
        structured: The same as data, where it is an object.
        failed: It could not be called, or did not succeed.
        code: Of the failure; empty where there is none.
        shortened: The model sees only a part; `retrieve_tool_result` has the rest.
        ignored: Names of params that the model tried to set and that are not its own.
        execution_id: Of the record; empty where nothing was called.
        call_id: By which the rest can be asked for; empty where nothing was called.
        media: Pictures, sounds and files, which the text only names.
    """

    text: str
    structured: Mapping[str, Any] | None = None
    failed: bool = False
    code: str = ""
    shortened: bool = False
    ignored: tuple[str, ...] = ()
    execution_id: str = ""
    call_id: str = ""
    media: tuple[Medium, ...] = ()
