"""Wait."""

import asyncio

from jackfield import Connector, Outcome, command, field, succeed


class Delay(Connector, name="delay", version="1.0.0", category="utility", icon="clock", default_command="wait"):
    """Wait for some time. Useful between two steps, and to try Jackfield without any service.

    Waits in this process only: a wait that must survive a restart is the workflow step of that name.
    """

    @command(reads_only=True, outputs=["delayed"])
    async def wait(
        self,
        delayMs: int = field("Milliseconds to wait.", default=1000, minimum=0, maximum=300_000),  # noqa: N803 - the guides' name
    ) -> Outcome:
        """Wait for `delayMs` milliseconds; answers how long it was, as `delayed`."""
        await asyncio.sleep(delayMs / 1000)
        return succeed({"delayed": delayMs})
