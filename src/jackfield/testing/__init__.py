"""The public test kit: run a command in a unit test, without server or database."""

from jackfield.testing.runner import run_command, run_command_async

__all__ = ["run_command", "run_command_async"]
