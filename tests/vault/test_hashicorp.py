"""Secrets of a HashiCorp Vault: what counts as none, what is an error, how often it is asked, who else sees them."""

from __future__ import annotations

import asyncio
import logging
import ssl
import traceback

import pytest
import trustme

from hashicorp_stand_in import StandIn, stand_in
from jackfield.definition.errors import InvalidName
from jackfield.definition.secret import Secret
from jackfield.vault.backends import hashicorp
from jackfield.vault.backends.hashicorp import FRESH_S, HashicorpSecrets
from jackfield.vault.backends.hashicorp_client import MAX_BYTES, HashicorpClient, Place
from jackfield.vault.backends.hashicorp_sign_in import AppRole, GivenToken, SignIn, TokenFile
from jackfield.vault.errors import SecretStoreRefused, SecretStoreUnavailable, SecretUnreadable
from jackfield.vault.watch import SecretWatch
from servers import Answer, serve

WHO = {"tenant": "default", "user": "ada"}
ENTRY = "secret/data/jackfield/KEY"
ROOT = GivenToken(token=Secret("root-token"))


class World:
    """A server, and stores that ask it."""

    def __init__(self, server: StandIn) -> None:
        self.server = server
        self.watch = SecretWatch()
        self.now = 0.0
        self.waits: asyncio.Queue[tuple[float, asyncio.Event]] = asyncio.Queue()
        self.stores: list[HashicorpSecrets] = []

    def store(self, sign_in: SignIn = ROOT, **place: str) -> HashicorpSecrets:
        where = Place(**({"url": self.server.url, "path": "secret/data/jackfield"} | place))
        client = HashicorpClient(where, sign_in, watch=self.watch)
        made = HashicorpSecrets(client, tenant="default", watch=self.watch, clock=lambda: self.now, wait=self._wait)
        self.stores.append(made)
        return made

    async def _wait(self, seconds: float) -> None:
        over = asyncio.Event()
        await self.waits.put((seconds, over))
        await over.wait()

    async def renewal(self) -> tuple[float, asyncio.Event]:
        """How long the next renewal of a token is waited for, and what ends the wait."""
        async with asyncio.timeout(10):
            return await self.waits.get()


@pytest.fixture
async def world():
    with stand_in() as server:
        made = World(server)
        yield made
        server.hold.set()
        for store in made.stores:
            await store.close()


@pytest.fixture
def server(world) -> StandIn:
    return world.server


async def found(store: HashicorpSecrets, name: str = "KEY", tenant: str = "default") -> str | None:
    secret = await store.find(name, tenant=tenant, user="ada")
    return None if secret is None else secret.reveal()


async def test_an_entry_is_a_secret(world, server):
    """Its field `value`, of the newest version."""
    server.put(ENTRY, "older")
    server.put(ENTRY, {"value": "newer", "note": "of Ada"})

    assert await found(world.store()) == "newer"
    assert server.asked == [("GET", "auth/token/lookup-self"), ("GET", ENTRY)]


@pytest.mark.parametrize("state", ["absent", "deleted", "empty"])
async def test_what_is_not_there_is_none(world, server, state):
    """The next place is asked."""
    if state == "deleted":
        server.put(ENTRY, "gone")
        server.delete(ENTRY)
    if state == "empty":
        server.put(ENTRY, "")
    store = world.store()

    assert await found(store) is None
    assert await store.decided_by("KEY", **WHO) is None


@pytest.mark.parametrize(
    "fields", [{"password": "x"}, {"value": 12}, {"value": {"a": "b"}}, {"value": "x" * (MAX_BYTES + 1)}]
)
async def test_an_entry_without_a_text_value_is_an_error(world, server, fields):
    """Whoever put it there meant it to be used."""
    server.put(ENTRY, fields)
    with pytest.raises(SecretUnreadable, match="the secret `KEY` in") as refused:
        await found(world.store())

    assert "vault kv put" in refused.value.hint


@pytest.mark.parametrize(
    "name", ["../KEY", "a/b", "a\\b", "..", ".", ".hidden", "", "a\0b", "a?b", "a#b", "a%2fb", "ä", "a b", "x" * 129]
)
async def test_a_name_cannot_lead_to_another_entry(world, server, name):
    """Names come from connectors that users write."""
    store = world.store()
    for ask in (store.find, store.decided_by):
        with pytest.raises(InvalidName):
            await ask(name, **WHO)
    with pytest.raises(InvalidName):
        store.places(name)

    assert server.asked == []


async def test_other_tenants_get_nothing(world, server):
    """The folder is one tenant's; the server is not even asked."""
    server.put(ENTRY, "value")

    assert await found(world.store(), tenant="other") is None
    assert server.asked == []


async def test_each_tenant_can_have_a_folder_of_its_own(world, server):
    """With its name in the path, and none that would lead elsewhere."""
    server.put("secret/data/acme/keys/KEY", "of acme")
    server.put(ENTRY, "of nobody")
    store = world.store(path="secret/data/{tenant}/keys")

    assert await found(store, tenant="acme") == "of acme"
    assert await found(store, tenant="default") is None
    assert await found(store, tenant="../jackfield") is None
    assert "secret/data/jackfield/KEY" not in server.reads


async def test_a_namespace_goes_along(world, server):
    """Else it is another server's folder of the same name."""
    server.put(ENTRY, "of the team", namespace="team/a")
    server.put(ENTRY, "of the root")

    assert await found(world.store(namespace="team/a")) == "of the team"
    assert {asked.headers.get("x-vault-namespace") for asked in server.service.asked} == {"team/a"}


async def test_the_place_is_named_and_not_the_token(world):
    store = world.store()

    assert store.places("KEY") == [f"`secret/data/jackfield/KEY` of `{world.server.url}`"]
    assert "root-token" not in repr(store._client._sign_in)


@pytest.mark.parametrize("value", ["value", None])
async def test_an_answer_is_used_for_a_minute(world, server, value):
    """Also that there is none. After that a change is seen."""
    if value:
        server.put(ENTRY, value)
    store = world.store()
    for world.now in (0.0, FRESH_S - 1):
        assert await found(store) == value
    server.put(ENTRY, "newer")
    assert await found(store) == value
    world.now = FRESH_S

    assert await found(store) == "newer"
    assert len(server.reads) == 2


async def test_many_who_ask_at_once_are_one_question(world, server):
    """And it goes on for the others when one gives up."""
    server.put(ENTRY, "value")
    server.hold.clear()
    store = world.store()
    asking = [asyncio.create_task(found(store)) for _ in range(50)]
    while not server.reads:
        await asyncio.sleep(0)
    asking[0].cancel()
    server.hold.set()
    answers = await asyncio.gather(*asking, return_exceptions=True)

    assert isinstance(answers[0], asyncio.CancelledError)
    assert answers[1:] == ["value"] * 49
    assert len(server.reads) == 1


async def test_an_error_is_not_kept(world, server):
    """It is asked again as soon as somebody needs it."""
    server.put(ENTRY, "value")
    store = world.store()
    server.sealed = True
    with pytest.raises(SecretStoreUnavailable):
        await found(store)
    server.sealed = False

    assert await found(store) == "value"


async def test_only_so_many_answers_are_kept(world, server, monkeypatch):
    """Names come from callers."""
    monkeypatch.setattr(hashicorp, "MAX_CACHED", 3)
    store = world.store()
    for turn in range(6):
        await found(store, f"KEY_{turn}")

    assert len(store._kept) == 3


@pytest.mark.parametrize(
    ("fails", "problem"),
    [
        (Answer(status=503, body={"errors": ["Vault is sealed"]}), "is sealed"),
        (Answer(status=503, body=b"<html>"), "answers 503"),
        (Answer(status=500, body={"errors": ["internal error"]}), "answers 500"),
        (Answer(status=501, body={"errors": ["not initialized"]}), "answers 501"),
        (Answer(status=429, body={"errors": ["slow down"]}), "answers 429"),
        (Answer(status=200, body=b"<html>hello</html>"), "answers as no Vault does"),
        (Answer(status=200, body=[1]), "answers as no Vault does"),
        (Answer(status=204), "answers as no Vault does"),
    ],
)
async def test_a_server_that_cannot_answer_is_an_error_and_never_none(world, server, fails, problem):
    """The next place may have the value from before the rotation."""
    server.put(ENTRY, "value")
    for store in (world.store(), world.store()):
        if store is world.stores[1]:  # signed in already
            await found(store, "OTHER")
        server.fails = fails
        with pytest.raises(SecretStoreUnavailable, match=f"`{server.url}` {problem}") as refused:
            await found(store)
        server.fails = None

        assert (refused.value.status, refused.value.retry) == (503, "later")


@pytest.mark.parametrize(
    ("fails", "problem"),
    [
        (Answer(status=400, body={"errors": ["what?"]}), "answers 400"),
        (Answer(status=404, body=b"<html>no such page</html>"), "has no KV engine"),
        (
            Answer(status=404, body={"errors": ['no handler for route "secret/data". route entry not found.']}),
            "has no KV engine",
        ),
        (Answer(status=404, body={}), "has no KV engine"),
        (Answer(status=405, body={"errors": ["unsupported operation"]}), "answers 405"),
    ],
)
async def test_a_server_that_is_set_up_otherwise_is_an_error_and_never_none(world, server, fails, problem):
    """A 404 is only believed of an entry that the engine says it does not have."""
    store = world.store()
    await found(store, "OTHER")
    server.fails = fails
    with pytest.raises(SecretStoreRefused, match=problem):
        await found(store)


async def test_an_engine_that_is_not_there_is_an_error(world, server):
    with pytest.raises(SecretStoreRefused, match="has no KV engine of version 2 for `kv/data/jackfield/KEY`"):
        await found(world.store(path="kv/data/jackfield"))


async def test_a_redirect_is_not_followed(world, server):
    """The token would go along to whoever it names."""
    with serve(lambda asked: Answer(body={"data": {"data": {"value": "theirs"}}})) as other:
        server.fails = Answer(status=307, headers={"Location": f"{other.url}/v1/{ENTRY}"})
        with pytest.raises(SecretStoreRefused, match="answers with a redirect"):
            await found(world.store())

    assert other.asked == []


async def test_a_server_that_is_not_there_is_an_error(world, canary):
    """And neither it nor what caused it holds the token."""
    with stand_in() as gone:
        pass
    sign_in = GivenToken(token=Secret(canary.text))
    with pytest.raises(SecretStoreUnavailable, match="cannot be reached") as refused:
        await found(world.store(sign_in, url=gone.url))

    assert not canary.in_("".join(traceback.format_exception(refused.value)))
    assert refused.value.__context__ is None


@pytest.mark.parametrize("is_trusted", [True, False])
async def test_certificates_are_checked_against_those_of_the_system(world, tmp_path, monkeypatch, is_trusted):
    """`SSL_CERT_FILE` names others, as for every other connection; what the library brings along does not count."""
    authority, tls = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    trusted = authority if is_trusted else trustme.CA()
    (tmp_path / "ca.pem").write_bytes(trusted.cert_pem.bytes())
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with stand_in(tls=tls) as server:
        server.put(ENTRY, "value")
        store = world.store(url=server.url)
        if is_trusted:
            assert await found(store) == "value"
        else:
            with pytest.raises(SecretStoreUnavailable, match="has a certificate that is not trusted here"):
                await found(store)
            assert server.asked == []
        await store.close()


async def test_nothing_is_taken_from_the_surroundings(world, server, monkeypatch, tmp_path):
    """What `vault` itself would read is another user's sign-in; a proxy would see the token."""
    server.put(ENTRY, "value")
    server.token("token-of-the-person", reads="")
    (tmp_path / ".vault-token").write_text("token-of-the-person")
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password hunter2\n")
    for name, value in {
        "HOME": str(tmp_path),
        "VAULT_TOKEN": "token-of-the-person",
        "VAULT_ADDR": "http://127.0.0.1:1",
        "HTTP_PROXY": "http://127.0.0.1:1",
        "http_proxy": "http://127.0.0.1:1",
    }.items():
        monkeypatch.setenv(name, value)
    server.roles["role"] = "secret-id"

    assert await found(world.store(AppRole(role_id="role", secret_id=Secret("secret-id")))) == "value"
    assert not any("token-of-the-person" in str(asked) for asked in server.service.asked)
    assert not any("authorization" in asked.headers for asked in server.service.asked)


async def test_logs_are_watched_for_values_and_tokens(world, server):
    """Of the token that it was given for its role, too."""
    server.put(ENTRY, "the-value-of-it")
    server.roles["role"] = "secret-id"
    await found(world.store(AppRole(role_id="role", secret_id=Secret("secret-id"))))

    assert world.watch.mask("the-value-of-it hvs.stand-in-token-1") == "******** ********"


async def test_another_thread_is_not_waited_for_when_it_is_closed(world, server):
    """A server that hangs does not hold up the end of a process."""
    server.hold.clear()
    store = world.store()
    asking = asyncio.create_task(found(store))
    while not server.reads:
        await asyncio.sleep(0)
    await store.close()

    with pytest.raises(asyncio.CancelledError):
        await asking


class TestSigningIn:
    """With a token, a file, or a role."""

    async def test_a_token_that_is_not_accepted_is_an_error(self, world, server):
        """And is not asked for again and again."""
        server.put(ENTRY, "value")
        with pytest.raises(SecretStoreRefused, match="refuses to read `secret/data/jackfield/KEY`") as refused:
            await found(world.store(GivenToken(token=Secret("no-such-token"))))

        assert "policy with `read` for `secret/data/jackfield/*`" in refused.value.hint
        assert "no-such-token" not in str(refused.value.to_json())

    async def test_a_token_without_the_policy_is_an_error(self, world, server):
        """The server is asked once, and whether the token lives: a new one would not do either."""
        server.put(ENTRY, "value")
        server.roles["role"] = "secret-id"
        server.role_token.reads = "secret/data/other/"
        store = world.store(AppRole(role_id="role", secret_id=Secret("secret-id")))
        with pytest.raises(SecretStoreRefused, match="refuses to read"):
            await found(store)

        assert server.asked == [
            ("POST", "auth/approle/login"),
            ("GET", ENTRY),
            ("GET", "auth/token/lookup-self"),
        ]

    async def test_a_token_that_may_only_read_is_enough(self, world, server):
        """Without the policy `default` it cannot even look at itself."""
        server.put(ENTRY, "value")
        server.token("narrow-token", looks_at_itself=False)

        assert await found(world.store(GivenToken(token=Secret("narrow-token")))) == "value"

    async def test_a_role_signs_in_again_when_its_token_has_ended(self, world, server):
        """In the middle of a call."""
        server.put(ENTRY, "value")
        server.roles["role"] = "secret-id"
        store = world.store(AppRole(role_id="role", secret_id=Secret("secret-id")))
        await found(store, "OTHER")
        server.now = 3600.0

        assert await found(store) == "value"
        assert server.asked.count(("POST", "auth/approle/login")) == 2

    async def test_a_role_that_is_not_accepted_is_an_error(self, world, server, canary):
        sign_in = AppRole(role_id="role", secret_id=Secret(canary.text))
        with pytest.raises(SecretStoreRefused, match="does not accept the role id and the secret id") as refused:
            await found(world.store(sign_in))

        assert not canary.in_("".join(traceback.format_exception(refused.value)))
        assert not canary.in_(repr(sign_in))

    async def test_a_new_token_in_the_file_is_taken_when_the_old_one_ends(self, world, server, tmp_path):
        """Vault Agent puts it there."""
        server.put(ENTRY, "value")
        server.token("first-token", ttl_s=60)
        path = tmp_path / "token"
        path.write_text("first-token\n")
        store = world.store(TokenFile(path=path))
        await found(store, "OTHER")
        server.now = 60.0
        server.token("second-token", ttl_s=60)
        path.write_text("second-token\n")

        assert await found(store) == "value"

    @pytest.mark.parametrize(
        ("content", "problem"), [(None, "no such file"), (b" \n", "it is empty"), (b"\xff", "UTF-8")]
    )
    async def test_a_file_without_a_token_is_an_error(self, world, tmp_path, content, problem):
        path = tmp_path / "token"
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(SecretStoreRefused, match=problem):
            await found(world.store(TokenFile(path=path)))


class TestRenewing:
    """A token that ends is kept alive for as long as it can be."""

    async def test_a_token_is_renewed_before_it_ends(self, world, server):
        """At two thirds of its life, also when nobody calls."""
        server.token("short-token", ttl_s=90, renewable=True)
        await found(world.store(GivenToken(token=Secret("short-token"))))
        for _ in range(3):
            seconds, over = await world.renewal()
            assert seconds == 60
            server.now += seconds
            over.set()
        await world.renewal()

        assert server.asked.count(("POST", "auth/token/renew-self")) == 3
        assert server.tokens["short-token"].until == 180 + 90

    async def test_a_token_that_does_not_end_is_left_alone(self, world, server):
        store = world.store()
        await found(store)
        await asyncio.wait_for(store._renewing, 10)

        assert ("POST", "auth/token/renew-self") not in server.asked

    @pytest.mark.parametrize("why", ["it can live no longer", "it cannot be renewed", "it was revoked"])
    async def test_a_role_gets_another_token_where_the_old_one_cannot_live_on(self, world, server, why):
        """Before the old one ends, so that no call meets that."""
        server.roles["role"] = "secret-id"
        server.role_token = type(server.role_token)(
            ttl_s=90, renewable=why != "it cannot be renewed", lives_s=100 if why == "it can live no longer" else 10**9
        )
        await found(world.store(AppRole(role_id="role", secret_id=Secret("secret-id"))))
        seconds, over = await world.renewal()
        server.now += seconds
        if why == "it was revoked":
            del server.tokens["hvs.stand-in-token-1"]
        over.set()
        await world.renewal()

        assert list(server.tokens)[-1] == "hvs.stand-in-token-2"

    async def test_a_server_that_is_away_is_asked_again(self, world, server, caplog):
        """Soon, while the token still lives; and it says so."""
        server.token("short-token", ttl_s=90, renewable=True)
        store = world.store(GivenToken(token=Secret("short-token")))
        await found(store)
        _, over = await world.renewal()
        server.sealed = True
        with caplog.at_level(logging.WARNING, "jackfield.vault"):
            over.set()
            again, over = await world.renewal()
        server.sealed = False
        over.set()
        seconds, _ = await world.renewal()

        assert (again, seconds) == (10, 60)
        assert "was not renewed" in caplog.text
        assert "is sealed" in caplog.text
        assert "short-token" not in caplog.text
