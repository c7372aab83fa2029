"""A packed column of a file: random access, pages checked when touched, damage blamed."""

from array import array

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

SOME = settings(deadline=None, max_examples=100)
PAGE = 1 << 14


class Pages:
    """A file of two columns, directory and data; notes which bytes were checked."""

    def __init__(self, size):
        self.buffer = memoryview(bytes(size))
        self.verified = np.zeros((size + PAGE - 1) // PAGE, np.uint8)

    def verify(self, start, stop):
        assert 0 <= start < stop <= len(self.buffer)
        self.verified[start // PAGE : (stop + PAGE - 1) // PAGE] = 1


def opened(make, directory, data, count, below=2**32):
    pages = Pages(directory.nbytes + data.nbytes)
    return make.Packed(directory, data, count, pages, 0, directory.nbytes, below), pages


def outcome(call):
    """What a call gives, its array as a list, or what it says."""
    try:
        found = call()
    except ValueError as error:
        return str(error)
    return found.tolist() if isinstance(found, np.ndarray | array) else found


@st.composite
def values(draw, most=700):
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    made = rng.integers(0, 2 ** draw(st.integers(0, 32)), draw(st.integers(0, most)))
    if draw(st.booleans()):
        made.sort()
    others = draw(st.integers(0, 20)) if len(made) else 0
    made[rng.integers(0, len(made), others)] = rng.integers(0, 2**32, others)
    return made


@SOME
@given(values=values(), data=st.data())
def test_values_are_read_back(make, column, values, data):
    packed, _ = opened(make, *column(values))
    start = data.draw(st.integers(0, len(values)))
    stop = data.draw(st.integers(start, len(values)))
    found = packed.slice(start, stop)
    assert found.dtype == np.uint32
    assert found.tolist() == values[start:stop].tolist()
    assert packed.slice().tolist() == values.tolist()
    assert [packed.item(at) for at in range(start, stop)] == found.tolist()
    assert packed.items(list(range(start, stop))[::-1]) == found.tolist()[::-1]
    assert packed.values(start, stop).tolist() == found.tolist()
    assert [packed.pair(at) for at in range(start, stop - 1)] == [
        *zip(found[:-1].tolist(), found[1:].tolist(), strict=True)
    ]


@SOME
@given(values=values(), cells=st.lists(st.tuples(st.floats(0, 0.99), st.integers(0, 2**32 - 1))))
def test_damage_is_blamed_alike(compiled, twins, column, values, cells):
    directory, data, count = column(values)
    for at, value in cells:
        directory.flat[int(at * directory.size)] = value % 800
        data[int(at * data.size)] ^= value
    pair = [opened(make, directory, data, count, 2**20)[0] for make in (compiled, twins)]
    for call in (
        lambda packed: packed.slice(),
        lambda packed: packed.slice(count // 2),
        lambda packed: packed.values(0, count),
        lambda packed: packed.item(count // 2),
        lambda packed: packed.pair(count - 2),
    ):
        first, second = (outcome(lambda each=each, call=call: call(each)) for each in pair)
        assert first == second


@SOME
@given(
    st.lists(
        st.tuples(st.integers(0, 2**32 - 1), st.sampled_from([0, 0.1, 1.2]), st.integers(0, 3))
    )
)
def test_both_makes_tally_alike(compiled, twins, rows):
    counts, weights, classes = zip(*rows, strict=True) if rows else ((), (), ())
    given = array("I", counts), array("f", weights), bytes(classes), [1.2, 1.0, 0.9, 0.2]
    assert compiled.tally(*given) == twins.tally(*given)


def test_a_tally_of_other_sizes_is_refused(make):
    one, whole = array("f", [1.0]), [1.0]
    for counts, classes, wholes in (
        ([], b"\0", whole),
        ([1], b"\1", whole),
        ([1], b"\0", [1.0] * 17),
    ):
        with pytest.raises(ValueError):
            make.tally(array("I", counts), one, classes, wholes)


def test_only_touched_pages_are_checked(make, column):
    rng = np.random.default_rng(0)
    values = rng.integers(0, 2**32, 40_000, dtype=np.uint32)
    packed, pages = opened(make, *column(values))
    assert packed.item(0) == values[0]
    assert pages.verified.tolist() == [1] + [0] * (len(pages.verified) - 1)
    packed.touch(39_999, 40_000)
    assert pages.verified.sum() == 2
    assert (packed.slice() == values).all()
    assert pages.verified.all()


@pytest.mark.parametrize(
    "call",
    [
        lambda packed: packed.item(-1),
        lambda packed: packed.item(300),
        lambda packed: packed.items([0, 300]),
        lambda packed: packed.item(2**63 - 1),
        lambda packed: packed.pair(299),
        lambda packed: packed.slice(-1, 5),
        lambda packed: packed.slice(7, 5),
        lambda packed: packed.slice(0, 301),
        lambda packed: packed.slice(301, 301),
        lambda packed: packed.touch(299, 301),
    ],
)
def test_a_range_outside_is_blamed(make, column, call):
    packed, _ = opened(make, *column(range(300)))
    with pytest.raises(ValueError, match="expected a range within 300 values, found"):
        call(packed)


def test_a_value_too_high_is_blamed(make, column):
    packed, _ = opened(make, *column(range(300)), below=200)
    assert packed.item(199) == 199
    for call in (lambda: packed.item(200), lambda: packed.pair(199), lambda: packed.slice(5, 201)):
        with pytest.raises(ValueError, match="expected values below 200, found 200"):
            call()


def test_a_subclass_has_its_own_blame(make, column):
    class Mine(make.Packed):
        def blame(self, expected, found):
            raise LookupError(expected, found)

    directory, data, count = column(range(300))
    mine = Mine(directory, data, count, Pages(10**5), 0, directory.nbytes)
    with pytest.raises(LookupError):
        mine.item(300)
    assert [each.tolist() for each in mine.parts()[:2]] == [directory.tolist(), data.tolist()]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"count": -1}, "number of blocks"),
        ({"count": 128}, "number of blocks"),
        ({"count": 2**62}, "number of blocks"),
        ({"directory_at": -8}, "outside the pages"),
        ({"data_at": -1}, "outside the pages"),
        ({"directory_at": PAGE}, "outside the pages"),
        ({"data_at": PAGE}, "outside the pages"),
        ({"data": np.empty(3, np.uint32)}, "rows of two, and padding"),
        ({"directory": np.zeros((4, 4), np.uint32)}, "rows of two, and padding"),
    ],
)
def test_a_column_that_cannot_be_is_refused(make, column, changes, message):
    directory, data, count = column(range(300))
    right = {"directory": directory, "data": data, "count": count, "pages": Pages(PAGE)}
    right |= {"directory_at": 0, "data_at": directory.nbytes, **changes}
    with pytest.raises(ValueError, match=message):
        make.Packed(**right)
