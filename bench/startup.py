"""How soon a new server answers, what it weighs while nobody asks, and how much it installs.

Beside it, in the same turns: the least FastAPI application on the same server. Installed size is that of what
`jackfield` without extras brings along, read from the records of the installed packages.

Budgets: first answer <= 1.5 s, idle <= 130 MB resident, installed <= 150 MB without extras.

    python bench/startup.py --rounds 7
"""

from __future__ import annotations

import argparse
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from statistics import median

LEAST = """
import sys, uvicorn
from fastapi import FastAPI
app = FastAPI()

@app.get("/api/health")
async def health():
    return {"status": "ok"}

uvicorn.run(app, port=int(sys.argv[1]), loop="uvloop", http="httptools", log_config=None, access_log=False)
"""

BUDGETS = {"first answer": 1.5, "resident": 130, "installed": 150}


def free_port() -> int:
    """One that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def kept_compiled() -> dict[str, str]:
    """This environment, but for what keeps Python from storing what it has compiled: an installed package has it.

    Compiling Jackfield again in each start took 0.9 s more.
    """
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def started(command: list[str], port: int, environ: dict[str, str]) -> tuple[float, float]:
    """Seconds from the start of a process to its first answer, and its resident megabytes a second later."""
    at = time.perf_counter()
    process = subprocess.Popen(
        command, env={**kept_compiled(), **environ}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while process.poll() is None:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health", timeout=5).read()
                break
            except OSError:
                time.sleep(0.005)
        else:
            raise SystemExit(f"{command} ended with {process.returncode}")
        took = time.perf_counter() - at
        time.sleep(1)
        return took, resident_mb(process.pid)
    finally:
        process.terminate()
        process.wait()


def resident_mb(pid: int) -> float:
    """Of a process; not a number where the system does not tell."""
    try:
        found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return float("nan")
    return int(found[1]) / 1024 if found else float("nan")


def measured(rounds: int) -> dict[str, list[tuple[float, float]]]:
    """Every line, in turns; the first round, which compiles and makes the database, is not counted."""
    found: dict[str, list[tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds + 1):
            for name in ("least FastAPI", "jackfield serve", "jackfield serve, a new database"):
                port = free_port()
                command = [sys.executable, "-c", LEAST, str(port)]
                if name != "least FastAPI":
                    command = [sys.executable, "-m", "jackfield", "serve", "--port", str(port)]
                data = folder if name == "jackfield serve" else tempfile.mkdtemp(dir=folder)
                places = {"JACKFIELD_DATA_DIR": data, "PYTHONPYCACHEPREFIX": f"{folder}/compiled"}
                found.setdefault(name, []).append(started(command, port, places))
    return {name: each[1:] for name, each in found.items()}


def installed_mb() -> dict[str, float]:
    """Megabytes on disk of `jackfield` and of all that it needs, by package."""
    found: dict[str, float] = {}
    waiting = ["jackfield"]
    while waiting:
        name = re.sub(r"[-_.]+", "-", waiting.pop()).lower()
        if name in found:
            continue
        try:
            package = distribution(name)
        except PackageNotFoundError:  # not on this system
            continue
        files = [Path(str(package.locate_file(file))) for file in package.files or ()]
        found[name] = sum(file.stat().st_size for file in files if file.is_file()) / 1e6
        waiting += [re.split(r"[\s;<>=!~\[(]", each)[0] for each in package.requires or () if "extra ==" not in each]
    source = Path(__file__).parent.parent / "src" / "jackfield"
    if found["jackfield"] < 1 and source.is_dir():  # installed in place
        found["jackfield"] = sum(each.stat().st_size for each in source.rglob("*") if each.is_file()) / 1e6
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--json", action="store_true", help="also print the size of every package")
    chosen = parser.parse_args()
    print(f"{'':34} first answer   resident")
    for name, each in measured(chosen.rounds).items():
        print(f"{name:34} {median(took for took, _ in each):10.2f} s  {median(mb for _, mb in each):6.0f} MB")
    sizes = installed_mb()
    print(f"installed, without extras: {sum(sizes.values()):.0f} MB in {len(sizes)} packages")
    print(f"budgets: {BUDGETS['first answer']} s, {BUDGETS['resident']} MB, {BUDGETS['installed']} MB")
    if chosen.json:
        print(json.dumps(dict(sorted(sizes.items(), key=lambda each: -each[1])), indent=2))


if __name__ == "__main__":
    main()
