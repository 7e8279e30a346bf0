"""What programs are told of booths and may ask for; lengths are in units of 10 cm."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ninja import Schema
from pydantic import ConfigDict, Field

from booths.rules import MOST_BOOTHS, MOST_POWER_KW, MOST_WISHES

MOST = 100


class Paging(Schema):
    """`limit` at most 100."""

    limit: int = Field(50, ge=1, le=MOST)
    offset: int = Field(0, ge=0, le=10**6)

    def cut(self, found: Any) -> list[Any]:
        return list(found[self.offset : self.offset + self.limit])


class PlanVersionOut(Schema):
    """A version of a fair's floor plan; lengths are in units of 10 cm."""

    version: int
    is_current: bool
    width: int
    height: int
    booths: int
    saved_at: datetime


class PlanVersionPage(Schema):
    count: int
    items: list[PlanVersionOut]


class PlanOut(Schema):
    """A floor plan as the editor exports and takes it (format 1), with its version."""

    version: int
    plan: dict[str, Any]


class PlanIn(Schema):
    """A plan to be saved, as `PlanOut` gives it; its version is named by If-Match."""

    plan: dict[str, Any]


class HouseholdOut(Schema):
    """Who has a stand on which days, and what it brings: product codes."""

    organisation: str
    name: str
    place: str
    days: list[date]
    products: list[str]


class AssignmentOut(Schema):
    """A stand as the public page tells it; more than one household where it is shared."""

    booths: list[str]
    group: str
    households: list[HouseholdOut]


class AssignmentPage(Schema):
    count: int
    items: list[AssignmentOut]


class ApplicationOut(Schema):
    """What is asked for, and the booths it holds as published."""

    code: str
    fair: str
    organisation: str
    name: str
    state: str
    booths_wanted: int
    group: str
    kind: str
    power_kw: Decimal
    water: bool
    cold: bool
    cooking: bool
    wishes: list[list[str]]
    priority: int
    products: list[str]
    submitted_at: datetime | None
    booths: list[str]
    shared: list[HouseholdOut]


class ApplicationPage(Schema):
    count: int
    items: list[ApplicationOut]


class ApplicationFilters(Paging):
    state: str = ""


class ApplicationIn(Schema):
    """Which producer applies, by code."""

    model_config = ConfigDict(extra="forbid")
    organisation: str = Field(max_length=20)


class ApplicationChange(Schema):
    """What is left out stays."""

    model_config = ConfigDict(extra="forbid")
    products: list[str] | None = Field(None, max_length=100)
    booths_wanted: int | None = Field(None, ge=1, le=MOST_BOOTHS)
    power_kw: Decimal | None = Field(None, ge=0, le=MOST_POWER_KW, decimal_places=1)
    water: bool | None = None
    cold: bool | None = None
    cooking: bool | None = None
    wishes: list[tuple[str, str]] | None = Field(None, max_length=MOST_WISHES)


class SendIn(Schema):
    """Who signed the consent on paper, and when."""

    model_config = ConfigDict(extra="forbid")
    note: str = Field(min_length=1, max_length=200, pattern=r"\S")


class RunOut(Schema):
    """A run; score, bound and status once it has an answer."""

    number: int
    state: str
    plan_version: int
    created_at: datetime
    published_at: datetime | None
    instance_sha256: str
    status: str | None
    score: int | None
    bound: int | None
    done: int | None = Field(description="How far the computing is, of `total`.")
    total: int | None


class RunPage(Schema):
    count: int
    items: list[RunOut]
