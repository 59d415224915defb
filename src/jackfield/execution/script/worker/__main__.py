"""Start of a sandbox process, with a socket as its standard input: see `process.py`."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

from jackfield.execution.script.worker.start import start

if __name__ == "__main__":
    _, asked, kept, *ways = sys.argv
    with socket.socket(fileno=0) as connection:
        start(connection, alone=True, lock=asked == "locked", ways=tuple(ways), kept=Path(kept) if kept else None)
