"""Tokens of the fake OAuth server live, rotate and end as a real server's, and all of it is counted."""

from __future__ import annotations

import pytest

from oauth_client import call, post, refresh, token


def test_each_refresh_gives_a_new_generation(oauth):
    given = oauth.grant(scopes=["read", "write"])
    for _ in range(3):
        given = refresh(oauth, given["refresh_token"]).json()
    log = oauth.log()

    assert [(entry.family, entry.generation, entry.given) for entry in log] == [
        ("f1", 1, 2),
        ("f1", 2, 3),
        ("f1", 3, 4),
    ]
    assert {entry.outcome for entry in log} == {"ok"}
    assert call(oauth, given["access_token"]).json()["scopes"] == ["read", "write"]


def test_a_refresh_token_that_is_used_twice_ends_the_grant(oauth):
    """RFC 9700, section 4.14.2."""
    given = oauth.grant()
    second = refresh(oauth, given["refresh_token"]).json()
    reused = refresh(oauth, given["refresh_token"])

    assert (reused.status_code, reused.json()["error"]) == (400, "invalid_grant")
    assert call(oauth, second["access_token"]).status_code == 401
    assert refresh(oauth, second["refresh_token"]).json()["error"] == "invalid_grant"
    counts = oauth.counts()
    assert (counts.reuses, counts.lost, counts.revoked) == (1, 1, 0)
    assert counts.exchanges == {"refresh_token": {"ok": 1, "invalid_grant": 2}}


def test_within_the_grace_the_same_answer_comes_again(oauth):
    """As Okta and Auth0 do, for clients whose connection broke."""
    oauth.clock.stop()
    oauth.change(grace_s=30)
    given = oauth.grant()
    second = refresh(oauth, given["refresh_token"]).json()
    oauth.clock.advance(30)
    again = refresh(oauth, given["refresh_token"]).json()
    oauth.clock.advance(1)
    late = refresh(oauth, given["refresh_token"])

    assert again == second | {"expires_in": second["expires_in"] - 30}
    assert late.json()["error"] == "invalid_grant"
    counts = oauth.counts()
    assert (counts.repeats, counts.reuses, counts.lost) == (1, 1, 1)
    assert counts.exchanged("refresh_token") == 1


def test_a_server_without_rotation_takes_the_same_token_again(oauth):
    oauth.change(rotates=False)
    given = oauth.grant()
    answers = [refresh(oauth, given["refresh_token"]).json() for _ in range(2)]

    assert all("refresh_token" not in answer for answer in answers)
    assert answers[0]["access_token"] != answers[1]["access_token"]


def test_reuse_can_be_forgiven(oauth):
    oauth.change(reuse_revokes=False)
    given = oauth.grant()
    second = refresh(oauth, given["refresh_token"]).json()
    refused = refresh(oauth, given["refresh_token"])

    assert refused.json()["error"] == "invalid_grant"
    assert refresh(oauth, second["refresh_token"]).status_code == 200
    assert (oauth.counts().reuses, oauth.counts().lost) == (1, 0)


def test_somebody_elses_refresh_token_is_refused_and_not_ended(oauth):
    oauth.register_client("other", secret="other-secret")
    given = oauth.grant()
    stolen = {"grant_type": "refresh_token", "refresh_token": given["refresh_token"]}
    answer = post(oauth.token_url, auth=("other", "other-secret"), **stolen)

    assert answer.json()["error"] == "invalid_grant"
    assert refresh(oauth, given["refresh_token"]).status_code == 200


def test_a_refresh_may_ask_for_less_and_not_for_more(oauth):
    given = oauth.grant(scopes=["read", "write"])
    more = refresh(oauth, given["refresh_token"], scope="read admin")
    less = refresh(oauth, given["refresh_token"], scope="read").json()
    whole = refresh(oauth, less["refresh_token"]).json()

    assert more.json()["error"] == "invalid_scope"
    assert less["scope"] == "read"
    assert whole["scope"] == "read write"


def test_time_ends_tokens(oauth):
    oauth.change(refresh_lifetime_s=7200)
    given = oauth.grant()
    oauth.clock.advance(3599)
    before = call(oauth, given["access_token"]).status_code
    oauth.clock.advance(2)
    after = call(oauth, given["access_token"]).status_code
    oauth.clock.advance(3600)

    assert (before, after) == (200, 401)
    assert refresh(oauth, given["refresh_token"]).json()["error"] == "invalid_grant"


def test_access_tokens_can_be_ended_at_once_while_grants_live_on(oauth):
    given, other = oauth.grant(), oauth.grant(account="grace")
    ended = oauth.expire_access_tokens()
    refused = call(oauth, given["access_token"])
    renewed = refresh(oauth, given["refresh_token"]).json()

    assert ended == 2
    assert refused.status_code == 401
    assert 'error="invalid_token"' in refused.headers["www-authenticate"]
    assert call(oauth, renewed["access_token"]).status_code == 200
    assert oauth.counts().api_by_token == {"f1.1": {"refused": 1}, "f1.2": {"ok": 1}}
    assert call(oauth, other["access_token"]).status_code == 401


@pytest.mark.parametrize("how", ["family", "account", "all"])
def test_a_person_can_take_a_grant_back(oauth, how):
    mine, other = oauth.grant(account="grace"), oauth.grant()
    {
        "family": lambda: oauth.revoke_family("f1"),
        "account": lambda: oauth.revoke_account("grace"),
        "all": oauth.revoke_all,
    }[how]()

    assert refresh(oauth, mine["refresh_token"]).json()["error"] == "invalid_grant"
    assert call(oauth, mine["access_token"]).status_code == 401
    assert call(oauth, other["access_token"]).status_code == (401 if how == "all" else 200)
    assert oauth.counts().lost == 0


def test_the_log_says_what_was_left_of_the_old_token(oauth):
    """So that a test can tell a refresh before the expiry from one after it."""
    oauth.clock.stop()
    given = oauth.grant()
    oauth.clock.advance(3500)
    early = refresh(oauth, given["refresh_token"]).json()
    oauth.expire_access_tokens()
    refresh(oauth, early["refresh_token"])

    assert [round(entry.remaining_s) for entry in oauth.log()] == [100, 0]


def test_a_refresh_can_end_the_access_token_before_it(oauth):
    oauth.change(ends_old_access=True)
    given = oauth.grant()
    renewed = refresh(oauth, given["refresh_token"]).json()

    assert call(oauth, given["access_token"]).status_code == 401
    assert call(oauth, renewed["access_token"]).status_code == 200


def test_revoking_a_refresh_token_ends_its_grant_and_an_access_token_only_itself(oauth):
    """RFC 7009, section 2.1; and who asks for something unknown hears nothing of it."""
    mine = (oauth.client_id, oauth.client_secret)
    first, second = oauth.grant(), oauth.grant()
    post(oauth.revocation_url, auth=mine, token=first["refresh_token"])
    post(oauth.revocation_url, auth=mine, token=second["access_token"])
    unknown = post(oauth.revocation_url, auth=mine, token="nothing")

    assert unknown.status_code == 200
    assert call(oauth, first["access_token"]).status_code == 401
    assert refresh(oauth, first["refresh_token"]).json()["error"] == "invalid_grant"
    assert call(oauth, second["access_token"]).status_code == 401
    assert refresh(oauth, second["refresh_token"]).status_code == 200


def test_nobody_revokes_the_token_of_another_client(oauth):
    oauth.register_client("other", secret="other-secret")
    given = oauth.grant()
    post(oauth.revocation_url, auth=("other", "other-secret"), token=given["refresh_token"])
    stranger = post(oauth.revocation_url, auth=("other", "wrong"), token=given["refresh_token"])

    assert stranger.status_code == 401
    assert refresh(oauth, given["refresh_token"]).status_code == 200


def test_introspection_tells_good_tokens_from_others(oauth):
    mine = (oauth.client_id, oauth.client_secret)
    given = oauth.grant(scopes=["read"])
    good = post(oauth.introspection_url, auth=mine, token=given["access_token"]).json()
    oauth.revoke_all()
    bad = post(oauth.introspection_url, auth=mine, token=given["access_token"]).json()

    assert good["active"] is True
    assert (good["sub"], good["scope"], good["client_id"]) == ("ada", "read", oauth.client_id)
    assert bad == {"active": False}


def test_a_client_gets_tokens_for_itself_without_a_refresh_token(oauth):
    given = token(oauth, grant_type="client_credentials", scope="read").json()

    assert "refresh_token" not in given
    assert call(oauth, given["access_token"]).json() == {
        "id": None,
        "client": oauth.client_id,
        "scopes": ["read"],
    }


def test_the_api_pages_writes_and_refuses(oauth):
    reads, writes = oauth.grant(scopes=["read"])["access_token"], oauth.grant(scopes=["write"])["access_token"]
    pages = [len(call(oauth, reads, f"items?page={number}").json()["items"]) for number in (1, 2, 3, 4)]
    refused = call(oauth, reads, "write", "POST")

    assert pages == [10, 10, 5, 0]
    assert refused.status_code == 403
    assert 'error="insufficient_scope"' in refused.headers["www-authenticate"]
    assert call(oauth, writes, "write", "POST").status_code == 201
    assert call(oauth, reads, "nothing").status_code == 404
    assert call(oauth, "nonsense").status_code == 401


@pytest.mark.parametrize(("refusal", "status"), [("401", 401), ("403", 403), ("body", 200)])
def test_the_api_can_refuse_in_the_ways_of_other_services(oauth, refusal, status):
    oauth.change(api_refusal=refusal)
    given = oauth.grant()
    oauth.expire_access_tokens()
    answer = call(oauth, given["access_token"])

    assert answer.status_code == status
    assert answer.json()["error"] in {"invalid_token", "token_expired"}
    assert oauth.counts().api == {"refused": 1}
