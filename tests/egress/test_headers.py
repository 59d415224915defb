"""Which headers may be sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jackfield.egress.errors import HeaderRefused
from jackfield.egress.headers import for_other_origin, merge, without_body

from .world import words

FORBIDDEN = words("""
Host host HOST Content-Length transfer-encoding Connection TE Trailer Upgrade Keep-Alive Proxy-Authorization
Proxy-Connection proxy-anything Expect
""")


@pytest.mark.parametrize("name", FORBIDDEN)
def test_headers_that_frame_or_route_a_message_belong_to_the_connection(name):
    """Two readings of where a message ends are how requests are smuggled."""
    with pytest.raises(HeaderRefused):
        merge({name: "x"})


@pytest.mark.parametrize("name", ["", " ", "X A", "X:", "X\r\nHost", "X\0", "Ä", "X(", "Host ", "\tHost", "X\x7f"])
def test_names_are_tokens(name):
    """aiohttp sends a name with a space, and servers disagree about what it means."""
    with pytest.raises(HeaderRefused):
        merge({name: "x"})


@pytest.mark.parametrize(
    "value", ["a\r\nHost: b", "a\rb", "a\nb", "a\0b", "a\x7fb", "a\x0bb", "ü", "čĊ", "嘍嘊", "\ud800", b"a", None, 1]
)
def test_values_stay_on_their_line(value):
    """Also those whose low bytes are a line end, which a careless encoder lets through."""
    with pytest.raises(HeaderRefused) as caught:
        merge({"X-Test": value})

    assert "Host: b" not in str(caught.value)


@given(st.text(min_size=1, max_size=12), st.text(max_size=12))
def test_what_is_accepted_is_exactly_one_line(name, value):
    """Whatever a caller passes."""
    try:
        merge({name: value})
    except HeaderRefused:
        return
    line = f"{name}: {value}".encode("ascii")
    assert line.splitlines() == [line]
    assert b"\0" not in line
    assert name.strip() == name


def test_ordinary_headers_are_accepted():
    """Tabs and empty values are in use."""
    headers = {"Authorization": "Bearer a.b-c_d", "X-Empty": "", "X-Tab": "a\tb", "!#$%&'*+.^_`|~": "odd"}

    assert dict(merge(headers)) == headers


def test_later_layers_win_whatever_the_case():
    """A credential replaces what a command set; a caller's own header replaces both."""
    merged = merge({"authorization": "a", "X-One": "1"}, None, {"Authorization": "b"}, {"AUTHORIZATION": "c"})

    assert merged.getall("authorization") == ["c"]
    assert len(merged) == 2


def test_only_headers_that_cannot_be_credentials_leave_the_origin():
    """Every client that was tested kept `X-Api-Key`."""
    headers = {"X-Api-Key": "1", "Cookie": "1", "Authorization": "1", "X-Anything": "1", "Referer": "1", "ACCEPT": "1"}

    assert for_other_origin({**headers, "content-type": "1"}) == {"ACCEPT": "1", "content-type": "1"}


def test_headers_about_a_body_go_with_it():
    """A GET that follows a POST has none."""
    assert without_body({"Content-Type": "1", "content-encoding": "1", "Accept": "1"}) == {"Accept": "1"}
