"""The pages that people see. They need no JavaScript."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from jackfield.testing.oauth.exchange import Answer
from jackfield.testing.oauth.parties import Account

_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>
<style>body{{font:1rem/1.5 sans-serif;max-width:28rem;margin:2rem auto;padding:0 1rem}}label{{display:block}}</style>
</head>
<body><main><h1>{title}</h1>
{content}
</main></body>
</html>
"""
_BUTTONS = (
    '<p><button name="decision" value="allow">Allow</button> <button name="decision" value="deny">Deny</button></p>'
)


def page(title: str, content: str, *, status: int = 200) -> Answer:
    """A page; `content` is HTML, `title` is text."""
    text = _PAGE.format(title=escape(title), content=content)
    # Nobody may lay these pages under another: RFC 9700, section 4.16.
    headers = {"Cache-Control": "no-store", "X-Frame-Options": "DENY"}
    return Answer(status=status, text=text, content_type="text/html", headers=headers)


def notice(title: str, text: str, *, status: int = 200) -> Answer:
    """A page that says one thing."""
    return page(title, f"<p>{escape(text)}</p>", status=status)


def consent_page(
    *, action: str, request: str, client: str, accounts: Sequence[Account], chosen: str, scopes: Sequence[str]
) -> Answer:
    """The page that asks who signs in, and whether the client may have what it asks for."""
    boxes = "".join(
        f'<label><input type="checkbox" name="scope" value="{escape(scope)}" checked> {escape(scope)}</label>'
        for scope in scopes
    )
    content = f"""<form method="post" action="{escape(action)}">
<input type="hidden" name="request" value="{escape(request)}">
<fieldset><legend>Account</legend>{_choice(accounts, chosen)}</fieldset>
<p>{escape(client)} wants to use this account.</p>
<fieldset><legend>Access</legend>{boxes or "<p>No scope was asked for.</p>"}</fieldset>
{_BUTTONS}
</form>"""
    return page("Sign in", content)


def device_page(*, action: str, user_code: str, accounts: Sequence[Account]) -> Answer:
    """The page where a person types the code that a device shows."""
    content = f"""<form method="post" action="{escape(action)}">
<label>Code <input name="user_code" value="{escape(user_code)}" autocomplete="off" required></label>
<fieldset><legend>Account</legend>{_choice(accounts, accounts[0].id)}</fieldset>
{_BUTTONS}
</form>"""
    return page("Connect a device", content)


def _choice(accounts: Sequence[Account], chosen: str) -> str:
    return "".join(
        f'<label><input type="radio" name="account" value="{escape(account.id)}"'
        f"{' checked' if account.id == chosen else ''}> {escape(account.name)} ({escape(account.email)})</label>"
        for account in accounts
    )
