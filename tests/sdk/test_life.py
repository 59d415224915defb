"""Runtimes that are closed, forked, interrupted, or called from where they cannot answer."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from textwrap import dedent

import pytest

from jackfield import Connector, Jackfield, Outcome, SyncContext, WrongUse, command, succeed
from servers import serve, todos

BEGUN = threading.Event()


class Slow(Connector, name="slow"):
    """Takes its time."""

    @command
    def block(self, ctx: SyncContext) -> Outcome:
        """Block for ever."""
        BEGUN.set()
        threading.Event().wait()
        return succeed()


def run(source: str, *, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("JACKFIELD_")}
    clean["JACKFIELD_DATA_DIR"] = str(folder / "data")
    return subprocess.run(
        [sys.executable, "-c", dedent(source)],
        cwd=folder,
        env=clean | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


def test_closing_tells_those_who_wait():
    """A thread that waits for a call must not wait for ever."""
    jackfield = Jackfield(types=[Slow])
    told: list[BaseException] = []

    def wait() -> None:
        try:
            jackfield.connector("slow", "block", {})
        except WrongUse as error:
            told.append(error)

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    assert BEGUN.wait(10)
    jackfield.close()
    thread.join(10)

    assert [str(error) for error in told] == ["this Jackfield was closed during the call"]


async def test_a_closed_one_says_so():
    """In both forms, and whoever asks."""
    jackfield = Jackfield(types=[])
    jackfield.close()
    jackfield.close()

    assert jackfield.closed
    with pytest.raises(WrongUse, match="was closed"):
        await jackfield.connector_async("delay", None, {"delayMs": 0})


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_process_can_call(tmp_path: Path):
    """Preloading servers and worker pools fork after the first call."""
    done = run(
        """
        import os
        from jackfield import connector
        connector("delay", None, {"delayMs": 0})
        if os.fork() == 0:
            print(connector("delay", None, {"delayMs": 1}).delayed, flush=True)
            os._exit(0)
        os.wait()
        """,
        folder=tmp_path,
    )

    assert (done.stdout, done.returncode) == ("1\n", 0)


@pytest.mark.parametrize("named", [True, False])
def test_a_file_that_calls_while_it_is_loaded_is_told_what_to_do(tmp_path: Path, named: bool):
    """The ten lines of the README, saved where connectors are looked for, must not wait for themselves."""
    (tmp_path / "connectors").mkdir()
    quickstart = Path(__file__).parents[2] / "examples/quickstart/todo.py"
    (tmp_path / "connectors/todo.py").write_text(quickstart.read_text())
    environment = {"JACKFIELD_CONNECTORS": "connectors/todo.py"} if named else {}
    done = run(
        "from jackfield import connector; connector('delay', None, {'delayMs': 0})", folder=tmp_path, **environment
    )

    assert done.returncode == 0
    assert 'put what it calls under `if __name__ == "__main__":`' in done.stderr


@pytest.mark.parametrize("ending", ["sys.exit(0)", "raise SystemExit(3)"])
def test_a_file_that_exits_does_not_end_the_program(tmp_path: Path, ending: str):
    """Any script without a main guard may lie in the folder."""
    (tmp_path / "connectors").mkdir()
    (tmp_path / "connectors/script.py").write_text(f"import sys\n{ending}\n")
    done = run(
        "from jackfield import connector; print(connector('delay', None, {'delayMs': 0}).delayed)", folder=tmp_path
    )

    assert (done.stdout, done.returncode) == ("0\n", 0)
    assert "script.py, line 2` could not be loaded: SystemExit" in done.stderr


def test_a_handler_that_hangs_does_not_keep_the_process_alive(tmp_path: Path):
    """After its time-out, or Ctrl-C, the program shall end."""
    done = run(
        """
        import threading
        from jackfield import Connector, connector, command
        class Hang(Connector, name="hang"):
            '''Hangs.'''
            @command
            def hang(self):
                '''Hang.'''
                threading.Event().wait()
        print(connector("hang", "hang", {}, timeout_s=1).code)
        """,
        folder=tmp_path,
    )

    assert (done.stdout, done.stderr, done.returncode) == ("timeout\n", "", 0)


def test_many_nested_waiting_calls_do_not_block_each_other():
    """A plain function may call another connector; each waits in a thread of its own."""
    inner: list[Jackfield] = []

    class Nest(Connector, name="nest"):
        """Calls itself."""

        @command
        def outer(self) -> Outcome:
            """Call the inner one."""
            return inner[0].connector("nest", "inner", {})

        @command
        def inner(self) -> Outcome:
            """Answer."""
            return succeed({"ok": True})

    with Jackfield(types=[Nest]) as jackfield:
        inner.append(jackfield)
        outcomes: list[Outcome] = []
        threads = [
            threading.Thread(target=lambda: outcomes.append(jackfield.connector("nest", "outer", {})))
            for _ in range(80)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert len(outcomes) == 80
    assert all(outcome.success for outcome in outcomes)


def test_classes_of_a_factory_are_all_found(tmp_path: Path):
    """They share a qualified name, but not the name of their type."""
    done = run(
        """
        from jackfield import Connector, command, connector, succeed
        def make(which):
            class Made(Connector, name=which):
                '''Made.'''
                @command
                async def go(self):
                    '''Go.'''
                    return succeed({"which": which})
        make("first"), make("second")
        print(connector("first", "go").which, connector("second", "go").which)
        """,
        folder=tmp_path,
    )

    assert (done.stdout, done.stderr) == ("first second\n", "")


def test_a_second_class_of_a_name_is_reported(tmp_path: Path):
    """Wrong code must not run in silence."""
    done = run(
        """
        from jackfield import Connector, command, connector, succeed
        class One(Connector, name="twin"):
            '''One.'''
            @command
            async def go(self):
                '''Go.'''
                return succeed({"n": 1})
        connector("twin", "go")
        class Two(Connector, name="twin"):
            '''Two.'''
        connector("twin", "go"), connector("twin", "go")
        """,
        folder=tmp_path,
    )

    assert done.stderr.count("connector type `twin` exists already") == 1


def test_structured_data_keeps_its_places():
    """K03: undeclared names go where their caller put them."""
    operations = [{"name": "post", "method": "POST", "path": "/todos"}]
    data = {"query": {"q": 2}, "body": {"title": "t"}, "headers": {"X-A": None}}
    with serve(todos()) as service:
        places = {"name": "places", "baseUrl": service.url, "operations": operations}
        with Jackfield(types=[], connectors=[places], egress_allow=service.address) as jackfield:
            jackfield.connector("places", "post", data)
    (asked,) = service.asked

    assert (asked.query, asked.json()) == ({"q": ["2"]}, {"title": "t"})
    assert "x-a" not in asked.headers
