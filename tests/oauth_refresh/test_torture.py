"""Four processes with fifty callers each on one database: no grant is lost, and each expiry costs one exchange."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from jackfield.testing import FakeOAuth
from oauth_refresh.account import Installation, all_at_once, callers, install

pytestmark = pytest.mark.slow

SCALE = float(os.environ.get("JACKFIELD_TEST_SCALE", "0.2"))
PROCESSES, CALLERS = 4, 50
EXPIRIES = max(3, int(25 * SCALE))

FAULTS: list[dict[str, Any]] = [
    {},
    {"status": 429, "retry_after": 1},
    {"delay_s": 0.5},
    {"delay_s": 0.5, "when": "after"},
    {"status": 500},
    {"style": "html", "status": 502},
    {"drop": True},
    {"error": "temporarily_unavailable", "style": "slack"},
]
"""None of them takes effect at the service but those that only take their time."""


@pytest.fixture
def server() -> Iterator[FakeOAuth]:
    """It rotates, and ends a grant whose refresh token is used twice."""
    with FakeOAuth() as running:
        yield running


@pytest.fixture(params=["sdk", "servers"])
def installation(request: pytest.FixtureRequest, server: FakeOAuth, tmp_path: Path) -> tuple[str, Installation]:
    """Programs share a SQLite file, servers a PostgreSQL database."""
    url = request.getfixturevalue("sqlite_url" if request.param == "sdk" else "postgresql_url")
    return request.param, install(tmp_path, url, server)


def refreshes(server: FakeOAuth) -> list[str]:
    """How the exchanges ended, but for those that a fault kept from having any effect."""
    return [each.outcome for each in server.log() if each.grant == "refresh_token" and each.outcome != "none"]


def test_each_expiry_costs_one_exchange_and_no_grant(
    installation: tuple[str, Installation], server: FakeOAuth, tmp_path: Path
):
    """Whatever goes wrong on the way, and whoever notices first."""
    kind, here = installation
    dice = random.Random(9)
    faults = [FAULTS[number % len(FAULTS)] for number in range(EXPIRIES)]
    dice.shuffle(faults)
    told = []
    with callers(here, tmp_path, kind=kind, count=PROCESSES) as processes:
        assert all_at_once(processes, CALLERS) == {"ok": PROCESSES * CALLERS}
        for number, fault in enumerate(faults, 1):
            server.expire_access_tokens()
            if fault:
                server.faults.next("token", **fault)
            told.append(all_at_once(processes, CALLERS))
            assert refreshes(server) == ["ok"] * number, fault

    assert told == [{"ok": PROCESSES * CALLERS}] * EXPIRIES
    assert (server.counts().lost, server.counts().reuses) == (0, 0)
    assert here.grant().generation == EXPIRIES + 1


def test_an_end_is_asked_for_once(installation: tuple[str, Installation], server: FakeOAuth, tmp_path: Path):
    """Two hundred callers, then two hundred again: one attempt."""
    kind, here = installation
    with callers(here, tmp_path, kind=kind, count=PROCESSES) as processes:
        server.revoke_all()
        first = all_at_once(processes, CALLERS)
        again = all_at_once(processes, CALLERS)

    assert first == again == {"reauthorization-needed": PROCESSES * CALLERS}
    assert refreshes(server) == ["invalid_grant"]
    assert here.grant().code == "invalid_grant"


@pytest.mark.parametrize("grace_s", [60, 0], ids=["grace", "strict"])
def test_killed_between_exchange_and_store(
    installation: tuple[str, Installation], server: FakeOAuth, tmp_path: Path, grace_s: float
):
    """Nothing can bring back what only a dead process knew. Where the service gives it again, nothing is lost; else it

    is asked once, and people are told why.
    """
    kind, here = installation
    server.change(grace_s=grace_s)
    with callers(here, tmp_path, kind=kind, count=2) as (victim, other):
        server.expire_access_tokens()
        held = server.faults.hold("token", times=1, when="after")
        victim.go(CALLERS)
        held.wait()
        victim.popen.kill()
        victim.popen.wait(20)
        held.release()
        told = all_at_once([other], CALLERS)
        again = all_at_once([other], CALLERS)
    grant = here.grant()

    if grace_s:
        assert told == again == {"ok": CALLERS}
        assert refreshes(server) == ["ok", "repeated"]
        assert server.counts().lost == 0
    else:
        assert told == again == {"reauthorization-needed": CALLERS}
        assert refreshes(server) == ["ok", "invalid_grant"]
        assert "interrupted" in grant.reason


def test_stopped_for_longer_than_its_turn_a_process_loses_nothing(
    installation: tuple[str, Installation], server: FakeOAuth, tmp_path: Path
):
    """It believes that it still has it: what others have kept meanwhile counts, and its callers go on with that."""
    kind, here = installation
    server.change(grace_s=60)
    with callers(here, tmp_path, kind=kind, count=2) as (stopped, other):
        server.expire_access_tokens()
        held = server.faults.hold("token", times=1, when="after")
        stopped.go(CALLERS)
        held.wait()
        stopped.popen.send_signal(signal.SIGSTOP)
        held.release()
        told = all_at_once([other], CALLERS)
        stopped.popen.send_signal(signal.SIGCONT)
        late = stopped.told()
        again = all_at_once([stopped, other], CALLERS)

    assert told == late == {"ok": CALLERS}
    assert again == {"ok": 2 * CALLERS}
    assert refreshes(server) == ["ok", "repeated"]
    assert server.counts().lost == 0
