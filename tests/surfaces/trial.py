"""A connector with one command for each way in which a call can end badly. Loaded from its folder by every surface."""

import os

from jackfield import Bearer, Connector, Context, Outcome, Secret, command, fail, field, succeed


class Trial(Connector, name="trial", version="1.2.0"):
    """Everything that can go wrong."""

    base_url: str = field("Address of the service.", default=os.environ.get("TRIAL_URL", "http://127.0.0.1:9"))
    api_key: Secret = field("Key.", default="sk-trial-0123456789")

    @command(reads_only=True, mock={"default": succeed({"items": []})})
    async def list_items(
        self, ctx: Context, channel: str, limit: int = field("Items.", default=50, minimum=1, maximum=200)
    ) -> Outcome:
        """List items."""
        answer = await ctx.http.get(f"{self.base_url}/items/{channel}", query={"limit": limit})
        answer.raise_for_status()
        return succeed({"items": answer.body}, variables={"total": len(answer.body)})

    @command
    async def fetch(self, ctx: Context, url: str) -> Outcome:
        """Fetch any address."""
        answer = await ctx.http.get(url, timeout_s=0.2)
        answer.raise_for_status()
        return succeed({"body": answer.body})

    @command
    async def get(self, ctx: Context, path: str) -> Outcome:
        """Fetch a path of the service, impatiently."""
        return await self.fetch(ctx, self.base_url + path)

    @command
    async def refuse(self, ctx: Context) -> Outcome:
        """Refuse, in the connector's own words."""
        return fail("there is no such channel", code="no-channel", diagnostics={"channel": "x"}, variables={"tried": 1})

    @command
    async def leak(self, ctx: Context) -> Outcome:
        """Raise an exception with the key in it."""
        raise ValueError(f"cannot use {self.api_key.reveal()}")

    @command
    async def talk(self, ctx: Context) -> Outcome:
        """Write to the log, with the key in it."""
        ctx.log.debug("the key is %s", self.api_key.reveal())
        ctx.log.warning("enough")
        return succeed({"said": 2})

    @command
    async def shown(self, ctx: Context) -> Outcome:
        """Say what the service saw."""
        answer = await ctx.http.get(f"{self.base_url}/seen", auth=Bearer(self.api_key))
        return succeed(answer.body)
