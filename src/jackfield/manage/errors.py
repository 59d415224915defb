"""What cannot be shown or changed as it was asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from jackfield.definition.faults import Fault
from jackfield.definition.names import closest
from jackfield.errors import JackfieldError


class AnchorInvalid(JackfieldError):
    """What an audit log is to be compared with is no place in it."""

    code = "anchor-invalid"
    status = 422
    retry = "after_fix"

    def __init__(self, *, anchor: str) -> None:
        super().__init__(
            f"`{anchor[:100]}` is no place in an audit log",
            hint="give it as `verify` has printed it: the number of an entry, a colon, and its hash",
            anchor=anchor[:100],
        )


class UnknownUser(JackfieldError):
    """The tenant has no user of that name."""

    code = "unknown-user"
    status = 404
    retry = "after_fix"

    def __init__(self, *, user: str, known: Sequence[str] = ()) -> None:
        super().__init__(
            f"there is no user `{user[:120]}`",
            hint=_meant(user, known) or "`jackfield users list` names them all",
            user=user[:120],
        )


class OwnAccount(JackfieldError):
    """A user was about to lock themselves out."""

    code = "own-account"
    status = 409
    retry = "after_fix"

    def __init__(self, *, user: str, action: str) -> None:
        super().__init__(
            f"`{user}` cannot be {action}: it is the account that asks for it",
            hint="let another administrator do it",
            user=user,
            action=action,
        )


class IssuerNotSet(JackfieldError):
    """A user was about to be linked to an identity of an issuer, and there is no issuer."""

    code = "issuer-not-set"
    status = 409
    retry = "after_fix"

    def __init__(self) -> None:
        super().__init__(
            "this installation knows no issuer of tokens",
            hint="set `JACKFIELD_OIDC_ISSUER` and `JACKFIELD_OIDC_AUDIENCE`, and start it again",
        )


class TokenNotFound(JackfieldError):
    """The caller has no token of that id."""

    code = "token-not-found"
    status = 404
    retry = "after_fix"

    def __init__(self, *, token: str) -> None:
        super().__init__(
            f"there is no token with the id `{token[:120]}`",
            hint="`jackfield users tokens NAME` lists those of a user, with their ids",
            token=token[:120],
        )


class UnknownSecret(JackfieldError):
    """The caller sees no secret of that name."""

    code = "unknown-secret"
    status = 404
    retry = "after_fix"

    def __init__(self, *, secret: str, known: Sequence[str] = ()) -> None:
        super().__init__(
            f"there is no secret `{secret}`",
            hint=_meant(secret, known) or "`jackfield secrets list` names those that there are",
            secret=secret,
        )


class CredentialNotRefreshable(JackfieldError):
    """A token was to be renewed, and there is no way to a new one without a person."""

    code = "credential-not-refreshable"
    status = 409
    retry = "after_fix"

    def __init__(self, *, credential: str, connector: str) -> None:
        super().__init__(
            f"the credential `{credential[:120]}` of `{connector}` has no token that can be renewed without a person",
            hint=f"connect the account again: `jackfield credentials connect {connector}`, or paste a newer token",
            credential=credential[:120],
            connector=connector,
        )


class VisibilityMissing(JackfieldError):
    """Two secrets have that name, and the caller did not say which."""

    code = "visibility-missing"
    status = 422
    retry = "after_fix"

    def __init__(self, *, secret: str) -> None:
        super().__init__(
            f"there is a `shared` and a `private` secret `{secret}`",
            hint="say which with `visibility`: `shared` or `private`",
            secret=secret,
            visibilities=["shared", "private"],
        )


class KeyNotInFile(JackfieldError):
    """A new key was asked for where Jackfield does not keep the keys."""

    code = "key-not-in-file"
    status = 409
    retry = "after_fix"

    def __init__(self) -> None:
        super().__init__(
            "the keys come from `JACKFIELD_KEY`, where Jackfield cannot add one",
            hint="put a new one first, `JACKFIELD_KEY=new:$(openssl rand -base64 32),<what it is now>`, start every "
            "process again, then run `jackfield keys rotate`",
        )


def _meant(name: str, known: Sequence[str]) -> str:
    close = closest(name, known)
    return f"did you mean `{close}`?" if close else ""


class UnknownDraft(JackfieldError):
    """The caller has no draft of that id."""

    code = "unknown-draft"
    status = 404
    retry = "after_fix"

    def __init__(self, *, draft: str) -> None:
        super().__init__(
            f"there is no draft with the id `{draft[:120]}`",
            hint="`jackfield drafts list` shows yours; one that is not changed for 30 days is deleted",
            draft=draft[:120],
        )


class TooManyDrafts(JackfieldError):
    """The caller has as many drafts as there may be."""

    code = "too-many-drafts"
    status = 409
    retry = "after_fix"

    def __init__(self, *, most: int) -> None:
        super().__init__(
            f"there are `{most}` drafts already, which is all that one user may have",
            hint="delete those that are no longer needed: `jackfield drafts delete ID`",
            most=most,
        )


class DraftTooLarge(JackfieldError):
    """A draft is larger than one may be."""

    code = "draft-too-large"
    status = 413
    retry = "after_fix"

    def __init__(self, *, size: int, limit: int) -> None:
        super().__init__(
            f"the draft has `{size}` bytes, and may have `{limit}`",
            hint="leave out what can be read again from elsewhere, such as a large document",
            size=size,
            limit=limit,
        )


class UnknownExecution(JackfieldError):
    """The caller sees no execution of that id."""

    code = "unknown-execution"
    status = 404
    retry = "after_fix"

    def __init__(self, *, execution: str) -> None:
        super().__init__(
            f"there is no execution `{execution[:120]}`",
            hint="`jackfield executions list` shows the newest; those of others are seen by administrators only",
            execution=execution[:120],
        )


class NothingKept(JackfieldError):
    """Something was asked for that needs a database, and there is none."""

    code = "nothing-kept"
    status = 409
    retry = "after_fix"

    def __init__(self, *, what: str) -> None:
        super().__init__(
            f"{what} need a database, and this Jackfield keeps nothing",
            hint="leave `JACKFIELD_DATABASE_URL=memory` out, or name a database there",
            what=what,
        )


class NotWaiting(JackfieldError):
    """An execution was to go on that does not wait for anything."""

    code = "not-waiting"
    status = 409
    retry = "never"

    def __init__(self, *, execution: str, state: str) -> None:
        super().__init__(
            f"execution `{execution[:120]}` is `{state}` and waits for nothing",
            hint="look at it with `jackfield executions show`; only `AWAITING_INPUT` can be continued",
            execution=execution[:120],
            state=state,
        )


class InvalidQuery(JackfieldError):
    """A list was asked for in a way that cannot be answered."""

    code = "invalid-query"
    status = 422
    retry = "after_fix"

    def __init__(self, *, faults: Sequence[Fault], hint: str = "") -> None:
        operators = "`eq`, `ne`, `lt`, `lte`, `gt`, `gte`, `in` or `contains`"
        super().__init__(
            "; ".join(f"`{fault.pointer}`: {fault.message}" for fault in faults),
            hint=hint or f"a filter is `where=field:op:value` with {operators}",
            errors=[fault.to_json() for fault in faults],
        )


class TestCommandMissing(JackfieldError):
    """A connector was to be tested, and its type has no command for that."""

    __test__ = False  # no test of ours, whatever its name begins with

    code = "test-command-missing"
    status = 422
    retry = "after_fix"

    def __init__(self, *, connector: str, type: str) -> None:
        super().__init__(
            f"connector `{connector[:120]}` cannot be tested: its type `{type}` has no command for that",
            hint="call one of its commands instead, or give the type a command `test` that changes nothing",
            connector=connector[:120],
            type=type,
        )


class UnknownGateway(JackfieldError):
    """The caller sees no gateway of that name."""

    code = "unknown-gateway"
    status = 404
    retry = "after_fix"

    def __init__(self, *, gateway: str, known: Sequence[str] = ()) -> None:
        super().__init__(
            f"there is no gateway `{gateway[:120]}`",
            hint=_meant(gateway, known) or "`jackfield gateways list` names those that there are",
            gateway=gateway[:120],
        )


class TooManyStreams(JackfieldError):
    """Somebody wants to follow executions, and too many do so already."""

    code = "too-many-streams"
    status = 429
    retry = "later"

    def __init__(self, *, streams: int, whose: Literal["caller", "server"]) -> None:
        who = "the caller follows executions with" if whose == "caller" else "the server has"
        super().__init__(
            f"{who} `{streams}` streams already, and no more are possible",
            hint="close those that nobody reads, and try again",
            streams=streams,
            whose=whose,
            retry_after_s=5,
        )


class ModelAnswerUnusable(JackfieldError):
    """A language model was asked, and what it said is of no use."""

    code = "model-answer-unusable"
    status = 502
    retry = "after_fix"

    def __init__(self, *, reason: str) -> None:
        super().__init__(
            f"the model's answer cannot be used: {reason}",
            hint="ask again, look at `JACKFIELD_MODEL_URL` and `JACKFIELD_MODEL`, or describe the endpoints",
            reason=reason,
        )


class ConnectorApproved(JackfieldError):
    """A tool of a language model was to change a connector for which an administrator stands."""

    code = "connector-approved"
    status = 409
    retry = "after_fix"

    def __init__(self, *, connector: str) -> None:
        super().__init__(
            f"connector `{connector[:120]}` is approved, and no tool changes what it does",
            hint="let a person change it, or make another connector",
            connector=connector[:120],
        )


class UnknownSignIn(JackfieldError):
    """The caller has begun no such sign-in."""

    code = "unknown-sign-in"
    status = 404
    retry = "after_fix"

    def __init__(self, *, sign_in: str) -> None:
        super().__init__(
            f"there is no sign-in `{sign_in}` of the caller",
            hint="begin again: sign-ins are forgotten a day after they end",
            signIn=sign_in,
        )


class UnknownOAuthApp(JackfieldError):
    """The settings have no OAuth app for that type."""

    code = "unknown-oauth-app"
    status = 404
    retry = "after_fix"

    def __init__(self, *, type: str, known: Sequence[str]) -> None:
        super().__init__(
            f"there is no OAuth app for the type `{type[:120]}` in the settings",
            hint=_meant(type, known) or "`jackfield oauth-apps list` names all; the environment's are changed there",
            type=type[:120],
        )


class ConnectLinkInvalid(JackfieldError):
    """A connect link cannot be used, or not any more."""

    code = "connect-link-invalid"
    status = 410
    retry = "after_fix"

    def __init__(self, *, problem: str) -> None:
        super().__init__(
            f"this link cannot be used: {problem}",
            hint="ask whoever sent it for another one; each connects one account, once",
            problem=problem,
        )


class UnknownConnectLink(JackfieldError):
    """There is no connect link of that id."""

    code = "unknown-connect-link"
    status = 404
    retry = "after_fix"

    def __init__(self, *, link: str) -> None:
        super().__init__(
            f"there is no connect link `{link[:100]}`",
            hint="links are forgotten 30 days after they end; make another one",
            link=link[:100],
        )
