"""Completion: what can be called, without a word where somebody is typing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete
from click.testing import CliRunner

from jackfield.__main__ import _local, _looking, _runtime
from jackfield.surfaces.cli.main import cli
from jackfield.surfaces.cli.tools import Tools

pytestmark = pytest.mark.filterwarnings("ignore:old")

NOISY = """
import logging, sys, warnings
from jackfield import Connector, Outcome, command, succeed
print("on stdout"); print("on stderr", file=sys.stderr); warnings.warn("old"); logging.getLogger("x").error("logged")

class Desk(Connector, name="desk"):
    '''A desk.'''

    @command(reads_only=True)
    async def list_items(self) -> Outcome:
        '''List what lies there.

        All of it.
        '''
        return succeed()

    @command
    async def tidy(self) -> Outcome:
        '''Put all away.'''
        return succeed()
"""
SHOPS = """
connectors:
  - {name: shop-east, baseUrl: "https://east.example", operations: [{name: sell, method: POST, path: /}]}
  - name: shop-west
    namespace: west
    baseUrl: https://west.example
    operations: [{name: buy, method: POST, path: /}]
"""


async def nothing():
    raise NotImplementedError


TOOLS = Tools(make_runtime=_runtime, make_local=_local, make_looking=_looking, doctor=nothing, serve=nothing)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with connectors, and an installation that nobody has used yet."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JACKFIELD_CONNECTORS", raising=False)
    monkeypatch.setenv("JACKFIELD_DATABASE_URL", "")
    monkeypatch.setenv("JACKFIELD_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "connectors").mkdir()
    (tmp_path / "connectors/desk.py").write_text(NOISY)
    (tmp_path / "connectors/shops.yaml").write_text(SHOPS)
    return tmp_path


def completed(*words: str, tools: object = TOOLS, shell: type[ShellComplete] = BashComplete) -> list[str]:
    """What stands there after the last of `words`."""
    *before, incomplete = words
    shell_of = shell(cli, {"obj": tools}, "jackfield", "_JACKFIELD_COMPLETE")
    return [item.value for item in shell_of.get_completions(before, incomplete)]


def test_connectors_and_types_that_can_be_called_are_offered():
    """By the names that a call takes; those of other namespaces in full."""
    assert completed("call", "") == [
        "shop-east",
        "west/shop-west",
        "delay",
        "desk",
        "http",
        "sample-script",
        "shop-west",
    ]
    assert completed("call", "de") == ["delay", "desk"]
    assert completed("call", "default/") == ["default/shop-east.sell"]


def test_of_one_connector_the_commands_are_offered():
    """So that the shell goes on to the dot instead of a space."""
    assert completed("call", "des") == ["desk.list_items", "desk.tidy"]
    assert completed("call", "desk.") == ["desk.list_items", "desk.tidy"]
    assert completed("call", "desk.t") == ["desk.tidy"]
    assert completed("call", "west/shop-west.") == ["west/shop-west.buy"]
    assert completed("call", "--timeout", "5", "DESK.l") == ["DESK.list_items"]


def test_commands_and_options_are_offered():
    """What click knows by itself."""
    assert "connectors" in completed("co")
    assert "--mock" in completed("call", "--m")


@pytest.mark.parametrize("shell", [BashComplete, ZshComplete, FishComplete])
def test_each_shell_is_told_what_a_command_does(shell: type[ShellComplete]):
    """The first line, where the shell shows it."""
    made = shell(cli, {"obj": TOOLS}, "jackfield", "_JACKFIELD_COMPLETE")
    said = [made.format_completion(item) for item in made.get_completions(["call"], "desk.l")]

    assert len(said) == 1
    assert "desk.list_items" in said[0]
    assert ("List what lies there." in said[0]) == (shell is not BashComplete)


def test_nothing_is_printed_and_nothing_is_made(folder: Path, capfd: pytest.CaptureFixture[str]):
    """Pressing a key is not the first call."""
    assert completed("call", "desk.t")

    assert capfd.readouterr() == ("", "")
    assert not (folder / "data").exists()


@pytest.mark.parametrize("word", ["nobody", "nobody.", "desk.x", ".", "..", "-", "a/b/c.", "\x00", "x" * 10_000])
def test_what_leads_nowhere_offers_nothing(word: str, capfd: pytest.CaptureFixture[str]):
    """Without a word."""
    assert completed("call", word) == [] or word == "-"
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "environ",
    [
        {"JACKFIELD_LOG_LEVEL": "loud"},
        {"JACKFIELD_CONFIG": "absent.toml"},
        {"JACKFIELD_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing", "JACKFIELD_KEY": "main:x"},
        {"JACKFIELD_URL": "http://127.0.0.1:1"},
    ],
)
def test_an_installation_that_does_not_work_offers_nothing(
    environ: dict[str, str], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    """The next command will say what is wrong."""
    for name, value in environ.items():
        monkeypatch.setenv(name, value)

    assert completed("call", "d") == []
    assert capfd.readouterr() == ("", "")


def test_a_file_that_ends_the_process_does_not(folder: Path):
    """A connector that calls `sys.exit` when it is loaded."""
    (folder / "connectors/bad.py").write_text("import sys; sys.exit(3)")

    assert completed("call", "desk.t") in (["desk.tidy"], [])


def test_the_scripts_are_printed():
    """Into the shell's own files."""
    for shell in ("bash", "zsh", "fish"):
        done = CliRunner().invoke(cli, ["completion", shell], obj=TOOLS)
        assert done.exit_code == 0
        assert f"_JACKFIELD_COMPLETE={shell}_complete" in done.stdout
    assert CliRunner().invoke(cli, ["completion", "csh"], obj=TOOLS).exit_code == 2


IN_BASH = """
eval "$(jackfield completion bash)"
complete -p jackfield
COMP_WORDS=(jackfield call desk.) COMP_CWORD=2
_jackfield_completion jackfield
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.mark.slow
def test_a_real_bash_completes(folder: Path):
    """From the script to the reply."""
    environ = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "--norc", "-c", IN_BASH], check=True, capture_output=True, text=True, env=environ, cwd=folder
    )

    assert done.stderr == ""
    assert done.stdout.splitlines()[1:] == ["desk.list_items", "desk.tidy"]
    assert "-F _jackfield_completion jackfield" in done.stdout
