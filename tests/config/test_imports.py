"""From another app only its face is imported."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
APPS = ("accounts", "registry", "fairs", "booths", "badges", "mou")
FACE = {"states", "models", "rules", "queries", "actions"}


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def _strangers(app: str) -> Iterator[str]:
    for path in (ROOT / app).rglob("*.py"):
        for name in _imports(path):
            other, _dot, rest = name.partition(".")
            if other in APPS and other != app and rest.partition(".")[0] not in FACE:
                yield f"{path.relative_to(ROOT)} imports {name}"


def test_apps_import_only_the_face_of_one_another() -> None:
    assert [line for app in APPS for line in _strangers(app)] == []
