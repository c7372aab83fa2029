"""Column files: what is written comes back, and the format page's promises hold."""

import gc
import json
import struct
import weakref
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kashaf.errors import DamagedError, StorageError, UsageError, VersionError
from kashaf.storage import (
    PAGE,
    Column,
    ColumnFile,
    ColumnWriter,
    DiskDirectory,
    FaultyDirectory,
    FileInfo,
    MemoryDirectory,
    MissingFileError,
    crc32,
)
from kashaf.storage.columns import DTYPES, MAGIC

NAME = "seg-00000001.kseg"
ARRAYS = st.sampled_from(sorted(DTYPES)).flatmap(
    lambda dtype: st.binary(max_size=300).map(
        lambda data: np.frombuffer(data[: len(data) // 8 * 8], dtype)
    )
)


def written(columns: dict[str, Any], meta: dict[str, Any] | None = None) -> MemoryDirectory:
    directory = MemoryDirectory()
    with ColumnWriter(directory, NAME, "segment") as writer:
        for name, array in columns.items():
            writer.add(name, array)
        writer.finish(meta or {})
    return directory


def reopened(directory: MemoryDirectory) -> ColumnFile:
    return ColumnFile(directory, NAME, "segment")


@given(st.dictionaries(st.text("abcعربي _", min_size=1), ARRAYS, max_size=8))
def test_columns_come_back_as_written(columns: dict[str, Any]) -> None:
    file = reopened(written(columns, {"n": 3, "اسم": [None, 1.5]}))
    assert file.meta == {"n": 3, "اسم": [None, 1.5]}
    assert list(file.columns) == list(columns)
    for name, array in columns.items():
        read, view, raw = file.read(name), file.view(name), file.raw(name)
        assert (read.dtype.str, read.flags.writeable) == (array.dtype.str, False)
        assert read.tobytes() == view.tobytes() == raw.tobytes() == array.tobytes()
        assert view.readonly and raw.readonly
        assert (view.itemsize, len(view)) == (array.itemsize, len(array))
        np.testing.assert_array_equal(view.tolist(), array.tolist())
        start, stop = file.span(name)
        assert start % 64 == 0
        assert bytes(file.pages.buffer[start:stop]) == array.tobytes()
    assert file.check() == []


def test_big_endian_and_strided_arrays_are_stored_little_endian() -> None:
    numbers = np.arange(10)
    file = reopened(written({"a": numbers.astype(">u2"), "b": numbers.astype("<i4")[::3]}))
    assert file.read("a").dtype.str == "<u2"
    assert file.read("a").tolist() == list(range(10))
    assert file.read("b").tolist() == [0, 3, 6, 9]


def test_bytes_are_a_column_of_single_bytes() -> None:
    file = reopened(written({"text": "كشّاف".encode()}))
    assert bytes(file.read("text")).decode() == "كشّاف"
    assert file.columns["text"].dtype == "|u1"


@given(st.lists(st.integers(0, 9000), max_size=6))
def test_a_stream_in_pieces_equals_the_whole(sizes: list[int]) -> None:
    whole = np.arange(sum(sizes), dtype="<u4")
    directory = MemoryDirectory()
    with ColumnWriter(directory, NAME, "segment") as writer:
        with writer.stream("a", "<u4") as stream:
            for piece in np.split(whole, np.cumsum(sizes)[:-1]) if sizes else []:
                stream.write(piece)
        writer.finish({})
    assert directory.read(NAME) == written({"a": whole}).read(NAME)


def test_smaller_types_widen_and_larger_ones_are_refused() -> None:
    writer = ColumnWriter(MemoryDirectory(), NAME, "segment")
    with writer.stream("a", "<u4") as stream:
        stream.write(np.arange(3, dtype="<u2"))
        for dtype in ("<i4", "<u8", "<f4"):
            with pytest.raises(UsageError, match="cannot hold"):
                stream.write(np.arange(3, dtype=dtype))
    with pytest.raises(UsageError, match="complete"):
        stream.write(b"late")


@pytest.mark.parametrize("dtype", ["O", "U3", "S3", "M8[s]", "?", "c16", "f2", "V4", "i4,i4"])
def test_only_plain_numbers_can_be_stored(dtype: str) -> None:
    writer = ColumnWriter(MemoryDirectory(), NAME, "segment")
    with pytest.raises(UsageError, match="cannot have the type"):
        writer.add("a", np.zeros(2, dtype))


@pytest.mark.parametrize("name", ["", "a\nb", "\x1b[2J", "\ud800", "x" * 501])
def test_column_names_are_printable(name: str) -> None:
    with pytest.raises(UsageError, match="cannot name a column"):
        ColumnWriter(MemoryDirectory(), NAME, "segment").add(name, b"")


def test_misuse_of_the_writer_is_refused() -> None:
    directory = MemoryDirectory()
    writer = ColumnWriter(directory, NAME, "segment")
    writer.add("a", b"1")
    with pytest.raises(UsageError, match="taken"):
        writer.add("a", b"2")
    with pytest.raises(UsageError, match="one dimension"):
        writer.add("b", np.zeros((2, 2), "<u4"))
    for meta in ({"a": object()}, {"a": float("nan")}, {"a": "\ud800"}):
        with pytest.raises(UsageError, match="not JSON"):
            writer.finish(meta)
    with pytest.raises(RuntimeError), writer.stream("c", "<u4"):
        raise RuntimeError
    with pytest.raises(UsageError, match="not completed"):
        writer.finish({})
    with pytest.raises(UsageError, match="before the next"):
        writer.add("d", b"")
    writer.abandon()
    assert directory.names() == []


def test_a_writer_that_is_not_finished_leaves_nothing() -> None:
    directory = MemoryDirectory()
    with ColumnWriter(directory, NAME, "segment") as writer:
        writer.add("a", b"1")
    assert directory.names() == []


def test_a_full_disk_leaves_nothing_and_leaks_nothing() -> None:
    calls = 0
    while True:
        calls += 1
        directory = FaultyDirectory()
        directory.fail_at(calls)
        try:
            with ColumnWriter(directory, NAME, "segment") as writer:
                writer.add("a", b"123")
                writer.finish({})
        except StorageError as error:
            assert "the disk is full" in str(error)
            assert directory.names() == []
            directory.close()
        else:
            break
    assert calls > 5


def test_reading_a_range() -> None:
    file = reopened(written({"a": np.arange(100, dtype="<i8")}))
    assert file.read("a", 10, 12).tolist() == [10, 11]
    assert file.read("a", 98).tolist() == [98, 99]
    assert file.read("a", 100, 100).tolist() == []
    for start, stop in ((-1, 5), (5, 101), (7, 6), (101, None)):
        for reading in (file.read, file.view):
            with pytest.raises(DamagedError, match="column a: expected a range within 100 elem"):
                reading("a", start, stop)


def test_expectations() -> None:
    file = reopened(written({"a": np.arange(3, dtype="<u4")}))
    file.expect("a", "<u4")
    file.expect("a", "<u4", 3)
    for arguments in (("a", "<i4"), ("a", "<u4", 4), ("b", "<u4")):
        with pytest.raises(DamagedError, match=f"{NAME}, column {arguments[0]}: expected"):
            file.expect(*arguments)
    with pytest.raises(DamagedError, match="column b: expected the column"):
        file.raw("b")


def test_rows() -> None:
    file = reopened(written({"a": np.arange(6, dtype="<u4"), "none": np.empty(0, "<u4")}))
    assert file.raw("a", 2).tolist() == [[0, 1], [2, 3], [4, 5]]
    for column, width in (("a", 4), ("none", 2)):
        with pytest.raises(DamagedError, match=f"column {column}: expected whole rows of"):
            file.raw(column, width)


def test_another_kind_a_missing_and_a_swapped_file_are_noticed() -> None:
    directory = written({"a": b"1"})
    info = ColumnFile(directory, NAME, "segment").info
    assert ColumnFile(directory, info, "segment").info == info
    with pytest.raises(DamagedError, match="expected a file of kind 'live', found 'segment'"):
        ColumnFile(directory, info, "live")
    swapped = MemoryDirectory({NAME: written({"a": b"2"}).read(NAME)})
    with pytest.raises(DamagedError, match="bytes with checksum"):
        ColumnFile(swapped, info, "segment")
    with pytest.raises(MissingFileError):
        ColumnFile(MemoryDirectory(), info, "segment")


def test_a_file_info_survives_json_and_refuses_anything_else() -> None:
    info = FileInfo("seg-1.kseg", 12, 34)
    assert FileInfo.from_json(json.loads(json.dumps(info)), "commit") == info
    hostile: tuple[object, ...] = (
        None,
        [],
        ["../x", 1, 2],
        ["a", -1, 2],
        ["a", 1.5, 2],
        [1, 2, 3],
        {"a": 1},
    )
    for value in hostile:
        with pytest.raises(DamagedError, match="commit: expected a file's name"):
            FileInfo.from_json(value, "commit")


def test_a_sound_file_of_another_format_is_no_damage() -> None:
    data = bytearray(written({"a": b"1"}).read(NAME))
    struct.pack_into("<I", data, 8, 2)
    struct.pack_into("<I", data, len(data) - 16, 2)
    with pytest.raises(VersionError, match="has column format 2"):
        reopened(MemoryDirectory({NAME: bytes(data)}))


def test_the_worked_example_of_the_format() -> None:
    data = written({"ids": np.array([1, 258], "<u4")}, {"docs": 2}).read(NAME)
    footer = b'{"kind":"segment","columns":[["ids","<u4",2,64,8,%d]],"meta":{"docs":2}}'
    footer %= crc32(bytes([1, 0, 0, 0, 2, 1, 0, 0]))
    body = MAGIC + b"\x01\0\0\0" + bytes(52) + bytes([1, 0, 0, 0, 2, 1, 0, 0]) + bytes(56)
    lengths = b"\x80\0\0\0\0\0\0\0" + struct.pack("<I", len(footer)) + b"\x01\0\0\0"
    table = struct.pack("<I", crc32(body))
    crc = struct.pack("<I", crc32(table + footer + lengths))
    assert data == body + table + footer + lengths + crc + MAGIC
    assert reopened(written({"ids": np.array([1, 258], "<u4")})).columns == {
        "ids": Column("<u4", 2, 64, 8, crc32(b"\x01\0\0\0\x02\x01\0\0"))
    }


def test_a_file_is_let_go_without_the_help_of_the_collector() -> None:
    file = reopened(written({"a": b"123"}))
    array = file.read("a")
    gone = weakref.ref(file)
    gc.disable()
    try:
        del file
        assert gone() is None
    finally:
        gc.enable()
    assert bytes(array) == b"123"


def test_opening_reads_no_column(tmp_path: Path) -> None:
    directory = DiskDirectory(tmp_path)
    with ColumnWriter(directory, NAME, "segment") as writer:
        writer.add("a", np.zeros(10 * PAGE, "<u8"))
        info = writer.finish({})
    file = ColumnFile(directory, info, "segment")
    assert not any(file.pages.verified)
    file.read("a", 5, 6)
    assert [*file.pages.verified] == [1] + [0] * 80
    file.read("a", PAGE)
    assert sum(file.pages.verified) == 74
