"""An event loop of its own in a thread, so that plain functions can wait for coroutines."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import CancelledError, Future
from typing import Any, TypeVar

from jackfield.errors import JackfieldError, WrongUse

T = TypeVar("T")


class LoopThread:
    """Runs coroutines for plain code and for other event loops.

    Everything that a runtime keeps open (connections, opened connectors) belongs to one loop. This is that
    loop, whoever calls and however often their own loops come and go.
    """

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="jackfield", daemon=True)
        self._thread.start()

    def wait(self, coroutine: Coroutine[Any, Any, T], *, instead: str) -> T:
        """The result of `coroutine`, waiting for it.

        Args:
            coroutine: Run in this loop.
            instead: Name of the function to use in asynchronous code.

        Raises:
            WrongUse: Called inside a running event loop, which waiting would bring to a halt.
        """
        if _running_loop() is not None:
            coroutine.close()
            raise WrongUse(
                "a waiting call was made inside a running event loop, which it would bring to a halt",
                hint=f"use `await {instead}(...)`",
            )
        return self.wait_anywhere(coroutine)

    def wait_anywhere(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """As `wait`, for short work that may hold up the caller's loop: starting and closing."""
        future = self._submitted(coroutine)
        try:
            return future.result()
        except JackfieldError as error:
            # The steps inside Jackfield tell a caller nothing that the message does not.
            raise error.with_traceback(None) from error.__cause__
        except CancelledError:
            raise WrongUse("this Jackfield was closed during the call", hint="close it after the last call") from None
        except BaseException:  # Ctrl-C while waiting: do not leave the call running
            future.cancel()
            raise

    async def follow(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """The result of `coroutine`, for code in another event loop. Cancelling reaches it."""
        if _running_loop() is self._loop:
            return await coroutine
        return await asyncio.wrap_future(self._submitted(coroutine))

    def _submitted(self, coroutine: Coroutine[Any, Any, T]) -> Future[T]:
        if not self.alive:
            coroutine.close()
            raise WrongUse(
                "this Jackfield was closed, or belongs to the process that this one was forked from",
                hint="make a new one; after a fork, make it in the child",
            )
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop)

    @property
    def alive(self) -> bool:
        """Whether coroutines can be run."""
        return self._thread.is_alive() and not self._loop.is_closed()

    def stop(self) -> None:
        """Stop the loop and its thread."""
        if self.alive:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()

    def _run(self) -> None:
        try:
            self._loop.run_forever()
        finally:
            # Who waits for a call must not wait for ever.
            waiting = asyncio.all_tasks(self._loop)
            for task in waiting:
                task.cancel()
            if waiting:
                self._loop.run_until_complete(asyncio.wait(waiting, timeout=1.0))
            self._loop.close()


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
