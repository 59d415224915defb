"""A connector that is careless with every secret it can get at. Loaded from its folder by every surface."""

import logging
from dataclasses import dataclass

from jackfield import ApiKey, Basic, Connector, Context, Outcome, Secret, command, fail, field, succeed


@dataclass
class Login:
    """A secret inside a field."""

    user: str
    password: Secret


class CanaryDesk(Connector, name="canary-desk", version="1.0.0"):
    """Tells everything."""

    base_url: str = field("Address.")
    silent: str = field("Address of a service that never answers.")
    nobody: str = field("Address at which nobody listens.")
    top: Secret = field("In the connection.")
    login: Login = field("Nested in it.")
    keys: list[Secret] = field("In a list.")
    shared: Secret = field("Named, shared.")
    private: Secret = field("Named, private.")
    environment: Secret = field("Named, in the environment.")
    given: Secret = field("Named, given by the program.")

    def everything(self, *more: Secret) -> list[str]:
        """Every secret in plain."""
        own = [self.top, self.login.password, *self.keys, self.shared, self.private, self.environment, self.given]
        return [secret.reveal() for secret in (*own, *more)]

    @command
    async def tell(self, ctx: Context, token: Secret, control: str) -> Outcome:
        """Tell all that is known, everywhere."""
        known = self.everything(token)
        for value in known:
            ctx.log.warning("ctx says %s %s", value, {"control": control, "value": value}, extra={"shown": [value]})
        try:
            raise LookupError(" ".join(known))
        except LookupError:
            ctx.log.exception("ctx has caught something")
        answer = await ctx.http.post(f"{self.base_url}/echo", json={"known": known, "control": control})
        return succeed(
            {"known": known, "as one": " ".join(known), "config": repr(ctx.config), "answer": answer.body},
            variables={"known": known, **{f"key {value}": 1 for value in known}},
        )

    @command
    async def shout(self, token: Secret, control: str) -> Outcome:
        """Write what was stored into a log that is nobody's."""
        stored = [self.top, self.login.password, *self.keys, self.shared, self.private]
        for secret in stored:
            logging.getLogger("vendor.of.something").info("%s: vendor says %s", control, secret.reveal())
        return succeed({"control": control})

    @command
    async def refuse(self, token: Secret, control: str) -> Outcome:
        """Fail, in words that tell all."""
        known = self.everything(token)
        text = " ".join(known)
        return fail(f"{control} refused {text}", code=text, diagnostics={text: known}, variables={"known": known})

    @command
    async def crash(self, token: Secret, control: str) -> Outcome:
        """Raise, with all of it in the message and in its cause."""
        known = " ".join(self.everything(token))
        try:
            raise KeyError(known)
        except KeyError as error:
            raise ValueError(f"{control}: cannot use {known}") from error

    @command
    async def broken(self, ctx: Context, token: Secret, control: str) -> Outcome:
        """Be answered with a failure that repeats what was sent."""
        auth = ApiKey(self.top, name="key", location="query")
        answer = await ctx.http.post(f"{self.base_url}/broken", json={"known": self.everything(token)}, auth=auth)
        answer.raise_for_status()
        return succeed()

    @command
    async def slow(self, ctx: Context, token: Secret, control: str) -> Outcome:
        """Get no answer."""
        auth = ApiKey(self.top, name="key", location="query")
        await ctx.http.post(f"{self.silent}/slow", json=self.everything(token), auth=auth, timeout_s=0.1)
        return succeed()

    @command
    async def lost(self, ctx: Context, token: Secret, control: str) -> Outcome:
        """Reach nobody."""
        await ctx.http.post(f"{self.nobody}/lost", query={"key": self.top.reveal()}, auth=Basic("ann", token))
        return succeed()
