"""Exported scripts beside the model: what each sends for the same call."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

import jsonschema_rs
import orjson

from jackfield.definition.openapi.reader import Read
from jackfield.errors import JackfieldError
from jackfield.execution.openapi import build, signed
from jackfield.execution.openapi.credentials import credential
from jackfield.execution.openapi.export import export
from openapi_judge.values import CASES, Values

_BOUNDARY = re.compile(r"(multipart/[^;]+; boundary=)(.+)")
_POSITION = re.compile("0|[1-9][0-9]{0,8}")
_TRIES = 30

ADDRESS = "https://h.example/base/"


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A request as it goes out, its headers by names in lower case and the boundary of its parts aside."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None


def sent(method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Sent:
    """A request, to be compared."""
    plain = {name.lower(): text for name, text in headers.items()}
    if parted := _BOUNDARY.fullmatch(plain.get("content-type", "")):
        plain["content-type"] = f"{parted[1]}..."
        body = (body or b"").replace(f"--{parted[2]}".encode(), b"--...")
    return Sent(method=method, url=url, headers=plain, body=body)


def planned(read: Read, name: str, params: Mapping[str, Any], config: Mapping[str, Any]) -> Sent | str:
    """What the model sends; the code of the error if it refuses to."""
    plan = read.plan(name)
    try:
        built = build(plan, params, config=config, base_url=str(config.get("baseUrl", "")))
        built = asyncio.run(signed(built, credential(plan.security, read.schemes, config)))
    except JackfieldError as error:
        return error.code
    return sent(built.method, built.url, built.headers, built.content)


class Scripts:
    """Runs exported scripts in the sandbox that the product has; nothing is sent."""

    def __init__(self, pool: Any, runner: asyncio.Runner) -> None:
        from jackfield.execution.script import sandbox

        self._pool, self._runner, self._words = pool, runner, sandbox

    def functions(self, script: str) -> tuple[str, ...]:
        """The functions of a script that can be parsed."""
        return self._runner.run(self._pool.check(script)).functions

    def call(self, script: str, function: str, params: Mapping[str, Any], config: Mapping[str, Any]) -> Sent | str:
        """What a function of a script sends; the code of its failure, or its words, if it sends nothing."""
        host = _Recorder(self._words.ScriptAnswer(status=200, headers={}, body={"ok": True}))
        ended = self._run(script, function, params, config, host)
        if isinstance(ended, self._words.Thrown):
            return ended.code or ended.message
        assert orjson.loads(ended.value) == {"success": True, "payload": {"ok": True}}
        (asked,) = host.asked
        return sent(asked.method, asked.url, asked.headers, asked.body)

    def outcome(self, script: str, function: str, config: Mapping[str, Any], **answer: Any) -> Any:
        """What a function without params makes of an answer."""
        host = _Recorder(self._words.ScriptAnswer(**answer))
        return orjson.loads(self._run(script, function, {}, config, host).value)

    def _run(self, script: str, function: str, params: Any, config: Any, host: _Recorder) -> Any:
        given = {"params": orjson.dumps(params), "config": orjson.dumps(config)}
        return self._runner.run(self._pool.run(self._words.Job(source=script, function=function, **given), host))

    def differences(self, read: Read, calls: Iterable[tuple[str, Mapping[str, Any]]], config: Any) -> list[Any]:
        """The calls for which the script does otherwise than the model: name, params, what each did."""
        exported = export(read)
        names = dict(zip(read.commands, exported.draft["configSchema"]["commands"], strict=True))
        found = []
        for name, params in calls:
            model, script = planned(read, name, params, config), self.call(exported.script, names[name], params, config)
            if model != script:
                found.append((name, params, model, script))
        return found


class _Recorder:
    """A host that answers everything alike."""

    def __init__(self, answer: Any) -> None:
        self.answer, self.asked = answer, []

    def failed(self, error: Exception) -> None:
        pass

    async def http(self, request: Any) -> Any:
        self.asked.append(request)
        return self.answer

    def log(self, level: str, message: str) -> None:
        raise AssertionError(f"an exported script logs nothing: {level} {message}")


def drawn(read: Read, random: Random, names: Iterable[str]) -> list[tuple[str, dict[str, Any]]]:
    """Three calls of each of the commands, with what their schemas allow and JavaScript can hold."""
    found = []
    for name in names:
        schema, plan = read.commands[name].params, read.plan(name)
        valid = jsonschema_rs.Draft202012Validator(schema, validate_formats=False)
        in_ascii = {one.param for one in plan.parameters if one.location in ("header", "cookie")}
        for case in CASES:
            for count in range(_TRIES):
                values = Values(schema, random, case, sparse=count > _TRIES // 3).params()
                params = {key: _ascii(value) if key in in_ascii else value for key, value in values.items()}
                if valid.is_valid(params) and _is_exact(params):
                    found.append((name, as_javascript(params)))
                    break
    return found


def as_javascript(value: Any) -> Any:
    """A value as a script gets it: whole numbers are whole, and positions come before other names."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [as_javascript(item) for item in value]
    if isinstance(value, dict):
        first = sorted((name for name in value if _POSITION.fullmatch(name)), key=int)
        names = [*first, *(name for name in value if name not in first)]
        return {name: as_javascript(value[name]) for name in names}
    return value


def _is_exact(value: Any) -> bool:
    """Whether JavaScript, whose numbers have 53 bits, can hold a value."""
    if isinstance(value, int):
        return abs(value) <= 2**53
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return all(map(_is_exact, inner))


def _ascii(value: Any) -> Any:
    """Headers hold ASCII alone, and anything else is refused."""
    return orjson.loads(orjson.dumps(value).decode().encode("ascii", "ignore"))
