"""Stored documents: JSON, one line each, squeezed, in zstd blocks.

Blocks are small, so that a page of hits need not decompress much for each. What that costs in
size a dictionary gives back (`data/stored.zdict`): common words of Arabic, known beforehand.
Squeezed lines have a byte a letter: half of what there is to compress and to read.

stored.data      raw bytes: the compressed blocks, one after another
stored.ends      raw uint64: where each block ends in the data
stored.firsts    raw uint32: the first document of each block
stored.sizes     raw uint32: bytes of each block when decompressed
"""

from __future__ import annotations

import os
from _thread import _local as local  # that of `threading`, which a search does without
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, cached_property

from .. import kernels
from ..errors import DamagedError, SchemaError
from ..hints import TYPE_CHECKING, Any, NoReturn
from ..records import NamedTuple
from ..storage import ColumnFile, parse_json
from .dtypes import Array, UInts, np

if TYPE_CHECKING:
    import zstandard

    from ..storage import ColumnWriter
    from .crew import Crew, Task

BLOCK_BYTES = 640
"""A block is closed when it has this many bytes, squeezed: few enough to open for one document."""

BLOCKS_WRITTEN = 1 << 9
"""Blocks that are written to a file together."""

LIMIT = 1 << 27
"""Bytes of the largest document."""

LARGEST_BLOCK = 2 * LIMIT + BLOCK_BYTES
"""Bytes of a block, at most: where no letter is Arabic, squeezed lines take more than others."""

LEVEL = 2

HEADER, HAS_DICTIONARY = 4, 3
"""The byte of a zstd frame that describes it (RFC 8878, 3.1.1.1.1), and what tells of a dictionary.
A block without one was written before there was any: its lines are not squeezed."""

Document = dict[str, Any]


def dump(document: Mapping[str, Any]) -> bytes:
    """A document as one line of JSON. Dates become ISO 8601; a lone surrogate becomes U+FFFD.

    Raises:
        SchemaError: for a value that JSON does not have.
    """
    try:
        line = kernels.dump(dict(document), _encoded) or _encoded(document)
    except (TypeError, ValueError, RecursionError) as error:
        raise SchemaError(f"a document must be JSON values: {error}") from error
    if len(line) > LIMIT:
        raise SchemaError(f"a document of {len(line)} bytes is too large; {LIMIT} is the limit")
    return line


def _encoded(value: object) -> bytes:
    """By orjson, where it can: it takes no large integers, no surrogates, no deep nests."""
    import orjson  # late: who only reads does without

    try:
        return orjson.dumps(value)
    except TypeError:
        pass
    import json

    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_date)
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def load(line: bytes) -> Document:
    """The document of one line of JSON.

    Raises:
        ValueError: for what is no JSON object.
    """
    document = _value(line)
    if not isinstance(document, dict):
        raise ValueError("no JSON object")
    return document


def _value(line: bytes) -> object:
    """The value of a JSON text.

    Raises:
        ValueError: for what is none.
    """
    return parse_json(line.decode())


def _date(value: object) -> str:
    from datetime import date

    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} is not a JSON value")


@cache
def dictionary() -> zstandard.ZstdCompressionDict:
    """What blocks are compressed with; a part of the format."""
    from .zstd import zstandard

    path = os.path.join(os.path.dirname(__file__), "data", "stored.zdict")
    with open(path, "rb") as file:
        return zstandard.ZstdCompressionDict(file.read())


class _Reader(local):
    """Decompresses; each thread has one, as zstd's cannot be shared."""

    def __init__(self) -> None:
        from .zstd import zstandard

        self.error = zstandard.ZstdError
        self.size_of = zstandard.frame_content_size
        self.decompress = zstandard.ZstdDecompressor(dict_data=dictionary()).decompress


@cache
def _reader() -> _Reader:
    return _Reader()


class Blocks(NamedTuple):
    """Neighbouring blocks as they are on disk.

    Attributes:
        data: their bytes.
        ends: where each ends in them.
        firsts: the first document of each, counted from the first of all.
        sizes: bytes of each when decompressed.
        documents: how many they hold together.
    """

    data: bytes | memoryview
    ends: Array
    firsts: Array
    sizes: Array
    documents: int


def _new_compressor(with_: zstandard.ZstdCompressionDict) -> zstandard.ZstdCompressor:
    from .zstd import zstandard

    return zstandard.ZstdCompressor(level=LEVEL, dict_data=with_, write_content_size=True)


@cache
def _digested() -> zstandard.ZstdCompressionDict:
    """The dictionary as compressors look things up in it: else each call makes that anew."""
    from .zstd import zstandard

    digested = zstandard.ZstdCompressionDict(dictionary().as_bytes())
    digested.precompute_compress(level=LEVEL)
    return digested


class _Compressor(local):
    """Compresses; each thread has one, as zstd's cannot be shared."""

    def __init__(self) -> None:
        self.compress = _new_compressor(_digested()).multi_compress_to_buffer


@cache
def _compressor() -> _Compressor:
    return _Compressor()


def packed_blocks(documents: Sequence[Document | bytes]) -> Blocks:
    """Documents, dumped or of texts alone, as blocks; other threads can run meanwhile."""
    import zstandard

    data, spans, firsts = kernels.dump_blocks(documents, BLOCK_BYTES, _encoded)
    if not len(firsts):
        return Blocks(b"", spans, firsts, spans, 0)
    found = _compressor().compress(zstandard.BufferWithSegments(data, spans.tobytes()))
    blocks = [found[i].tobytes() for i in range(len(found))]
    ends = np.cumsum(np.fromiter(map(len, blocks), np.uint64, len(blocks)))
    return Blocks(b"".join(blocks), ends, firsts, spans[1::2], len(documents))


class BlockWriter:
    """Compresses documents into blocks and hands each to a sink.

    Args:
        sink: takes the bytes of compressed blocks.
    """

    def __init__(self, sink: Callable[[bytes | memoryview], object]) -> None:
        self._compressor = _new_compressor(dictionary())
        self._sink = sink
        self._ends: list[int] = []
        self._firsts: list[int] = []
        self._sizes: list[int] = []
        self._lines: list[bytes] = []
        self._waiting = 0
        self.count = 0
        self.nbytes = 0

    def add(self, line: bytes) -> None:
        """Append a document, dumped."""
        if not self._lines:
            self._firsts.append(self.count)
        self._lines.append(kernels.squeeze(line))
        self._waiting += len(self._lines[-1]) + 1
        self.count += 1
        if self._waiting >= BLOCK_BYTES:
            self.close_block()

    def add_blocks(self, blocks: Blocks) -> None:
        """Append blocks as another segment holds them."""
        self.close_block()
        self._ends += (blocks.ends + self.nbytes).tolist()
        self._firsts += (blocks.firsts + self.count).tolist()
        self._sizes += blocks.sizes.tolist()
        self.count += blocks.documents
        self._emit(blocks.data)

    def close_block(self) -> None:
        """Hand on what waits."""
        if self._lines:
            text = b"\n".join(self._lines)
            self._lines, self._waiting = [], 0
            self._sizes.append(len(text))
            self._pack(text)

    def write_columns(self, out: ColumnWriter) -> None:
        """Write the columns that say where the blocks are, after their data."""
        out.add("stored.ends", np.array(self._ends, np.uint64))
        out.add("stored.firsts", np.array(self._firsts, np.uint32))
        out.add("stored.sizes", np.array(self._sizes, np.uint32))

    def _pack(self, text: bytes) -> None:
        block = self._compressor.compress(text)
        self._ends.append(self.nbytes + len(block))
        self._emit(block)

    def _emit(self, data: bytes | memoryview) -> None:
        self.nbytes += len(data)
        self._sink(data)


class StoredBuffer(BlockWriter):
    """Compressed documents in memory, on their way into a segment."""

    def __init__(self) -> None:
        self._blocks: list[bytes | memoryview] = []
        super().__init__(self._blocks.append)
        self._begun: deque[Task[Blocks]] = deque()

    def begin(self, crew: Crew, documents: Sequence[Document | bytes]) -> None:
        """Have a crew append documents: dumped, or of texts alone, and then changed by nobody."""
        self._begun.append(crew.begin(packed_blocks, documents))

    def take(self) -> None:
        """Wait for the first documents that were begun and are not appended yet."""
        self.add_blocks(self._begun.popleft().result())

    def write(self, out: ColumnWriter) -> None:
        """Write all columns, once."""
        while self._begun:
            self.take()
        self.close_block()
        with out.stream("stored.data", "|u1") as data:
            for first in range(0, len(self._blocks), BLOCKS_WRITTEN):
                data.write(b"".join(self._blocks[first : first + BLOCKS_WRITTEN]))
        self._blocks.clear()
        self.write_columns(out)


class Stored:
    """The stored documents of an open segment."""

    def __init__(self, file: ColumnFile, documents: int) -> None:
        self._file = file
        self.documents = documents
        blocks = file.columns["stored.ends"].count if "stored.ends" in file.columns else 0
        file.expect("stored.data", "|u1")
        file.expect("stored.ends", "<u8", blocks)
        file.expect("stored.firsts", "<u4", blocks)
        file.expect("stored.sizes", "<u4", blocks)
        self.blocks = blocks
        self._begin, _ = file.span("stored.data")
        self._data = file.raw("stored.data")  # verified block by block
        self._verified = bytearray(blocks)
        self._last: tuple[int, bytes] = -1, b""  # documents are often asked for in order

    def get(self, doc: int) -> Document:
        """A document by its number."""
        data, start, stop = self._place(doc)
        try:
            document = kernels.load(data, start, stop, _value)
            return load(kernels.spread(data[start:stop])) if document is None else document
        except (ValueError, RecursionError) as error:
            self._blame("a document as JSON", str(error))

    def load(self, line: bytes) -> Document:
        """The document of a line that was stored here."""
        try:
            return load(line)
        except (ValueError, RecursionError) as error:
            self._blame("a document as JSON", str(error))

    def lines(
        self, live: Array | None, first_block: int = 0, end_block: int | None = None
    ) -> Iterator[bytes]:
        """The documents as they are stored, in order, but for those that are not live.

        Args:
            live: of each document, whether it is; None: all are.
            first_block, end_block: the blocks that are read; None: to the last.
        """
        for block in range(first_block, self.blocks if end_block is None else end_block):
            first, _ = self.docs_of(block)
            for doc, line in enumerate(self.block(block), first):
                if live is None or live[doc]:
                    yield line

    def line(self, doc: int) -> bytes:
        """A document as it is stored."""
        data, start, stop = self._place(doc)
        return kernels.spread(data[start:stop])

    def _place(self, doc: int) -> tuple[bytes, int, int]:
        """A block, squeezed, and the range of a document in it."""
        block, first, end = self._places.find(doc)
        if block < 0:
            self._blame("a first block that begins with document 0", "another")
        if not first < end <= self.documents:
            self._blame(f"a block within {self.documents} documents", f"{first} to {end}")
        held, data = self._last
        if held != block:
            data = self._unpacked(block)
            self._last = block, data
        start, stop, lines = kernels.find_line(data, doc - first)
        if lines != end - first:
            self._blame(f"{end - first} documents in block {block}", str(lines))
        return data, start, stop

    def block(self, block: int) -> list[bytes]:
        """The documents of one block, as they are stored."""
        lines = kernels.spread(self._unpacked(block)).split(b"\n")
        first, end = self.docs_of(block)
        if len(lines) != end - first:
            self._blame(f"{end - first} documents in block {block}", str(len(lines)))
        return lines

    def docs_of(self, block: int) -> tuple[int, int]:
        """The documents of a block: the first, and the one after the last."""
        first = self._firsts[block]
        end = self._firsts[block + 1] if block + 1 < self.blocks else self.documents
        if not first < end <= self.documents:
            self._blame(f"a block within {self.documents} documents", f"{first} to {end}")
        return first, end

    @cached_property
    def edges(self) -> Array:
        """int64: the first document of each block, and the number of all."""
        edges = np.append(self._file.read("stored.firsts"), self.documents).astype(np.int64)
        if edges[0] != 0 or (np.diff(edges) < 1).any():
            self._blame(f"blocks of all of {self.documents} documents", "others")
        return edges

    @cached_property
    def sizes(self) -> UInts:
        """uint32: bytes of each block when decompressed."""
        return self._file.read("stored.sizes")

    def packed_blocks(self, first: int, end: int) -> Blocks:
        """Neighbouring blocks, of which there is at least one, as they are on disk."""
        start = self._ends[first - 1] if first else 0
        ends = self._file.read("stored.ends", first, end)
        if (np.diff(ends, prepend=np.uint64(start)).view(np.int64) < 0).any():
            self._blame("blocks one after another", "others")
        sizes = self.sizes[first:end]
        if sizes.max() > LARGEST_BLOCK:
            self._blame(f"blocks of at most {LARGEST_BLOCK} bytes", str(sizes.max()))
        firsts = self.edges[first : end + 1] - self.edges[first]
        data = self._file.view("stored.data", start, int(ends[-1]))
        return Blocks(data, ends - np.uint64(start), firsts[:-1], sizes, int(firsts[-1]))

    @cached_property
    def _firsts(self) -> memoryview:
        """The first document of each block."""
        return self._file.view("stored.firsts")

    @cached_property
    def _places(self) -> kernels.Blocks:
        """Which block holds a document, and where it is."""
        return kernels.Blocks(self._firsts, self._ends, self._sizes, self.documents)

    @cached_property
    def _ends(self) -> memoryview:
        """Where each block ends in the data."""
        return self._file.view("stored.ends")

    @cached_property
    def _sizes(self) -> memoryview:
        """The size of each block when decompressed."""
        return self._file.view("stored.sizes")

    def _unpacked(self, block: int) -> bytes:
        """A block, decompressed, squeezed."""
        start, end, size = self._places.place(block)
        if size > LARGEST_BLOCK:
            self._blame(f"blocks of at most {LARGEST_BLOCK} bytes", str(size))
        if not start <= end <= len(self._data):
            self._blame(f"a block within {len(self._data)} bytes", f"{start} to {end}")
        if not self._verified[block]:
            self._file.pages.verify(self._begin + start, self._begin + end)
            self._verified[block] = 1
        packed, reader = self._data[start:end], _reader()
        try:
            if reader.size_of(packed) != size:
                self._blame(f"a block of {size} bytes", "another size")
            data = reader.decompress(packed)
            return data if packed[HEADER] & HAS_DICTIONARY else kernels.squeeze(data)
        except (reader.error, ValueError) as error:
            self._blame("a zstd block of lines", str(error))

    def _blame(self, expected: str, found: str) -> NoReturn:
        raise DamagedError(self._file.name, "stored", expected, found)
