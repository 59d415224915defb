"""A connector whose commands do what tests of tools need."""

import asyncio
import os

from jackfield import Connector, Context, Outcome, Secret, command, fail, field, succeed


class Helping(Connector, name="helping", version="1.0.0"):
    """A help desk."""

    base_url: str = field("Address of the service.", default=os.environ.get("HELPING_URL", "http://127.0.0.1:9"))

    key: Secret = field("Key.", default="sk-help-0123456789")

    @command(reads_only=True, display_name="List tickets")
    async def list_tickets(self, state: str = "open", count: int = 3) -> Outcome:
        """List the tickets of the desk.

        Args:
            state: Of the tickets.
            count: How many there are.
        """
        tickets = [{"id": number, "state": state, "subject": "x" * 200} for number in range(count)]
        return succeed({"tickets": tickets})

    @command(destructive=True, idempotent=True)
    async def delete_ticket(self, id: int) -> Outcome:
        """Delete a ticket for good."""
        return succeed({"deleted": id})

    @command
    async def add_note(self, ticket: int, text: str, channel: str = "internal") -> Outcome:
        """Add a note to a ticket."""
        return succeed({"ticket": ticket, "text": text, "channel": channel})

    @command(reads_only=True)
    async def refuse(self) -> Outcome:
        """Refuse."""
        return fail("the desk is closed", code="closed", diagnostics={"hint": "come back tomorrow"})

    @command(reads_only=True)
    async def tell(self, ctx: Context) -> Outcome:
        """Log three lines, one of them unimportant."""
        ctx.log.info("first %s", "line")
        ctx.log.debug("nobody wants this")
        ctx.log.warning("second line")
        return succeed("told")

    @command(reads_only=True)
    async def ask(self, ctx: Context) -> Outcome:
        """Ask the service, which may take its time."""
        answer = await ctx.http.get(f"{self.base_url}/slow")
        return succeed(answer.body)

    @command(reads_only=True)
    async def wait(self) -> Outcome:
        """Never answer."""
        await asyncio.Event().wait()
        return succeed()

    @command(reads_only=True)
    async def draw(self) -> Outcome:
        """Draw a picture."""
        return succeed({"type": "image", "mimeType": "image/png", "data": "iVBORw=="})

    @command(reads_only=True)
    async def blab(self, ctx: Context) -> Outcome:
        """Log the key."""
        ctx.log.info("the key is %s", self.key.reveal())
        return succeed("blabbed")
