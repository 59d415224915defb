"""The life of a sandbox process: frames in, executions in turns, frames out."""

from __future__ import annotations

import select
import socket
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

from jackfield.execution.script.frames import (
    End,
    Frame,
    How,
    Kind,
    Order,
    Reader,
    frame,
    pack_end,
    unpack_load,
    unpack_order,
)
from jackfield.execution.script.turns import NOBODY, Owner
from jackfield.execution.script.worker.execution import Execution, ended_frame
from jackfield.execution.script.worker.runner import Runner, nobody

_CHUNK = 256 * 1024
_NO_ROOM = End(how=How.MEMORY)


@dataclass(kw_only=True)
class _Script:
    """A script that the server has sent.

    Attributes:
        image: What its executions start from, once it is loaded.
        failed: Why there is none.
        waiting: Orders that came while it was loading, by their numbers.
    """

    image: Any = None
    failed: End | None = None
    waiting: dict[int, Order] = field(default_factory=dict)


class Worker:
    """Does what the server says over a socket, until that closes.

    Args:
        runner: Runs the scripts.
    """

    def __init__(self, connection: socket.socket, runner: Runner) -> None:
        self._connection, self._reader, self._runner = connection, Reader(), runner
        runner.ended = self._ended
        self._scripts: OrderedDict[int, _Script] = OrderedDict()
        self._executions: dict[int, Execution] = {}
        self._out: list[bytes] = []

    def serve(self, report: bytes) -> None:
        """Tell that all is ready, and work."""
        self._out.append(frame(Kind.READY, self._runner.most, report))
        self._flush()
        poll = select.poll()
        poll.register(self._connection, select.POLLIN)
        if self._runner.wake is not None:
            poll.register(self._runner.wake, select.POLLIN)
        while self._round(poll):
            self._flush()

    def close(self) -> None:
        """End what still runs."""
        self._runner.ended = nobody
        self._runner.close()

    def _round(self, poll: select.poll) -> bool:
        """Do what has come, and then some of what there is to do. Whether the server is still there."""
        for source, _ in poll.poll(0 if self._runner.busy else None):
            if source == self._connection.fileno():
                data = self._connection.recv(_CHUNK)
                if not data:
                    return False
                for said in self._reader.feed(data):
                    self._do(said)
        if self._runner.busy:
            self._runner.turn()
        return True

    def _send(self, data: bytes) -> None:
        self._out.append(data)
        self._runner.signal()

    def _flush(self) -> None:
        if self._out:
            data, self._out = self._out, []  # threads may add to it meanwhile
            self._connection.sendall(b"".join(data))

    def _do(self, said: Frame) -> None:
        if said.kind == Kind.ANSWER:
            if (execution := self._executions.get(said.about)) is not None:
                self._runner.answer(execution, said.body)
        elif said.kind == Kind.CANCEL:
            self._cancel(said.about)
        elif said.kind == Kind.LOAD:
            self._scripts[said.about] = _Script()
            owner, source = unpack_load(said.body)
            self._start(number=said.about, image=self._runner.machine.first_image, text=source, owner=owner)
        elif said.kind == Kind.FORGET:
            self._scripts.pop(said.about, None)
        elif said.kind == Kind.RUN:
            self._run(said.about, unpack_order(said.body))

    def _cancel(self, number: int) -> None:
        if (execution := self._executions.get(number)) is not None:
            self._runner.cancel(execution)
        for script in self._scripts.values():
            if script.waiting.pop(number, None) is not None:
                self._out.append(frame(Kind.ENDED, number, pack_end(End(how=How.CANCELLED))))

    def _run(self, number: int, order: Order) -> None:
        script = self._scripts.get(order.script)
        if script is None or script.failed is not None:
            end = script.failed if script and script.failed else End(how=How.BROKEN)
            self._out.append(frame(Kind.ENDED, number, pack_end(End(how=How.BROKEN, text=end.text))))
        elif script.image is None:
            script.waiting[number] = order
        else:
            self._start(number=number, image=script.image, text=order.function, order=order)

    def _start(
        self, *, number: int, image: Any, text: bytes, order: Order | None = None, owner: Owner = NOBODY
    ) -> None:
        machine, send = self._runner.machine, self._send
        try:
            execution = Execution(machine, number=number, image=image, text=text, order=order, send=send, owner=owner)
        except Exception:  # no room for it: that is its end, and nobody else's
            self._out.append(frame(Kind.ENDED if order else Kind.LOADED, number, pack_end(_NO_ROOM)))
            if order is None:
                self._scripts[number].failed = _NO_ROOM
            return
        if order is not None:
            self._executions[number] = execution
        self._runner.start(execution)

    def _ended(self, execution: Execution, end: End) -> None:
        if execution.order is not None:
            del self._executions[execution.number]
        elif (script := self._scripts.get(execution.number)) is not None:
            end = self._loaded(script, execution, end)
        self._out.append(ended_frame(execution, end))

    def _loaded(self, script: _Script, execution: Execution, end: End) -> End:
        if end.how is How.RETURNED:
            try:
                script.image = self._runner.machine.image(execution.isolate)
            except Exception:  # no room for it either
                end = _NO_ROOM
        if end.how is not How.RETURNED:
            script.failed = end
        waiting, script.waiting = script.waiting, {}
        for number, order in waiting.items():
            self._run(number, order)
        return end
