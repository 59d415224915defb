"""Client certificates, shown to a real TLS server that asks for one."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from contextlib import contextmanager

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from jackfield import ClientCertificate
from jackfield.credentials.errors import CredentialInvalid
from jackfield.egress import certificates, pools
from jackfield.egress.client import Client
from jackfield.egress.errors import CertificateRefused, TlsFailed, Unreachable
from jackfield.egress.policy import Policy
from jackfield.egress.pools import Pools
from jackfield.egress.signed_transport import SignedTransport

from .world import OTHER, PUBLIC, moved, ok

URL = "https://api.example.com/"


@pytest.fixture(scope="module")
def clients():
    """Who signs the certificates of clients."""
    return trustme.CA()


def shown(issued: trustme.LeafCert, **more) -> ClientCertificate:
    chain = b"".join(blob.bytes() for blob in issued.cert_chain_pems).decode()
    return ClientCertificate(chain, issued.private_key_pem.bytes().decode(), **more)


@pytest.fixture
def asking(certified, clients):
    """The server's side of TLS, which takes only clients of `clients`."""

    def make(*names: str, needed: ssl.VerifyMode = ssl.CERT_REQUIRED) -> ssl.SSLContext:
        context = certified(*names)
        context.verify_mode = needed
        clients.configure_trust(context)
        return context

    return make


def subject_of(writer) -> str:
    der = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    if not der:
        return ""
    names = x509.load_der_x509_certificate(der).extensions.get_extension_for_class(x509.SubjectAlternativeName)
    return names.value.get_values_for_type(x509.RFC822Name)[0]


def named(_seen, writer) -> bytes:
    """Answers whom it sees."""
    return ok(subject_of(writer).encode())


async def test_the_service_sees_who_asks(world, asking, trusting, clients):
    """And another client as another, over a connection of its own."""
    service = await world.serve(named, port=443, tls=asking("api.example.com"))
    pool = world.pool(tls=trusting)
    ann, bob = (Client(pool, auth=shown(clients.issue_cert(f"{name}@a.example"))) for name in ("ann", "bob"))
    seen = [(await client.get(URL)).text for client in (ann, bob, ann)]

    assert seen == ["ann@a.example", "bob@a.example", "ann@a.example"]
    assert service.connections == 2


@contextmanager
def refusing(context: ssl.SSLContext):
    """A service as most are: it says what it does not like, and waits until the client has heard it.

    A server of asyncio breaks the connection without a word.
    """
    listening = socket.create_server(("127.0.0.1", 0))
    failures: list[str] = []

    def serve() -> None:
        accepted, _ = listening.accept()
        with accepted, context.wrap_socket(accepted, server_side=True, do_handshake_on_connect=False) as speaking:
            try:
                speaking.do_handshake()
            except ssl.SSLError as error:
                failures.append(error.reason)
                with socket.socket(fileno=speaking.detach()) as plain:
                    plain.shutdown(socket.SHUT_WR)
                    while plain.recv(4096):
                        pass

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listening.getsockname()[1], failures
    finally:
        thread.join()
        listening.close()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize("foreign", [True, False])
async def test_a_client_that_is_not_let_in_is_told_why(world, asking, trusting, version, foreign):
    """TLS 1.3 refuses when the connection is already there, TLS 1.2 before. Nobody should have to guess."""
    tls = asking("api.example.com")
    tls.minimum_version = tls.maximum_version = version
    with refusing(tls) as (port, failures):
        world.names["api.example.com"] = [[PUBLIC]]
        world.routes[PUBLIC, 443] = port
        auth = shown(trustme.CA().issue_cert("eve@a.example")) if foreign else None
        with pytest.raises((TlsFailed, CertificateRefused), match=r"certificate|unknown ca"):
            await world.client(tls=trusting, auth=auth).get(URL)

    assert failures == ["CERTIFICATE_VERIFY_FAILED" if foreign else "PEER_DID_NOT_RETURN_A_CERTIFICATE"]


async def test_a_service_that_breaks_the_handshake_is_unreachable(world, asking, trusting):
    """Some say nothing."""
    tls = asking("api.example.com")
    tls.maximum_version = ssl.TLSVersion.TLSv1_2
    await world.serve(named, port=443, tls=tls)

    with pytest.raises(Unreachable, match="reset"):
        await world.client(tls=trusting).get(URL)


async def test_another_origin_never_sees_it(world, asking, trusting, clients):
    """Not even one that asks for it, and not when redirects lead back."""
    optional = {"needed": ssl.CERT_OPTIONAL}
    elsewhere, subjects = "https://other.example/", []

    def home(seen, writer):
        subjects.append(("home", subject_of(writer)))
        return moved(elsewhere) if seen.target == "/" else ok()

    def other(_seen, writer):
        subjects.append(("other", subject_of(writer)))
        return moved(f"{URL}back")

    await world.serve(home, port=443, tls=asking("api.example.com", **optional))
    await world.serve(other, name="other.example", address=OTHER, port=443, tls=asking("other.example", **optional))
    client = world.client(tls=trusting, auth=shown(clients.issue_cert("ann@a.example")))
    await client.get(URL)

    assert subjects == [("home", "ann@a.example"), ("other", ""), ("home", "")]


async def test_a_library_with_a_transport_shows_it_too(world, asking, trusting, clients):
    """To the first origin only."""
    import httpx2

    await world.serve(named, port=443, tls=asking("api.example.com"))
    optional = asking("other.example", needed=ssl.CERT_OPTIONAL)
    await world.serve(named, name="other.example", address=OTHER, port=443, tls=optional)
    auth = shown(clients.issue_cert("ann@a.example"))
    transport = SignedTransport(world.pool(tls=trusting), auth=auth, headers=None)
    async with httpx2.AsyncClient(transport=transport) as client:
        seen = [(await client.get(url)).text for url in (URL, "https://other.example/")]

    assert seen == ["ann@a.example", ""]
    plain = SignedTransport(world.pool(tls=trusting), auth=None, headers=None)
    assert await transport.identity(URL) != await plain.identity(URL)


async def test_the_service_must_be_trusted_all_the_same(world, asking, clients):
    """A certificate of ours says nothing of theirs."""
    await world.serve(named, port=443, tls=asking("api.example.com"))

    with pytest.raises(TlsFailed):
        await world.client(auth=shown(clients.issue_cert("ann@a.example"))).get(URL)


async def test_pools_of_certificates_are_bounded_and_closed(world, asking, trusting, clients, monkeypatch):
    """Users paste certificates; each would keep its connections."""
    monkeypatch.setattr(pools, "MAX_CERTIFICATES", 2)
    monkeypatch.setattr(pools, "RETIRED_S", -1.0)
    await world.serve(named, port=443, tls=asking("api.example.com"))
    made: Pools = world.pools(tls=trusting)
    used = []
    for name in ("ann", "bob", "cem", "dan"):
        auth = shown(clients.issue_cert(f"{name}@a.example"))
        used.append(made.get(Policy()).showing(auth.certificate))
        assert (await Client(made.get(Policy()), auth=auth).get(URL)).text == f"{name}@a.example"
    await made.close()

    assert len({id(pool) for pool in used}) == 4
    assert all(pool.session.closed for pool in used)


async def test_a_plain_address_is_refused(clients):
    """Nobody would ask for the certificate, and the request would go out without any credential."""
    async with Pools() as made:
        client = Client(made.get(Policy()), auth=shown(clients.issue_cert("ann@a.example")))
        with pytest.raises(CredentialInvalid, match="https"):
            await client.get("http://api.example.com/")


@pytest.mark.parametrize("memory", [True, False], ids=["memory", "file"])
async def test_a_private_key_with_a_passphrase_is_opened(
    world, asking, trusting, clients, memory, monkeypatch, tmp_path
):
    """And none stays on the disk, where the system has no files in memory either."""
    if not memory:
        monkeypatch.setattr(certificates.sys, "platform", "darwin")
        monkeypatch.setattr(certificates.tempfile, "tempdir", str(tmp_path))
    await world.serve(named, port=443, tls=asking("api.example.com"))
    issued = clients.issue_cert("ann@a.example")
    key = serialization.load_pem_private_key(issued.private_key_pem.bytes(), None)
    locked = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"open sesame"),
    ).decode()
    chain = issued.cert_chain_pems[0].bytes().decode()
    answer = await world.client(tls=trusting, auth=ClientCertificate(chain, locked, "open sesame")).get(URL)

    assert answer.text == "ann@a.example"
    assert list(tmp_path.iterdir()) == []
    for passphrase, word in (("", "needs a passphrase"), ("wrong", "does not open")):
        with pytest.raises(CredentialInvalid, match=word):
            _ = ClientCertificate(chain, locked, passphrase).certificate


def test_what_is_no_certificate_is_refused_and_not_shown(clients):
    """Early, and in words; nothing of the key is in them."""
    one, two = clients.issue_cert("ann@a.example"), clients.issue_cert("bob@a.example")
    chain, key = one.cert_chain_pems[0].bytes().decode(), one.private_key_pem.bytes().decode()
    other = two.private_key_pem.bytes().decode()
    wrong = [("", key, "not PEM"), (chain, "", "not PEM"), (chain, other, "belongs to another"), (key, key, "not PEM")]
    for given_chain, given_key, word in wrong:
        with pytest.raises(CredentialInvalid, match=word) as refused:
            _ = ClientCertificate(given_chain, given_key).certificate
        assert key[40:80] not in str(refused.value.to_json())
    made = shown(one)

    assert key[40:80] not in repr(made) + repr(made.certificate)
    assert made.certificate.digest not in subprocess.list2cmdline([chain, key])


def test_a_certificate_that_has_ended_is_refused(clients):
    """The service would only say that it does not like it."""
    import datetime

    past = datetime.datetime(2020, 1, 2, tzinfo=datetime.UTC)
    ended = clients.issue_cert("ann@a.example", not_before=past.replace(year=2019), not_after=past)

    with pytest.raises(CredentialInvalid, match="2020-01-02"):
        _ = shown(ended).certificate
