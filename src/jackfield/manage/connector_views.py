"""What is shown of connectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from jackfield.definition.connection import connection_schema
from jackfield.definition.errors import InvalidParams
from jackfield.definition.floh import schema_json
from jackfield.definition.model import ConnectorDefinition
from jackfield.definition.names import slug
from jackfield.definition.references import hide_but_references
from jackfield.manage.views import moment
from jackfield.registry.catalogue import ConfiguredConnector
from jackfield.registry.connection import check_connection, declared_names, lying_over
from jackfield.registry.environments import to_json
from jackfield.registry.stored_rows import connector_of
from jackfield.storage.connectors import ConnectorRow

_LONGEST_TEXT = 2_000
_LONGEST_MS = 10**9


@dataclass(frozen=True, kw_only=True)
class ConnectorInfo:
    """All that is shown of a connector.

    Attributes:
        category: Of its type.
        configured: Every required field is filled in.
        missing: The required fields that are not, in calls that name no environment.
        config: A mask in place of each secret. References to named secrets are shown.
        environments: By name `{config, credential}`: the fields that lie over `config` in calls that name it, shown
            likewise, and the credential that they use.
        environment: The one that calls use which name none; empty for `config` alone.
        timeout: Milliseconds; `None` where it is not set.
        log_level: The least important lines of its log that are kept; empty for what the process keeps.
        approved: It may use the secrets of whoever calls it, and shared ones: an administrator, or whoever runs the
            installation, stands for where its requests go. Otherwise it may use those of its owner only.
        stored: In the database; others come from files or the program, and cannot be changed here.
        owner: Id of the user that made it.
        revision: Raised by every change.
        created, updated, deleted, tested: Microseconds since 1970.
        test_result: How the last test of its connection went: `{success, latencyMs, testedAt, code?, error?}`.
        execution_model: Of its type; empty where that cannot be used here.
        config_schema: Of its type, as Floh's map; `None` in lists.
        warnings: What was said when it was made or changed, and does not count.
        credential: Status of the credential that a call of the caller would use, where the connector is shown:
            `connected`, `expiring`, `needs_reauthorization` or `error`; `missing` where somebody has to sign in first.
            Empty where there is none and none is known to be needed, and in answers to changes.
    """

    id: str
    namespace: str
    name: str
    slug: str
    display_name: str
    description: str
    type: str
    type_version: str
    category: str
    tags: Sequence[str]
    enabled: bool
    configured: bool
    missing: Sequence[str]
    config: Mapping[str, Any] = field(repr=False)
    environments: Mapping[str, Any] = field(repr=False)
    environment: str
    egress: Mapping[str, Any]
    timeout: int | None
    log_level: str
    mocks: Mapping[str, Any] = field(repr=False)
    approved: bool
    stored: bool
    owner: str
    managed_by: str = ""
    revision: int = 0
    created: int | None = None
    updated: int | None = None
    deleted: int | None = None
    tested: int | None = None
    test_result: Mapping[str, Any] | None = None
    execution_model: str = ""
    config_schema: Mapping[str, Any] | None = field(default=None, repr=False, compare=False)
    warnings: Sequence[str] = ()
    credential: str = ""

    @property
    def full_name(self) -> str:
        """`namespace/name`."""
        return f"{self.namespace}/{self.name}"


def info_of(connector: ConfiguredConnector, definition: ConnectorDefinition | None, **more: Any) -> ConnectorInfo:
    """What is shown of a connector.

    Args:
        connector: Stored, or of this process; its secrets are not shown in either case.
        definition: Of its type; `None` where that cannot be used here.
        more: What only rows have.
    """
    config, missing, sound = _config(connector, definition)
    return ConnectorInfo(
        id=connector.id,
        namespace=connector.namespace,
        name=connector.name,
        slug=slug(connector.name),
        display_name=connector.display_name,
        description=connector.description,
        type=connector.type,
        type_version=connector.type_version or (definition.version if definition else ""),
        category=definition.category if definition else "",
        tags=list(connector.tags),
        enabled=connector.enabled,
        approved=connector.chosen_by is None,
        configured=sound and not missing,
        missing=list(missing),
        config=config,
        environments=_environments(connector, definition),
        environment=connector.environment,
        egress=connector.egress,
        timeout=None if connector.timeout_s is None else round(connector.timeout_s * 1000),
        log_level=connector.log_level,
        mocks=connector.mocks,
        stored=bool(connector.type_id),
        owner=connector.owner,
        execution_model=definition.execution_model if definition else "",
        revision=connector.revision,
        **more,
    )


def test_result(given: Mapping[str, Any], *, tested: int) -> dict[str, Any]:
    """What is kept of the test of a connection: `{success, latencyMs, testedAt, code?, error?}`.

    Args:
        given: Other keys are not kept.
        tested: When, in microseconds since 1970.
    """
    latency = given.get("latencyMs")
    kept: dict[str, Any] = {"success": given.get("success") is True, "testedAt": moment(tested)}
    if isinstance(latency, int | float) and not isinstance(latency, bool) and 0 <= latency < _LONGEST_MS:
        kept["latencyMs"] = round(latency)
    texts = {key: given.get(key) for key in ("code", "error")}
    return kept | {key: text[:_LONGEST_TEXT] for key, text in texts.items() if isinstance(text, str) and text}


def with_schema(info: ConnectorInfo, definition: ConnectorDefinition | None) -> ConnectorInfo:
    """The same, with the schema of its type."""
    return replace(info, config_schema=schema_json(definition)) if definition else info


def row_info(
    row: ConnectorRow, type_name: str, definition: ConnectorDefinition | None, *, warnings: Sequence[str] = ()
) -> ConnectorInfo:
    """What is shown of a stored connector.

    Raises:
        LoadFailed: What is stored cannot be read.
    """
    return info_of(
        connector_of(row, type_name),
        definition,
        managed_by=row.managed_by,
        created=row.created,
        updated=row.updated,
        deleted=row.deleted,
        tested=row.tested,
        test_result=row.test_result,
        warnings=list(warnings),
    )


def _environments(connector: ConfiguredConnector, definition: ConnectorDefinition | None) -> dict[str, Any]:
    """What is shown of the environments."""
    if definition is None:
        return to_json(connector.environments) if connector.type_id else {}
    schema = connection_schema(definition)
    return to_json(
        {
            name: replace(each, config=hide_but_references(declared_names(definition, each.config), schema))
            for name, each in connector.environments.items()
        }
    )


def _config(
    connector: ConfiguredConnector, definition: ConnectorDefinition | None
) -> tuple[Mapping[str, Any], Sequence[str], bool]:
    """What is shown of the connection, what it lacks, and whether it fits its type as that is now."""
    if definition is None:
        # What is stored has no secrets in the clear; of others it is not known what is secret.
        return (connector.config if connector.type_id else {}), (), False
    config = declared_names(definition, connector.config)
    shown = hide_but_references(config, connection_schema(definition))
    default = connector.environments.get(connector.environment)
    used = lying_over(definition, config, default.config if default else {})
    try:
        return shown, check_connection(definition, used), True
    except InvalidParams:
        return shown, (), False
