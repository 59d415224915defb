"""Credentials all the way: which of them a call uses, on the wire, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from jackfield import Jackfield, JackfieldError
from jackfield.agents.choice_reading import read_choice
from jackfield.agents.finding import Query
from jackfield.dispatch.options import read_options
from jackfield.settings import Settings
from servers import Answer, Asked, Service, serve
from surfaces.kept import KEY
from surfaces.served import ADMIN_TOKEN, served

SHARED, OTHER, PRIVATE, NAMED = "shared-0123456789", "another-0123456789", "private-0123456789", "named-0123456789"
REFUSED = "refused-0123456789"


@pytest.fixture
def service() -> Iterator[Service]:
    """It refuses one token."""

    def answer(asked: Asked) -> Answer:
        return Answer(status=401 if asked.headers.get("authorization") == f"Bearer {REFUSED}" else 200, body={})

    with serve(answer) as running:
        yield running


@pytest.fixture
def elsewhere() -> Iterator[Service]:
    with serve(lambda asked: Answer(body={"ok": True})) as running:
        yield running


@pytest.fixture
def people(tmp_path: Path, service: Service, elsewhere: Service, database_url: str) -> Iterator[dict[str, Jackfield]]:
    """The administrator, ann and bob, each with a Jackfield of their own at one server."""
    settings = Settings(
        data=tmp_path,
        database_url=database_url,
        key=KEY,
        admin_token=ADMIN_TOKEN,
        port=0,
        egress_allow=f"{service.address},{elsewhere.address}",
    )
    with served(settings) as started, ExitStack() as stack:
        opened = {"admin": stack.enter_context(Jackfield(url=started.url, token=ADMIN_TOKEN))}
        for name in ("ann", "bob"):
            token = opened["admin"].manage.users.add(name=name).token.text
            opened[name] = stack.enter_context(Jackfield(url=started.url, token=token))
        yield opened


def body_of(service: Service, **more: Any) -> dict[str, Any]:
    return {
        "name": "acme",
        "baseUrl": service.url,
        "auth": {"type": "bearer", "secret": "KEY"},
        "operations": {"go": {"method": "GET", "path": "/", "readsOnly": True}},
        "testCommand": "go",
        **more,
    }


def sent(service: Service) -> list[str]:
    return [asked.headers.get("authorization", "").removeprefix("Bearer ") for asked in service.asked]


def last(people, who: str, service: Service, **given: Any) -> str:
    """What the call of somebody is signed with."""
    assert people[who].connector("acme", "go", {}, **given).success
    return sent(service)[-1]


def code(call: Any, *arguments: Any, **given: Any) -> str:
    with pytest.raises(JackfieldError) as caught:
        call(*arguments, **given)
    return caught.value.code


def test_the_order_in_which_credentials_are_looked_for(people, service):
    """I04, H09: headers > the one that the call names > private default > shared default > named secret > none."""
    admin = people["admin"].manage
    admin.connectors.create(body_of(service))

    assert code(people["bob"].connector, "acme", "go", {}) == "credential-missing"

    admin.secrets.put("KEY", NAMED)
    found = [last(people, "bob", service)]
    shared = admin.credentials.add("acme", values={"token": SHARED})
    other = admin.credentials.add("acme", name="other", values={"token": OTHER})
    found.append(last(people, "bob", service))
    people["bob"].manage.credentials.add("acme", name="mine", values={"token": PRIVATE}, visibility="private")
    found += [
        last(people, "bob", service),
        last(people, "ann", service),
        last(people, "bob", service, credential_id=other.id),
        last(people, "bob", service, options={"credentialId": "OTHER"}),
        last(people, "bob", service, credential_id=shared.id),
        last(people, "bob", service, credential_id="other", options={"headers": {"Authorization": "Bearer own"}}),
    ]

    assert found == [NAMED, SHARED, PRIVATE, SHARED, OTHER, OTHER, SHARED, "own"]


def test_a_private_credential_is_nobody_elses(people, service):
    """Z17, H09: neither found nor used, whoever asks; administrators neither."""
    people["admin"].manage.connectors.create(body_of(service))
    mine = people["ann"].manage.credentials.add("acme", name="mine", values={"token": PRIVATE}, visibility="private")
    for who in ("bob", "admin"):
        theirs = people[who].manage.credentials
        tries = [
            (theirs.get, mine.id),
            (theirs.status, mine.id),
            (theirs.test, mine.id),
            (theirs.refresh, mine.id),
            (theirs.revoke, mine.id),
            (theirs.delete, mine.id),
            (theirs.get, "mine"),
        ]

        assert {code(*each) for each in tries} == {"unknown-credential"}
        assert code(theirs.change, mine.id, name="yours") == "unknown-credential"
        assert code(people[who].connector, "acme", "go", {}, credential_id=mine.id) == "unknown-credential"
        assert theirs.list() == []

    assert sent(service) == []
    assert last(people, "ann", service, credential_id=mine.id) == PRIVATE


def test_a_credential_of_another_connector_is_not_used(people, service):
    """Its owner has agreed to where that one sends it, not to any address."""
    admin = people["admin"].manage
    admin.connectors.create(body_of(service))
    admin.connectors.create(body_of(service, name="other"))
    foreign = admin.credentials.add("other", values={"token": SHARED})

    assert code(people["admin"].connector, "acme", "go", {}, credential_id=foreign.id) == "unknown-credential"
    assert sent(service) == []


def test_a_colleague_cannot_collect_credentials(people, service):
    """Decision 0010: who sets up a connector decides where they go; nobody puts one for a stranger's."""
    people["ann"].manage.connectors.create(body_of(service))
    tried = code(people["bob"].manage.credentials.add, "acme", values={"token": PRIVATE}, visibility="private")
    by_admin = code(people["admin"].manage.credentials.add, "acme", values={"token": SHARED})
    own = people["ann"].manage.credentials.add("acme", values={"token": OTHER})
    changed = code(people["admin"].manage.credentials.change, own.id, values={"token": SHARED})
    used = last(people, "bob", service)
    denied = [entry.details["code"] for entry in people["admin"].manage.audit.list(verdict="denied").items]

    assert (tried, by_admin, changed) == ("credential-not-allowed",) * 3
    assert used == OTHER
    assert denied.count("credential-not-allowed") == 3


def test_what_was_agreed_to_ends_with_the_approval(people, service):
    """A connector that was approved, and then changed by its owner, gets nobody else's credential any more."""
    people["ann"].manage.connectors.create(body_of(service))
    people["admin"].manage.connectors.approve("acme")
    people["admin"].manage.credentials.add("acme", values={"token": SHARED})
    before = last(people, "bob", service)
    people["ann"].manage.connectors.update("acme", {"config": {"baseUrl": service.url}})

    assert before == SHARED
    assert code(people["bob"].connector, "acme", "go", {}) == "credential-not-allowed"
    assert sent(service) == [SHARED]


def test_a_credential_lays_its_values_over_the_connection(people, service, elsewhere):
    """Where an administrator has put it, also the address."""
    admin = people["admin"].manage
    admin.connectors.create(
        {
            "name": "acme",
            "type": "hosted",
            "baseUrl": service.url,
            "auth": {"type": "api_key", "field": "apiKey"},
            "connectionConfig": {"apiKey": {"type": "secret"}},
            "config": {"apiKey": SHARED},
            "operations": {"go": {"method": "GET", "path": "/"}},
        }
    )
    admin.credentials.add("acme", values={"api_key": OTHER, "baseUrl": elsewhere.url})
    assert people["bob"].connector("acme", "go", {}).success

    assert service.asked == []
    assert elsewhere.asked[-1].headers["x-api-key"] == OTHER


@pytest.mark.parametrize("visibility", ["private", "shared"])
def test_nobody_turns_an_approved_connector_elsewhere_by_a_credential(people, service, elsewhere, visibility):
    """The connector may use secrets of others: an address in a credential would have them sent there."""
    admin = people["admin"].manage
    admin.secrets.put("KEY", NAMED)
    admin.connectors.create(body_of(service))
    values = {"baseUrl": elsewhere.url}
    tried = code(people["bob"].manage.credentials.add, "acme", values=values, visibility=visibility)
    mine = people["bob"].manage.credentials.add("acme", values={"token": PRIVATE}, visibility=visibility)
    changed = code(people["bob"].manage.credentials.change, mine.id, values=values)

    assert (tried, changed) == ("admin-required", "admin-required")
    assert elsewhere.asked == []


def test_an_address_that_was_put_before_the_approval_is_not_approved(people, service, elsewhere):
    """Whoever approves has looked at the connector, and not at what its owner's credential lays over it."""
    people["admin"].manage.secrets.put("KEY", NAMED)
    people["ann"].manage.connectors.create(body_of(service))
    trap = people["ann"].manage.credentials.add("acme", values={"baseUrl": elsewhere.url})
    people["admin"].manage.connectors.approve("acme")
    used = code(people["bob"].connector, "acme", "go", {})
    people["admin"].manage.credentials.change(trap.id, values={"token": SHARED})
    after_a_key = code(people["bob"].connector, "acme", "go", {})

    assert (used, after_a_key) == ("credential-not-allowed", "credential-not-allowed")
    assert elsewhere.asked == []


def test_the_owner_of_a_connector_may_turn_its_own_credentials_where_they_like(people, service, elsewhere):
    """It uses nothing of others."""
    people["ann"].manage.connectors.create(body_of(service))
    people["ann"].manage.credentials.add("acme", values={"token": OTHER, "baseUrl": elsewhere.url})
    assert people["ann"].connector("acme", "go", {}).success

    assert sent(elsewhere) == [OTHER]


def test_values_are_in_no_answer_no_file_and_no_record(people, service, tmp_path, caplog):
    """H12, Z05: whatever is looked at."""
    caplog.set_level("DEBUG")
    admin = people["admin"].manage
    admin.connectors.create(body_of(service))
    made = admin.credentials.add("acme", values={"token": SHARED})
    outcome = people["admin"].connector("acme", "go", {}, options={"trace": True, "debug": True})
    plan = people["admin"].connector("acme", "go", {}, options={"plan": True})
    admin.credentials.test(made.id)
    said = [made, admin.credentials.list(), admin.credentials.get(made.id), outcome.to_json(), plan.to_json()]
    said += [admin.audit.list().items, admin.executions.list().items, caplog.text]

    assert sent(service)[-1] == SHARED
    assert SHARED not in repr(said)
    assert not any(SHARED.encode() in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_a_test_uses_the_credential_and_is_kept_with_it(people, service):
    """Not with the connector: its test says how it goes with what calls usually use."""
    admin = people["admin"].manage
    admin.connectors.create(body_of(service))
    admin.credentials.add("acme", values={"token": SHARED})
    other = admin.credentials.add("acme", name="other", values={"token": OTHER})
    tested = people["bob"].manage.credentials.test("other")
    shown = admin.credentials.get(other.id)

    assert tested.success
    assert sent(service) == [OTHER]
    assert shown.tested is not None
    assert shown.test_result["success"] is True
    assert shown.revision == other.revision
    assert admin.connectors.get("acme").tested is None


def test_a_refused_credential_shows_in_its_status_until_it_is_changed(people, service):
    """Screens say which one is to be mended."""
    admin = people["admin"].manage
    admin.connectors.create(body_of(service))
    made = admin.credentials.add("acme", values={"token": REFUSED})
    tested = admin.credentials.test(made.id)
    refused = admin.credentials.status(made.id)
    admin.credentials.change(made.id, values={"token": OTHER})

    assert not tested.success
    assert (refused.status, refused.code) == ("error", tested.code)
    assert admin.credentials.status(made.id).status == "connected"


def test_tools_are_connected_where_the_caller_has_a_credential(people, service):
    """The catalogue for models counts credentials as calls do."""
    admin = people["admin"].manage
    admin.connectors.create(body_of(service))
    people["bob"].manage.credentials.add("acme", values={"token": PRIVATE}, visibility="private")
    wanted = Query(text="go", connected=True, limit=50)
    found = {who: [hit.tool.name for hit in people[who].manage.tools.search(wanted)] for who in ("ann", "bob")}

    assert [name for name in found["bob"] if "acme" in name]
    assert not [name for name in found["ann"] if "acme" in name]


def test_a_deleted_connector_takes_its_credentials_along(people, service):
    """One that is made later under its name is another."""
    admin = people["admin"].manage
    admin.connectors.create(body_of(service))
    admin.credentials.add("acme", values={"token": SHARED})
    people["bob"].manage.credentials.add("acme", values={"token": PRIVATE}, visibility="private")
    admin.connectors.delete("acme")
    admin.connectors.create(body_of(service))

    assert people["bob"].manage.credentials.list() == []
    assert code(people["bob"].connector, "acme", "go", {}) == "credential-missing"


def test_a_deleted_user_takes_private_credentials_along(people, service):
    """As private secrets; shared ones stay."""
    admin = people["admin"].manage
    admin.connectors.create(body_of(service))
    shared = people["bob"].manage.credentials.add("acme", values={"token": SHARED})
    people["bob"].manage.credentials.add("acme", values={"token": PRIVATE}, visibility="private")
    admin.users.delete("bob")
    (entry,) = [each for each in admin.audit.list().items if each.action == "user.delete"]

    assert [each.id for each in admin.credentials.list()] == [shared.id]
    assert entry.details["private_credentials"] == 1


def test_connectors_of_files_keep_their_credentials_over_a_restart(tmp_path, service, database_url):
    """Every process that reads the file means the same connector; where the file is gone, they are shown as such."""
    (tmp_path / "acme.yaml").write_text(
        f"name: acme\nbaseUrl: {service.url}\nauth: {{type: bearer, secret: KEY}}\n"
        "operations: {go: {method: GET, path: /}}\n"
    )
    common: dict[str, Any] = {"data": tmp_path, "database_url": database_url, "key": KEY}
    common["egress_allow"] = service.address
    files = Settings(**common, connectors=(tmp_path / "acme.yaml",))
    with Jackfield(types=[], settings=files) as first:
        first.manage.credentials.add("acme", values={"token": SHARED})
    with Jackfield(types=[], settings=files) as second:
        assert second.connector("acme", "go", {}).success
    with Jackfield(types=[], folder=[], settings=Settings(**common)) as without:
        (left,) = without.manage.credentials.list()
        without.manage.credentials.delete(left.id)

    assert sent(service) == [SHARED]
    assert (left.connector, left.status, left.code) == ("", "error", "connector-missing")


def test_use_is_written_down_at_the_end(tmp_path, service):
    """And not when somebody only looks what a call would be like."""
    settings = Settings(data=tmp_path, egress_allow=service.address)
    with Jackfield(types=[], folder=[], settings=settings) as first:
        first.manage.connectors.create(body_of(service))
        looked = first.manage.credentials.add("acme", values={"token": SHARED})
        used = first.manage.credentials.add("acme", name="used", values={"token": OTHER})
        first.manage.tools.search(Query(text="go", connected=True))
        assert first.connector("acme", "go", {}, credential_id=used.id).success
    with Jackfield(types=[], folder=[], settings=settings) as second:
        found = {each.id: each.used for each in second.manage.credentials.list()}

    assert found[looked.id] is None
    assert found[used.id] is not None


def test_a_choice_of_tools_keeps_a_model_to_one_credential(tmp_path, service):
    """A gateway that acts with an account of its own: neither model nor host chooses another."""
    with Jackfield(types=[], folder=[], settings=Settings(data=tmp_path, egress_allow=service.address)) as jackfield:
        jackfield.manage.connectors.create(body_of(service))
        jackfield.manage.credentials.add("acme", values={"token": SHARED})
        jackfield.manage.credentials.add("acme", name="help desk", values={"token": OTHER})
        for name in ("help desk", "gone"):
            choice = read_choice({"connectors": [{"connector": "acme", "credential": name}]})
            options = read_options({"credentialId": "main"})
            (tool,) = jackfield.manage.tools.list(choice=choice).tools
            result = jackfield.manage.tools.call(tool.name, {}, choice=choice, options=options)

    assert sent(service) == [OTHER]
    assert "unknown-credential" in repr(result)
