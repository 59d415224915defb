"""The whole REST surface, fuzzed: whatever is sent, the answer is one that the document promises."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from server.processes import place
from server.world import PROBE
from surfaces.served import ADMIN_TOKEN

pytestmark = pytest.mark.slow

EXAMPLES = max(5, int(50 * float(os.environ.get("JACKFIELD_TEST_SCALE", "0.2"))))
"""Requests made up for each operation, beside those that its document's examples and bounds give."""

ENDLESS = ("streamExecutions",)
"""Operations whose answer has no end, for which the fuzzer would wait; `test_stream.py` has them."""

EXCLUDED = ("positive_data_acceptance",)
"""Not asked: that everything well-formed is accepted. What a request asks for may not fit what there is (a type that is
not installed, two ways to page through a list), which no schema can say; such requests are answered with 422."""


@pytest.mark.parametrize("keeping", ["memory", "sqlite"])
def test_nothing_that_is_sent_is_answered_otherwise_than_documented(keeping: str, tmp_path: Path):
    """No 5xx; statuses, schemas, headers and content types as documented; what is wrong is refused; no way past the
    token; what is deleted is gone."""
    url = "memory" if keeping == "memory" else f"sqlite:///{tmp_path / 'jackfield.db'}"
    here = place(tmp_path, JACKFIELD_DATABASE_URL=url, JACKFIELD_EGRESS_PORTS="1")  # nobody else is reached
    with here.running(str(PROBE)) as server:
        fuzzing = subprocess.run(
            [
                *[str(Path(sys.executable).with_name("schemathesis")), "run", f"{server.told['url']}/api/openapi.json"],
                *["--header", f"Authorization: Bearer {ADMIN_TOKEN}", "--exclude-checks", ",".join(EXCLUDED)],
                *["--max-examples", str(EXAMPLES), "--continue-on-failure", "--no-color", "--warnings", "off"],
                *[word for name in ENDLESS for word in ("--exclude-operation-id", name)],
                *["--seed", os.environ.get("JACKFIELD_TEST_SEED", "1"), "--request-timeout", "20"],
            ],
            cwd=tmp_path,
            env={name: value for name, value in os.environ.items() if not name.startswith("JACKFIELD_")},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        words = server.stderr

    assert fuzzing.returncode == 0, fuzzing.stdout[-8000:] + fuzzing.stderr[-2000:]
    assert "Traceback" not in words
    assert all_operations(fuzzing.stdout) > 50


def all_operations(report: str) -> int:
    """How many were fuzzed; it is a failure if any was left out that has an end."""
    selected = re.search(r"Selected: (\d+)/(\d+)\n\s+Tested: (\d+)", report)
    assert selected, report[-3000:]
    assert int(selected[2]) - len(ENDLESS) == int(selected[1]) == int(selected[3])
    return int(selected[1])
