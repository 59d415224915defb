"""A small service that takes the tokens.

Source: RFC 6750.
"""

from __future__ import annotations

from typing import Any

from jackfield.testing.oauth.authority import Authority
from jackfield.testing.oauth.exchange import Answer, Asked
from jackfield.testing.oauth.tokens import Token

ITEMS = 25


def api(authority: Authority, asked: Asked) -> Answer:
    """`GET /api/me`, `GET /api/items?page=N` and `POST /api/write`, which needs the scope `write`."""
    text = asked.credentials("bearer")
    found = None if text is None else authority.tokens.access.get(text)
    label = "unknown" if found is None else found.label
    trouble = "unknown" if found is None else found.trouble(authority.clock.now())
    if found is None or trouble is not None:
        authority.journal.called(label, "refused")
        return _refusal(authority, text, str(trouble))
    answer = _answer(authority, asked, found)
    authority.journal.called(label, "ok" if answer.status < 400 else "refused")
    return answer


def _refusal(authority: Authority, text: str | None, trouble: str) -> Answer:
    if text is None:
        # Who brings no token at all hears no error: RFC 6750, section 3.1.
        return Answer(status=401, body={"error": "no token"}, headers={"WWW-Authenticate": 'Bearer realm="fake"'})
    if authority.rules.api_refusal == "body":
        return Answer(body={"ok": False, "error": "token_expired"})
    body = {"error": "invalid_token", "error_description": f"the access token is no good: {trouble}"}
    challenge = 'Bearer realm="fake", error="invalid_token", error_description="the access token is no good"'
    return Answer(status=int(authority.rules.api_refusal), body=body, headers={"WWW-Authenticate": challenge})


def _answer(authority: Authority, asked: Asked, token: Token) -> Answer:
    name = asked.path.rsplit("/", 1)[-1]
    if name == "me":
        return Answer(body=_person(authority, token))
    if name == "items":
        page = dict(asked.query).get("page", "1")
        first = (int(page) - 1) * 10 if page.isdecimal() else 0
        items = [{"id": number + 1} for number in range(ITEMS)][first : first + 10]
        return Answer(body={"items": items, "total": ITEMS})
    if name == "write" and asked.method == "POST":
        if "write" in token.scopes:
            return Answer(status=201, body={"written": True})
        challenge = 'Bearer realm="fake", error="insufficient_scope", scope="write"'
        return Answer(status=403, body={"error": "insufficient_scope"}, headers={"WWW-Authenticate": challenge})
    return Answer(status=404, body={"error": "there is nothing here"})


def _person(authority: Authority, token: Token) -> dict[str, Any]:
    account = authority.accounts.get(token.family.account or "")
    named = {} if account is None else {"name": account.name, "email": account.email}
    return {"id": token.family.account, "client": token.family.client, "scopes": list(token.scopes), **named}
