"""The verdict on a URL, before anything is looked up."""

from __future__ import annotations

import socket
from ipaddress import ip_address

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jackfield.egress.addresses import is_public
from jackfield.egress.errors import UrlRefused
from jackfield.egress.policy import Policy, parse_allow
from jackfield.egress.urls import MAX_LENGTH, Judge, on_the_wire, shown, with_query, without_query_names

from .world import words

REFUSED = {
    "loopback": "http://127.0.0.1/",
    "short": "http://127.1/",
    "three parts": "http://10.0.1/",
    "decimal": "http://2130706433/",
    "hexadecimal": "http://0x7f000001/",
    "hexadecimal parts": "http://0x7f.0x0.0x0.0x1/",
    "upper hexadecimal": "http://0X7F.1/",
    "octal": "http://0177.0.0.1/",
    "octal whole": "http://017700000001/",
    "leading zeros": "http://010.8.8.8/",
    "mixed": "http://0x7f.0.1/",
    "hexadecimal end": "http://127.0.0.0x1/",
    "wraps around": "http://256.256.256.256/",
    "five parts": "http://127.0.0.1.5/",
    "name ending in a number": "http://example.1/",
    "overflow": "http://4294967297/",
    "dot after address": "http://127.0.0.1./",
    "dot after public address": "http://8.8.8.8./",
    "dot after localhost": "http://localhost./",
    "two dots": "http://example.com../",
    "empty label": "http://a..example.com/",
    "leading dot": "http://.example.com/",
    "single label": "http://intranet/",
    "localhost": "http://LocalHost/",
    "sub of localhost": "http://a.localhost/",
    "mdns": "http://printer.local/",
    "internal": "http://metadata.google.internal/",
    "localdomain": "http://localhost.localdomain/",
    "arpa": "http://1.0.0.127.in-addr.arpa/",
    "cluster service": "http://api.default.svc/",
    "cluster": "http://api.default.svc.cluster.local/",
    "onion": "http://expyuzz4wqqyqhjn.onion/",
    "mapped": "http://[::ffff:10.0.0.1]/",
    "mapped hexadecimal": "http://[::ffff:a00:1]/",
    "nat64": "http://[64:ff9b::a9fe:a9fe]/",
    "6to4": "http://[2002:a9fe:a9fe::]/",
    "zone": "http://[fe80::1%eth0]/",
    "encoded zone": "http://[2606:4700::1%25eth0]/",
    "no brackets": "http://2606:4700::1/",
    "ipv4 in brackets": "http://[8.8.8.8]/",
    "open bracket": "http://[2606:4700::1/",
    "after bracket": "http://[2606:4700::1]x/",
    "ipvfuture": "http://[v1.a]/",
    "userinfo": "http://example.com@127.0.0.1/",
    "userinfo on public": "http://user:pw@example.com/",
    "empty userinfo": "http://@example.com/",
    "two at signs": "http://a@b@example.com/",
    "backslash": "http://example.com\\@127.0.0.1/",
    "backslash first": "http:\\\\example.com/",
    "backslash in path": "http://example.com/..\\x",
    "encoded dot": "http://127%2e0.0.1/",
    "encoded slash": "http://example.com%2f@127.0.0.1/",
    "space in host": "http://exa mple.com/",
    "trailing space": "http://example.com/ ",
    "leading tab": "\thttp://example.com/",
    "line end in path": "http://example.com/\r\nHost: 127.0.0.1",
    "line feed in query": "http://example.com/?a=\nb",
    "nul": "http://example.com/\0",
    "delete": "http://example.com/\x7f",
    "c1 control": "http://example.com/\x85",
    "surrogate": "http://example.com/\ud800",
    "ideographic dots": "http://127。0。0。1/",
    "full-width dots": "http://example．com/",
    "half-width dot": "http://example｡com/",
    "full-width letters": "http://ｅxample.com/",
    "circled digits": "http://①②⑦.⓪.⓪.①/",
    "arabic digits": "http://١٢٧.٠.٠.١/",
    "soft hyphen": "http://exam\u00adple.com/",
    "zero width": "http://exam\u200bple.com/",
    "right to left override": "http://\u202eexample.com/",
    "dotless i in localhost": "http://LOCALHOſT/",
    "broken punycode": "http://xn--a.example/",
    "empty punycode": "http://xn--/",
    "punycode of ascii": "http://xn--localhost-.example/",
    "long label": f"http://{'a' * 64}.example/",
    "long name": f"http://{'a.' * 130}example/",
    "hyphen first": "http://-a.example/",
    "no scheme": "example.com/",
    "relative": "//example.com/",
    "one slash": "http:/example.com/",
    "three slashes": "http:///example.com/",
    "no slashes": "http:example.com",
    "ftp": "ftp://example.com/",
    "file": "file:///etc/passwd",
    "unix": "http+unix://%2Fvar%2Frun%2Fdocker.sock/",
    "websocket": "wss://example.com/",
    "javascript": "javascript:alert(1)",
    "long s in scheme": "httpſ://example.com/",
    "empty": "",
    "ssh port": "http://example.com:22/",
    "port zero": "http://example.com:0/",
    "port above": "http://example.com:65536/",
    "huge port": "http://example.com:99999999999999999999/",
    "port with plus": "http://example.com:+80/",
    "port with space": "http://example.com: 80/",
    "port with underscore": "http://example.com:8_0/",
    "port in full width": "http://example.com:８０/",
    "port in arabic": "http://example.com:٨٠/",
    "port with zero": "http://example.com:080/",
    "empty port": "http://example.com:/",
    "two ports": "http://example.com:80:80/",
    "fragment hides host": "http://127.0.0.1#@example.com/",
    "query hides host": "http://127.0.0.1?@example.com/",
    "too long": f"http://example.com/{'a' * MAX_LENGTH}",
}

ACCEPTED = {
    "https://example.com": "https://example.com/",
    "https://example.com/a?b=c#d": "https://example.com/a?b=c",
    "HTTP://EXAMPLE.com/A": "http://example.com/A",
    "http://example.com.:80/": "http://example.com/",
    "https://example.com:443/": "https://example.com/",
    "https://example.com:8443": "https://example.com:8443/",
    "http://8.8.8.8/": "http://8.8.8.8/",
    "http://[2606:4700::0:1111]/": "http://[2606:4700::1111]/",
    "https://[2606:4700::1111]:8443/x": "https://[2606:4700::1111]:8443/x",
    "https://bücher.example/": "https://xn--bcher-kva.example/",
    "https://xn--bcher-kva.example/": "https://xn--bcher-kva.example/",
    "http://my_service.example/": "http://my_service.example/",
    "http://r1---sn-abc.example.com/": "http://r1---sn-abc.example.com/",
    "http://example.com?q=1": "http://example.com/?q=1",
    "http://example.com/@127.0.0.1/": "http://example.com/@127.0.0.1/",
    "http://example.com/a%2Fb%2e%2e/": "http://example.com/a%2Fb%2e%2e/",
    "http://example.com/a/../b": "http://example.com/a/../b",
    "http://example.com/50%": "http://example.com/50%25",
    "http://example.com/a b?c d": "http://example.com/a%20b?c%20d",
    "http://example.com/ü?ü=中": "http://example.com/%C3%BC?%C3%BC=%E4%B8%AD",
    "http://example.com/?f[name]=x|y\\z": "http://example.com/?f[name]=x%7Cy%5Cz",
    "http://example.com/?u=http://127.0.0.1/": "http://example.com/?u=http://127.0.0.1/",
    "http://example.com/a;b=1,2(3)!*'$&+~": "http://example.com/a;b=1,2(3)!*'$&+~",
}


@pytest.mark.parametrize("url", REFUSED.values(), ids=REFUSED.keys())
def test_hostile_urls_are_refused(url):
    """Each was read as a private address, or differently by two parsers, in some client."""
    with pytest.raises(UrlRefused) as caught:
        Judge(Policy())(url)

    assert caught.value.hint


@pytest.mark.parametrize(("url", "sent"), ACCEPTED.items())
def test_ordinary_urls_are_sent_as_they_are_written(url, sent):
    """Signatures cover these bytes; only what may not stand in a URL is encoded."""
    judge = Judge(Policy())

    assert str(judge(url).url) == sent
    assert str(judge(url).url) == sent


PIECES = st.sampled_from(
    words(
        "http https :// : / \\ @ # ? % %2e . .. 127.0.0.1 0x7f 127 1 017 localhost example.com 8.8.8.8 [ ] ::1 ::ffff:"
    )
    + words("2002: 169.254.169.254 。 ① ß 80 :22 0 user xn-- internal - _ １ ٠ fe80::1%1")
    + list(" \t\r\n\0\u200b")
)
URLS = st.builds(
    lambda scheme, pieces: scheme + "".join(pieces),
    st.sampled_from(["http://", "https://", "HTTP://", "", "http:/"]),
    st.lists(PIECES | st.text(max_size=3), max_size=8),
)


@given(URLS)
@example("http://0x7f.1/")
@example("http://1.2.3/")
def test_no_accepted_url_can_mean_an_address_that_is_not_public(url):
    """Whatever else the C library, which reads 127.1 and 0x7f.1, or the HTTP library makes of it."""
    try:
        target = Judge(Policy())(url)
    except UrlRefused:
        return
    host = target.url.raw_host
    assert host == target.origin.host
    assert target.url.port in Policy().ports
    assert str(target.url).isascii()
    assert str(target.url).isprintable()
    try:
        address = ip_address(host)
    except ValueError:
        with pytest.raises(OSError):
            socket.inet_aton(host)
    else:
        assert is_public(address)


def test_local_names_can_be_opened_by_name():
    """Development, clusters and company networks live on them."""
    judge = Judge(Policy(allow=parse_allow("localhost, intranet:8081, db.default.svc, 127.0.0.1:9000")))

    assert judge("http://localhost:3000/").origin.port == 3000
    assert judge("http://intranet:8081/").origin.host == "intranet"
    assert judge("http://db.default.svc/").origin.host == "db.default.svc"
    assert judge("http://127.0.0.1:9000/").origin.host == "127.0.0.1"
    for closed in ("http://intranet/", "http://other.svc/", "http://127.0.0.1:9001/", "http://localhost./"):
        with pytest.raises(UrlRefused):
            judge(closed)


def test_a_network_entry_does_not_open_local_names():
    """Which of them lead into the network is not ours to guess; the hint names the way."""
    with pytest.raises(UrlRefused) as caught:
        Judge(Policy(allow=parse_allow("127.0.0.0/8")))("http://localhost/")

    assert "JACKFIELD_EGRESS_ALLOW" in caught.value.hint


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://user:geheim@example.com/a?token=geheim#geheim", "https://example.com/a"),
        ("https://user:geheim@example.com", "https://example.com"),
        ("https://geheim\\@example.com/a", "https://example.com/a"),
        ("https:user:geheim@example.com/a", "example.com/a"),
        ("https:/user:geheim@example.com/a", "example.com/a"),
        ("https:///user:geheim@example.com/a", "example.com/a"),
        ("//user:geheim@example.com/a", "//example.com/a"),
        ("user:geheim@example.com/a", "example.com/a"),
        ("http://a@b:geheim@example.com/@a", "http://example.com/@a"),
        ("http://example.com/\r\nx", "http://example.com/\\r\\nx"),
    ],
)
def test_messages_show_no_part_of_a_url_that_may_be_secret(url, expected):
    """They go to logs, to models and to screens."""
    assert shown(url) == expected


@given(st.text(alphabet="aé:/?#@\\[]%\r\n\t \0", max_size=20), st.sampled_from(["http://", "https:", "//", "", "x"]))
def test_user_information_never_shows(before, scheme):
    """Not even of an address that is refused for being malformed."""
    with pytest.raises(UrlRefused) as caught:
        Judge(Policy())(f"{scheme}{before.replace('/', '')}user:geheim@127.0.0.1/")

    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "pairs", "expected"),
    [
        ("https://a.example/", [], "https://a.example/"),
        ("https://a.example/", [("a", "b")], "https://a.example/?a=b"),
        ("https://a.example/?x=1", [("a", "b")], "https://a.example/?x=1&a=b"),
        ("https://a.example/?x=1&", [("a", "b")], "https://a.example/?x=1&a=b"),
        ("https://a.example/?", [("a", "b")], "https://a.example/?a=b"),
        ("https://a.example/#f", [("a b", "c&d=e/ü+%")], "https://a.example/?a%20b=c%26d%3De%2F%C3%BC%2B%25"),
        ("https://a.example/", [("a", "1"), ("a", "2"), ("", "")], "https://a.example/?a=1&a=2&="),
    ],
)
def test_query_values_are_encoded_completely(url, pairs, expected):
    """A value must not be able to add a parameter."""
    assert with_query(url, pairs) == expected


def test_half_a_character_cannot_be_asked_for():
    """It has no encoding."""
    with pytest.raises(UrlRefused):
        with_query("https://a.example/", [("a", "\ud800")])


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/?key=1&b=2", "https://a.example/?b=2"),
        ("https://a.example/?b=2&k%65y=1#f", "https://a.example/?b=2#f"),
        ("https://a.example/?key=1", "https://a.example/"),
        ("https://a.example/?key", "https://a.example/"),
        ("https://a.example/?b=a%20b&c=x+y", "https://a.example/?b=a%20b&c=x+y"),
        ("https://a.example/key", "https://a.example/key"),
    ],
)
def test_secret_parameters_are_found_under_any_spelling(url, expected):
    """A service that echoes them may encode them as it likes."""
    assert without_query_names(url, frozenset({"key"})) == expected


@given(
    st.text(alphabet="/ab.~%2F \"'()*+,;=:@!$&\u00e4|^`{}[]<>", max_size=12),
    st.lists(st.tuples(st.text(max_size=4), st.text(max_size=4)), max_size=2),
)
@example("/a b?c=[d]&e=%zz", [("k", "&")])
@example("?x", [])
def test_what_signs_a_url_reads_what_is_sent(path: str, pairs: list[tuple[str, str]]):
    """A signature over other characters than those that go out is none. What may not be called is refused by both."""
    url = f"https://API.example.com:8443/{path}"
    try:
        sent = Judge(Policy())(with_query(url, pairs)).url
    except UrlRefused:
        with pytest.raises(UrlRefused):
            on_the_wire(url, pairs)
        return
    read = on_the_wire(url, pairs)

    assert (read.target, read.host) == (sent.raw_path_qs, "api.example.com:8443")
