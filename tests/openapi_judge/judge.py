"""The verdict of openapi-core on each request: run with a Python that has it, for it needs other versions of libraries.

`python judge.py documents requests.jsonl [verdicts.jsonl]` prints how many requests are valid, and how many are not for
each cause; `verdicts.jsonl` gets those that are not, each with what is `wrong` and the `causes`. What counts as a cause
is in `causes`.
"""

from __future__ import annotations

import gzip
import json
import sys
import warnings
from collections import Counter
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from causes import WRONG, Case, cause, opinion
from decode import Schemas
from jsonschema_path import SchemaPath
from openapi_core import V30RequestValidator, V31RequestValidator
from openapi_core.datatypes import RequestParameters
from openapi_core.validation.request.exceptions import ParameterValidationError, RequestBodyValidationError
from werkzeug.datastructures import Headers, ImmutableMultiDict

IGNORED = {"accept", "content-type", "authorization"}
"""Header parameters that are to be ignored. Source: OpenAPI 3.1.1, section 4.8.12.1."""


_UNSENT = {"name": "x-ignored", "in": "header", "schema": {}}


class Parameters(RequestParameters):
    """Path parameters reach a service decoded, and the judge reads them as they are in the address."""

    def __setattr__(self, name, value):
        super().__setattr__(name, {key: unquote(text) for key, text in value.items()} if name == "path" else value)


class Request:
    """A request as openapi-core wants it."""

    def __init__(self, raw):
        """Of one line."""
        parts = urlsplit(raw["url"])
        headers = Headers(raw["headers"])
        cookies = SimpleCookie()
        cookies.load(headers.get("Cookie", ""))
        self.host_url = f"{parts.scheme}://{parts.netloc}"
        self.path, self.method = parts.path, raw["method"].lower()
        self.content_type = headers.get("Content-Type", "")
        self.body = raw["body"].encode("latin-1") if raw["body"] is not None else None
        self.parameters = Parameters(
            query=ImmutableMultiDict(parse_qsl(parts.query, keep_blank_values=True)),
            header=headers,
            cookie=ImmutableMultiDict({name: one.value for name, one in cookies.items()}),
        )


def judge(document, one):
    """What is wrong with a request: place, words and exception of each error; nothing where it is right."""
    spec, version = small(document, one["path"], one["method"])
    validator = (V31RequestValidator if version else V30RequestValidator)(SchemaPath.from_dict(spec))
    try:
        return [_told(error) for error in validator.iter_errors(Request(one["request"]))]
    except Exception as error:  # of the judge itself: whatever it stumbles over
        return [(place_of_crash(one), f"{type(error).__name__}: {error}"[:900], error)]


def _told(error):
    inner = error
    while inner.__cause__ is not None:
        inner = inner.__cause__
    details = [f"{list(each.path)}: {each.message[-200:]}" for each in getattr(inner, "schema_errors", ())]
    words = f"{type(error).__name__} / {type(inner).__name__}: {details or inner}"[:2000]
    if isinstance(error, ParameterValidationError):
        return (error.name, error.location), words, inner
    return ("body" if isinstance(error, RequestBodyValidationError) else "path"), words, inner


def place_of_crash(one):
    """Where to look when the judge itself has stumbled: at the body, if there is one."""
    return "body" if one["request"]["body"] else "crash"


def causes_of(document, one, found):
    """The cause of each error."""
    case = Case(document, one)
    return [cause(case, *each) for each in found]


def small(document, path, method):
    """The document without servers, without security, and with other headers for those that are to be ignored.

    The path that is judged comes first, and is no other path's. References into it still lead somewhere.
    """
    item = dict(document["paths"][path])
    item[method] = dict(item[method])
    key = path.partition("#")[0].partition("?")[0]
    for holder in (item, item[method]):
        holder.pop("servers", None)
        holder.pop("security", None)
        listed = holder.get("parameters", ())
        holder["parameters"] = [_UNSENT if ignored(document, one) else one for one in listed]
    found = {name: value for name, value in document.items() if name not in ("paths", "servers", "security", "tags")}
    others = {name: value for name, value in document["paths"].items() if name not in (path, key)}
    found |= {"paths": {key: item, **others}, "servers": [{"url": "https://judge.example"}]}
    return found, document["openapi"].startswith(("3.1", "3.2"))


def ignored(document, parameter):
    """Whether a parameter, perhaps a reference, is to be ignored."""
    found = Schemas(document).follow(parameter)
    return isinstance(found, dict) and found.get("in") == "header" and found.get("name", "").lower() in IGNORED


def main(folder, requests, target=""):
    """Judge every line."""
    counts, failed, loaded = Counter(), [], {}
    for line in Path(requests).read_text().splitlines():
        one = json.loads(line)
        if "document" not in one and one["file"] not in loaded:
            loaded = {one["file"]: json.loads(gzip.decompress((Path(folder) / one["file"]).read_bytes()))}
        document = one["document"] if "document" in one else loaded[one["file"]]
        if "openapi" not in document or "request" not in one:
            counts["2.0" if "openapi" not in document else "failure"] += 1
            continue
        found = judge(document, one)
        named = causes_of(document, one, found)
        alone = opinion(Case(document, one), IGNORED)
        found += [(place, "by the second opinion alone", None) for place in alone]
        named += [WRONG for _ in alone]
        counts[(WRONG if WRONG in named else named[0]) if found else "valid"] += 1
        if found:
            shown = {"wrong": [[place, words] for place, words, _ in found], "causes": named}
            failed.append(one | shown)
    if target:
        Path(target).write_text("".join(json.dumps(one) + "\n" for one in failed))
    sys.stdout.write(json.dumps(dict(counts.most_common())) + "\n")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(*sys.argv[1:])
