"""Facts of Vietnam: tax codes, phones, money in words, lunar dates, holidays, written forms."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import lunar_vn
import phonenumbers
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from lunar_vn import can_chi

from core.errors import DomainError
from core.text import clean

COUNTRY = "VN"
TAX_CODE_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
TAX_CODE_SHAPE = re.compile(r"(?P<main>[0-9]{10})(?P<branch>[0-9]{3})?|[0-9]{12}")
PHONE_SHAPE = re.compile(r"[0-9+().\- ]+")
DASHES = re.compile("[‐‑‒–—―−]")

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
LAST_DIGITS_AFTER_TENS = {1: "mốt", 4: "tư", 5: "lăm"}
LUNAR_MONTHS = (
    "Giêng",
    "Hai",
    "Ba",
    "Tư",
    "Năm",
    "Sáu",
    "Bảy",
    "Tám",
    "Chín",
    "Mười",
    "Mười Một",
    "Chạp",
)


def _half_width(text: str) -> str:
    """Return cleaned text with full-width digits and typographic dashes made plain."""
    return DASHES.sub("-", unicodedata.normalize("NFKC", clean(text)))


# Tax codes


def tax_code(text: str) -> str:
    """Return a tax code (MST) in the one form that is stored and shown.

    Ten digits ("0312687878"), ten and a branch ("0312687878-001"), or the twelve digits of a
    personal number, which households and individuals use since 01/07/2025. The tenth digit is
    10 − (Σ digit × weight mod 11) (Circular 105/2020/TT-BTC, replaced by 86/2024/TT-BTC). Twelve
    digits are not checked further: their province prefix predates the provinces of today.

    Raises DomainError `tax_code.length`, `tax_code.check_digit` or `tax_code.branch`; the fact
    `tax_code` holds the digits read.
    """
    digits = re.sub(r"[\s.\-]", "", _half_width(text))
    shape = TAX_CODE_SHAPE.fullmatch(digits)
    if not shape:
        message = _("A tax code has 10 digits, 10 digits and a branch number of 3, or 12 digits.")
        raise DomainError("tax_code.length", message, tax_code=digits)
    main, branch = shape["main"], shape["branch"]
    if main is None:
        return digits
    total = sum(int(digit) * weight for digit, weight in zip(main, TAX_CODE_WEIGHTS, strict=False))
    if int(main[9]) != 10 - total % 11 or main[2:9] == "0000000":
        message = _("The tax code %(tax_code)s is mistyped: its digits do not agree.")
        raise DomainError("tax_code.check_digit", message, tax_code=main)
    if branch is None:
        return main
    if branch == "000":
        message = _("The branch number of a tax code runs from 001 to 999.")
        raise DomainError("tax_code.branch", message, tax_code=digits)
    return f"{main}-{branch}"


# Phones


def phone(text: str) -> str:
    """Return one phone number in E.164 ("+84912345678"); without a country code it is Vietnamese.

    Letters, extensions and a second number are refused rather than dropped silently.

    Raises DomainError `phone.invalid`.
    """
    typed = _half_width(text)
    try:
        number = phonenumbers.parse(typed, COUNTRY)
    except phonenumbers.NumberParseException:
        number = None
    if (
        number is None
        or not PHONE_SHAPE.fullmatch(typed)
        or not phonenumbers.is_valid_number(number)
    ):
        message = _("Enter one phone number, such as 0912 345 678 or +84 912 345 678.")
        raise DomainError("phone.invalid", message)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def shown_phone(stored: str) -> str:
    """Return an E.164 number as people write it: "0912 345 678", or "+65 6123 4567" from abroad."""
    number = phonenumbers.parse(stored, COUNTRY)
    is_vietnamese = phonenumbers.region_code_for_number(number) == COUNTRY
    style = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(
        number, style.NATIONAL if is_vietnamese else style.INTERNATIONAL
    )


# Money in words


def amount_in_words(vnd: int) -> str:
    """Return an amount of đồng, zero or more, as it is written out on Vietnamese papers.

    Northern official style, as taught in schools: "linh" for an empty ten (105: một trăm linh
    năm), "mốt", "tư" and "lăm" after "mươi" (21, 24, 25), "lăm" after "mười" (15) but "bốn" in 14
    and 104; "nghìn", "triệu", "tỷ"; a group of three zeros is not read, and a later group always
    names its hundreds (1.005: một nghìn không trăm linh năm). Capitalised; ends in "đồng".

    Raises ValueError for a negative amount.
    """
    if vnd < 0:
        raise ValueError("An amount of money in words cannot be negative.")
    words = f"{_number_in_words(vnd)} đồng"
    return words[0].upper() + words[1:]


def _number_in_words(number: int, *, after_larger: bool = False) -> str:
    """Read a number; `after_larger` when a larger unit was read before it."""
    for unit, name in ((10**9, "tỷ"), (10**6, "triệu"), (10**3, "nghìn")):
        if number >= unit:
            count, rest = divmod(number, unit)
            words = f"{_number_in_words(count, after_larger=after_larger)} {name}"
            return f"{words} {_number_in_words(rest, after_larger=True)}" if rest else words
    return _below_thousand(number, names_hundreds=after_larger)


def _below_thousand(number: int, *, names_hundreds: bool) -> str:
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words = []
    if hundreds or names_hundreds:
        words += [DIGITS[hundreds], "trăm"]
    if tens > 1:
        words += [DIGITS[tens], "mươi"]
    elif tens == 1:
        words.append("mười")
    elif ones and words:
        words.append("linh")
    if tens > 1 and ones in LAST_DIGITS_AFTER_TENS:
        words.append(LAST_DIGITS_AFTER_TENS[ones])
    elif tens == 1 and ones == 5:
        words.append("lăm")
    elif ones or not words:
        words.append(DIGITS[ones])
    return " ".join(words)


# Lunar dates


@dataclass(frozen=True)
class LunarDate:
    """A day of the Vietnamese lunar calendar (UTC+7); it differs from the Chinese one at times."""

    day: int
    month: int
    year: int
    leap: bool = False

    @property
    def short(self) -> str:
        """Return "24/10", and "24/6 nhuận" in a leap month."""
        return f"{self.day}/{self.month}{' nhuận' if self.leap else ''}"

    def shown_short(self, language: str) -> str:
        """Return `short` as `language` has it: "24/6 leap" in English."""
        return self.short if language == "vi" else self.short.replace("nhuận", "leap")

    @property
    def english_month(self) -> str:
        """Return "1st" … "12th", with "leap" before it in a leap month."""
        return f"{'leap ' if self.leap else ''}{_ordinal(self.month)}"

    @property
    def month_name(self) -> str:
        """Return "tháng Giêng" … "tháng Chạp", with "nhuận" in a leap month."""
        return f"tháng {LUNAR_MONTHS[self.month - 1]}{' nhuận' if self.leap else ''}"

    @property
    def day_name(self) -> str:
        """Return "mùng 5" for the first ten days and "24" for the others."""
        return f"mùng {self.day}" if self.day <= 10 else str(self.day)

    @property
    def year_name(self) -> str:
        """Return the year's name in the cycle of sixty: "Bính Ngọ" for 2026."""
        return can_chi.get_year_can_chi(self.year)

    def __str__(self) -> str:
        return f"{self.day_name} {self.month_name}"


def lunar(day: date) -> LunarDate:
    """Return the lunar date of a day.

    Raises DomainError `lunar.out_of_range` outside the years 1900 to 2100.
    """
    _require_lunar_year(day.year)
    found = lunar_vn.convert_solar_to_lunar(day.day, day.month, day.year)
    return LunarDate(day=found.day, month=found.month, year=found.year, leap=found.leap)


def _ordinal(number: int) -> str:
    teens = 10 < number % 100 < 20
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def lunar_dates(first: date, last: date, language: str = "vi") -> str:
    """Return a fair's days in lunar form, in Vietnamese or in English.

    "24–28 tháng Mười"; "mùng 8 đến 12 tháng Giêng" where a dash would hide that only the first
    is a "mùng"; "28 tháng Chạp – mùng 2 tháng Giêng" over two months. In English "24th–28th of
    the 10th lunar month", and "28th of the 12th – 2nd of the 1st lunar month".

    Raises DomainError `lunar.out_of_range`.
    """
    start, end = lunar(first), lunar(last)
    if language != "vi":
        return _english_dates(start, end)
    if start == end:
        return str(start)
    if start.month_name != end.month_name or start.year != end.year:
        return f"{start} – {end}"
    joint = " đến " if start.day <= 10 < end.day else "–"
    return f"{start.day_name}{joint}{end.day} {end.month_name}"


def _english_dates(start: LunarDate, end: LunarDate) -> str:
    first, last = _ordinal(start.day), _ordinal(end.day)
    if start == end:
        days = first
    elif (start.year, start.english_month) == (end.year, end.english_month):
        days = f"{first}–{last}"
    else:
        days = f"{first} of the {start.english_month} – {last}"
    return f"{days} of the {end.english_month} lunar month"


def tet(year: int) -> date:
    """Return the first day of the lunar year that begins in `year`.

    Raises DomainError `lunar.out_of_range` outside 1900 to 2100.
    """
    return _solar(1, 1, year)


def _solar(day: int, month: int, year: int) -> date:
    _require_lunar_year(year)
    return lunar_vn.convert_lunar_to_solar(day, month, year)


def _require_lunar_year(year: int) -> None:
    first_year, last_year = lunar_vn.SUPPORTED_YEAR_RANGE
    if not first_year <= year <= last_year:
        message = _("Lunar dates are known from %(first_year)s to %(last_year)s only.")
        raise DomainError("lunar.out_of_range", message, first_year=first_year, last_year=last_year)


# Holidays


def public_holidays(year: int) -> dict[date, str]:
    """Return the public holidays whose date is known in advance, by day, in order of date.

    Labour Code 2019, art. 112, and 24/11 since 2026 (Resolution 80-NQ/TW). Names are message ids:
    pass them through gettext. Left out, because the government decides them year by year: the
    fifth day of Tết, the second day of National Day, days off in lieu.

    Raises DomainError `lunar.out_of_range` outside 1900 to 2100.
    """
    new_year = tet(year)
    holidays = {
        date(year, 1, 1): gettext_noop("New Year's Day"),
        new_year - timedelta(days=1): gettext_noop("Lunar New Year's Eve"),
        new_year: gettext_noop("First day of Tết"),
        new_year + timedelta(days=1): gettext_noop("Second day of Tết"),
        new_year + timedelta(days=2): gettext_noop("Third day of Tết"),
        _solar(10, 3, year): gettext_noop("Hùng Kings' Commemoration Day"),
        date(year, 4, 30): gettext_noop("Reunification Day"),
        date(year, 5, 1): gettext_noop("Labour Day"),
        date(year, 9, 2): gettext_noop("National Day"),
    }
    if year >= 2026:
        holidays[date(year, 11, 24)] = gettext_noop("Vietnamese Culture Day")
    return dict(sorted(holidays.items()))


# Written forms


def shown_date(day: date) -> str:
    """Return "02/12/2026"."""
    return f"{day:%d/%m}/{day.year:04}"


def shown_dates(first: date, last: date) -> str:
    """Return a range without repeating what is common: "02–06/12/2026", "28/11–02/12/2026"."""
    if first == last:
        return shown_date(last)
    if first.year != last.year:
        return f"{shown_date(first)}–{shown_date(last)}"
    if first.month != last.month:
        return f"{first:%d/%m}–{shown_date(last)}"
    return f"{first:%d}–{shown_date(last)}"


def shown_days(days: Iterable[date]) -> str:
    """Return days as ranges where they follow on each other: "02–03/12/2026, 05/12/2026"."""
    runs: list[tuple[date, date]] = []
    for day in sorted(days):
        if runs and day - runs[-1][1] == timedelta(days=1):
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return ", ".join(shown_dates(first, last) for first, last in runs)


def formal_date(day: date) -> str:
    """Return "ngày 02 tháng 12 năm 2026".

    Days below 10 and months 1 and 2 have a leading zero, other months none (Decree
    30/2020/NĐ-CP, annex I).
    """
    month = f"{day.month:02}" if day.month <= 2 else str(day.month)
    return f"ngày {day:%d} tháng {month} năm {day.year}"


def shown_number(number: Decimal | float, language: str) -> str:
    """Return "1.054" and "12,5" in Vietnamese, "1,054" and "12.5" in any other language."""
    grouped = f"{number:,}"
    return grouped.translate(str.maketrans(",.", ".,")) if language.startswith("vi") else grouped
