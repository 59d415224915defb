"""`jackfield settings`: what is set, and where."""

from __future__ import annotations

from typing import Any

import click
import orjson

from jackfield.manage.setting_views import SettingView
from jackfield.manage.views import to_json
from jackfield.surfaces.cli.options import as_json as json_option
from jackfield.surfaces.cli.output import ask_for_json, echo_json, echo_table
from jackfield.surfaces.cli.session import managed
from jackfield.surfaces.cli.tools import looking

COLUMNS = ("name", "value", "source", "variable")


@click.command()
@json_option
@click.pass_obj
def settings(tools: Any, as_json: bool) -> None:
    """Show what is set and where each setting came from, for example `jackfield settings --json`.

    Of this process; with `JACKFIELD_URL`, of that server. No secret is shown.
    """
    ask_for_json(as_json)
    found = managed(looking(tools), lambda manage, principal: manage.settings.show(principal))
    if as_json:
        echo_json(to_json(found))
        return
    echo_table("Settings", COLUMNS, [(each.name, _shown(each), each.source, each.variable) for each in found.settings])
    about = found.about
    click.echo(f"Jackfield {about.version}, Python {about.python}, database {about.database}.", err=True)


def _shown(setting: SettingView) -> str:
    if setting.secret:
        return "(set)" if setting.is_set else ""
    if setting.value is None:
        return ""
    return setting.value if isinstance(setting.value, str) else orjson.dumps(setting.value).decode()
