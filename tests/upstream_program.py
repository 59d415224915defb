"""An MCP server as a program: one that prints noise, crashes, leaves children behind, and says no end of things."""

from __future__ import annotations

import json
import os
import subprocess
import sys

TOOLS = ["echo", "environment", "arguments", "crash", "endless", "child", "pid", "ask"]


def answer(message: dict) -> dict | None:
    method = message["method"]
    if method == "initialize":
        told = {"protocolVersion": "2025-11-25", "capabilities": {"tools": {"listChanged": True}}}
        return {**told, "serverInfo": {"name": "program", "version": "1"}}
    if method == "tools/list":
        return {"tools": [{"name": name, "inputSchema": {"type": "object"}} for name in TOOLS]}
    return called(message["params"]["name"], message["params"].get("arguments") or {})


def called(tool: str, arguments: dict) -> dict:
    said: object = arguments
    if tool == "crash":
        os._exit(3)
    if tool == "endless":
        while True:
            sys.stdout.write("x" * 65_536)
    if tool == "child":
        said = subprocess.Popen(["/bin/sleep", "1000"]).pid
    if tool == "environment":
        said = dict(os.environ)
    if tool == "arguments":
        said = sys.argv[1:]
    if tool == "pid":
        said = os.getpid()
    if tool == "ask":
        return asked()
    return {"content": [{"type": "text", "text": json.dumps(said)}]}


def asked() -> dict:
    """Asks the client's person, which is what it is not to be able to."""
    write(
        {"jsonrpc": "2.0", "id": 99, "method": "elicitation/create", "params": {"message": "?", "requestedSchema": {}}}
    )
    said = json.loads(sys.stdin.readline())
    return {"content": [{"type": "text", "text": "declined" if "error" in said else "answered"}]}


def write(message: dict) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def main() -> None:
    sys.stdout.write("starting, which is no message\n")
    sys.stderr.write("a word for the operator\n")
    for line in sys.stdin:
        message = json.loads(line)
        if "id" not in message or "method" not in message:
            continue
        if message["method"] in {"initialize", "tools/list", "tools/call"}:
            write({"jsonrpc": "2.0", "id": message["id"], "result": answer(message)})
        else:
            error = {"code": -32601, "message": "Method not found"}
            write({"jsonrpc": "2.0", "id": message["id"], "error": error})


main()
