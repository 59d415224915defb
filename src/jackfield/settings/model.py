"""What can be set from outside, and where each setting came from, as one frozen object."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, NamedTuple

from jackfield.settings.errors import NOT_SHOWN
from jackfield.settings.programs import Program

MEMORY = "memory"
"""In place of a database's URL: nothing is kept."""

SecretBackend = Literal["vault", "environment", "files", "hashicorp"]

_SERVER = re.compile(r"(\[[0-9a-fA-F:.]*\]|[^:/\[\]]*)(:\d+)?(/.*)?")


class Origin(NamedTuple):
    """Where the value of a setting came from, and which value that was."""

    source: str
    value: Any


def user_data() -> Path:
    """Where this system keeps the data of a user."""
    from platformdirs import user_data_path  # here, because not everybody keeps anything

    return user_data_path("jackfield", appauthor=False)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings of one process.

    Attributes:
        config: `JACKFIELD_CONFIG`: the settings file, which then has to be there. It cannot name itself. Default
            `jackfield.toml` in the working directory, if there is one.
        data: `JACKFIELD_DATA_DIR`: the folder where this installation keeps what is its own. Default the data folder of
            the user, such as `~/.local/share/jackfield` on Linux.
        database_url: `JACKFIELD_DATABASE_URL`: `sqlite:///path/to/file.db` (four slashes for an absolute path),
            `postgresql://user:password@host/name`, or `memory`, which keeps nothing. Default `jackfield.db` in the
            data folder.
        key: `JACKFIELD_KEY`: the keys that encrypt what is kept, as `name:<base64 of 32 bytes>`, separated by commas;
            the first encrypts, the others decrypt. Never shown.
        key_file: `JACKFIELD_KEY_FILE`: a file with such keys, one a line, that only its owner can read; not looked at
            if there is a `JACKFIELD_KEY`. Default `key` in the data folder, for a database in that folder only.
        token: `JACKFIELD_TOKEN`: the API token that this process acts with. Without it, it acts as the user `local`.
            Never shown.
        url: `JACKFIELD_URL`: address of a Jackfield server, such as `https://jackfield.example`, that this process
            works with instead of opening a database. The token goes along with each call, so use https for any other
            machine.
        retention_days: `JACKFIELD_RETENTION_DAYS`: days for which closed runs and executions are kept; `0` keeps
            them for ever. Default 90.
        secrets_from: `JACKFIELD_SECRETS_FROM`: where secrets are looked for, in this order, separated by commas:
            `vault`, the database, encrypted; `environment`, variables `JACKFIELD_SECRET_<NAME>`; `files`, a folder;
            `hashicorp`, a HashiCorp Vault or OpenBao. Default vault,environment.
        secrets_folder: `JACKFIELD_SECRETS_FOLDER`: a folder with a file for each secret, as Docker and Kubernetes mount
            them, for `files`. Default none.
        hashicorp_url: `JACKFIELD_HASHICORP_URL`: address of the server, for `hashicorp`, such as
            `https://vault.example:8200`.
        hashicorp_path: `JACKFIELD_HASHICORP_PATH`: the folder with an entry for each secret, in a KV engine of version
            2, as policies have it: the engine, `/data` and what is below; `{tenant}` stands for the caller's tenant.
            Default `secret/data/jackfield`.
        hashicorp_namespace: `JACKFIELD_HASHICORP_NAMESPACE`: the namespace there. Default none.
        hashicorp_token: `JACKFIELD_HASHICORP_TOKEN`: the token to sign in with there. Never shown.
        hashicorp_token_file: `JACKFIELD_HASHICORP_TOKEN_FILE`: instead, a file in which another program keeps a token,
            as Vault Agent does.
        hashicorp_role_id: `JACKFIELD_HASHICORP_ROLE_ID`: instead, the id of an AppRole.
        hashicorp_secret_id: `JACKFIELD_HASHICORP_SECRET_ID`: the secret id of that AppRole. Never shown.
        connectors: `JACKFIELD_CONNECTORS`: files and folders with connectors, separated as in `PATH`.
            Without it, the folder `connectors` in the working directory if there is one.
        egress_allow: `JACKFIELD_EGRESS_ALLOW`: comma-separated CIDRs, hosts and `host:port` that may be
            reached although they are private.
        egress_ports: `JACKFIELD_EGRESS_PORTS`: comma-separated ports that may be reached on public
            addresses, instead of 80, 443, 8080 and 8443.
        mock: `JACKFIELD_MOCK`: `1` answers every call from mocks. Default `0`.
        log_level: `JACKFIELD_LOG_LEVEL`: debug, info, warning or error. Default warning.
        log_format: `JACKFIELD_LOG_FORMAT`: text, or json for one JSON object a line. Default text.
        host: `JACKFIELD_HOST`: the address that the server listens on; `0.0.0.0` or `::` for all of this machine.
            No other machine reaches the default. Default `127.0.0.1`.
        port: `JACKFIELD_PORT`: the port that the server listens on; `0` for any free one. Default 8321.
        admin_token: `JACKFIELD_ADMIN_TOKEN`: the token of the user `admin`, 24 to 200 printable ASCII characters
            without spaces; without it, the first start of a server makes one and prints it once. Never shown.
        max_request_bytes: `JACKFIELD_MAX_REQUEST_BYTES`: bytes that the body of a request to the server may have, 1024
            to 1073741824. Default 16777216 (16 MiB).
        shutdown_s: `JACKFIELD_SHUTDOWN_S`: seconds that calls in flight may take to finish when the server stops, 0 to
            3600. Default 30.
        sandbox: `JACKFIELD_SANDBOX`: what stands between connectors in JavaScript and this machine, beside
            WebAssembly: `auto`, processes that are locked down where the system can do that; `locked`, the same or
            no script at all; `process`, processes that are not locked down; `thread`, threads of this process.
            Default auto.
        script_memory_mb: `JACKFIELD_SCRIPT_MEMORY_MB`: the most memory, in MiB, that a connector in JavaScript may ask
            for with `limits`, 8 to 4096. Default 256.
        script_cpu_s: `JACKFIELD_SCRIPT_CPU_S`: the most seconds on a processor that it may ask for, 1 to 300.
            Default 30.
        model_url: `JACKFIELD_MODEL_URL`: address of a language model that helps to write connectors, without
            `/chat/completions` at its end, such as `https://api.openai.com/v1`; any service that speaks this protocol.
            Its host and port may be private: they are opened for this alone.
        model_key: `JACKFIELD_MODEL_KEY`: its API key; without one, it is asked without. Never shown.
        model: `JACKFIELD_MODEL`: the name of the model there.
        mcp_commands: `JACKFIELD_MCP_COMMANDS`: programs of this machine that connectors may name as MCP servers, as
            `name=/absolute/path --option`, separated by `;`. Nothing else is ever started for them. No shell sees it,
            and a program gets no variables of the environment but those named before its path, as in
            `files=FILES_KEY /usr/local/bin/mcp-files --root /data`. Default none.
        host_commands: `JACKFIELD_HOST_COMMANDS`: programs of this machine that connectors of the type `host-command`
            may run, in the same form. Without it there is no such type. Default none.
        host_commands_as_tools: `JACKFIELD_HOST_COMMANDS_AS_TOOLS`: `1` offers these programs to language models too.
            Default `0`.
        embedding: `JACKFIELD_EMBEDDING`: a folder with a sentence model, `tokenizer.json` and `model.onnx`, by which
            tools are found by meaning too. Without it they are found by words. Default none.
        public_url: `JACKFIELD_PUBLIC_URL`: the address by which others reach the server, such as
            `https://jackfield.example`; MCP clients are told it, and are answered under its name. Without it, MCP is
            answered under addresses, `localhost` and the name that the server listens on.
        connect_return_origins: `JACKFIELD_CONNECT_RETURN_ORIGINS`: comma-separated origins, such as
            `https://app.example.com`, to which the page of a connect link may send people when they have connected
            their account. Default none.
        mcp_mode: `JACKFIELD_MCP_MODE`: how `/mcp` lists tools: `tools` each by itself, `search` only those that find
            and call them, `auto` the one or the other by how many there are. Default auto.
        mcp_authoring: `JACKFIELD_MCP_AUTHORING`: `1` offers the tools that make and change connectors at `/mcp`, to
            tokens with the scope `manage`. Default `1`.
        mcp_stateless: `JACKFIELD_MCP_STATELESS`: `1` keeps no MCP sessions, so that any of several processes behind one
            address can answer any request; clients of revision 2025-11-25 and older then do not hear of changed tools.
            Default `0`.
        oidc_issuer: `JACKFIELD_OIDC_ISSUER`: the OpenID Connect issuer of the company, exactly as its tokens have it in
            `iss`, such as `https://login.example.com/`. Callers may come with its tokens instead of those of Jackfield,
            once an administrator has linked them to users. Its host and port may be private: they are opened for its
            keys alone. Default none.
        oidc_audience: `JACKFIELD_OIDC_AUDIENCE`: what those tokens have in `aud` for this installation, without which
            none counts; has to be set with the issuer.
        caller_token_hosts: `JACKFIELD_CALLER_TOKEN_HOSTS`: comma-separated hosts that the tokens of such callers may be
            forwarded to, by connectors that ask for it: `api.example.com`, `api.example.com:8443`, or
            `*.example.com` for all below it. Without a port, only the usual one of https. Default none.
    """

    config: Path | None = None
    data: Path = field(default_factory=user_data)
    database_url: str = field(default="", repr=False)
    key: str = field(default="", repr=False)
    key_file: Path | None = None
    token: str = field(default="", repr=False)
    url: str = ""
    retention_days: int = 90
    secrets_from: tuple[SecretBackend, ...] = ("vault", "environment")
    secrets_folder: Path | None = None
    hashicorp_url: str = ""
    hashicorp_path: str = "secret/data/jackfield"
    hashicorp_namespace: str = ""
    hashicorp_token: str = field(default="", repr=False)
    hashicorp_token_file: Path | None = None
    hashicorp_role_id: str = ""
    hashicorp_secret_id: str = field(default="", repr=False)
    connectors: tuple[Path, ...] = ()
    egress_allow: str = ""
    egress_ports: tuple[int, ...] = ()
    mock: bool = False
    log_level: str = "warning"
    log_format: Literal["text", "json"] = "text"
    host: str = "127.0.0.1"
    port: int = 8321
    admin_token: str = field(default="", repr=False)
    max_request_bytes: int = 16 * 1024 * 1024
    shutdown_s: int = 30
    sandbox: Literal["auto", "locked", "process", "thread"] = "auto"
    script_memory_mb: int = 256
    script_cpu_s: int = 30
    model_url: str = ""
    model_key: str = field(default="", repr=False)
    model: str = ""
    mcp_commands: tuple[Program, ...] = ()
    host_commands: tuple[Program, ...] = ()
    host_commands_as_tools: bool = False
    embedding: Path | None = None
    public_url: str = ""
    connect_return_origins: tuple[str, ...] = ()
    mcp_mode: Literal["auto", "tools", "search"] = "auto"
    mcp_authoring: bool = True
    mcp_stateless: bool = False
    oidc_issuer: str = ""
    oidc_audience: str = ""
    caller_token_hosts: tuple[str, ...] = ()
    origins: Mapping[str, Origin] = field(default_factory=dict, repr=False, compare=False)

    @property
    def database(self) -> str:
        """The URL of the database, or `memory`. It may hold a password: to show it, use `database_shown`."""
        return self.database_url or f"sqlite:///{self.data / 'jackfield.db'}"

    @property
    def database_shown(self) -> str:
        """The URL of the database without password and parameters."""
        return without_password(self.database)

    @property
    def keeps_nothing(self) -> bool:
        """Whether all is gone when the process ends."""
        return self.database_url == MEMORY

    @property
    def sources(self) -> Mapping[str, str]:
        """Where each setting came from: `argument`, `file (PATH)`, `environment (VARIABLE)` or `default`, by its name.

        Of `config`, `found` means that it was not named: it lies in the working directory.
        """
        return {each.name: self._source(each.name) for each in fields(self) if each.compare}

    def _source(self, name: str) -> str:
        value = getattr(self, name)
        origin = self.origins.get(name)
        if origin and origin.value == value:  # else somebody has replaced it since
            return origin.source
        default = user_data() if name == "data" else getattr(Settings, name)
        return "default" if value == default else "argument"


def without_password(url: str) -> str:
    """A database's URL as it can be shown. Where it is in doubt what belongs to a password, nothing is."""
    scheme, found, rest = url.partition("://")
    if url == MEMORY or scheme == "sqlite":
        return url
    place, _, parameters = rest.partition("?")
    login, at, server = place.rpartition("@")
    if not found or not scheme or "@" in login + parameters or not _SERVER.fullmatch(server):
        return NOT_SHOWN
    return f"{scheme}://{login.partition(':')[0]}{at}{server}"
