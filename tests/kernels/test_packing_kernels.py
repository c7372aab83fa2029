"""Blocks of 128 integers: both makes write the same words and read them back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

SOME = settings(deadline=None, max_examples=80)
HIGHEST = 2**32 - 1


def block(draw):
    """A block of some width, with a base, that may ascend; with exceptions, or without."""
    width, base = draw(st.integers(0, 32)), draw(st.sampled_from([0, 1, 2**31, HIGHEST]))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    values = rng.integers(0, 2**width, 128, dtype=np.uint64)
    if draw(st.booleans()):
        values = np.cumsum(values)
    made = np.minimum(values + np.uint64(base), HIGHEST)
    others = draw(st.sampled_from([0, 0, 1, 5, 30, 70]))
    made[rng.integers(0, 128, others)] = rng.integers(0, 2 ** draw(st.integers(0, 32)), others)
    if draw(st.booleans()):  # falls back, as documents do where a group ends
        made = np.roll(made, draw(st.integers(0, 127)))
    return made.astype(np.uint32)


@st.composite
def values(draw):
    count = draw(st.integers(0, 5))
    return np.concatenate([np.empty(0, np.uint32), *(block(draw) for _ in range(count))])


def plain(directory, data, index):
    """The value at an index, by the letter of the layout: bit by bit."""
    (base, mark), (_, after) = directory[index // 128 : index // 128 + 2].tolist()
    words, place = data[mark >> 2 : after >> 2].tolist(), index % 128
    delta, patched = mark & 1, mark & 2
    begin = 0 if delta else place  # deltas are summed from the block's beginning
    width, high_parts = head_of(words, delta) if patched else (len(words) // 4, {})
    lanes = words[len(words) - 4 * width :]
    stored = (
        residue(lanes, width, i) + (high_parts.get(i, 0) << width) for i in range(begin, place + 1)
    )
    return (base + sum(stored)) % 2**32


def head_of(words, delta):
    """The width of a patched block, and the high part of each exception."""
    stream = [word >> bit & 1 for word in words for bit in range(32)]

    def number(size):
        found = sum(bit << i for i, bit in enumerate(stream[:size]))
        del stream[:size]
        return found

    width, count, size = number(5), number(6), number(5)
    parts = {}
    for _ in range(count):
        place, part = number(7), number(size)
        parts[place] = part - 2**size if delta and part >> size - 1 else part
    return width, parts


def residue(lanes, width, i):
    value = 0
    for j in range(width):
        bit = (i // 4) * width + j
        value |= (lanes[4 * (bit // 32) + i % 4] >> bit % 32 & 1) << j
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


def test_a_block_takes_the_shortest_encoding(make):
    steps = np.arange(0, 128 * 7, 7, dtype=np.uint32)
    one_high = np.where(steps == 70, 5 + 2**20, 5).astype(np.uint32)
    one_descent = np.where(steps < 70, steps + 1000, steps).astype(np.uint32)
    rows, words = make.pack(
        np.concatenate([steps, steps[::-1], steps * 0 + 5, one_high, one_descent])
    )
    # widths 3 and 10 and 0; a head and one exception of 7 + 21 bits; one of 7 + 9 bits more
    starts = [0, 12, 52, 52, 54]
    patched_deltas = [1, 0, 0, 2, 3]
    assert rows[:, 0].tolist() == [0, 0, 5, 5, 1000]
    assert rows[:, 1].tolist() == [4 * s + m for s, m in zip(starts, patched_deltas, strict=True)]
    assert len(words) == 54 + 1 + 12


@SOME
@given(
    directory=arrays(np.uint32, st.tuples(st.integers(0, 4), st.just(2))),
    data=arrays(np.uint32, st.integers(4, 280)),
    start=st.integers(0, 600),
    size=st.integers(0, 600),
)
def test_any_bytes_unpack_alike(compiled, twins, directory, data, start, size):
    directory[:, 1] %= 800  # else hardly a block lies inside the data
    first = compiled.unpack(directory, data, start, start + size)
    second = twins.unpack(directory, data, start, start + size)
    assert (first is None) == (second is None)
    if first is not None:
        np.testing.assert_array_equal(first, second)


@SOME
@given(values=values(), seed=st.integers(0, 2**32))
def test_spoilt_blocks_unpack_alike(compiled, twins, column, values, seed):
    directory, data, count = column(values)
    rng = np.random.default_rng(seed)
    starts = directory[:, 1] >> 2
    for _ in range(3):
        if rng.random() < 0.3:
            directory[rng.integers(len(directory)), 1] ^= 1 << rng.integers(5)
        else:  # most of all the head of a patched block
            near = rng.choice(starts) + rng.integers(2)
            data[near] ^= 1 << rng.integers(32)
    first, second = (make.unpack(directory, data, 0, count) for make in (compiled, twins))
    assert (first is None) == (second is None)
    if first is not None:
        np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize(
    "head",
    [
        0 | 1 << 5 | 0 << 11,  # no high part
        0 | 1 << 5 | 26 << 11,  # one too wide for an entry of 32 bits
        0 | 2 << 5 | 9 << 11,  # more exceptions than there are words
        1 | 1 << 5 | 9 << 11,  # lanes that are not there
        31 | 63 << 5 | 25 << 11,
    ],
)
def test_a_head_that_cannot_be_is_damage(make, head):
    directory = np.array([[0, 2], [0, 4]], np.uint32)
    data = np.zeros(1 + 4, np.uint32)
    data[0] = 0 | 1 << 5 | 9 << 11 | 5 << 16 | 3 << 23
    assert make.unpack(directory, data, 0, 7).tolist() == [0, 0, 0, 0, 0, 3, 0]
    data[0] = head
    assert make.unpack(directory, data, 0, 7) is None
    directory[1, 1] = 0  # a patched block without a head
    assert make.unpack(directory, data, 0, 7) is None


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
    for parts in ((directory.reshape(1, 4), data), (directory, data[:3])):
        with pytest.raises(ValueError, match="rows of two, and padding"):
            make.unpack(*parts, 0, 1)
    with pytest.raises(ValueError, match="whole blocks"):
        make.pack(np.zeros(127, np.uint32))
