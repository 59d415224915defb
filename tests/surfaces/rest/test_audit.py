"""The audit log over REST."""

from __future__ import annotations

import pytest

from surfaces.rest.world import said, unique


@pytest.fixture
def name(admin):
    """Of a secret that was made and deleted."""
    made = unique("KEY_")
    admin.post("/api/secrets", json={"name": made, "value": "a-value"})
    admin.delete(f"/api/secrets/{made}")
    return made


def actions(answer):
    return [item["action"] for item in answer.json()["items"]]


def test_what_was_done_is_listed_newest_first(admin, name):
    answer = admin.get(f"/api/audit?resourceId={name}")

    assert actions(answer) == ["secret.delete", "secret.create"]
    assert answer.json()["total"] == 2


@pytest.mark.parametrize(
    "query",
    [
        "action=secret.create",
        "where=action:eq:secret.create",
        "action=secret.create&actor=admin&verdict=done&resource=secret&since=2001-01-01&until=2999-01-01",
        "where=action:eq:secret.create&where=at:gte:2001-01-01&where=verdict:eq:done",
    ],
)
def test_entries_are_found_by_what_they_tell(admin, name, query):
    assert actions(admin.get(f"/api/audit?resource_id={name}&{query}")) == ["secret.create"]


def test_what_was_refused_is_there_too(admin, user):
    ann, name = user("read"), unique("KEY_")
    ann.delete(f"/api/secrets/{name}")
    (item,) = admin.get(f"/api/audit?resourceId={name}&verdict=denied").json()["items"]

    assert (item["action"], item["actorName"]) == ("secret.delete", ann.get("/api/users/me").json()["user"])


def test_a_list_goes_on_where_it_ended(admin, name):
    first = admin.get(f"/api/audit?resourceId={name}&pageSize=1").json()
    second = admin.get(f"/api/audit?resourceId={name}&pageSize=1&cursor={first['nextCursor']}&total=false").json()

    assert [item["action"] for item in (*first["items"], *second["items"])] == ["secret.delete", "secret.create"]
    assert (second["total"], "nextCursor" in second) == (None, False)


def test_a_verified_log_gives_an_anchor_to_compare_with(admin, name):
    first = admin.get("/api/audit/verify").json()
    second = admin.get("/api/audit/verify", params={"anchor": first["anchor"]}).json()

    assert (first["intact"], second["intact"], second["problem"]) == (True, True, "")
    assert second["entries"] >= first["entries"] > 0
    assert said(admin.get("/api/audit/verify?anchor=1")) == (422, "anchor-invalid")


@pytest.mark.parametrize("path", ["/api/audit", "/api/audit/verify"])
def test_the_log_is_for_administrators(user, path):
    assert said(user().get(path)) == (403, "admin-required")


@pytest.mark.parametrize(
    "query", ["where=at:gt:2001-01-01", "where=details:contains:x", "verdict=maybe", "limit=0", "where=actor:eq:%00"]
)
def test_what_the_log_cannot_be_searched_by_is_refused(admin, query):
    assert said(admin.get(f"/api/audit?{query}")) == (422, "invalid-query")


@pytest.mark.parametrize("query", ["page=2", "sort=at", "offset=1"])
def test_what_the_log_does_not_offer_is_refused(admin, query):
    """It goes on by cursor only."""
    assert said(admin.get(f"/api/audit?{query}")) == (422, "invalid-params")
