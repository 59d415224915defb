"""What the server was told."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from jackfield.manage.setting_views import SettingsOverview
from jackfield.surfaces.rest.answers import answer_view
from jackfield.surfaces.rest.given import Caller, Manage
from jackfield.surfaces.rest.models.shown import Shown
from jackfield.surfaces.rest.offered import offered

router = APIRouter(tags=["Server"])


@offered(router, "GET", "/api/settings", answers=Shown(view=SettingsOverview, name="SettingsOverview"))
async def show_settings(caller: Caller, manage: Manage) -> Response:
    """Show every setting of the server with its source, and the server itself.

    No secret is shown. Settings are changed where they were given, and read when the server starts. Takes an
    administrator whose token allows `manage`.
    """
    return answer_view(await manage.settings.show(caller))
