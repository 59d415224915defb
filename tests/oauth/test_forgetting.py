"""What is over is deleted: sign-ins after a day, connect links after thirty."""

from __future__ import annotations

from functools import partial

from jackfield.storage import connect_links, oauth_flows
from jackfield.storage.clock import now_us
from jackfield.storage.connect_links import LinkRow
from jackfield.storage.housekeeping import Housekeeping
from jackfield.storage.oauth_flows import FlowRow
from jackfield.storage.presence import Presence
from jackfield.storage.retention import DAY_S

DAY = DAY_S * 1_000_000


async def test_sign_ins_and_links_are_forgotten(database):
    """Not while they can be used, nor while somebody may ask what became of them."""
    now = now_us()

    def flow(expires: int, ended: int | None = None) -> FlowRow:
        row = FlowRow(tenant="default", kind="device", user_id="local", connector_id="c", expires=expires, ended=ended)
        return row

    def link(expires: int, used: int | None = None) -> LinkRow:
        return LinkRow(tenant="default", connector_id="c", author="local", expires=expires, used=used)

    flows = [flow(now + DAY), flow(now - DAY // 2), flow(now + DAY, now - DAY // 2), flow(now - 2 * DAY)]
    flows.append(flow(now + DAY, now - 2 * DAY))
    links = [link(now + DAY), link(now - 29 * DAY), link(now + DAY, now - 29 * DAY), link(now - 31 * DAY)]
    links.append(link(now + DAY, now - 31 * DAY))
    for made in flows:
        await database.write(partial(oauth_flows.add, row=made))
    for kept in links:
        await database.write(partial(connect_links.add, row=kept))
    presence = Presence(database, kind="server", version="1", heartbeat_s=3600.0)
    await Housekeeping(database, presence, retention_days=90).run_once()
    await presence.close()
    left = [await database.read(partial(oauth_flows.get, tenant="default", id=made.id)) for made in flows]
    there = await database.read(partial(connect_links.every, tenant="default"))

    assert [found is not None for found in left] == [True, True, True, False, False]
    assert {found.id for found in there} == {kept.id for kept in links[:3]}
