"""What declarative operations do as imported ones do: joined lists, optional bodies, the order of params."""

from __future__ import annotations

import json


def declared(*names):
    return {"properties": {name: {} for name in names}}


async def test_a_list_may_be_one_value_of_the_query(run, service, one):
    """Many services split it again. What stands between the items is encoded inside of them."""
    joined = {"a": ",", "b": " ", "c": "|", "none": ","}
    body = one(path="/things?v=1", parameters=declared("q", *joined), joined=joined)

    await run(body, "op", {"c": ["|", 1.0], "a": ["x", "y,z"], "b": [True, "é"], "q": ["1", "2"], "none": []})

    assert service.asked[0].target == "/things?v=1&q=1&q=2&a=x,y%2Cz&b=true%20%C3%A9&c=%7C%7C1"


async def test_a_body_may_be_optional(run, service, one):
    """No param of it is given: then there is none, and nothing says what it would be."""
    body = one(
        {"headers": {"Content-Type": "application/vnd.acme+json"}},
        method="POST",
        parameters=declared("a"),
        bodyRequired=False,
    )

    await run(body, "op", {})
    await run(body, "op", {"a": None})

    without, with_one = service.asked
    assert without.body == b""
    assert "acme" not in without.headers.get("Content-Type", "")
    assert (json.loads(with_one.body), with_one.headers["Content-Type"]) == ({"a": None}, "application/vnd.acme+json")


async def test_equal_calls_are_equal_requests(run, service, one):
    """Whatever the order in which params are given, and however a whole number is written."""
    body = one(method="POST", parameters={"properties": {"b": {}, "a": {}, "q": {"in": "query"}, "p": {"in": "query"}}})

    await run(body, "op", {"a": 1, "b": 2, "p": 3, "q": 4})
    await run(body, "op", {"q": 4.0, "p": 3.0, "b": 2, "a": 1, "more": 0})

    first, second = service.asked
    assert first.target == second.target == "/things?q=4&p=3"
    assert list(json.loads(first.body)) == ["b", "a"]
    assert list(json.loads(second.body)) == ["b", "a", "more"]
