"""Whether a call is answered from a mock."""

from __future__ import annotations

from jackfield.dispatch.call import CallOptions
from jackfield.registry.catalogue import ConfiguredConnector


def may_be_mocked(options: CallOptions, *, everywhere: bool) -> bool:
    """Whether the call may be mocked as far as can be told before its connector is known."""
    asked = asked_for_mock(options)
    return everywhere if asked is None else asked


def is_mocked(options: CallOptions, connector: ConfiguredConnector | None, *, everywhere: bool) -> bool:
    """Whether the call is mocked: what it says itself, else its connector, else what is set for all calls."""
    asked = asked_for_mock(options)
    if asked is None and connector is not None:
        asked = connector.mocks.get("enabled")
    return everywhere if asked is None else asked


def asked_for_mock(options: CallOptions) -> bool | None:
    """What the call itself says; naming a scenario asks for a mock, and a plan is one of the real request."""
    if options.plan:
        return False
    return options.use_mock if options.use_mock is not None or options.scenario is None else True
