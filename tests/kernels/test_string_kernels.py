"""Front-coded strings: what was encoded is found; damage is an error; threads may share."""

import time
from bisect import bisect_left
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kashaf.kernels.twins.sorting import packed

SOME = settings(deadline=None, max_examples=100)
PAGE = 1 << 14

word = (
    st.text("abcبتی\x01é😀", max_size=6).map(str.encode)
    | st.binary(max_size=4)
    | st.sampled_from([b"\xd8", b"\xd9\xa7\xd8", bytes(range(128, 256)) * 3])
)
several = st.lists(word, max_size=60)
long = st.integers(0, 400).map(lambda size: b"x" * size + b"y" + "ب".encode() * (size % 30))


class Pages:
    """A file of two columns, `heads` and then `blob`; notes which pages were checked."""

    def __init__(self, size, pause=0.0):
        self.buffer = memoryview(bytes(size))
        self.verified = np.zeros((size + PAGE - 1) // PAGE, np.uint8)
        self.asked = []
        self._pause = pause

    def verify(self, start, stop):
        assert 0 <= start < stop <= len(self.buffer)
        self.asked.append((start, stop))
        time.sleep(self._pause)
        self.verified[start // PAGE : (stop + PAGE - 1) // PAGE] = 1


def opened(make, heads, blob, count, pause=0.0):
    pages = Pages(4 * len(heads) + len(blob), pause)
    return make.Strings(heads, blob, count, pages, 0, 4 * len(heads)), pages


def stored(make, strings):
    return opened(make, *make.encode(*packed(strings)), len(strings))[0]


@SOME
@given(strings=several | st.lists(long, max_size=40))
def test_both_makes_encode_the_same(compiled, twins, same, strings):
    same(compiled.encode(*packed(strings)), twins.encode(*packed(strings)))


@SOME
@given(strings=several | st.lists(long, max_size=40), data=st.data())
def test_what_was_encoded_is_read_back(make, strings, data):
    column = stored(make, strings)
    start, stop = data.draw(st.integers(-20, 70)), data.draw(st.integers(-20, 70))
    assert column.slice(start, stop) == strings[max(start, 0) : max(stop, 0)]
    assert column.slice(0, 10**6) == strings
    assert [column.get(i) for i in range(len(column))] == strings
    places = data.draw(st.lists(st.sampled_from(range(len(strings))))) if strings else []
    assert column.texts(places) == [strings[at].decode("utf-8", "replace") for at in places]
    assert column.count == len(column) == len(strings)


@SOME
@given(strings=several | st.lists(long, max_size=40))
def test_they_are_joined(make, strings):
    blob, starts = stored(make, strings).joined()
    assert (blob.dtype, starts.dtype) == (np.uint8, np.int64)
    assert blob.tobytes() == b"".join(strings)
    assert starts.tolist() == np.cumsum([0, *map(len, strings)]).tolist()


@SOME
@given(strings=several.map(sorted), needles=several)
def test_sorted_strings_are_found(make, strings, needles):
    column = stored(make, strings)
    for needle in [*needles, *strings]:
        at = bisect_left(strings, needle)
        assert column.bisect(needle) == at
        assert column.find(needle) == (at if needle in strings else -1)


@SOME
@given(strings=several, needle=word, parent=word, start=st.integers(-20, 70), data=st.data())
def test_strings_in_any_order_are_found(make, strings, needle, parent, start, data):
    stop = data.draw(st.integers(start, 80))
    wanted = {needle, b""} if needle == parent else {needle}
    inside = [i for i, each in enumerate(strings) if start <= i < stop and each in wanted]
    found = stored(make, strings).find_among(needle, parent, start, stop)
    assert found == (inside[0] if inside else -1)


@SOME
@given(
    blob=st.binary(max_size=300),
    heads=st.lists(st.integers(0, 320) | st.integers(0, 2**32 - 1), min_size=1, max_size=4),
    data=st.data(),
)
def test_any_bytes_are_read_alike(compiled, twins, blob, heads, data):
    count = data.draw(st.integers(16 * len(heads) - 15, 16 * len(heads)))
    column = np.array(heads, np.uint32), np.frombuffer(blob, np.uint8), count
    calls = [
        lambda each: each.slice(0, count),
        lambda each: each.get(count - 1),
        lambda each: each.bisect(b"m"),
        lambda each: each.find(b"m"),
        lambda each: each.find_among(b"m", b"", 3, 40),
    ]
    for call in calls:
        first = outcome(call, opened(compiled, *column)[0])
        assert first == outcome(call, opened(twins, *column)[0])


@SOME
@given(strings=several.filter(bool), data=st.data())
def test_damaged_strings_are_read_alike(compiled, twins, strings, data):
    heads, blob = twins.encode(*packed(strings))
    blob = blob.copy()
    for _ in range(data.draw(st.integers(1, 4))):
        blob[data.draw(st.integers(0, len(blob) - 1))] = data.draw(st.integers(0, 255))
    pair = [opened(make, heads, blob, len(strings))[0] for make in (compiled, twins)]
    first, second = (outcome(lambda each: each.slice(0, 100), column) for column in pair)
    assert first == second


def outcome(call, column):
    try:
        return call(column)
    except ValueError as error:
        return str(error)


def test_only_touched_pages_are_checked(make):
    strings = [b"%06d" % i * 20 for i in range(4000)]
    heads, blob = make.encode(*packed(strings))
    column, pages = opened(make, heads, blob, len(strings))
    assert column.get(0) == strings[0]
    assert pages.asked == [(0, PAGE)]
    assert column.get(3999) == strings[3999]
    assert len(pages.asked) == 2
    assert column.slice(0, 4000) == strings
    assert len(pages.asked) == len(pages.verified) == len({*pages.asked})
    assert pages.asked[1][1] == len(pages.buffer)


def test_threads_share_a_column(make):
    """Checking a page lets other threads run: they must not take the string at hand."""
    strings = sorted(b"%d" % (7**i % 10**40) * 60 for i in range(600))
    heads, blob = make.encode(*packed(strings))
    for _ in range(5):
        column = opened(make, heads, blob, len(strings), pause=0.0002)[0]
        with ThreadPoolExecutor(4) as pool:
            found = pool.map(column.find, strings)
            assert list(found) == list(range(len(strings)))


@pytest.mark.parametrize("index", [-1, 3, 2**62])
def test_an_index_outside_is_refused(make, index):
    with pytest.raises(IndexError):
        stored(make, [b"a", b"b", b"c"]).get(index)


@pytest.mark.parametrize("count", [-1, 0, 17, 2**62])
def test_a_count_that_the_heads_deny_is_refused(make, count):
    heads, blob = make.encode(*packed([b"a", b"b"]))
    with pytest.raises(ValueError, match="differ in number"):
        opened(make, heads, blob, count)


@pytest.mark.parametrize(("heads_at", "blob_at"), [(-4, 0), (0, -1), (PAGE, 0), (0, PAGE)])
def test_columns_outside_their_file_are_refused(make, heads_at, blob_at):
    heads, blob = make.encode(*packed([b"a", b"b"]))
    with pytest.raises(ValueError, match="outside the pages"):
        make.Strings(heads, blob, 2, Pages(100), heads_at, blob_at)


def test_what_a_page_raises_goes_through(make):
    heads, blob = make.encode(*packed([b"a", b"b"]))
    column, pages = opened(make, heads, blob, 2)
    pages.verify = lambda start, stop: 1 / 0
    for _ in range(2):  # and leaves no lock behind
        with pytest.raises(ZeroDivisionError):
            column.get(0)


@settings(deadline=None)
@given(strings=st.lists(st.binary(max_size=9), max_size=60), cut=st.integers(0, 60))
def test_a_filter_knows_all_that_was_added(make, strings, cut):
    known = make.Filter(max(len(strings), 1))
    for some in (strings[:cut], strings[cut:]):
        known.add(*packed(some))
    assert known.count == len(strings)
    assert all(known.may_have(text) for text in strings)


def test_a_filter_knows_that_most_others_were_not(make):
    known = make.Filter(5_000)
    known.add(*packed([str(n).encode() for n in range(5_000)]))
    assert sum(known.may_have(str(n).encode()) for n in range(5_000, 25_000)) < 600
    with pytest.raises(ValueError, match="do not fit"):
        known.add(np.zeros(2, np.uint8), np.array([0, 3], np.uint32))
    with pytest.raises(ValueError, match="one string"):
        make.Filter(0)
