"""Ranking: the pruned scan, the exhaustive twin and plain Python agree."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .conftest import Case, Field, Words

SOME = settings(deadline=None, max_examples=60)
KS = st.sampled_from([0, 1, 2, 10, 100, 20_000])


@SOME
@given(data=st.data(), k=KS)
def test_the_pruned_scan_ranks_like_the_exhaustive_one(compiled, twins, same, cases, data, k):
    case = data.draw(cases)
    unread, outlined = draw_unread(data, case), draw_unread(data, case)
    same(case.ranked(compiled, k, unread, outlined), case.ranked(twins, k))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("k", [1, 10, 1000])
def test_much_to_prune(compiled, twins, same, big_case, seed, k):
    case = big_case(seed)
    words = range(len(case.idfs))
    for unread in ((), words, words[::2], words[1:]):
        for outlined in ((), words, words[::3]):
            same(case.ranked(compiled, k, unread, outlined), case.ranked(twins, k))


def test_documents_that_are_not_there_set_no_threshold(compiled, twins, same):
    """Two documents are in a block of 16, whose highest impacts are no one else's."""
    words = Words(np.zeros(2, np.uint32), np.arange(2, dtype=np.uint32), np.array([2, 0]))
    fields = [
        Field(words, np.zeros(1, np.uint32), np.array(n, np.uint32)) for n in ([0, 1], [1, 0])
    ]
    picks = [(0, 0, 0), (0, 1, 0)]
    picks += [(word, term, field) for word in (1, 3) for field in (1, 0) for term in (0, 1)]
    weights = np.array([0, 0.3, 0.7, 0, 1, 0.3, 2, 0.7, 0, 1, 1, 1], np.float32)
    scales = np.array([[0.1, 0], [1, 0]])
    case = Case(
        fields,
        scales,
        picks,
        weights,
        np.array([0.9, 0.4, 8.7, 1.5]),
        2.0,
        np.zeros(0, np.uint8),
        1,
    )
    same(case.ranked(compiled, 1, range(4), range(4)), case.ranked(twins, 1))


@SOME
@given(data=st.data())
def test_the_impacts_of_words_are_the_same(compiled, twins, same, cases, data):
    case = data.draw(cases)
    for one, other in zip(case.impacts(compiled), case.impacts(twins), strict=True):
        same(one.arrays(), other.arrays())
        assert (one.count, one.highest) == (other.count, other.highest)
        assert one.nbytes >= 6 * one.count or one.nbytes >= 4 * one.count + case.documents
        assert one.outline() == other.outline()
        assert not one.damaged


@SOME
@given(data=st.data(), k=KS)
def test_the_best_are_those_of_plain_python(make, small_cases, data, k):
    case = data.draw(small_cases)
    scores = np.array(case.scores() * case.segments, np.float64)
    may = np.tile(case.allowed, case.segments) if len(case.allowed) else np.ones(len(scores))
    docs = np.flatnonzero((scores > 0) & (may != 0))
    docs = docs[np.lexsort((docs, -scores[docs].astype(np.float32)))][:k]
    found, values = case.ranked(make, k, draw_unread(data, case))
    assert found.tolist() == docs.tolist()
    np.testing.assert_allclose(values, scores[docs], rtol=1e-6)


@SOME
@given(data=st.data())
def test_impacts_are_those_of_plain_python(make, small_cases, data):
    case = data.draw(small_cases)
    for word, impacts in enumerate(case.impacts(make)):
        values = np.array([case.saturated(tf) for tf in case.frequencies({word})])
        docs, found = impacts.arrays()
        assert docs.dtype == np.uint32
        assert docs.tolist() == np.flatnonzero(values).tolist()
        np.testing.assert_allclose(found, values[docs], rtol=1e-6)
        assert len(impacts) == len(docs)
        assert impacts.highest == found.max(initial=0)


def draw_unread(data, case):
    """Words of which the postings are given, and not the impacts."""
    return data.draw(st.sets(st.integers(0, max(len(case.idfs) - 1, 0))))


def draw_words(data, case):
    """Words of a phrase, some of them twice."""
    words = st.integers(0, max(len(case.idfs) - 1, 0))
    return data.draw(st.lists(words, min_size=1, max_size=4)), data.draw(st.integers(0, 4))


@SOME
@given(data=st.data())
def test_the_impacts_of_phrases_are_the_same(compiled, twins, same, cases, data):
    case = data.draw(cases)
    words, slop = draw_words(data, case)
    unread = draw_unread(data, case)
    one, other = case.phrase(compiled, words, slop, unread), case.phrase(twins, words, slop)
    same(one.arrays(), other.arrays())
    assert not one.damaged


@SOME
@given(data=st.data())
def test_the_places_of_phrases_are_the_same_and_as_many(compiled, twins, cases, data):
    case = data.draw(cases)
    words, slop = draw_words(data, case)
    for at in range(len(case.fields)):
        one, other = (case.places(make, words, slop, at) for make in (compiled, twins))
        assert one == other
        counts = np.bincount([i for i, _, _ in one], minlength=case.documents)
        assert counts.tolist() == case.rows(words, slop, at)


@SOME
@given(data=st.data())
def test_phrases_are_those_of_plain_python(make, small_cases, data):
    case = data.draw(small_cases)
    words, slop = draw_words(data, case)
    values = np.array([case.saturated(tf) for tf in case.phrases(words, slop)])
    docs, found = case.phrase(make, words, slop, draw_unread(data, case)).arrays()
    assert docs.tolist() == np.flatnonzero(values).tolist()
    np.testing.assert_allclose(found, values[docs], rtol=1e-6)


def one_word(make, column, docs, forms, tfs, lengths, weights, k1=1.0):
    """The impacts of one word with one list of postings."""
    starts = np.append(np.uint64(0), np.cumsum(tfs, dtype=np.uint64))[:-1][::128].astype(np.uint32)
    positions = column(np.arange(sum(tfs)))
    lists = make.Lists(
        column(docs), column(forms), column(tfs), positions, starts, np.array(lengths, np.uint32)
    )
    return make.weigh_word([(lists, 1.0, 0.0, 0, len(docs), np.array(weights, np.float32))], k1)


def best(make, impacts, k, first=0):
    top = make.TopK(k)
    make.best(top, first, [impacts], [2.0])
    return top.ranked()


def test_a_tie_goes_to_the_earlier_document(make, column):
    docs = range(0, 6000, 2)
    impacts = one_word(make, column, docs, [0] * 3000, [1] * 3000, [1] * 6000, [1.0])
    assert best(make, impacts, 5) == [(doc, 1.0) for doc in (0, 2, 4, 6, 8)]


def test_a_probe_finds_its_document(make, column):
    """Document 0 has the rare word and the common one; then the common word alone cannot win."""
    rare = one_word(make, column, [0, 5000], [0] * 2, [1] * 2, [1] * 6000, [1.0])
    tfs = [*[1] * 5000, 400, *[1] * 999]
    common = one_word(make, column, range(6000), [0] * 6000, tfs, [1] * 6000, [1.0])
    top = make.TopK(1)
    make.best(top, 0, [rare, common], [9.0, 2.0])
    [(doc, score)] = top.ranked()
    assert doc == 5000
    assert score == pytest.approx(9 / 2 + 800 / 401)


def test_a_saturation_of_zero_counts_presence(make, column):
    impacts = one_word(make, column, [0, 2], [0, 0], [1, 7], [1, 1, 9], [1.0], k1=0.0)
    assert best(make, impacts, 3, first=10) == [(10, 2.0), (12, 2.0)]


def test_a_row_of_the_same_word(make, column):
    """Positions 0 1 2, 5: two rows of two; the word's two readings meet the same places."""
    lists = make.Lists(
        column([0]), column([0]), column([4]), column([0, 1, 2, 5]), np.zeros(1, np.uint32),
        np.array([6], np.uint32),
    )  # fmt: skip
    runs = [(lists, 1.0, 0.0, 0, 1, np.ones(1, np.float32))] * 2
    word = make.weigh_word(runs, 1.0), runs
    for slop, rows in ((0, 2), (2, 3)):
        _, [value] = make.weigh_phrase([word, word], slop, 1.0).arrays()
        assert value == np.float32(rows / (1 + rows))


def test_threads_scan_the_same_lists(compiled, same, big_case):
    case = big_case(1)

    def run(_):
        return case.ranked(compiled, 10)

    with ThreadPoolExecutor(4) as pool:
        first, *rest = pool.map(run, range(12))
    for each in rest:
        same(first, each)


@pytest.mark.parametrize("k", [-1, 2**31, 2**62])
def test_an_impossible_k_is_refused(make, k):
    with pytest.raises(ValueError, match="k is a number"):
        make.TopK(k)


@SOME
@given(data=st.data())
def test_all_that_any_part_finds_is_counted(make, cases, data):
    case = data.draw(cases)
    parts = case.impacts(make)
    found = {doc for part in parts for doc in part.arrays()[0].tolist()}
    assert make.count_any(parts) == len(found)
    if len(case.allowed):
        assert make.count_any(parts, case.allowed) == sum(int(case.allowed[doc]) for doc in found)
        if found:
            with pytest.raises(ValueError, match="a flag a document"):
                make.count_any(parts, case.allowed[: max(found)])


def test_nothing_is_counted_of_nothing(make):
    assert make.count_any([]) == 0
    assert make.count_any([], np.empty(0, np.uint8)) == 0
