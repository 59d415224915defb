"""The company's OpenID Connect issuer, as the settings name it: whose tokens count, and where they may go on to."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from jackfield.access.issuer.callers import IssuerCallers
from jackfield.access.issuer.keys import IssuerKeys
from jackfield.app.model_service import place_of
from jackfield.app.store import Store
from jackfield.credentials.caller_token import TokenHost, parse_token_hosts
from jackfield.egress.client import Client
from jackfield.egress.errors import AllowEntryInvalid
from jackfield.egress.policy import MIB, Policy, parse_allow
from jackfield.egress.pools import Pools
from jackfield.errors import UpstreamStatus
from jackfield.settings import InvalidSetting, Settings, variable
from jackfield.settings.addresses import is_confidential

TIMEOUT_S = 10.0
"""Seconds for one document: somebody waits for it."""


def token_hosts(settings: Settings) -> tuple[TokenHost, ...]:
    """Where tokens of callers may be forwarded to, as settings say it that were checked."""
    return parse_token_hosts(settings.caller_token_hosts)


def issuer_faults(settings: Settings) -> list[InvalidSetting]:
    """What is wrong with the settings of the issuer that no single one of them shows."""
    found = list[InvalidSetting]()
    if settings.oidc_issuer and not settings.oidc_audience:
        wanted = "what the issuer's tokens for this installation have in `aud`; otherwise one for any service would do"
        found.append(InvalidSetting(name=variable("oidc_audience"), value="", wanted=wanted))
    if settings.oidc_issuer and not is_confidential(settings.oidc_issuer):
        wanted = "an https address"
        found.append(InvalidSetting(name=variable("oidc_issuer"), value=settings.oidc_issuer, wanted=wanted))
    try:
        token_hosts(settings)
    except AllowEntryInvalid as error:
        wanted = "`host`, `host:port`, or `*.` before a name, separated by commas"
        entry = str(error.details["entry"])
        found.append(InvalidSetting(name=variable("caller_token_hosts"), value=entry, wanted=wanted))
    return found


def check_issuer(settings: Settings) -> None:
    """Do nothing if the settings of the issuer can be used.

    Raises:
        InvalidSetting: They cannot.
    """
    if found := issuer_faults(settings):
        raise found[0]


def issuer_callers(settings: Settings, store: Store, *, pools: Pools, policy: Policy) -> IssuerCallers | None:
    """The callers whom the issuer has given a token; `None` where there is no issuer.

    Args:
        policy: Of all connectors. The issuer's own host and port are open beside it, for its keys alone.
    """
    if not settings.oidc_issuer:
        return None
    allow = (*policy.allow, *parse_allow(place_of(settings.oidc_issuer)))
    opened = replace(policy, allow=allow, max_body_bytes=MIB, max_redirects=0)
    keys = IssuerKeys(settings.oidc_issuer, partial(_fetch, pools=pools, policy=opened))
    return IssuerCallers(
        store.database,
        store.changes,
        keys,
        store.watch,
        issuer=settings.oidc_issuer,
        audience=settings.oidc_audience,
    )


async def _fetch(url: str, *, pools: Pools, policy: Policy) -> bytes:
    """The JSON document at `url`."""
    answer = await Client(pools.get(policy)).get(url, headers={"Accept": "application/json"}, timeout_s=TIMEOUT_S)
    if not answer.is_successful:
        raise UpstreamStatus(status=answer.status, url=answer.url)
    return answer.content
