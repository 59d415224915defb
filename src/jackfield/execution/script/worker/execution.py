"""One execution as its host sees it: what the script asks for, what it has used, how it ends."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Callable
from typing import Any, Literal

from jackfield.execution.script.frames import MOST_BODY, MOST_DESCRIPTION, End, How, Kind, Order, frame, pack_end
from jackfield.execution.script.sandbox import Limits
from jackfield.execution.script.turns import NOBODY, Owner
from jackfield.execution.script.worker.machine import BESIDES_HEAP, LOAD_HEAP, MOST_MEMORY, Machine
from jackfield.execution.script.worker.native import Broken, Isolate

CONFIG, PARAMS, VARIABLES, LOG, RANDOM, DIGEST = range(1, 7)
"""Operations of the prelude that are answered here."""

GRACE_S = 0.05
"""Processor time that a script has to end after it was told to, before its isolate is dropped."""

MOST_RESULT = MOST_BODY - 1024
"""Bytes of a result with its usage, whatever the limits say."""

_WORDS = 64
_MOST_NAMES = 1024 * 1024
_DIGESTS = {"md5": hashlib.md5, "sha1": hashlib.sha1, "sha256": hashlib.sha256, "sha512": hashlib.sha512}
_STACK_ERRORS = {("RangeError", "Maximum call stack size exceeded"), ("InternalError", "stack overflow")}
_DONE, _THROWN, _INTERRUPTED = 0, 1, 2
_LEVELS = b"tdiwe"

LOADING = Limits(memory_bytes=LOAD_HEAP + BESIDES_HEAP, cpu_s=2.0, host_calls=0, log_lines=0, result_bytes=_MOST_NAMES)


class Execution:
    """A script that is loaded, or one of its functions that runs.

    Args:
        number: Of the execution, or of the script that is loaded.
        text: The script, or the name of the function.
        order: What to run; `None` while loading.
        owner: Whose processor time it takes, where the order does not say it.
        send: Hands a frame to the server.
    """

    def __init__(
        self,
        machine: Machine,
        *,
        number: int,
        image: Any,
        text: bytes,
        order: Order | None,
        send: Callable[[bytes], None],
        owner: Owner = NOBODY,
    ) -> None:
        self.owner = order.owner if order else owner
        self.number, self.order, self.limits = number, order, order.limits if order else LOADING
        self._machine, self._send = machine, send
        self.memory_bytes = min(max(self.limits.memory_bytes, BESIDES_HEAP * 2), MOST_MEMORY)
        self.image = image
        self.isolate: Isolate = machine.isolate(image, self.memory_bytes)
        self.entry: Literal[b"call", b"load"] = b"call" if order else b"load"
        try:
            self.arguments = self._arguments(text)
        except BaseException:
            self.isolate.close()
            raise
        self.cpu_s = 0.0
        self._answer = b""
        self._calls = self._lines = self._log_bytes = self._left_out = 0
        self._reason: How | None = None
        self._told_s: float | None = None
        self._error: BaseException | None = None

    def _arguments(self, text: bytes) -> tuple[int, ...]:
        machine = self._machine
        if self.order is None:
            text = b"\n\n" + (b"//" + text[2:] if text.startswith(b"#!") else text)  # `shim.wat` says why
            return machine.block, machine.put(self.isolate, text), len(text)
        return machine.block, machine.name(self.isolate, text), self.memory_bytes - BESIDES_HEAP

    def now(self, operation: int, text: bytes) -> int:
        """Answer what is answered here."""
        if operation == DIGEST:
            self._answer = _digest(text)
        elif self.order is None:
            return -1  # loading: whatever it would get would be the same in all executions
        elif operation == LOG:
            self._log(text)
            return -1
        elif operation == RANDOM:
            self._answer = json.dumps([int.from_bytes(os.urandom(4), "little") for _ in range(_WORDS)]).encode()
        else:
            self._answer = {CONFIG: self.order.config, PARAMS: self.order.params, VARIABLES: self.order.variables}[
                operation
            ]
        return len(self._answer)

    def ask(self, text: bytes) -> bool:
        """Hand a request to the server. Whether there will be an answer."""
        if self.order is None:
            return False
        if self._calls >= self.limits.host_calls:
            self.stop(How.CALLS)
            return False
        if len(text) > MOST_BODY:
            self.stop(How.MEMORY)
            return False
        self._calls += 1
        self._send(frame(Kind.ASK, self.number, text))
        return True

    def answered(self, answer: bytes) -> int:
        """Keep the answer of the server until it is taken."""
        self._answer = answer
        return len(answer)

    def take(self) -> bytes:
        """The last answer, once."""
        answer, self._answer = self._answer, b""
        return answer

    def broke(self, error: BaseException) -> None:
        """Something here has failed, which no script can repair."""
        self._error = self._error or error
        self.stop(How.BROKEN)

    def stop(self, reason: How) -> None:
        """Have the script end. The first reason is the one that is told."""
        if self._reason is None:
            self._reason = reason
        self._machine.interrupt(self.isolate)

    @property
    def overdue(self) -> bool:
        """Whether the script has not ended although it was told to."""
        return self._told_s is not None and self.cpu_s > self._told_s + GRACE_S

    def used(self, seconds: float) -> None:
        """Count processor time."""
        self.cpu_s += seconds
        if self.cpu_s > self.limits.cpu_s:
            self.stop(How.CPU)
            # Not from the limit on: a slice may be longer than usual on a machine that has much to do.
            self._told_s = self.cpu_s if self._told_s is None else self._told_s

    def ended(self, status: int) -> End:
        """What came of it, after the entry has answered `status`."""
        if self._error is not None:
            return self._end(How.BROKEN)
        if status == _DONE and self._reason in {None, How.CPU}:
            return self._result()
        described = self._described() if status in {_THROWN, _INTERRUPTED} else b""
        if self._reason is not None:
            return self._end(self._reason, described)
        how = self._kind(described) if described else How.MEMORY
        return self._end(how, described)

    def dropped(self, *, error: BaseException | None = None) -> End:
        """What came of it, if it did not end by itself."""
        if self._reason is not None:
            return self._end(self._reason)
        return self._end(How.STACK if "stack" in str(error) else How.BROKEN)

    def _result(self) -> End:
        text = self._machine.text(self.isolate, most=min(self.limits.result_bytes + 1, MOST_RESULT))
        if text is None:
            return self._end(How.RESULT)
        if self.order is None:
            return self._end(How.RETURNED, text)
        how = {b"v": How.RETURNED, b"u": How.NOTHING, b"m": How.MISSING}.get(text[:1])
        if how is None:
            raise Broken("the prelude tells an outcome that there is not")
        return self._end(how, text[1:])

    def _described(self) -> bytes:
        return self._machine.text(self.isolate, most=MOST_DESCRIPTION) or b""

    def _kind(self, described: bytes) -> How:
        try:
            error = json.loads(described)
        except ValueError as problem:
            raise Broken("the prelude describes no error") from problem
        name, message = error.get("name"), error.get("message")
        if (name, message) in _STACK_ERRORS:
            return How.STACK
        # The engine throws `null` where there is no room for an error.
        full = self.isolate.size > self.memory_bytes * 3 // 4
        if (name, message) == ("InternalError", "out of memory") or (name is None and message == "null" and full):
            return How.MEMORY
        return How.THROWN

    def _end(self, how: How, text: bytes = b"") -> End:
        return End(
            how=how,
            cpu_s=self.cpu_s,
            memory_bytes=self.isolate.size,
            host_calls=self._calls,
            logs_left_out=self._left_out,
            text=text,
        )

    def _log(self, text: bytes) -> None:
        told = text[:1] in _LEVELS and text  # anything else would be a lie, and end the process
        if not told or self._lines >= self.limits.log_lines or self._log_bytes + len(text) > self.limits.log_bytes:
            self._left_out += 1
            return
        self._lines, self._log_bytes = self._lines + 1, self._log_bytes + len(text)
        self._send(frame(Kind.LOG, self.number, text))


def ended_frame(execution: Execution, end: End) -> bytes:
    """The frame that tells the end."""
    return frame(Kind.ENDED if execution.order else Kind.LOADED, execution.number, pack_end(end))


def _digest(text: bytes) -> bytes:
    asked = json.loads(text)
    algorithm, data = _DIGESTS[asked["algorithm"]], base64.b64decode(asked["data"])
    if asked.get("key") is None:
        made = algorithm(data, usedforsecurity=False).digest()
    else:
        made = hmac.new(base64.b64decode(asked["key"]), data, algorithm).digest()
    return json.dumps(base64.b64encode(made).decode()).encode()
