"""A plan's workbook as a whole: its fairs on the first sheet, its targets on one beside it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from core.errors import DomainError
from core.sheet.reading import read_sheets
from core.text import fold
from fairs.forms import imported_targets as targets
from fairs.forms import imports
from fairs.models import Plan
from fairs.queries.editing import Choices

STATUSES = ("new", "changed", "unchanged", "error", "left_out")


@dataclass(frozen=True)
class Upload:
    """The cells of a workbook; `targets` is None where it has no sheet of them."""

    fairs: imports.Table
    targets: targets.Table | None

    def plain(self) -> dict[str, Any]:
        """What travels in the page of the preview; `upload_of` reads it."""
        return {"fairs": self.fairs, "targets": asdict(self.targets) if self.targets else None}


def upload_of(plain: Mapping[str, Any]) -> Upload:
    """The upload that `plain` was made of."""
    fairs = [(number, cells) for number, cells in plain["fairs"]]
    table = plain["targets"]
    if table:
        rows = [(number, label, text) for number, label, text in table["rows"]]
        table = targets.Table(table["sheet"], table["column"], rows)
    return Upload(fairs, table)


def read_upload(content: bytes) -> Upload:
    """The workbook's cells. Where targets are given, the fairs may be left out.

    Raises DomainError of `read_sheets`, `read_table` and `read_targets`.
    """
    names = targets.sheet_names()
    sheets = read_sheets(content, beside=names)
    aims = next((sheet for sheet in sheets if fold(sheet[0]) in names), None)
    table = targets.read_targets(*aims) if aims else None
    if aims is sheets[0]:
        return Upload([], table)
    try:
        return Upload(imports.read_table(sheets[0][1]), table)
    except DomainError as error:
        if error.code != "sheet.empty" or not table:
            raise
        return Upload([], table)


@dataclass(frozen=True)
class Preview:
    """What a workbook would do to a plan with the targets `seen`."""

    upload: Upload
    rows: list[imports.Row]
    targets: list[targets.Row]
    seen: dict[str, int]

    @property
    def counted(self) -> dict[str, int]:
        """How many fairs there are of each status."""
        found = Counter(row.status for row in self.rows)
        return {status: found[status] for status in STATUSES}

    @property
    def wanted(self) -> list[imports.Row]:
        """The fairs that would be written."""
        return [row for row in self.rows if row.status in ("new", "changed")]

    @property
    def changed_targets(self) -> int:
        return sum(row.status == "changed" for row in self.targets)

    @property
    def mistakes(self) -> int:
        statuses = [row.status for row in self.rows] + [row.status for row in self.targets]
        return statuses.count("error")

    @property
    def versions(self) -> dict[str, int]:
        """Which fairs were looked at in which version."""
        return {row.code: row.fair.version for row in self.rows if row.fair}

    @property
    def targets_after(self) -> dict[str, int]:
        return targets.targets_after(self.targets, self.seen)


def judge_upload(upload: Upload, *, plan: Plan, choices: Choices) -> Preview:
    """What the workbook would change in the plan; nothing is written."""
    seen = {target.name: target.value for target in plan.targets.all()}
    aims = targets.judge_targets(upload.targets, plan=plan, seen=seen) if upload.targets else []
    rows = imports.judge_rows(upload.fairs, plan=plan, choices=choices)
    return Preview(upload, rows, aims, seen)
