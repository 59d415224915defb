"""The examples do what they say, run as a person would run them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from jackfield.settings import Settings
from servers import Answer, Asked, serve, todos
from surfaces.kept import KEY
from surfaces.served import ADMIN_TOKEN, served

EXAMPLES = Path(__file__).parents[2] / "examples"


def run(script: Path, *, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a script in an empty folder, with nothing of Jackfield in its environment but what is given."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("JACKFIELD_")}
    clean["JACKFIELD_DATA_DIR"] = str(folder / "data")
    return subprocess.run(
        [sys.executable, str(script)], cwd=folder, env=clean | environment, capture_output=True, text=True, check=False
    )


def test_ten_lines_define_a_connector_and_call_a_real_service(tmp_path: Path):
    """The first thing that a newcomer runs."""
    with serve(todos()) as service:
        done = run(
            EXAMPLES / "quickstart/todo.py",
            folder=tmp_path,
            TODO_URL=service.url,
            JACKFIELD_EGRESS_ALLOW=service.address,
        )

    assert (done.stdout, done.stderr, done.returncode) == ("Write a connector\n", "", 0)
    assert [(asked.method, asked.path) for asked in service.asked] == [("GET", "/todos/1")]


def test_the_quickstart_is_ten_lines_of_code():
    """The README says so. Blank lines and docstrings do not count."""
    lines = (EXAMPLES / "quickstart/todo.py").read_text().splitlines()
    code = [line for line in lines if line.strip() and not line.strip().startswith('"""')]

    assert len(code) <= 11  # ten, and the import of `os` for the service's address


def slack(asked: Asked) -> Answer:
    """Slack's `chat.postMessage`, as far as the example sees it."""
    known = asked.method == "POST" and asked.path == "/api/chat.postMessage"
    if not known or asked.headers.get("authorization") != "Bearer xoxb-test-token":
        return Answer(body={"ok": False, "error": "invalid_auth"})
    return Answer(body={"ok": True, "ts": "1503435956.000247", "message": asked.json()})


def test_the_declarative_connector_of_the_guide_posts_a_message(tmp_path: Path):
    """The connector is the guide's, to the letter; only its address is another."""
    with serve(slack) as service:
        done = run(
            EXAMPLES / "slack/post.py",
            folder=tmp_path,
            SLACK_URL=f"{service.url}/api",
            JACKFIELD_SECRET_SLACK_BOT_TOKEN="xoxb-test-token",
            JACKFIELD_EGRESS_ALLOW=service.address,
        )

    assert (done.stdout, done.stderr, done.returncode) == ("posted at 1503435956.000247\n", "", 0)
    assert service.asked[0].json() == {"channel": "#general", "text": "Hello from Jackfield"}


def test_a_missing_token_sends_nothing(tmp_path: Path):
    """A declared credential that is not there fails closed."""
    with serve(slack) as service:
        done = run(
            EXAMPLES / "slack/post.py",
            folder=tmp_path,
            SLACK_URL=f"{service.url}/api",
            JACKFIELD_EGRESS_ALLOW=service.address,
        )

    assert done.returncode != 0
    assert "SLACK_BOT_TOKEN" in done.stderr
    assert service.asked == []


@pytest.fixture
def bookshop(tmp_path: Path, sqlite_url: str) -> Iterator[dict[str, str]]:
    """A server with the demo; what somebody sets to ask it."""
    settings = Settings(data=tmp_path, database_url=sqlite_url, key=KEY, admin_token=ADMIN_TOKEN, port=0)
    with served(settings, demo=True) as started:
        yield {"JACKFIELD_URL": started.url, "JACKFIELD_TOKEN": ADMIN_TOKEN}


ORDERS = [
    pytest.param([sys.executable, str(EXAMPLES / "server/order.py")], id="order.py"),
    pytest.param(
        [str(EXAMPLES / "server/order.sh")],
        id="order.sh",
        marks=pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl"),
    ),
]


def order(command: list[str], *given: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("JACKFIELD_")}
    return subprocess.run(
        [*command, *given], env=clean | environment, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize("command", ORDERS)
def test_an_order_that_is_repeated_with_its_key_is_one_order(command: list[str], bookshop: dict[str, str]):
    """Somebody's script is started again after the network has failed."""
    first = order(command, "3", "order-1", environment=bookshop)
    again = order(command, "3", "order-1", environment=bookshop)
    other = order(command, "3", "order-2", environment=bookshop)

    assert (first.returncode, again.returncode, other.returncode) == (0, 0, 0)
    assert "The Time Machine" in first.stdout
    assert re.findall(r"\b10\d\d\b", again.stdout)[0] == re.findall(r"\b10\d\d\b", first.stdout)[0]
    assert re.findall(r"\b10\d\d\b", other.stdout)[0] != re.findall(r"\b10\d\d\b", first.stdout)[0]


@pytest.mark.parametrize("command", ORDERS)
def test_an_order_that_is_refused_fails(command: list[str], bookshop: dict[str, str]):
    """What goes on after it must not take it for done."""
    done = order(command, "5", "order-1", environment=bookshop)

    assert done.returncode == 1
    assert "there are 0 copies of Frankenstein" in done.stdout + done.stderr


@pytest.mark.parametrize("command", ORDERS)
def test_no_token_is_said_and_not_guessed(command: list[str], bookshop: dict[str, str]):
    """A wrong token is the first thing that goes wrong, and must not be shown on the way."""
    done = order(command, "3", "order-1", environment=bookshop | {"JACKFIELD_TOKEN": "jf_wrong-0123456789abcdef"})

    assert done.returncode == 1
    assert "token-unknown" in done.stdout + done.stderr
    assert "0123456789abcdef" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    "script", sorted([*EXAMPLES.rglob("*.py"), *EXAMPLES.rglob("*.sh")]), ids=lambda path: path.name
)
def test_every_example_is_tested_here(script: Path):
    """An example that nobody runs stops working."""
    assert str(script.relative_to(EXAMPLES)) in Path(__file__).read_text()
