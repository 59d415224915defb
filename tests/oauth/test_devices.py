"""I03: signing in on another device; RFC 8628."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from oauth.signing import World


def start(world: World, **body: Any) -> dict[str, Any]:
    said = world.at.ask("POST", "/api/oauth/devices", {"connector": "acme", **body})
    assert said.status == 201, said.body
    found: dict[str, Any] = said.json()
    return found


def poll(world: World, started: dict[str, Any]) -> dict[str, Any]:
    said = world.at.ask("POST", f"/api/oauth/devices/{started['id']}/poll")
    assert said.status == 200, said.body
    found: dict[str, Any] = said.json()
    return found


def let_time_pass(folder: Path, column: str = "next_at", by_s: int = 100) -> None:
    """For the row, and not for whoever runs the test."""
    with sqlite3.connect(folder / "jackfield.db") as database:
        database.execute(f"UPDATE oauth_flow SET {column} = {column} - {by_s * 1_000_000}")


def test_an_account_is_connected_on_another_device(here: World, tmp_path: Path):
    """A poll that comes early asks nobody."""
    started = start(here, name="phone")
    early = poll(here, started)
    before = len(here.service.log())
    let_time_pass(tmp_path)
    pending = poll(here, started)
    here.service.approve_device(started["userCode"])
    let_time_pass(tmp_path)
    here.service.clock.advance(60)
    ended = poll(here, started)

    assert started["verificationUri"].startswith(here.service.issuer)
    assert (early["state"], early["interval"], before) == ("open", 5, 0)
    assert pending["state"] == "open"
    assert ended["state"] == "connected"
    assert poll(here, started) == ended
    assert here.call().status == 200


def test_slow_down_is_obeyed(here: World, tmp_path: Path):
    """RFC 8628, 3.5: five seconds more, from then on."""
    started = start(here)
    for expected in (10, 15):
        here.service.faults.next("token", status=400, error="slow_down")
        let_time_pass(tmp_path)
        assert poll(here, started)["interval"] == expected


def test_who_says_no_ends_it(here: World, tmp_path: Path):
    """And nobody asks again."""
    started = start(here)
    here.service.deny_device(started["userCode"])
    let_time_pass(tmp_path)
    here.service.clock.advance(60)
    ended = poll(here, started)
    asked = len(here.service.log())
    let_time_pass(tmp_path)

    assert (ended["state"], ended["code"]) == ("failed", "access_denied")
    assert poll(here, started) == ended
    assert len(here.service.log()) == asked


def test_a_code_expires(here: World, tmp_path: Path):
    """By what the service has said; it is asked no more then."""
    started = start(here)
    let_time_pass(tmp_path, "expires", 10_000)
    let_time_pass(tmp_path)

    assert poll(here, started)["state"] == "expired"
    assert here.service.log() == []


def test_an_outage_passes(here: World, tmp_path: Path):
    """What fails meanwhile does not end it."""
    started = start(here)
    here.service.faults.next("token", status=503)
    let_time_pass(tmp_path)

    assert poll(here, started)["state"] == "open"
