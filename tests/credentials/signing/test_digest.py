"""HTTP Digest, judged by a service that was written from RFC 7616 and that curl agrees with."""

from __future__ import annotations

import asyncio
import hashlib
import re
import shutil
from dataclasses import dataclass, field

import pytest

from jackfield import Digest
from jackfield.credentials.errors import CredentialInvalid
from jackfield.credentials.signing.challenges import Challenge, best_challenge
from jackfield.credentials.signing.digest import answered
from jackfield.definition.wire import Outgoing

from .services import Raw, answer, bench

REALM = 'the "best" place'


@dataclass
class Keeper:
    """Knows one user, and checks what RFC 7616, section 3.4, says."""

    algorithm: str = "SHA-256"
    qop: str = "auth"
    userhash: bool = False
    user: str = "Mufasa"
    password: str = "Circle of Life"
    lives: int = 100
    extra: str = ""
    nonces: dict[str, int] = field(default_factory=dict)
    counts: list[int] = field(default_factory=list)

    def __call__(self, raw: Raw) -> bytes:
        said = raw.headers.get("authorization", "")
        if not said.startswith("Digest "):
            return self.challenge(stale=False)
        found = {
            name: quoted.replace('\\"', '"') if quoted or not plain else plain
            for name, quoted, plain in re.findall(r'([\w*]+)=(?:"((?:[^"\\]|\\.)*)"|([^,\s]+))', said[7:])
        }
        nonce = found["nonce"]
        if nonce not in self.nonces:
            return self.challenge(stale=True)
        if found["uri"] != raw.target or found.get("opaque") != "o-1" or found["response"] != self.right(found, raw):
            return self.challenge(stale=False, nonce=nonce)
        count = int(found.get("nc", "1"), 16)
        if count <= self.nonces[nonce] and self.qop:
            return answer("400 Bad Request")  # played again
        self.nonces[nonce] = count
        self.counts.append(count)
        if count >= self.lives:
            del self.nonces[nonce]
        return answer("200 OK", body=b"in")

    def challenge(self, *, stale: bool, nonce: str = "") -> bytes:
        nonce = nonce or f"nonce-{len(self.nonces)}-{len(self.counts)}"
        self.nonces.setdefault(nonce, 0)
        said = f'realm="{REALM.replace(chr(34), chr(92) + chr(34))}", nonce="{nonce}", opaque="o-1"'
        said += f", algorithm={self.algorithm}, charset=UTF-8" + (f', qop="{self.qop}"' if self.qop else "")
        said += (", stale=true" if stale else "") + (", userhash=true" if self.userhash else "")
        return answer("401 Unauthorized", f"WWW-Authenticate: Digest {said}\r\n{self.extra}")

    def right(self, found: dict[str, str], raw: Raw) -> str:
        name = self.algorithm.removesuffix("-sess")

        def h(text: str | bytes) -> str:
            data = text if isinstance(text, bytes) else text.encode()
            return hashlib.new({"MD5": "md5", "SHA-256": "sha256"}[name], data).hexdigest()

        assert (found.get("username") or "") == (h(f"{self.user}:{REALM}") if self.userhash else self.user)
        assert found.get("algorithm", "MD5") == self.algorithm
        a1 = h(f"{self.user}:{REALM}:{self.password}")
        if self.algorithm.endswith("-sess"):
            a1 = h(f"{a1}:{found['nonce']}:{found['cnonce']}")
        a2 = f"{raw.method}:{raw.target}"
        if not self.qop:
            return h(f"{a1}:{found['nonce']}:{h(a2)}")
        assert found["qop"] in self.qop.replace(" ", "").split(",")
        if found["qop"] == "auth-int":
            a2 += f":{h(raw.body)}"
        return h(f"{a1}:{found['nonce']}:{found['nc']}:{found['cnonce']}:{found['qop']}:{h(a2)}")


WAYS = [
    ("MD5", "auth"),
    ("MD5-sess", "auth"),
    ("SHA-256", "auth"),
    ("SHA-256-sess", "auth"),
    ("SHA-256", "auth-int"),
    ("MD5", "auth, auth-int"),
    ("MD5", ""),
]


@pytest.mark.parametrize(("algorithm", "qop"), WAYS)
@pytest.mark.parametrize("userhash", [False, True])
async def test_a_service_lets_us_in_after_one_challenge(algorithm, qop, userhash):
    """The second request uses the nonce at once, with the next number; of another call, too."""
    keeper = Keeper(algorithm=algorithm, qop=qop, userhash=userhash)
    async with bench(keeper) as here:
        for _ in range(3):
            auth = Digest("Mufasa", "Circle of Life")
            got = await here.client(auth).post(f"{here.url}/a b", query={"q": "\u00e4&"}, content=b"body")
            assert (got.status, got.content) == (200, b"in")

    assert len(here.seen) == 4
    assert keeper.counts == ([1, 2, 3] if qop else [1, 1, 1])


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
@pytest.mark.parametrize(("algorithm", "qop"), [way for way in WAYS if way[1] != "auth-int"])
async def test_curl_agrees_with_the_service_of_these_tests(algorithm, qop):
    """Otherwise they would show no more than that two mistakes fit together."""
    async with bench(Keeper(algorithm=algorithm, qop=qop)) as here:
        options = ["--silent", "--digest", "--user", "Mufasa:Circle of Life", "--data", "body", f"{here.url}/a%20b?c=d"]
        curl = await asyncio.create_subprocess_exec("curl", *options, stdout=asyncio.subprocess.PIPE)
        printed, _ = await curl.communicate()

    assert printed == b"in"


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_the_examples_of_the_standard_have_its_responses(algorithm, response):
    """RFC 7616, section 3.9.1."""
    asked = Challenge(
        realm="http-auth@example.org",
        nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
        algorithm=algorithm,
        session=False,
        qop="auth",
        opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS",
        stale=False,
        userhash=False,
    )
    said = ("Mufasa", "Circle of Life", "GET", "/dir/index.html", b"")
    told = answered(asked, *said, cnonce="f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", count=1)

    assert f'response="{response}"' in told
    assert "nc=00000001" in told


async def test_a_nonce_that_has_gone_stale_is_replaced():
    """A service may let a nonce end whenever it likes."""
    keeper = Keeper(lives=2)
    async with bench(keeper) as here:
        client = here.client(Digest("Mufasa", "Circle of Life"))
        statuses = [(await client.get(here.url)).status for _ in range(5)]

    assert statuses == [200] * 5
    assert keeper.counts == [1, 2, 1, 2, 1]


async def test_requests_at_the_same_time_have_different_numbers():
    """A number that comes twice is a request that is played again."""
    keeper = Keeper()
    async with bench(keeper) as here:
        client = here.client(Digest("Mufasa", "Circle of Life"))
        await client.get(here.url)
        got = await asyncio.gather(*(client.get(here.url) for _ in range(20)))

    assert {answer.status for answer in got} <= {200, 400}  # 400: one overtook another
    numbers = [int(re.search("nc=([0-9a-f]+)", raw.headers["authorization"])[1], 16) for raw in here.seen[1:]]
    assert len(set(numbers)) == len(numbers)


async def test_a_wrong_password_is_refused_after_it_was_shown_once():
    """No service is asked until it locks the account."""
    async with bench(Keeper()) as here:
        client = here.client(Digest("Mufasa", "wrong"))
        first = await client.get(here.url)
        again = await client.get(here.url)

    assert (first.status, again.status) == (401, 401)
    assert sum("authorization" in raw.headers for raw in here.seen) == 2


async def test_the_strongest_digest_is_answered():
    """MD5 is offered for older clients."""
    keeper = Keeper(extra='WWW-Authenticate: Digest realm="x", nonce="weak", algorithm=MD5, qop="auth"\r\n')
    async with bench(keeper) as here:
        got = await here.client(Digest("Mufasa", "Circle of Life")).get(here.url)

    assert got.status == 200


@pytest.mark.parametrize(
    "said",
    [
        "",
        'Basic realm="x"',
        'Digest realm="x"',
        'Digest realm="x", nonce="n", algorithm=SHA3',
        'Digest realm="x", nonce="n", qop="token"',
        'Digest realm="x", nonce="n", algorithm=-sess, qop=auth',
        'Digest realm="x\tX: y", nonce="n"',
        'Digest realm="\u00e4", nonce="n"',
        'Digest "',
        "Digest ====",
    ],
)
async def test_a_challenge_that_cannot_be_answered_is_an_answer_like_others(said):
    """What a service writes there is sent back to it: nothing of it may become a header of its own."""
    assert best_challenge({"www-authenticate": said}) is None


def test_one_header_may_hold_several_challenges():
    """RFC 9110, section 11.6.1."""
    found = best_challenge({"WWW-Authenticate": 'Negotiate abc==, Digest realm="a, b", nonce=n , Basic realm="c"'})

    assert (found.realm, found.nonce, found.qop) == ("a, b", "n", "")


async def test_names_beyond_ascii_are_sent_as_the_standard_says():
    """RFC 7616, section 3.9.2, and a colon would end a name."""
    asked = best_challenge({"WWW-Authenticate": 'Digest realm="r", nonce="n", qop="auth", algorithm=MD5'})
    said = answered(asked, "J\u00e4s\u00f8n Doe", "p", "GET", "/", b"", cnonce="c", count=255)

    assert "username*=UTF-8''J%C3%A4s%C3%B8n%20Doe" in said
    assert "nc=000000ff" in said
    with pytest.raises(CredentialInvalid):
        await Digest("a:b", "p").sign(Outgoing(method="GET", url="https://a.example/"))
