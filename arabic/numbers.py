"""Numbers in words: ألف وتسعمئة وثلاثة وسبعون is 1973."""

import functools
from collections.abc import Sequence

from .spelling import fold

# Numerals that mean something else at least as often.
DOUBTFUL = ("أحد", "إحدى", "واحد", "واحدة", "ألفا", "ستا", "سبعا", "عشرا", "صفر")

BEGINNINGS = (
    *("اثن", "احد", "اربع", "الاف", "الف", "تسع", "ثلاث", "ثمان", "خمس", "سبع", "ست", "صفر"),
    *("عشر", "مءت", "مءه", "ماء", "ملاي", "ملي", "واحد"),
)
"""What numerals begin with: for other words their table need not be read."""


@functools.cache
def values() -> dict[str, int]:
    """Numerals as folded words, from `pyarabic`."""
    from pyarabic.number_const import NUMBER_WORDS

    hundreds = {
        unit + fold(hundred): value * 100
        for unit, value in (("ثلاث", 3), ("اربع", 4), ("خمس", 5), ("ست", 6), ("سبع", 7))
        for hundred in ("مئة", "مائة")
    }
    more = {"ماءتان": 200, "ماءتين": 200, "مءتان": 200, "مءتين": 200, "ثمانيه": 8, "ثمانون": 80}
    return {fold(word): value for word, value in NUMBER_WORDS.items()} | hundreds | more


@functools.cache
def doubtful() -> frozenset[str]:
    """Numerals that stand for a number only with another one."""
    return frozenset(map(fold, DOUBTFUL))


def may_be_numeral(word: str) -> bool:
    """Whether a folded word begins as a numeral does."""
    return word.startswith(BEGINNINGS)


def value_of(word: str, first: bool) -> int | None:
    """The value of a folded numeral; with و before it, unless it is the first of its number."""
    if not first and word.startswith("و") and not word.startswith(BEGINNINGS):
        word = word[1:]
    return values().get(word) if may_be_numeral(word) else None


def run(words: Sequence[str], start: int) -> list[int]:
    """The values of the numerals that follow one another from a place on."""
    found: list[int] = []
    for word in words[start:]:
        value = value_of(word, first=not found)
        if value is None:
            break
        found.append(value)
    return found


def total(numerals: Sequence[int]) -> int:
    """The number that a row of numerals says."""
    whole = part = 0
    for value in numerals:
        if value >= 1000:
            whole, part = whole + max(part, 1) * value, 0
        elif value == 100 and 0 < part < 10:
            part *= 100
        else:
            part += value
    return whole + part
