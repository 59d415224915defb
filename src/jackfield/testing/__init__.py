"""The public test kit: run a command in a unit test, without server or database; a server in the place of a model."""

from jackfield.testing.models.server import FakeModels, fake_models
from jackfield.testing.models.turns import Answers, calls, says
from jackfield.testing.runner import run_command, run_command_async

__all__ = ["Answers", "FakeModels", "calls", "fake_models", "run_command", "run_command_async", "says"]
