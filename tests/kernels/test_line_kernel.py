"""Documents as lines of JSON: those of the standard library, or none."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

SOME = settings(deadline=None, max_examples=200)

text = st.text('a"\\\n\r\t\b\f\x00\x1f\x7fébكتاب\u2028\uffff😀\ud800', max_size=9) | st.text(
    max_size=9
)
value = text | st.integers() | st.booleans() | st.none()
other = st.floats() | st.lists(text) | st.dictionaries(text, text) | st.just(b"a")


@SOME
@given(document=st.dictionaries(text, value | other, max_size=5))
def test_both_makes_write_the_same(compiled, twins, document):
    assert compiled.line_of(document) == twins.line_of(document)


@SOME
@given(document=st.dictionaries(text, value, max_size=5))
def test_a_line_is_that_of_the_standard_library(make, document):
    line = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    try:
        expected = line.encode()
    except UnicodeEncodeError:
        expected = None
    assert make.line_of(document) == expected


class Name(str):
    """A str that is more than one."""


@pytest.mark.parametrize(
    "document", [{1: "a"}, {"a": 1.5}, {"a": []}, {"a": Name("b")}, {Name("a"): 1}]
)
def test_what_is_not_plain_is_left(make, document):
    assert make.line_of(document) is None


def test_a_long_line(make):
    document = {"a": "ب\n" * 100_000, "b": 10**30}
    assert json.loads(make.line_of(document)) == document
