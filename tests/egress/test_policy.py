"""Which addresses a policy opens."""

from __future__ import annotations

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.egress.errors import AllowEntryInvalid
from jackfield.egress.policy import Policy, parse_allow

from .world import words


def allows(policy: Policy, address: str, port: int = 443, host: str = "") -> bool:
    return not policy.objection(ip_address(address), port, host=host)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10.0.0.0/8", ["10.0.0.0/8"]),
        ("10.0.0.0/8, db.corp.example:5432,localhost", ["10.0.0.0/8", "db.corp.example:5432", "localhost"]),
        ("[fd00::5]:8080", ["[fd00::5]:8080"]),
        ("[fd00::5]", ["fd00::5"]),
        ("fd00:0:0::5", ["fd00::5"]),
        ("fd00::/8", ["fd00::/8"]),
        ("127.0.0.1:9000", ["127.0.0.1:9000"]),
        ("DB.Corp.Example.", ["db.corp.example"]),
        ("bücher.example", ["xn--bcher-kva.example"]),
        (" , ,", []),
        ("", []),
    ],
)
def test_allow_lists_are_read(text, expected):
    """They stand in an environment variable, written by hand."""
    assert [str(entry) for entry in parse_allow(text)] == expected


@pytest.mark.parametrize(
    "entry",
    words("""
    10.0.0.1/8 10.0.0.0/33 10.0.0.0/8:80 host:0 host:65536 host:080 host:x 127.1 0x7f.1 256.1.1.1 [fe80::1%eth0]
    http://host https://user:geheim@host host/path *.example.com a..b 0.0.0.0 224.0.0.1 ::ffff:10.0.0.1 [64:ff9b::1]
    2002:7f00:1:: -a.example :80 [::1]:http user:geheim@host
    """),
)
def test_an_entry_that_cannot_be_understood_is_named(entry):
    """Ignoring it would leave somebody to wonder why a service stays closed, or open."""
    with pytest.raises(AllowEntryInvalid) as caught:
        parse_allow(f"10.0.0.0/8, {entry}")

    assert caught.value.hint
    assert "geheim" not in str(caught.value)


ENTRIES = st.one_of(
    st.ip_addresses(network="10.0.0.0/8").map(str),
    st.ip_addresses(network="fd00::/8").map(lambda address: f"[{address}]"),
    st.from_regex(r"[a-z]([a-z0-9-]{0,10}[a-z0-9])?\.example", fullmatch=True),
)


@given(st.lists(st.tuples(ENTRIES, st.none() | st.integers(1, 65_535)), max_size=5))
def test_an_allow_list_survives_being_written_and_read(entries):
    """It is shown in the settings, and pasted from there."""
    text = ", ".join(entry if port is None else f"{entry}:{port}" for entry, port in entries)
    parsed = parse_allow(text)

    assert parse_allow(", ".join(map(str, parsed))) == parsed
    assert len(parsed) == len(entries)


def test_public_addresses_are_open_at_web_ports_only():
    """A public mail or database server is no web service."""
    assert allows(Policy(), "8.8.8.8", 443)
    assert allows(Policy(), "8.8.8.8", 8080)
    assert not allows(Policy(), "8.8.8.8", 25)


def test_ports_replace_the_default_ports():
    """Who sets them says which are open, all of them."""
    policy = Policy(ports=frozenset({5432}))

    assert allows(policy, "8.8.8.8", 5432)
    assert not allows(policy, "8.8.8.8", 443)


def test_an_entry_without_port_opens_every_port_there():
    """`JACKFIELD_EGRESS_ALLOW=10.1.2.3` is meant for whatever runs there."""
    policy = Policy(allow=parse_allow("10.1.2.3, 10.2.0.0/16, mail.example.com"))

    assert allows(policy, "10.1.2.3", 5432)
    assert allows(policy, "10.2.9.9", 22)
    assert allows(policy, "8.8.8.8", 25, host="mail.example.com")
    assert not allows(policy, "10.1.2.4", 443)
    assert not allows(policy, "8.8.8.8", 25)


def test_an_entry_with_port_opens_that_port_only():
    """A database beside an administration console."""
    policy = Policy(allow=parse_allow("10.1.2.3:5432"))

    assert allows(policy, "10.1.2.3", 5432)
    assert not allows(policy, "10.1.2.3", 443)


def test_a_host_opens_whatever_private_address_it_has():
    """Inside a cluster only names are stable."""
    policy = Policy(allow=parse_allow("db.corp.example"))

    assert allows(policy, "10.1.2.3", 5432, host="db.corp.example")
    assert allows(policy, "127.0.0.1", 5432, host="db.corp.example")
    assert not allows(policy, "10.1.2.3", 5432, host="other.corp.example")
    assert not allows(policy, "10.1.2.3", 5432)


@pytest.mark.parametrize(
    "address", ["169.254.169.254", "169.254.170.2", "fd00:ec2::254", "100.100.100.200", "168.63.129.16", "fe80::1"]
)
def test_metadata_addresses_are_opened_by_their_exact_name_only(address):
    """A wide network in an allow list is not meant for the machine's own credentials."""
    wide = Policy(allow=parse_allow("0.0.0.0/0, ::/0, 169.254.0.0/16, fd00::/8, 168.63.129.16/32, meta.example.com"))

    assert not allows(wide, address, 80, host="meta.example.com")
    assert allows(Policy(allow=parse_allow(f"[{address}]" if ":" in address else address)), address, 80)


@given(st.ip_addresses(v=6))
def test_no_network_opens_an_address_that_hides_another(address):
    """What is behind `::ffff:a.b.c.d` was never looked at."""
    everything = Policy(allow=parse_allow("::/0, host.example.com"))
    hidden = address.ipv4_mapped or address.sixtofour or address.teredo
    if hidden:
        assert not allows(everything, str(address), host="host.example.com")
    mapped = f"::ffff:{ip_address(int(address) & 0xFFFFFFFF)}"
    assert not allows(everything, mapped, host="host.example.com")


def test_equal_policies_share_connections():
    """They are the key of the pools."""
    one, other = (Policy(allow=parse_allow("10.0.0.0/8, a.example")) for _ in range(2))

    assert one == other
    assert hash(one) == hash(other)
    assert one != Policy()
