"""Everything that is kept."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:  # noqa: PLR0915 - a list
    op.create_table(
        "audit",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("resource", sa.String(), nullable=False),
        sa.Column("resource_id", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("details", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sa.UniqueConstraint("tenant", "sequence", name=op.f("uq_audit_tenant_sequence")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index("ix_audit_resource_id", ["resource_id"], unique=False)
        batch_op.create_index("ix_audit_tenant_at", ["tenant", "at"], unique=False)

    op.create_table(
        "blob",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("touched", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "hash", name=op.f("pk_blob")),
    )
    with op.batch_alter_table("blob", schema=None) as batch_op:
        batch_op.create_index("ix_blob_touched", ["touched"], unique=False)

    op.create_table(
        "change_version",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "topic", name=op.f("pk_change_version")),
    )
    with op.batch_alter_table("change_version", schema=None) as batch_op:
        batch_op.create_index("ix_change_version_version", ["version"], unique=False)

    op.create_table(
        "connect_link",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("connector_id", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("asked", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=True),
        sa.Column("revoked", sa.BigInteger(), nullable=True),
        sa.Column("result_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connect_link")),
    )
    with op.batch_alter_table("connect_link", schema=None) as batch_op:
        batch_op.create_index("ix_connect_link_tenant", ["tenant"], unique=False)

    op.create_table(
        "connector_type",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_folded", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("seeded", sa.String(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("updated", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connector_type")),
    )
    with op.batch_alter_table("connector_type", schema=None) as batch_op:
        batch_op.create_index(
            "ux_connector_type_name",
            ["tenant", "name_folded"],
            unique=True,
            sqlite_where=sa.text("deleted IS NULL"),
            postgresql_where=sa.text("deleted IS NULL"),
        )

    op.create_table(
        "effect",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("params_hash", sa.LargeBinary(), nullable=False),
        sa.Column("execution_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("native", sa.Boolean(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("claimed", sa.BigInteger(), nullable=False),
        sa.Column("settled", sa.BigInteger(), nullable=True),
        sa.Column("expires", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("tenant", "scope", "key", name=op.f("pk_effect")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("effect", schema=None) as batch_op:
        batch_op.create_index("ix_effect_execution", ["execution_id"], unique=False)
        batch_op.create_index(
            "ix_effect_expires",
            ["tenant", "expires"],
            unique=False,
            sqlite_where=sa.text("expires IS NOT NULL"),
            postgresql_where=sa.text("expires IS NOT NULL"),
        )

    op.create_table(
        "execution",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("namespace", sa.String(), nullable=False),
        sa.Column("connector_id", sa.String(), nullable=True),
        sa.Column("connector", sa.String(), nullable=False),
        sa.Column("command", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("environment", sa.String(), nullable=False),
        sa.Column("caller", sa.String(), nullable=False),
        sa.Column("trigger", sa.String(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=True),
        sa.Column("node", sa.String(), nullable=False),
        sa.Column("iteration", sa.String(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.String(), nullable=True),
        sa.Column("chat_id", sa.String(), nullable=True),
        sa.Column("tool_call_id", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("started", sa.BigInteger(), nullable=False),
        sa.Column("ended", sa.BigInteger(), nullable=True),
        sa.Column("duration_ms", sa.Double(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("upstream_status", sa.Integer(), nullable=True),
        sa.Column("error_code", sa.String(), nullable=True),
        sa.Column("params", sa.LargeBinary(), nullable=False),
        sa.Column("outcome", sa.LargeBinary(), nullable=True),
        sa.Column("blob_id", sa.String(), nullable=True),
        sa.Column("changed_in", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_execution")),
    )
    with op.batch_alter_table("execution", schema=None) as batch_op:
        batch_op.create_index(
            "ix_execution_blob",
            ["blob_id"],
            unique=False,
            sqlite_where=sa.text("blob_id IS NOT NULL"),
            postgresql_where=sa.text("blob_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_execution_changed",
            ["changed_in", "id"],
            unique=False,
            sqlite_where=sa.text("changed_in IS NOT NULL"),
            postgresql_where=sa.text("changed_in IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_execution_chat",
            ["tenant", "chat_id", "started", "id"],
            unique=False,
            sqlite_where=sa.text("chat_id IS NOT NULL"),
            postgresql_where=sa.text("chat_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_execution_open",
            ["tenant", "status", "started", "id"],
            unique=False,
            sqlite_where=sa.text("status IN ('PENDING', 'RUNNING', 'AWAITING_INPUT')"),
            postgresql_where=sa.text("status IN ('PENDING', 'RUNNING', 'AWAITING_INPUT')"),
        )
        batch_op.create_index(
            "ix_execution_parent",
            ["parent_id"],
            unique=False,
            sqlite_where=sa.text("parent_id IS NOT NULL"),
            postgresql_where=sa.text("parent_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_execution_run",
            ["tenant", "run_id", "started", "id"],
            unique=False,
            sqlite_where=sa.text("run_id IS NOT NULL"),
            postgresql_where=sa.text("run_id IS NOT NULL"),
        )
        batch_op.create_index("ix_execution_tenant_started", ["tenant", "started", "id"], unique=False)
        batch_op.create_index(
            "ix_execution_tool_call",
            ["tenant", "tool_call_id", "started", "id"],
            unique=False,
            sqlite_where=sa.text("tool_call_id IS NOT NULL"),
            postgresql_where=sa.text("tool_call_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ux_execution_step",
            ["run_id", "node", "iteration", "generation", "attempt"],
            unique=True,
            sqlite_where=sa.text("run_id IS NOT NULL"),
            postgresql_where=sa.text("run_id IS NOT NULL"),
        )

    op.create_table(
        "gateway",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_folded", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("instructions", sa.String(), nullable=False),
        sa.Column("choice", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("output_schemas", sa.Boolean(), nullable=False),
        sa.Column("characters", sa.Integer(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("updated", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gateway")),
    )
    with op.batch_alter_table("gateway", schema=None) as batch_op:
        batch_op.create_index(
            "ux_gateway_name",
            ["tenant", "name_folded"],
            unique=True,
            sqlite_where=sa.text("deleted IS NULL"),
            postgresql_where=sa.text("deleted IS NULL"),
        )

    op.create_table(
        "lease",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("data", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("tenant", "name", name=op.f("pk_lease")),
    )
    op.create_table(
        "oauth_app",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_folded", sa.String(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=False),
        sa.Column("redirect_uri", sa.String(), nullable=False),
        sa.Column("token_url", sa.String(), nullable=False),
        sa.Column("shown", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("updated", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oauth_app")),
        sa.UniqueConstraint("tenant", "name_folded", name=op.f("uq_oauth_app_tenant_name_folded")),
    )
    op.create_table(
        "oauth_flow",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=True),
        sa.Column("browser", sa.LargeBinary(), nullable=True),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("connector_id", sa.String(), nullable=False),
        sa.Column("credential_id", sa.String(), nullable=False),
        sa.Column("link_id", sa.String(), nullable=False),
        sa.Column("asked", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.Column("taken", sa.BigInteger(), nullable=True),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.Column("interval_s", sa.BigInteger(), nullable=False),
        sa.Column("ended", sa.BigInteger(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("result_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_oauth_flow")),
        sa.UniqueConstraint("state", name=op.f("uq_oauth_flow_state")),
    )
    with op.batch_alter_table("oauth_flow", schema=None) as batch_op:
        batch_op.create_index("ix_oauth_flow_expires", ["expires"], unique=False)

    op.create_table(
        "oauth_grant",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("scopes", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("expires", sa.BigInteger(), nullable=True),
        sa.Column("obtained", sa.BigInteger(), nullable=True),
        sa.Column("refreshable", sa.Boolean(), nullable=False),
        sa.Column("ended", sa.BigInteger(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), nullable=False),
        sa.Column("retry_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("tenant", "holder", name=op.f("pk_oauth_grant")),
    )
    with op.batch_alter_table("oauth_grant", schema=None) as batch_op:
        batch_op.create_index("ix_oauth_grant_expires", ["expires"], unique=False)

    op.create_table(
        "process",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("started", sa.BigInteger(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process")),
    )
    with op.batch_alter_table("process", schema=None) as batch_op:
        batch_op.create_index("ix_process_seen", ["seen"], unique=False)

    op.create_table(
        "run",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("namespace", sa.String(), nullable=False),
        sa.Column("workflow", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("caller", sa.String(), nullable=False),
        sa.Column("input", sa.LargeBinary(), nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("wake", sa.BigInteger(), nullable=True),
        sa.Column("waiting_for", sa.String(), nullable=True),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("started", sa.BigInteger(), nullable=False),
        sa.Column("ended", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.create_index(
            "ix_run_ended",
            ["tenant", "ended"],
            unique=False,
            sqlite_where=sa.text("ended IS NOT NULL"),
            postgresql_where=sa.text("ended IS NOT NULL"),
        )
        batch_op.create_index("ix_run_tenant_started", ["tenant", "started", "id"], unique=False)
        batch_op.create_index(
            "ix_run_wake",
            ["wake"],
            unique=False,
            sqlite_where=sa.text("ended IS NULL"),
            postgresql_where=sa.text("ended IS NULL"),
        )

    op.create_table(
        "run_event",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "sequence", name=op.f("pk_run_event")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sealed_value",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "name", name=op.f("pk_sealed_value")),
    )
    op.create_table(
        "tenant",
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("display_name", sa.String(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("updated", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("tenant", name=op.f("pk_tenant")),
    )
    op.create_table(
        "vault_key",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vault_key")),
    )
    op.create_table(
        "connector",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("namespace", sa.String(), nullable=False),
        sa.Column("namespace_folded", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_folded", sa.String(), nullable=False),
        sa.Column("display_name", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("tags", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("type_id", sa.String(), nullable=False),
        sa.Column("type_version", sa.String(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("config", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("environments", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("environment", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("options", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("managed_by", sa.String(), nullable=False),
        sa.Column("tested", sa.BigInteger(), nullable=True),
        sa.Column("test_result", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("updated", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["type_id"], ["connector_type.id"], name=op.f("fk_connector_type_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connector")),
    )
    with op.batch_alter_table("connector", schema=None) as batch_op:
        batch_op.create_index("ix_connector_type_id", ["type_id"], unique=False)
        batch_op.create_index(
            "ux_connector_name",
            ["tenant", "namespace_folded", "name_folded"],
            unique=True,
            sqlite_where=sa.text("deleted IS NULL"),
            postgresql_where=sa.text("deleted IS NULL"),
        )

    op.create_table(
        "connector_type_version",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("type_id", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("definition", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["type_id"], ["connector_type.id"], name=op.f("fk_connector_type_version_type_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_connector_type_version")),
        sa.UniqueConstraint("type_id", "version", name=op.f("uq_connector_type_version_type_id_version")),
    )
    op.create_table(
        "user_account",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_folded", sa.String(), nullable=False),
        sa.Column("display_name", sa.String(), nullable=False),
        sa.Column("roles", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("disabled", sa.BigInteger(), nullable=True),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("updated", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.tenant"], name=op.f("fk_user_account_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
    )
    with op.batch_alter_table("user_account", schema=None) as batch_op:
        batch_op.create_index(
            "ux_user_account_name",
            ["tenant", "name_folded"],
            unique=True,
            sqlite_where=sa.text("deleted IS NULL"),
            postgresql_where=sa.text("deleted IS NULL"),
        )

    op.create_table(
        "credential",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("connector_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_folded", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("end_user", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("shown", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("scopes_asked", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("used", sa.BigInteger(), nullable=True),
        sa.Column("tested", sa.BigInteger(), nullable=True),
        sa.Column("test_result", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("updated", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["user_account.id"], name=op.f("fk_credential_owner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credential")),
    )
    with op.batch_alter_table("credential", schema=None) as batch_op:
        batch_op.create_index("ix_credential_connector_id", ["tenant", "connector_id"], unique=False)
        batch_op.create_index(
            "ux_credential_private_default",
            ["connector_id", "owner"],
            unique=True,
            sqlite_where=sa.text("is_default AND owner IS NOT NULL"),
            postgresql_where=sa.text("is_default AND owner IS NOT NULL"),
        )
        batch_op.create_index(
            "ux_credential_private_name",
            ["connector_id", "owner", "name_folded"],
            unique=True,
            sqlite_where=sa.text("owner IS NOT NULL"),
            postgresql_where=sa.text("owner IS NOT NULL"),
        )
        batch_op.create_index(
            "ux_credential_shared_default",
            ["connector_id"],
            unique=True,
            sqlite_where=sa.text("is_default AND owner IS NULL"),
            postgresql_where=sa.text("is_default AND owner IS NULL"),
        )
        batch_op.create_index(
            "ux_credential_shared_name",
            ["connector_id", "name_folded"],
            unique=True,
            sqlite_where=sa.text("owner IS NULL"),
            postgresql_where=sa.text("owner IS NULL"),
        )

    op.create_table(
        "draft",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("updated", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["user_account.id"], name=op.f("fk_draft_owner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.create_index("ix_draft_owner", ["tenant", "owner", "updated"], unique=False)
        batch_op.create_index("ix_draft_updated", ["tenant", "updated"], unique=False)

    op.create_table(
        "secret",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("updated", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["owner"], ["user_account.id"], name=op.f("fk_secret_owner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_secret")),
    )
    with op.batch_alter_table("secret", schema=None) as batch_op:
        batch_op.create_index(
            "ux_secret_private",
            ["tenant", "owner", "name"],
            unique=True,
            sqlite_where=sa.text("owner IS NOT NULL"),
            postgresql_where=sa.text("owner IS NOT NULL"),
        )
        batch_op.create_index(
            "ux_secret_shared",
            ["tenant", "name"],
            unique=True,
            sqlite_where=sa.text("owner IS NULL"),
            postgresql_where=sa.text("owner IS NULL"),
        )

    op.create_table(
        "token",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("parent", sa.String(), nullable=True),
        sa.Column("gateway", sa.String(), nullable=True),
        sa.Column("scopes", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=True),
        sa.Column("used", sa.BigInteger(), nullable=True),
        sa.Column("revoked", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["gateway"], ["gateway.id"], name=op.f("fk_token_gateway")),
        sa.ForeignKeyConstraint(["parent"], ["token.id"], name=op.f("fk_token_parent")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_token_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_token")),
        sa.UniqueConstraint("hash", name=op.f("uq_token_hash")),
    )
    with op.batch_alter_table("token", schema=None) as batch_op:
        batch_op.create_index("ix_token_gateway", ["gateway"], unique=False)
        batch_op.create_index("ix_token_parent", ["parent"], unique=False)
        batch_op.create_index("ix_token_user_id", ["user_id"], unique=False)

    op.create_table(
        "user_identity",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_user_identity_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_identity")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_user_identity_issuer_subject")),
        sa.UniqueConstraint("user_id", "issuer", name=op.f("uq_user_identity_user_id_issuer")),
    )


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was made before")
