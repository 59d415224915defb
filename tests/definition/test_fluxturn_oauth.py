"""People sign in where a definition of FluxTurn's says."""

from __future__ import annotations

import pytest

from definition.test_fluxturn import FIELDS, notes, read
from registry.fluxturn import acme, action

OAUTH = {
    "authorization_url": "https://{{team}}.acme.com/authorize",
    "token_url": "https://acme.com/token",
    "scopes": "read, write",
    "refresh_window": 5,
}
SIGNED_IN = {
    "type": "oauth2",
    "authorizationUrl": "https://{team}.acme.com/authorize",
    "tokenUrl": "https://acme.com/token",
    "scopes": ["read", "write"],
    "field": "accessToken",
}
TEAM = {"key": "team", "type": "string", "required": True}


@pytest.mark.parametrize("kind", ["oauth2", "multiple"])
def test_people_sign_in_where_oauth_config_says(kind):
    """A token can be pasted instead, so none is required; nor is a client, which the installation may have."""
    fields = [TEAM, FIELDS["token"], {**FIELDS["client"], "key": "client_secret"}]
    definition = read(acme(auth_type=kind, auth_fields=fields, oauth_config=OAUTH))

    assert definition.auth == {**SIGNED_IN, "clientSecret": {"field": "client_secret"}}
    assert [f.name for f in definition.fields if f.required] == ["team"]
    assert definition.auth_required
    assert definition.source["imported"]["kept"]["oauth_config"] == {"refresh_window": 5}
    assert not notes(acme(auth_type="oauth2", auth_fields=fields, oauth_config=OAUTH))


def test_the_token_of_an_account_goes_where_the_actions_say():
    signed = action(api_headers={"X-Acme-Token": "tok {accessToken}"})
    document = acme(signed, auth_type="oauth2", auth_fields=[TEAM, FIELDS["token"]], oauth_config=OAUTH)

    assert read(document).auth == {**SIGNED_IN, "name": "X-Acme-Token", "prefix": "tok "}


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"token_url": "http://acme.com/token"}, "/oauth_config/tokenUrl"),
        ({"token_url": ""}, "/auth_type"),
        ({"token_url": "https://{nothing}.acme.com"}, "/oauth_config/tokenUrl"),
        ({"token_url": "https://{accessToken}.acme.com"}, "/oauth_config/tokenUrl"),
        ({"scopes": [7]}, "/oauth_config/scopes"),
    ],
)
def test_an_oauth_config_that_is_of_no_use_costs_only_signing_in(change, place):
    """A pasted token still signs; nothing goes to an address without TLS, and no secret into one."""
    document = acme(auth_type="oauth2", auth_fields=[TEAM, FIELDS["token"]], oauth_config={**OAUTH, **change})

    assert read(document).auth == {"type": "bearer", "field": "accessToken"}
    assert place in notes(document)
