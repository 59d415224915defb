"""A secret goes where somebody has decided that may: its owner, or an administrator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jackfield import Jackfield, JackfieldError
from jackfield.settings import Settings
from servers import Answer, Service, serve

SHARED, PRIVATE = "shared-key-0123456789", "private-key-0123456789"

As = Callable[..., Jackfield]


@pytest.fixture
def service() -> Iterator[Service]:
    with serve(lambda asked: Answer(body={"ok": True})) as running:
        yield running


@pytest.fixture
def people(tmp_path: Path, service: Service) -> Iterator[dict[str, Jackfield]]:
    """The administrator, ann and bob, each with a Jackfield of their own on one installation."""
    settings = Settings(data=tmp_path, egress_allow=service.address)
    opened = {"admin": Jackfield(types=[], folder=[], settings=settings)}
    for name in ("ann", "bob"):
        token = opened["admin"].manage.users.add(name=name).token.text
        theirs = Settings(data=tmp_path, egress_allow=service.address, token=token)
        opened[name] = Jackfield(types=[], folder=[], settings=theirs)
    yield opened
    for jackfield in opened.values():
        jackfield.close()


def connector_of(jackfield: Jackfield, service: Service, name: str) -> None:
    body = {
        "name": name,
        "baseUrl": service.url,
        "auth": {"type": "bearer", "secret": "KEY"},
        "operations": {"go": {"method": "GET", "path": "/"}},
    }
    jackfield.manage.connectors.create(body)


def sent(service: Service) -> list[str]:
    return [asked.headers["authorization"] for asked in service.asked]


def test_a_colleague_cannot_collect_a_shared_secret(people, service):
    """Who may make connectors chooses an address, and that must not be enough."""
    people["admin"].manage.secrets.put("KEY", SHARED)
    connector_of(people["ann"], service, "trap")
    with pytest.raises(JackfieldError) as caught:
        people["ann"].connector("trap", "go", {})
    (entry,) = people["admin"].manage.audit.list(verdict="denied").items

    assert caught.value.code == "secret-not-allowed"
    assert sent(service) == []
    assert (entry.actor_name, entry.details["code"]) == ("ann", "secret-not-allowed")


def test_a_colleague_cannot_collect_the_private_secrets_of_callers(people, service):
    """Nor those of the agents that act for them."""
    people["bob"].manage.secrets.put("KEY", PRIVATE, visibility="private")
    connector_of(people["ann"], service, "trap")
    with pytest.raises(JackfieldError) as caught:
        people["bob"].connector("trap", "go", {})

    assert caught.value.code == "secret-not-allowed"
    assert sent(service) == []


@pytest.mark.parametrize("visibility", ["private", "shared"])
def test_everybody_may_send_their_own_secrets_where_they_like(people, service, visibility):
    """It is theirs."""
    people["ann"].manage.secrets.put("KEY", PRIVATE, visibility=visibility)
    connector_of(people["ann"], service, "own")

    assert people["ann"].connector("own", "go", {}).success
    assert sent(service) == [f"Bearer {PRIVATE}"]


def test_a_secret_that_an_administrator_has_replaced_is_no_longer_its_makers_to_send(people, service):
    """Else its maker could collect the new value, which only the administrator was to know."""
    people["ann"].manage.secrets.put("KEY", PRIVATE, visibility="shared")
    connector_of(people["ann"], service, "own")
    people["ann"].connector("own", "go", {})
    people["admin"].manage.secrets.put("KEY", SHARED)
    # Through the process that has changed it: others on a SQLite database hear of it within a second.
    with pytest.raises(JackfieldError) as caught:
        people["admin"].connector("own", "go", {})

    assert caught.value.code == "secret-not-allowed"
    assert sent(service) == [f"Bearer {PRIVATE}"]


def test_an_administrators_connector_uses_everybodys_secrets(people, service):
    """H03: private before shared."""
    people["admin"].manage.secrets.put("KEY", SHARED)
    people["bob"].manage.secrets.put("KEY", PRIVATE, visibility="private")
    connector_of(people["admin"], service, "acme")
    for name in ("ann", "bob"):
        assert people[name].connector("acme", "go", {}).success

    assert sent(service) == [f"Bearer {SHARED}", f"Bearer {PRIVATE}"]


def test_an_approved_connector_may_use_what_its_callers_may_until_it_is_changed(people, service):
    """By somebody who is no administrator; the approval was of what it was."""
    people["admin"].manage.secrets.put("KEY", SHARED)
    connector_of(people["ann"], service, "acme")
    with pytest.raises(JackfieldError) as alone:
        people["ann"].manage.connectors.approve("acme")
    approved = people["admin"].manage.connectors.approve("acme")
    assert people["bob"].connector("acme", "go", {}).success
    people["ann"].manage.connectors.update("acme", {"displayName": "Acme"})
    assert people["bob"].connector("acme", "go", {}).success
    changed = people["ann"].manage.connectors.update("acme", {"config": {"baseUrl": service.url}})
    with pytest.raises(JackfieldError) as caught:
        people["ann"].connector("acme", "go", {})

    assert (alone.value.code, caught.value.code) == ("admin-required", "secret-not-allowed")
    assert (approved.approved, changed.approved) == (True, False)
    assert len(sent(service)) == 2


def test_the_type_of_an_approved_connector_is_not_changed_under_it(people, service):
    """Its operations say where requests go, too."""
    connector_of(people["ann"], service, "acme")
    people["admin"].manage.connectors.approve("acme")
    operations = {"go": {"method": "GET", "path": "/elsewhere"}}
    with pytest.raises(JackfieldError) as caught:
        people["ann"].manage.connectors.update("acme", {"baseUrl": service.url, "operations": operations})

    assert caught.value.code == "admin-required"
