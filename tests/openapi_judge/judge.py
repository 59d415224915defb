"""The verdict of openapi-core on each request: run with a Python that has it, for it needs other versions of libraries.

`python judge.py documents requests.jsonl [verdicts.jsonl]` prints how many requests are valid, and how many are not for
each reason; `verdicts.jsonl` gets those that are not, each with its `wrong` and its `reason`.
"""

from __future__ import annotations

import copy
import gzip
import json
import re
import sys
import warnings
from collections import Counter
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from jsonschema_path import SchemaPath
from openapi_core import V30RequestValidator, V31RequestValidator
from openapi_core.datatypes import RequestParameters
from werkzeug.datastructures import Headers, ImmutableMultiDict

REASONS = [
    ("the judge reads no numbers in multipart", r"multipart/", r"is not (of type|one of|valid under)"),
    ("the judge reads no JSON in parts", r"multipart/", r"is not of type|bytes-like object"),
    ("the judge reads no XML into objects", r"xml", r"application/xml mimetype|is not of type"),
    ("the judge reads no text/json", r"text/json", r"is not of type 'object'"),
    ("the judge reads no lists in deepObject", r"", r"not available|not an array format"),
    (
        "the judge reads no JSON in forms",
        r"form-urlencoded",
        r"dictionary update|is a required property|\{\} is not valid under any",
    ),
    ("the judge does not decode references", r"", r"%7B.* does not exist within"),
    ("the judge knows no numbers in a path that may be text", r"^None$", r"\[\]: -?\d+ is not valid under any"),
    (
        "undefined: objects in lists",
        r"",
        r"not an object format|'\{.*\}\\?' is not of type \\?'object|not an array format",
    ),
    ("a dangling reference in the document", r"", r"does not exist within"),
    ("a default that is wrong in the document", r"^None$", r"\[\]: ('.{0,9}'|\d) (is not of type|does not match)"),
    ("an enum of items beside an array", r"", r"\[[^\]]*\] is not one of"),
    ("an enum that its own type excludes", r"", r"is not one of \[\[|\]?: \d+ is not one of \['"),
    (
        "the judge asks for names of schemas in choices",
        r"json",
        r"could not be resolved|discriminating property|reference '#/components",
    ),
    ("the judge gives up", r"", r"RecursionError|global flags not at the start"),
    ("a reference to somewhere else", r"", r"Unresolvable"),
    ("a format that its own pattern excludes", r"json", r"is not a 'uuid'"),
    ("the judge reads no JSON without a media type", r"\*/\*|json", r"b'\[.*\]\\?' is not of type"),
    (
        "a path parameter that is not in the path, or an object in label or matrix",
        r"",
        r"Missing required path parameter",
    ),
    ("a parameter that is read-only", r"", r"Tried to write read-only"),
    ("a pattern of many kilobytes, which is left out and told", r"^None$", r"does not match .{300,}"),
    ("a type that there is not", r"", r"Unknown type"),
]
"""Why a request is called wrong though it is what the document asks for: reason, media type sent, what the judge says.
A limit of the judge, something that OpenAPI does not define, or a flaw of the document. Each was looked at."""

IGNORED = {"accept", "content-type", "authorization"}
"""Header parameters that are to be ignored. Source: OpenAPI 3.1.1, section 4.8.12.1."""


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
    """What is wrong with a request; empty where nothing is."""
    spec, version = small(document, one["path"], one["method"])
    validator = (V31RequestValidator if version else V30RequestValidator)(SchemaPath.from_dict(spec))
    found = []
    for error in validator.iter_errors(Request(one["request"])):
        cause = error
        while cause.__cause__ is not None:
            cause = cause.__cause__
        details = [f"{list(each.path)}: {each.message}" for each in getattr(cause, "schema_errors", ())]
        found.append(f"{type(error).__name__} {error} / {type(cause).__name__}: {details or cause}"[:900])
    return found


def reason(one, wrong):
    """Why a request is called wrong: one of the known reasons, if all that is said is for known ones, or `wrong`."""
    sent = next((text for name, text in one["request"]["headers"].items() if name.lower() == "content-type"), "None")
    found = [
        next((name for name, media, said in REASONS if re.search(media, sent) and re.search(said, each)), "wrong")
        for each in wrong
    ]
    return "wrong" if "wrong" in found else found[0]


def small(document, path, method):
    """The document with this path alone, without servers, security and the parameters that are to be ignored."""
    item = copy.deepcopy(
        {key: value for key, value in document["paths"][path].items() if key in (method, "parameters")}
    )
    key = path.partition("#")[0].partition("?")[0]
    for holder in (item, item[method]):
        holder.pop("servers", None)
        holder.pop("security", None)
        listed = [one for one in holder.get("parameters", ()) if not ignored(document, one)]
        holder["parameters"] = listed
    found = {name: value for name, value in document.items() if name not in ("paths", "servers", "security", "tags")}
    found |= {"paths": {**document["paths"], path: None, key: item}, "servers": [{"url": "https://judge.example"}]}
    found["paths"] = {
        key: item,
        **{name: value for name, value in document["paths"].items() if name not in (path, key)},
    }
    return found, document["openapi"].startswith(("3.1", "3.2"))


def ignored(document, parameter):
    """Whether a parameter, perhaps a reference, is to be ignored."""
    reference = parameter.get("$ref", "") if isinstance(parameter, dict) else ""
    if reference.startswith("#/"):
        for step in reference[2:].split("/"):
            name = unquote(step).replace("~1", "/").replace("~0", "~")
            document = document[int(name)] if isinstance(document, list) else document[name]
        parameter = document
    return parameter.get("in") == "header" and parameter.get("name", "").lower() in IGNORED


def main(folder, requests, target=""):
    """Judge every line."""
    counts, failed, loaded = Counter(), [], {}
    for line in Path(requests).read_text().splitlines():
        one = json.loads(line)
        if one["file"] not in loaded:
            loaded = {one["file"]: json.loads(gzip.decompress((Path(folder) / one["file"]).read_bytes()))}
        document = loaded[one["file"]]
        if "openapi" not in document or "request" not in one:
            counts["2.0" if "openapi" not in document else "failure"] += 1
            continue
        try:
            wrong = judge(document, one)
        except Exception as error:
            wrong = [f"{type(error).__name__}: {error}"[:300]]
        counts[reason(one, wrong) if wrong else "valid"] += 1
        if wrong:
            failed.append(one | {"wrong": wrong, "reason": reason(one, wrong)})
    if target:
        Path(target).write_text("".join(json.dumps(one) + "\n" for one in failed))
    sys.stdout.write(json.dumps(dict(counts.most_common())) + "\n")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(*sys.argv[1:])
