"""Dates as files write them → ISO 8601."""

from __future__ import annotations

import re
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from typing import Final

_DIGITS: Final = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "يناير جانفي كانون-الثاني january jan janvier",
            "فبراير فيفري شباط february feb février",
            "مارس آذار march mar mars",
            "أبريل إبريل ابريل أفريل نيسان april apr avril",
            "مايو ماي أيار may mai",
            "يونيو جوان حزيران june jun juin",
            "يوليو جويلية يوليوز تموز july jul juillet",
            "أغسطس اغسطس أوت غشت آب august aug août",
            "سبتمبر شتنبر أيلول september sep septembre",
            "أكتوبر اكتوبر تشرين-الأول october oct octobre",
            "نوفمبر نونبر تشرين-الثاني november nov novembre",
            "ديسمبر دجنبر كانون-الأول december dec décembre",
        ),
        1,
    )
    for name in names.split()
}
_YEAR_FIRST: Final = re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?")
_DAY_FIRST: Final = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_MONTH: Final = r"([^\W\d]+(?:[ -]ال[^\W\d]+)?)"
_NAMED: Final = re.compile(rf"(\d{{1,2}})\s+{_MONTH}(?:\s*/\s*[^\W\d]+)?[\s,،.]+(\d{{4}})")
_MONTH_FIRST: Final = re.compile(rf"{_MONTH}\s+(\d{{1,2}})[\s,،]+(\d{{4}})")


def iso_date(text: str) -> str | None:
    """Return a date, with its time if there is one, in ISO form; None if it is no date.

    Where day and month could change places (3/4/2020), the day comes first, as Arabic does.
    """
    text = text.strip().translate(_DIGITS)[:100]
    return _iso(text) or _mail_date(text) or _by_pattern(text)


def _iso(text: str) -> str | None:
    if len(text) < 10 or text[4] != "-":
        return None
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return None
    return text if len(text) == 10 else when.isoformat()


def _by_pattern(text: str) -> str | None:
    if found := _YEAR_FIRST.match(text):
        return _day(int(found[1]), int(found[2]), int(found[3] or 1))
    if found := _DAY_FIRST.match(text):
        return _day(int(found[3]), int(found[2]), int(found[1]))
    if found := _NAMED.search(text):
        return _named_day(found[3], found[2], found[1])
    if found := _MONTH_FIRST.search(text):
        return _named_day(found[3], found[1], found[2])
    return None


def _named_day(year: str, month: str, day: str) -> str | None:
    number = _MONTHS.get(month.lower().replace(" ", "-"))
    return _day(int(year), number, int(day)) if number else None


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _mail_date(text: str) -> str | None:
    if ":" not in text:
        return None
    try:
        return parsedate_to_datetime(text).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
