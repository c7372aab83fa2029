"""Each kind of column comes back as it was written."""

import datetime as dt
import hashlib
import json
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from kashaf.errors import DamagedError, SchemaError
from kashaf.index.crew import Crew
from kashaf.index.keywords import Ids, Keywords, write_ids, write_keywords
from kashaf.index.live import open_live, read_live, write_live
from kashaf.index.packed import BLOCK, Packed, PackedBuffer, PackedWriter, write_packed
from kashaf.index.stored import (
    BLOCK_BYTES,
    LIMIT,
    Blocks,
    Stored,
    StoredBuffer,
    dictionary,
    dump,
    load,
)
from kashaf.index.strings import StringColumn, pack_texts, write_strings
from kashaf.index.values import Values, write_values
from kashaf.storage import ColumnFile, ColumnWriter, MemoryDirectory

numbers = st.lists(st.integers(0, (1 << 32) - 1), max_size=3 * BLOCK) | st.lists(
    st.integers(0, 40), max_size=3 * BLOCK
).map(lambda steps: np.cumsum(steps).tolist())
texts = st.lists(st.text("ابتثabc\u064e", max_size=6), max_size=50)


def written(write):
    """Return an open column file and what its writer returned."""
    directory = MemoryDirectory()
    with ColumnWriter(directory, "file", "test") as out:
        result = write(out)
        out.finish({})
    return ColumnFile(directory, "file", "test"), result


@given(values=numbers, data=st.data())
def test_packed(values, data):
    array = np.array(values, np.uint32)
    file, _ = written(lambda out: write_packed(out, "c", array))
    column = Packed(file, "c", len(values))
    start = data.draw(st.integers(0, len(values)))
    stop = data.draw(st.integers(start, len(values)))
    assert column.slice().tolist() == values
    assert column.slice(start, stop).tolist() == values[start:stop]
    for first, last in ((-1, 0), (0, len(values) + 1), (stop + 1, stop)):
        with pytest.raises(DamagedError):
            column.slice(first, last)


@given(pieces=st.lists(numbers, max_size=6))
def test_packed_in_pieces(pieces):
    def write(out):
        with PackedWriter(out, "c") as column:
            for piece in pieces:
                column.write(np.array(piece, np.uint32))

    whole = [value for piece in pieces for value in piece]
    file, _ = written(write)
    assert Packed(file, "c", len(whole)).slice().tolist() == whole


@given(pieces=st.lists(numbers, max_size=6), jobs=st.sampled_from([1, 3]))
@settings(deadline=None)
def test_packed_in_threads(pieces, jobs):
    """The bytes are those of the whole column, however it is cut."""
    crew = Crew(jobs)
    column = PackedBuffer(crew)
    whole = np.array([value for piece in pieces for value in piece], np.uint32)
    for piece in pieces:
        column.write(np.array(piece, np.uint32))
    found, _ = written(lambda out: column.put(out, "c"))
    expected, _ = written(lambda out: write_packed(out, "c", whole))
    crew.close()
    assert bytes(found.data) == bytes(expected.data)


def test_a_packed_column_refuses_values_that_cannot_be():
    file, _ = written(lambda out: write_packed(out, "c", np.array([1, 9, 3], np.uint32)))
    with pytest.raises(DamagedError):
        Packed(file, "c", 3, 9).slice()
    with pytest.raises(DamagedError):
        Packed(file, "c", 3).steps()
    with pytest.raises(DamagedError):
        Packed(file, "c", 300)


def test_a_packed_column_has_its_padding():
    def write(out):
        out.add("c.data", np.zeros(3, np.uint32))
        out.add("c.directory", np.zeros(2, np.uint32))

    with pytest.raises(DamagedError, match="4 words at least"):
        Packed(written(write)[0], "c", 0)


def test_a_column_beyond_what_a_directory_can_tell_is_refused(monkeypatch):
    monkeypatch.setattr("kashaf.index.packed.LARGEST", 1000)
    wide = np.random.default_rng(0).integers(0, 2**32, 64 * BLOCK, np.uint32)
    with pytest.raises(OverflowError, match="column c is too large for one segment"):
        written(lambda out: write_packed(out, "c", wide))


@given(words=texts)
def test_strings(words):
    ordered = sorted({word.encode() for word in words})
    file, _ = written(lambda out: write_strings(out, "s", pack_texts(ordered)))
    column = StringColumn(file, "s", len(ordered))
    assert column.slice() == ordered
    for place, word in enumerate(ordered):
        assert column[place] == word
        assert column.find(word) == column.bisect(word) == place
        assert column.find(word + b"\0") == -1


@given(
    rows=st.dictionaries(st.text(max_size=5), st.sets(st.integers(0, 99), min_size=1), max_size=30)
)
def test_keywords(rows):
    clean = {
        value.encode("utf-8", "replace").decode(): sorted(docs) for value, docs in rows.items()
    }
    file, counts = written(lambda out: write_keywords(out, "f", clean))
    column = Keywords(file, "f", counts, 100)
    for value, docs in clean.items():
        assert column.find(value).tolist() == docs
    assert column.find("nowhere at all").tolist() == []
    values, owners, docs = column.read()
    assert values == sorted(value.encode() for value in clean)
    pairs = zip(owners.tolist(), docs.tolist(), strict=True)
    assert sorted((values[o].decode(), d) for o, d in pairs) == sorted(
        (value, doc) for value, docs in clean.items() for doc in docs
    )


@given(ids=st.sets(st.text("ab1ك", min_size=1, max_size=4), max_size=40), gap=st.integers(0, 3))
def test_ids(ids, gap):
    """Both ways; a document that was deleted before it was written has none."""
    places = {id: number * (gap + 1) for number, id in enumerate(sorted(ids, key=len))}
    documents = max(places.values(), default=0) + 1
    file, counts = written(lambda out: write_ids(out, "id", places, documents))
    column = Keywords(file, "id", counts, documents)
    by_doc = Ids(file, "id", column.values, documents)
    for id, place in places.items():
        assert by_doc[place] == id
        assert column.find(id).tolist() == [place]


@pytest.mark.parametrize(("kind", "dtype"), [("number", np.float64), ("date", np.int64)])
def test_values(kind, dtype):
    values, there = np.array([1, 0, -7], dtype), np.array([1, 0, 1], np.uint8)
    file, _ = written(lambda out: write_values(out, "f", values, there))
    column = Values(file, "f", kind, 3)
    assert column.values.tolist() == values.tolist()
    assert column.there.tolist() == [1, 0, 1]
    with pytest.raises(DamagedError):
        Values(file, "f", kind, 4)


@settings(max_examples=50)
@given(bits=st.lists(st.integers(0, 1), min_size=1, max_size=40))
def test_live(bits):
    directory = MemoryDirectory()
    info = write_live(directory, "live-1", "seg-1", np.array(bits, np.uint8))
    file = open_live(directory, info)
    assert read_live(file, len(bits)).tolist() == bits
    with pytest.raises(DamagedError):
        read_live(file, len(bits) + 8)


@settings(max_examples=30, deadline=None)
@given(sizes=st.lists(st.integers(0, BLOCK_BYTES // 2), min_size=1, max_size=12))
def test_stored(sizes):
    found = [{"n": n, "text": "ك" * size} for n, size in enumerate(sizes)]
    buffer = StoredBuffer()
    for each in found:
        buffer.add(dump(each))
    file, _ = written(buffer.write)
    stored = Stored(file, len(found))
    assert [stored.get(n) for n in range(len(found))] == found
    assert [load(line) for line in stored.lines(None)] == found
    live = np.array([n % 2 for n in range(len(found))], np.uint8)
    assert [load(line) for line in stored.lines(live)] == found[1::2]


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text('a"\\\n\x00\x7fكتاب\u2028\uffff😀', max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(document=st.dictionaries(st.text(max_size=4), json_values, max_size=5))
def test_a_document_becomes_json_as_the_standard_library_has_it(document):
    line = dump(document)
    assert json.loads(line) == document
    assert b"\n" not in line


def test_what_is_more_than_plain_json_is_stored():
    assert (
        dump({"a": "ب\ud800", "b": 10**30}).decode()
        == '{"a":"ب�","b":1000000000000000000000000000000}'
    )
    when = {"day": dt.date(2017, 3, 1), "at": dt.datetime(2017, 3, 1, 12, 30)}
    assert load(dump(when)) == {"day": "2017-03-01", "at": "2017-03-01T12:30:00"}
    assert load(dump({1: "a"})) == {"1": "a"}
    assert load(dump({"a": float("nan")})) == {"a": None}


def test_what_cannot_be_stored():
    deep = []
    for _ in range(100_000):
        deep = [deep]
    for value in (object(), {1, 2}, b"bytes", deep):
        with pytest.raises(SchemaError):
            dump({"value": value})
    with pytest.raises(SchemaError, match="too large"):
        dump({"value": "x" * LIMIT})


def test_the_dictionary_of_stored_documents_is_the_one_of_the_format():
    """Another could not read what was written with this one."""
    made = hashlib.sha256(dictionary().as_bytes()).hexdigest()
    assert made == "76168b41f3dafd2b33d07c803b82bad2fed9b50e69fceb9325c152b1831793a1"


def test_a_block_without_a_dictionary_is_read():
    plain = zstandard.ZstdCompressor(write_content_size=True)
    buffer = StoredBuffer()
    block = plain.compress(b'{"a":1}\n{"a":2}')
    buffer.add_blocks(Blocks(block, np.array([len(block)]), np.array([0]), np.array([15]), 2))
    file, _ = written(buffer.write)
    assert Stored(file, 2).get(1) == {"a": 2}


def test_threads_read_at_once():
    buffer = StoredBuffer()
    for n in range(400):
        buffer.add(dump({"n": n, "text": "كتاب " * (n % 300)}))
    file, _ = written(buffer.write)
    stored = Stored(file, 400)
    with ThreadPoolExecutor(4) as pool:
        found = pool.map(lambda n: stored.get(n * 7 % 400)["n"], range(2000))
        assert list(found) == [n * 7 % 400 for n in range(2000)]
