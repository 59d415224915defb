"""Signing in at the fake OAuth server goes as the specifications say, and no further."""

from __future__ import annotations

import pytest
from authlib.integrations.httpx_client import AsyncOAuth2Client
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import KeySet

from jackfield.testing import FakeOAuth
from oauth_client import (
    BACK,
    VERIFIER,
    address,
    browser,
    call,
    challenge,
    code,
    get,
    post,
    query,
    redeem,
    refresh,
    token,
)


async def test_authlibs_client_signs_in_calls_and_renews(oauth):
    """Somebody else's client is the judge of what is written here."""
    client = AsyncOAuth2Client(
        oauth.client_id, oauth.client_secret, redirect_uri=BACK, scope="read", code_challenge_method="S256"
    )
    async with client:
        client.metadata["token_endpoint"] = oauth.token_url
        where, state = client.create_authorization_url(oauth.authorization_url, code_verifier=VERIFIER)
        back = oauth.sign_in(where, account="grace")
        first = await client.fetch_token(
            oauth.token_url, authorization_response=back, state=state, code_verifier=VERIFIER
        )
        person = (await client.get(f"{oauth.api_url}/me")).json()
        second = await client.refresh_token(oauth.token_url)

    assert create_s256_code_challenge(VERIFIER) == challenge()
    assert person["name"] == "Grace Hopper"
    assert first["access_token"] != second["access_token"]
    assert oauth.counts().exchanges == {"authorization_code": {"ok": 1}, "refresh_token": {"ok": 1}}


def test_a_person_is_asked_on_a_page_without_scripts(oauth):
    page = get(address(oauth))

    assert page.status_code == 200
    assert "<script" not in page.text
    assert page.headers["x-frame-options"] == "DENY"
    for shown in ("Ada Lovelace", "Grace Hopper", ">Allow<", ">Deny<", 'value="read"', oauth.client_id):
        assert shown in page.text


def test_who_has_chosen_an_account_is_not_asked_for_it_again_unless_the_client_says_so(oauth):
    with browser() as person:
        page = person.get(address(oauth)).text
        number = page.split('name="request" value="')[1].split('"')[0]
        answered = {"request": number, "decision": "allow", "account": "grace"}
        person.post(oauth.authorization_url, data=answered)
        again, choice = person.get(address(oauth)).text, person.get(address(oauth, prompt="select_account")).text
        silent = person.get(address(oauth, prompt="none"))

    assert "Ada Lovelace" not in again
    assert "Ada Lovelace" in choice
    assert "code" in query(silent.headers["location"])


def test_the_answer_has_the_state_and_names_the_issuer(oauth):
    """RFC 9207: a client that uses several servers can tell them apart."""
    told = query(oauth.sign_in(address(oauth, state="a b&c")))
    oauth.change(names_issuer=False)

    assert told["state"] == "a b&c"
    assert told["iss"] == oauth.issuer
    assert "iss" not in query(oauth.sign_in(address(oauth)))


def test_a_person_may_say_no_or_yes_to_less(oauth):
    denied = query(oauth.sign_in(address(oauth), allow=False))
    less = query(oauth.sign_in(address(oauth), scopes=["read"]))

    assert denied["error"] == "access_denied"
    assert denied["state"] == "s"
    assert redeem(oauth, less["code"]).json()["scope"] == "read"


def test_a_page_is_answered_once(oauth):
    number = get(address(oauth)).text.split('name="request" value="')[1].split('"')[0]
    answers = [
        post(oauth.authorization_url, request=number, decision="allow", account="ada").status_code for _ in range(2)
    ]

    assert answers == [303, 400]


def test_nobody_is_asked_where_the_answer_is_known(oauth):
    oauth.change(consent="allow", account="grace")
    allowed = query(get(address(oauth)).headers["location"])
    oauth.change(consent="deny")
    denied = query(get(address(oauth)).headers["location"])

    assert redeem(oauth, allowed["code"]).status_code == 200
    assert denied["error"] == "access_denied"


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "http://127.0.0.1:9/callback/"},
        {"redirect_uri": "http://127.0.0.1:9/callback?x=1"},
        {"redirect_uri": "http://127.0.0.1:9/CALLBACK"},
        {"redirect_uri": "https://evil.example/callback"},
        {"client_id": "nobody"},
        {"client_id": None},
    ],
)
def test_nobody_is_sent_to_an_address_that_is_not_registered(oauth, changes):
    """RFC 9700, section 4.11: an error is shown, and not sent to wherever the request says."""
    page = get(address(oauth, **changes))

    assert page.status_code == 400
    assert "location" not in page.headers


def test_a_parameter_that_comes_twice_is_refused(oauth):
    page = get(address(oauth) + "&redirect_uri=https%3A%2F%2Fevil.example%2F")

    assert page.status_code == 400


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"prompt": "none"}, "login_required"),
    ],
)
def test_other_mistakes_go_back_to_the_client(oauth, changes, error):
    told = query(get(address(oauth, **changes)).headers["location"])

    assert (told["error"], told["state"]) == (error, "s")


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": None},
        {"code_verifier": "w" * 43},
        {"code_verifier": "short"},
        {"redirect_uri": None},
        {"redirect_uri": "http://127.0.0.1:9/other"},
        {"code": "code-of-nobody"},
    ],
)
def test_a_code_is_bound_to_its_verifier_and_its_way_back(oauth, changes):
    answer = redeem(oauth, changes.pop("code", None) or code(oauth), **changes)

    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_grant"


def test_a_verifier_without_a_challenge_before_it_is_a_downgrade(oauth):
    """RFC 9700, section 4.8.2: somebody has taken the challenge out of the request."""
    oauth.change(needs_pkce=False)
    stripped = {"code_challenge": None, "code_challenge_method": None}

    assert redeem(oauth, code(oauth, **stripped)).json()["error"] == "invalid_grant"
    assert redeem(oauth, code(oauth, **stripped), code_verifier=None).status_code == 200


def test_a_code_that_comes_twice_ends_what_it_gave(oauth):
    """RFC 6749, section 4.1.2: one of the two was a thief."""
    used = code(oauth)
    given = redeem(oauth, used).json()
    again = redeem(oauth, used)

    assert again.json()["error"] == "invalid_grant"
    assert call(oauth, given["access_token"]).status_code == 401
    assert refresh(oauth, given["refresh_token"]).json()["error"] == "invalid_grant"
    assert oauth.counts().revoked == 1
    assert oauth.counts().lost == 0


def test_a_code_is_bound_to_its_client_and_its_time(oauth):
    oauth.register_client("other", secret="other-secret", redirect_uris=[BACK])
    stolen, late = code(oauth), code(oauth)
    params = {"grant_type": "authorization_code", "redirect_uri": BACK, "code_verifier": VERIFIER}
    answer = post(oauth.token_url, auth=("other", "other-secret"), code=stolen, **params)
    mine = token(oauth, code=stolen, **params)
    oauth.clock.advance(61)

    assert answer.json()["error"] == "invalid_grant"
    assert mine.status_code == 200
    assert redeem(oauth, late).json()["error"] == "invalid_grant"


def test_a_refresh_token_may_have_to_be_asked_for(oauth):
    oauth.change(gives_refresh="asked")

    assert "refresh_token" not in redeem(oauth, code(oauth)).json()
    assert "refresh_token" in redeem(oauth, code(oauth, scope="read offline_access")).json()
    assert "refresh_token" in redeem(oauth, code(oauth, access_type="offline")).json()


def test_an_identity_is_signed_with_the_published_key(oauth):
    given = redeem(oauth, code(oauth, scope="openid")).json()
    keys = KeySet.import_key_set(get(f"{oauth.issuer}/jwks").json())
    claims = jwt.decode(given["id_token"], keys, algorithms=["ES256"]).claims

    assert (claims["iss"], claims["sub"], claims["aud"]) == (oauth.issuer, "ada", oauth.client_id)


@pytest.mark.parametrize("path", ["", "/tenants/a"])
def test_metadata_lie_where_both_specifications_look(path):
    """RFC 8414 puts the path of an issuer behind the well-known name, OpenID Connect before it."""
    with FakeOAuth(path=path) as server:
        told = [
            get(f"{server.url}/.well-known/oauth-authorization-server{path}").json(),
            get(f"{server.url}{path}/.well-known/openid-configuration").json(),
        ]
        server.change(discoverable=False)
        hidden = get(f"{server.url}/.well-known/oauth-authorization-server{path}").status_code

    assert told[0] == told[1]
    assert told[0]["issuer"] == server.url + path
    assert told[0]["token_endpoint"] == server.token_url
    assert told[0]["code_challenge_methods_supported"] == ["S256"]
    assert hidden == 404
