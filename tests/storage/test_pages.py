"""Pages: checked once, before use, by any number of threads."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from kashaf.errors import DamagedError
from kashaf.storage import PAGE, Pages, crc32


def pages(data: bytes, bad: int | None = None) -> Pages:
    table = [crc32(data[i : i + PAGE]) for i in range(0, len(data), PAGE)]
    if bad is not None:
        table[bad] ^= 1
    return Pages("f", memoryview(data), np.array(table, "<u4"), lambda start, stop: "c")


def test_only_what_is_touched_is_checked() -> None:
    checked = pages(bytes(5 * PAGE - 100))
    checked.verify(PAGE, PAGE)
    assert [*checked.verified] == [0, 0, 0, 0, 0]
    checked.verify(PAGE, PAGE + 1)
    assert [*checked.verified] == [0, 1, 0, 0, 0]
    checked.verify(2 * PAGE - 1, 2 * PAGE + 1)
    assert [*checked.verified] == [0, 1, 1, 0, 0]
    checked.verify(0, 5 * PAGE - 100)
    assert all(checked.verified)


def test_a_bad_page_is_named_and_stays_bad() -> None:
    checked = pages(bytes(3 * PAGE), bad=1)
    checked.verify(0, PAGE)
    for _ in range(2):
        with pytest.raises(DamagedError, match=r"f, column c: .* in bytes 16384 to 32768"):
            checked.verify(0, 3 * PAGE)
    assert [*checked.verified] == [1, 0, 0]


@pytest.mark.parametrize("span", [(-1, 4), (0, 11), (5, 4), (11, 11), (1 << 70, 1 << 71)])
def test_a_range_outside_is_damage(span: tuple[int, int]) -> None:
    with pytest.raises(DamagedError, match="a range within 10 bytes"):
        pages(bytes(10)).verify(*span)


def test_no_bytes_need_no_check() -> None:
    nothing = pages(b"")
    nothing.verify(0, 0)
    assert list(nothing.damage()) == []


def test_a_table_of_another_length_is_refused() -> None:
    with pytest.raises(DamagedError, match="expected 2 page checksums, found 1"):
        Pages("f", memoryview(bytes(PAGE + 1)), np.zeros(1, "<u4"), lambda start, stop: None)


def test_threads_agree() -> None:
    checked = pages(np.random.default_rng(1).bytes(40 * PAGE), bad=39)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda i: checked.verify(0, 39 * PAGE), range(32)))
        errors = list(pool.map(lambda i: list(checked.damage())[-1], range(8)))
    assert [*checked.verified] == [1] * 39 + [0]
    assert all(errors)
