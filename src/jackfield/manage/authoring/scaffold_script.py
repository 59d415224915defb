"""The text of a scaffold's script: short, in the style of the guide, with one place for what all requests share."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from jackfield.manage.authoring.auth_said import Auth
from jackfield.manage.authoring.endpoint import Endpoint, Param

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_VARIABLE = re.compile(r"\{([^{}]+)\}")
_WIDTH = 100


@dataclass(frozen=True, kw_only=True)
class Function:
    """One function of the script.

    Attributes:
        query: Params that go into the query.
        body: Fields of the JSON body.
        whole_body: The param that is the body; empty where its fields are known, or there is none.
    """

    name: str
    endpoint: Endpoint
    query: tuple[Param, ...] = ()
    body: tuple[Param, ...] = ()
    whole_body: str = ""

    @property
    def can_test(self) -> bool:
        """Whether it can be called by itself, and changes nothing."""
        free = not self.endpoint.path_params and not any(param.required for param in self.query)
        return self.endpoint.method == "GET" and free


def script_of(functions: Sequence[Function], *, title: str, auth: Auth, tested: Function | None) -> str:
    """The whole script.

    Args:
        functions: Of the commands.
        title: Of the service.
        auth: How it finds out who asks.
        tested: What the command `test` calls; `None` for no such command.
    """
    parts = [_HEAD.format(title=_line(title), count=len(functions)), *map(_source, functions)]
    if tested:
        parts.append(_TEST.format(path=quoted(tested.endpoint.path)))
    parts.append(_send(title, auth))
    if any(one.endpoint.path_params for one in functions):
        parts.append(_PART)
    return "\n".join([*parts, _QUERY])


def quoted(text: str) -> str:
    """`text` as JavaScript has it."""
    return json.dumps(text)


def _source(function: Function) -> str:
    endpoint = function.endpoint
    arguments = [quoted(endpoint.method), _path(endpoint.path)]
    sends = bool(function.whole_body or function.body)
    if function.query or sends:
        arguments.append(_object(function.query))
    if sends:
        arguments.append(_param(function.whole_body) if function.whole_body else _object(function.body))
    about = f"// {_line(f'{endpoint.method} {endpoint.path}')}\n"
    call = f"_send({', '.join(arguments)})"
    if len(call) > _WIDTH:
        call = "_send(\n    " + ",\n    ".join(arguments) + ",\n  )"
    return f"{about}function {function.name}() {{\n  return {call};\n}}\n"


def _path(path: str) -> str:
    parts = _VARIABLE.split(path)
    written = [f"_part({quoted(part)})" if at % 2 else quoted(part) for at, part in enumerate(parts) if part or at % 2]
    return " + ".join(written)


def _object(params: Sequence[Param]) -> str:
    return "{ " + ", ".join(f"{_key(param.name)}: {_param(param.name)}" for param in params) + " }" if params else "{}"


def _key(name: str) -> str:
    # As a computed name, `__proto__` is one like any other.
    return name if _IDENTIFIER.fullmatch(name) and name != "__proto__" else f"[{quoted(name)}]"


def _param(name: str) -> str:
    return f"floh.params.{name}" if _IDENTIFIER.fullmatch(name) else f"floh.params[{quoted(name)}]"


def _line(text: str) -> str:
    """What can stand in a comment of one line."""
    return "".join(letter if letter.isprintable() else " " for letter in text)[:200]


def _send(title: str, auth: Auth) -> str:
    headers = {
        "bearer": 'Authorization: "Bearer " + floh.config.apiToken',
        "basic": 'Authorization: "Basic " + btoa(floh.config.username + ":" + floh.config.password)',
        "header": f"{_key(auth.name)}: floh.config.apiKey",
    }
    header = f", {headers[auth.kind]}" if auth.kind in headers else ""
    query = (
        f"Object.assign({{}}, query, {{ {_key(auth.name)}: floh.config.apiKey }})" if auth.kind == "query" else "query"
    )
    return _SEND.format(header=header, query=query, failed=quoted(f"{title} answered "))


_HEAD = """\
// {title}: a first version, made of {count} described endpoints.
// Compare paths, params and answers with the documentation of the service.
"""

_TEST = """\
function test() {{
  var outcome = _send("GET", {path});
  return outcome.success ? {{ success: true }} : outcome;
}}
"""

_SEND = """\
// One request: where it goes, who asks, and what its answer means.
function _send(method, path, query, body) {{
  var url = floh.config.baseUrl.replace(/\\/+$/, "") + path + _query({query});
  var headers = {{ Accept: "application/json"{header} }};
  var answer = floh.http.request({{ method: method, url: url, headers: headers, body: body }});
  if (answer.status >= 400) {{
    return {{
      success: false,
      error: {failed} + answer.status,
      code: "upstream-status",
      diagnostics: {{ status: answer.status, body: answer.binary ? undefined : answer.body }},
    }};
  }}
  return {{ success: true, payload: answer.binary ? {{ bytes: answer.body.length }} : answer.body }};
}}
"""

_PART = """\
// A param as one part of a path.
function _part(name) {
  var text = String(floh.params[name]);
  if (text === "" || text === "." || text === "..") throw new Error("`" + name + "` cannot be a part of the path");
  return encodeURIComponent(text);
}
"""

_QUERY = """\
function _query(values) {
  var pairs = [];
  Object.keys(values || {}).forEach(function (name) {
    [].concat(values[name]).forEach(function (value) {
      if (value !== undefined && value !== null) pairs.push(encodeURIComponent(name) + "=" + encodeURIComponent(value));
    });
  });
  return pairs.length ? "?" + pairs.join("&") : "";
}
"""
