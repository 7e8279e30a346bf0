"""Invented names, numbers and addresses: real in their pattern, plainly nobody's."""

from random import Random

MARK = "(mẫu)"
FAMILY_NAMES = (
    *("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Phan", "Vũ", "Đặng", "Bùi", "Đỗ"),
    *("Hồ", "Ngô", "Dương", "Đinh", "Đào", "Trịnh", "Kiều", "Chu", "Tạ", "Ưng"),
)
MIDDLE_NAMES = {
    "Bà": ("Thị", "Thị Thanh", "Thị Ngọc", "Thị Bích", "Thị Thu", "Thị Kim", "Thúy", "Thị Minh"),
    "Ông": ("Văn", "Đức", "Hữu", "Quang", "Xuân", "Đình", "Ngọc", "Công"),
}
GIVEN_NAMES = {
    "Bà": (
        *("Lan", "Huệ", "Hương", "Lụa", "Mai", "Đào", "Nga", "Hằng", "Hạnh", "Thảo", "Yến"),
        *("Nhung", "Tuyết", "Loan", "Phượng", "Oanh", "Vân", "Thơm", "Ngát", "Dịu", "Ơn", "Uyên"),
        *("Quỳnh", "Duyên", "Liễu", "Sen", "Thắm", "Mận"),
    ),
    "Ông": (
        *("Hùng", "Dũng", "Cường", "Thắng", "Sơn", "Tùng", "Đạt", "Hưng", "Khoa", "Lâm", "Nam"),
        *("Phong", "Quân", "Tài", "Thịnh", "Vượng", "Bằng", "Chiến", "Đông", "Giang", "Hải"),
        *("Kiên", "Long", "Nghĩa", "Quyết", "Trường", "Tường", "Ước"),
    ),
}
FIRST_SYLLABLES = (
    *("An", "Bình", "Cát", "Đại", "Đức", "Gia", "Hưng", "Khang", "Lộc", "Minh", "Ngọc", "Phúc"),
    *("Quang", "Tâm", "Tân", "Thanh", "Thiên", "Thịnh", "Tín", "Tường", "Xuân", "Yên"),
    *("Ưu", "Hương", "Hoa", "Thuần"),
)
LAST_SYLLABLES = (
    *("An", "Bảo", "Đạt", "Hòa", "Khang", "Lâm", "Lộc", "Minh", "Nguyên", "Phát", "Phong", "Phúc"),
    *("Sơn", "Tâm", "Thành", "Thịnh", "Tiến", "Vinh", "Vượng", "Hương", "Điền", "Đồng"),
)
THINGS = (
    *("Sen", "Trúc", "Lúa", "Mây", "Mộc", "Thảo", "Nắng", "Suối", "Vườn", "Nếp", "Mơ", "Ngô"),
)
LANDSCAPES = (
    *("Hương Đồng", "Bãi Mía", "Đồi Chè", "Lá Dong", "Ruộng Vàng", "Giếng Làng", "Bến Đò"),
    *("Ao Sen", "Cầu Tre", "Gốc Đa", "Nắng Sớm", "Mái Đình", "Đồng Xa", "Ngõ Nhỏ"),
)
QUALITIES = ("Lành", "Biếc", "Ngát", "Hiền", "Thơm", "Đượm", "Ấm", "Ươm", "Mới", "Xanh", "Thảo")
TAX_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)
SYNTHETIC_TAX_PREFIX = "99"  # the first two digits name a tax office's province: none is 99
SYNTHETIC_PERSON_PREFIX = "999"  # the first three name a province: none is 999
NUMBERS_PER_PREFIX = 10_000


def dice_for(seed: str, part: str) -> Random:
    """Return the source of chance of one part, so that parts do not disturb each other."""
    return Random(f"{seed}|{part}")  # noqa: S311 (a sample, not a secret)


def tax_code(number: int) -> str:
    """Return the `number`-th synthetic ten-digit tax code, its check digit right.

    The check digit is 10 less the weighted sum modulo 11; numbers for which that is 10 are
    never given out: `number` then stands for the next one, so use every other number only.
    Raises ValueError when there are no more.
    """
    nine = f"{SYNTHETIC_TAX_PREFIX}{number:07d}"
    if len(nine) != len(TAX_WEIGHTS):
        raise ValueError(f"no synthetic tax code with the number {number}")
    rest = sum(weight * int(digit) for weight, digit in zip(TAX_WEIGHTS, nine, strict=True)) % 11
    return tax_code(number + 1) if rest == 0 else f"{nine}{10 - rest}"


def household_tax_code(number: int) -> str:
    """Return the `number`-th synthetic twelve-digit tax code (a person's number)."""
    return f"{SYNTHETIC_PERSON_PREFIX}{number:09d}"


def phone(number: int) -> str:
    """Return a well-formed Hanoi landline number, E.164, from one narrow block."""
    return f"+84243000{number % NUMBERS_PER_PREFIX:04d}"


def person(dice: Random) -> tuple[str, str]:
    """Return the form of address, Ông or Bà, and a full name."""
    title = dice.choice(("Bà", "Ông"))
    family = dice.choice(FAMILY_NAMES)
    middle = dice.choice(MIDDLE_NAMES[title])
    return title, f"{family} {middle} {dice.choice(GIVEN_NAMES[title])}"


def good_omen(dice: Random) -> str:
    """Return a name as firms like it, "Bến Đò Lành" or "Minh Tâm Trúc".

    Two syllables that wish well would be some real firm's name, so a third follows them.
    """
    if dice.random() < 0.5:
        return f"{dice.choice(LANDSCAPES)} {dice.choice(QUALITIES)}"
    first = dice.choice(FIRST_SYLLABLES)
    last = dice.choice([last for last in LAST_SYLLABLES if last != first])
    return f"{first} {last} {dice.choice(THINGS)}"


def address_line(dice: Random, *, kind: str) -> str:
    """Return the part of an address below the commune (or, by `kind`, the ward)."""
    if kind == "ward":
        house, lane, block = dice.randint(2, 198), dice.randint(2, 120), dice.randint(1, 24)
        return f"Số {house}, ngõ {lane}, tổ dân phố {block}"
    return dice.choice(
        (
            f"Thôn {dice.randint(1, 9)}",
            f"Xóm {dice.choice(('Đình', 'Chùa', 'Trong', 'Ngoài', 'Giữa', 'Bãi'))}",
            f"Thôn {dice.choice(('Đông', 'Đoài', 'Thượng', 'Trung', 'Hạ'))}",
            f"Số {dice.randint(2, 90)}, thôn {dice.randint(1, 9)}",
        )
    )
