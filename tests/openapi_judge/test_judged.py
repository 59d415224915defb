"""Operations of real documents are called with what their own schemas allow, and others judge the requests.

`JACKFIELD_SPECS` is the folder of documents. `JACKFIELD_JUDGE_PYTHON` is a Python with openapi-core, which needs other
versions of libraries than Jackfield; without it, what is checked is that each call gives a request.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from openapi_judge.cases import documents, requests

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif("JACKFIELD_SPECS" not in os.environ, reason="JACKFIELD_SPECS names no folder of documents"),
]

SCALE = float(os.environ.get("JACKFIELD_TEST_SCALE", "0.2"))
OF_EACH = max(1, round(40 * SCALE))
JUDGE = Path(__file__).with_name("judge.py")


@pytest.fixture(scope="module")
def drawn():
    """Three requests for each drawn operation."""
    folder = Path(os.environ["JACKFIELD_SPECS"])
    return [one for name, document in documents(folder) for one in requests(name, document, seed="1", most=OF_EACH)]


def test_what_a_schema_allows_gives_a_request(drawn):
    """For every operation, or else a value that the service could not tell from nothing is refused."""
    failed = [one for one in drawn if "failure" in one]

    assert drawn
    assert len(failed) <= 0.01 * len(drawn), [(one["file"], one["path"], one["failure"]) for one in failed[:5]]


@pytest.mark.skipif("JACKFIELD_JUDGE_PYTHON" not in os.environ, reason="JACKFIELD_JUDGE_PYTHON names no Python")
def test_others_find_the_requests_valid(drawn, tmp_path):
    """All but a few in a hundred, apart from limits of the judge and flaws of the documents, which are listed there."""
    lines = tmp_path / "requests.jsonl"
    lines.write_bytes(b"".join(orjson.dumps(one, option=orjson.OPT_APPEND_NEWLINE) for one in drawn))
    python = os.environ["JACKFIELD_JUDGE_PYTHON"]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}

    ran = subprocess.run(
        [python, JUDGE, os.environ["JACKFIELD_SPECS"], lines],
        stdout=subprocess.PIPE,
        check=True,
        env=environment,
        text=True,
        timeout=600,
    )
    counts = orjson.loads(ran.stdout.splitlines()[-1])
    sys.stdout.write(f"{counts}\n")

    valid, wrong = counts["valid"], counts.get("wrong", 0)
    assert valid >= 0.9 * sum(counts.values())
    assert valid >= 0.97 * (valid + wrong), counts
