"""Passages of a text: both makes choose the same, and what they choose is sound."""

import itertools
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

SOME = settings(deadline=None, max_examples=300)
ROW = struct.Struct("IIdII")
CODES = 0x110000
STOPS = ".؟…"
PIECES = ["a", "bc", "كتاب", "كِتَابٌ", "مـــد", "٣", "\U00010900", "\ud800", "ﷺ", "\u064e", "x" * 60]
GAPS = [" ", "  ", "\n", "\u2003", ". ", ".", "؟ ", "… ", "، ", "", "\x1c", "." * 9, " " * 40]


@pytest.fixture(scope="session")
def tables():
    """Letters of class 2, marks of class 1, digits of class 3 that join nothing."""
    classes = np.zeros(CODES, np.uint8)
    for letter in "".join(PIECES):
        classes[ord(letter)] = 2
    classes[ord("٣")] = 3
    classes[0x64B:0x653] = 1
    joins = np.zeros((8, 8), np.uint8)
    joins[2, 2] = 1
    return classes, joins.ravel()


@st.composite
def texts(draw):
    """Of all three widths: of a few pieces and a few gaps, over and over."""
    pieces = draw(st.lists(st.sampled_from(PIECES), min_size=1, max_size=4))
    gaps = draw(st.lists(st.sampled_from(GAPS), min_size=1, max_size=4))
    pairs = st.tuples(st.sampled_from(pieces), st.sampled_from(gaps))
    return "".join(itertools.chain(*draw(st.lists(pairs, max_size=90))))


@st.composite
def finds(draw):
    """Occurrences by position, also past the text's end; few weights, so that ties are many."""
    positions = sorted(draw(st.lists(st.integers(0, 95), max_size=30)))
    rows = [
        (
            position,
            draw(st.integers(0, 5)),
            draw(st.sampled_from([0.5, 1.0, 1.0, 3.7])),
            position + draw(st.sampled_from([0, 0, 0, 1, 4])),
        )
        for position in positions
    ]
    return sorted(rows)


def packed(rows):
    return b"".join(ROW.pack(*row, 0) for row in rows)


def passages_of(make, tables, text, rows, *shape):
    [passages] = make.Quoter(*tables, STOPS).passages([text], packed(rows), *shape)
    return passages


SHAPES = st.tuples(st.integers(0, 120), st.integers(1, 16))


@SOME
@given(text=texts(), rows=finds(), shape=SHAPES)
def test_both_makes_choose_the_same(compiled, twins, tables, text, rows, shape):
    made = [passages_of(each, tables, text, rows, *shape) for each in (compiled, twins)]
    assert made[0] == made[1]


@SOME
@given(given=st.lists(st.tuples(texts(), finds()), max_size=4), shape=SHAPES)
def test_texts_do_not_meddle_with_each_other(make, tables, given, shape):
    found = b"".join(ROW.pack(*row, at) for at, (_, rows) in enumerate(given) for row in rows)
    made = make.Quoter(*tables, STOPS).passages([text for text, _ in given], found, *shape)
    assert made == [passages_of(make, tables, text, rows, *shape) for text, rows in given]


@SOME
@given(text=texts(), rows=finds(), shape=SHAPES)
def test_passages_are_sound(make, tables, text, rows, shape):
    starts, ends = (each.tolist() for each in make.Lexer(*tables).spans(text))
    passages = passages_of(make, tables, text, rows, *shape)
    assert 1 <= len(passages) <= shape[1]
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(passages))
    for begin, end, _, _, _, marks in passages:
        assert 0 <= begin <= end <= len(text)
        words = list(zip(starts, ends, strict=True))
        assert not [w for w in words if w[0] < begin < w[1] or w[0] < end < w[1]]
        ranges = [(begin + a, begin + b) for a, b in marks]
        assert all(begin <= a < b <= end for a, b in ranges)
        assert all(a[1] < b[0] for a, b in itertools.pairwise(ranges))
        for position, _, _, last in rows:
            if last < len(starts) and begin <= starts[position] and ends[last] <= end:
                assert any(a <= starts[position] and ends[last] <= b for a, b in ranges)


@SOME
@given(text=texts(), rows=finds(), shape=SHAPES)
def test_a_further_passage_shows_another_word(make, tables, text, rows, shape):
    starts = make.Lexer(*tables).spans(text)[0].tolist()
    passages = passages_of(make, tables, text, rows, *shape)
    shown = [
        {
            word
            for position, word, _, last in rows
            if last < len(starts) and b <= starts[position] < e
        }
        for b, e, *_ in passages
    ]
    assert len(passages) == 1 or all(shown)
    assert len(passages) <= 1 + len(set().union(*shown))


def test_many_matches_of_many_words(compiled, twins, tables):
    text = "كتاب bc. " * 3000
    rows = [(at, at * 7 % 41, 1 + at * 13 % 5, at) for at in range(5995)]
    made = [passages_of(each, tables, text, rows, 60, 16) for each in (compiled, twins)]
    assert made[0] == made[1]
    assert len(made[0]) > 1


def test_an_empty_text_has_an_empty_passage(make, tables):
    assert passages_of(make, tables, "", [], 220, 3) == [(0, 0, False, False, 0.0, ())]
    assert passages_of(make, tables, "", [(0, 0, 1.0, 0)], 220, 3)[0][:2] == (0, 0)


def test_a_match_that_ends_before_it_begins_is_none(make, tables):
    [passage] = passages_of(make, tables, "a a a", [(2, 0, 1.0, 1)], 9, 1)
    assert passage[5] == ()


def test_what_cannot_be_is_refused(make, tables):
    quoter = make.Quoter(*tables, "")
    for wrong in ((b"1", 9, 1), (b"", -1, 1), (b"", 9, 0), (b"", 9, 17)):
        with pytest.raises(ValueError, match="whole occurrences"):
            quoter.passages(["a"], *wrong)
    for which in ([1], [1, 0], [7]):
        found = b"".join(ROW.pack(0, 0, 1.0, 0, at) for at in which)
        with pytest.raises(ValueError, match="by text, and of those"):
            quoter.passages(["a"] * which[0], found, 9, 1)
    with pytest.raises(ValueError, match="basic plane"):
        make.Quoter(*tables, "\U00010000")
    with pytest.raises(ValueError, match="at most 7"):
        make.Quoter(tables[0] | np.uint8(8), tables[1], "")
    with pytest.raises(ValueError, match="0x110000 classes"):
        make.Quoter(tables[0][1:], tables[1], "")


@pytest.mark.parametrize("texts", [[b"a"], [None], ["a", 1]])
def test_what_is_no_text_is_refused(compiled, tables, texts):
    with pytest.raises(TypeError):
        compiled.Quoter(*tables, STOPS).passages(texts, b"", 9, 1)


@SOME
@given(
    text=st.text(max_size=30),
    edges=st.lists(st.integers(0, 30), max_size=8),
    signs=st.tuples(st.text(max_size=3), st.text(max_size=3)),
)
def test_marks_are_set_off(compiled, twins, text, edges, signs):
    ends = sorted(min(edge, len(text)) for edge in edges[: len(edges) // 2 * 2])
    marks = tuple(zip(ends[::2], ends[1::2], strict=True))
    marked = compiled.mark(text, marks, *signs)
    assert marked == twins.mark(text, marks, *signs)
    assert marked.isascii() == all(map(str.isascii, (text, *(signs if marks else ()))))


@pytest.mark.parametrize("marks", [((-1, 2),), ((2, 1),), ((0, 2), (1, 3)), ((1, 4),), ((3, 9),)])
def test_marks_that_do_not_lie_in_the_text_are_refused(make, marks):
    with pytest.raises(ValueError, match="one after another"):
        make.mark("abc", marks, "<", ">")
