"""Calling connectors from Python."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest

import jackfield
from jackfield import (
    CommandFailed,
    Connector,
    Context,
    Jackfield,
    JackfieldError,
    Outcome,
    UpstreamStatus,
    WrongUse,
    command,
    fail,
    succeed,
)
from jackfield.dispatch.errors import InvalidOption, OptionNotSupported
from records import recorded
from servers import Answer, Asked, Service, serve

SPEC = {
    "name": "crm",
    "operations": [
        {"name": "get_order", "method": "GET", "path": "/customers/{id}/orders/{orderId}"},
        {
            "name": "create_contact",
            "method": "POST",
            "path": "/contacts",
            "parameters": {
                "type": "object",
                "properties": {
                    "email": {"type": "string"},
                    "notify": {"type": "boolean", "in": "query"},
                    "trace": {"type": "string", "in": "header"},
                },
            },
        },
    ],
}


class Shop(Connector, name="shop", version="2.1.0"):
    """A shop."""

    base_url: str = "http://127.0.0.1:9"

    @command
    async def status(self, ctx: Context) -> Outcome:
        """A payload whose keys are also attributes of outcomes."""
        return succeed({"status": "open", "id": 7, "success": "yes", "items": [1, 2]})

    @command
    async def broken(self, ctx: Context, code: int = 503) -> Outcome:
        """Whatever the service answers with an error."""
        (await ctx.http.get(f"{self.base_url}/{code}")).raise_for_status()
        return succeed()

    @command
    async def refuse(self) -> Outcome:
        """Refuse."""
        return fail("closed on Sundays", code="closed", diagnostics={"day": "Sunday"})

    @command(
        mock={"default": succeed({"n": 1}), "empty": lambda: succeed({"n": 0}), "echo": lambda p: succeed(dict(p))}
    )
    async def count(self, n: int = 3) -> Outcome:
        """Count."""
        return succeed({"n": n})


def answer(asked: Asked) -> Answer:
    status = asked.path.strip("/")
    if status.isdigit():
        return Answer(status=int(status), body={"why": "because"}, headers={"Retry-After": "7", "Set-Cookie": "s=1"})
    body = asked.json() if asked.body else None
    return Answer(body={"path": asked.path, "query": asked.query, "headers": asked.headers, "body": body})


@pytest.fixture
def service() -> Iterator[Service]:
    with serve(answer) as running:
        yield running


@pytest.fixture
def jf(service: Service) -> Iterator[Jackfield]:
    connectors: list[dict[str, Any]] = [
        SPEC | {"baseUrl": service.url},
        {"name": "shop", "type": "shop", "config": {"base_url": service.url}},
    ]
    with Jackfield(types=[Shop], connectors=connectors, egress_allow=service.address) as made:
        yield made


def test_one_call_returns_an_envelope(jf: Jackfield):
    """K01, K05: success, data, metadata."""
    result = jf.connector("shop", "status", {})

    assert result.success is True
    assert result.data == {"status": "open", "id": 7, "success": "yes", "items": [1, 2]}
    assert result.metadata["connector"] == "default/shop"
    assert result.metadata["resource"] == "status"


def test_attributes_and_items_fall_through_to_the_payload(jf: Jackfield):
    """K06: `result.data["id"]`, `result["id"]` and `result.id` agree; own attributes win."""
    result = jf.connector("shop", "status", {})

    assert result.data["id"] == result["id"] == result.id == 7
    assert result.status == "open"
    assert (result.success, result["success"]) == (True, "yes")
    with pytest.raises(AttributeError, match=r"the payload has no `nmae`; it has `status`, `id`"):
        _ = result.nmae


@pytest.mark.parametrize("arguments", [(), ("shop",), ("shop", "status", 3), (7, "status"), ("shop", "status", [])])
def test_wrong_use_is_explained(jf: Jackfield, arguments: tuple[Any, ...]):
    """K01: a call is one function call, not a client factory."""
    with pytest.raises(TypeError if not arguments else WrongUse):
        jf.connector(*arguments)


def test_one_argument_names_the_two_ways_that_work(jf: Jackfield):
    """K01: the likeliest mistake of those who come from client libraries."""
    with pytest.raises(WrongUse) as caught:
        jf.connector("hubspot-prod")

    assert caught.value.hint == (
        'write `connector("hubspot-prod", "<command>", {...})`; for an object with methods use '
        '`load_connector("hubspot-prod")`'
    )


async def test_the_asynchronous_form_answers_the_same(jf: Jackfield):
    """K02."""
    outcome = await jf.connector_async("shop", "count", {"n": 5})

    assert outcome.n == 5


async def test_the_waiting_form_refuses_to_halt_an_event_loop(jf: Jackfield):
    """K02: it would stop everything else in that loop, silently."""
    with pytest.raises(WrongUse, match="event loop") as caught:
        jf.connector("shop", "count", {})

    assert "connector_async" in caught.value.hint


def test_one_client_serves_many_event_loops_and_threads(jf: Jackfield):
    """Scripts call `asyncio.run` more than once; servers have threads."""
    found = [asyncio.run(jf.connector_async("shop", "count", {"n": n})).n for n in range(3)]
    threads = [
        threading.Thread(target=lambda n=n: found.append(jf.connector("shop", "count", {"n": n}).n)) for n in (3, 4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(found) == [0, 1, 2, 3, 4]


FLAT = [
    ({"id": "a b", "orderId": 7}, "/customers/a%20b/orders/7", {}),
    ({"path": {"id": 1, "orderId": 2}}, "/customers/1/orders/2", {}),
    ({"path": {"id": 1, "orderId": 2}, "query": {"page": 3}}, "/customers/1/orders/2", {"page": ["3"]}),
    ({"id": 1, "orderId": 2, "page": 3}, "/customers/1/orders/2", {"page": ["3"]}),
]


@pytest.mark.parametrize(("data", "path", "query"), FLAT)
def test_data_is_flat_or_structured(jf: Jackfield, data: dict[str, Any], path: str, query: dict[str, Any]):
    """K03, K04 and note 2.2: names of the path go to the path, the rest of a GET to the query."""
    outcome = jf.connector("crm", "get-order", data)

    assert outcome.success, outcome.error
    assert (outcome.path, outcome["query"]) == (path, query)


def test_structured_headers_reach_the_service(jf: Jackfield):
    """Note 2.2: declared names are params, others are headers of the request."""
    outcome = jf.connector(
        "crm", "create-contact", {"body": {"email": "a@b.c"}, "headers": {"X-Team": "blue", "trace": "t1"}}
    )

    assert outcome.body == {"email": "a@b.c"}
    assert (outcome.headers["x-team"], outcome.headers["trace"]) == ("blue", "t1")


def test_the_rest_of_a_post_goes_to_the_body(jf: Jackfield):
    """Note 2.2, with declared places kept."""
    outcome = jf.connector("crm", "create-contact", {"email": "a@b.c", "notify": True, "trace": "t1", "more": 1})

    assert (outcome.body, outcome["query"]) == ({"email": "a@b.c", "more": 1}, {"notify": ["true"]})


def test_a_missing_path_param_is_named(jf: Jackfield):
    """K04."""
    with pytest.raises(JackfieldError, match=r"Missing required field\(s\): orderId"):
        jf.connector("crm", "get-order", {"id": 1})


def test_one_name_with_two_values_is_refused(jf: Jackfield):
    """Sending either would be a guess."""
    with pytest.raises(JackfieldError, match="`id` has another value in another place"):
        jf.connector("crm", "get-order", {"path": {"id": 1, "orderId": 2}, "query": {"id": 9}})


def test_data_with_keys_of_both_forms_is_flat(jf: Jackfield):
    """Note 2.2: structured only when those are the only keys."""
    with pytest.raises(JackfieldError, match="Missing required"):
        jf.connector("crm", "get-order", {"path": {"id": 1, "orderId": 2}, "page": 1})


def test_a_failure_is_an_envelope_with_what_a_caller_needs_to_retry(jf: Jackfield):
    """K07."""
    outcome = jf.connector("shop", "broken", {})

    assert (outcome.success, outcome.code) == (False, "upstream-status")
    assert "answered `503`" in (outcome.error or "")
    assert outcome.diagnostics["body"] == {"why": "because"}
    metadata = outcome.metadata
    assert (metadata["status"], metadata["retryable"], metadata["retryAfter"]) == (503, True, 7.0)
    assert "set-cookie" not in metadata["headers"]


@pytest.mark.parametrize(
    ("status", "retryable"), [(400, False), (404, False), (408, True), (429, True), (500, True), (501, False)]
)
def test_which_statuses_are_worth_another_try(jf: Jackfield, status: int, retryable: bool):
    """K07, J03's list."""
    assert jf.connector("shop", "broken", {"code": status}).metadata["retryable"] is retryable


def test_exceptions_are_typed_on_demand(jf: Jackfield):
    """K08."""
    assert jf.connector("shop", "count", {}).raise_on_error().n == 3
    with pytest.raises(UpstreamStatus) as upstream:
        jf.connector("shop", "broken", {}).raise_on_error()
    with pytest.raises(CommandFailed, match="closed on Sundays") as own:
        jf.connector("shop", "refuse", {}).raise_on_error()

    assert upstream.value.upstream_status == 503
    assert own.value.details["outcome"]["code"] == "closed"


def test_a_loaded_connector_has_its_commands_as_methods(jf: Jackfield):
    """K12's attribute calls; names in any case style."""
    shop = jf.load_connector("shop")

    assert shop.commands == ["status", "broken", "refuse", "count"]
    assert shop.count(n=4).n == 4
    assert shop.call("count", {"n": 6}).n == 6
    assert "count" in dir(shop)
    assert shop.count.__doc__ == "Count."
    with pytest.raises(AttributeError, match="did you mean `count`"):
        _ = shop.cuont


async def test_a_connector_is_loaded_in_asynchronous_code(jf: Jackfield):
    """K02."""
    shop = await jf.load_connector_async("shop")

    assert (await shop.call_async("count", {"n": 8})).n == 8


def test_instances_of_one_type_call_different_services(service: Service):
    """A01."""
    with serve(lambda asked: Answer(body={"from": "second"})) as second:
        one, two = SPEC | {"baseUrl": service.url}, {"name": "two", "type": "crm", "config": {"baseUrl": second.url}}
        allow = f"{service.address},{second.address}"
        with Jackfield(types=[], connectors=[one, two], egress_allow=allow) as jf:
            first = jf.connector("crm", "get_order", {"id": 1, "orderId": 2})
            other = jf.connector("two", "get_order", {"id": 1, "orderId": 2})

    assert (first.path, other["from"]) == ("/customers/1/orders/2", "second")


OPTIONS = [
    ({"timeout": 500}, {}, "`timeout` is `500`"),
    ({"timeout": 300_001}, {}, "`timeout` is `300001`"),
    ({"timeout": "5000"}, {}, "`timeout` is `5000`"),
    ({"timeout": True}, {}, "`timeout` is `True`"),
    ({}, {"timeout_s": 0.5}, "`timeout_s` is `0.5`"),
    ({}, {"timeout_s": 301}, "`timeout_s` is `301`"),
    ({"timeout": 5000}, {"timeout_s": 5}, "is given as a keyword and in the options"),
    ({"timeout": 5000, "time_out": 6000}, {}, "is given twice"),
    ({"retries": 10}, {}, "`retries` is `10`"),
    ({"useMock": "yes"}, {}, "`use_mock` is `yes`"),
    ({"headers": {"a": 1}}, {}, "`headers` is no object of texts"),
    ({"timout": 5000}, {}, "`timout` is unknown"),
    ({}, {"timeout": 5000}, "`timeout` is unknown"),
]


@pytest.mark.parametrize(("options", "keywords", "told"), OPTIONS)
def test_bad_options_are_refused(jf: Jackfield, options: dict[str, Any], keywords: dict[str, Any], told: str):
    """Milliseconds in mappings, seconds in keywords; a mix-up is told, not guessed."""
    with pytest.raises(InvalidOption) as caught:
        jf.connector("shop", "count", {}, options, **keywords)

    assert told in caught.value.message


@pytest.mark.parametrize(
    "options",
    [
        {"retries": 3},
        {"version": "1.0.0"},
        {"plan": True},
    ],
)
def test_an_option_that_nothing_carries_out_is_refused(jf: Jackfield, options: dict[str, Any]):
    """Z13: an option that is ignored silently is worse than one that is refused."""
    with pytest.raises(OptionNotSupported):
        jf.connector("shop", "count", {}, options)


def test_headers_of_the_call_win_over_the_credential(service: Service):
    """I04: custom headers first."""
    spec = SPEC | {"baseUrl": service.url, "auth": {"type": "bearer", "secret": "CRM_KEY"}}
    with Jackfield(
        types=[], connectors=[spec], secrets={"CRM_KEY": "key-0123456789"}, egress_allow=service.address
    ) as jf:
        usual = jf.connector("crm", "create_contact", {})
        own = jf.connector("crm", "create_contact", {}, {"headers": {"Authorization": "Bearer mine"}})

    assert usual.headers["authorization"] == "Bearer ********"
    assert service.asked[0].headers["authorization"] == "Bearer key-0123456789"
    assert own.headers["authorization"] == "********"
    assert service.asked[1].headers["authorization"] == "Bearer mine"


@pytest.mark.parametrize(
    ("options", "expected"),
    [({"useMock": True}, 1), ({"scenario": "empty"}, 0), ({"scenario": "echo"}, 9), ({"useMock": False}, 9), ({}, 9)],
)
def test_a_mock_answers_instead_of_the_service(jf: Jackfield, options: dict[str, Any], expected: int):
    """In-code scenarios: an outcome, a function of nothing, a function of the params."""
    outcome = jf.connector("shop", "count", {"n": 9}, options)

    assert outcome.n == expected
    assert outcome.metadata.get("mock", False) is bool(options.get("useMock") or options.get("scenario"))


def test_an_unknown_scenario_lists_the_known_ones(jf: Jackfield):
    """R03."""
    with pytest.raises(JackfieldError) as caught:
        jf.connector("shop", "count", {}, {"scenario": "none"})

    assert caught.value.hint == "it has `default`, `empty`, `echo`"


def test_the_functions_of_the_root_package_use_the_environment(
    service: Service, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
):
    """K13: embedded, from a folder, with no server."""
    (tmp_path / "shop.json").write_text('{"name": "wait-a-little", "type": "delay"}')
    monkeypatch.setenv("JACKFIELD_CONNECTORS", str(tmp_path))
    from jackfield.app import sdk

    monkeypatch.setattr(sdk, "_default", [])
    outcome = jackfield.connector("wait-a-little", None, {"delayMs": 0})
    sdk._default[0].close()

    assert outcome.delayed == 0


async def test_cancelling_a_call_reaches_the_service(service: Service):
    """J16: a caller that gives up must not leave a request running."""
    hung_up = asyncio.Event()

    async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        asked.set()
        await reader.read()
        hung_up.set()
        writer.close()

    asked = asyncio.Event()
    server = await asyncio.start_server(never, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with Jackfield(types=[], egress_allow=f"127.0.0.1:{port}") as jf:
        calling = asyncio.ensure_future(jf.connector_async("http", "request", {"url": f"http://127.0.0.1:{port}/"}))
        await asyncio.wait_for(asked.wait(), 5)
        calling.cancel()
        with pytest.raises(asyncio.CancelledError):
            await calling
        await asyncio.wait_for(hung_up.wait(), 5)
        while (execution := (await recorded(jf.runtime))[0]).status == "RUNNING":
            await asyncio.sleep(0)
    server.close()

    assert execution.status == "CANCELLED"
