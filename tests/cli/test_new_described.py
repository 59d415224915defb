"""`jackfield new --describe`: a connector from a text."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from jackfield.__main__ import _runtime
from jackfield.surfaces.cli.main import cli
from manage.authoring.world import written
from models import model

WORDS = "Acme CRM at https://api.acme.example/v2.\nGET /customers - all\nGET /customers/{id}\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def new(*arguments: str, words: str = WORDS) -> Result:
    return CliRunner().invoke(cli, ["new", "acme-crm", "--describe", "-", *arguments], obj=_runtime, input=words)


@pytest.mark.slow
def test_a_text_becomes_a_script_and_what_is_said_of_it():
    """Both are printed and nothing is overwritten; what was read can be looked at in the next command."""
    done, again = new("-d", "Ours."), new()
    body = yaml.safe_load(Path("connectors/acme-crm.yaml").read_text())
    tried = CliRunner().invoke(cli, ["try", "connectors/acme-crm.yaml"], obj=_runtime)

    assert (done.exit_code, done.stdout) == (0, "connectors/acme-crm.js\nconnectors/acme-crm.yaml\n")
    assert "no model is configured" in done.stderr
    assert (body["name"], body["description"], body["scriptSource"]) == ("acme-crm", "Ours.", "./acme-crm.js")
    assert "function getCustomer()" in Path("connectors/acme-crm.js").read_text()
    assert tried.exit_code == 0, tried.stderr
    assert again.exit_code == 2
    assert "connectors/acme-crm.js" in str(again.stderr)


@pytest.mark.slow
def test_the_model_of_the_settings_writes_it(monkeypatch: pytest.MonkeyPatch):
    with model(written()) as running:
        monkeypatch.setenv("JACKFIELD_MODEL_URL", running.url)
        monkeypatch.setenv("JACKFIELD_MODEL", "coder")
        done = new()

    assert done.exit_code == 0, done.stderr
    assert "read it before you use it" in done.stderr
    assert "floh.config.apiToken" in Path("connectors/acme-crm.js").read_text()


def test_a_text_without_endpoints_says_what_is_missing():
    done = new(words="Customers.")

    assert done.exit_code == 2
    assert "no endpoint is described" in done.stderr
    assert not Path("connectors").exists()
