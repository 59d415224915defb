"""HashiCorp Vault over its HTTP API, with `hvac`. What is here waits for answers, so it is called in threads.

Source: https://developer.hashicorp.com/vault/api-docs, its pages on KV version 2, AppRole and tokens.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jackfield.definition.secret import Secret
from jackfield.errors import JackfieldError
from jackfield.vault.backends.hashicorp_sign_in import AppRole, Lease, SignIn
from jackfield.vault.errors import SecretStoreRefused, SecretStoreUnavailable, SecretUnreadable
from jackfield.vault.watch import SecretWatch

if TYPE_CHECKING:
    import hvac
    import requests

TIMEOUT_S = 10.0
FIELD = "value"
"""Of an entry, the field that is the secret."""
MAX_BYTES = 1024 * 1024

_NO_VAULT = "answers as no Vault does"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where secrets are.

    Attributes:
        url: Of the server, without `/v1`.
        path: Of a folder of a KV engine of version 2 as the API has it, such as `secret/data/jackfield`. `{tenant}`
            stands for the caller's tenant.
        namespace: Of HashiCorp Vault Enterprise, or of OpenBao.
    """

    url: str
    path: str
    namespace: str = ""


class HashicorpClient:
    """One server, and the token that it is asked with."""

    def __init__(self, place: Place, sign_in: SignIn, *, watch: SecretWatch | None = None) -> None:
        """Args:
        watch: Is told of the tokens.
        """
        self.place = place
        self._sign_in = sign_in
        self._watch = watch
        self._lock = threading.Lock()
        self._client: hvac.Client | None = None
        self._lease: Lease | None = None

    def read(self, path: str) -> Secret | None:
        """The value of the entry at `path`; `None` where there is none, or its newest version is deleted.

        Raises:
            SecretStoreUnavailable, SecretStoreRefused: That cannot be said.
            SecretUnreadable: It has no text `value`.
        """
        lease = self.lease()
        status, body = self._read(path)
        if status == 403 and self._has_another_than(lease):
            status, body = self._read(path)
        if status == 403:
            raise self._refused(f"refuses to read `{path}`", hint=_policy(path))
        if status == 404:
            self._require_absent(path, body)
            return None
        self._judge(status, body)
        return _value(body, place=f"{self.place.url}/v1/{path}")

    def lease(self) -> Lease:
        """The token and how long it lives; signs in if that was not done yet.

        Raises:
            SecretStoreUnavailable, SecretStoreRefused: It cannot sign in.
        """
        with self._lock:
            return self._lease or self._signed_in()

    def renewed(self) -> Lease:
        """Make the token live longer, or get another where that can be had.

        Raises:
            SecretStoreUnavailable, SecretStoreRefused: Neither was possible.
        """
        lease = self.lease()
        if not lease.renewable:
            return self._signed_in_anew(lease)
        status, body = self._asked(lambda client: client.auth.token.renew_self())
        if status not in {400, 403}:
            self._judge(status, body)
            longer = self._lease_in(body, token=lease.token)
            # Near the end of the longest life that a token may have, it is renewed for less and less.
            if longer.ttl_s * 2 > lease.ttl_s:
                self._lease = longer
                return longer
        return self._signed_in_anew(lease)

    def policies(self) -> list[str] | None:
        """What the token may do, by name; `None` where it may not look at itself.

        Raises:
            SecretStoreUnavailable, SecretStoreRefused: It cannot be asked.
        """
        self.lease()
        status, body = self._asked(lambda client: client.auth.token.lookup_self())
        if status == 403:
            return None
        self._judge(status, body)
        found = _inside(body, "data").get("policies")
        return [str(each) for each in found] if isinstance(found, list) else []

    def is_kv_2(self) -> bool | None:
        """Whether the path leads to a KV engine of version 2; `None` where the token may not see that.

        Of another engine, every look-up would say that there is no such entry.

        Raises:
            SecretStoreUnavailable, SecretStoreRefused: It cannot be asked.
        """
        self.lease()
        mount = self.place.path.partition("/data")[0]
        status, body = self._asked(lambda client: client.adapter.get(f"/v1/sys/internal/ui/mounts/{mount}"))
        if status in {403, 404}:
            return None
        self._judge(status, body)
        engine = _inside(body, "data")
        return engine.get("type") == "kv" and _inside(engine, "options").get("version") == "2"

    def close(self) -> None:
        """Close the connections. The token is left to end by itself: another process may have the same."""
        client, self._client = self._client, None
        if client is not None:
            client.adapter.close()

    def _signed_in_anew(self, old: Lease) -> Lease:
        """Another lease, of whichever thread is first."""
        with self._lock:
            if self._lease is not None and self._lease.token != old.token:
                return self._lease
            return self._signed_in()

    def _signed_in(self) -> Lease:
        way = self._sign_in
        lease = self._asked_for(way) if isinstance(way, AppRole) else self._looked_up(way.given())
        self._connected().token = lease.token
        if self._watch is not None:
            self._watch.add(Secret(lease.token))
        self._lease = lease
        return lease

    def _asked_for(self, role: AppRole) -> Lease:
        """A new token."""
        status, body = self._asked(role.ask)
        if status in {400, 401, 403, 404}:
            raise self._refused("does not accept the role id and the secret id", hint=role.hint)
        self._judge(status, body)
        return self._lease_in(body)

    def _looked_up(self, token: str) -> Lease:
        """How long a token lives that was given."""
        self._connected().token = token
        status, body = self._asked(lambda client: client.auth.token.lookup_self())
        if status == 403:  # it has ended, or may do nothing but read: what it is for will tell
            return Lease(token=token)
        self._judge(status, body)
        data = _inside(body, "data")
        return Lease(token=token, ttl_s=_seconds(data.get("ttl")), renewable=data.get("renewable") is True)

    def _lease_in(self, body: Mapping[str, Any], *, token: str = "") -> Lease:
        auth = _inside(body, "auth")
        given = auth.get("client_token") or token
        if not isinstance(given, str) or not given:
            raise self._unavailable(_NO_VAULT)
        return Lease(token=given, ttl_s=_seconds(auth.get("lease_duration")), renewable=auth.get("renewable") is True)

    def _has_another_than(self, lease: Lease) -> bool:
        """Whether there is another token now that one was refused."""
        if self.lease().token != lease.token:  # of another thread
            return True
        if self._asked(lambda client: client.auth.token.lookup_self())[0] == 200:
            return False  # it lives: the policy is the reason, and a new one would not do either
        return self._signed_in_anew(lease).token != lease.token

    def _read(self, path: str) -> tuple[int, dict[str, Any]]:
        mount, _, entry = path.partition("/data/")
        return self._asked(
            lambda client: client.secrets.kv.v2.read_secret_version(
                entry, mount_point=mount, raise_on_deleted_version=False
            )
        )

    def _require_absent(self, path: str, body: Mapping[str, Any]) -> None:
        """Do nothing if the server says that there is no such entry, and not that it knows no such path.

        An entry that was never there answers an empty list of errors, one that was deleted its metadata.
        """
        if body.get("errors") == [] or "metadata" in _inside(body, "data"):
            return
        hint = "correct `JACKFIELD_HASHICORP_PATH`: the engine, `/data`, and the folder below it"
        raise self._refused(f"has no KV engine of version 2 for `{path}`", hint=hint)

    def _judge(self, status: int, body: Mapping[str, Any]) -> None:
        """Do nothing if it is an answer."""
        if status == 200 and body:
            return
        if status == 503 and any("sealed" in str(each) for each in body.get("errors") or ()):
            raise self._unavailable("is sealed")
        if status == 429 or status >= 500:
            raise self._unavailable(f"answers {status}")
        if 300 <= status < 400:
            hint = "set `JACKFIELD_HASHICORP_URL` to the address that it leads to; a token is not sent on by itself"
            raise self._refused(f"answers with a redirect ({status})", hint=hint)
        if status >= 400:
            raise self._refused(f"answers {status}", hint="see what the server has in its log about it")
        raise self._unavailable(_NO_VAULT)

    def _asked(self, ask: Callable[[hvac.Client], requests.Response]) -> tuple[int, dict[str, Any]]:
        import requests

        try:
            answer = ask(self._connected())
            return answer.status_code, _json(answer)
        except requests.exceptions.SSLError:
            problem = "has a certificate that is not trusted here"
        except requests.exceptions.Timeout:
            problem = f"did not answer within {TIMEOUT_S:.0f} s"
        except (requests.exceptions.RequestException, OSError):
            problem = "cannot be reached"
        # Outside of `except`: the errors of that library hold requests, and those the token.
        raise self._unavailable(problem)

    def _connected(self) -> hvac.Client:
        if self._client is None:
            self._client = _client(self.place)
        return self._client

    def _unavailable(self, problem: str) -> JackfieldError:
        return SecretStoreUnavailable(store=self.place.url, problem=problem)

    def _refused(self, problem: str, *, hint: str) -> JackfieldError:
        return SecretStoreRefused(store=self.place.url, problem=problem, hint=hint)


def _client(place: Place) -> hvac.Client:
    """A client that takes nothing from the environment: no proxy, no token, no password of a `.netrc`."""
    import hvac
    import requests
    from hvac.adapters import RawAdapter

    session = requests.Session()
    session.trust_env = False
    session.mount("https://", _system_trust())
    return hvac.Client(
        url=place.url,
        token="",  # else it is looked for in the environment and in the home folder
        verify=True,
        timeout=TIMEOUT_S,
        allow_redirects=False,  # its token would go along to another host
        session=session,
        adapter=RawAdapter,
        namespace=place.namespace or None,
        ignore_exceptions=True,  # its errors quote answers; statuses are judged here
    )


def _system_trust() -> Any:
    """What opens connections with the certificates of the system, as everywhere else, instead of a list of its own."""
    from requests.adapters import HTTPAdapter

    context = ssl.create_default_context()

    class SystemTrust(HTTPAdapter):
        def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
            host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
            return host, {**pool, "ssl_context": context}

        def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
            """Adds no other list."""

    return SystemTrust()


def _json(answer: requests.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:  # a proxy between may answer in HTML
        return {}
    return found if isinstance(found, dict) else {}


def _inside(body: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = body.get(key)
    return found if isinstance(found, dict) else {}


def _seconds(value: Any) -> float:
    return float(value) if isinstance(value, int | float) and value > 0 else 0.0


def _value(body: Mapping[str, Any], *, place: str) -> Secret | None:
    value = _inside(_inside(body, "data"), "data").get(FIELD)
    problem = "" if isinstance(value, str) else f"it has no text in a field `{FIELD}`"
    if isinstance(value, str) and len(value.encode("utf-8", "replace")) > MAX_BYTES:
        problem = f"it has more than {MAX_BYTES} bytes"
    if problem or not isinstance(value, str):
        hint = f"`vault kv put` with `{FIELD}=...` puts it there"
        raise SecretUnreadable(name=place.rpartition("/")[2], place=place, problem=problem, hint=hint)
    return Secret(value) if value else None


def _policy(path: str) -> str:
    folder = path.rpartition("/")[0]
    return f"the token must not have ended, and needs a policy with `read` for `{folder}/*`"
