"""What a settings file may say, and which one is believed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.errors import JackfieldError
from jackfield.settings import (
    InvalidSetting,
    Settings,
    SettingsFileExposed,
    SettingsFileNotChosen,
    SettingsFileUnusable,
    UnknownSetting,
    from_environment,
)
from jackfield.settings.file import Found, entries
from jackfield.settings.programs import Program
from jackfield.settings.values import READERS

posix = pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX")


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def written(path: Path, text: str, mode: int = 0o600) -> Path:
    """A settings file."""
    path.write_text(text)
    path.chmod(mode)
    return path


def chosen(path: Path, **environ: str) -> Settings:
    """What holds when the file at `path` is named."""
    return from_environment({"JACKFIELD_CONFIG": str(path), **environ})


def test_everything_can_be_set(tmp_path):
    """One key each, named as in Python, with values as TOML has them."""
    text = """
        data = "data"
        database_url = "postgresql://jf:hunter2@db/jackfield"
        key = "main:abc"
        key_file = "/keys"
        token = "jf_abc"
        url = "https://jackfield.example/"
        retention_days = 30
        secrets_from = ["files", "hashicorp"]
        secrets_folder = "secrets"
        hashicorp_url = "https://vault.example:8200"
        hashicorp_path = "secret/data/{tenant}"
        hashicorp_namespace = "team"
        hashicorp_token = "hvs.abc"
        hashicorp_token_file = "token"
        hashicorp_role_id = "role"
        hashicorp_secret_id = "secret-id"
        connectors = ["mine", "yours.yaml"]
        egress_allow = ["10.0.0.0/8", "crm.internal:8443"]
        egress_ports = [443, 8443]
        mock = true
        log_level = "debug"
        log_format = "json"
        host = "::1"
        port = 0
        admin_token = "abcdefghijklmnopqrstuvwx"
        max_request_bytes = 1_048_576
        shutdown_s = 5
        sandbox = "locked"
        script_memory_mb = 512
        script_cpu_s = 60
        model_url = "https://models.example/v1"
        model_key = "sk-abc"
        model = "coder"
        mcp_commands = ["files=/bin/files --root /data", "other=/bin/other"]
        host_commands = "date=/bin/date"
        host_commands_as_tools = true
        embedding = "model"
        public_url = "https://jackfield.example"
        connect_return_origins = ["https://app.example.com"]
        mcp_mode = "search"
        mcp_authoring = false
        mcp_stateless = true
        oidc_issuer = "https://login.example/"
        oidc_audience = "jackfield"
        caller_token_hosts = ["api.example", "*.corp.example:8443"]
    """
    for folder in ("mine", "model", "secrets"):
        (tmp_path / folder).mkdir()
    (tmp_path / "yours.yaml").touch()
    path = written(tmp_path / "prod.toml", text)

    assert chosen(path) == Settings(
        config=path,
        data=tmp_path / "data",
        database_url="postgresql://jf:hunter2@db/jackfield",
        key="main:abc",
        key_file=Path("/keys"),
        token="jf_abc",
        url="https://jackfield.example",
        retention_days=30,
        secrets_from=("files", "hashicorp"),
        secrets_folder=tmp_path / "secrets",
        hashicorp_url="https://vault.example:8200",
        hashicorp_path="secret/data/{tenant}",
        hashicorp_namespace="team",
        hashicorp_token="hvs.abc",
        hashicorp_token_file=tmp_path / "token",
        hashicorp_role_id="role",
        hashicorp_secret_id="secret-id",
        connectors=(tmp_path / "mine", tmp_path / "yours.yaml"),
        egress_allow="10.0.0.0/8,crm.internal:8443",
        egress_ports=(443, 8443),
        mock=True,
        log_level="debug",
        log_format="json",
        host="::1",
        port=0,
        admin_token="abcdefghijklmnopqrstuvwx",
        max_request_bytes=1_048_576,
        shutdown_s=5,
        sandbox="locked",
        script_memory_mb=512,
        script_cpu_s=60,
        model_url="https://models.example/v1",
        model_key="sk-abc",
        model="coder",
        mcp_commands=(
            Program(name="files", path="/bin/files", arguments=("--root", "/data")),
            Program(name="other", path="/bin/other"),
        ),
        host_commands=(Program(name="date", path="/bin/date"),),
        host_commands_as_tools=True,
        embedding=tmp_path / "model",
        public_url="https://jackfield.example",
        connect_return_origins=("https://app.example.com",),
        mcp_mode="search",
        mcp_authoring=False,
        mcp_stateless=True,
        oidc_issuer="https://login.example/",
        oidc_audience="jackfield",
        caller_token_hosts=("api.example", "*.corp.example:8443"),
    )


def test_a_file_wins_over_the_environment_and_says_so(tmp_path):
    """A variable that nobody looks at may even be wrong; an empty text is none."""
    path = written(tmp_path / "prod.toml", 'log_level = "info"\nlogFormat = "json"\nhost = ""\n')
    settings = chosen(path, JACKFIELD_LOG_LEVEL="loud", JACKFIELD_PORT="9000", JACKFIELD_HOST="::")

    assert (settings.log_level, settings.log_format, settings.port, settings.host) == ("info", "json", 9000, "::")
    assert settings.sources["log_level"] == settings.sources["log_format"] == f"file ({path})"
    assert settings.sources["port"] == "environment (JACKFIELD_PORT)"
    assert settings.sources["config"] == "environment (JACKFIELD_CONFIG)"


@pytest.mark.parametrize("key", ["shutdown_s", "shutdownS", "shutdown-s"])
def test_names_can_be_written_in_every_style(tmp_path, key):
    """As everywhere else."""
    assert chosen(written(tmp_path / "a.toml", f"{key} = 5")).shutdown_s == 5


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("sqlite:///here.db", "sqlite:///{folder}/here.db"),
        ("sqlite:////data/there.db", "sqlite:////data/there.db"),
        ("sqlite:///~/home.db", "sqlite:///~/home.db"),
        ("memory", "memory"),
    ],
)
def test_a_database_beside_the_file_is_found_from_everywhere(tmp_path, url, expected):
    """A path in a file means the same wherever a program starts."""
    settings = chosen(written(tmp_path / "a.toml", f'database_url = "{url}"'))

    assert settings.database_url == expected.format(folder=tmp_path)


def test_the_file_can_be_named_relative_and_from_home(work, tmp_path, monkeypatch):
    """As a shell writes it."""
    monkeypatch.setenv("HOME", str(tmp_path))
    written(tmp_path / "a.toml", "port = 9000")

    assert from_environment({"JACKFIELD_CONFIG": "../a.toml"}).port == 9000
    assert from_environment({"JACKFIELD_CONFIG": "~/a.toml"}).port == 9000


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("log_level = 'loud'", "setting `log_level` in `{file}` is `loud`", "debug, info, warning or error"),
        ("port = true", "setting `port` in `{file}` is `true`", "a port"),
        ("port = 83.21", "setting `port` in `{file}` is `a fraction`", "a number"),
        ("port = 2026-11-21", "setting `port` in `{file}` is `a time`", "a number"),
        ("port = [1]", "setting `port` in `{file}` is `a list`", "a number"),
        ("connectors = [['a']]", "setting `connectors` in `{file}` is `a list`", "a list of texts"),
        ("port = {a = 1}", "setting `port` in `{file}` is `a table`", "a number"),
        ("connectors = 'absent'", "setting `connectors` in `{file}` is `{folder}/absent`", "exists"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_with_its_file(tmp_path, line, message, hint):
    """There may be several files, and nobody remembers which one counts."""
    path = written(tmp_path / "a.toml", line)
    with pytest.raises(InvalidSetting) as caught:
        chosen(path)

    assert caught.value.message == message.format(file=path, folder=tmp_path)
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("line", "name", "hint"),
    [
        ("egres_allow = ''", "egres_allow", "did you mean `egress_allow`?"),
        ("JACKFIELD_PORT = 1", "JACKFIELD_PORT", "did you mean `port`?"),
        ("[server]\nport = 1", "server", "it can have "),
        ("config = 'b.toml'", "config", "it can have "),
        ('"a\\u001b[2Jb" = 1', "a?[2Jb", "it can have "),
    ],
)
def test_a_key_that_is_no_setting_is_refused(tmp_path, line, name, hint):
    """Whoever wrote it believes that it does something."""
    path = written(tmp_path / "a.toml", line)
    with pytest.raises(UnknownSetting) as caught:
        chosen(path)

    assert caught.value.message == f"there is no setting `{name}`, which `{path}` has"
    assert caught.value.hint.startswith(hint)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"port = ", "is no TOML at end of document"),
        (b"port = 1\nadmin_token = hunter2", "is no TOML at line 2, column 15"),
        (b"port = 1\nport = 2\n", "is no TOML at line 2, column 9"),
        (b"port = " + b"9" * 5000, "is no TOML"),
        (b"a = " + b"[" * 100_000, "is no TOML"),
        (b"port = 1 # \xff", "is not UTF-8 at byte 12"),
        (b"#" * 1_048_577, "has more than 1048576 bytes"),
        (b"logLevel = 'info'\nlog_level = 'debug'", "sets `logLevel` and `log_level`, which are the same"),
    ],
)
def test_what_is_no_settings_file_is_refused_without_quoting_it(tmp_path, content, problem):
    """With the place where to look; what stands there may be a secret."""
    path = tmp_path / "a.toml"
    path.write_bytes(content)
    with pytest.raises(SettingsFileUnusable) as caught:
        chosen(path)

    assert caught.value.message == f"the settings file `{path}` {problem}"
    assert "hunter2" not in str(caught.value.to_json())


def test_a_file_that_was_named_has_to_be_there(tmp_path):
    """To start without it would be to start with other settings."""
    with pytest.raises(SettingsFileUnusable, match="is not there"):
        chosen(tmp_path / "absent.toml")
    with pytest.raises(SettingsFileUnusable, match="is a directory"):
        chosen(tmp_path)


@posix
def test_a_pipe_does_not_stop_the_start(tmp_path):
    """Nobody may be there to write into it."""
    os.mkfifo(tmp_path / "a.toml")

    with pytest.raises(SettingsFileUnusable, match="is not a file"):
        chosen(tmp_path / "a.toml")


def test_a_link_to_nowhere_is_not_overlooked(work, tmp_path):
    """Somebody meant a file, and it is not mounted."""
    (work / "jackfield.toml").symlink_to(tmp_path / "absent")

    with pytest.raises(SettingsFileUnusable, match="is not there"):
        from_environment({})


def test_a_file_in_the_working_directory_can_set_what_does_no_harm(work):
    """A port, how much is logged, mocks, connectors beside it."""
    (work / "mine").mkdir()
    lines = ["port = 9000", "log_level = 'info'", "log_format = 'json'", "mock = true", "shutdown_s = 5"]
    path = written(work / "jackfield.toml", "\n".join([*lines, "connectors = 'mine'"]), 0o664)
    settings = from_environment({})

    assert (settings.port, settings.log_level, settings.log_format) == (9000, "info", "json")
    assert (settings.mock, settings.shutdown_s, settings.connectors) == (True, 5, (work / "mine",))
    assert (settings.config, settings.sources["config"]) == (path, "found")


STRANGE = {
    "data": "data = 'here'",  # with a key in it that the stranger knows
    "database_url": "database_url = 'postgresql://stranger/db'",
    "key": "key = 'main:abc'",
    "key_file": "key_file = 'key'",
    "token": "token = 'jf_abc'",
    "url": "url = 'https://stranger.example'",  # gets the token
    "retention_days": "retention_days = 1",  # deletes
    "secrets_from": "secrets_from = 'files'",  # the stranger's secrets in place of one's own
    "secrets_folder": "secrets_folder = '.'",
    "hashicorp_url": "hashicorp_url = 'https://stranger.example'",  # gets the token
    "hashicorp_path": "hashicorp_path = 'secret/data/stranger'",
    "hashicorp_namespace": "hashicorp_namespace = 'stranger'",
    "hashicorp_token": "hashicorp_token = 'hvs.abc'",
    "hashicorp_token_file": "hashicorp_token_file = 'token'",
    "hashicorp_role_id": "hashicorp_role_id = 'stranger'",
    "hashicorp_secret_id": "hashicorp_secret_id = 'stranger'",
    "connectors": "connectors = '..'",
    "egress_allow": "egress_allow = '10.0.0.0/8'",
    "egress_ports": "egress_ports = [22]",
    "mock": "mock = false",  # real calls where mocks were asked for
    "host": "host = '0.0.0.0'",
    "admin_token": "admin_token = 'abcdefghijklmnopqrstuvwx'",
    "max_request_bytes": "max_request_bytes = 1_073_741_824",
    "sandbox": "sandbox = 'thread'",
    "script_memory_mb": "script_memory_mb = 4096",
    "script_cpu_s": "script_cpu_s = 300",
    "model_url": "model_url = 'https://stranger.example/v1'",  # gets the key, and writes the scripts
    "model_key": "model_key = 'sk-abc'",
    "model": "model = 'strange'",
    "mcp_commands": "mcp_commands = 'sh=/bin/sh'",
    "host_commands": "host_commands = 'sh=/bin/sh'",
    "host_commands_as_tools": "host_commands_as_tools = true",
    "embedding": "embedding = '.'",  # read by native code
    "public_url": "public_url = 'https://stranger.example'",  # sends clients there
    "connect_return_origins": "connect_return_origins = 'https://stranger.example'",  # sends people there
    "mcp_mode": "mcp_mode = 'tools'",
    "mcp_authoring": "mcp_authoring = true",  # offers to make connectors
    "mcp_stateless": "mcp_stateless = true",
    "oidc_issuer": "oidc_issuer = 'https://stranger.example'",  # says who is who
    "oidc_audience": "oidc_audience = 'stranger'",
    "caller_token_hosts": "caller_token_hosts = 'stranger.example'",  # gets the tokens of callers
}
HARMLESS = {"port", "log_level", "log_format", "shutdown_s"}


@pytest.mark.parametrize("name", sorted(READERS.keys() - HARMLESS))
def test_a_file_in_a_strangers_checkout_cannot_weaken_anything(work, name):
    """To enter a folder and call something is no consent. Named, the same file counts."""
    path = written(work / "jackfield.toml", STRANGE[name])
    with pytest.raises(SettingsFileNotChosen) as caught:
        from_environment({})

    assert caught.value.message == f"`{path}` sets `{name}`, and was only found in the working directory"
    assert caught.value.hint == f"read it, and if you trust it set `JACKFIELD_CONFIG={path}`"
    assert chosen(path).sources[name] == f"file ({path})"


def test_a_link_out_of_the_folder_is_out_of_it(work, tmp_path):
    """What counts is where the code lies."""
    (tmp_path / "elsewhere").mkdir()
    (work / "mine").symlink_to(tmp_path / "elsewhere")
    written(work / "jackfield.toml", "connectors = ['mine']")

    with pytest.raises(SettingsFileNotChosen):
        from_environment({})


@posix
@pytest.mark.parametrize(
    "line",
    [
        "key = 'main:abc'",
        "token = 'jf_abc'",
        "admin_token = 'abcdefghijklmnopqrstuvwx'",
        "hashicorp_token = 'hvs.abc'",
        "hashicorp_secret_id = 'secret-id'",
        "database_url = 'postgresql://jf:hunter2@db/jackfield'",
    ],
)
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_file_with_a_secret_is_for_its_owner_only(tmp_path, line, mode):
    """Whoever can read it can act as an administrator; whoever has read it, also later."""
    path = written(tmp_path / "a.toml", line, mode)
    with pytest.raises(SettingsFileExposed) as caught:
        chosen(path)

    assert f"has a secret in it and is open to others (mode `{mode:04o}`)" in caught.value.message
    assert caught.value.hint == f"`chmod 600 {path}`"
    path.chmod(0o600)
    assert chosen(path).config == path


@posix
def test_a_file_without_a_secret_can_be_read_by_everybody(tmp_path):
    """A configuration that is checked in, or mounted."""
    path = written(tmp_path / "a.toml", "database_url = 'postgresql://jf@db/jackfield'", 0o644)

    assert chosen(path).database_url == "postgresql://jf@db/jackfield"


@posix
def test_a_file_that_everybody_can_change_is_refused(work):
    """In a shared folder, anybody could have written it."""
    path = written(work / "jackfield.toml", "port = 9000", 0o666)
    with pytest.raises(SettingsFileExposed) as caught:
        from_environment({})

    assert caught.value.message == f"the settings file `{path}` can be changed by everybody (mode `0666`)"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a file away")
@pytest.mark.parametrize("is_named", [False, True])
def test_a_file_of_somebody_else_is_refused(work, is_named):
    """Its owner can change it at any time."""
    path = written(work / "jackfield.toml", "port = 9000")
    os.chown(path, 65534, 65534)
    with pytest.raises(SettingsFileExposed) as caught:
        from_environment({"JACKFIELD_CONFIG": str(path)} if is_named else {})

    assert caught.value.message == f"the settings file `{path}` belongs to another user (`65534`)"
    assert caught.value.hint == f"`chown 0 {path}`, if you trust it"


def test_all_that_is_wrong_can_be_asked_for(tmp_path):
    """A doctor goes on where a start ends."""
    path = written(tmp_path / "a.toml", "port = -1\nmock = true\nlogLevel = 'loud'")
    problems: list[JackfieldError] = []
    settings = from_environment({"JACKFIELD_CONFIG": str(path), "JACKFIELD_SHUTDOWN_S": "x"}, problems=problems)

    assert [problem.details["name"] for problem in problems] == ["port", "logLevel", "JACKFIELD_SHUTDOWN_S"]
    assert (settings.mock, settings.port, settings.config) == (True, 8321, path)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_content_leads_to_anything_but_an_error_of_ours(tmp_path_factory, content):
    """Not a crash, not a traceback."""
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(content)
    try:
        found = entries(Found(path=path, is_chosen=True), READERS)
    except JackfieldError:
        return

    assert {entry.setting for entry in found} <= READERS.keys()
