"""Blocks of 128 integers: both makes write the same words and read them back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

SOME = settings(deadline=None, max_examples=80)
HIGHEST = 2**32 - 1


def block(draw):
    """A block of some width, with a base, that may ascend."""
    width, base = draw(st.integers(0, 32)), draw(st.sampled_from([0, 1, 2**31, HIGHEST]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    values = rng.integers(0, 2**width, 128, dtype=np.uint64)
    if draw(st.booleans()):
        values = np.cumsum(values)
    return np.minimum(values + np.uint64(base), HIGHEST).astype(np.uint32)


@st.composite
def values(draw):
    count = draw(st.integers(0, 5))
    return np.concatenate([np.empty(0, np.uint32), *(block(draw) for _ in range(count))])


def plain(directory, data, index):
    """The value at an index, by the letter of the layout: bit by bit."""
    (base, mark), (_, after) = directory[index // 128 : index // 128 + 2].tolist()
    first, width, place = mark >> 1, (after >> 1) - (mark >> 1), index % 128
    begin = 0 if mark & 1 else place  # deltas are summed from the block's beginning
    return (base + sum(residue(data, first, width, i) for i in range(begin, place + 1))) % 2**32


def residue(data, first, width, i):
    value = 0
    for j in range(width):
        bit = (i // 4) * width + j
        value |= (int(data[first + bit // 32, i % 4]) >> bit % 32 & 1) << j
    return value


@SOME
@given(values=values())
def test_both_makes_pack_the_same(compiled, twins, same, values):
    same(compiled.pack(values), twins.pack(values))


@SOME
@given(values=values(), data=st.data())
def test_what_was_packed_is_unpacked(make, column, values, data):
    start = data.draw(st.integers(0, len(values)))
    stop = data.draw(st.integers(start, len(values)))
    directory, words, _ = column(values)
    found = make.unpack(directory, words, start, stop)
    assert found.dtype == np.uint32
    np.testing.assert_array_equal(found, values[start:stop])


@SOME
@given(values=values(), data=st.data())
def test_the_layout_is_as_written(column, values, data):
    directory, words, count = column(values)
    for _ in range(5 if count else 0):
        index = data.draw(st.integers(0, count - 1))
        assert plain(directory, words, index) == values[index]


def test_a_block_takes_the_narrower_encoding(make):
    steps = np.arange(0, 128 * 7, 7, dtype=np.uint32)
    rows, words = make.pack(np.concatenate([steps, steps[::-1], steps * 0 + 5]))
    assert rows.tolist() == [[0, 1], [0, 2 * 3], [5, 2 * 13]]
    assert words.shape == (13, 4)


@SOME
@given(
    directory=arrays(np.uint32, st.tuples(st.integers(0, 4), st.just(2))),
    data=arrays(np.uint32, st.tuples(st.integers(0, 70), st.just(4))),
    start=st.integers(0, 600),
    size=st.integers(0, 600),
)
def test_any_bytes_unpack_alike(compiled, twins, directory, data, start, size):
    directory[:, 1] %= 200  # else hardly a block lies inside the data
    first = compiled.unpack(directory, data, start, start + size)
    second = twins.unpack(directory, data, start, start + size)
    assert (first is None) == (second is None)
    if first is not None:
        np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize(("start", "stop"), [(-1, 5), (-200, -100), (5, 4), (2**62, 0)])
def test_a_range_that_is_none_is_refused(make, column, start, stop):
    directory, data, _ = column(range(10))
    with pytest.raises(ValueError, match="forwards"):
        make.unpack(directory, data, start, stop)


@pytest.mark.parametrize("stop", [129, 2**40, 2**62])
def test_a_range_beyond_the_column_is_damage(make, column, stop):
    directory, data, _ = column(range(10))
    assert make.unpack(directory, data, 0, stop) is None


def test_other_shapes_are_refused(make, column):
    directory, data, _ = column(range(10))
    for parts in ((directory.reshape(1, 4), data), (directory, data.reshape(-1, 2))):
        with pytest.raises(ValueError, match="rows of two and of four"):
            make.unpack(*parts, 0, 1)
    with pytest.raises(ValueError, match="whole blocks"):
        make.pack(np.zeros(127, np.uint32))
