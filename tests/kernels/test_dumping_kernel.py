"""Documents as lines of JSON."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

TEXTS = st.text(st.characters(codec="utf-8"), max_size=40) | st.text(
    '"\\\n\t\x00\x1f\x7fا', max_size=9
)
WRONG = "lone \ud800"


def encoded(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


@given(document=st.dictionaries(TEXTS, TEXTS | st.integers() | st.lists(TEXTS, max_size=3)))
def test_a_line_is_what_json_makes_of_it(make, document):
    assert make.dump(document, encoded) == encoded(document)


def test_long_texts(make):
    text = "\x01" * 3000 + "ا" * 5000 + "\U0001f600" * 1000 + "\uffff"
    document = {"a": text, text: "b", "c": 1.5}
    assert make.dump(document, encoded) == encoded(document)


@pytest.mark.parametrize("document", [{1: "a"}, {None: 1}, {"a": WRONG}, {WRONG: "a"}])
def test_what_is_not_utf8_or_not_named_is_left_to_others(make, document):
    assert make.dump(document, encoded) is None


def test_what_others_raise_is_raised(make):
    with pytest.raises(TypeError):
        make.dump({"a": "b", "c": object()}, encoded)
