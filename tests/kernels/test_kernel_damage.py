"""Damaged columns and forged runs: an error or an answer, and no reading outside.

In the checked builds (conftest.py has the commands) an access outside an array ends the
run; in any build it must not crash.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

SOME = settings(deadline=None, max_examples=150)
ONE = np.ones(1, np.float32)


@SOME
@given(data=st.data(), seed=st.integers(0, 2**32))
def test_a_damaged_column_does_no_harm(make, cases, data, seed):
    case = data.draw(cases).damaged_by(seed)
    with np.errstate(all="ignore"):
        for impacts in case.impacts(make):
            docs, values = impacts.arrays()
            assert len(docs) == len(values) <= case.documents
            assert (docs < case.documents).all()
            assert (docs[1:] > docs[:-1]).all()
        top, _ = case.top(make, 10)
        case.phrase(make, [0, len(case.idfs) - 1], 3)
    assert all(doc < case.documents * case.segments for doc, _ in top.ranked())
    wanted = np.arange(case.documents, dtype=np.uint32)
    for number in range(len(case.picks)):
        found = case.located(make, number, wanted)
        assert found is None or len({len(each) for each in found}) == 1


def lists(make, column, docs, tfs=None, starts=0, positions=None, documents=10):
    tfs = [1] * len(docs) if tfs is None else tfs
    return make.Lists(
        column(docs),
        column([0] * len(docs)),
        column(tfs),
        column(range(sum(tfs)) if positions is None else positions),
        np.full(len(docs) // 128 + 1, starts, np.uint32),
        np.ones(documents, np.uint32),
    )


def weigh(make, each, start, stop):
    return make.weigh_word([(each, 1.0, 0.0, start, stop, ONE)], 1.0)


@pytest.mark.parametrize(("start", "stop"), [(-1, 1), (0, 4), (2**62, 2**62 + 1)])
def test_a_run_outside_its_lists_is_refused(make, column, start, stop):
    each = lists(make, column, [0, 1, 2])
    with pytest.raises(ValueError, match="a run lies outside"):
        weigh(make, each, start, stop)
    with pytest.raises(ValueError, match="a run lies outside"):
        make.locate(each, start, stop, ONE, np.zeros(1, np.uint32))


def test_a_run_that_ends_before_it_begins_is_empty(make, column):
    assert len(weigh(make, lists(make, column, [0, 1, 2]), 2, 1)) == 0


def test_best_takes_an_idf_a_part_and_a_flag_a_document(make, column):
    impacts = weigh(make, lists(make, column, [0, 1, 9]), 0, 3)
    for idfs in ([], [1.0, 1.0]):
        with pytest.raises(ValueError, match="an idf a part"):
            make.best(make.TopK(1), 0, [impacts], idfs)
    with pytest.raises(ValueError, match="a flag a document"):
        make.best(make.TopK(1), 0, [impacts], [1.0], np.ones(9, np.uint8))


@pytest.mark.parametrize(("words", "slop"), [(0, 0), (1, -1), (1, 2**31)])
def test_a_phrase_that_cannot_be_is_refused(make, column, words, slop):
    each = lists(make, column, [0, 1, 2])
    word = weigh(make, each, 0, 3), [(each, 1.0, 0.0, 0, 3, ONE)]
    with pytest.raises(ValueError, match="a phrase takes"):
        make.weigh_phrase([word] * words, slop, 1.0)


@pytest.mark.parametrize(
    "docs",
    [[9, 0] * 64 * 40, [2**32 - 1, 5], [5, 2**32 - 1], [2**32 - 20, 3, 2**32 - 1]],
    ids=["up and down", "last first", "beyond", "round the corner"],
)
def test_documents_that_cannot_be_are_damage(make, column, docs):
    impacts = weigh(make, lists(make, column, docs), 0, len(docs))
    assert impacts.damaged or len(docs) > 1000
    found, _ = impacts.arrays()
    assert (found < 10).all()


def test_many_postings_of_one_document_that_count_nothing(make, column):
    each = lists(make, column, [3] * 9000, [0] * 9000)
    assert len(weigh(make, each, 0, 9000)) == 0


@pytest.mark.parametrize("starts", [2, 4, 2**31, 2**32 - 2, 2**32 - 1])
def test_tokens_beyond_the_positions_are_damage(make, column, starts):
    each = lists(make, column, [0, 1], [2, 2], starts)
    one, every = np.ones(1, np.float32), np.arange(2, dtype=np.uint32)
    assert make.locate(each, 0, 2, one, every) is None


def test_occurrences_are_never_more_than_positions(make, column):
    each = lists(make, column, range(300), [100] * 300, positions=range(20_000), documents=300)
    one, every = np.ones(1, np.float32), np.arange(300, dtype=np.uint32)
    assert make.locate(each, 0, 300, one, every) is None


def broken(column, **changes):
    directory, data, count = column([1, 2, 3])
    made = {"directory": directory, "data": data, "count": count, **changes}
    return made["directory"], made["data"], made["count"]


@pytest.mark.parametrize(
    "changes",
    [
        {"count": -1},
        {"count": 129},
        {"count": 2**62},
        {"directory": np.zeros((0, 2), np.uint32)},
        {"directory": np.zeros((2, 3), np.uint32)},
        {"data": np.zeros(3, np.uint32)},
    ],
)
@pytest.mark.parametrize("which", range(4))
def test_lists_refuse_a_column_that_cannot_be(make, column, changes, which):
    columns = [column([1, 2, 3])] * 4
    columns[which] = broken(column, **changes)
    with pytest.raises(ValueError, match="a packed column"):
        make.Lists(*columns, np.zeros(1, np.uint32), np.ones(9, np.uint32))


def test_lists_refuse_columns_that_differ(make, column):
    three, four = column([1, 2, 3]), column([1, 2, 3, 4])
    tails = np.zeros(1, np.uint32), np.ones(9, np.uint32)
    for columns in ([four, three, three], [three, four, three], [three, three, four]):
        with pytest.raises(ValueError, match="differ in length"):
            make.Lists(*columns, three, *tails)
    with pytest.raises(ValueError, match="token_starts"):
        make.Lists(three, three, three, three, np.empty(0, np.uint32), tails[1])


def test_a_scan_of_nothing_finds_nothing(make):
    top = make.TopK(3)
    make.best(top, 0, [], [])
    empty = make.weigh_word([], 1.0)
    make.best(top, 0, [empty], [1.0])
    assert top.count == len(empty) == len(make.weigh_phrase([(empty, [])], 0, 1.0)) == 0
    assert not empty.damaged
    assert top.ranked() == []


def test_a_block_that_points_outside_is_reported(make, column):
    each = lists(make, column, range(300), documents=300)
    directory, data, count = column(range(300))
    directory = directory.copy()
    directory[2:, 1] += 2**20
    bad = make.Lists(
        (directory, data, count),
        *[column([1] * 300)] * 2,
        column(range(300)),
        np.zeros(3, np.uint32),
        np.ones(300, np.uint32),
    )
    for made, damaged in ((each, False), (bad, True)):
        runs = [(made, 1.0, 0.0, 0, 300, ONE)]
        impacts = make.weigh_word(runs, 1.0)
        assert impacts.damaged == damaged
        sound = make.weigh_word([(each, *runs[0][1:])], 1.0)
        assert make.weigh_phrase([(sound, runs)] * 2, 300, 1.0).damaged == damaged
    wanted = np.array([200], np.uint32)
    assert make.locate(bad, 0, 300, ONE, wanted) is None
