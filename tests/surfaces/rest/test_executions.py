"""The record of calls over REST, in both ways of writing it."""

from __future__ import annotations

import pytest

from surfaces.rest.world import desk, said


@pytest.fixture
def ann(user):
    """Somebody who has made three calls, of which one failed."""
    client = user()
    made = client.post("/api/connectors", json=desk())
    path = f"{made.headers['location']}/execute"
    for body in ({"command": "echo", "text": "one"}, {"command": "echo", "text": "two"}, {"command": "refuse"}):
        assert client.post(path, json=body).status_code == 200
    client.connector = f"default/{made.json()['name']}"
    return client


def commands(answer):
    return [item["command"] for item in answer.json()["items"]]


def test_the_newest_call_is_listed_first(ann):
    answer = ann.get("/api/executions")

    assert commands(answer) == ["refuse", "echo", "echo"]
    assert {key: answer.json()[key] for key in ("total", "page", "pageSize")} == {"total": 3, "page": 1, "pageSize": 50}
    assert "nextCursor" not in answer.json()


def test_a_list_has_a_preview_and_one_call_is_shown_whole(ann):
    item = ann.get("/api/executions?command=echo").json()["items"][0]
    whole = ann.get(f"/api/executions/{item['id']}").json()

    assert (item["preview"], "params" in item, "outcome" in item) == ('{"text":"two"}', False, False)
    assert whole["params"] == {"text": "two"}
    assert whole["outcome"]["payload"] == {"text": "two"}
    assert {key: value for key, value in whole.items() if key in item} == item


@pytest.mark.parametrize(
    "query",
    [
        "status=FAILED",
        "status=failed",
        "where=status:eq:FAILED",
        "command=refuse&status=FAILED",
        "where=command:eq:refuse&where=trigger:eq:api",
        "command=refuse&where=command:eq:refuse",
        "trigger=api&limit=1",
        "since=2001-01-01&limit=1&offset=0",
        "where=started:gte:2001-01-01T00:00:00Z&pageSize=1",
        "until=2999-01-01T00:00:00%2B01:00&page=1&page_size=1",
    ],
)
def test_calls_are_found_by_what_they_are(ann, query):
    assert commands(ann.get(f"/api/executions?{query}")) == ["refuse"]


@pytest.mark.parametrize("query", ["runId=x", "run_id=x", "chat_id=x", "toolCallId=x", "until=2001-01-01", "caller=x"])
def test_what_no_call_meets_finds_none(ann, query):
    assert ann.get(f"/api/executions?{query}").json()["total"] == 0


def test_calls_are_found_by_their_connector(ann):
    for name in (ann.connector, ann.connector.removeprefix("default/")):
        assert ann.get(f"/api/executions?connector={name}").json()["total"] == 3


def test_a_list_goes_on_where_it_ended(ann):
    """Whatever has been added meanwhile."""
    first = ann.get("/api/executions?limit=2").json()
    ann.post(f"/api/connectors/{ann.connector}/execute", json={"command": "echo", "text": "new"})
    second = ann.get(f"/api/executions?limit=2&cursor={first['nextCursor']}").json()

    assert [item["preview"] for item in second["items"]] == ['{"text":"one"}']
    assert (second["page"], second["total"], "nextCursor" in second) == (None, 4, False)


def test_pages_are_counted_only_if_wanted(ann):
    assert ann.get("/api/executions?total=false").json()["total"] is None


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("where=status:ne:FAILED", "`status` takes `eq`"),
        ("where=started:gt:2001-01-01", "`started` takes `gte` and `lt`"),
        ("where=params:contains:x", "cannot be filtered by `params:contains`"),
        ("where=status:eq:GONE", "`GONE` is none of `PENDING`"),
        ("status=GONE", "`GONE` is none of `PENDING`"),
        ("trigger=x", "`x` is none of"),
        ("since=noon", "`noon` is no time such as"),
        ("until=2001-13-01", "is no time such as"),
        ("command=a%00b", "characters that no text may have"),
        ("status=FAILED&where=status:eq:COMPLETED", "asks for something else"),
        ("sort=command", "the only order is `-started`"),
        ("limit=201", "`/limit`"),
        ("page=0", "`/page`"),
        ("page=2&cursor=x", "leave out `page` and `offset`"),
    ],
)
def test_what_the_record_cannot_be_searched_by_is_refused(ann, query, told):
    answer = ann.get(f"/api/executions?{query}")

    assert said(answer) == (422, "invalid-query")
    assert told in answer.json()["detail"]


@pytest.mark.parametrize(("query", "code"), [("cursor=x", "cursor-invalid"), ("stauts=FAILED", "invalid-params")])
def test_slips_of_the_pen_are_told(ann, query, code):
    assert said(ann.get(f"/api/executions?{query}")) == (422, code)


def test_calls_of_others_are_not_there(ann, user, admin):
    """Administrators see them."""
    bob, made = user(), ann.get("/api/executions").json()["items"][0]["id"]

    assert bob.get("/api/executions").json()["total"] == 0
    for path in (f"/api/executions/{made}", f"/api/executions/{made}/tree", f"/executions/{made}"):
        assert said(bob.get(path)) == (404, "unknown-execution")
        assert admin.get(path).status_code == 200
    assert said(bob.post(f"/api/executions/{made}/continue", json={})) == (404, "unknown-execution")


def test_a_tree_begins_with_the_call_itself(ann):
    item = ann.get("/api/executions").json()["items"][0]
    tree = ann.get(f"/api/executions/{item['id']}/tree").json()

    assert (tree["items"], tree["total"]) == ([item], 1)


@pytest.mark.parametrize("path", ["/api/executions", "/executions"])
def test_what_does_not_wait_is_not_continued(ann, path):
    made = ann.get("/api/executions").json()["items"][0]["id"]

    assert said(ann.post(f"{path}/{made}/continue", json={"approved": True})) == (409, "not-waiting")
    assert said(ann.post(f"{path}/nothing/continue", json={})) == (404, "unknown-execution")
    assert said(ann.post(f"{path}/{made}/continue", json=[])) == (400, "body-unreadable")


def test_to_continue_takes_the_right_to_call(ann, user):
    assert said(user("read").post("/api/executions/x/continue", json={})) == (403, "scope-missing")


def test_the_sinas_guide_works_as_it_stands(ann):
    """`/executions`, filtered by `chat_id`, `trigger_type` and `status`, with keys in snake_case."""
    answer = ann.get("/executions?trigger_type=API&status=failed&page_size=1").json()
    (item,) = answer["items"]
    whole = ann.get(f"/executions/{item['execution_id']}").json()
    known = ann.get(f"/api/executions/{item['execution_id']}").json()

    assert {key: answer[key] for key in ("total", "page", "page_size")} == {"total": 1, "page": 1, "page_size": 1}
    assert (item["trigger_type"], item["tool_call_id"], item["chat_id"]) == ("api", None, None)
    assert (whole["duration_ms"], whole["outcome"]) == (known["durationMs"], known["outcome"])
    assert ann.get("/executions?chat_id=none").json()["total"] == 0
    assert ann.get("/executions?limit=1").json()["next_cursor"]
