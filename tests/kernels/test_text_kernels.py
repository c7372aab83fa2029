"""Many texts in one buffer: their order, wildcards, near words; both makes, and plain Python."""

import fnmatch
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

SOME = settings(deadline=None, max_examples=200)

word = st.text("abكبé𐤀", max_size=6)
several = st.lists(word, max_size=30)
wild = st.text("abك*?", max_size=6)


def texts(make, strings):
    every = [s if isinstance(s, bytes) else s.encode() for s in strings]
    starts = np.cumsum([0, *map(len, every)], dtype=np.int64)
    return make.Texts(np.frombuffer(b"".join(every), np.uint8), starts)


def plain(found):
    return [text.decode() for text in found.slice(0, len(found))]


@SOME
@given(strings=several, needle=word, data=st.data())
def test_they_are_read_back_found_and_taken(make, strings, needle, data):
    mine = texts(make, strings)
    assert plain(mine) == strings
    assert [mine.get(i).decode() for i in range(len(mine))] == strings
    chosen = data.draw(st.lists(st.integers(0, len(strings) - 1))) if strings else []
    assert plain(mine.take(np.array(chosen, np.uint32))) == [strings[i] for i in chosen]
    ascending = sorted(strings)
    at = texts(make, ascending).bisect(needle.encode())
    assert all(s < needle for s in ascending[:at])
    assert all(s >= needle for s in ascending[at:])


@SOME
@given(strings=st.lists(st.binary(max_size=40) | st.sampled_from([b"a" * 16, b"a" * 17, b"\0"])))
def test_their_order(make, strings):
    order, ranks = texts(make, strings).ranked()
    assert order.dtype == ranks.dtype == np.uint32
    assert order.tolist() == sorted(range(len(strings)), key=lambda i: (strings[i], i))
    distinct = sorted(set(strings))
    assert ranks.tolist() == [distinct.index(s) for s in strings]


@SOME
@given(above=st.lists(word, min_size=1, max_size=9), data=st.data())
def test_empty_ones_are_filled_from_their_parents(make, above, data):
    mine = data.draw(several)
    parents = [data.draw(st.integers(0, len(above) - 1)) for _ in mine]
    found = texts(make, mine).filled(texts(make, above), np.array(parents, np.uint32))
    assert plain(found) == [s or above[p] for s, p in zip(mine, parents, strict=True)]


@SOME
@given(strings=several, pattern=wild, start=st.integers(-2, 9), stop=st.integers(-2, 30))
def test_wildcards_match_as_pythons_do(make, strings, pattern, start, stop):
    found = texts(make, strings).matching(pattern.encode(), start, stop)
    match = re.compile(fnmatch.translate(pattern)).match
    inside = range(max(start, 0), max(min(stop, len(strings)), 0))
    assert found.tolist() == [i for i in inside if match(strings[i])]


def distance(one, other, swaps):
    """Optimal string alignment by its definition."""
    rows = {}
    for i in range(len(one) + 1):
        for j in range(len(other) + 1):
            ways = [max(i, j)] if not i or not j else []
            if i and j:
                ways.append(rows[i - 1, j - 1] + (one[i - 1] != other[j - 1]))
                ways += [rows[i - 1, j] + 1, rows[i, j - 1] + 1]
            if swaps and i > 1 and j > 1 and one[i - 2 : i] == other[j - 2 : j][::-1]:
                ways.append(rows[i - 2, j - 2] + 1)
            rows[i, j] = min(ways)
    return rows[len(one), len(other)]


@SOME
@given(strings=several.map(sorted), near=word, limit=st.integers(0, 4), swaps=st.booleans())
def test_near_words_are_those_by_the_definition(make, strings, near, limit, swaps):
    found, distances = texts(make, strings).near(near, limit, swaps, 0, len(strings))
    every = [distance(near, s, swaps) for s in strings]
    assert found.tolist() == [i for i, far in enumerate(every) if far <= limit]
    assert distances.tolist() == [far for far in every if far <= limit]


@SOME
@given(
    strings=st.lists(st.binary(max_size=8), max_size=12).map(sorted),
    pattern=st.binary(max_size=5),
    near=st.text(max_size=4),
)
def test_no_bytes_do_harm(compiled, strings, pattern, near):
    mine = texts(compiled, strings)
    assert len(mine.matching(pattern, 0, 99)) <= len(strings)
    assert len(mine.near(near, 2, True, 0, 99)[0]) <= len(strings)


@pytest.mark.parametrize(
    ("blob", "starts"),
    [(b"ab", [0, 1]), (b"ab", [1, 2]), (b"ab", [0, 3, 2]), (b"ab", [0, 3]), (b"", [])],
)
def test_texts_that_do_not_fill_their_buffer(make, blob, starts):
    with pytest.raises(ValueError, match="buffer"):
        make.Texts(np.frombuffer(blob, np.uint8), np.array(starts, np.int64))


def test_numbers_that_are_none(make):
    mine = texts(make, ["a", ""])
    with pytest.raises(IndexError):
        mine.take(np.array([2], np.uint32))
    with pytest.raises(ValueError, match="parent"):
        mine.filled(mine, np.array([0, 2], np.uint32))
    with pytest.raises(ValueError, match="differ"):
        mine.filled(mine, np.array([0], np.uint32))
    with pytest.raises(ValueError, match="edits"):
        mine.near("a", 100, False, 0, 2)
