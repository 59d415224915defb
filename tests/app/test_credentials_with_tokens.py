"""Credentials of types that sign people in: tokens that are pasted, renewed and revoked, apps of one's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jackfield import Jackfield, JackfieldError
from jackfield.settings import Settings
from jackfield.testing.oauth.server import FakeOAuth
from surfaces.kept import KEY
from surfaces.served import ADMIN_TOKEN, served


@pytest.fixture
def service() -> Iterator[FakeOAuth]:
    with FakeOAuth() as running:
        yield running


@pytest.fixture
def jackfield(tmp_path: Path, service: FakeOAuth, database_url: str) -> Iterator[Jackfield]:
    """At a server with the connector `acme`."""
    settings = Settings(
        data=tmp_path,
        database_url=database_url,
        key=KEY,
        admin_token=ADMIN_TOKEN,
        port=0,
        egress_allow=service.address,
    )
    with served(settings) as started, Jackfield(url=started.url, token=ADMIN_TOKEN) as opened:
        opened.manage.connectors.create(body_of(service))
        yield opened


def body_of(service: FakeOAuth, **auth: Any) -> dict[str, Any]:
    usual = {
        "type": "oauth2",
        "authorizationUrl": service.authorization_url,
        "tokenUrl": service.token_url,
        "revocationUrl": service.revocation_url,
        "scopes": ["read"],
    }
    return {
        "name": "acme",
        "baseUrl": service.api_url,
        "auth": usual | auth,
        "operations": {"me": {"method": "GET", "path": "/me", "readsOnly": True}},
        "testCommand": "me",
    }


def app_of(service: FakeOAuth) -> dict[str, str]:
    return {"clientId": service.client_id, "clientSecret": service.client_secret}


def pasted(service: FakeOAuth, **more: Any) -> dict[str, Any]:
    """What somebody copies from elsewhere, with the app that it belongs to."""
    answer = service.grant()
    tokens = {"accessToken": answer["access_token"], "refreshToken": answer["refresh_token"], "expiresIn": 3600}
    return {name: value for name, value in {**tokens, **app_of(service), **more}.items() if value is not None}


def code(call: Any, *arguments: Any, **given: Any) -> str:
    with pytest.raises(JackfieldError) as caught:
        call(*arguments, **given)
    return caught.value.code


def test_a_token_that_was_pasted_is_used_and_renewed(jackfield, service):
    """I12, and UI.md: there is a way without signing in, for each type."""
    made = jackfield.manage.credentials.add("acme", mode="token", values=pasted(service))
    first = jackfield.connector("acme", "me", {})
    service.expire_access_tokens()
    second = jackfield.connector("acme", "me", {})
    shown = jackfield.manage.credentials.get(made.id)

    assert first.success
    assert second.success
    assert (made.status, made.refreshable, made.mode) == ("connected", True, "token")
    assert made.values == {"clientId": service.client_id, "clientSecret": "********", "accessToken": "********"}
    assert made.expires is not None
    assert shown.status == "connected"
    assert service.counts().exchanged("refresh_token") == 1


def test_a_token_is_renewed_by_hand(jackfield, service):
    """Before an outage that is announced, or after an app was mended."""
    made = jackfield.manage.credentials.add("acme", mode="token", values=pasted(service))
    renewed = jackfield.manage.credentials.refresh(made.id)

    assert renewed.status == "connected"
    assert renewed.refreshed >= made.refreshed
    assert service.counts().exchanged("refresh_token") == 1


def test_what_cannot_be_renewed_says_so(jackfield, service):
    """Nothing is asked of the service then."""
    alone = pasted(service, refreshToken=None, expiresIn=300)
    made = jackfield.manage.credentials.add("acme", mode="token", values=alone)
    without_app = jackfield.manage.credentials.add(
        "acme", name="no app", mode="token", values=pasted(service, clientId=None, clientSecret=None)
    )

    assert (made.status, made.code, made.refreshable) == ("expiring", "token-expires", False)
    assert not without_app.refreshable
    assert code(jackfield.manage.credentials.refresh, made.id) == "credential-not-refreshable"
    assert code(jackfield.manage.credentials.refresh, without_app.id) == "credential-not-refreshable"
    assert service.log() == []


def test_a_grant_that_its_person_has_ended_shows_why_until_it_is_replaced(jackfield, service):
    """U11: revoked, and connected again; as the same credential."""
    made = jackfield.manage.credentials.add("acme", mode="token", values=pasted(service))
    service.revoke_account("ada")
    refused = code(jackfield.manage.credentials.refresh, made.id)
    ended = jackfield.manage.credentials.get(made.id)
    again = jackfield.manage.credentials.change(made.id, values=pasted(service))

    assert refused == "reauthorization-needed"
    assert (ended.status, ended.code) == ("needs_reauthorization", "invalid_grant")
    assert ended.reason
    assert (again.id, again.status) == (made.id, "connected")
    assert jackfield.connector("acme", "me", {}).success


def test_revoking_ends_the_tokens_at_the_service_and_here(jackfield, service):
    """RFC 7009. The credential stays, to be connected again."""
    made = jackfield.manage.credentials.add("acme", mode="token", values=pasted(service))
    revoked = jackfield.manage.credentials.revoke(made.id)
    calls = code(jackfield.connector, "acme", "me", {})
    told = [entry.details for entry in jackfield.manage.audit.list().items if entry.action == "credential.revoke"]

    assert (revoked.status, revoked.code) == ("needs_reauthorization", "revoked")
    assert "accessToken" not in revoked.values
    assert calls == "reauthorization-needed"
    assert code(jackfield.manage.credentials.refresh, made.id) == "credential-not-refreshable"
    assert [each["atService"] for each in told] == ["revoked"]
    assert service.revoke_account("ada") == 0


@pytest.mark.parametrize("fault", [{"status": 500}, {"drop": True}, {}])
def test_a_credential_is_deleted_whatever_its_service_says(jackfield, service, fault):
    """Whoever deletes it must not depend on others; how that went is written down."""
    made = jackfield.manage.credentials.add("acme", mode="token", values=pasted(service))
    if fault:
        service.faults.always("revoke", **fault)
    jackfield.manage.credentials.delete(made.id)
    told = [entry.details for entry in jackfield.manage.audit.list().items if entry.action == "credential.revoke"]

    assert jackfield.manage.credentials.list() == []
    assert [each["atService"] for each in told] == ["failed" if fault else "revoked"]


def test_an_app_of_ones_own_waits_for_its_person(jackfield, service):
    """I12: `own`. It is connected by signing in with it."""
    made = jackfield.manage.credentials.add("acme", mode="own", values=app_of(service))

    assert (made.status, made.code) == ("needs_reauthorization", "not-connected")
    assert code(jackfield.connector, "acme", "me", {}) == "reauthorization-needed"


def test_connectors_tell_in_lists_whether_somebody_has_to_sign_in(jackfield, service):
    """UI.md: status and repair in one list."""
    connectors = jackfield.manage.connectors
    before = connectors.get("acme").credential
    made = jackfield.manage.credentials.add("acme", mode="token", values=pasted(service))
    after = [each.credential for each in connectors.list(type="acme")]
    jackfield.manage.credentials.revoke(made.id)
    shown = connectors.get("acme")
    sent_back = connectors.update("acme", {"credential": shown.credential, "description": "x"})

    assert (before, after, shown.credential) == ("missing", ["connected"], "needs_reauthorization")
    assert sent_back.description == "x"


def test_each_credential_has_a_client_of_its_own(jackfield, service):
    """Client credentials: two customers of one connector get tokens each for themselves."""
    jackfield.manage.connectors.delete("acme")
    jackfield.manage.connectors.create({**body_of(service, grant="client_credentials"), "name": "clients"})
    for name in ("one", "two"):
        service.register_client(name, secret=f"{name}-0123456789", grants=["client_credentials"])
        values = {"clientId": name, "client_secret": f"{name}-0123456789"}
        made = jackfield.manage.credentials.add("clients", name=name, values=values)
        assert (made.status, made.refreshed) == ("connected", None)
        assert jackfield.connector("clients", "me", {}, credential_id=name).success
        assert jackfield.connector("clients", "me", {}, credential_id=name).success

    assert [exchange.client for exchange in service.log()] == ["one", "two"]
    assert all(each.status == "connected" and each.refreshed for each in jackfield.manage.credentials.list())


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"mode": "values", "values": {"accessToken": "a"}}, "/values/accessToken"),
        ({"mode": "token", "values": {"refreshToken": "a"}}, "/values/accessToken"),
        ({"mode": "token", "values": {"accessToken": "a\nb"}}, "/values/accessToken"),
        ({"mode": "token", "values": {"accessToken": "a", "expiresIn": -1}}, "/values/expiresIn"),
        ({"mode": "token", "values": {"accessToken": "a", "expiresIn": True}}, "/values/expiresIn"),
        ({"mode": "platform"}, "/mode"),
        ({"visibility": "odd"}, "/visibility"),
        ({"name": " "}, "/name"),
        ({"end_user": "a\nb"}, "/endUser"),
        ({"values": {"clientSecret": "********"}}, "/values/clientSecret"),
        ({"values": {"clientSecret": {"secret": "KEY"}}}, "/values/clientSecret"),
        ({"values": {"clientId": "a", "client_id": "b"}}, "/values/client_id"),
        ({"values": {"x": 1}}, "/values/x"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(jackfield, given, pointer):
    """All at once, and never with the value."""
    with pytest.raises(JackfieldError) as caught:
        jackfield.manage.credentials.add("acme", **given)

    assert caught.value.code == "invalid-params"
    assert pointer in [fault["pointer"] for fault in caught.value.details["errors"]]
    assert jackfield.manage.credentials.list() == []


def test_no_token_is_in_any_answer_or_file(jackfield, service, tmp_path, caplog):
    """H12: whatever is looked at."""
    caplog.set_level("DEBUG")
    made = jackfield.manage.credentials.add("acme", mode="token", values=pasted(service))
    said = [made, jackfield.connector("acme", "me", {}, options={"trace": True, "debug": True}).to_json()]
    service.expire_access_tokens()
    said += [jackfield.connector("acme", "me", {}).to_json(), jackfield.manage.credentials.test(made.id)]
    said += [jackfield.manage.credentials.refresh(made.id), jackfield.manage.credentials.revoke(made.id)]
    said += [jackfield.manage.audit.list().items, jackfield.manage.executions.list().items, caplog.text]
    secrets = [secret for secret in service.secrets() if len(secret) > 8]

    assert not [secret for secret in secrets if secret in repr(said)]
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert not [secret for secret in secrets if any(secret.encode() in content for content in files)]
