"""Scans over posting lists: weighted term frequencies, top-k, positions.

A query word is a weighting of the vocabulary: some groups of terms (a group is a root)
and, for each of a group's forms, a weight. A cursor walks the postings of one group in
one field; postings of a group ascend by (document, form).

Here every posting of every word is read and every document scored: this is the exhaustive
scorer that the pruned one must equal. Sums are taken in the same order, so that they agree
to the last bit: words by falling idf, a word's cursors as given, their postings in turn.
"""

from dataclasses import dataclass

import numpy as np

from .arrays import F32, F64, I64, U8, U32, U64, Column
from .packing import BLOCK, LANES, unpack, unpack_blocks


def check_column(packed: Column) -> Column:
    """A packed column whose directory and data can be read; ValueError where they cannot."""
    directory, data, count = packed
    if len(directory) < 1 or directory.shape[1] != 2 or len(data) < 1 or data.shape[1] != LANES:
        raise ValueError("a packed column needs a closing row and a row of padding")
    if count < 0 or (count + BLOCK - 1) // BLOCK >= len(directory):
        raise ValueError("a packed column has fewer blocks than values")
    return packed


class Lists:
    """The posting lists of one text field of one segment.

    Args:
        docs, forms, tfs, positions: packed columns, `(directory, data, count)`.
        token_starts: uint64, tokens before each block of 128 postings.
        lengths: uint32, tokens of each document in this field.
    """

    def __init__(
        self,
        docs: Column,
        forms: Column,
        tfs: Column,
        positions: Column,
        token_starts: U64,
        lengths: U32,
    ) -> None:
        self._docs, self._forms, self._tfs = map(check_column, (docs, forms, tfs))
        self._positions = check_column(positions)
        self._token_starts = token_starts
        self._lengths = lengths
        if not docs[2] == forms[2] == tfs[2]:
            raise ValueError("docs, forms and tfs differ in length")
        if len(token_starts) * BLOCK < docs[2]:
            raise ValueError("token_starts has fewer entries than there are blocks")

    def _postings(self, start: int, stop: int) -> tuple[U32, U32, U32] | None:
        """Documents, forms and frequencies of the postings `start:stop`; None: damaged."""
        docs, forms, tfs = (
            unpack(*column[:2], start, max(start, stop))
            for column in (self._docs, self._forms, self._tfs)
        )
        return None if docs is None or forms is None or tfs is None else (docs, forms, tfs)

    def _tokens(self, start: int, stop: int) -> U64 | None:
        """Where the positions of each of the postings `start:stop` begin; None: damaged."""
        first = start // BLOCK * BLOCK
        tfs = unpack(*self._tfs[:2], first, max(first, stop))
        if tfs is None:
            return None
        before = np.cumsum(tfs, dtype=np.uint64) - tfs
        blocks = np.arange(len(tfs)) // BLOCK
        tokens: U64 = self._token_starts[first // BLOCK + blocks]
        tokens += before - before[blocks * BLOCK]
        return tokens[start - first :]

    def _positions_at(self, tokens: I64) -> U32 | None:
        """The positions of some tokens; None: damaged."""
        blocks, which = np.unique(tokens // BLOCK, return_inverse=True)
        values = unpack_blocks(*self._positions[:2], blocks)
        return None if values is None else values[which, tokens % BLOCK]


class TopK:
    """The k best (score, document) so far; a tie goes to the lower document number.

    Scores are compared as float32, so that the last bit of a sum cannot reorder equals.
    """

    def __init__(self, k: int) -> None:
        if not 0 <= k < 1 << 31:
            raise ValueError("k is a number of documents")
        self.k = k
        self.floor = 0.0
        self._docs: U64 = np.empty(0, np.uint64)
        self._scores: F32 = np.empty(0, np.float32)

    @property
    def count(self) -> int:
        """How many documents it holds."""
        return len(self._docs)

    def ranked(self) -> tuple[U64, F32]:
        """`(docs, scores)`, best first: uint64 and float32 arrays."""
        return self._docs.copy(), self._scores.copy()

    def _offer(self, docs: U64, scores: F32) -> None:
        docs = np.concatenate([self._docs, docs])
        scores = np.concatenate([self._scores, scores])
        order = np.lexsort((docs, -scores))[: self.k]
        self._docs, self._scores = docs[order], scores[order]


@dataclass(frozen=True)
class Cursor:
    """The postings `start:stop` of one list; `fixed + sloped * length` is a document's norm."""

    lists: Lists
    start: int
    stop: int
    weights: F32
    fixed: float
    sloped: float

    def frequencies(self) -> tuple[U32, F64] | None:
        """Document and weighted frequency of each posting that counts; None: damaged."""
        postings = self.lists._postings(self.start, self.stop)
        if postings is None:
            return None
        docs, forms, tfs = postings
        lengths = self.lists._lengths
        if (docs >= len(lengths)).any() or (docs[1:] < docs[:-1]).any():
            return None
        known = forms < len(self.weights)
        docs, forms, tfs = docs[known], forms[known], tfs[known]
        values = self.weights[forms].astype(np.float64) * tfs
        with np.errstate(divide="ignore"):
            inverses = 1 / (self.fixed + self.sloped * lengths[docs].astype(np.float64))
        values *= inverses.astype(np.float32)
        some = values > 0
        return docs[some], values[some]


class Scan:
    """Cursors of some query words over one segment, ready to run once.

    Args:
        lists: Lists of each text field.
        scales: float64 (fields, 2): a document's norm is `fixed + sloped * length`.
        cursors: int64 (n, 5): word, field, first posting, end, first of its weights;
            sorted by word. The weights of a cursor end where the next one's begin.
        weights: float32, the weights of the forms of all cursors' groups.
        words: how many words there are.
    """

    def __init__(
        self, lists: list[Lists], scales: F64, cursors: I64, weights: F32, words: int
    ) -> None:
        check_cursors(len(lists), scales, cursors, len(weights), words)
        ends = np.append(cursors[1:, 4], len(weights))[: len(cursors)]
        self._documents = max((len(each._lengths) for each in lists), default=0)
        self._cursors: list[list[Cursor]] = [[] for _ in range(words)]
        self.damaged = False
        """Whether a block pointed outside its column."""
        for (word, field, start, stop, first), end in zip(
            cursors.tolist(), ends.tolist(), strict=True
        ):
            if start < 0 or stop > lists[field]._docs[2]:
                raise ValueError("a cursor lies outside its posting lists")
            cursor = Cursor(lists[field], start, stop, weights[first:end], *scales[field].tolist())
            self._cursors[word].append(cursor)

    def gather(self) -> tuple[U32, F64]:
        """Of each document that any cursor meets: `(docs uint32, frequencies float64)`.

        For one word: its cursors' weighted frequencies, summed.
        """
        sums = self._sums([cursor for word in self._cursors for cursor in word])
        docs = np.flatnonzero(sums)
        return docs.astype(np.uint32), sums[docs]

    def best(self, top: TopK, first_doc: int, idfs: F64, k1: float, allowed: U8) -> None:
        """Offer this segment's documents to `top`, scored by BM25F, all of them.

        Args:
            top: collects; segments must be run in document order.
            first_doc: added to this segment's document numbers.
            idfs: float64, weight of each word, positive.
            k1: how soon a frequency saturates: tf / (k1 + tf).
            allowed: a uint8 a document, 0 where it must not be returned; empty: all may.
        """
        if len(idfs) != len(self._cursors) or 0 < len(allowed) < self._documents:
            raise ValueError("a scan takes an idf a word and a flag a document")
        scores = np.zeros(self._documents)
        for word in np.argsort(idfs, kind="stable")[::-1]:
            sums = self._sums(self._cursors[word])
            met = sums > 0
            scores[met] += idfs[word] * sums[met] / (k1 + sums[met])
        rounded = scores.astype(np.float32)
        wanted = rounded.astype(np.float64) > max(top.floor, 0)
        if len(allowed):
            wanted &= allowed[: self._documents] != 0
        docs = np.flatnonzero(wanted)
        top._offer(np.uint64(first_doc) + docs.astype(np.uint64), rounded[docs])

    def _sums(self, cursors: list[Cursor]) -> F64:
        """The weighted frequency of every document of the segment, summed over cursors."""
        docs: list[U32] = [np.empty(0, np.uint32)]
        values: list[F64] = [np.empty(0, np.float64)]
        for cursor in cursors:
            found = cursor.frequencies()
            if found is None:
                self.damaged = True
            else:
                docs.append(found[0])
                values.append(found[1])
        every, each = np.concatenate(docs), np.concatenate(values)
        return np.bincount(every, each, self._documents).astype(np.float64, copy=False)


def check_cursors(fields: int, scales: F64, cursors: I64, weights: int, words: int) -> None:
    """Refuse cursors that point at a word, a field or weights that are not there."""
    if words < 0 or scales.shape != (fields, 2) or cursors.shape[1] != 5:
        raise ValueError("a scan takes two scales a field and five numbers a cursor")
    word, field, first = cursors[:, 0], cursors[:, 1], cursors[:, 4]
    ascending = all((np.diff(column) >= 0).all() for column in (word, first))
    limits = ((word, words), (field, fields), (first, weights + 1))
    inside = all(((column >= 0) & (column < limit)).all() for column, limit in limits)
    if not (ascending and inside):
        raise ValueError("a cursor lies outside its posting lists")


def locate(
    lists: Lists, start: int, stop: int, weights: F32, wanted: U32
) -> tuple[U32, U32, U32] | None:
    """Positions of the forms with a positive weight in the wanted documents.

    Args:
        start, stop: the postings of a group.
        weights: float32, of each form of the group.
        wanted: uint32, ascending document numbers.

    Returns:
        uint32 arrays `(which, positions, forms)`: index into `wanted`, position and form of each
        occurrence, by document, then form, then position; None where a block is damaged.
    """
    if start < 0 or stop > lists._docs[2]:
        raise ValueError("a cursor lies outside its posting lists")
    postings, tokens = lists._postings(start, stop), lists._tokens(start, stop)
    if postings is None or tokens is None:
        return None
    docs, forms, tfs = postings
    positive = np.append(weights > 0, False)  # a form beyond the weights has none
    kept = np.isin(docs, wanted) & positive[np.minimum(forms, len(weights))]
    docs, forms, tfs, tokens = docs[kept], forms[kept], tfs[kept], tokens[kept]
    limit, total = lists._positions[2], int(tfs.sum(dtype=np.uint64))
    if total > limit or (tokens > limit).any() or (tfs > limit - tokens).any():
        return None
    begins = tokens.astype(np.int64) - (np.cumsum(tfs, dtype=np.int64) - tfs)
    positions = lists._positions_at(np.repeat(begins, tfs) + np.arange(total))
    if positions is None:
        return None
    which = np.searchsorted(wanted, docs).astype(np.uint32)
    return np.repeat(which, tfs), positions, np.repeat(forms, tfs)
