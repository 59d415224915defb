"""Documents as a model reads them: never more than it can use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from manage.authoring.world import opened
from servers import Service

PARSE = "parse_openapi_spec"


def large() -> dict[str, Any]:
    """A document of some 2 MB, with long words and deep schemas everywhere."""
    words = "word " * 400
    schema = {"type": "object", "properties": {f"p{at}": {"type": "string", "description": words} for at in range(3)}}
    paths = {
        f"/things{at}/{{id}}": {
            "get": {
                "operationId": f"getThing{at}",
                "summary": words,
                "tags": [f"tag{at % 60}"],
                "deprecated": at == 7,
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
                "responses": {"200": {"description": words, "content": {"application/json": {"schema": schema}}}},
            }
        }
        for at in range(200)
    }
    return {"openapi": "3.1.0", "info": {"title": words, "version": "1", "description": words}, "paths": paths}


async def test_an_answer_is_small_whatever_the_document(acme: Service, tmp_path: Path):
    """A conversation has no room for a document: it is shown by pages, and found by words."""
    async with opened(acme, tmp_path, database_url="memory") as world:
        whole = await world.call(PARSE, {"spec": large()})
        last = await world.told(PARSE, {"spec": large(), "page": 8})
        found = await world.told(PARSE, {"spec": large(), "filter": "GET things42/"})
        tagged = await world.told(PARSE, {"spec": large(), "tag": "TAG7", "pageSize": 2})
        beyond = await world.told(PARSE, {"spec": large(), "page": 99})

    assert len(whole.text) < 15_000
    assert whole.structured is not None
    assert whole.structured["counts"] == {"operations": 200, "readsOnly": 200, "destructive": 0, "deprecated": 1}
    assert (whole.structured["shown"], whole.structured["nextPage"]) == ("1-25 of 200", 2)
    assert (last["shown"], "nextPage" in last) == ("176-200 of 200", False)
    assert [one["request"] for one in found["operations"]] == ["GET /things42/{id}"]
    assert (found["operations"][0]["params"], tagged["shown"]) == ("id*", "1-2 of 4")
    assert (beyond["operations"], beyond["shown"]) == ([], "0-0 of 200")
