"""What a connector's own client was granted is forgotten with the connector."""

from __future__ import annotations

from oauth_refresh.world import TENANT, Desk


async def test_what_a_connectors_own_client_was_granted_is_discarded(desk: Desk):
    """A connector that is only tried out leaves nothing behind; others keep what they have."""
    desk.settings, desk.own = {"grant": "client_credentials"}, True
    assert (await desk.call()).status == 200
    holder = desk.source().holder

    await desk.grants.discard(tenant=TENANT, connector_id="con")
    await desk.grants.discard(tenant="another", connector_id="con-1")
    assert await desk.grants.read(tenant=TENANT, holder=holder) is not None
    await desk.grants.discard(tenant=TENANT, connector_id="con-1")

    assert await desk.grants.read(tenant=TENANT, holder=holder) is None
