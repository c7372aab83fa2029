"""Builds one segment: takes documents apart into columns, then writes them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from .. import kernels
from ..arabic import keys_of, letters
from ..storage import ColumnWriter, Directory, FileInfo
from .crew import Crew, Line, Task
from .dtypes import UInts
from .inverting import Inversion
from .keywords import write_ids, write_keywords
from .parse import parse
from .schema import Schema
from .segment import KIND
from .stored import LIMIT, StoredBuffer, dump
from .values import DTYPES, write_values
from .vocabulary import BATCH, Order, write_vocabulary

BATCH_SIZE = 1 << 18
"""Characters of the documents that are taken in together."""

BEHIND = 8
"""Batches that are begun before what came of the first is looked at; more than threads have."""

LONGEST = LIMIT // 8
"""Characters of a document that is dumped later: it cannot come out too large."""

TOKEN_BYTES = 28
"""What a token costs while a segment is inverted: its number, its term, its posting, packed."""

CHARACTER_BYTES = 7
"""What a character costs, about, before the words are counted."""

HELD = 1
"""What a character costs compressed, about."""

WORD_BYTES = 500
"""What a distinct word costs while a segment is written: its key, sorted, and taken apart."""

DOCUMENT_BYTES = 300
"""What a document costs besides: its id, above all."""


class Read(NamedTuple):
    """What came of numbering the words of some documents.

    Attributes:
        tokens: words, repeated ones counted.
        nbytes: what the lexicon takes by then, as `Lexicon.nbytes` has it.
        fresh: words whose analysis is to begin, as `keys_of` takes them.
    """

    tokens: int
    nbytes: int
    fresh: list[tuple[UInts, UInts]]


class Lexicon:
    """The distinct words that a writer has met, and their rungs. Outlives a segment.

    Args:
        crew: analyses the words.
    """

    def __init__(self, crew: Crew) -> None:
        self._crew = crew
        self._begun: deque[Task[tuple[bytes, memoryview]]] = deque()
        self._met = 0  # words whose analysis is to begin or has begun
        self._shared = False  # other segments have words of it
        self._interner = kernels.Interner(kernels.Lexer(letters.classes(), letters.joins()))
        self._keys = kernels.Keys()

    @property
    def nbytes(self) -> int:
        """Memory that it takes to write a segment with all of the words, about, in bytes."""
        return self._interner.nbytes + WORD_BYTES * len(self._interner)

    def tokens(self) -> kernels.Tokens:
        """What takes the texts of a field."""
        return kernels.Tokens(self._interner)

    def read(self, texts: Iterable[tuple[kernels.Tokens, list[str]]]) -> Read:
        """Number the words of texts, given by field; other threads can run, but not in here."""
        tokens, fresh = sum(taker.extend(mine) for taker, mine in texts), []
        while len(self._interner) - self._met >= BATCH:
            fresh.append(self._interner.codes(self._met, self._met + BATCH))
            self._met += BATCH
        return Read(tokens, self.nbytes, fresh)

    def analyse(self, fresh: Iterable[tuple[UInts, UInts]]) -> None:
        """Begin to analyse new words, in the order in which they were met."""
        for codes in fresh:
            self._begun.append(self._crew.begin(keys_of, *codes))
        while self._begun and self._begun[0].done():
            self._keys.take(*self._begun.popleft().result())

    def analyse_rest(self, crew: Crew) -> None:
        """Have a crew analyse the new words that are left."""
        self._begun.append(crew.begin(keys_of, *self._interner.codes(self._met)))
        self._met = len(self._interner)

    def sorting(self, texts: Iterable[kernels.Tokens]) -> kernels.Sorting:
        """What sorts the words of texts into terms: all that was read since it was asked last."""
        while self._begun:
            self._keys.take(*self._begun.popleft().result())
        used = np.zeros(len(self._keys), np.uint8) if self._shared else None
        self._shared = True
        if used is not None:
            for tokens in texts:
                tokens.used(used)
        return kernels.Sorting(self._keys, used)


class SegmentBuilder:
    """Documents on their way into a segment.

    They are taken in by batches: each is handed to the crew, one half of the work, the words, in
    the order of the batches, and the other, compressing, whenever a thread is free.

    Args:
        schema: decides what is done with each field.
        lexicon: numbers the words.
        crew: takes in the documents, inverts and packs the postings.

    Attributes:
        documents: how many there are.
        ids: of those that are live, the number of each.
        dead: the numbers of the others.
        nbytes: memory that writing this segment will take, about, in bytes: the same however
            far the threads are.
    """

    def __init__(self, schema: Schema, lexicon: Lexicon, crew: Crew) -> None:
        self.schema = schema
        self.documents = 0
        self.ids: dict[str, int] = {}
        self.dead: list[int] = []
        self._lexicon = lexicon
        self._tokens = {f: lexicon.tokens() for f in schema.of_kind("text")}
        self._plain = frozenset([schema.id, *self._tokens])
        self._keywords: dict[str, dict[str, list[int]]] = {f: {} for f in schema.of_kind("keyword")}
        self._values: dict[str, dict[int, float]] = {
            f: {} for f in schema.of_kind("number", "date")
        }
        self._crew = crew
        self._batch = _Batch()
        self._begun: deque[tuple[int, Task[Read]]] = deque()  # characters, and what came of them
        self._reading = Line()
        self._stored = StoredBuffer()
        self._token_count = 0
        self.nbytes = lexicon.nbytes
        self._read_bytes = lexicon.nbytes

    def extend(self, schema: Schema) -> None:
        """Go on with a schema that has more fields; earlier documents have none of them."""
        self._hand_over(self._crew)
        self.schema = schema
        for field in schema.of_kind("text"):
            if field not in self._tokens:
                self._tokens[field] = self._lexicon.tokens()
                self._tokens[field].skip(self.documents)
        self._plain = frozenset([schema.id, *self._tokens])
        for field in schema.of_kind("keyword"):
            self._keywords.setdefault(field, {})
        for field in schema.of_kind("number", "date"):
            self._values.setdefault(field, {})

    def add(self, id: str, document: dict[str, Any]) -> int:
        """Take a document in, which nobody changes any more; or raise and leave all as it was.

        Returns:
            Its number in this segment.

        Raises:
            SchemaError: if a field is not in the schema or a value does not fit it.
        """
        size = kernels.text_size(document, self._plain)
        if 0 <= size < LONGEST:
            self._batch.add(document, document, size)
        else:
            size = self._add_parsed(document)
        doc = self.documents
        self.ids[id] = doc
        self.documents = doc + 1
        self.nbytes += CHARACTER_BYTES * size + DOCUMENT_BYTES
        if self._batch.size >= BATCH_SIZE:
            self._hand_over(self._crew)
        return doc

    def _add_parsed(self, document: dict[str, Any]) -> int:
        """Take in a document of more than texts; return its size, about, in characters."""
        parsed = parse(self.schema, document)
        line = dump(document)
        for field, found in parsed.keywords.items():
            docs_of = self._keywords[field]
            for value in found:
                docs_of.setdefault(value, []).append(self.documents)
        for field, number in parsed.values.items():
            self._values[field][self.documents] = number
        self._batch.add(line, parsed.text, len(line))
        return len(line)

    def _hand_over(self, crew: Crew) -> None:
        """Have the batch read and compressed; take what came of those long before.

        How long before is fixed, so that `nbytes` depends on no thread.
        """
        batch, self._batch = self._batch, _Batch()
        if not batch.documents:
            return
        texts = [
            (tokens, [found.get(field, "") or "" for found in batch.texts])
            for field, tokens in self._tokens.items()
        ]
        read = crew.begin_in(self._reading, self._lexicon.read, texts)
        self._begun.append((batch.size, read))
        self._stored.begin(crew, batch.documents)
        if len(self._begun) > BEHIND:
            self._take()
            self._stored.take()

    def _take(self) -> None:
        """Wait for the words of the first batch that was begun."""
        size, task = self._begun.popleft()
        read = task.result()
        self._lexicon.analyse(read.fresh)
        self._token_count += read.tokens
        self.nbytes += TOKEN_BYTES * read.tokens + HELD * size - CHARACTER_BYTES * size
        self.nbytes += read.nbytes - self._read_bytes
        self._read_bytes = read.nbytes

    def write(self, directory: Directory, name: str, analysis: str) -> FileInfo:
        """Write the segment's file, once; what was gathered is let go of on the way.

        Args:
            name: of the file.
            analysis: fingerprint of the rules that the words were analysed by.
        """
        # Threads take longer to start than a few documents to write.
        crew = self._crew if self._begun else Crew(1)
        self._hand_over(crew)
        while self._begun:
            self._take()
        meta: dict[str, Any] = {"documents": self.documents, "analysis": analysis}
        meta["fields"] = {f: [self.schema[f].kind, self.schema[f].boost] for f in self.schema}
        self._lexicon.analyse_rest(crew)
        with ColumnWriter(directory, name, KIND) as out:
            meta["keyword"] = self._write_values(out)
            stored = crew.begin(self._stored.write, out)
            try:
                order = self._sorted(crew)
                texts = {f: Inversion(self._tokens.pop(f), order, crew) for f in [*self._tokens]}
            finally:  # whatever happens, nobody else writes to the file when it is left
                stored.result()
            meta["vocabulary"] = write_vocabulary(out, order.levels, order.children)
            meta["text"] = {field: texts[field].write(out, field) for field in texts}
            return out.finish(meta)

    def _sorted(self, crew: Crew) -> Order:
        """The words of this segment, sorted into terms."""
        sorting = self._lexicon.sorting(self._tokens.values())
        for task in [crew.begin(sorting.sort, part) for part in range(sorting.parts)]:
            task.result()
        return Order(*sorting.tree())

    def _write_values(self, out: ColumnWriter) -> dict[str, Any]:
        """Write the columns of the fields that are no text; return the counts of the keywords."""
        counts = {
            field: write_keywords(out, field, docs_of) for field, docs_of in self._keywords.items()
        }
        counts[self.schema.id] = write_ids(out, self.schema.id, self.ids, self.documents)
        for field, values in self._values.items():
            write_values(out, field, *self._dense(field, values))
        return counts

    def _dense(self, field: str, values: dict[int, float]) -> tuple[Any, Any]:
        out = np.zeros(self.documents, DTYPES[self.schema[field].kind])
        there = np.zeros(self.documents, np.uint8)
        for doc, value in values.items():
            out[doc], there[doc] = value, 1
        return out, there


class _Batch:
    """Documents that are taken in together.

    Attributes:
        documents: what is stored of each: a line, or itself where it is of texts alone.
        texts: what is searched of each, by field.
        size: of all of them, in characters.
    """

    def __init__(self) -> None:
        self.documents: list[dict[str, Any] | bytes] = []
        self.texts: list[Mapping[str, str]] = []
        self.size = 0

    def add(self, stored: dict[str, Any] | bytes, texts: Mapping[str, str], size: int) -> None:
        """Add a document."""
        self.documents.append(stored)
        self.texts.append(texts)
        self.size += size
