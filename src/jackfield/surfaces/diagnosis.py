"""What was found out about an installation, for whoever shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

CheckStatus = Literal["ok", "warning", "error"]

_BY_WEIGHT: list[CheckStatus] = ["ok", "warning", "error"]


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing that was looked at. Nothing in it is secret.

    Attributes:
        name: What was looked at.
        value: How it is.
        note: Where that comes from, or what it means.
        status: `warning` where somebody should look, `error` where something does not work or is not safe.
        hint: What to do next, unless all is well.
        code: Of the error that it would raise, if one.
    """

    name: str
    value: str
    note: str = ""
    status: CheckStatus = "ok"
    hint: str = ""
    code: str = ""


@dataclass(frozen=True, kw_only=True)
class Section:
    """Checks that belong together."""

    title: str
    checks: Sequence[Check]


@dataclass(frozen=True, kw_only=True)
class Report:
    """Everything that was looked at.

    Attributes:
        version: Of Jackfield.
        platform: What it runs on.
    """

    version: str
    platform: str
    sections: Sequence[Section]

    def count(self, status: CheckStatus) -> int:
        """How many checks have that status."""
        return sum(check.status == status for section in self.sections for check in section.checks)

    @property
    def status(self) -> CheckStatus:
        """The worst of all checks."""
        found = {check.status for section in self.sections for check in section.checks}
        return max(found, key=_BY_WEIGHT.index, default="ok")

    def to_json(self) -> dict[str, Any]:
        """`{version, platform, status, sections: [{title, checks: [{name, value, note, status, hint, code}]}]}`."""
        return {
            "version": self.version,
            "platform": self.platform,
            "status": self.status,
            "sections": [
                {"title": section.title, "checks": [asdict(check) for check in section.checks]}
                for section in self.sections
            ],
        }
