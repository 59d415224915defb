"""Operations of real documents are called with what their own schemas allow, and others judge the requests.

`JACKFIELD_SPECS` is the folder of documents. `JACKFIELD_JUDGE_PYTHON` is a Python with openapi-core, which needs other
versions of libraries than Jackfield; without it, what is checked is that each call gives a request.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest

from openapi_judge.cases import documents, requests
from openapi_judge.limits import LIMITS, SPOILED

pytestmark = pytest.mark.slow

needs_documents = pytest.mark.skipif(
    "JACKFIELD_SPECS" not in os.environ, reason="JACKFIELD_SPECS names no folder of documents"
)
needs_judge = pytest.mark.skipif(
    "JACKFIELD_JUDGE_PYTHON" not in os.environ, reason="JACKFIELD_JUDGE_PYTHON names no Python"
)

SCALE = float(os.environ.get("JACKFIELD_TEST_SCALE", "0.2"))
OF_EACH = max(1, round(40 * SCALE))
JUDGE = Path(__file__).with_name("judge.py")


@pytest.fixture(scope="module")
def drawn():
    """Three requests for each drawn operation."""
    folder = Path(os.environ["JACKFIELD_SPECS"])
    return [one for name, document in documents(folder) for one in requests(name, document, seed="1", most=OF_EACH)]


@needs_documents
def test_what_a_schema_allows_gives_a_request(drawn):
    """For every operation, or else a value that the service could not tell from nothing is refused."""
    failed = [one for one in drawn if "failure" in one]

    assert drawn
    assert len(failed) <= 0.01 * len(drawn), [(one["file"], one["path"], one["failure"]) for one in failed[:5]]


@needs_documents
@needs_judge
def test_others_find_the_requests_valid(drawn, tmp_path):
    """Apart from limits of the judge and flaws of the documents, each of which is proved: see `causes`."""
    counts = judged(drawn, tmp_path)
    sys.stdout.write(f"{counts}\n")

    every = sum(counts.values()) - counts.get("2.0", 0) - counts.get("failure", 0)
    assert counts["valid"] >= 0.9 * every
    assert counts.get("wrong", 0) <= 0.001 * every, counts


@needs_judge
@pytest.mark.parametrize("cause", LIMITS)
def test_each_limit_of_the_judge_shows_in_a_small_document(cause, tmp_path):
    """Where the text of the specification is on our side, and the cause is found for the reason that it says."""
    assert judged([LIMITS[cause][1] | {"file": ""}], tmp_path) == {cause: 1}


@needs_judge
@pytest.mark.parametrize("cause", [cause for cause, (_, case) in LIMITS.items() if case["request"]["body"]])
def test_no_cause_hides_a_fault(cause, tmp_path):
    """The same document with another body is wrong, whatever the judge cannot read."""
    case = LIMITS[cause][1]
    kind = case["request"]["headers"]["Content-Type"].partition(";")[0]
    spoiled = case | {"request": case["request"] | {"body": SPOILED.get(kind, "[{]")}, "file": ""}

    assert judged([spoiled], tmp_path) == {"wrong": 1}


def judged(requests: list[dict[str, Any]], folder: Path) -> dict[str, int]:
    """How many requests are valid, and how many not for each cause."""
    lines = folder / "requests.jsonl"
    lines.write_bytes(b"".join(orjson.dumps(one, option=orjson.OPT_APPEND_NEWLINE) for one in requests))
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    ran = subprocess.run(
        [os.environ["JACKFIELD_JUDGE_PYTHON"], JUDGE, os.environ.get("JACKFIELD_SPECS", ""), lines],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
        env=environment,
        text=True,
        timeout=600,
    )
    found: dict[str, int] = orjson.loads(ran.stdout.splitlines()[-1])
    return found
