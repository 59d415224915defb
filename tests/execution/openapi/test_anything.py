"""Whatever a document asks for and a caller gives: a request that can be sent, or an error that says why not."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from jackfield.definition.openapi.plan import BodyPlan, OperationPlan, ParameterPlan, PartPlan
from jackfield.egress.headers import merge
from jackfield.egress.policy import Policy
from jackfield.egress.urls import Judge
from jackfield.errors import JackfieldError
from jackfield.execution.openapi import build

TEXTS = st.text(st.characters(codec=None), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
STYLES = {
    "path": ["simple", "label", "matrix", "content"],
    "query": ["form", "spaceDelimited", "pipeDelimited", "deepObject", "content"],
    "header": ["simple", "content"],
    "cookie": ["form", "content"],
}
KINDS = ["application/json", "application/json", "text/plain", "application/xml", "", "*/*"]
BODIES = [
    *("application/json", "*/*", "image/*", "text/plain", "application/xml", "application/x-ndjson", "image/png"),
    *("application/x-www-form-urlencoded", "multipart/form-data", "multipart/mixed", "application/*+json", ""),
]
JUDGE = Judge(Policy())


@st.composite
def parameters(draw):
    location = draw(st.sampled_from(list(STYLES)))
    return ParameterPlan(
        param=draw(st.sampled_from(["a", "b"])),
        name="x" if location == "path" else draw(TEXTS.filter(bool)) if location != "header" else "X-A",
        location=location,
        style=draw(st.sampled_from(STYLES[location])),
        explode=draw(st.booleans()),
        allow_reserved=draw(st.booleans()),
        media_type=draw(st.sampled_from(KINDS)),
    )


@st.composite
def bodies(draw):
    part = st.builds(
        PartPlan,
        media_types=st.lists(st.sampled_from(BODIES), max_size=2).map(tuple),
        style=st.none() | st.sampled_from(STYLES["query"][:4]),
        explode=st.booleans(),
        allow_reserved=st.booleans(),
        binary=st.booleans(),
        base64=st.booleans(),
    )
    whole = draw(st.booleans())
    return BodyPlan(
        media_types=tuple(draw(st.lists(st.sampled_from(BODIES), max_size=2))),
        param="body" if whole else "",
        properties={} if whole else {"a": "a", "body": "b"},
        parts=draw(st.dictionaries(st.sampled_from(["a", "b"]), part)),
        required=draw(st.booleans()),
        binary=draw(st.booleans()),
    )


@settings(max_examples=300)
@given(
    st.lists(parameters(), max_size=4),
    st.none() | bodies(),
    st.dictionaries(st.sampled_from(["a", "b", "body", "more"]), VALUES),
    st.sampled_from(["/p/{x}", "/p/{x}.{x}/e?q={x}#f", "/"]),
)
def test_a_request_that_egress_sends_as_it_is_or_an_error(plans, body, params, path):
    plan = OperationPlan(method="POST", path=path, parameters=tuple(plans), body=body)
    try:
        built = build(plan, params, config={}, base_url="https://h.example/v1")
    except JackfieldError:
        return

    assert str(JUDGE(built.url).url) == built.url
    assert dict(merge(built.headers)) == built.headers
    assert built.url.startswith("https://h.example/v1/")
    assert built.content is None or isinstance(built.content, bytes)
