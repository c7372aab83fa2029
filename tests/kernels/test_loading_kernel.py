"""Documents from lines of JSON: what was dumped comes back, and nothing else comes."""

import json
from array import array

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

LETTERS = st.characters(codec="utf-8")
FEW = st.sampled_from('ا"\\\n\t/bu {}[]:,—ﷺ\x7f\x80\u07ff\u0800\uffff\x01😀ء')
TEXTS = st.text(LETTERS, max_size=40) | st.text(FEW, max_size=300)
VALUES = st.recursive(
    TEXTS | st.integers() | st.none() | st.booleans() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)
DOCUMENTS = st.dictionaries(TEXTS, VALUES, max_size=5)
SOME = settings(deadline=None, max_examples=300)


def encoded(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def loaded(make, line, before=b"", after=b""):
    """What `load` gives of a squeezed line."""
    return make.load(before + line + after, len(before), len(before) + len(line), json.loads)


def simple(value):
    """Whether a text or name is one that `load` takes."""
    return not any(
        letter > "\uffff" or (letter < " " and letter not in "\b\t\n\f\r") for letter in value
    )


@SOME
@given(document=DOCUMENTS, around=st.sampled_from([b"", b"\n", b'"', b":", b"}", b"\x80"]))
def test_what_was_dumped_comes_back(make, document, around):
    found = loaded(make, make.squeeze(make.dump(document, encoded)), around, around)
    taken = [*document, *(value for value in document.values() if isinstance(value, str))]
    assert found == document or (found is None and not all(map(simple, taken)))


@SOME
@given(document=st.dictionaries(TEXTS, TEXTS, max_size=4), data=st.data())
def test_a_damaged_line_is_refused_or_read_as_it_stands(make, document, data):
    line = bytearray(make.squeeze(make.dump(document, encoded)))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(line) - 1))
        line[at] = data.draw(
            st.sampled_from([*b'"\\{}:,n\n\x00\x01\x1f \x80\xbf\xc0\xd8\xe0\xed\xf0\xff'])
        )
    try:
        found = loaded(make, bytes(line))
    except ValueError:
        return
    assert found is None or found == json.loads(make.spread(bytes(line)))


@given(text=st.text(FEW, max_size=400).filter(simple))
@SOME
def test_texts_of_any_length_are_taken(compiled, text):
    document = {"a": text, "b": text[1:], text: "c", "d": [text]}
    assert loaded(compiled, compiled.squeeze(encoded(document))) == document


@pytest.mark.parametrize(
    "wrong",
    [
        *(b"\x80", b"\xc3", b"\xc0\x80", b"\xc1\xbf", b"\xe0\x80\x80", b"\xe0\x9f\xbf"),
        *(b"\xed\xa0\x80", b"\xe2\x80", b"\xd8\xd8\xa7", b"\xd8\xa7\xa7", b"\xf4\x90\x80\x80"),
        *(b"\xff", b"\x1f", b"\\x", b"\\"),
    ],
)
@pytest.mark.parametrize("around", [b"", b"a" * 127, b"\xa7" * 64, b"\x01\xe2\x80\x94\x01"])
def test_what_is_no_text_is_refused(make, wrong, around):
    line = b'{"a":"' + around + b"\x01" + wrong + b"\x01" + around + b'"}'
    assert loaded(make, line) is None


@pytest.mark.parametrize(
    "line",
    [
        *(b"", b"{", b"}", b"[]", b"{}}", b"null", b'{"a"}', b'{"a":"b"', b'{"a":"b",}', b"{1:2}"),
        *(
            b'{"a":"b" }',
            b' {"a":"b"}',
            b'{"a" :"b"}',
            b'{"a":"b"}}',
            b'{,"a":"b"}',
            b'{"a":"b""c":"d"}',
        ),
    ],
)
def test_what_is_no_document_as_it_is_dumped_is_refused(make, line):
    assert loaded(make, line) is None


def test_what_others_raise_is_raised(compiled):
    with pytest.raises(ValueError, match="Expecting value"):
        loaded(compiled, b'{"a":x}')


def test_a_line_lies_in_its_data(make):
    for start, stop in ((-1, 1), (2, 1), (0, 3)):
        with pytest.raises(ValueError, match="lies in its data"):
            make.load(b"{}", start, stop, json.loads)


@given(lines=st.lists(st.binary(max_size=5), min_size=1, max_size=6), number=st.integers(-2, 40))
def test_lines_are_found(compiled, twins, lines, number):
    data = b"\n".join(lines)
    found = compiled.find_line(data, number)
    assert found == twins.find_line(data, number)
    start, stop, count = found
    assert count == data.count(b"\n") + 1
    assert data[start:stop] == (data.split(b"\n")[number] if 0 <= number < count else b"")


@given(firsts=st.lists(st.integers(0, 30), max_size=8), documents=st.integers(0, 40))
def test_blocks_are_found(compiled, twins, firsts, documents):
    column = memoryview(array("I", sorted(firsts)))
    ends = memoryview(array("Q", [7 * each for each in firsts]))
    sizes = memoryview(array("I", [each + 100 for each in firsts]))
    made = [make.Blocks(column, ends, sizes, documents) for make in (compiled, twins)]
    for block in range(len(firsts)):
        start = 7 * firsts[block - 1] if block else 0
        assert [each.place(block) for each in made] == [
            (start, 7 * firsts[block], sizes[block])
        ] * 2
    for each in made:
        with pytest.raises(IndexError):
            each.place(len(firsts))
    for doc in range(-1, 42):
        assert made[0].find(doc) == made[1].find(doc)
        block, first, _ = made[0].find(doc)
        assert block + 1 == sum(each <= doc for each in firsts)
        assert block < 0 or first == sorted(firsts)[block]
