"""Writes: venues, their halls and pictures."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import audit
from core.errors import DomainError, StaleState
from core.locks import lock_row
from core.storage import keep_file, write_file
from core.text import fold
from fairs.actions.teams import require_office
from fairs.models import Hall, Venue, VenuePicture
from fairs.rendering.pictures import MEDIA_TYPE

Values = Mapping[str, Any]

MOST_PICTURES = 30


@transaction.atomic(durable=True)
def create_venue(*, code: str, values: Values, actor: User | None) -> Venue:
    """Add a venue. Raises NotAllowed, DomainError `venue.code_taken`."""
    require_office(actor)
    venue = Venue(code=code, **values)
    try:
        with transaction.atomic():
            venue.save(force_insert=True)
    except IntegrityError as error:
        raise DomainError(
            "venue.code_taken", _("Another venue has this code. Choose another one.")
        ) from error
    _record(venue, actor, "fairs.venue_added", after=_plain(values))
    return venue


@transaction.atomic(durable=True)
def edit_venue(*, venue: Venue, version: int, values: Values, actor: User | None) -> Venue:
    """Write `values` over the venue as of `version`.

    Raises NotAllowed, StaleState `venue.edited_meanwhile`.
    """
    require_office(actor)
    row = _lock_version(venue, version)
    changes = _changes(row, values)
    if changes:
        _overwrite(row, values)
        _record(row, actor, "fairs.venue_edited", changes=changes)
    return row


@transaction.atomic(durable=True)
def add_hall(*, venue: Venue, values: Values, actor: User | None) -> Hall:
    """Add a hall to the venue. Raises NotAllowed, DomainError `hall.name_taken`."""
    require_office(actor)
    row = lock_row(venue)
    _require_free_name(row, values["name"])
    hall = Hall.objects.create(venue=row, **values)
    _record(row, actor, "fairs.hall_added", hall=hall.pk, after=_plain(values))
    return hall


@transaction.atomic(durable=True)
def edit_hall(*, hall: Hall, version: int, values: Values, actor: User | None) -> Hall:
    """Write `values` over the hall as of `version`. Raises what `add_hall` and `edit_venue` do."""
    require_office(actor)
    venue = lock_row(hall.venue)
    row = _lock_version(hall, version)
    changes = _changes(row, values)
    if changes:
        _require_free_name(venue, values["name"], but=row)
        _overwrite(row, values)
        _record(venue, actor, "fairs.hall_edited", hall=row.pk, changes=changes)
    return row


@transaction.atomic(durable=True)
def delete_hall(*, hall: Hall, actor: User | None) -> None:
    """Take away a hall that no fair has; its pictures stay with the venue.

    Raises NotAllowed, DomainError `hall.used`.
    """
    require_office(actor)
    venue = lock_row(hall.venue)
    row = lock_row(hall)
    if row.fairs.exists():
        raise DomainError(
            "hall.used",
            _("“%(hall)s” stays: a fair is or was held there. Give it another place first."),
            hall=row.name,
        )
    row.pictures.update(hall=None)
    _record(venue, actor, "fairs.hall_deleted", hall=row.pk, name=row.name)
    row.delete()


def set_base_plan(
    *, hall: Hall, version: int, content: bytes, media_type: str, actor: User | None
) -> Hall:
    """Lay down the hall's base plan in place of the one before; empty `content` takes it away.

    Raises NotAllowed, StaleState `venue.edited_meanwhile`.
    """
    require_office(actor)
    name = write_file(content, media_type=media_type) if content else ""
    with transaction.atomic(durable=True):
        venue = lock_row(hall.venue)
        row = _lock_version(hall, version)
        file = keep_file(name, content=content, media_type=media_type) if content else None
        before = row.base_plan.sha256 if row.base_plan else ""
        _overwrite(row, {"base_plan": file})
        after = file.sha256 if file else ""
        _record(venue, actor, "fairs.base_plan_set", hall=row.pk, before=before, after=after)
    return row


def add_picture(
    *, venue: Venue, content: bytes, actor: User | None, caption: str = "", hall: Hall | None = None
) -> VenuePicture:
    """Add a picture of the venue or of one of its halls; `content` is a WebP drawn by us.

    Raises NotAllowed, DomainError `picture.other_venue`, `picture.known`, `picture.too_many`.
    """
    require_office(actor)
    if hall and hall.venue_id != venue.pk:
        raise DomainError("picture.other_venue", _("This hall belongs to another venue."))
    name = write_file(content, media_type=MEDIA_TYPE)
    with transaction.atomic(durable=True):
        row = lock_row(venue)
        file = keep_file(name, content=content, media_type=MEDIA_TYPE)
        if row.pictures.filter(file=file).exists():
            raise DomainError("picture.known", _("This picture is here already."))
        if row.pictures.count() >= MOST_PICTURES:
            raise DomainError(
                "picture.too_many",
                _("A venue has at most %(most)s pictures. Delete one first."),
                most=MOST_PICTURES,
            )
        picture = VenuePicture.objects.create(venue=row, hall=hall, file=file, caption=caption)
        _record(row, actor, "fairs.picture_added", sha256=file.sha256, caption=caption)
    return picture


@transaction.atomic(durable=True)
def delete_picture(*, picture: VenuePicture, actor: User | None) -> None:
    """Take a picture away: nobody is shown it any more. Raises NotAllowed."""
    require_office(actor)
    venue = lock_row(picture.venue)
    VenuePicture.objects.filter(pk=picture.pk).delete()
    _record(venue, actor, "fairs.picture_deleted", sha256=picture.file.sha256)


def _lock_version(row: Any, version: int) -> Any:
    """The row, locked. Raises StaleState if it is no longer the `version` that was seen."""
    locked = lock_row(row)
    if locked.version != version:
        raise StaleState("venue.edited_meanwhile", _("Somebody else has saved this meanwhile."))
    return locked


def _overwrite(row: Any, values: Values) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*values, "version"])


def _require_free_name(venue: Venue, name: str, but: Hall | None = None) -> None:
    taken = {fold(hall.name) for hall in venue.halls.all() if hall != but}
    if fold(name) in taken:
        raise DomainError("hall.name_taken", _("This venue has a hall of that name already."))


def _plain(values: Values) -> dict[str, str]:
    return {name: "" if value is None else str(value) for name, value in values.items()}


def _changes(row: Any, values: Values) -> dict[str, list[str]]:
    old, new = _plain({name: getattr(row, name) for name in values}), _plain(values)
    return {name: [old[name], new[name]] for name in new if old[name] != new[name]}


def _record(venue: Venue, actor: User | None, verb: str, **facts: Any) -> None:
    audit.record(stream=audit.OFFICE, actor=actor, verb=verb, subject=venue.code, **facts)
