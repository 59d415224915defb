"""The last check before the system opens a connection."""

from __future__ import annotations

import asyncio
import socket
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.egress.errors import UrlRefused
from jackfield.egress.policy import Policy, parse_allow
from jackfield.egress.sockets import Approved, Judged, PinnedSocket, approve


@given(st.ip_addresses(v=4) | st.ip_addresses(v=6), st.sampled_from([80, 443, 22, 8080]))
def test_no_socket_is_approved_for_an_address_that_is_not_public(address, port):
    """Whatever brought it here."""
    try:
        approve(Policy(), str(address), port)
    except UrlRefused:
        return
    assert address.is_global
    assert port in Policy().ports


def test_an_approval_belongs_to_its_policy_and_port():
    """Another tenant's policy, or another port, is another question."""
    policy = Policy(allow=parse_allow("db.corp.example:5432"))
    literal = Judged(ip_address("10.1.2.3"), port=5432, policy=policy)

    assert approve(policy, literal, 5432) == Approved(address=ip_address("10.1.2.3"), port=5432)
    for other in ((policy, literal, 80), (Policy(), literal, 5432), (policy, "10.1.2.3", 5432)):
        with pytest.raises(UrlRefused):
            approve(*other)


@pytest.mark.parametrize("address", [("127.0.0.1", 80), ("93.184.216.34", 81), ("::ffff:93.184.216.34", 80)])
def test_a_socket_connects_to_the_address_it_was_opened_for_only(address):
    """An event loop that looks names up on its own does not get to choose."""
    with PinnedSocket(Approved(address=ip_address("93.184.216.34"), port=80)) as pinned:
        with pytest.raises(UrlRefused):
            pinned.connect(address)
        with pytest.raises(UrlRefused):
            pinned.connect_ex(address)


async def test_a_pinned_socket_is_an_ordinary_socket():
    """Event loops use it as theirs."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        with PinnedSocket(Approved(address=ip_address("127.0.0.1"), port=port)) as pinned:
            await asyncio.get_running_loop().sock_connect(pinned, ("127.0.0.1", port))

            assert pinned.getpeername() == ("127.0.0.1", port)
