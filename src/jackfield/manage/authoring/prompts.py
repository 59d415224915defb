"""What a language model is told when it is to write a script."""

from __future__ import annotations

from collections.abc import Sequence

from jackfield.errors import JackfieldError
from jackfield.manage.authoring.endpoint import Endpoint, Param
from jackfield.manage.authoring.results import place_of
from jackfield.manage.authoring.scaffold import Described

SYSTEM = """\
You write connectors in JavaScript for Jackfield. Answer with one JSON object and nothing else:
{"description": text, "defaultCommand": name, "configSchema": {...}, "scriptSource": text}

scriptSource: one top-level function for each command, without parameters. It runs in a sandbox: no import, no require,
no fetch, no timers. It has:
- floh.params: the params of the call, by name
- floh.config: the connection fields, by name, such as floh.config.baseUrl and floh.config.apiToken
- floh.http.get(url, headers), .post(url, body, headers), .put, .patch (same), .delete(url, headers): each waits and
  returns {status, headers, body}, with JSON bodies parsed. Objects as body are sent as JSON.
- floh.log.info(message)
Each function returns {success: true, payload: ..., variables: {...}} or
{success: false, error: "what happened", diagnostics: {status: ..., body: ...}}. The keys `data` and `outputVariables`
are refused. Treat every status of 400 and above as a failure. Put values into paths with encodeURIComponent.
Helper functions have names that begin with `_`.

configSchema: {"connectionConfig": {name: {"type": "string", "required": true, "secret": true, "description": text}},
"commands": {name: {"description": text, "params": [names], "paramSchema": {name: JSON Schema, with "required": true
where there is no call without it}, "outputs": [names], "readsOnly": true where nothing is changed}}}.
Every command has a function of its name. Write a command `test` without params that checks the connection.
Every credential is a connection field with "secret": true and no default. Never write a credential, and send
requests to floh.config.baseUrl only.
"""

_MOST_FAULTS = 10


def wanted(described: Described) -> str:
    """What the connector is to be."""
    lines = [f"Write a connector: {described.description}"]
    if described.base_url:
        lines.append(f"Default of baseUrl: {described.base_url}")
    lines.append(f"Authentication: {described.auth.kind} {described.auth.name}".strip())
    if described.endpoints:
        lines += ["Endpoints:", *map(_line, described.endpoints)]
    return "\n".join(lines)


def repaired(described: Described, answer: str, error: JackfieldError) -> str:
    """As `wanted`, once more, with what was wrong."""
    faults = [error.message, *_faults(error.details.get("errors"))]
    place = ", ".join(f"{key} {value}" for key, value in place_of(error.details).items())
    told = "\n".join([*faults, place, error.hint]).strip()
    return f"{wanted(described)}\n\nYour answer was:\n{answer}\n\nIt cannot be used:\n{told}\nAnswer again, whole."


def _faults(listed: object) -> Sequence[str]:
    found = listed if isinstance(listed, list) else []
    return [
        f"{one.get('pointer', '')}: {one.get('message', '')}" for one in found[:_MOST_FAULTS] if isinstance(one, dict)
    ]


def _line(endpoint: Endpoint) -> str:
    parts = [f"- {endpoint.method} {endpoint.path}", endpoint.name, _names("query", endpoint.query)]
    parts += [_names("body", endpoint.body or ()), endpoint.description]
    return "; ".join(filter(None, parts))


def _names(what: str, params: Sequence[Param]) -> str:
    return f"{what}: {', '.join(param.name + ('*' if param.required else '') for param in params)}" if params else ""
