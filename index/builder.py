"""Builds one segment: takes documents apart into columns, then writes them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from .. import kernels
from ..arabic import keys_of, letters
from ..storage import ColumnWriter, Directory, FileInfo
from .crew import Crew, Task
from .dtypes import UInts
from .keywords import write_ids, write_keywords
from .parse import parse
from .postings import write_postings
from .schema import Schema
from .segment import KIND
from .stored import StoredBuffer, dump
from .values import DTYPES, write_values
from .vocabulary import BATCH, Order, write_vocabulary

TOKEN_BYTES = 28
"""What a token costs while a segment is inverted: its number, its term, its posting, packed."""

FEW = 1 << 16
"""Tokens that are inverted sooner than threads are started."""

WORD_BYTES = 500
"""What a distinct word costs while a segment is written: its key, sorted, and taken apart."""


class Lexicon:
    """The distinct words that a writer has met, and their rungs. Outlives a segment.

    Args:
        crew: analyses the words.
    """

    def __init__(self, crew: Crew) -> None:
        self._crew = crew
        self._begun: deque[Task[tuple[bytes, memoryview]]] = deque()
        self._met = 0  # words whose analysis has begun
        self._interner = kernels.Interner(kernels.Lexer(letters.classes(), letters.joins()))
        self._keys = kernels.Keys()

    @property
    def nbytes(self) -> int:
        """Memory that it takes to write a segment with all of the words, about, in bytes."""
        return self._interner.nbytes + WORD_BYTES * len(self._interner)

    def tokens(self) -> kernels.Tokens:
        """What takes the texts of a field."""
        return kernels.Tokens(self._interner)

    def analyse(self) -> None:
        """Begin to analyse the new words, where they are many."""
        while len(self._interner) - self._met >= BATCH:
            codes = self._interner.codes(self._met, self._met + BATCH)
            self._begun.append(self._crew.begin(keys_of, *codes))
            self._met += BATCH
            while self._begun and self._begun[0].done():
                self._keys.take(*self._begun.popleft().result())

    def _finish(self) -> None:
        """Have the keys of all words."""
        self.analyse()
        while self._begun:
            self._keys.take(*self._begun.popleft().result())
        if len(self._keys) < len(self._interner):
            self._keys.take(*keys_of(*self._interner.codes(len(self._keys))))
        self._met = len(self._keys)

    def sorted(self, texts: Iterable[UInts]) -> Order:
        """The words that some texts have, sorted into terms."""
        self._finish()
        used = np.zeros(len(self._keys), np.uint8)
        for numbers in texts:
            used[numbers] = 1
        return Order(*self._keys.sort(used))


class SegmentBuilder:
    """Documents on their way into a segment.

    Args:
        schema: decides what is done with each field.
        lexicon: numbers the words.
        crew: compresses the documents, inverts and packs the postings.
    """

    def __init__(self, schema: Schema, lexicon: Lexicon, crew: Crew) -> None:
        self.schema = schema
        self.documents = 0
        self.ids: dict[str, int] = {}
        self.dead: list[int] = []
        self._lexicon = lexicon
        self._tokens = {f: lexicon.tokens() for f in schema.of_kind("text")}
        self._keywords: dict[str, dict[str, list[int]]] = {f: {} for f in schema.of_kind("keyword")}
        self._values: dict[str, dict[int, float]] = {
            f: {} for f in schema.of_kind("number", "date")
        }
        self._token_count = 0
        self._crew = crew
        self._stored = StoredBuffer(crew)

    @property
    def nbytes(self) -> int:
        """Memory that writing this segment will take, about, in bytes."""
        return (
            TOKEN_BYTES * self._token_count
            + self._stored.held
            + self._lexicon.nbytes
            + 300 * self.documents
        )

    def extend(self, schema: Schema) -> None:
        """Go on with a schema that has more fields; earlier documents have none of them."""
        self.schema = schema
        for field in schema.of_kind("text"):
            if field not in self._tokens:
                self._tokens[field] = self._lexicon.tokens()
                self._tokens[field].skip(self.documents)
        for field in schema.of_kind("keyword"):
            self._keywords.setdefault(field, {})
        for field in schema.of_kind("number", "date"):
            self._values.setdefault(field, {})

    def add(self, id: str, document: Mapping[str, Any]) -> int:
        """Take a document in, or raise and leave all as it was.

        Returns:
            Its number in this segment.

        Raises:
            SchemaError: if a field is not in the schema or a value does not fit it.
        """
        parsed = parse(self.schema, document)
        line = dump(document)
        doc = self.documents
        for field, tokens in self._tokens.items():
            self._token_count += tokens.add(parsed.text.get(field, ""))
        self._lexicon.analyse()
        for field, found in parsed.keywords.items():
            docs_of = self._keywords[field]
            for value in found:
                docs_of.setdefault(value, []).append(doc)
        for field, number in parsed.values.items():
            self._values[field][doc] = number
        self._stored.add(line)
        self.ids[id] = doc
        self.documents += 1
        return doc

    def write(self, directory: Directory, name: str, analysis: str) -> FileInfo:
        """Write the segment's file, once; what was gathered is let go of on the way.

        Args:
            name: of the file.
            analysis: fingerprint of the rules that the words were analysed by.
        """
        self._stored.finish()
        crew = self._crew if self._token_count > FEW else Crew(1)
        order = self._lexicon.sorted(tokens.numbers() for tokens in self._tokens.values())
        meta: dict[str, Any] = {"documents": self.documents, "analysis": analysis}
        meta["fields"] = {f: [self.schema[f].kind, self.schema[f].boost] for f in self.schema}
        with ColumnWriter(directory, name, KIND) as out:
            meta["vocabulary"] = write_vocabulary(out, order.levels, order.children)
            meta["text"] = {
                field: write_postings(out, field, self._tokens.pop(field), order, crew)
                for field in [*self._tokens]
            }
            meta["keyword"] = {
                field: write_keywords(out, field, docs_of)
                for field, docs_of in self._keywords.items()
            }
            meta["keyword"][self.schema.id] = write_ids(
                out, self.schema.id, self.ids, self.documents
            )
            for field, values in self._values.items():
                write_values(out, field, *self._dense(field, values))
            self._stored.write(out)
            return out.finish(meta)

    def _dense(self, field: str, values: dict[int, float]) -> tuple[Any, Any]:
        out = np.zeros(self.documents, DTYPES[self.schema[field].kind])
        there = np.zeros(self.documents, np.uint8)
        for doc, value in values.items():
            out[doc], there[doc] = value, 1
        return out, there
