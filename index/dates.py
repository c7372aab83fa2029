"""Dates as they are written in data: ISO 8601, or day first as in Arab countries."""

from __future__ import annotations

import datetime as dt
import re

from ..errors import SchemaError

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_SEPARATOR = r"[-/.]"
_YEAR_FIRST = re.compile(rf"(\d{{4}})(?:({_SEPARATOR})(\d\d?)(?:\2(\d\d?)(?:[T ]+(.+))?)?)?")
_DAY_FIRST = re.compile(rf"(\d\d?)({_SEPARATOR})(\d\d?)\2(\d{{4}})(?:[T ]+(.+))?")


def looks_like_date(text: str) -> bool:
    """Whether a string is a date of a month or a day, rather than a number or a word."""
    if not 7 <= len(text) <= 40 or not text[0].isdigit():
        return False
    try:
        instant(text)
    except SchemaError:
        return False
    return True


def instant(value: object) -> int:
    """A date as microseconds since 1970-01-01 UTC.

    Args:
        value: a date, a datetime, or text: a year, a month or a day, year first (2017-03-05,
            2017/3/5) or day first (5/3/2017), in any digits, with or without a time; without
            a zone, UTC.

    Raises:
        SchemaError: if it is none of these.
    """
    if isinstance(value, dt.datetime):
        moment = value
    elif isinstance(value, dt.date):
        moment = dt.datetime(value.year, value.month, value.day)
    elif isinstance(value, str):
        moment = _parse(value.strip())
    else:
        raise SchemaError(f"{value!r} is not a date")
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return (moment - _EPOCH) // dt.timedelta(microseconds=1)


def _parse(text: str) -> dt.datetime:
    try:
        if match := _YEAR_FIRST.fullmatch(text):
            year, _, month, day, time = match.groups()
        elif match := _DAY_FIRST.fullmatch(text):
            day, _, month, year, time = match.groups()
        else:
            raise ValueError("write it as 2017-03-05 or 2017-03-05T21:43+01:00")
        date = dt.date(int(year), int(month or 1), int(day or 1))
        clock = dt.time.fromisoformat(time.replace(" ", "")) if time else dt.time()
        return dt.datetime.combine(date, clock)
    except ValueError as error:
        raise SchemaError(f"{text[:60]!r} is not a date: {error}") from error
