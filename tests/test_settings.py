"""What the environment may say."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from jackfield.settings import InvalidSetting, Settings, from_environment, secrets_from_environment


def test_without_anything_set_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Nothing is opened and nothing mocked."""
    monkeypatch.chdir(tmp_path)

    assert from_environment({}) == Settings()


def test_the_folder_connectors_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """First success needs no setting."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "connectors").mkdir()

    assert from_environment({}).connectors == (Path("connectors"),)
    assert from_environment({"JACKFIELD_CONNECTORS": str(tmp_path)}).connectors == (tmp_path,)


def test_everything_can_be_set(tmp_path: Path):
    """One variable each, as documented."""
    environ = {
        "JACKFIELD_CONNECTORS": f"{tmp_path}{os.pathsep}{tmp_path}",
        "JACKFIELD_EGRESS_ALLOW": "10.0.0.0/8",
        "JACKFIELD_EGRESS_PORTS": "443, 8443",
        "JACKFIELD_MOCK": "1",
        "JACKFIELD_LOG_LEVEL": "DEBUG",
    }

    assert from_environment(environ) == Settings(
        connectors=(tmp_path, tmp_path),
        egress_allow="10.0.0.0/8",
        egress_ports=(443, 8443),
        mock=True,
        log_level="debug",
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("JACKFIELD_CONNECTORS", "nowhere/at-all"),
        ("JACKFIELD_EGRESS_PORTS", "443,x"),
        ("JACKFIELD_EGRESS_PORTS", "0"),
        ("JACKFIELD_EGRESS_PORTS", "65536"),
        ("JACKFIELD_MOCK", "maybe"),
        ("JACKFIELD_LOG_LEVEL", "loud"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(name: str, value: str):
    """A setting that is ignored silently costs an afternoon."""
    with pytest.raises(InvalidSetting) as caught:
        from_environment({name: value})

    assert f"setting `{name}` is" in caught.value.message


def test_secrets_come_from_variables_of_their_own():
    """`JACKFIELD_SECRET_<NAME>`; an empty one is none."""
    environ = {"JACKFIELD_SECRET_SLACK": "xoxb", "JACKFIELD_SECRET_": "x", "JACKFIELD_SECRET_EMPTY": "", "SLACK": "no"}

    assert secrets_from_environment(environ) == {"SLACK": "xoxb"}
