"""JSON is read as the module `json` reads it."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kashaf.storage import parse_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(VALUES, st.booleans())
def test_what_was_written_is_read(value, ascii):
    assert parse_json(json.dumps(value, ensure_ascii=ascii)) == value


def test_what_is_no_number_is_read_too():
    assert math.isnan(parse_json("NaN"))
    assert parse_json("[Infinity,-Infinity]") == [math.inf, -math.inf]


@pytest.mark.parametrize("text", ["", "[", "[1,]", '"a', "nope", "[1]x", " 1", "1 ", "-", "{1:2}"])
def test_what_is_no_json(text):
    with pytest.raises(ValueError):
        parse_json(text)


def test_what_is_too_deep():
    with pytest.raises(RecursionError):
        parse_json("[" * 200_000)
