"""Post to Slack through a connector that is only written down, in `connectors/slack.yaml`.

JACKFIELD_SECRET_SLACK_BOT_TOKEN holds the token. With SLACK_URL the same connector type is configured a second
time, for another address: a test workspace, or a server of your own.
"""

import os
import sys
from pathlib import Path

from jackfield import Jackfield

with Jackfield(folder=Path(__file__).parent / "connectors") as jackfield:
    name = "slack-api"
    if "SLACK_URL" in os.environ:
        name = jackfield.add({"name": "slack-test", "type": name, "config": {"baseUrl": os.environ["SLACK_URL"]}})
    outcome = jackfield.connector(name, "post_message", {"channel": "#general", "text": "Hello from Jackfield"})

if not outcome.success:
    sys.exit(f"{outcome.code}: {outcome.error}")
print("posted at", outcome.ts)
