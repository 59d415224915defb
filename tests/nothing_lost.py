"""A plugin for runs in several processes: a test that was collected and never reported makes the run fail.

A process that ends without a word leaves its tests out, and `pytest-xdist` counts the rest as a success.
"""

from __future__ import annotations

import pytest


class NothingLost:
    """Lives in the process that starts the others."""

    def __init__(self) -> None:
        self.ended: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test that has come to its end, whatever became of it."""
        if report.when == "teardown":
            self.ended.add(report.nodeid)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Compare with what was collected."""
        distributed = session.config.pluginmanager.get_plugin("dsession")
        if distributed is None or session.shouldstop or session.shouldfail or distributed.shouldstop:
            return
        collected = set(getattr(distributed.sched, "collection", None) or ())
        if lost := sorted(collected - self.ended):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
            terminal = session.config.pluginmanager.get_plugin("terminalreporter")
            terminal.write_line(f"{len(lost)} tests were lost, the first is {lost[0]}", red=True)


def register(config: pytest.Config) -> None:
    """Watch over this run, unless it is one of the processes that another one has started."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(NothingLost(), "nothing-lost")
