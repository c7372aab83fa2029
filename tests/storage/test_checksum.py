"""Page checksums do not depend on how the bytes arrive."""

import zlib

from hypothesis import given
from hypothesis import strategies as st
from kashaf.storage import PAGE
from kashaf.storage.checksum import PageSums, crc32, pages_of


def test_it_is_the_crc_of_zlib() -> None:
    assert crc32(b"123456789") == zlib.crc32(b"123456789") == 0xCBF43926
    assert crc32(b"6789", crc32(b"12345")) == 0xCBF43926


@given(st.lists(st.integers(0, 3 * PAGE), max_size=5))
def test_pieces_of_any_size_give_the_same_sums(sizes: list[int]) -> None:
    data = bytes(i * 7 % 251 for i in range(sum(sizes)))
    sums = PageSums()
    at = 0
    for size in sizes:
        sums.feed(data[at : at + size])
        at += size
    pages = [data[i : i + PAGE] for i in range(0, len(data), PAGE)]
    assert list(sums.finish()) == [zlib.crc32(page) for page in pages]
    assert pages_of(len(data)) == len(pages)
