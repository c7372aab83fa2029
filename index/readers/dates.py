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
_NAMED: Final = re.compile(r"(\d{1,2})\s+([^\W\d]+(?:[ -]ال[^\W\d]+)?)[\s,،/]+(\d{4})")


def iso_date(text: str) -> str | None:
    """Return a date, with its time if there is one, in ISO form; None if it is no date.

    Where day and month could change places (3/4/2020), the day comes first, as Arabic does.
    """
    text = text.strip().translate(_DIGITS)[:100]
    return _iso(text) or _mail_date(text) or _by_pattern(text)


def _iso(text: str) -> str | None:
    if not re.match(r"\d{4}-\d\d", text):
        return None
    try:
        return datetime.fromisoformat(text).isoformat() if len(text) > 10 else _day(*_ymd(text))
    except ValueError:
        return None


def _ymd(text: str) -> tuple[int, int, int]:
    year, month, day = (*text.split("-"), "1")[:3]
    return int(year), int(month), int(day)


def _by_pattern(text: str) -> str | None:
    if found := _YEAR_FIRST.match(text):
        return _day(int(found[1]), int(found[2]), int(found[3] or 1))
    if found := _DAY_FIRST.match(text):
        return _day(int(found[3]), int(found[2]), int(found[1]))
    if found := _NAMED.search(text):
        month = _MONTHS.get(found[2].lower().replace(" ", "-"))
        return _day(int(found[3]), month, int(found[1])) if month else None
    return None


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
