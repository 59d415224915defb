"""What a test may do with the server, by name: from its own process and over HTTP alike. Everything is plain data."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from jackfield.testing.oauth.authority import Authority, Wish
from jackfield.testing.oauth.device import decide
from jackfield.testing.oauth.faults import Endpoint, Fault
from jackfield.testing.oauth.journal import Journal
from jackfield.testing.oauth.parties import CLIENT_ID, CLIENT_SECRET, Account, OAuthClient
from jackfield.testing.oauth.tokens import Family


class Operations:
    """One method for each; they are called by `do` only."""

    def __init__(self, authority: Authority) -> None:
        self._its = authority
        methods = inspect.getmembers(type(self), inspect.isfunction)
        self._names = {name for name, _ in methods if not name.startswith("_")} - {"do"}

    def do(self, name: str, arguments: Mapping[str, Any]) -> Any:
        """Carry one out.

        Raises:
            ValueError: There is no such operation, or an argument is wrong.
        """
        if name not in self._names:
            raise ValueError(f"there is no operation {name!r}")
        if name == "wait_held":  # waits for requests, which need the lock
            return self.wait_held(**arguments)
        with self._its.lock:
            return getattr(self, name)(**arguments)

    def register_client(self, **client: Any) -> None:
        """Register a client, or change it."""
        lists: dict[str, Any] = {name: tuple(of) for name, of in client.items() if isinstance(of, list | tuple)}
        made = OAuthClient(**client | lists)
        self._its.clients[made.id] = made

    def add_redirect_uri(self, client: str, uri: str) -> None:
        """Register one more address of a client."""
        known = self._its.clients[client]
        self._its.clients[client] = replace(known, redirect_uris=(*known.redirect_uris, uri))

    def add_account(self, **account: Any) -> None:
        """Add somebody who can sign in."""
        self._its.accounts[account["id"]] = Account(**account)

    def trust(self, issuer: str, public_key: str) -> None:
        """Take assertions of an issuer."""
        self._its.trusted[issuer] = public_key

    def change_rules(self, **changes: Any) -> None:
        """Be another kind of server from now on."""
        self._its.rules = self._its.rules.changed(**changes)

    def grant(self, client: str, account: str, scopes: list[str]) -> dict[str, Any]:
        """What a client gets whose person has said yes, without the way there."""
        rules = self._its.rules
        _, body = self._its.tokens.open(
            client=client, account=account, scopes=self._its.granted(scopes), rules=rules, refreshable=True
        )
        return dict(body)

    def issue_code(self, client: str, account: str, redirect_uri: str, scopes: list[str], challenge: str | None) -> str:
        """An authorization code, without a page."""
        wish = Wish(
            client=client,
            redirect_uri=redirect_uri,
            scopes=self._its.granted(scopes),
            state=None,
            challenge=challenge,
            offline=True,
            names_redirect=True,
        )
        return self._its.code_for(wish, account=account)

    def decide_device(self, user_code: str, account: str | None) -> None:
        """Answer for the person of a device."""
        decide(self._its, user_code, account=account)

    def expire_access_tokens(self, family: str | None) -> int:
        """End all access tokens, or those of one grant."""
        return self._its.tokens.end_access("expired", family=None if family is None else self._family(family))

    def revoke_family(self, family: str) -> None:
        """End one grant.

        Raises:
            ValueError: There is none of this name.
        """
        self._its.tokens.end(self._family(family), "revoked")

    def revoke_account(self, account: str) -> int:
        """End all grants of an account."""
        return self._revoke([one for one in self._its.tokens.families.values() if one.account == account])

    def revoke_all(self) -> int:
        """End all grants."""
        return self._revoke(list(self._its.tokens.families.values()))

    def advance(self, seconds: float) -> float:
        """Move the clock."""
        self._its.clock.advance(seconds)
        return self._its.clock.now()

    def stop_clock(self) -> float:
        """Let the clock stand still."""
        self._its.clock.stop()
        return self._its.clock.now()

    def now(self) -> float:
        """The time."""
        return self._its.clock.now()

    def plan(self, endpoint: Endpoint, fault: dict[str, Any], times: int | None) -> None:
        """Plan a fault."""
        made = Fault(**fault | {"without": tuple(fault.get("without", ()))})
        self._its.script.add(endpoint, made, times=times)

    def clear_faults(self, endpoint: Endpoint | None) -> None:
        """Forget faults."""
        self._its.script.clear(endpoint)

    def planned(self) -> int:
        """How many planned faults have not met all their requests; those for all do not count."""
        return sum(plan.times or 0 for plan in self._its.script.planned)

    def wait_held(self, gate: str, count: int, timeout_s: float) -> bool:
        """Wait for requests to come to a gate."""
        return self._its.gates[gate].wait(count, timeout_s=timeout_s)

    def release(self, gate: str) -> None:
        """Open a gate."""
        self._its.gates[gate].open()

    def log(self) -> list[dict[str, Any]]:
        """All exchanges."""
        return [asdict(exchange) for exchange in self._its.journal.exchanges]

    def counts(self) -> dict[str, Any]:
        """All numbers."""
        journal, tokens = self._its.journal, self._its.tokens
        ended = Counter(family.ended for family in tokens.families.values() if family.ended)
        return {
            "exchanges": journal.by_grant(),
            "repeats": sum(exchange.outcome == "repeated" for exchange in journal.exchanges),
            "by_token": journal.by_token(),
            "reuses": journal.reuses,
            "lost": journal.lost,
            "revoked": sum(ended.values()) - ended["reuse"],
            "api": dict(journal.api),
            "api_by_token": {label: dict(outcomes) for label, outcomes in journal.api_by_token.items()},
            "requests": dict(journal.requests),
        }

    def label(self, token: str) -> str:
        """Family and generation of a token.

        Raises:
            ValueError: It is unknown.
        """
        found = self._its.tokens.refresh.get(token) or self._its.tokens.access.get(token)
        if found is None:
            raise ValueError("this token was never given")
        return found.label

    def forget(self) -> None:
        """Begin the journal anew."""
        self._its.journal = Journal()
        self._its.tokens.journal = self._its.journal

    def secrets(self) -> list[str]:
        """All that was ever given or registered and that nobody else may read."""
        its = self._its
        owned = [client.secret for client in its.clients.values() if client.secret]
        return [*owned, *its.tokens.access, *its.tokens.refresh, *its.codes, *its.devices]

    def about(self) -> dict[str, str]:
        """What is needed to speak with it."""
        named = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
        return {"url": self._its.url, "issuer": self._its.issuer, **named}

    def _family(self, name: str) -> Family:
        found = self._its.tokens.families.get(name)
        if found is None:
            raise ValueError(f"there is no grant {name!r}")
        return found

    def _revoke(self, families: list[Family]) -> int:
        good = [family for family in families if family.ended is None]
        for family in good:
            self._its.tokens.end(family, "revoked")
        return len(good)
