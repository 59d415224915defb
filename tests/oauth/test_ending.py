"""What is under way when a server ends."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

from jackfield.testing.oauth.server import FakeOAuth
from oauth.signing import world


def test_a_server_that_stops_loses_no_grant(sqlite_url: str, tmp_path: Path, service: FakeOAuth):
    """Requests are torn off; an exchange that is under way is waited for, since a code works only once."""
    held = service.faults.hold("token", times=1)
    with world(tmp_path, sqlite_url, service, shutdown_s=0) as here:
        browser = here.browser()
        address = here.agree(here.start(browser))
        cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        headers = {"host": browser.host, "cookie": cookie, "authorization": ""}
        connection = here.at.connected()
        with connection as open_one:
            open_one.sendall(browser.at.request("GET", address, headers=headers))
            held.wait()

        def release_once_stopped() -> None:
            while True:
                try:
                    with here.at.connected():
                        pass
                except OSError:
                    held.release()
                    return

        releasing = threading.Thread(target=release_once_stopped)
        releasing.start()
    releasing.join()
    with sqlite3.connect(tmp_path / "jackfield.db") as database:
        flows = database.execute("SELECT code, result_id <> '' FROM oauth_flow").fetchall()
        grants = database.execute("SELECT count(*) FROM oauth_grant").fetchone()

    assert flows == [("", 1)]
    assert grants == (1,)
