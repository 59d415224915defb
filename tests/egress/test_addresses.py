"""What kind of address an address is."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.egress.addresses import is_public, kind_of

from .world import words

PRIVATE = words("""
10.0.0.0 10.255.255.255 100.64.0.0 100.127.255.255 127.0.0.1 127.255.255.254 172.16.0.0 172.31.255.255 192.0.0.1
192.0.2.1 192.31.196.1 192.52.193.1 192.88.99.1 192.168.0.1 192.168.255.255 192.175.48.1 198.18.0.1 198.19.255.255
198.51.100.1 203.0.113.255 ::1 2001:1::1 2001:20::1 2001:1ff:ffff::1 2001:db8::1 2620:4f:8000::1 3fff:fff::1 fc00::1
fd12:3456::1
""")

METADATA = words("""
169.254.169.254 169.254.170.2 169.254.170.23 169.254.42.42 169.254.0.1 100.100.100.200 168.63.129.16 192.0.0.192
fd00:ec2::254 fd00:ec2::23 fd20:ce::254 fe80::1 febf::1
""")

NEVER = words("""
0.0.0.0 0.1.2.3 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255 :: ::ffff:127.0.0.1 ::ffff:8.8.8.8
::ffff:0:127.0.0.1 ::127.0.0.1 64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::a00:1 100::1 2001::1 2001:0:7f00:1::
2002:7f00:1:: 2002:808:808::1 4000::1 5f00::1 8000::1 fec0::1 ff02::1 ff05::1:3
""")

PUBLIC = words("""
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.1 168.63.129.15
169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 192.0.1.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0
223.255.255.255 2001:200::1 2001:4860:4860::8888 2003::1 2606:4700::1111 2620:4f:8001::1 3ffe::1
""")


@pytest.mark.parametrize("text", PRIVATE)
def test_private_and_special_addresses_are_private(text):
    """Whatever a request could reach behind our own firewall."""
    assert kind_of(ip_address(text)) == "private"


@pytest.mark.parametrize("text", METADATA)
def test_addresses_of_metadata_services_are_their_own_kind(text):
    """They hand out a machine's credentials to anybody who asks."""
    assert kind_of(ip_address(text)) == "metadata"


@pytest.mark.parametrize("text", NEVER)
def test_forms_that_hide_an_address_are_never_public(text):
    """A gateway would unpack them to an address that nobody judged."""
    assert kind_of(ip_address(text)) == "never"


@pytest.mark.parametrize("text", PUBLIC)
def test_neighbours_of_special_networks_are_public(text):
    """A table that is one bit too wide keeps people from services they pay for."""
    assert is_public(ip_address(text))


@given(st.ip_addresses(v=4) | st.ip_addresses(v=6))
def test_the_standard_library_never_finds_a_public_address_local(address):
    """Its table has gaps, ours may have none that it does not have."""
    if is_public(address):
        assert address.is_global
        assert not address.is_multicast


@given(st.ip_addresses(v=4))
def test_no_ipv6_form_of_an_ipv4_address_is_public(address):
    """Mapped, compatible, translated, NAT64, 6to4 and Teredo."""
    number = int(address)
    forms = [number, 0xFFFF << 32 | number, 0xFFFF << 48 | number, 0x64FF9B << 96 | number]
    forms += [0x2002 << 112 | number << 80, 0x20010000 << 96 | number << 64]

    assert not [form for form in forms if is_public(IPv6Address(form))]


def test_a_zone_is_never_public():
    """It names one of our own network cards."""
    assert kind_of(IPv6Address("2606:4700::1%eth0")) == "never"
    assert is_public(IPv4Address("8.8.8.8"))
