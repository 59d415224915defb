"""What is shown of credentials. Clients of a server have it without a database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from jackfield.manage.secret_views import Visibility

CredentialMode = Literal["values", "token", "platform", "own"]
CredentialStatus = Literal["connected", "expiring", "needs_reauthorization", "error"]


@dataclass(frozen=True, kw_only=True)
class CredentialInfo:
    """All that is shown of a credential.

    Attributes:
        connector: `namespace/name`; empty where this process has no such connector any more.
        mode: What is typed in (`values`), a token that was pasted (`token`), an account that was connected with the
            installation's app (`platform`), or with an app of one's own (`own`).
        owner: Id of the user whose private credential it is; empty for a shared one.
        author: Id of the user that has put its values.
        author_name: The user's name as it is now.
        is_default: Calls that name none use it: the caller's own default before the shared one.
        end_user: Whose account it is, as whoever asked for it calls them.
        account: What the service calls the account.
        status: Whether it can be used, as far as is known without asking the service.
        code: Why not, for programs; empty where it can.
        reason: The same in words.
        values: A mask in place of each secret.
        scopes_granted: `None` where the service did not say, which means what was asked for.
        expires: When the access token ends, in microseconds since 1970; `None` where nobody knows.
        refreshed: When the access token was got, in microseconds since 1970.
        refreshable: There is a way to a new token without a person.
        used, tested: Microseconds since 1970.
        test_result: How its last test went: `{success, latencyMs, testedAt, code?, error?}`.
        created, updated: Microseconds since 1970.
        revision: Raised by every change.
    """

    id: str
    connector: str
    connector_id: str
    name: str
    mode: CredentialMode
    visibility: Visibility
    owner: str
    author: str
    author_name: str
    is_default: bool
    end_user: str
    account: str
    status: CredentialStatus
    code: str
    reason: str
    values: Mapping[str, Any] = field(repr=False)
    scopes_asked: Sequence[str]
    scopes_granted: Sequence[str] | None
    expires: int | None
    refreshed: int | None
    refreshable: bool
    used: int | None
    tested: int | None
    test_result: Mapping[str, Any] | None
    created: int
    updated: int
    revision: int


@dataclass(frozen=True, kw_only=True)
class CredentialState:
    """Whether a credential can be used.

    Attributes:
        code: Why not, for programs; empty where it can.
        reason: The same in words.
        expires: When the access token ends, in microseconds since 1970; `None` where nobody knows.
        refreshable: There is a way to a new token without a person.
    """

    status: CredentialStatus
    code: str
    reason: str
    expires: int | None
    refreshable: bool
