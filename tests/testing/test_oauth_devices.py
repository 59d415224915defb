"""A device without a browser is connected at the fake OAuth server as RFC 8628 says."""

from __future__ import annotations

import pytest

from oauth_client import call, get, post, token

GRANT = "urn:ietf:params:oauth:grant-type:device_code"


def begin(oauth):
    return post(oauth.device_url, auth=(oauth.client_id, oauth.client_secret), scope="read").json()


def poll(oauth, started):
    return token(oauth, grant_type=GRANT, device_code=started["device_code"])


def test_a_device_waits_for_its_person_and_is_connected_once(oauth):
    oauth.change(device_interval_s=0)
    started = begin(oauth)
    waiting = poll(oauth, started)
    oauth.approve_device(started["user_code"], account="grace")
    given = poll(oauth, started)
    again = poll(oauth, started)

    assert waiting.json()["error"] == "authorization_pending"
    assert call(oauth, given.json()["access_token"]).json()["id"] == "grace"
    assert "refresh_token" in given.json()
    assert again.json()["error"] == "invalid_grant"


def test_a_person_types_the_code_on_a_page(oauth):
    """In any case, and without the hyphen."""
    started = begin(oauth)
    page = get(started["verification_uri_complete"])
    typed = started["user_code"].lower().replace("-", "")
    done = post(started["verification_uri"], user_code=typed, account="ada", decision="allow")
    wrong = post(started["verification_uri"], user_code="BBBB-BBBB", account="ada", decision="allow")

    assert f'value="{started["user_code"]}"' in page.text
    assert "You can go back to your device." in done.text
    assert poll(oauth, started).status_code == 200
    assert wrong.status_code == 400


def test_a_person_may_say_no(oauth):
    oauth.change(device_interval_s=0)
    first, second = begin(oauth), begin(oauth)
    oauth.deny_device(first["user_code"])
    post(second["verification_uri"], user_code=second["user_code"], account="ada", decision="deny")

    assert poll(oauth, first).json()["error"] == "access_denied"
    assert poll(oauth, second).json()["error"] == "access_denied"


def test_who_asks_too_often_is_slowed_down(oauth):
    """RFC 8628, section 3.5: five seconds more, from then on."""
    oauth.clock.stop()
    started = begin(oauth)
    poll(oauth, started)
    oauth.clock.advance(4)
    hasty = poll(oauth, started)
    oauth.clock.advance(9)
    still = poll(oauth, started)
    oauth.clock.advance(15)

    assert hasty.json()["error"] == "slow_down"
    assert still.json()["error"] == "slow_down"
    assert poll(oauth, started).json()["error"] == "authorization_pending"


def test_a_code_ends(oauth):
    started = begin(oauth)
    oauth.clock.advance(601)

    assert poll(oauth, started).json()["error"] == "expired_token"
    with pytest.raises(ValueError, match="unknown, or over"):
        oauth.approve_device(started["user_code"])


def test_a_device_code_is_bound_to_its_client(oauth):
    oauth.register_client("other", secret="other-secret")
    started = begin(oauth)
    oauth.approve_device(started["user_code"])
    theirs = post(oauth.token_url, auth=("other", "other-secret"), grant_type=GRANT, device_code=started["device_code"])

    assert theirs.json()["error"] == "invalid_grant"
    assert poll(oauth, started).status_code == 200


def test_only_clients_begin(oauth):
    assert post(oauth.device_url, auth=(oauth.client_id, "wrong"), scope="read").status_code == 401
