"""A connector whose commands do what tests of the server need. Loaded from its folder by the servers."""

import asyncio
import os
import time
from typing import Any

from jackfield import Connector, Context, Outcome, Secret, command, fail, field, succeed


class Probe(Connector, name="probe", version="1.0.0", default_command="echo", test_command="check"):
    """Says again what it was told, and misbehaves when asked."""

    base_url: str = field("Address of the service.", default=os.environ.get("PROBE_URL", "http://127.0.0.1:9"))
    api_key: Secret = field("Key.", default="sk-probe-0123456789")

    @command(reads_only=True)
    async def echo(self, value: Any = None, text: str = "", resource: str = "", data: Any = None) -> Outcome:
        """Say it again."""
        return succeed({"value": value, "text": text, "resource": resource, "data": data})

    @command(reads_only=True)
    async def take_params(self, params: Any) -> Outcome:
        """Has a param that is called `params`."""
        return succeed({"params": params})

    @command
    async def write(self, ctx: Context, name: str = "x") -> Outcome:
        """Write one thing."""
        answer = await ctx.http.post(f"{self.base_url}/orders/{name}", json={})
        answer.raise_for_status()
        return succeed(answer.body)

    @command(reads_only=True)
    async def get(self, ctx: Context, path: str = "/") -> Outcome:
        """Fetch a path of the service, impatiently."""
        answer = await ctx.http.get(self.base_url + path, timeout_s=2)
        answer.raise_for_status()
        return succeed(answer.body)

    @command(reads_only=True)
    async def check(self, ctx: Context) -> Outcome:
        """Whether the service is there."""
        return await self.get(ctx, "/check")

    @command(reads_only=True)
    async def wait(self, seconds: float = 60.0) -> Outcome:
        """Answer later."""
        await asyncio.sleep(seconds)
        return succeed({"waited": seconds})

    @command(reads_only=True)
    def block(self, seconds: float = 60.0) -> Outcome:
        """Answer later, and keep a thread until then."""
        time.sleep(seconds)
        return succeed({"waited": seconds})

    @command(reads_only=True)
    async def refuse(self) -> Outcome:
        """Refuse."""
        return fail("no such thing", code="no-thing")

    @command(reads_only=True)
    async def leak(self) -> Outcome:
        """Raise an exception with the key in it."""
        raise ValueError(f"cannot use {self.api_key.reveal()}")
