"""Categories: what the type checker accepts as a `Communication`, and what it does not."""

from __future__ import annotations

import pytest
from mypy import api

from jackfield import Ai, Communication, Crm, Database, Storage, Ticketing

pytestmark = pytest.mark.slow

PROTOCOLS = [Ai, Communication, Crm, Database, Storage, Ticketing]

HEAD = """
from jackfield import Communication, Connector, Context, Outcome, command, succeed


def notify(service: Communication) -> None: ...

"""
CONFORMING = '''
class Acme(Connector, name="acme"):
    """Conforms without naming the protocol."""

    @command
    async def send_message(self, ctx: Context, channel: str, text: str, urgent: bool = False) -> Outcome:
        return succeed()

    @command
    async def list_messages(self, ctx: Context, channel: str, limit: int = 50) -> Outcome[list[str]]:
        return succeed([])


notify(Acme())
'''
WITHOUT_A_METHOD = """
class Silent(Connector, name="silent"):
    @command
    async def send_message(self, ctx: Context, channel: str, text: str) -> Outcome:
        return succeed()


notify(Silent())
"""
WITH_ANOTHER_SIGNATURE = """
class Other(Connector, name="other"):
    @command
    async def send_message(self, ctx: Context, room: int) -> Outcome:
        return succeed()

    @command
    async def list_messages(self, ctx: Context, channel: str, limit: int = 50) -> Outcome:
        return succeed()


notify(Other())
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What mypy says about all three, by the name of the file; one run, since starting costs most."""
    folder = tmp_path_factory.mktemp("categories")
    sources = {"conforming": CONFORMING, "silent": WITHOUT_A_METHOD, "other": WITH_ANOTHER_SIGNATURE}
    paths = []
    for name, source in sources.items():
        path = folder / f"{name}.py"
        path.write_text(HEAD + source)
        paths.append(str(path))
    out, err, _ = api.run(["--strict", f"--cache-dir={folder / 'cache'}", "--config-file=", *paths])
    assert not err
    return {name: [line for line in out.splitlines() if f"{name}.py" in line] for name in sources}


def test_a_connector_with_the_methods_conforms(said):
    """Code that takes any chat service takes this one; further arguments with defaults do no harm."""
    assert said["conforming"] == []


def test_a_connector_that_lacks_a_method_does_not_conform(said):
    """The gap shows in the editor, not in production."""
    assert any('Argument 1 to "notify"' in line for line in said["silent"])
    assert any("list_messages" in line for line in said["silent"])


def test_a_connector_whose_method_takes_something_else_does_not_conform(said):
    """The same name is not the same thing."""
    assert any('Argument 1 to "notify"' in line for line in said["other"])


@pytest.mark.parametrize("protocol", PROTOCOLS, ids=lambda protocol: protocol.__name__)
def test_each_protocol_has_few_methods_that_say_what_they_do(protocol):
    """Conforming must be easy, or nobody does."""
    methods = [value for name, value in vars(protocol).items() if not name.startswith("_") and callable(value)]

    assert 1 <= len(methods) <= 6
    assert all(method.__doc__ for method in methods)
