"""Errors on their way through queues and JSON, built as they are built where they are raised."""

from __future__ import annotations

import copy
import json
import pickle

import pytest

from jackfield import errors, settings
from jackfield.access import errors as access
from jackfield.agents import errors as agents
from jackfield.agents.search import errors as search
from jackfield.app import server_errors as server
from jackfield.credentials import errors as credentials
from jackfield.credentials.oauth import errors as oauth
from jackfield.definition import errors as definition
from jackfield.definition.faults import Fault
from jackfield.dispatch import errors as dispatch
from jackfield.execution import errors as execution
from jackfield.execution.mcp import errors as mcp
from jackfield.execution.script import errors as script
from jackfield.manage import errors as manage
from jackfield.registry import errors as registry
from jackfield.surfaces import errors as surfaces
from jackfield.surfaces import server_errors as wire
from jackfield.surfaces.cli import errors as cli
from jackfield.surfaces.mcp import errors as mcp_server
from jackfield.vault import errors as vault

FAULTS = [
    Fault(pointer="/channel", message="is required", missing="channel"),
    Fault(pointer="/a~1b", message='"x" is not of type "integer"'),
]

EVERY_ERROR = [
    errors.JackfieldError("something went wrong", hint="try again", place="here"),
    errors.CallTimeout(timeout_s=30),
    errors.UpstreamStatus(status=503, url="https://acme.example/x", body={"message": "closed", "hint": "later"}),
    mcp.ToolChanged(connector="default/books", command="find", tool="find", fields=["description"]),
    mcp.ToolRemoved(connector="default/books", command="find", tool="find", known=["find_book"]),
    mcp.McpCommandNotListed(command="sh", listed=["files"]),
    mcp.McpFailed(connector="default/books", reason="Invalid params", rpc_code=-32602),
    mcp.McpServerEnded(command="files", reason="has ended"),
    mcp.UpstreamToolFailed(tool="find", said="the shelf is empty", content=["the shelf is empty"]),
    errors.WrongUse("a call was made in a way that cannot work", hint="use the other one"),
    definition.InvalidDefinition("`a` is no type", hint="use another", errors=[{"pointer": "/a", "message": "no"}]),
    definition.OpenApiInvalid(reason="is no YAML", hint="correct it there", place="acme.yaml", line=3, column=1),
    definition.InvalidName(what="connector", name="1abc"),
    definition.NamesFallTogether(what="params", first="user_id", second="userId", where="command `list`"),
    definition.BadOutcome(keys=["data"], hint="use payload"),
    definition.CommandFailed(outcome={"success": False, "error": "no channel", "code": "mine", "diagnostics": {}}),
    definition.InvalidSchema(reason="`secret` is no type", where="command `list`"),
    definition.InvalidParams(faults=FAULTS, where="command `list`", hint="`list` takes `channel`"),
    agents.ToolArgumentsUnreadable(problem="they are no object"),
    agents.ToolBroken(tool="desk__reply"),
    agents.UnknownTool(tool="acme__list", known=["acme__list_messages"]),
    agents.InvalidChoice(where="connectors[0].tools", problem="is no object", hint="give an object"),
    agents.ToolNameTaken(tool="post", first="default/a.post", second="default/b.post"),
    agents.UnknownToolResult(call="call_1"),
    agents.UnknownField(field="nmae", known=["id", "name"]),
    mcp_server.HostRefused(header="Host", given="evil.example"),
    mcp_server.TooManyMcpSessions(sessions=100),
    surfaces.TokenMissing(),
    surfaces.CsrfRefused(problem="it has no header `X-CSRF-Token`"),
    surfaces.ServerStopping(),
    surfaces.BodyTooLarge(limit=1024),
    surfaces.BodyUnreadable(problem="it is not JSON (line 1, column 12)"),
    surfaces.BodyUnclear(problem="beside `params` the body has `limit`", keys=["limit"]),
    surfaces.RouteNotFound(path="/api/conectors"),
    surfaces.MethodNotAllowed(method="PATCH", path="/api/connectors", allowed=["GET", "POST"]),
    surfaces.InternalError(request_id="9782c9e30f04f2e2"),
    surfaces.NetworkFailed(reason="nobody answers", cause="unreachable", hint="", execution_id="01a1"),
    wire.ServerUnreachable(url="http://127.0.0.1:8321", reason="connection refused"),
    wire.ServerAnswerUnreadable(
        url="http://127.0.0.1:8321", problem="it answered `200` with `text/html`", answered=200
    ),
    wire.OnlyAtTheServer(what="rotating the keys", instead="run `jackfield keys` where the server's database is"),
    server.AddressUnusable(host="127.0.0.1", port=8321, reason="address already in use", in_use=True),
    dispatch.ApprovalMissing(connector="default/host"),
    dispatch.InvalidOption(option="timeout", problem="is `0`", hint="give milliseconds from 1000 to 300000"),
    dispatch.OptionNotSupported(option="plan"),
    cli.FileExists(path="connectors/acme.py"),
    dispatch.CommandWrites(connector="default/acme", command="send"),
    script.ScriptInvalid(reason="SyntaxError: expecting ';'", line=3, column=14),
    script.ScriptFunctionMissing(function="listContact", known=["listContacts", "createContact"]),
    script.ScriptTimeout(limit_s=5, of="cpu", line=12),
    script.ScriptOutOfMemory(limit_bytes=64 * 1024 * 1024, line=4),
    script.ScriptStackExceeded(line=7),
    script.ScriptResultTooLarge(limit_bytes=8 * 1024 * 1024),
    script.ScriptHostCallsExceeded(limit=1000),
    script.ScriptRequestInvalid(reason="`GET /` is no HTTP method"),
    script.SandboxLost(reason="its process has ended"),
    script.SandboxUnavailable(
        reason="`wasmtime` is not installed", hint='`pip install "jackfield[script]"` brings the engine'
    ),
    search.EmbeddingUnavailable(reason="`onnxruntime` is not installed"),
    manage.TestCommandMissing(connector="acme", type="acme"),
    manage.TooManyStreams(streams=64, whose="caller"),
    dispatch.ConnectorDisabled(connector="default/acme"),
    dispatch.RecordFailed(execution_id="01a1", reason=dispatch.ConnectorDisabled(connector="default/acme")),
    dispatch.CallInProgress(execution_id="01a1"),
    dispatch.KeyReuse(execution_id="01a1"),
    dispatch.UnknownOutcome(execution_id="01a1"),
    manage.CredentialNotRefreshable(credential="main", connector="default/acme"),
    manage.UnknownExecution(execution="01a1"),
    manage.UnknownGateway(gateway="help-dsk", known=["help-desk"]),
    manage.UnknownDraft(draft="01a1"),
    manage.TooManyDrafts(most=100),
    manage.DraftTooLarge(size=3_000_000, limit=2_097_152),
    manage.NothingKept(what="secrets"),
    manage.ModelAnswerUnusable(reason="it has no script"),
    manage.ConnectorApproved(connector="default/acme"),
    manage.NotWaiting(execution="01a1", state="COMPLETED"),
    manage.InvalidQuery(faults=FAULTS),
    credentials.SecretNotAllowed(secret="ACME_KEY"),
    credentials.UnknownCredential(credential="produktion", known=["production", "test"]),
    credentials.CredentialNotAllowed(credential="production", connector="default/acme"),
    oauth.ReauthorizationNeeded(
        credential="the credential `main`", connector="default/acme", error="invalid_grant", reason="it was revoked"
    ),
    oauth.TokenRefreshFailed(
        credential="the token", connector="default/acme", error="http_503", reason="closed", retry_after_s=4.4
    ),
    oauth.SignInFailed(connector="default/acme", error="access_denied", reason="the person said no"),
    oauth.SignInInvalid(problem="its state is unknown, or was used before"),
    oauth.SignInNotOffered(connector="acme", wanted="sign-in", offered="its type signs requests by `bearer`"),
    manage.UnknownSignIn(sign_in="0198c0de"),
    manage.UnknownOAuthApp(type="acmee", known=["acme"]),
    manage.UnknownConnectLink(link="0198c0de"),
    manage.ConnectLinkInvalid(problem="it was used"),
    oauth.OAuthAppMissing(connector="default/acme", searched=["the credential"], hint="set `ACME_OAUTH_CLIENT_ID`"),
    credentials.CallerTokenNotAllowed(
        host="api.example:443", reason="it is not named", setting="JACKFIELD_CALLER_TOKEN_HOSTS"
    ),
    dispatch.MockMissing(connector="default/acme", command="list", scenario="full", known=["empty"]),
    dispatch.OutputsMismatch(command="list", errors=[{"pointer": "", "message": "is no object"}]),
    registry.UnknownConnector(connector="acm", known=["default/acme"]),
    registry.AmbiguousConnector(connector="acme", matches=["eu/acme", "us/acme"]),
    registry.UnknownCommand(connector="default/acme", command="lits", known=["list"]),
    registry.UnknownEnvironment(connector="default/acme", environment="stagin", known=["staging"]),
    registry.CommandMissing(connector="default/acme", known=["list"]),
    registry.UnknownType(type="acm", known=["acme"]),
    registry.UnknownVersion(type="acme", version="2.0.0", known=["1.0.0"]),
    registry.TypeDisabled(type="acme", connector="default/acme-prod"),
    registry.ConnectorNotStored(connector="default/desk"),
    registry.TypeInUse(type="desk", connectors=["default/my-desk"]),
    registry.TypeNotDeletable(type="http"),
    registry.VersionTooLow(type="desk", version="1.2.0", needed="2.0.0", reasons=["command `list` was removed"]),
    registry.NameTaken(what="connector", name="default/acme", first="a.yaml", second="b.yaml"),
    registry.ConnectorNotConfigured(connector="default/acme", missing=["api_key"]),
    registry.LoadFailed(place="connectors/acme.py", reason="SyntaxError: invalid syntax", line=3),
    registry.ExecutionModelMissing(connector="default/acme", model="script", installed=["built_in"]),
    execution.LegacyProtocol(keys=["data"]),
    execution.MockSends(method="GET"),
    settings.InvalidSetting(name="JACKFIELD_MOCK", value="maybe", wanted="`1` or `0`"),
    server.AdminTokenRefused(problem="it was revoked"),
    settings.UnknownSetting(file="/srv/jackfield.toml", name="prot", known=["port"]),
    settings.SettingsFileUnusable(file="/srv/jackfield.toml", problem="is not there"),
    settings.SettingsFileExposed(file="/srv/jackfield.toml", problem="is open", hint="`chmod 600 /srv/jackfield.toml`"),
    settings.SettingsFileNotChosen(file="/srv/jackfield.toml", name="egress_allow"),
    access.ScopeMissing(user="ann", scope="manage", scopes=["read"]),
    access.AdminRequired(user="ann", action="see the audit log"),
    access.NotOwner(user="ann", what="secret", name="ACME_KEY"),
    access.TokenUnknown(),
    access.TokenExpired(token="laptop", user="ann"),
    access.TokenRevoked(token="laptop", user="ann"),
    access.GatewayTokenMisplaced(user="ann"),
    access.GatewayDisabled(gateway="help-desk"),
    access.SessionEnded(),
    access.TooManyAttempts(retry_after_s=6),
    access.UserDisabled(user="ann"),
    access.IssuerTokenRefused(reason="it has expired"),
    access.IssuerUnavailable(issuer="https://login.example", reason="nobody answers"),
    access.IdentityUnknown(issuer="https://login.example", subject="2482"),
    manage.AnchorInvalid(anchor="42"),
    manage.UnknownUser(user="bod", known=["ann", "bob"]),
    manage.IssuerNotSet(),
    manage.OwnAccount(user="ann", action="deleted"),
    manage.TokenNotFound(token="0199"),
    manage.UnknownSecret(secret="ACME_KEI", known=["ACME_KEY"]),
    manage.VisibilityMissing(secret="ACME_KEY"),
    manage.KeyNotInFile(),
    vault.InvalidKey(where="key 2 of `JACKFIELD_KEY`", problem="has no name"),
    vault.MissingKey(keys=["main", "old"], searched=["JACKFIELD_KEY", "/data/key"]),
    vault.MissingKey(keys=[], searched=["JACKFIELD_KEY", "JACKFIELD_KEY_FILE"]),
    vault.WrongKey(key="main"),
    vault.KeyFileExposed(path="/data/key", problem="is open to others", hint="`chmod 600 /data/key`"),
    vault.KeyFileUnusable(path="/data/key", problem="it is not a file"),
    vault.Undecryptable(what="secret `s1` of tenant `t`", reason="it is cut off", hint="enter it again", key="main"),
    vault.SecretUnreadable(name="ACME_KEY", place="/run/secrets/ACME_KEY", problem="it is not a file"),
    vault.SecretBackendUnusable(
        backend="files", problem="`JACKFIELD_SECRETS_FOLDER` is not set", hint="set it to the folder"
    ),
    vault.SecretStoreUnavailable(store="https://vault.example:8200", problem="is sealed"),
    vault.SecretStoreRefused(
        store="https://vault.example:8200", problem="does not accept the token", hint="put one that lives there"
    ),
]
each_error = pytest.mark.parametrize("error", EVERY_ERROR, ids=lambda error: error.code)


def test_no_error_of_these_packages_is_left_out():
    """A new error belongs into the list above."""
    packages = (
        "jackfield.errors",
        "jackfield.access",
        "jackfield.definition",
        "jackfield.dispatch",
        "jackfield.manage",
        "jackfield.registry",
        "jackfield.surfaces",
        "jackfield.vault",
    )
    kinds = {kind for kind in errors.all_errors() if kind.__module__.startswith((*packages, "jackfield.settings"))}

    assert kinds - {type(error) for error in EVERY_ERROR} == set()


@each_error
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_errors_survive_the_trip_through_a_queue(error, protocol):
    """A worker may raise in one process and report in another: nothing may be lost on the way."""
    twin = pickle.loads(pickle.dumps(error, protocol))

    assert type(twin) is type(error)
    assert (str(twin), twin.hint, twin.details) == (str(error), error.hint, error.details)
    assert twin.to_json() == error.to_json()


@each_error
def test_errors_survive_the_trip_through_json(error):
    """A remote call raises the same error as an embedded one."""
    twin = errors.from_json(json.loads(json.dumps(error.to_json())))

    assert type(twin) is type(error)
    assert str(twin) == str(error)
    assert twin.to_json() == error.to_json()


@each_error
def test_errors_can_be_copied(error):
    """Retry libraries and test tools do."""
    assert copy.deepcopy(error).to_json() == copy.copy(error).to_json() == error.to_json()


@each_error
def test_errors_are_raised_with_their_words(error):
    """What a traceback shows is the message, and it is an ordinary exception."""
    with pytest.raises(type(error)) as raised:
        raise error

    assert str(raised.value) == error.message == error.to_json()["detail"]


@each_error
def test_messages_read_well(error):
    """One line, no final full stop, something to do next."""
    assert error.message
    assert "\n" not in error.message
    assert not error.message.endswith(".")
    assert error.hint


def test_a_traveller_keeps_what_it_can_do():
    """A status that was read from JSON is still a number to branch on."""
    error = errors.UpstreamStatus(status=429, url="https://acme.example/x")
    twin = errors.from_json(json.loads(json.dumps(error.to_json())))

    assert twin.upstream_status == 429


def test_a_code_from_a_newer_version_keeps_its_words():
    """An old client must still be able to tell its user what happened."""
    newer = {"code": "quota-used-up", "detail": "the quota is used up", "hint": "wait", "details": {"until": "noon"}}
    error = errors.from_json(newer)

    assert type(error) is errors.JackfieldError
    assert (str(error), error.hint, error.details) == ("the quota is used up", "wait", {"until": "noon"})


@pytest.mark.parametrize(
    "problem", [{}, {"code": None}, {"code": "timeout"}, {"detail": "x", "details": None}, {"hint": 1}]
)
def test_half_an_error_is_better_than_none(problem):
    """A proxy in between may have answered something else."""
    error = errors.from_json(problem)

    assert isinstance(error, errors.JackfieldError)
    assert json.dumps(error.to_json())


@pytest.mark.parametrize("name", ["message", "hint", "self", "detail", "code", "args"])
def test_details_may_have_any_names(name):
    """They come from services and from users."""
    problem = errors.JackfieldError("x").to_json() | {"details": {name: "mine"}}
    error = errors.from_json(problem)

    assert error.details == {name: "mine"}
    assert pickle.loads(pickle.dumps(error)).details == {name: "mine"}


def test_an_error_names_its_kind_in_words():
    """RFC 9457 asks for a title, and a docstring is one."""
    document = registry.UnknownCommand(connector="acme", command="lits", known=["list"]).to_json()

    assert document["title"] == "A caller named a command that the connector does not define"
    assert document["type"] == "urn:jackfield:error:unknown-command"
    assert document["status"] == 404
