"""Ranking: the pruned scan, the exhaustive twin and plain Python agree."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

SOME = settings(deadline=None, max_examples=60)
KS = st.sampled_from([0, 1, 2, 10, 100, 20_000])


@SOME
@given(data=st.data(), k=KS)
def test_the_pruned_scan_ranks_like_the_exhaustive_one(compiled, twins, same, cases, data, k):
    case = data.draw(cases)
    same(case.ranked(compiled, k), case.ranked(twins, k))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("k", [1, 10, 1000])
def test_much_to_prune(compiled, twins, same, big_case, seed, k):
    case = big_case(seed)
    same(case.ranked(compiled, k), case.ranked(twins, k))


@SOME
@given(data=st.data())
def test_gathered_frequencies_are_the_same(compiled, twins, same, cases, data):
    case = data.draw(cases)
    same(case.scan(compiled).gather(), case.scan(twins).gather())


@SOME
@given(data=st.data(), k=KS)
def test_the_best_are_those_of_plain_python(make, small_cases, data, k):
    case = data.draw(small_cases)
    scores = np.array(case.scores() * case.segments, np.float64)
    may = np.tile(case.allowed, case.segments) if len(case.allowed) else np.ones(len(scores))
    docs = np.flatnonzero((scores > 0) & (may != 0))
    docs = docs[np.lexsort((docs, -scores[docs].astype(np.float32)))][:k]
    found, values = case.ranked(make, k)
    assert found.tolist() == docs.tolist()
    np.testing.assert_allclose(values, scores[docs], rtol=1e-6)


@SOME
@given(data=st.data())
def test_gathered_frequencies_are_those_of_plain_python(make, small_cases, data):
    case = data.draw(small_cases)
    sums = np.array(case.frequencies(range(len(case.idfs))), np.float64)
    docs, values = case.scan(make).gather()
    assert docs.dtype == np.uint32
    assert docs.tolist() == np.flatnonzero(sums).tolist()
    np.testing.assert_allclose(values, sums[docs], rtol=1e-12)


@SOME
@given(data=st.data(), k=KS, floor=st.floats(0, 5))
def test_nothing_at_or_under_the_floor_is_returned(compiled, twins, same, cases, data, k, floor):
    case = data.draw(cases)
    ranked = case.ranked(compiled, k, floor)
    same(ranked, case.ranked(twins, k, floor))
    every, scores = case.ranked(twins, 10**6)
    assert ranked[0].tolist() == every[scores.astype(float) > floor][:k].tolist()


def one_word(make, column, docs, forms, tfs, lengths, weights):
    """A scan of one word with one list of postings."""
    starts = np.append(np.uint64(0), np.cumsum(tfs, dtype=np.uint64))[:-1][::128].copy()
    positions = column(np.arange(sum(tfs)))
    lists = make.Lists(
        column(docs), column(forms), column(tfs), positions, starts, np.array(lengths, np.uint32)
    )
    cursors = np.array([[0, 0, 0, len(docs), 0]])
    return make.Scan([lists], np.array([[1.0, 0.0]]), cursors, np.array(weights, np.float32), 1)


def best(make, scan, k):
    top = make.TopK(k)
    scan.best(top, 0, np.array([2.0]), 1.0, np.empty(0, np.uint8))
    assert not scan.damaged
    return top.ranked()


def test_a_tie_goes_to_the_earlier_document(make, column):
    docs = range(0, 6000, 2)
    scan = one_word(make, column, docs, [0] * 3000, [1] * 3000, [1] * 6000, [1.0])
    found, scores = best(make, scan, 5)
    assert found.tolist() == [0, 2, 4, 6, 8]
    assert scores.tolist() == [1.0] * 5


def test_the_postings_of_a_document_may_straddle_blocks(make, column):
    """A probe must reach the first of them: the block in which they begin.

    Document 0 has the rare word and the common one; then the common word alone cannot win,
    and in the window of document 5000 it is only probed.
    """
    rare, common = [0, 5000], [*range(5000), *[5000] * 400, *range(5001, 6000)]
    forms = [0] * 5002 + [*range(400)] + [0] * 999
    count = len(forms)
    lists = make.Lists(
        column(rare + common),
        column(forms),
        column([1] * count),
        column(range(count)),
        np.arange(0, count, 128, dtype=np.uint64),
        np.ones(6000, np.uint32),
    )
    cursors = np.array([[0, 0, 0, 2, 0], [1, 0, 2, count, 1]])
    scan = make.Scan([lists], np.array([[1.0, 0.0]]), cursors, np.ones(401, np.float32), 2)
    top = make.TopK(1)
    scan.best(top, 0, np.array([9.0, 2.0]), 1.0, np.empty(0, np.uint8))
    assert [each.tolist() for each in top.ranked()] == [[5000], [np.float32(9 / 2 + 800 / 401)]]


@pytest.mark.parametrize("weight", [0.1, 0.3, 0.7, 1.1])
def test_the_floor_is_compared_with_the_score_that_is_returned(make, column, weight):
    """Not with the sum in double precision, which may lie on the other side of it."""

    def scores(floor):
        top = make.TopK(1)
        top.floor = floor
        scan = one_word(make, column, [1], [0], [3], [1] * 2, [weight])
        scan.best(top, 0, np.array([2.3]), 0.9, np.empty(0, np.uint8))
        return top.ranked()[1].tolist()

    [score] = scores(0.0)
    assert scores(score) == []
    assert scores(np.nextafter(score, 0)) == [score]


def test_a_saturation_of_zero_counts_presence(make, column):
    scan = one_word(make, column, [0, 2], [0, 0], [1, 7], [1, 1, 9], [1.0])
    top = make.TopK(3)
    scan.best(top, 10, np.array([2.0]), 0.0, np.empty(0, np.uint8))
    assert [each.tolist() for each in top.ranked()] == [[10, 12], [2.0, 2.0]]


def test_threads_scan_the_same_lists(compiled, same, big_case):
    case = big_case(1)
    lists = case.lists(compiled)

    def run(_):
        top = compiled.TopK(10)
        case.scan(compiled, lists).best(top, 0, case.idfs, case.k1, case.allowed)
        return top.ranked()

    with ThreadPoolExecutor(4) as pool:
        first, *rest = pool.map(run, range(12))
    for each in rest:
        same(first, each)


@pytest.mark.parametrize("k", [-1, 2**31, 2**62])
def test_an_impossible_k_is_refused(make, k):
    with pytest.raises(ValueError, match="k is a number"):
        make.TopK(k)
