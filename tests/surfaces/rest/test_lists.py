"""What all lists take, seen on one."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surfaces.rest.world import desk, said, unique

CITIES = ("Oslo", "Rome", "Bern", "Lima", "Oslo")


@pytest.fixture(scope="module")
def tag(admin):
    """On five connectors and nothing else."""
    made = unique("tag")
    for place, city in enumerate(CITIES):
        body = desk(tags=[made], displayName=city, timeout=1000 * (place + 1), description=f"No. {place}")
        assert admin.post("/api/connectors", json=body).status_code == 201
    return made


def cities(answer):
    assert answer.status_code == 200, answer.text
    return [item["displayName"] for item in answer.json()["items"]]


@given(
    city=st.sampled_from([*CITIES, "Nowhere"]),
    least=st.integers(0, 6),
    sort=st.sampled_from(["displayName", "-timeout", "display_name,-timeout"]),
    size=st.integers(1, 6),
    page=st.integers(1, 3),
)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_list_is_what_a_program_would_make_of_it(admin, tag, city, least, sort, size, page):
    every = [(name, 1000 * (place + 1)) for place, name in enumerate(CITIES)]
    met = [item for item in every if item[0] != city and item[1] >= least * 1000]
    order = {
        "displayName": lambda item: item[0],
        "-timeout": lambda item: -item[1],
        "display_name,-timeout": lambda item: (item[0], -item[1]),
    }
    expected = [name for name, _ in sorted(met, key=order[sort])]
    where = [f"displayName:ne:{city}", f"timeout:gte:{least * 1000}"]
    answer = admin.get(
        "/api/connectors", params={"tag": tag, "where": where, "sort": sort, "pageSize": size, "page": page}
    )

    assert cities(answer) == expected[(page - 1) * size : page * size]
    assert {key: answer.json()[key] for key in ("total", "page", "pageSize")} == {
        "total": len(expected),
        "page": page,
        "pageSize": size,
    }


@pytest.mark.parametrize(
    "query",
    [
        "page=1&pageSize=2&sort=timeout",
        "page_size=2&sort=timeout",
        "limit=2&sort=timeout",
        "limit=2&offset=0&sort=timeout",
    ],
)
def test_both_styles_of_paging_and_of_names_work(admin, tag, query):
    assert cities(admin.get(f"/api/connectors?tag={tag}&{query}")) == ["Oslo", "Rome"]


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("page=1&limit=2", "/limit"),
        ("page=0", "/page"),
        ("pageSize=201", "/pageSize"),
        ("limit=0", "/limit"),
        ("offset=-1", "/offset"),
        ("where=nmae:eq:x", "/where/0"),
        ("where=name:eq:x&where=timeout:eq:long", "/where/1"),
        ("where=config.api_key:contains:a", "/where/0"),
        ("where=mocks.data:contains:a", "/where/0"),
        ("where=name:eq:%00", "/where/0"),
        ("sort=tags", "/sort"),
    ],
)
def test_a_query_that_cannot_be_answered_is_refused(admin, query, pointer):
    answer = admin.get(f"/api/connectors?{query}")

    assert said(answer) == (422, "invalid-query")
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("pagesize=2", "/query/pagesize"),
        ("page=one", "/query/page"),
        ("page=" + "9" * 5000, "/query/page"),
        ("pageSize=1&page_size=2", "/query/page_size"),
        ("enabled=perhaps", "/query/enabled"),
    ],
)
def test_a_parameter_that_cannot_be_read_is_refused(admin, query, pointer):
    answer = admin.get(f"/api/connectors?{query}")

    assert said(answer) == (422, "invalid-params")
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]


LISTS = ["connectors", "connector-types", "secrets", "tokens", "users", "executions", "audit"]


@pytest.mark.parametrize("name", LISTS)
def test_all_lists_have_one_shape(admin, tag, name):
    answer = admin.get(f"/api/{name}?limit=1").json()

    assert {"items", "total", "page", "pageSize"} <= answer.keys() <= {*answer, "nextCursor"}
    assert (len(answer["items"]), answer["page"], answer["pageSize"]) == (min(1, answer["total"]), 1, 1)


@pytest.mark.parametrize("name", LISTS)
@given(where=st.text(max_size=12), sort=st.text(max_size=6), cursor=st.text(max_size=6))
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_query_breaks_a_list(admin, name, where, sort, cursor):
    params = {"where": [where, f"name:eq:{where}"], "sort": sort, "cursor": cursor}

    assert admin.get(f"/api/{name}", params={key: _sent(value) for key, value in params.items()}).status_code < 500


def _sent(value):
    """Lone surrogates cannot be sent at all."""
    return [_sent(one) for one in value] if isinstance(value, list) else value.encode(errors="ignore").decode()
