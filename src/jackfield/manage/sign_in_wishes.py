"""What somebody asks for who wants to connect an account, checked before anybody is sent anywhere."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from jackfield.definition.errors import InvalidParams
from jackfield.definition.faults import Fault
from jackfield.definition.secret import Secret

Visibility = Literal["shared", "private"]
Mode = Literal["platform", "own"]

MAX_NAME = 120
MAX_SCOPES = 100
MAX_TEXT = 2_000
_SCOPE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]{1,300}")  # RFC 6749, section 3.3
# Nothing but a path below the pages of this server: `//`, a backslash and a scheme would each lead elsewhere.
_OWN_PATH = re.compile(r"/ui(?:/[A-Za-z0-9._~!$&'()*+,;=:@%-]+)*/?(?:\?[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?")


@dataclass(frozen=True, kw_only=True)
class Wish:
    """One account that is to be connected.

    Attributes:
        connector: Its name, or its id.
        credential: Id of the one to connect again; empty for a new one.
        name: Of a new one; empty to call it as the service calls the account.
        is_default: `None` where it becomes the default if there is no other.
        end_user: Whose account it is, as whoever asks calls them.
        mode: With whose app; `None` for the one that is found.
        client_id, client_secret: Of an app of one's own.
        scopes: Beside those of the type.
        switch_account: Let the person choose another account than the last one.
        return_to: The page of this server to go back to.
        return_url: The page elsewhere; only of connect links, which check it.
    """

    connector: str
    credential: str = ""
    name: str = ""
    visibility: Visibility = "shared"
    is_default: bool | None = None
    end_user: str = ""
    mode: Mode | None = None
    client_id: str = ""
    client_secret: Secret | None = field(default=None, repr=False)
    scopes: Sequence[str] = ()
    switch_account: bool = False
    return_to: str = ""
    return_url: str = ""

    def to_json(self) -> dict[str, Any]:
        """All but the secret, as it is kept."""
        said = {each.name: getattr(self, each.name) for each in dataclasses.fields(self)}
        return {name: value for name, value in said.items() if name != "client_secret" and value not in ("", None, ())}


def wish_of(kept: Mapping[str, Any], *, client_secret: Secret | None = None) -> Wish:
    """The wish that `to_json` made `kept` of; what else stands there is left alone."""
    known = {each.name for each in dataclasses.fields(Wish)}
    return Wish(**{name: value for name, value in kept.items() if name in known}, client_secret=client_secret)


def check_wish(wish: Wish) -> None:
    """Do nothing if it can be fulfilled, as far as it says itself.

    Raises:
        InvalidParams: It cannot.
    """
    if faults := [Fault(pointer=f"/{at}", message=problem) for at, problem in _problems(wish) if problem]:
        raise InvalidParams(faults=faults, where="the sign-in", hint="`/docs` shows what a sign-in takes")


def is_own_path(path: str) -> bool:
    """Whether `path` leads to a page of this server, and nowhere else."""
    return len(path) <= MAX_TEXT and _OWN_PATH.fullmatch(path) is not None and ".." not in path.partition("?")[0]


def _problems(wish: Wish) -> list[tuple[str, str]]:
    secret = wish.client_secret.reveal() if wish.client_secret else ""
    scopes = wish.scopes
    fitting = len(scopes) <= MAX_SCOPES and all(_SCOPE.fullmatch(scope) for scope in scopes)
    return [
        ("name", _line(wish.name, MAX_NAME)),
        ("endUser", _line(wish.end_user, MAX_NAME)),
        ("visibility", "" if wish.visibility in {"shared", "private"} else "must be `shared` or `private`"),
        ("mode", "" if wish.mode in {None, "platform", "own"} else "must be `platform` or `own`"),
        ("mode", "is `platform`, and there is a `clientId`" if wish.mode == "platform" and wish.client_id else ""),
        ("clientId", _line(wish.client_id, MAX_TEXT)),
        ("clientId", "is required beside a `clientSecret`" if secret and not wish.client_id else ""),
        ("clientSecret", _line(secret, MAX_TEXT) if secret else ""),
        ("scopes", "" if fitting else f"must be at most {MAX_SCOPES} scopes without blanks"),
        ("returnTo", "" if not wish.return_to or is_own_path(wish.return_to) else "must be a path below `/ui/`"),
    ]


def _line(text: str, most: int) -> str:
    if len(text) > most or not text.isprintable() or text != text.strip():
        return f"must be one line of at most {most} characters, without blanks around it"
    return ""
