"""What the database itself refuses, whoever asks: the triggers that keep the register.

SQLite makes a table anew to alter it, and its triggers are lost with the old one. So a
migration that alters one of these tables begins with `RunPython(take_down, put_up)` and ends
with `RunPython(put_up, take_down)`.
"""

from collections.abc import Iterable
from typing import Any

DRAWN_UP = (
    *("content", "content_sha256", "revision", "wording_id", "place", "terms", "expires_on"),
    *("annex_of_id", "replaces_id"),
)
NUMBERED = ("code", "fair_id", "year", "number")
WITNESSED = ("witness", "witness_position", "signed_at")
PARTY = (
    *("memorandum_id", "side", "organisation_id", "name", "kind", "address", "tax_code", "phone"),
    *("representative", "position", "province", "account", "authority"),
)
SIGNATURE = (
    *("memorandum_id", "revision", "role", "signer", "position", "strokes", "strokes_sha256"),
    *("record", "record_sha256", "session_id", "drawn_at", "signed_at"),
)
RENDITION = (
    *("memorandum_id", "revision", "kind", "file_id", "sha256", "pages", "certificate_sha256"),
    "created_at",
)
CHECKPOINT = ("fair_id", "number", "size", "root", "head", "length", "signature", "created_at")


def _changed(columns: Iterable[str]) -> str:
    return "(" + " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in columns) + ")"


def _frozen(row: str) -> str:
    return (
        f"EXISTS (SELECT 1 FROM mou_memorandum WHERE id = {row}.memorandum_id"
        " AND state <> 'draft' AND number IS NOT NULL)"
    )


# Of each: its name, the table, what is done, when that is refused, and what is said then.
GUARDS = [
    (
        "memorandum_is_kept",
        *("mou_memorandum", "DELETE", "OLD.number IS NOT NULL"),
        "a numbered memorandum is never deleted",
    ),
    (
        "memorandum_number_is_kept",
        *("mou_memorandum", "UPDATE", f"OLD.number IS NOT NULL AND {_changed(NUMBERED)}"),
        "the number of a memorandum never changes",
    ),
    (
        "memorandum_content_is_frozen",
        "mou_memorandum",
        "UPDATE",
        f"OLD.state <> 'draft' AND NEW.state <> 'draft' AND {_changed(DRAWN_UP)}",
        "a frozen memorandum never changes",
    ),
    (
        "memorandum_is_signed",
        "mou_memorandum",
        "UPDATE",
        "OLD.state NOT IN ('draft', 'ready', 'signing') AND"
        f" (NEW.state IN ('draft', 'ready', 'signing') OR {_changed(WITNESSED)})",
        "a memorandum that all have signed never changes",
    ),
    (
        "memorandum_is_reopened_as_another",
        "mou_memorandum",
        "UPDATE",
        "OLD.state <> 'draft' AND NEW.state = 'draft' AND NEW.revision <= OLD.revision",
        "a memorandum is reopened as a new revision",
    ),
    *(
        (
            f"{table}_{verb.lower()}_frozen",
            f"mou_{table}",
            verb,
            _frozen("NEW" if verb == "INSERT" else "OLD") + also,
            "parties and products of a frozen memorandum never change",
        )
        for table, verb, also in (
            ("party", "INSERT", ""),
            ("party", "DELETE", ""),
            ("party", "UPDATE", f" AND {_changed(PARTY)}"),  # an e-mail address may
            ("item", "INSERT", ""),
            ("item", "DELETE", ""),
            ("item", "UPDATE", ""),
        )
    ),
    *(
        (f"{table}_is_kept", f"mou_{table}", "DELETE", "TRUE", "it is kept for good")
        for table in ("signature", "rendition", "checkpoint", "register")
    ),
    *(
        (f"{table}_never_changes", f"mou_{table}", "UPDATE", _changed(columns), "it never changes")
        for table, columns in (
            ("signature", SIGNATURE),
            ("rendition", RENDITION),
            ("checkpoint", CHECKPOINT),
        )
    ),
    (
        "register_counts_up",
        *("mou_register", "UPDATE", "NEW.last_number < OLD.last_number"),
        "numbers are given out in order",
    ),
]


def put_up(_apps: Any, schema_editor: Any) -> None:
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for name, table, verb, refused, said in GUARDS:
        if is_sqlite:
            schema_editor.execute(
                f"CREATE TRIGGER {name} BEFORE {verb} ON {table} WHEN {refused}"
                f" BEGIN SELECT RAISE(ABORT, '{said}'); END"
            )
            continue
        schema_editor.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF {refused} THEN RAISE EXCEPTION '{said}' USING ERRCODE = 'restrict_violation';"
            f" END IF; RETURN {'OLD' if verb == 'DELETE' else 'NEW'}; END $$"
        )
        schema_editor.execute(
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {name}()"
        )


def take_down(_apps: Any, schema_editor: Any) -> None:
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for name, table, _verb, _refused, _said in GUARDS:
        if is_sqlite:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
            continue
        schema_editor.execute(f"DROP TRIGGER {name} ON {table}")
        schema_editor.execute(f"DROP FUNCTION {name}()")
