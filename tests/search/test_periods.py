"""Stretches of time, of both calendars."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from kashaf.errors import SchemaError
from kashaf.search.periods import first_of_hijri_month, period, written

hijridate = pytest.importorskip("hijridate")


def days(text):
    return tuple(written(moment) for moment in period(text))


@pytest.mark.parametrize(
    ("text", "first", "end"),
    [
        ("2016", "2016-01-01", "2017-01-01"),
        ("٢٠١٦", "2016-01-01", "2017-01-01"),
        ("2016-02", "2016-02-01", "2016-03-01"),
        ("2016-12", "2016-12-01", "2017-01-01"),
        ("2016-02-29", "2016-02-29", "2016-03-01"),
        ("29/2/2016", "2016-02-29", "2016-03-01"),
        ("2/2016", "2016-02-01", "2016-03-01"),
        ("2016-05-09T21:43", "2016-05-09T21:43:00", "2016-05-09T21:44:00"),
        ("1437هـ", "2015-10-14", "2016-10-02"),
        ("1437-08هـ", "2016-05-08", "2016-06-06"),
        ("٢/٨/١٤٣٧هـ", "2016-05-09", "2016-05-10"),
        ("1437 AH", "2015-10-14", "2016-10-02"),
    ],
)
def test_periods(text, first, end):
    assert days(text) == (first, end)


@pytest.mark.parametrize(
    "text", ["", "أمس", "2016-13", "30/2/2016", "0", "1437-13هـ", "99999هـ", "x هـ"]
)
def test_what_is_no_period(text):
    with pytest.raises(SchemaError):
        period(text)


@settings(max_examples=1000, deadline=None)
@given(st.dates(dt.date(1924, 8, 1), dt.date(2077, 11, 16)))
@example(dt.date(1926, 12, 6))  # the 31st of a month, as the tables have it
def test_the_hijra_against_hijridate(day):
    hijri = hijridate.Gregorian.fromdate(day).to_hijri()
    text = f"{hijri.year}-{hijri.month}-{hijri.day}هـ"
    assert days(text) == (day.isoformat(), (day + dt.timedelta(1)).isoformat())


def test_hijri_months_follow_one_another():
    odd = {  # 1342-12: where the two calendars meet; the others: as the old tables have them
        (1342, 12): 28, (1343, 9): 28, (1345, 5): 31, (1345, 8): 28, (1348, 11): 31,
        (1348, 12): 28, (1349, 10): 28, (1349, 11): 31, (1364, 8): 28,
    }  # fmt: skip
    firsts = [(y, m, first_of_hijri_month(y, m)) for y in range(1, 9001) for m in range(1, 13)]
    for (year, month, first), (_, _, end) in pairwise(firsts):
        length = odd.get((year, month))
        assert end - first == length if length else end - first in (29, 30), (year, month)


def test_the_first_day_of_the_hijra():
    assert dt.date.fromordinal(first_of_hijri_month(1, 1)) == dt.date(622, 7, 19)
