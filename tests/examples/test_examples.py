"""The examples do what they say, run as a person would run them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from servers import Answer, Asked, serve, todos

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


@pytest.mark.parametrize("script", sorted(EXAMPLES.rglob("*.py")), ids=lambda path: path.stem)
def test_every_example_is_tested_here(script: Path):
    """An example that nobody runs stops working."""
    assert str(script.relative_to(EXAMPLES)) in Path(__file__).read_text()
