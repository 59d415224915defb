"""What is loaded, and when."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import json, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from server.world import settings
from surfaces.served import served
from urllib.request import Request, urlopen
with served(settings(Path(sys.argv[2]), connectors=())) as started:
    before = "mcp" in sys.modules, "mcp_types" in sys.modules
    for path, token in (("/.well-known/oauth-protected-resource", ""), ("/mcp", "")):
        try:
            urlopen(started.url + path)
        except OSError:
            pass
    strangers = "mcp" in sys.modules
    headers = {"Authorization": "Bearer " + started.first_token, "Content-Type": "application/json"}
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "ping"}).encode()
    try:
        urlopen(Request(started.url + "/mcp", body, headers, method="POST"))
    except OSError:
        pass
    print(json.dumps([*before, strangers, "mcp" in sys.modules]))
"""


@pytest.mark.slow
def test_the_sdk_is_loaded_by_the_first_who_may_ask(tmp_path):
    """It takes most of a second and 18 MB, which a server without models does not pay; nor can a stranger make it."""
    tests = Path(__file__).parents[1]
    command = [sys.executable, "-c", SCRIPT, str(tests), str(tmp_path)]
    environment = {**os.environ, "JACKFIELD_DATABASE_URL": "memory"}
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=60, cwd=tmp_path, env=environment
    )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [False, False, False, True]
