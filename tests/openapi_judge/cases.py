"""Requests for operations of real documents, drawn from the documents themselves and not from what was read of them."""

from __future__ import annotations

import gzip
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import jsonschema_rs
import orjson

from jackfield.definition.openapi.reader import Read, read_openapi
from jackfield.errors import JackfieldError
from jackfield.execution.openapi import build
from openapi_judge.values import CASES, Values

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
HOST = "https://judge.example"
_TRIES = 30


def documents(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and content of each document in a folder."""
    for file in sorted(folder.glob("*.json.gz")):
        yield file.name, orjson.loads(gzip.decompress(file.read_bytes()))


def drawn(document: Mapping[str, Any], random: Random, most: int) -> list[tuple[str, str]]:
    """Up to `most` operations of a document: path and method."""
    items = {path: item for path, item in (document.get("paths") or {}).items() if isinstance(item, Mapping)}
    every = [(path, method) for path, item in items.items() for method in METHODS if isinstance(item.get(method), dict)]
    return random.sample(every, min(most, len(every)))


def requests(name: str, document: dict[str, Any], *, seed: str, most: int) -> Iterator[dict[str, Any]]:
    """Three cases of each drawn operation: `{file, path, method, case, params, request}` or, instead, `failure`."""
    random = Random(f"{seed}{name}")
    read = read_openapi(document)
    by_place = {(read.commands.facts(one).path, read.commands.facts(one).method): one for one in read.commands}
    for path, method in drawn(document, random, most):
        command = by_place.get((path, method)) or by_place.get((path, method.upper()))
        for case in CASES:
            about = {"file": name, "path": path, "method": method, "case": case, "command": command}
            yield about | (_request(read, command, random, case) if command else {"failure": "not a command"})


def _request(read: Read, command: str, random: Random, case: Any) -> dict[str, Any]:
    schema = read.commands[command].params
    valid = jsonschema_rs.Draft202012Validator(schema, validate_formats=False)
    plan = replace(read.commands.plan(command), server=None)
    headers = {one.param for one in plan.parameters if one.location in ("header", "cookie")}
    for count in range(_TRIES):
        drawn = Values(schema, random, case, sparse=count > _TRIES // 3).params()
        params = {name: _plain(value) if name in headers else value for name, value in drawn.items()}
        if valid.is_valid(params):
            break
    else:
        error = next(iter(valid.iter_errors(params)))
        return {"params": params, "failure": f"no value was found: {str(error.message)[:200]} {error.instance_path}"}
    try:
        built = build(plan, params, config={}, base_url=HOST)
    except JackfieldError as error:
        return {"params": params, "failure": f"{error.code}: {error}"}
    body = None if built.content is None else built.content.decode("latin-1")
    request = {"method": built.method, "url": built.url, "headers": dict(built.headers), "body": body}
    return {"params": params, "request": request}


def _plain(value: Any) -> Any:
    """Headers hold ASCII alone, and anything else is refused."""
    return orjson.loads(orjson.dumps(value).decode().encode("ascii", "ignore"))


def main(folder: str, target: str, seed: str = "1", most: str = "8") -> None:
    """Write the requests for a folder of documents as lines of JSON: `python -m openapi_judge.cases` in `tests`."""
    counts: Counter[str] = Counter()
    with Path(target).open("wb") as file:
        for name, document in documents(Path(folder)):
            for one in requests(name, document, seed=seed, most=int(most)):
                counts["failure" if "failure" in one else "request"] += 1
                file.write(orjson.dumps(one, option=orjson.OPT_APPEND_NEWLINE))
    sys.stdout.write(f"{dict(counts)}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
