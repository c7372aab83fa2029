"""Stretches of time as people name them: a year, a month, a day, a minute; also of the Hijra.

A Hijri date ends in هـ (or AH). Within 1343–1500 the calendar is that of Umm al-Qura, by the
package `hijridate`; outside of it the tabular one, whose leap years are 2, 5, 7, 10, 13, 16,
18, 21, 24, 26 and 29 of each thirty.
"""

from __future__ import annotations

import datetime as dt
import re
from calendar import isleap, monthrange

from ..errors import SchemaError
from ..index.dates import instant

UMM_AL_QURA = range(1343, 1501)

_MICROSECOND = dt.timedelta(microseconds=1)
_EPOCH = dt.datetime(1970, 1, 1)
_LAST = (dt.datetime.max - _EPOCH) // _MICROSECOND
_HIJRI = re.compile(r"([\d/.-]+)\s*(?:هـ*|AH)")
_YEAR_FIRST = re.compile(r"(\d{3,4})(?:[-/.](\d\d?)(?:[-/.](\d\d?))?)?")
_DAY_FIRST = re.compile(r"(?:(\d\d?)[-/.])?(\d\d?)[-/.](\d{3,4})")
_TABULAR_EPOCH = 227_014  # the proleptic Gregorian ordinal of the day before 1 Muharram 1


def period(text: str) -> tuple[int, int]:
    """The first instant of a stretch of time, and the first after it.

    Args:
        text: 2016, 2016-05, 2016-05-09, 9/5/2016, 2016-05-09T21:43, 1437هـ, 1437-08هـ,
            2/8/1437هـ; in any digits.

    Returns:
        Microseconds since 1970 UTC.

    Raises:
        SchemaError: for any other text.
    """
    text = text.strip()
    if match := _HIJRI.fullmatch(text):
        return _hijri(match[1])
    found = _year_first(text) or _day_first(text)
    if found is None:
        start = instant(text)
        return start, start + 60_000_000
    try:
        return _of_days(*_gregorian(*found))
    except (ValueError, OverflowError) as error:
        raise SchemaError(f"{text} is not a date: {error}") from None


def written(moment: int) -> str:
    """An instant as `period` reads it: a day, or a day and a time."""
    then = _EPOCH + dt.timedelta(microseconds=moment)
    return then.isoformat() if then.time() != dt.time() else then.date().isoformat()


Date = tuple[int, int | None, int | None]


def _year_first(text: str) -> Date | None:
    match = _YEAR_FIRST.fullmatch(text)
    return None if match is None else (int(match[1]), _maybe(match[2]), _maybe(match[3]))


def _day_first(text: str) -> Date | None:
    match = _DAY_FIRST.fullmatch(text)
    return None if match is None else (int(match[3]), int(match[2]), _maybe(match[1]))


def _maybe(digits: str | None) -> int | None:
    return None if digits is None else int(digits)


def _gregorian(year: int, month: int | None, day: int | None) -> tuple[int, int]:
    """The ordinals of the first day and of the day after the last."""
    first = dt.date(year, month or 1, day or 1).toordinal()
    if day is not None:
        return first, first + 1
    days = monthrange(year, month)[1] if month is not None else 365 + isleap(year)
    return first, first + days


def _hijri(text: str) -> tuple[int, int]:
    found = _year_first(text) or _day_first(text)
    if found is None:
        raise SchemaError(f"{text[:60]!r} is not a Hijri date: write it as 1437-08-02هـ")
    year, month, day = found
    if not (1 <= year <= 9600 and 1 <= (month or 1) <= 12):
        raise SchemaError(f"{text[:60]!r} is not a Hijri date")
    first = first_of_hijri_month(year, month or 1)
    if month is None:
        return _of_days(first, first_of_hijri_month(year + 1, 1))
    end = first_of_hijri_month(*((year, month + 1) if month < 12 else (year + 1, 1)))
    if day is None:
        return _of_days(first, end)
    # a sighting may give any month 30 days; the tables of Umm al-Qura give a few 31
    if not 1 <= day <= max(30, end - first):
        raise SchemaError(f"{text[:60]!r} is not a Hijri date")
    return _of_days(first + day - 1, first + day)


def first_of_hijri_month(year: int, month: int) -> int:
    """The proleptic Gregorian ordinal of the first day of a Hijri month."""
    if year in UMM_AL_QURA:
        from hijridate import Hijri

        return Hijri(year, month, 1).to_gregorian().toordinal()
    leaps = (11 * year + 3) // 30
    return _TABULAR_EPOCH + 354 * (year - 1) + leaps + 29 * (month - 1) + month // 2 + 1


def _of_days(first: int, end: int) -> tuple[int, int]:
    epoch, day = _EPOCH.toordinal(), 86_400_000_000
    return (first - epoch) * day, min((end - epoch) * day, _LAST)
