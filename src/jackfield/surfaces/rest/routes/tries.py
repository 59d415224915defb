"""A connector that is kept nowhere: looked at, and called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from jackfield.manage.trial_views import ORIGIN
from jackfield.manage.views import to_json
from jackfield.surfaces.errors import BodyUnclear, BodyUnreadable
from jackfield.surfaces.rest.answers import answer
from jackfield.surfaces.rest.bodies import Document, Said
from jackfield.surfaces.rest.compat import origin_of, read_call
from jackfield.surfaces.rest.given import Caller, Manage
from jackfield.surfaces.rest.models.tries import TRY, TRY_EXAMPLES, Tried
from jackfield.surfaces.rest.offered import offered

router = APIRouter(tags=["Calls"])

_DRY = frozenset({"dryRun", "dry_run"})
_STYLED = frozenset({"resource", "action"})
"""Keys of the two styles that name their command otherwise."""


@offered(
    router,
    "POST",
    "/api/connectors/try",
    answers=Tried(),
    fails=(400, 404, 409, 413),
    body=Said(schema=TRY, examples=TRY_EXAMPLES),
)
async def try_connector(caller: Caller, manage: Manage, body: Document, request: Request) -> Response:
    """Call a command of a connector that is kept nowhere.

    `connector` is what `POST /api/connectors` takes, and all that holds for a connector that is made so holds here:
    what is refused there is refused here. Names that are taken are no hindrance. Beside it stands a call, as for
    execute, but not flat. The answer is that of execute, with what the command has logged, sent and used. Nothing is
    kept of the connector; the record of the call has the trigger `trial`.

    With `dryRun`, or without a command, nothing is called: the answer has the connector as it would be.
    """
    connector, dry, asked = _parts(body)
    origin = replace(ORIGIN, text_only=origin_of(request.headers.get("x-jackfield-client")).text_only)
    call = read_call(asked, principal=caller, target="trial", origin=origin)
    if dry is None and call.command is None and call.params:
        raise BodyUnclear(problem="there are params, and no command that takes them", keys=["params"])
    if dry or (dry is None and call.command is None):
        info = await manage.trials.check(caller, connector)
        return answer({"success": True, "dryRun": True, "connector": to_json(info)})
    tried = await manage.trials.run(
        caller, connector, call.command, call.params, options=call.options, origin=call.origin
    )
    return answer(tried.to_json())


def _parts(body: Mapping[str, Any]) -> tuple[Mapping[str, Any], bool | None, dict[str, Any]]:
    """The connector, whether it is only to be looked at, and the call. That is never flat: `connector` is no param.

    Raises:
        BodyUnreadable: There is no connector, or it is none that could be looked at.
    """
    connector = body.get("connector")
    if not isinstance(connector, dict):
        raise BodyUnreadable(problem="`connector` is no object with what `POST /api/connectors` takes")
    said = [value for key, value in body.items() if key in _DRY and value is not None]
    if any(not isinstance(value, bool) for value in said):
        raise BodyUnreadable(problem="`dryRun` is not true or false")
    asked = {key: value for key, value in body.items() if key not in {"connector", *_DRY}}
    if asked.keys().isdisjoint(_STYLED):
        asked = {"command": None, "params": {}, **asked}
    return connector, said[0] if said else None, asked
