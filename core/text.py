"""What is done to every text that comes in, and how Vietnamese text is compared."""

import re
import unicodedata

TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
STROKE = "\u0335"
LETTER_MARKS = {STROKE: "1", "\u0306": "1", "\u0302": "2", "\u031b": "3"}  # đ, ă, â ê ô, ơ ư
NUMBER_OR_SYLLABLE = re.compile(r"\d+|[^\W\d_]+")


def clean(text: str) -> str:
    """Return `text` as one line of NFC without anything invisible.

    Control characters, zero-width characters, bidirectional overrides, private-use characters
    and lone surrogates are dropped; every run of white space becomes one space; the ends are
    trimmed.
    """
    visible = "".join(
        char
        for char in text
        if char.isspace() or unicodedata.category(char) not in {"Cc", "Cf", "Co", "Cs"}
    )
    return unicodedata.normalize("NFC", " ".join(visible.split()))


def clean_lines(text: str) -> str:
    r"""Return `text` with every line cleaned, joined by "\n", without empty lines at the ends."""
    return "\n".join(clean(line) for line in text.splitlines()).strip("\n")


def fold(text: str) -> str:
    """Return `text` without accents and case, đ as d: equal folds mean "the same when searching".

    "Đắk Lắk" and "dak lak" fold alike, and so do "hoà" and "hòa". For search, slugs and
    finding duplicates; never shown.
    """
    decomposed = unicodedata.normalize("NFD", clean(text).casefold())
    bare = "".join(char for char in decomposed if unicodedata.category(char) != "Mn")
    return clean(bare.replace("đ", "d"))


def slug(text: str, limit: int = 60) -> str:
    """Return `text` as lower-case ASCII words joined by hyphens, at most `limit` characters.

    A word that does not fit is left out whole unless it is the first one. The result is empty
    when `text` has no Latin letter and no digit.
    """
    whole = re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")
    if len(whole) <= limit:
        return whole
    return whole[: limit + 1].rpartition("-")[0] or whole[:limit]


def vietnamese_key(text: str) -> str:
    """Return a key that sorts in the order of a Vietnamese dictionary.

    Letters go a ă â b c d đ e ê … o ô ơ … u ư …, tones go level, huyền, hỏi, ngã, sắc, nặng.
    Syllables are compared one after the other, so "tuân thủ" comes before "tuần chay". Case and
    punctuation do not count; numbers sort by value and come before letters, so A-2 comes before
    A-12. The key is made of 0-9 and a-z only and sorts the same in Python and in any database.
    """
    tokens = NUMBER_OR_SYLLABLE.findall(clean(clean(text).casefold()))
    return "".join(
        _number_key(token) if token.isdecimal() else _syllable_key(token) for token in tokens
    )


def _number_key(digits: str) -> str:
    significant = str(int(digits[:99]))
    return f"1{len(significant):02}{significant}"


def _syllable_key(syllable: str) -> str:
    """Two characters a letter, then the tone: a digit, so it sorts before any further letter."""
    letters: list[str] = []
    tone = "0"
    for char in unicodedata.normalize("NFD", syllable.replace("đ", "d" + STROKE)):
        if char in TONES:
            tone = TONES[char]
        elif char in LETTER_MARKS and letters:
            letters[-1] = letters[-1][:-1] + LETTER_MARKS[char]
        elif unicodedata.category(char) != "Mn":
            letters.append(f"{char}0" if "a" <= char <= "z" else f"z9{ord(char):06x}")
    return "".join(letters) + tone
