#!/usr/bin/env python3
"""Sets Jackfield up in `.venv` and runs it: `python3 dev.py --help` says what it can do.

It needs Python 3.11 or newer and nothing else. Keep it parsing on Python 3.6, so that an old Python is
told what is wrong instead of being shown a syntax error.
"""

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 (this is the one file that may meet an older Python)
    sys.exit(
        "error: Jackfield needs Python 3.11 or newer, and this is Python {}.{}\n\n"
        "hint: run this with a newer one, for example `python3.11 dev.py`".format(*sys.version_info)
    )

from collections.abc import Iterator, Sequence
from typing import NoReturn

HELP = """\
usage: python3 dev.py [COMMAND] [ARGUMENTS]

Sets Jackfield up in `.venv` when something it depends on has changed, builds the web UI when that has, then runs it.

  python3 dev.py                  start Jackfield, with a small service to try it with: `jackfield serve --demo`
  python3 dev.py test [ARGS]      run all tests; ARGS go to pytest, and --fast leaves the slow ones out
  python3 dev.py check            run the linter, the formatter's check, the type checker and the layer check
  python3 dev.py help             show this
  python3 dev.py ANYTHING ELSE    the same as `jackfield ANYTHING ELSE`, for example `python3 dev.py types`

uv does the installing when it is on the PATH, pip otherwise. JACKFIELD_SKIP_UI=1 leaves the web UI out.
"""

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "jackfield-stamp"
UI_BUILD = ROOT / "ui" / "build.py"
UI_HINT = (
    "it fetches packages with npm: check the network, the proxy and npm's registry (`npm config get registry`); "
    "`JACKFIELD_SKIP_UI=1` in front of the same command leaves the web UI out"
)
UNFINISHED = "unfinished"
QUIET_PIP = ["--disable-pip-version-check", "--no-input", "--progress-bar", "off"]

CHECKS = (
    ("linter", ["-m", "ruff", "check", "."]),
    ("format", ["-m", "ruff", "format", "--check", "."]),
    ("types", ["-m", "mypy"]),
    (
        "layers",
        ["-c", "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"],
    ),
)

UNREACHABLE_WORDS = (
    "connection", "resolve host", "name resolution", "dns error", "timed out", "timeout", "proxy", "ssl",
    "error sending request", "failed to fetch", "no matching distribution",
)  # fmt: skip


class SetupFailed(Exception):
    """Something that the person at the keyboard has to mend; said in words, without a traceback."""

    def __init__(self, message: str, *, hint: str, output: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.output = output

    def __str__(self) -> str:
        shown = [f"    {line}" for line in self.output.strip().splitlines()[-12:]]
        return "\n".join([f"error: {self.message}", "", *shown, *([""] if shown else []), f"hint: {self.hint}"])


def main(arguments: Sequence[str]) -> int:
    command, rest = (arguments[0], list(arguments[1:])) if arguments else ("", [])
    if command in {"help", "--help", "-h"}:
        print(HELP, end="")
        return 0
    make_ready()
    if command == "test":
        os.chdir(ROOT)
        become([str(PYTHON), "-m", "pytest", *pytest_arguments(rest)])
    if command == "check":
        os.chdir(ROOT)
        return run_checks()
    # The script, because `-m` puts the working directory first, where somebody may have a file called `http.py`.
    script = PYTHON.with_name("jackfield")
    arguments = arguments or ["serve", "--demo"]
    become([str(script), *arguments] if script.exists() else [str(PYTHON), "-m", "jackfield", *arguments])


def pytest_arguments(arguments: list[str]) -> list[str]:
    """What pytest gets: all tests run in as many processes as there are processors, named ones in this one."""
    fast = ["-m", "not slow"] if "--fast" in arguments else []
    rest = [argument for argument in arguments if argument != "--fast"]
    named = any(not argument.startswith("-") for argument in rest)
    return ([] if named else ["-n", "auto"]) + fast + rest


def run_checks() -> int:
    """Run every check, also after one has failed, so that one run shows all there is to mend."""
    failed = []
    for name, command in CHECKS:
        say(name)
        if subprocess.call([str(PYTHON), *command]) != 0:
            failed.append(name)
    say(f"failed: {', '.join(failed)}" if failed else "all checks passed")
    return 1 if failed else 0


def become(command: list[str]) -> NoReturn:
    """Go on as `command`: the same process, so that signals and the exit status need nobody to pass them on."""
    sys.stdout.flush()
    if sys.platform == "win32":
        sys.exit(subprocess.call(command))
    os.execv(command[0], command)


def make_ready() -> None:
    """Install what is pinned and build the web UI, unless the last start did so from the same files."""
    if is_ready() and ui_is_ready():
        return
    with one_at_a_time():
        if not is_ready():
            set_up()
        if not ui_is_ready():
            run_step("building the web UI", [str(PYTHON), str(UI_BUILD)], hint=UI_HINT)


def is_ready() -> bool:
    return PYTHON.exists() and read_stamp() == fingerprint()


def ui_is_ready() -> bool:
    """Whether there is no web UI to be built; `ui/build.py` knows."""
    if not UI_BUILD.is_file():
        return True
    return subprocess.run([sys.executable, str(UI_BUILD), "--check"], check=False).returncode == 0


def read_stamp() -> str:
    return STAMP.read_text("utf-8").strip() if STAMP.is_file() else ""


def fingerprint() -> str:
    """What an installation was made from.

    The folder counts too: an editable installation points at it, so a moved checkout has to be installed again.
    """
    digest = hashlib.sha256()
    for part in (sys.version.encode(), os.fsencode(ROOT), read_input("constraints.txt"), read_input("pyproject.toml")):
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def read_input(name: str) -> bytes:
    try:
        return (ROOT / name).read_bytes()
    except OSError as error:
        raise SetupFailed(
            f"cannot read `{name}`: {error.strerror}", hint="restore it with `git checkout -- .`, or clone again"
        ) from None


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Let a second start wait while the first one installs. The lock is on this file, so nothing is left behind."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    with open(__file__, "rb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another start is installing; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def set_up() -> None:
    uv = shutil.which("uv")
    say(f"setting up .venv with {'uv' if uv else 'pip'}; the first time takes about a minute")
    if not venv_is_sound(needs_pip=uv is None):
        make_venv(uv)
    # Written first as unfinished and last as done: an interrupted installation is made anew, not trusted.
    STAMP.write_text(UNFINISHED, "utf-8")
    install = (
        [uv, "pip", "install", "--python", str(PYTHON)] if uv else [str(PYTHON), "-m", "pip", "install", *QUIET_PIP]
    )
    run_step("installing the pinned packages", [*install, "--require-hashes", "-r", "constraints.txt"])
    # The web UI is a step of its own, which says so: it takes a while the first time.
    without_ui = {**os.environ, "JACKFIELD_SKIP_UI": "1"}
    run_step("installing Jackfield itself", [*install, "--no-deps", "--no-build-isolation", "-e", "."], without_ui)
    STAMP.write_text(fingerprint(), "utf-8")


def venv_is_sound(*, needs_pip: bool) -> bool:
    if not PYTHON.exists() or read_stamp() == UNFINISHED:
        return False
    probe = "import sys; print(sys.version)" + ("; import pip" if needs_pip else "")
    answer = subprocess.run([str(PYTHON), "-c", probe], capture_output=True, text=True, check=False)
    return answer.returncode == 0 and answer.stdout.strip() == sys.version.strip()


def make_venv(uv: str | None) -> None:
    # A start from inside a virtual environment, perhaps this very one, must not build on it.
    base = getattr(sys, "_base_executable", sys.executable)
    if uv:
        run_step("making .venv with uv", [uv, "venv", "--clear", "--python", base, str(VENV)])
        return
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError as error:
        raise SetupFailed(
            f"this Python cannot make virtual environments: it has no `{error.name}` module",
            hint="on Debian and Ubuntu run `apt-get install python3-venv` as root, then the same command again; "
            "elsewhere install Python from python.org, or uv",
        ) from None
    run_step("making .venv", [base, "-m", "venv", "--clear", str(VENV)])


def run_step(saying: str, command: list[str], environment: dict[str, str] | None = None, *, hint: str = "") -> None:
    say(f"{saying} ...")
    started = time.monotonic()
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        message, usual = explain(done.stdout)
        told = f"{saying} failed" if hint else f"{saying} failed: {message}"
        raise SetupFailed(told, hint=hint or usual, output=done.stdout)
    say(f"  done in {time.monotonic() - started:.1f} s")


def explain(output: str) -> tuple[str, str]:
    """What an installer's failure means, and what to do about it."""
    words = output.lower()
    if "do not match the hashes" in words or "hash mismatch" in words:
        return (
            "a package is not the one that `constraints.txt` pins",
            "something between here and the package index changes downloads; do not go on before you know what",
        )
    if any(word in words for word in UNREACHABLE_WORDS):
        return (
            "the package index cannot be reached",
            "check the network, the proxy (HTTPS_PROXY) and the index (PIP_INDEX_URL or UV_INDEX_URL), "
            "then run the same command again",
        )
    return "the installer gave up", "mend what the lines above name, then run the same command again"


def say(words: str) -> None:
    """Progress goes to stderr: stdout belongs to what is run."""
    print(f"dev.py: {words}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except SetupFailed as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        say("stopped; the same command goes on from here")
        sys.exit(130)
