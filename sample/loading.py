"""Puts the Hanoi sample into an empty database, once and whole."""

from dataclasses import asdict, dataclass, replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from booths.models import Application, Booth
from core import audit
from core.audit import AuditEvent
from core.errors import DomainError
from core.vietnam import shown_number
from fairs.models import Fair
from fairs.states import FairState
from registry.models import Organisation, Product
from sample.booth_rows import load_booths
from sample.fair_rows import load_fair, load_programme
from sample.hanoi import LARGEST_SCALE, HanoiSample, make_hanoi_sample
from sample.memoranda import distributor_number, load_memoranda, might_sign
from sample.people import ADDRESS, load_representative, load_staff, organiser
from sample.registry_rows import load_registry
from sample.season import load_season
from sample.session_rows import load_sessions

LOADED = "sample.loaded"


@dataclass(frozen=True)
class Loading:
    """What came of it: `is_new` is False where the sample was there already and was left alone."""

    is_new: bool
    scale: int
    producers: int
    distributors: int
    products: int
    fairs: int
    booths: int
    applications: int

    def shown_counts(self) -> dict[str, str]:
        """The counts as the reader's language writes numbers, by name."""
        language = get_language() or "vi"
        return {name: shown_number(value, language) for name, value in asdict(self).items()}


def load_sample(*, scale: int | None = None) -> Loading:
    """Load the sample as of today; where it was loaded before, change nothing.

    What people did since then stays as they did it. `scale` multiplies producers, products
    and distributors; None is what there is, or once.

    Raises DomainError `sample.scale`, `sample.other_scale` (it is there in another scale) and
    `sample.not_empty` (organisations or fairs of somebody else are there).
    """
    before = loaded_scale()
    scale = before or 1 if scale is None else scale
    if scale not in range(1, LARGEST_SCALE + 1):
        raise DomainError(
            "sample.scale",
            _("The scale is a whole number from 1 to %(largest)s."),
            largest=LARGEST_SCALE,
        )
    if before is None:
        _load_rows(make_hanoi_sample(today=timezone.localdate(), scale=scale), scale=scale)
    elif before != scale:
        raise DomainError(
            "sample.other_scale",
            _("The sample is here already, in scale %(before)s. Another needs an empty database."),
            before=before,
        )
    fair = sample_fair()
    # Actions are durable transactions of their own, so this comes after the rows. If it was
    # interrupted, the next load makes up for it.
    if before is None or not fair.memoranda.exists():
        load_memoranda(fair, organiser())
    if fair.first_day > timezone.localdate():
        load_season(fair, organiser())
    return _count(is_new=before is None, scale=scale)


def loaded_scale() -> int | None:
    """The scale of the sample in this database; None where it was never loaded."""
    event = AuditEvent.objects.filter(stream=audit.OFFICE, verb=LOADED).first()
    return int(event.facts["scale"]) if event else None


def sample_fair() -> Fair:
    """The sample's fair to come. Raises AuditEvent.DoesNotExist before the sample is loaded."""
    event = AuditEvent.objects.get(stream=audit.OFFICE, verb=LOADED)
    return Fair.objects.get(code=event.facts["fair"])


@transaction.atomic(durable=True)
def add_trial_fair() -> Fair:
    """Add one more fair like the sample's, eleven days from now, ready to be allocated.

    Whoever tries the whole walk in one go has it for themselves: the sample's own fair stays as
    it is. Raises AuditEvent.DoesNotExist before the sample is loaded.
    """
    sample = make_hanoi_sample(today=timezone.localdate(), scale=loaded_scale() or 1)
    number = Fair.objects.filter(copied_from=sample_fair()).count() + 1
    near = sample.fairs[-1]
    record = replace(
        near,
        slug=f"chay-thu-{number}",
        register_code=f"THU{number}",
        title=f"Chạy thử {number}: {near.title}",
        title_en=f"Trial {number}: {near.title_en}",
        short_title=f"Chạy thử {number}",
    )
    fair = load_fair(record, state=FairState.ALLOCATING)
    fair.copied_from = sample_fair()
    fair.save(update_fields=["copied_from"])
    load_booths(sample, fair, prefix=f"T{number}")
    audit.record(stream=fair.stream, actor=None, verb="sample.trial_added", subject=fair.code)
    return fair


@transaction.atomic(durable=True)
def _load_rows(sample: HanoiSample, *, scale: int) -> None:
    _require_empty()
    load_registry(sample)
    fair = load_programme(sample)
    load_sessions(sample, fair)
    load_booths(sample, fair)
    load_staff()
    first = might_sign(fair)[0]
    load_representative(first.organisation, "producer")
    load_representative(distributor_number(0), "distributor")
    audit.record(
        stream=audit.OFFICE,
        actor=None,
        verb=LOADED,
        subject=fair.code,
        fair=fair.code,
        scale=scale,
        organisations=Organisation.objects.count(),
        products=Product.objects.count(),
    )


def _require_empty() -> None:
    people = User.objects.filter(email__endswith=ADDRESS)
    if Organisation.objects.exists() or Fair.objects.exists() or people.exists():
        raise DomainError(
            "sample.not_empty",
            _("There are organisations or fairs here already. The sample needs an empty database."),
        )


def _count(*, is_new: bool, scale: int) -> Loading:
    return Loading(
        is_new=is_new,
        scale=scale,
        producers=Organisation.objects.filter(is_producer=True).count(),
        distributors=Organisation.objects.filter(is_distributor=True).count(),
        products=Product.objects.count(),
        fairs=Fair.objects.count(),
        booths=Booth.objects.count(),
        applications=Application.objects.count(),
    )
