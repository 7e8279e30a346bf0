"""The database itself refuses to change or delete an audit event."""

from django.db import migrations

SQLITE = [
    f"""CREATE TRIGGER audit_event_no_{verb} BEFORE {verb} ON core_auditevent
    BEGIN SELECT RAISE(ABORT, 'audit events are only ever appended'); END"""
    for verb in ("update", "delete")
]
SQLITE_BACK = [f"DROP TRIGGER audit_event_no_{verb}" for verb in ("update", "delete")]

POSTGRESQL = [
    """CREATE FUNCTION audit_event_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'audit events are only ever appended'; END $$""",
    """CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE ON core_auditevent
    FOR EACH ROW EXECUTE FUNCTION audit_event_append_only()""",
]
POSTGRESQL_BACK = [
    "DROP TRIGGER audit_event_append_only ON core_auditevent",
    "DROP FUNCTION audit_event_append_only()",
]


def forward(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def back(apps, schema_editor):
    for statement in SQLITE_BACK if schema_editor.connection.vendor == "sqlite" else POSTGRESQL_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("core", "0001_tables")]

    operations = [migrations.RunPython(forward, back)]
