"""Scans over posting lists: impacts of words and phrases, top-k, positions.

A query word is a weighting of the vocabulary: some groups of terms (a group is a root)
and, for each of a group's forms, a weight. Its postings are some runs, one a group and
field. They are read once into impacts, one a document, by which documents are ranked.

Here every posting of every word is read and every document scored: this is the exhaustive
scorer that the pruned one must equal. Sums are taken in the same order, so that they agree
to the last bit: a word's runs as given, their postings in turn; parts by falling idf.
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from .arrays import F32, F64, I64, U8, U32, U64, Column
from .packing import BLOCK, PADDING, unpack, unpack_blocks

ROOM = 256
"""Numbers of an outline behind those of the documents."""


def check_column(packed: Column) -> Column:
    """A packed column whose directory and data can be read; ValueError where they cannot."""
    directory, data, count = np.asarray(packed[0]), np.asarray(packed[1]), packed[2]
    if len(directory) < 1 or directory.shape[1] != 2 or len(data) < PADDING:
        raise ValueError("a packed column needs a closing row and padding")
    if count < 0 or (count + BLOCK - 1) // BLOCK >= len(directory):
        raise ValueError("a packed column has fewer blocks than values")
    return directory, data, count


class Lists:
    """The posting lists of one text field of one segment.

    Args:
        docs, forms, tfs, positions: packed columns, `(directory, data, count)`.
        token_starts: uint32, tokens before each block of 128 postings.
        lengths: uint32, tokens of each document in this field.
    """

    def __init__(
        self,
        docs: Column,
        forms: Column,
        tfs: Column,
        positions: Column,
        token_starts: U32 | memoryview,
        lengths: U32 | memoryview,
    ) -> None:
        self._docs, self._forms, self._tfs = map(check_column, (docs, forms, tfs))
        self._positions = check_column(positions)
        token_starts, lengths = np.asarray(token_starts), np.asarray(lengths)
        self._token_starts: U32 = token_starts
        self._lengths: U32 = lengths
        if not docs[2] == forms[2] == tfs[2]:
            raise ValueError("docs, forms and tfs differ in length")
        if len(token_starts) * BLOCK < docs[2]:
            raise ValueError("token_starts has fewer entries than there are blocks")

    def filled(self) -> int:
        """How many documents have a token in this field."""
        return int(np.count_nonzero(self._lengths))

    def _inverses(self, fixed: float, sloped: float, docs: U32) -> F64:
        """Of some documents, 1 / (fixed + sloped * length), as float32."""
        with np.errstate(divide="ignore"):
            inverses = 1 / (fixed + sloped * self._lengths[docs].astype(np.float64))
        return inverses.astype(np.float32).astype(np.float64)

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
        tokens: U64 = self._token_starts[first // BLOCK + blocks].astype(np.uint64)
        tokens += before - before[blocks * BLOCK]
        return tokens[start - first :]

    def _positions_at(self, tokens: I64) -> U32 | None:
        """The positions of some tokens; None: damaged."""
        blocks, which = np.unique(tokens // BLOCK, return_inverse=True)
        values = unpack_blocks(*self._positions[:2], blocks)
        return None if values is None else values[which, tokens % BLOCK]


Run: TypeAlias = tuple[Lists, float, float, int, int, npt.ArrayLike]
"""A run of postings; see `weigh_word`."""


class Impacts:
    """The documents of a segment that have a part of a query, and its impact on each.

    An impact is the saturated frequency tf / (k1 + tf), under 1, as float32: with the part's
    idf it gives what the part adds to the document's score (Anh & Moffat 2006).

    Attributes:
        count: how many documents.
        highest: the highest impact.
        damaged: a block of the postings pointed outside its column.
    """

    def __init__(self, docs: U32, tfs: F64, k1: float, damaged: bool, documents: int) -> None:
        self._docs = docs
        self._room = documents
        self._values: F32 = (tfs / (k1 + tfs)).astype(np.float32)
        self.count = len(docs)
        self.highest = float(self._values.max(initial=0.0))
        self.damaged = damaged
        self._documents = int(docs[-1]) + 1 if len(docs) else 0

    def __len__(self) -> int:
        return self.count

    @property
    def nbytes(self) -> int:
        """Memory that it takes."""
        return 8 * self.count

    def arrays(self) -> tuple[U32, F32]:
        """`(documents uint32, impacts float32)`."""
        return self._docs.copy(), self._values.copy()

    def outline(self) -> bytes:
        """The highest impact on each 16 documents, for `Runs` of the same postings.

        Returns:
            bytes: the impact in 255ths, rounded up, and then some zeros.
        """
        highest = np.zeros((self._room >> 4) + ROOM, np.float32)
        np.maximum.at(highest, self._docs >> 4, self._values)
        return np.ceil(highest.astype(np.float64) * 255).astype(np.uint8).tobytes()


class Runs:
    """A word's postings in a segment, to be read once.

    Args:
        runs: of its postings, `(lists, fixed, sloped, start, stop, weights)`: the Lists of a
            field; a document's norm there is fixed + sloped * length; the postings start:stop
            are those of one group; weights are float32, of each form of the group, not negative.
        k1: how soon a frequency saturates: tf / (k1 + tf).
        outline: of the word's impacts, if it is known: see `Impacts.outline`.

    Attributes:
        count: how many runs.
        damaged: a block of the postings pointed outside its column, or they were out of order.
    """

    def __init__(self, runs: list[Run], k1: float, outline: bytes | None = None) -> None:
        for run in runs:
            _check_run(run[0], run[3], run[4])
        self._runs, self._k1 = runs, k1
        self._documents = max((len(run[0]._lengths) for run in runs), default=0)
        if outline is not None and len(outline) < (self._documents >> 4) + ROOM:
            raise ValueError("an outline has a number for each 16 documents, and some more")
        self.count = len(runs)
        self.damaged = False

    def _weighed(self) -> Impacts:
        impacts = weigh_word(self._runs, self._k1)
        self.damaged = impacts.damaged
        return impacts


def weigh_word(runs: list[Run], k1: float) -> Impacts:
    """The impacts of a word; the arguments are those of `Runs`."""
    documents = max((len(run[0]._lengths) for run in runs), default=0)
    docs: list[U32] = [np.empty(0, np.uint32)]
    values: list[F64] = [np.empty(0, np.float64)]
    damaged = False
    for run in runs:
        found = _frequencies(*run)
        if found is None:
            damaged = True
        else:
            docs.append(found[0])
            values.append(found[1])
    sums = np.bincount(np.concatenate(docs), np.concatenate(values), documents)
    met = np.flatnonzero(sums > 0)
    return Impacts(met.astype(np.uint32), sums[met].astype(np.float64), k1, damaged, documents)


def _check_run(lists: Lists, start: int, stop: int) -> None:
    if start < 0 or stop > lists._docs[2]:
        raise ValueError("a run lies outside its posting lists")


def _frequencies(
    lists: Lists, fixed: float, sloped: float, start: int, stop: int, weights: npt.ArrayLike
) -> tuple[U32, F64] | None:
    """Document and weighted frequency of each posting of a run; None: damaged."""
    _check_run(lists, start, stop)
    postings = lists._postings(start, stop)
    if postings is None:
        return None
    docs, forms, tfs = postings
    if (docs >= len(lists._lengths)).any() or (docs[1:] < docs[:-1]).any():
        return None
    weigh = np.asarray(weights, np.float32)
    known = forms < len(weigh)
    docs, forms, tfs = docs[known], forms[known], tfs[known]
    values = weigh[forms].astype(np.float64) * tfs
    values *= lists._inverses(fixed, sloped, docs)
    return docs, values


def weigh_phrase(words: list[tuple[Impacts | Runs, list[Run]]], slop: int, k1: float) -> Impacts:
    """The impacts of a phrase: words in order in one field.

    Args:
        words: of each, its Impacts or its Runs, and the runs, as `Runs` takes them.
        slop: how many other words may stand among them.
        k1: how soon a frequency saturates: tf / (k1 + tf).
    """
    if not words or not 0 <= slop < 1 << 31:
        raise ValueError("a phrase takes words, and a number of others among them")
    sources = [part._weighed() if isinstance(part, Runs) else part for part, _ in words]
    wanted = sources[0]._docs
    for impacts in sources[1:]:
        wanted = np.intersect1d(wanted, impacts._docs)
    tfs = np.zeros(len(wanted))
    damaged = any(impacts.damaged for impacts in sources)
    fields = {id(run[0]): run for run in words[0][1]}
    for lists, fixed, sloped, *_ in fields.values():
        places = [_places(runs, lists, wanted) for _, runs in words]
        if any(each is None for each in places):
            damaged = True
            continue
        starts, _ = chain([each for each in places if each is not None], slop)
        counts = np.bincount(starts >> 32, minlength=len(wanted))
        inside = wanted < len(lists._lengths)
        tfs[inside] += counts[inside] * lists._inverses(fixed, sloped, wanted[inside])
    met = tfs > 0
    return Impacts(wanted[met], tfs[met], k1, damaged, max(s._room for s in sources))


def locate_phrase(
    words: list[list[Run]], slop: int, docs: Sequence[int]
) -> list[tuple[int, int, int]] | None:
    """Where a phrase stands in some documents.

    Args:
        words: of each, its runs in one field, as `weigh_word` takes them.
        slop: how many other words may stand among them.
        docs: ascending document numbers.

    Returns:
        `(index into docs, first position, last position)` of each, in that order; None where a
        block is damaged.
    """
    if not words or not 0 <= slop < 1 << 31:
        raise ValueError("a phrase takes words, and a number of others among them")
    if not all(words):
        return []
    wanted = np.array(docs, np.uint32)
    places = [_places(runs, runs[0][0], wanted) for runs in words]
    if any(each is None for each in places):
        return None
    starts, ends = chain([each for each in places if each is not None], slop)
    columns = starts >> 32, starts & 0xFFFFFFFF, ends & 0xFFFFFFFF
    return list(zip(*(column.tolist() for column in columns), strict=True))


def _places(runs: list[Run], lists: Lists, wanted: U32) -> I64 | None:
    """Where a word stands in a field of some documents, as `chain` takes it; None: damaged."""
    places: list[I64] = [np.empty(0, np.int64)]
    for each, _, _, start, stop, weights in runs:
        if each is lists:
            found = locate(lists, start, stop, weights, wanted)
            if found is None:
                return None
            places.append(found[0].astype(np.int64) << 32 | found[1])
    return np.unique(np.concatenate(places))


def chain(places: Sequence[I64], slop: int) -> tuple[I64, I64]:
    """The places of the first word from which the others follow in order, and of the last.

    Each word is taken where it stands first after the one before.

    Args:
        places: of each word, int64, document << 32 | position, ascending.
        slop: how many other words may stand among them, all together.
    """
    starts = places[0]
    ends = starts
    for mine in places[1:]:
        at = np.searchsorted(mine, ends, "right")
        there = at < len(mine)
        starts, ends = starts[there], mine[at[there]]
        near = (ends >> 32 == starts >> 32) & (ends - starts < len(places) + slop)
        starts, ends = starts[near], ends[near]
    return starts, ends


class TopK:
    """The k best (score, document) so far; a tie goes to the lower document number.

    Scores are compared as float32, so that the last bit of a sum cannot reorder equals.
    """

    def __init__(self, k: int) -> None:
        if not 0 <= k < 1 << 31:
            raise ValueError("k is a number of documents")
        self.k = k
        self._docs: U64 = np.empty(0, np.uint64)
        self._scores: F32 = np.empty(0, np.float32)

    @property
    def count(self) -> int:
        """How many documents it holds."""
        return len(self._docs)

    def ranked(self) -> list[tuple[int, float]]:
        """`(document, score)`, best first. The heap is sorted for it: nothing can follow."""
        return list(zip(self._docs.tolist(), self._scores.tolist(), strict=True))

    def _offer(self, docs: U64, scores: F32) -> None:
        docs = np.concatenate([self._docs, docs])
        scores = np.concatenate([self._scores, scores])
        order = np.lexsort((docs, -scores))[: self.k]
        self._docs, self._scores = docs[order], scores[order]


def count_any(parts: list[Impacts], allowed: U8 | None = None) -> int:
    """How many documents of a segment have any of some parts of a query.

    Args:
        parts: Impacts of each part.
        allowed: uint8, one a document, 0 where it is not counted; None: all are.
    """
    docs = np.unique(np.concatenate([np.empty(0, np.uint32), *(part._docs for part in parts)]))
    if allowed is None:
        return len(docs)
    if len(docs) and len(allowed) <= int(docs[-1]):
        raise ValueError("a count takes a flag a document")
    return int(np.count_nonzero(np.asarray(allowed)[docs]))


def best(
    top: TopK,
    first_doc: int,
    parts: Sequence[Impacts | Runs],
    idfs: list[float],
    allowed: U8 | None = None,
) -> bool:
    """Offer the documents of a segment that any part of a query finds, scored by BM25F.

    Args:
        top: collects; segments must be run in document order.
        first_doc: added to this segment's document numbers.
        parts: Impacts of each part, or the Runs of a word. Runs that were damaged tell so after.
        idfs: weight of each part, not negative.
        allowed: uint8, one a document, 0 where it must not be returned; None: all may.

    Returns:
        Whether all parts are sound.
    """
    if len(idfs) != len(parts):
        raise ValueError("a scan takes an idf a part")
    documents = max((part._documents for part in parts), default=0)
    if allowed is not None and len(allowed) < documents:
        raise ValueError("a scan takes a flag a document")
    scores = np.zeros(documents)
    for number in sorted(range(len(parts)), key=idfs.__getitem__)[::-1]:
        part = parts[number]
        impacts = part._weighed() if isinstance(part, Runs) else part
        scores[impacts._docs] += idfs[number] * impacts._values.astype(np.float64)
    rounded = scores.astype(np.float32)
    wanted = rounded > 0
    if allowed is not None:
        wanted &= allowed[: len(scores)] != 0
    docs = np.flatnonzero(wanted)
    top._offer(np.uint64(first_doc) + docs.astype(np.uint64), rounded[docs])
    return not any(part.damaged for part in parts)


def locate(
    lists: Lists, start: int, stop: int, weights: npt.ArrayLike, wanted: U32
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
    _check_run(lists, start, stop)
    weigh = np.asarray(weights, np.float32)
    postings, tokens = lists._postings(start, stop), lists._tokens(start, stop)
    if postings is None or tokens is None:
        return None
    docs, forms, tfs = postings
    positive = np.append(weigh > 0, False)  # a form beyond the weights has none
    kept = np.isin(docs, wanted) & positive[np.minimum(forms, len(weigh))]
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
