"""Column files that are damaged or forged: noticed, named, and never believed."""

import json
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kashaf.errors import DamagedError, KashafError
from kashaf.storage import PAGE, ColumnFile, ColumnWriter, MemoryDirectory, crc32
from kashaf.storage.columns import FORMAT, MAGIC, SIGNED, TRAILER

NAME = "seg-00000001.kseg"
COLUMNS = {
    "ids": np.arange(30, dtype="<u4"),
    "text": np.frombuffer(b"kashaf", "u1"),
    "empty": np.zeros(0, "<f8"),
    "wide": np.arange(2 * PAGE, dtype="<u2"),
    "last": np.arange(3, dtype="<i8"),
}


def written(columns: dict[str, Any]) -> bytes:
    directory = MemoryDirectory()
    with ColumnWriter(directory, NAME, "segment") as writer:
        for name, array in columns.items():
            writer.add(name, array)
        writer.finish({"docs": 3})
    return directory.read(NAME)


WHOLE = written(COLUMNS)
SMALL = written({name: column[:40] for name, column in COLUMNS.items()})


def opened(data: bytes) -> ColumnFile:
    return ColumnFile(MemoryDirectory({NAME: data}), NAME, "segment")


def flipped(data: bytes, offset: int, mask: int) -> bytes:
    copy = bytearray(data)
    copy[offset] ^= mask
    return bytes(copy)


def found(data: bytes) -> list[KashafError]:
    try:
        return list(opened(data).check())
    except KashafError as error:
        return [error]


@pytest.mark.parametrize("mask", [0x01, 0x80, 0xFF])
def test_every_flipped_byte_is_found(mask: int) -> None:
    for offset in range(len(SMALL)):
        errors = found(flipped(SMALL, offset, mask))
        assert errors, f"byte {offset} flipped by {mask:#x} went unnoticed"
        assert isinstance(errors[0], DamagedError)
        assert errors[0].file == NAME


def test_every_truncation_is_found_at_open() -> None:
    for size in range(len(SMALL)):
        with pytest.raises(DamagedError, match=NAME):
            opened(SMALL[:size])


def test_bytes_appended_are_found_at_open() -> None:
    for tail in (b"\0", SMALL, MAGIC):
        with pytest.raises(DamagedError):
            opened(SMALL + tail)


def test_a_read_of_a_flipped_byte_names_its_column() -> None:
    spans = {name: opened(WHOLE).span(name) for name in COLUMNS}
    for column, (start, stop) in spans.items():
        for offset in range(start, stop, max(1, (stop - start) // 50)):
            file = opened(flipped(WHOLE, offset, 4))
            with pytest.raises(DamagedError, match=f"{NAME}, column {column}: expected checksum"):
                file.read(column)
            assert [error.column for error in file.check()] == [column]


def test_two_damaged_columns_on_one_page_are_both_named() -> None:
    file = opened(WHOLE)
    data = flipped(flipped(WHOLE, file.span("ids")[0], 1), file.span("text")[0], 1)
    assert [error.column for error in opened(data).check()] == ["ids and text"]


def test_damaged_padding_is_found_and_is_of_no_column() -> None:
    _, stop = opened(WHOLE).span("ids")
    assert [error.column for error in opened(flipped(WHOLE, stop, 1)).check()] == [None]


def test_what_is_sound_can_be_read_beside_damage() -> None:
    file = opened(flipped(WHOLE, opened(WHOLE).span("wide")[0] + PAGE, 1))
    for name in ("ids", "text", "empty", "last"):
        assert np.array_equal(file.read(name), COLUMNS[name])
    assert np.array_equal(file.read("wide", 0, 100), COLUMNS["wide"][:100])
    with pytest.raises(DamagedError, match="column wide"):
        file.read("wide")


def test_damage_is_reported_again_and_the_page_stays_unverified() -> None:
    file = opened(flipped(WHOLE, 70, 1))
    for _ in range(2):
        with pytest.raises(DamagedError):
            file.read("ids")
    assert not file.pages.verified[0]


def test_progress_reaches_the_end() -> None:
    calls: list[tuple[int, int]] = []
    file = opened(written({"a": bytes(3 << 20)}))
    assert file.check(lambda done, total: calls.append((done, total))) == []
    total = len(file.pages.buffer)
    assert calls == [(1 << 20, total), (2 << 20, total), (3 << 20, total), (total, total)]


def forged(footer: object, length: int = 128, pages: int | None = None) -> bytes:
    """Return a file with this footer and with all checksums right, as a forger would.

    Its body has `length` bytes, and its table the first `pages` entries (None: all).
    """
    body = MAGIC + struct.pack("<I", FORMAT) + bytes(length - 12)
    text = footer if isinstance(footer, bytes) else json.dumps(footer).encode()
    sums = [crc32(body[at : at + PAGE]) for at in range(0, length, PAGE)]
    table = np.array(sums[:pages], "<u4").tobytes()
    lengths = TRAILER.pack(length, len(text), FORMAT, 0, b"")[:SIGNED]
    crc = crc32(table + text + lengths)
    return body + table + text + TRAILER.pack(length, len(text), FORMAT, crc, MAGIC)


def with_columns(*rows: object) -> dict[str, object]:
    return {"kind": "segment", "columns": list(rows), "meta": {}}


def test_the_forger_can_make_a_sound_file() -> None:
    assert opened(forged(with_columns(["a", "<u4", 2, 64, 8, 0]))).raw("a").tolist() == [0, 0]


HOSTILE = {
    "beyond the end": with_columns(["a", "<u4", 1 << 60, 64, 1 << 62, 0]),
    "huge": with_columns(["a", "|u1", 10**30, 64, 10**30, 0]),
    "count without bytes": with_columns(["a", "<u4", 1 << 40, 64, 8, 0]),
    "negative count": with_columns(["a", "<u4", -2, 64, -8, 0]),
    "negative offset": with_columns(["a", "<u4", 2, -64, 8, 0]),
    "in the header": with_columns(["a", "<u4", 2, 0, 8, 0]),
    "not aligned": with_columns(["a", "<u4", 2, 68, 8, 0]),
    "overlap": with_columns(["a", "<u4", 2, 64, 8, 0], ["b", "<u4", 2, 64, 8, 0]),
    "twice": with_columns(["a", "|u1", 0, 64, 0, 0], ["a", "<u4", 2, 64, 8, 0]),
    "object type": with_columns(["a", "|O", 1, 64, 8, 0]),
    "record type": with_columns(["a", "<u4,<u4", 1, 64, 8, 0]),
    "no such type": with_columns(["a", "zzz", 1, 64, 8, 0]),
    "float count": with_columns(["a", "<u4", 2.0, 64, 8, 0]),
    "name with controls": with_columns(["\x1b[2J", "<u4", 2, 64, 8, 0]),
    "name no text": with_columns([7, "<u4", 2, 64, 8, 0]),
    "short row": with_columns(["a", "<u4"]),
    "row no list": with_columns("abcdef"),
    "bytes under no column": with_columns(),
    "columns no list": {"kind": "segment", "columns": {}, "meta": {}},
    "meta no object": {"kind": "segment", "columns": [], "meta": []},
    "kind no text": {"kind": [], "columns": [], "meta": {}},
    "no object": [1],
    "empty": b"",
    "no text": b"\xff\xfe\xfd",
    "deep": b"[" * 200_000,
    "deep in columns": b'{"kind":1,"meta":{},"columns":[' + b"[" * 900 + b"]" * 900 + b"]}",
    "long number": b'{"kind":' + b"9" * 5000 + b"}",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_forged_footer_is_refused_at_open(name: str) -> None:
    with pytest.raises(DamagedError) as caught:
        opened(forged(HOSTILE[name]))
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 500


def test_a_forged_table_is_refused_at_open() -> None:
    footer = with_columns(["a", "|u1", PAGE, 64, PAGE, 0])
    with pytest.raises(DamagedError):
        opened(forged(footer, PAGE + 64, pages=1))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400), st.booleans())
def test_any_bytes_open_or_raise_the_one_error(data: bytes, dressed: bool) -> None:
    if dressed:
        data = forged(data)
    with pytest.raises(KashafError):
        opened(data)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_several_changes_at_once_are_found(data: st.DataObject) -> None:
    copy = bytearray(SMALL)
    changes = data.draw(
        st.dictionaries(st.integers(0, len(SMALL) - 1), st.integers(1, 255), min_size=1)
    )
    for offset, mask in changes.items():
        copy[offset] ^= mask
    assert found(bytes(copy))
