"""What several commands of the terminal take."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from typing import Any

import click

UNITS = {"m": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400}

_DURATION = re.compile(r"(\d{1,6})([mhdw])")


class Duration(click.ParamType[Any]):
    """How long, in minutes, hours, days or weeks: `90d`. Becomes seconds."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Seconds."""
        if isinstance(value, float):
            return value
        found = _DURATION.fullmatch(str(value))
        if found is None or not int(found[1]):
            self.fail(f"`{value}` is no time such as `30m`, `12h`, `90d` or `2w`", param, ctx)
        return float(int(found[1]) * UNITS[found[2]])


class Moment(click.ParamType[Any]):
    """A day, or a time in UTC: `2026-11-21` or `2026-11-21T06:45`. Becomes microseconds since 1970."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Microseconds since 1970."""
        if isinstance(value, int):
            return value
        try:
            found = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"`{value}` is no time such as `2026-11-21` or `2026-11-21T06:45`", param, ctx)
        return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp() * 1_000_000)


document = click.option(
    "--params", "document", metavar="OBJECT", help="Params as one JSON object; `-` reads it from stdin."
)
timeout = click.option(
    "--timeout", type=click.FloatRange(1, 300), help="Seconds to wait for the outcome.  [default: 30]"
)
mock = click.option("--mock", metavar="SCENARIO", help="Answer from a mock scenario, for example `default`.")
environment = click.option("--environment", metavar="NAME", help="Of the connector's environments, such as `staging`.")
credential = click.option("--credential", metavar="NAME", help="Id or name of the credential to use.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, also of an error.")
yes = click.option("-y", "--yes", is_flag=True, help="Do not ask.")


def confirm(question: str, *, yes: bool) -> None:
    """Ask whoever sits at the terminal; a program that calls has decided already.

    Raises:
        click.Abort: The answer was no.
    """
    if not yes and sys.stdin.isatty():
        click.confirm(question, abort=True, err=True)
