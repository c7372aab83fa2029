"""Both makes of the kernels, and small corpora with queries for them.

A corpus is drawn by its shape and filled from a seed, so that it can cross the borders of
blocks (128 postings) and windows (2048 documents) and still shrink to a small one.

Once a release they also pass on two builds that stop where memory is misused. With the
checks of Cython, for typed arrays:

    KASHAF_DEBUG_KERNELS=1 python setup.py build_ext --inplace --force
    pytest tests/kernels

and with those of gcc, for pointers, too:

    export CFLAGS="-fsanitize=address,undefined -fno-sanitize-recover=undefined -g"
    LDFLAGS="$CFLAGS" python setup.py build_ext --inplace --force
    export ASAN_OPTIONS=detect_leaks=0 PYTHONMALLOC=malloc
    LD_PRELOAD="$(gcc -print-file-name=libasan.so) $(gcc -print-file-name=libubsan.so)" \\
        pytest tests/kernels

After either, `python setup.py build_ext --inplace --force` builds the fast ones again.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib import import_module
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import strategies as st
from kashaf import kernels
from kashaf.kernels.twins.inverting import invert
from kashaf.kernels.twins.packing import BLOCK, pack

ROOMS = (
    *("analyzing", "dumping", "inverting", "lexing", "loading", "occurrences"),
    *("packing", "scanning", "snippets", "sorting", "strings", "texts"),
)


def load(pattern):
    """The kernels of one make, as one namespace."""
    modules = [import_module(pattern.format(room)) for room in ROOMS]
    names = {*kernels.__all__} - {"native"}
    return SimpleNamespace(**{n: getattr(m, n) for m in modules for n in names & {*dir(m)}})


@pytest.fixture(scope="session")
def twins():
    return load("kashaf.kernels.twins.{}")


@pytest.fixture(scope="session")
def compiled():
    try:
        return load("kashaf.kernels._{}")
    except ImportError:
        pytest.skip("the kernels are not compiled")


@pytest.fixture(scope="session", params=["compiled", "twins"])
def make(request):
    """Each of the two makes."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def column():
    return column_of


@pytest.fixture(scope="session")
def cases():
    """Queries over a corpus."""
    return queries()


@pytest.fixture(scope="session")
def small_cases():
    """Queries over a corpus that plain Python can search."""
    return queries(documents=st.integers(0, 12), mean=st.just(4.0), vocabulary=st.integers(1, 9))


@pytest.fixture(scope="session")
def big_case():
    """A query of eight words over many documents, by seed: there is much to prune."""
    return lambda seed: case_of(seed, 20_000, 12.0, 400, 40, 1, 8, False)


@pytest.fixture(scope="session")
def same():
    return assert_same


def assert_same(first, second):
    """Whether two tuples of arrays, or two Nones, are alike, dtypes and all."""
    assert (first is None) == (second is None)
    for a, b in zip(first or (), second or (), strict=True):
        assert a.dtype == b.dtype
        np.testing.assert_array_equal(a, b)


def column_of(values):
    """A packed column as a file holds it."""
    values = np.asarray(values, np.uint32)
    filled = np.concatenate([values, np.repeat(values[-1:], -len(values) % BLOCK)])
    directory, data = pack(filled)
    directory = np.append(directory, [[0, 4 * len(data)]], axis=0).astype(np.uint32)
    return directory, np.append(data, [0] * 4).astype(np.uint32), len(values)


@dataclass(frozen=True)
class Words:
    """A vocabulary: of each word, its group and its place inside it."""

    group_of: np.ndarray
    form_of: np.ndarray
    sizes: np.ndarray


@dataclass(frozen=True)
class Field:
    """The tokens of one field of all documents, and their posting lists."""

    words: Words
    tokens: np.ndarray
    lengths: np.ndarray

    @cached_property
    def inverted(self):
        firsts = np.cumsum([0, *self.words.sizes]).astype(np.uint32)
        words = self.words
        return invert(self.tokens, self.lengths, words.group_of, words.form_of, firsts)[:5]

    @cached_property
    def arguments(self):
        """What `Lists` takes."""
        _, docs, forms, tfs, positions = self.inverted
        before = np.append(np.uint64(0), np.cumsum(tfs, dtype=np.uint64))[:-1]
        columns = map(column_of, (docs, forms, tfs, positions))
        return [*columns, before[::BLOCK].astype(np.uint32), self.lengths]

    def texts(self):
        """The documents, as lists of (group, form)."""
        ends = np.cumsum(self.lengths, dtype=int)
        for end, length in zip(ends.tolist(), self.lengths.tolist(), strict=True):
            tokens = self.tokens[end - length : end]
            pairs = zip(self.words.group_of[tokens], self.words.form_of[tokens], strict=True)
            yield [(int(group), int(form)) for group, form in pairs]


@dataclass(frozen=True)
class Case:
    """A query over the same segment, taken once or more."""

    fields: list[Field]
    scales: np.ndarray
    picks: list[tuple[int, int, int]]  # word, field, group
    weights: np.ndarray
    idfs: np.ndarray
    k1: float
    allowed: np.ndarray
    segments: int
    arguments: list = field(default_factory=list)  # of each field's Lists, where not its own

    @property
    def documents(self):
        return len(self.fields[0].lengths)

    @cached_property
    def runs(self):
        """Of each pick: word, field, first posting, end, and the weights of the forms."""
        rows, first = [], 0
        for word, at, group in self.picks:
            starts = self.fields[at].inverted[0].tolist()
            end = first + int(self.fields[at].words.sizes[group])
            rows.append((word, at, starts[group], starts[group + 1], self.weights[first:end]))
            first = end
        return rows

    def runs_of(self, lists, *words):
        """The runs of some words as the kernels take them."""
        return [
            (lists[at], *self.scales[at].tolist(), start, stop, weights)
            for word, at, start, stop, weights in self.runs
            if word in words
        ]

    def lists(self, make):
        return [make.Lists(*each) for each in self.arguments or (f.arguments for f in self.fields)]

    def impacts(self, make, lists=None):
        """The impacts of each word."""
        return self.parts(make, lists or self.lists(make))

    def parts(self, make, lists, unread=(), outlined=()):
        """Of each word its impacts or, where it is unread, its runs, with an outline or without."""
        out = []
        for word in range(len(self.idfs)):
            runs = self.runs_of(lists, word)
            impacts = make.weigh_word(runs, self.k1)
            known = impacts.outline() if word in outlined else None
            out.append(make.Runs(runs, self.k1, known) if word in unread else impacts)
        return out

    def phrase(self, make, words, slop, unread=()):
        """The impacts of some of the words as a phrase."""
        lists = self.lists(make)
        given = []
        for word in words:
            runs = self.runs_of(lists, word)
            give = make.Runs if word in unread else make.weigh_word
            given.append((give(runs, self.k1), runs))
        return make.weigh_phrase(given, slop, self.k1)

    def places(self, make, words, slop, field):
        """Where some of the words stand as a phrase in one field."""
        lists = self.lists(make)
        runs = [[r for r in self.runs_of(lists, word) if r[0] is lists[field]] for word in words]
        return make.locate_phrase(runs, slop, range(self.documents))

    def top(self, make, k, unread=(), outlined=()):
        """The k best of all segments, and whether the postings are damaged."""
        top, lists, damaged = make.TopK(k), self.lists(make), False
        allowed = self.allowed if len(self.allowed) else None
        for segment in range(self.segments):
            parts = self.parts(make, lists, unread, outlined)
            make.best(top, segment * self.documents, parts, self.idfs.tolist(), allowed)
            damaged |= any(part.damaged for part in parts)
        assert top.count <= top.k == k
        return top, damaged

    def ranked(self, make, k, unread=(), outlined=()):
        """The documents and the scores of the best, as arrays."""
        top, damaged = self.top(make, k, unread, outlined)
        assert not damaged
        return columns(top.ranked())

    def located(self, make, number, wanted):
        _, at, start, stop, weights = self.runs[number]
        return make.locate(self.lists(make)[at], start, stop, weights, wanted)

    def frequencies(self, words):
        """Of each document, the frequency of some words: in plain Python, from the text."""
        texts = [[Counter(text) for text in each.texts()] for each in self.fields]
        sums = [0.0] * self.documents
        for number, (word, at, group) in enumerate(self.picks):
            weights = self.runs[number][4]
            fixed, sloped = self.scales[at].tolist()
            for doc, counts in enumerate(texts[at] if word in words else []):
                norm = fixed + sloped * int(self.fields[at].lengths[doc])
                inverse = float(np.float32(1 / norm))  # kernels keep the inverses as float32
                for form, weight in enumerate(weights.tolist()):
                    sums[doc] += weight * counts[group, form] * inverse
        return sums

    def scores(self):
        """Of each document, its score: in plain Python, from the text."""
        idfs, words = self.idfs.tolist(), range(len(self.idfs))
        values = [[self.saturated(tf) for tf in self.frequencies({word})] for word in words]
        bounds = [idf * max(row, default=0.0) for idf, row in zip(idfs, values, strict=True)]
        scores = [0.0] * self.documents
        for word in sorted(words, key=bounds.__getitem__)[::-1]:
            for doc, value in enumerate(values[word]):
                scores[doc] += idfs[word] * value
        return scores

    def saturated(self, tf):
        """An impact: kernels keep it as float32."""
        return float(np.float32(tf / (self.k1 + tf))) if tf else 0.0

    def phrases(self, words, slop):
        """Of each document, the frequency of a phrase: in plain Python, from the text."""
        sums = [0.0] * self.documents
        for at, each in enumerate(self.fields):
            fixed, sloped = self.scales[at].tolist()
            for doc, count in enumerate(self.rows(words, slop, at)):
                norm = fixed + sloped * int(each.lengths[doc])
                sums[doc] += count * float(np.float32(1 / norm))
        return sums

    def rows(self, words, slop, field):
        """Of each document, how often a phrase stands in a field: in plain Python."""
        kept = [
            {
                (group, form)
                for (number, at, group), row in zip(self.picks, self.runs, strict=True)
                for form in np.flatnonzero(row[4]).tolist()
                if number == word and at == field
            }
            for word in words
        ]
        return [
            rows_of([[i for i, term in enumerate(text) if term in each] for each in kept], slop)
            for text in self.fields[field].texts()
        ]

    def damaged_by(self, seed):
        """The same with a few cells of one array of one field overwritten."""
        rng = np.random.default_rng(seed)
        arguments = [list(each.arguments) for each in self.fields]
        lists = arguments[rng.integers(len(arguments))]
        which = int(rng.integers(6))
        if which < 4:
            parts = list(lists[which])
            part = int(rng.integers(2))
            parts[part] = overwritten(parts[part], rng)
            lists[which] = tuple(parts)
        else:
            lists[which] = overwritten(lists[which], rng)
        return replace(self, arguments=arguments)


def rows_of(places, slop):
    """How often the first word begins a row, each word where it stands first after the last."""
    found = 0
    for begin in places[0]:
        here = begin
        for mine in places[1:]:
            here = min((place for place in mine if place > here), default=None)
            if here is None or here - begin >= len(places) + slop:
                break
        else:
            found += 1
    return found


def columns(ranked):
    """What `TopK.ranked` returns, as arrays."""
    docs, scores = zip(*ranked, strict=True) if ranked else ((), ())
    return np.array(docs, np.uint64), np.array(scores, np.float32)


def overwritten(array, rng):
    """A copy with a few cells changed to numbers that tend to hurt."""
    flat = array.copy().reshape(-1)
    width = 8 * array.itemsize
    hurtful = [0, 1, 2, 127, 128, 2**31 - 1, 2**31, 2**width - 129, 2**width - 2, 2**width - 1]
    for _ in range(int(rng.integers(1, 6)) if len(flat) else 0):
        at = rng.integers(len(flat))
        near = int(flat[at]) ^ 1 << int(rng.integers(width))
        flat[at] = near if rng.random() < 0.5 else hurtful[rng.integers(len(hurtful))]
    return flat.reshape(array.shape)


def words_of(rng, vocabulary, groups):
    group_of = rng.integers(0, groups, vocabulary).astype(np.uint32)
    sizes = np.bincount(group_of, minlength=groups)
    form_of = np.zeros(vocabulary, np.uint32)
    for group, size in enumerate(sizes):
        form_of[group_of == group] = np.arange(size)
    return Words(group_of, form_of, sizes)


def field_of(rng, words, documents, mean):
    lengths = rng.poisson(mean, documents).astype(np.uint32)
    skewed = len(words.group_of) * rng.random(int(lengths.sum())) ** 3
    return Field(words, skewed.astype(np.uint32), lengths)


def case_of(seed, documents, mean, vocabulary, groups, fields, words, filtered, segments=1):
    """A case by its shape; the seed fills it."""
    rng = np.random.default_rng(seed)
    known = words_of(rng, vocabulary, groups)
    columns = [field_of(rng, known, documents, mean) for _ in range(fields)]
    picks = [
        (word, at, int(group))
        for word in range(words)
        for group in rng.choice(groups, min(groups, rng.integers(0, 4)), replace=False)
        for at in range(fields)
    ]
    size = sum(int(known.sizes[group]) for _, _, group in picks)
    return Case(
        fields=columns,
        scales=np.stack([rng.choice([0.1, 0.25, 1.0], fields), rng.choice([0, 0.1], fields)], 1),
        picks=picks,
        weights=rng.choice([0, 0.3, 0.7, 1, 2], size).astype(np.float32),
        idfs=np.round(np.exp(rng.normal(0, 1.2, words)), 1) + 0.1,  # rounded: ties are wanted
        k1=float(rng.choice([0, 0.9, 2])),
        allowed=rng.integers(0, 2, documents if filtered else 0).astype(np.uint8),
        segments=segments,
    )


@st.composite
def queries(
    draw,
    documents=st.sampled_from([0, 1, 2, 127, 129, 700, 2047, 2048, 2049, 4500]),  # noqa: B008
    mean=st.sampled_from([0.3, 3.0, 600.0]),  # noqa: B008
    vocabulary=st.sampled_from([1, 2, 17, 129, 300]),  # noqa: B008
):
    count = draw(documents)
    return case_of(
        draw(st.integers(0, 2**32)),
        count,
        draw(mean) if count < 128 else min(draw(mean), 8.0),
        draw(vocabulary),
        draw(st.integers(1, 6)),
        draw(st.integers(1, 3)),
        draw(st.integers(0, 6)),
        draw(st.booleans()),
        draw(st.integers(1, 3)),
    )
