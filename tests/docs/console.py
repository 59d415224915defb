"""Runs the terminal sessions that the documentation shows, and compares what they print."""

from __future__ import annotations

import doctest
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass

from sybil import Example

from .server import STARTS, PageServers

# Only these are run. Other commands, such as `git clone`, are for the reader's own machine.
KNOWN = "jackfield|python|curl" if shutil.which("curl") else "jackfield|python"
RUNNABLE = re.compile(rf"(?:[A-Z_]+=\S* )*(?:\.venv/bin/)?(?:{KNOWN})(?: |$)")
UNSETS = re.compile(r"unset(?: JACKFIELD_[A-Z_]+)+$")

SERVERS = "__servers__"
"""Where the namespace of a page has its `PageServers`."""

TIMEOUT_S = 60


@dataclass(frozen=True, kw_only=True)
class Command:
    """One command of a session, and the lines shown under it."""

    text: str
    shown: str


def commands(session: str) -> Iterator[Command]:
    """The commands of `session`: each starts with `$ `, and goes on after a backslash, or from `<<END` to `END`."""
    text = ""
    shown: list[str] = []
    for line in session.splitlines():
        if text.endswith("\\") or _is_open(text):
            text = f"{text}\n{line.removeprefix('> ')}"
        elif line.startswith("$ "):
            if text:
                yield Command(text=text, shown="\n".join(shown))
            text, shown = line.removeprefix("$ "), []
        else:
            shown.append(line)
    if text:
        yield Command(text=text, shown="\n".join(shown))


def _is_open(text: str) -> bool:
    """Whether the lines of a text that the shell reads until `END` go on."""
    return "<<END" in text and not text.endswith("\nEND")


def run_session(example: Example) -> str | None:
    """Run the commands of one block; what went wrong, or None."""
    servers: PageServers = example.namespace[SERVERS]
    complaints = []
    for command in commands(example.parsed):
        if STARTS.match(command.text):
            printed = servers.start(command.text)
            complaints.append(difference(shown=command.shown, printed=printed, after=command.text))
        elif UNSETS.match(command.text):
            servers.forget(command.text.split()[1:])
        elif RUNNABLE.match(command.text):
            complaints.append(complaint(command))
    return "\n\n".join(words for words in complaints if words) or None


def complaint(command: Command) -> str:
    """Run `command` in a shell; empty when it did what the page shows.

    Under a command that ended well stands its stdout; one without lines under it is only run. A command may
    fail only where the page shows its `error:`, as the terminal does: stdout, then stderr.
    """
    done = subprocess.run(
        ["sh", "-c", command.text.removeprefix(".venv/bin/")],
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode != 0 and not re.search(r"^error: ", command.shown, re.MULTILINE):
        return f"$ {command.text}\nended with status {done.returncode}:\n{done.stdout}{done.stderr}"
    printed = done.stdout if done.returncode == 0 else done.stdout + done.stderr
    return difference(shown=command.shown, printed=printed, after=command.text)


def difference(*, shown: str, printed: str, after: str) -> str:
    """How `printed` differs from `shown`, where `...` stands for anything; spaces at line ends do not count."""
    want, got = _trimmed(shown), _trimmed(printed)
    checker = doctest.OutputChecker()
    if want == "\n" or checker.check_output(want, got, doctest.ELLIPSIS):
        return ""
    told = checker.output_difference(doctest.Example(after, want), got, doctest.ELLIPSIS | doctest.REPORT_NDIFF)
    return f"$ {after}\n{told}"


def _trimmed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n") + "\n"
