"""`python -m jackfield.testing.oauth --port N`: the server as a process, until it is stopped."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading

from jackfield.testing.oauth.server import FakeOAuth


def main() -> None:
    """Print the address as JSON, on one line, and serve."""
    parser = argparse.ArgumentParser(prog="python -m jackfield.testing.oauth", description="A fake OAuth server.")
    parser.add_argument("--port", type=int, default=0, help="Where to listen on 127.0.0.1; 0: anywhere.")
    parser.add_argument("--path", default="", help="Path of the issuer, for example /tenants/a.")
    parser.add_argument(
        "--redirect-uri", action="append", default=[], help="Where users may be sent back to; may be given again."
    )
    parser.add_argument("--rules", type=json.loads, default={}, help="Rules as JSON, for example '{\"grace_s\": 5}'.")
    told = parser.parse_args()
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    signal.signal(signal.SIGINT, lambda *_: ended.set())
    with FakeOAuth(redirect_uris=told.redirect_uri, path=told.path, port=told.port, **told.rules) as server:
        about = {"url": server.url, "issuer": server.issuer, "client_id": server.client_id}
        sys.stdout.write(json.dumps(about | {"client_secret": server.client_secret}) + "\n")
        sys.stdout.flush()
        ended.wait()


if __name__ == "__main__":
    main()
