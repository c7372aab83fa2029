"""Documents as lines of JSON."""

import json
from itertools import accumulate, pairwise

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


DOCUMENTS = st.lists(
    st.dictionaries(TEXTS | st.just(WRONG), TEXTS | st.just(WRONG) | st.integers(), max_size=4)
    | st.binary(min_size=1, max_size=30).map(
        lambda line: line.replace(b"\n", b" ").replace(b"\x01", b"")
    ),
    max_size=9,
)


def escaped(value):
    return json.dumps(value, separators=(",", ":")).encode()


@given(documents=DOCUMENTS, size=st.integers(1, 200))
def test_blocks_hold_the_lines_of_documents(make, documents, size):
    data, spans, firsts = make.dump_blocks(documents, size, escaped)
    lines = []
    for each in documents:
        plain = isinstance(each, dict) and all(isinstance(value, str) for value in each.values())
        lines.append(each if isinstance(each, bytes) else plain and make.dump(each, escaped))
        lines[-1] = make.squeeze(lines[-1] or (each if isinstance(each, bytes) else escaped(each)))
    edges = [*firsts.tolist(), len(documents)]
    found = [data[at : at + length] for at, length in spans.reshape(-1, 2).tolist()]
    assert b"".join(found) == data
    assert found == [b"\n".join(lines[a:b]) for a, b in pairwise(edges)]
    for first, end in pairwise(edges):
        sums = list(accumulate(len(line) + 1 for line in lines[first:end]))
        assert [total >= size for total in sums[:-1]] == [False] * (end - first - 1)
        assert sums[-1] >= size or end == len(documents)


@given(documents=DOCUMENTS, size=st.integers(1, 200))
def test_both_makes_lay_out_the_same_blocks(twins, compiled, documents, size):
    ours, theirs = (each.dump_blocks(documents, size, escaped) for each in (compiled, twins))
    assert ours[0] == theirs[0]
    for mine, other in zip(ours[1:], theirs[1:], strict=True):
        assert mine.dtype == other.dtype
        assert mine.tolist() == other.tolist()


LINES = st.binary(max_size=60).map(lambda lines: lines.replace(b"\x01", b"\n")) | st.text(
    st.characters(codec="utf-8", exclude_characters="\x01") | st.sampled_from('اكتاب«»"\n é—ی'),
    max_size=60,
).map(str.encode)


@given(lines=LINES)
def test_what_was_squeezed_is_spread_again(make, lines):
    assert make.spread(make.squeeze(lines)) == lines


@given(lines=LINES)
def test_both_makes_squeeze_and_spread_the_same(twins, compiled, lines):
    assert compiled.squeeze(lines) == twins.squeeze(lines)
    for forged in (lines, lines.replace(b"\n", b"\x01")):
        assert compiled.spread(forged) == twins.spread(forged)


def test_a_letter_takes_a_byte(make):
    assert make.squeeze('{"ا":"قال: «نعم» é"}'.encode()) == (
        b'{"\xa7":"\xc2\xa7\xc4: \x01\xc2\xab\x01\xc6\xb9\xc5\x01\xc2\xbb \xc3\xa9"}'
    )


def test_a_line_with_a_control_character_is_refused(make):
    for use in (lambda: make.squeeze(b"a\x01"), lambda: make.dump_blocks([b"\x01"], 1, escaped)):
        with pytest.raises(ValueError, match="control characters"):
            use()


def test_what_others_raise_of_a_document_is_raised(make):
    with pytest.raises(TypeError):
        make.dump_blocks([{"a": "b"}, {"a": object()}], 10, escaped)


@pytest.mark.parametrize(
    ("document", "size"),
    [
        ({}, 0),
        ({"a": "كتاب", "b": ""}, 4),
        ({"a": "x", "c": "x"}, -1),
        ({"a": 1}, -1),
        ({1: "a"}, -1),
    ],
)
def test_the_size_of_texts(make, document, size):
    assert make.text_size(document, frozenset("ab")) == size
