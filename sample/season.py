"""What else stands in the year's plan: a weekly series online, and a fair with guest provinces."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from dateutil.rrule import FR, WEEKLY, rrule
from django.utils import timezone

from accounts.models import User
from fairs.actions import move_fair
from fairs.actions.editing import create_fair
from fairs.actions.pavilions import PavilionContent, add_pavilion, fill_in_pavilion
from fairs.actions.programme import SessionContent, add_session, add_stage
from fairs.actions.series import Base, SeriesContent, base_values, create_series
from fairs.models import Fair, FairKind, Series, SessionKind, Stage, Venue
from fairs.queries.pavilions import BoothLine, Lines
from fairs.states import FairState
from registry.models import Place, Region
from sample.session_rows import products_of

SERIES = "Chợ đêm trên mây (mẫu)"
SERIES_EN = "Night market in the clouds (sample)"
CHANNEL = "OCOP Hà Nội (mẫu)"
# At most so many Fridays, of which one is left out and the first ones are announced.
FRIDAYS, LEFT_OUT, ANNOUNCED = 8, 2, 2
GUESTS_CODE = "tay-bac-giua-long-ha-noi"
GUESTS_TITLE = "Ngày hội văn hóa và đặc sản Tây Bắc tại Hà Nội năm {year} (mẫu)"
GUESTS_TITLE_EN = "Northwest culture and specialities in Hanoi {year} (sample)"
GUESTS_TEXT = (
    "Bốn ngày xòe Thái, khèn Mông và đặc sản Tây Bắc. Ba tỉnh khách mời tự điền gian hàng của mình."
)
GUESTS_TEXT_EN = (
    "Four days of Thai dances, Hmong pipes and specialities. Three guest provinces fill in their "
    "booths themselves."
)
DECISION = "46/KH-UBND (mẫu)"
WEEKS_AFTER, DAYS_OF_FAIR, DAYS_TO_FILL_IN = 2, 4, 5


@dataclass(frozen=True, kw_only=True)
class Guest:
    """A guest province by its code: what is in its booths so far, and whether it was sent in."""

    place: str
    booths: int
    contact: str
    lines: Lines = field(default_factory=dict)
    is_sent: bool = False


LAI_CHAU: Lines = {
    1: BoothLine("HTX Chè Tả Lèng (mẫu)", "Chè Shan tuyết, hồng trà"),
    2: BoothLine("HTX Miến dong Bình Lư (mẫu)", "Miến dong"),
    3: BoothLine("Hộ Lò Thị Mai (mẫu)", "Thịt trâu gác bếp, lạp xưởng"),
    4: BoothLine("Tổ dệt Nà Khương (mẫu)", "Thổ cẩm, khăn piêu"),
}
DIEN_BIEN: Lines = {
    1: BoothLine("HTX Gạo Mường Thanh (mẫu)", "Gạo Séng Cù, gạo nếp nương"),
    3: BoothLine("Hộ Quàng Văn Thắng (mẫu)", "Cà phê Mường Ảng"),
}
GUESTS = (
    Guest(place="12", booths=6, contact="Lò Thị Mai (mẫu)", lines=LAI_CHAU, is_sent=True),
    Guest(place="11", booths=4, contact="Quàng Văn Thắng (mẫu)", lines=DIEN_BIEN),
    Guest(place="14", booths=3, contact="Cầm Thị Hương (mẫu)"),
)


def load_season(near: Fair, actor: User) -> None:
    """Plan both around the fair `near`, each unless it is there."""
    if not Series.objects.filter(title=SERIES).exists():
        _load_series(near, actor)
    if not Fair.objects.filter(register_code=_guests_register_code(near)).exists():
        _load_guests(near, actor)


def _load_series(near: Fair, actor: User) -> None:
    """Every Friday evening from the next one on, within the plan's year."""
    year = near.first_day.year
    start = max(timezone.localdate() + timedelta(days=1), date(year, 1, 1))
    end = datetime(year, 12, 31)  # noqa: DTZ001 - days of a rule have no zone
    rule = rrule(WEEKLY, datetime.combine(start, time()), byweekday=FR, count=FRIDAYS)
    days = [moment.date() for moment in rule if moment <= end]
    venue, _created = Venue.objects.get_or_create(
        code="kenh-ocop-ha-noi",
        defaults={"name": CHANNEL, "short_name": CHANNEL, "is_online": True},
    )
    series = create_series(
        content=SeriesContent(
            title=SERIES,
            title_en=SERIES_EN,
            first_day=days[0],
            rule=f"FREQ=WEEKLY;BYDAY=FR;UNTIL={days[-1]:%Y%m%d}",
            exceptions=days[LEFT_OUT : LEFT_OUT + 1],
        ),
        base=Base(
            values=base_values(
                FairKind.ONLINE, venue=venue, channel=CHANNEL, organiser=near.organiser
            ),
            short_title="Chợ đêm trên mây",
            register_code="CDTM",
        ),
        actor=actor,
    )
    fairs = list(series.fairs.order_by("first_day")[:ANNOUNCED])
    for fair in fairs:
        move_fair(fair=fair, to=FairState.ANNOUNCED, actor=actor)
    _add_livestream(fairs[0], actor)


def _add_livestream(fair: Fair, actor: User) -> None:
    stage = add_stage(fair=fair, name="Phòng livestream", name_en="Livestream room", actor=actor)
    products = products_of("food")
    content = SessionContent(
        stage=stage,
        kind=SessionKind.LIVESTREAM,
        title="Livestream đặc sản OCOP cuối tuần (mẫu)",
        title_en="Weekend livestream of OCOP specialities (sample)",
        starts_at=_at(fair.first_day, time(20)),
        ends_at=_at(fair.first_day, time(21, 30)),
        host="Nguyễn Thị Huyền Trân (mẫu)",
        products=products,
        producers=[product.producer for product in products],
    )
    add_session(fair=fair, content=content, actor=actor)


def _guests_register_code(near: Fair) -> str:
    return f"TB{near.first_day:%y}"


def _load_guests(near: Fair, actor: User) -> None:
    """A fortnight after `near` opens, yet within its year."""
    year = near.first_day.year
    first_day = near.first_day + timedelta(weeks=WEEKS_AFTER)
    first_day = min(first_day, date(year, 12, 31) - timedelta(days=DAYS_OF_FAIR - 1))
    values = base_values(
        FairKind.REGIONAL_CULTURE,
        title=GUESTS_TITLE.format(year=year),
        title_en=GUESTS_TITLE_EN.format(year=year),
        short_title=f"Tây Bắc {year}",
        register_code=_guests_register_code(near),
        venue=Venue.objects.get(fairs__register_code="SH22"),
        first_day=first_day,
        last_day=first_day + timedelta(days=DAYS_OF_FAIR - 1),
        opens=time(8),
        closes=time(21, 30),
        regions=[Region.NORTH_MOUNTAINS],
        decision_number=DECISION,
        organiser=near.organiser,
        description=GUESTS_TEXT,
        description_en=GUESTS_TEXT_EN,
    )
    values["plan"] = near.plan
    fair = create_fair(code=f"{GUESTS_CODE}-{year}", values=values, actor=actor)
    for state in (FairState.ANNOUNCED, FairState.REGISTERING):
        move_fair(fair=fair, to=state, actor=actor)
    for guest in GUESTS:
        _add_guest(fair, guest, actor)
    stage = add_stage(fair=fair, name="Sân khấu nhà sàn", name_en="Stilt-house stage", actor=actor)
    _add_dance(fair, stage, actor)


def _add_guest(fair: Fair, guest: Guest, actor: User) -> None:
    until = _at(fair.first_day - timedelta(days=DAYS_TO_FILL_IN), time(17))
    pavilion = add_pavilion(
        fair=fair,
        place=Place.objects.get(code=guest.place),
        content=PavilionContent(
            booth_count=guest.booths, fill_in_until=until, contact=guest.contact
        ),
        actor=actor,
    )
    if guest.lines:
        fill_in_pavilion(
            pavilion=pavilion, seen={}, lines=guest.lines, is_final=guest.is_sent, actor=None
        )


def _add_dance(fair: Fair, stage: Stage, actor: User) -> None:
    content = SessionContent(
        stage=stage,
        kind=SessionKind.PERFORMANCE,
        title="Đêm xòe Thái và khèn Mông (mẫu)",
        title_en="An evening of Thai dances and Hmong pipes (sample)",
        starts_at=_at(fair.first_day, time(19, 30)),
        ends_at=_at(fair.first_day, time(21)),
        crew="Đội văn nghệ Tây Bắc (mẫu)",
        place=Place.objects.get(code="12"),
    )
    add_session(fair=fair, content=content, actor=actor)


def _at(day: date, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))
