"""Which commands a model may use, and what is settled for it.

The wire form is Sinas's `enabledConnectors`, and more can be said of one command:

    - connector: default/slack-api
      environment: staging                              # of the connector; neither model nor host chooses another
      credential: help desk                             # likewise
      operations: [post_message, get_channel_info]      # none named: all of them
      parameters:
        post_message:
          channel: "{{ default_channel }}"              # locked: the model neither sees nor sets it
          as_user: {value: true, locked: false}         # a default that the model may override
      tools:
        post_message:
          description: Tell the team something.
          fields: [text]                                # only these are the model's
          status: "Posting {{ text }}"
          result: {fields: [ts], limit: 20}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class ParamRule:
    """What is settled about one param.

    Attributes:
        value: Of the param; texts in it may be templates, which keep the type of what they yield.
        locked: The model cannot set it. Else the value is a default.
    """

    value: Any
    locked: bool = True


@dataclass(frozen=True, kw_only=True)
class ResultRule:
    """What of a result the model is shown.

    Attributes:
        fields: Of each item of a list, or of an object; dots lead inside. Empty for all.
        limit: At most so many items of a list; `None` for as many as fit.
    """

    fields: tuple[str, ...] = ()
    limit: int | None = None


@dataclass(frozen=True, kw_only=True)
class ToolRule:
    """What is settled about one command.

    Attributes:
        name: Of the tool; made of connector and command unless given.
        description: For the model, instead of the command's own.
        params: By the name of the param.
        fields: The only params that are the model's; `None` for all that are not locked.
        mock: Whether the model may ask for a mock, by one more param.
        status: A template of what people are shown while it runs.
        result: What of the result the model sees.
        environment: Of the connector, which is called whatever else is said; empty for whatever is said. It is settled
            for all commands of a `ChosenConnector`, and no part of the rule's wire form.
        credential: Id or name of the one that calls use, likewise.
    """

    name: str = ""
    description: str = ""
    params: Mapping[str, ParamRule] = field(default_factory=dict)
    fields: tuple[str, ...] | None = None
    mock: bool = False
    status: str = ""
    result: ResultRule = ResultRule()
    environment: str = ""
    credential: str = ""


NO_RULE = ToolRule()


@dataclass(frozen=True, kw_only=True)
class ChosenConnector:
    """Commands of one connector.

    Attributes:
        connector: As in a call.
        commands: By name; empty for all that may be offered to models.
        rules: By the name of the command.
        environment: The only one that is called; empty for that of the host, or the connector's default.
        credential: The only one that calls use, by id or name; empty for that of the host, or the caller's.
    """

    connector: str
    commands: tuple[str, ...] = ()
    rules: Mapping[str, ToolRule] = field(default_factory=dict)
    environment: str = ""
    credential: str = ""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Which commands a model may use.

    Attributes:
        connectors: `None` for every connector that the caller sees.
        reads_only: Only commands that change nothing.
    """

    connectors: tuple[ChosenConnector, ...] | None = None
    reads_only: bool = False


EVERYTHING = Choice()
