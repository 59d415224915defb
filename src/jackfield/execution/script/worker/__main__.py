"""Start of a sandbox process: `python -I -m jackfield.execution.script.worker`, with a socket as its standard input."""

from __future__ import annotations

import socket
import sys

from jackfield.execution.script.worker.start import start

if __name__ == "__main__":
    with socket.socket(fileno=0) as connection:
        start(connection, alone=True, lock="lock" in sys.argv[1:])
