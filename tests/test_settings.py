"""What the environment may say."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from jackfield.settings import (
    NOT_SHOWN,
    SECRET_PREFIX,
    InvalidSetting,
    Settings,
    from_environment,
    secrets_from_environment,
    variable,
    without_password,
)
from jackfield.settings.programs import Program
from jackfield.settings.values import READERS


def test_without_anything_set_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Nothing is opened and nothing mocked."""
    monkeypatch.chdir(tmp_path)

    assert from_environment({}) == Settings()


def test_the_folder_connectors_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """First success needs no setting."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "connectors").mkdir()

    assert from_environment({}).connectors == (Path("connectors"),)
    assert from_environment({"JACKFIELD_CONNECTORS": str(tmp_path)}).connectors == (tmp_path,)


def test_everything_can_be_set(tmp_path: Path):
    """One variable each, as documented."""
    environ = {
        "JACKFIELD_DATA_DIR": str(tmp_path),
        "JACKFIELD_DATABASE_URL": "postgresql://jf:hunter2@db/jackfield",
        "JACKFIELD_KEY": "main:abc",
        "JACKFIELD_KEY_FILE": str(tmp_path / "keys"),
        "JACKFIELD_TOKEN": "jf_abc",
        "JACKFIELD_RETENTION_DAYS": "30",
        "JACKFIELD_SECRETS_FROM": "Hashicorp, files,vault",
        "JACKFIELD_SECRETS_FOLDER": str(tmp_path),
        "JACKFIELD_HASHICORP_URL": "https://vault.example:8200/",
        "JACKFIELD_HASHICORP_PATH": "/kv/team/data/{tenant}/keys/",
        "JACKFIELD_HASHICORP_NAMESPACE": "team/a",
        "JACKFIELD_HASHICORP_TOKEN": "hvs.abc",
        "JACKFIELD_HASHICORP_TOKEN_FILE": str(tmp_path / "token"),
        "JACKFIELD_HASHICORP_ROLE_ID": "role",
        "JACKFIELD_HASHICORP_SECRET_ID": "secret-id",
        "JACKFIELD_CONNECTORS": f"{tmp_path}{os.pathsep}{tmp_path}",
        "JACKFIELD_EGRESS_ALLOW": "10.0.0.0/8",
        "JACKFIELD_EGRESS_PORTS": "443, 8443",
        "JACKFIELD_MOCK": "1",
        "JACKFIELD_LOG_LEVEL": "DEBUG",
        "JACKFIELD_LOG_FORMAT": "JSON",
        "JACKFIELD_URL": "HTTPS://jackfield.example:8443/base/",
        "JACKFIELD_HOST": "0.0.0.0",
        "JACKFIELD_PORT": "0",
        "JACKFIELD_ADMIN_TOKEN": "a" * 24,
        "JACKFIELD_MAX_REQUEST_BYTES": "1024",
        "JACKFIELD_SHUTDOWN_S": "5",
        "JACKFIELD_EMBEDDING": str(tmp_path),
        "JACKFIELD_PUBLIC_URL": "https://jackfield.example/",
        "JACKFIELD_CONNECT_RETURN_ORIGINS": "https://App.example.com, http://localhost:3000",
        "JACKFIELD_MCP_MODE": "Search",
        "JACKFIELD_MCP_AUTHORING": "0",
        "JACKFIELD_MCP_STATELESS": "1",
        "JACKFIELD_OIDC_ISSUER": "https://login.example/",
        "JACKFIELD_OIDC_AUDIENCE": "jackfield",
        "JACKFIELD_CALLER_TOKEN_HOSTS": "API.example, *.corp.example:8443,[::1]:9000",
        "JACKFIELD_SANDBOX": "Locked",
        "JACKFIELD_SCRIPT_MEMORY_MB": "512",
        "JACKFIELD_SCRIPT_CPU_S": "60",
        "JACKFIELD_MODEL_URL": "http://127.0.0.1:11434/v1/",
        "JACKFIELD_MODEL_KEY": "sk-abc",
        "JACKFIELD_MODEL": "coder",
        "JACKFIELD_MCP_COMMANDS": "files=FILES_KEY /usr/local/bin/mcp-files --root '/my data'; other=/bin/other",
        "JACKFIELD_HOST_COMMANDS": "date=/bin/date",
        "JACKFIELD_HOST_COMMANDS_AS_TOOLS": "1",
    }

    assert from_environment(environ) == Settings(
        data=tmp_path,
        database_url="postgresql://jf:hunter2@db/jackfield",
        key="main:abc",
        key_file=tmp_path / "keys",
        token="jf_abc",
        retention_days=30,
        secrets_from=("hashicorp", "files", "vault"),
        secrets_folder=tmp_path,
        hashicorp_url="https://vault.example:8200",
        hashicorp_path="kv/team/data/{tenant}/keys",
        hashicorp_namespace="team/a",
        hashicorp_token="hvs.abc",
        hashicorp_token_file=tmp_path / "token",
        hashicorp_role_id="role",
        hashicorp_secret_id="secret-id",
        connectors=(tmp_path, tmp_path),
        egress_allow="10.0.0.0/8",
        egress_ports=(443, 8443),
        mock=True,
        log_level="debug",
        log_format="json",
        url="https://jackfield.example:8443/base",
        host="0.0.0.0",
        port=0,
        admin_token="a" * 24,
        max_request_bytes=1024,
        shutdown_s=5,
        sandbox="locked",
        script_memory_mb=512,
        script_cpu_s=60,
        model_url="http://127.0.0.1:11434/v1",
        model_key="sk-abc",
        model="coder",
        mcp_commands=(
            Program(
                name="files",
                path="/usr/local/bin/mcp-files",
                arguments=("--root", "/my data"),
                variables=("FILES_KEY",),
            ),
            Program(name="other", path="/bin/other"),
        ),
        host_commands=(Program(name="date", path="/bin/date"),),
        host_commands_as_tools=True,
        embedding=tmp_path,
        public_url="https://jackfield.example",
        connect_return_origins=("https://app.example.com", "http://localhost:3000"),
        mcp_mode="search",
        mcp_authoring=False,
        mcp_stateless=True,
        oidc_issuer="https://login.example/",
        oidc_audience="jackfield",
        caller_token_hosts=("api.example", "*.corp.example:8443", "[::1]:9000"),
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("JACKFIELD_DATA_DIR", "/data/really?"),
        ("JACKFIELD_RETENTION_DAYS", "-1"),
        ("JACKFIELD_RETENTION_DAYS", "a year"),
        ("JACKFIELD_RETENTION_DAYS", "36501"),
        ("JACKFIELD_CONNECTORS", "nowhere/at-all"),
        ("JACKFIELD_SECRETS_FROM", "vault,aws"),
        ("JACKFIELD_SECRETS_FROM", "vault,vault"),
        ("JACKFIELD_SECRETS_FROM", ","),
        ("JACKFIELD_SECRETS_FOLDER", "nowhere/at-all"),
        ("JACKFIELD_HASHICORP_URL", "vault.example:8200"),
        ("JACKFIELD_HASHICORP_PATH", "secret/jackfield"),
        ("JACKFIELD_HASHICORP_PATH", "data/jackfield"),
        ("JACKFIELD_HASHICORP_PATH", "secret/data/../../sys"),
        ("JACKFIELD_HASHICORP_PATH", "secret//data/jackfield"),
        ("JACKFIELD_HASHICORP_PATH", "secret/data/jack field"),
        ("JACKFIELD_HASHICORP_PATH", "secret/data/a?version=1"),
        ("JACKFIELD_HASHICORP_PATH", "secret/data/{user}"),
        ("JACKFIELD_EGRESS_PORTS", "443,x"),
        ("JACKFIELD_EGRESS_PORTS", "0"),
        ("JACKFIELD_EGRESS_PORTS", "65536"),
        ("JACKFIELD_MOCK", "maybe"),
        ("JACKFIELD_LOG_LEVEL", "loud"),
        ("JACKFIELD_LOG_FORMAT", "xml"),
        ("JACKFIELD_SANDBOX", "none"),
        ("JACKFIELD_MODEL_URL", "localhost:11434"),
        ("JACKFIELD_URL", "ftp://host"),
        ("JACKFIELD_URL", "https://"),
        ("JACKFIELD_URL", "https://host:port"),
        ("JACKFIELD_URL", "https://[::1"),
        ("JACKFIELD_URL", "https://host\x07"),
        ("JACKFIELD_HOST", "localhost:8321"),
        ("JACKFIELD_HOST", "http://localhost"),
        ("JACKFIELD_HOST", "[::1]:8321"),
        ("JACKFIELD_PORT", "65536"),
        ("JACKFIELD_PORT", "-1"),
        ("JACKFIELD_PORT", "9" * 5000),
        ("JACKFIELD_MAX_REQUEST_BYTES", "1023"),
        ("JACKFIELD_MAX_REQUEST_BYTES", "1073741825"),
        ("JACKFIELD_MAX_REQUEST_BYTES", "16MB"),
        ("JACKFIELD_SHUTDOWN_S", "3601"),
        ("JACKFIELD_SCRIPT_MEMORY_MB", "7"),
        ("JACKFIELD_SCRIPT_MEMORY_MB", "1GB"),
        ("JACKFIELD_SCRIPT_CPU_S", "0"),
        ("JACKFIELD_SCRIPT_CPU_S", "301"),
        ("JACKFIELD_SHUTDOWN_S", "1.5"),
        ("JACKFIELD_MCP_COMMANDS", "files"),
        ("JACKFIELD_MCP_COMMANDS", "files=mcp-files"),
        ("JACKFIELD_MCP_COMMANDS", "files=./mcp-files"),
        ("JACKFIELD_MCP_COMMANDS", "1st=/bin/x"),
        ("JACKFIELD_MCP_COMMANDS", "=/bin/x"),
        ("JACKFIELD_MCP_COMMANDS", "a=/bin/x; A=/bin/y"),
        ("JACKFIELD_MCP_COMMANDS", "a=KEY=value /bin/x"),
        ("JACKFIELD_HOST_COMMANDS", "a=/bin/x 'b"),
        ("JACKFIELD_HOST_COMMANDS_AS_TOOLS", "perhaps"),
        ("JACKFIELD_OIDC_ISSUER", "http://login.example"),
        ("JACKFIELD_OIDC_ISSUER", "login.example"),
        ("JACKFIELD_OIDC_ISSUER", "https://login.example?tenant=1"),
        ("JACKFIELD_OIDC_AUDIENCE", "a" * 301),
        ("JACKFIELD_CALLER_TOKEN_HOSTS", "*"),
        ("JACKFIELD_CALLER_TOKEN_HOSTS", "*.example"),
        ("JACKFIELD_CALLER_TOKEN_HOSTS", "*.0.0.1"),
        ("JACKFIELD_CALLER_TOKEN_HOSTS", "api.*.example"),
        ("JACKFIELD_CALLER_TOKEN_HOSTS", "https://api.example"),
        ("JACKFIELD_CALLER_TOKEN_HOSTS", "api.example/path"),
        ("JACKFIELD_CALLER_TOKEN_HOSTS", "10.0.0.0/8"),
        ("JACKFIELD_CALLER_TOKEN_HOSTS", "api.example:0"),
        ("JACKFIELD_CALLER_TOKEN_HOSTS", "api.example:65536"),
        ("JACKFIELD_CALLER_TOKEN_HOSTS", "user@api.example"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(name: str, value: str):
    """A setting that is ignored silently costs an afternoon."""
    with pytest.raises(InvalidSetting) as caught:
        from_environment({name: value})

    assert f"setting `{name}` is" in caught.value.message


def test_secrets_come_from_variables_of_their_own():
    """`JACKFIELD_SECRET_<NAME>`; an empty one is none."""
    environ = {"JACKFIELD_SECRET_SLACK": "xoxb", "JACKFIELD_SECRET_": "x", "JACKFIELD_SECRET_EMPTY": "", "SLACK": "no"}

    assert secrets_from_environment(environ) == {"SLACK": "xoxb"}


def test_no_setting_is_taken_for_a_secret():
    """Nor is one that is mistyped, which nobody would hear of then."""
    assert [name for name in READERS if variable(name).startswith(SECRET_PREFIX)] == []


def test_by_default_everything_lies_in_the_data_folder(tmp_path: Path):
    """One folder to back up, to move, to delete. A folder given later takes its database along."""
    settings = from_environment({"JACKFIELD_DATA_DIR": str(tmp_path)})

    assert settings.database == f"sqlite:///{tmp_path / 'jackfield.db'}"
    assert replace(settings, data=tmp_path / "new").database == f"sqlite:///{tmp_path / 'new' / 'jackfield.db'}"
    assert not settings.keeps_nothing
    assert from_environment({"JACKFIELD_DATABASE_URL": "memory"}).keeps_nothing


def test_without_a_data_folder_it_is_where_the_system_wants_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """On Linux and BSD, what the XDG specification says; the library knows the others."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))

    assert from_environment({}).data.name == "jackfield"
    assert from_environment({"JACKFIELD_DATA_DIR": "~/jf"}).data == Path.home() / "jf"


@pytest.mark.parametrize("value", ["mysql://u:hunter2@host/db", "hunter2", "/data/jackfield.db", "postgresql:hunter2"])
def test_what_is_no_database_is_refused_without_showing_it(value: str):
    """It may hold a password, wherever that stands."""
    with pytest.raises(InvalidSetting) as caught:
        from_environment({"JACKFIELD_DATABASE_URL": value})

    assert caught.value.message == f"setting `JACKFIELD_DATABASE_URL` is `{NOT_SHOWN}`"
    assert "hunter2" not in str(caught.value.to_json())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("JACKFIELD_ADMIN_TOKEN", "hunter2"),
        ("JACKFIELD_ADMIN_TOKEN", "hunter2 with spaces that is long enough"),
        ("JACKFIELD_ADMIN_TOKEN", "hunter2-with-\x07-that-is-long-enough"),
        ("JACKFIELD_ADMIN_TOKEN", "hunter2-mit-ü-that-is-long-enough"),
        ("JACKFIELD_ADMIN_TOKEN", "hunter2" * 100),
        ("JACKFIELD_URL", "https://jf:hunter2@host"),
        ("JACKFIELD_URL", "https://hunter2@host"),
        ("JACKFIELD_URL", "https://host?token=hunter2"),
        ("JACKFIELD_URL", "https://host#hunter2"),
        ("JACKFIELD_URL", "hunter2"),
    ],
)
def test_what_may_hold_a_secret_is_refused_without_showing_it(name: str, value: str):
    """What was pasted into the wrong variable does not end in a log."""
    with pytest.raises(InvalidSetting) as caught:
        from_environment({name: value})

    assert caught.value.message == f"setting `{name}` is `{NOT_SHOWN}`"
    assert "hunter2" not in str(caught.value.to_json())


@pytest.mark.parametrize(
    ("value", "host"), [("::", "::"), ("[::1]", "::1"), ("localhost", "localhost"), ("10.0.0.1", "10.0.0.1")]
)
def test_a_host_is_a_name_or_an_address(value: str, host: str):
    """With or without the brackets that a URL wants."""
    assert from_environment({"JACKFIELD_HOST": value}).host == host


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("memory", "memory"),
        ("sqlite:////data/a@b.db", "sqlite:////data/a@b.db"),
        ("postgresql://host/db", "postgresql://host/db"),
        ("postgresql://host:5433/db", "postgresql://host:5433/db"),
        ("postgresql://jf@host/db", "postgresql://jf@host/db"),
        ("postgresql://jf:hunter2@host:5433/db?sslmode=require", "postgresql://jf@host:5433/db"),
        ("postgresql://host/db?password=hunter2", "postgresql://host/db"),
        ("postgresql://jf:hunt/er2@host/db", "postgresql://jf@host/db"),
        ("postgresql://jf:12/hunter2@host/db", "postgresql://jf@host/db"),
        ("postgresql://jf:h?unter2@host/db", NOT_SHOWN),
        ("postgresql://jf:h@unter2@host/db", NOT_SHOWN),
        ("postgresql://host/db?password=h@unter2", NOT_SHOWN),
        ("postgresql://jf:hunter2", NOT_SHOWN),
        ("postgresql://jf:hunter2/db", NOT_SHOWN),
        ("postgresql://jf:hunter2@[::1]:5433/db", "postgresql://jf@[::1]:5433/db"),
        ("hunter2", NOT_SHOWN),
        ("://hunter2", NOT_SHOWN),
    ],
)
def test_a_database_is_shown_without_its_password(url: str, shown: str):
    """Also one that stands where it should not, or that nobody has quoted."""
    assert without_password(url) == shown


def test_what_is_shown_of_settings_has_no_secret():
    """They are printed by debuggers and in bug reports."""
    settings = from_environment(
        {
            "JACKFIELD_KEY": "main:hunter2",
            "JACKFIELD_TOKEN": "jf_hunter2",
            "JACKFIELD_ADMIN_TOKEN": "hunter2-hunter2-hunter2-hunter2",
            "JACKFIELD_DATABASE_URL": "postgresql://jf:hunter2@host/db",
        }
    )

    assert "hunter2" not in repr(settings)
    assert "hunter2" not in str(settings.sources)
    assert settings.database_shown == "postgresql://jf@host/db"


def test_each_setting_knows_where_it_came_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """To find out why something is as it is, also after a program has replaced one of them."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "connectors").mkdir()
    settings = from_environment({"JACKFIELD_MOCK": "1", "JACKFIELD_LOG_LEVEL": "warning"})
    changed = replace(settings, mock=False, egress_allow="10.0.0.0/8", connectors=(tmp_path,))

    assert settings.sources["mock"] == "environment (JACKFIELD_MOCK)"
    assert settings.sources["log_level"] == "environment (JACKFIELD_LOG_LEVEL)"
    assert settings.sources["connectors"] == settings.sources["data"] == settings.sources["key"] == "default"
    assert changed.sources["egress_allow"] == changed.sources["connectors"] == "argument"
    assert changed.sources["mock"] == "default"
