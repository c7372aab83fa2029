"""Damaged columns and forged cursors: an error or an answer, and no reading outside.

In the checked builds (conftest.py has the commands) an access outside an array ends the
run; in any build it must not crash.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

SOME = settings(deadline=None, max_examples=150)
NO_FILTER = np.empty(0, np.uint8)


@SOME
@given(data=st.data(), seed=st.integers(0, 2**32))
def test_a_damaged_column_does_no_harm(make, cases, data, seed):
    case = data.draw(cases).damaged_by(seed)
    with np.errstate(all="ignore"):
        docs, sums = case.scan(make).gather()
        assert len(docs) == len(sums) <= case.documents
        assert (docs < case.documents).all()
        top, _ = case.top(make, 10)
    assert (top.ranked()[0] < case.documents * case.segments).all()
    wanted = np.arange(case.documents, dtype=np.uint32)
    for number in range(len(case.picks)):
        found = case.located(make, number, wanted)
        assert found is None or len({len(each) for each in found}) == 1


@SOME
@given(data=st.data(), seed=st.integers(0, 2**32))
def test_a_forged_scan_is_refused_or_does_no_harm(make, cases, data, seed):
    case = data.draw(cases)
    rng = np.random.default_rng(seed)
    cursors = case.cursors.copy()
    for _ in range(rng.integers(1, 4) if cursors.size else 0):
        hurtful = [-(2**63), -1, 0, 1, 128, 2**31, 2**63 - 1, int(rng.integers(0, 5000))]
        cursors.flat[rng.integers(cursors.size)] = hurtful[rng.integers(len(hurtful))]
    top = make.TopK(3)
    try:
        scan = make.Scan(case.lists(make), case.scales, cursors, case.weights, len(case.idfs))
    except ValueError:
        return
    with np.errstate(all="ignore"):
        scan.best(top, 0, case.idfs, case.k1, NO_FILTER)


def lists(make, column, docs, tfs=None, starts=0, positions=None, documents=10):
    tfs = [1] * len(docs) if tfs is None else tfs
    return make.Lists(
        column(docs),
        column([0] * len(docs)),
        column(tfs),
        column(range(sum(tfs)) if positions is None else positions),
        np.full(len(docs) // 128 + 1, starts, np.uint64),
        np.ones(documents, np.uint32),
    )


def scan(make, each, cursors=((0, 0, 0, 1, 0),), words=1, scales=((1, 0),), weights=(1,)):
    table = np.array(cursors, np.int64).reshape(len(cursors), -1)
    weights = np.array(weights, np.float32)
    return make.Scan([each], np.array(scales, np.float64), table, weights, words)


@pytest.mark.parametrize(
    "forged",
    [
        {"cursors": [[1, 0, 0, 1, 0]]},
        {"cursors": [[-1, 0, 0, 1, 0]]},
        {"cursors": [[0, 1, 0, 1, 0]]},
        {"cursors": [[0, -1, 0, 1, 0]]},
        {"cursors": [[0, 0, -1, 1, 0]]},
        {"cursors": [[0, 0, 0, 4, 0]]},
        {"cursors": [[0, 0, 0, 1, 2]]},
        {"cursors": [[0, 0, 0, 1, -1]]},
        {"cursors": [[0, 0, 0, 1, 1], [0, 0, 0, 1, 0]]},
        {"cursors": [[1, 0, 0, 1, 0], [0, 0, 0, 1, 0]], "words": 2},
        {"cursors": [[0, 0, 0, 1]]},
        {"words": -1},
        {"words": 0},
        {"scales": [[1, 0], [1, 0]]},
        {"scales": [[1]]},
    ],
)
def test_a_cursor_outside_its_lists_is_refused(make, column, forged):
    with pytest.raises(ValueError, match=r"a cursor lies outside|a scan takes"):
        scan(make, lists(make, column, [0, 1, 2]), **forged)


@pytest.mark.parametrize(
    ("idfs", "allowed"), [([], []), ([1, 1], []), ([1], [1] * 9)], ids=["none", "two", "short"]
)
def test_best_takes_an_idf_a_word_and_a_flag_a_document(make, column, idfs, allowed):
    made = scan(make, lists(make, column, [0, 1, 2]))
    arguments = np.array(idfs, np.float64), 1.0, np.array(allowed, np.uint8)
    with pytest.raises(ValueError, match="an idf a word"):
        made.best(make.TopK(1), 0, *arguments)


@pytest.mark.parametrize(
    "docs",
    [[9, 0] * 64 * 40, [2**32 - 1, 5], [5, 2**32 - 1], [2**32 - 20, 3, 2**32 - 1]],
    ids=["up and down", "last first", "beyond", "round the corner"],
)
def test_documents_that_cannot_be_are_damage(make, column, docs):
    each = lists(make, column, docs)
    row = [[0, 0, 0, len(docs), 0]]
    made = scan(make, each, row)
    found, _ = made.gather()
    assert len(found) <= 10
    assert made.damaged or len(docs) > 1000
    top = make.TopK(20)
    made = scan(make, each, row)
    made.best(top, 0, np.ones(1), 1.0, np.ones(10, np.uint8))
    assert made.damaged or len(docs) > 1000
    assert (top.ranked()[0] < 10).all()


def test_more_postings_of_one_document_than_a_window_has_places(make, column):
    """With frequencies of 0 their sum stays 0, and nothing tells that it was touched."""
    made = scan(make, lists(make, column, [3] * 9000, [0] * 9000), [[0, 0, 0, 9000, 0]])
    assert len(made.gather()[0]) == 0


@pytest.mark.parametrize("starts", [2, 4, 2**63, 2**64 - 2, 2**64 - 1])
def test_tokens_beyond_the_positions_are_damage(make, column, starts):
    each = lists(make, column, [0, 1], [2, 2], starts)
    one, every = np.ones(1, np.float32), np.arange(2, dtype=np.uint32)
    assert make.locate(each, 0, 2, one, every) is None


def test_occurrences_are_never_more_than_positions(make, column):
    each = lists(make, column, range(300), [100] * 300, positions=range(20_000), documents=300)
    one, every = np.ones(1, np.float32), np.arange(300, dtype=np.uint32)
    assert make.locate(each, 0, 300, one, every) is None


@pytest.mark.parametrize(("start", "stop"), [(-1, 1), (0, 4), (2**62, 2**62 + 1)])
def test_locate_refuses_a_range_outside(make, column, start, stop):
    each = lists(make, column, [0, 1, 2])
    with pytest.raises(ValueError, match="a cursor lies outside"):
        make.locate(each, start, stop, np.ones(1, np.float32), np.zeros(1, np.uint32))


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
        {"data": np.zeros((0, 4), np.uint32)},
        {"data": np.zeros((2, 5), np.uint32)},
    ],
)
@pytest.mark.parametrize("which", range(4))
def test_lists_refuse_a_column_that_cannot_be(make, column, changes, which):
    columns = [column([1, 2, 3])] * 4
    columns[which] = broken(column, **changes)
    with pytest.raises(ValueError, match="a packed column"):
        make.Lists(*columns, np.zeros(1, np.uint64), np.ones(9, np.uint32))


def test_lists_refuse_columns_that_differ(make, column):
    three, four = column([1, 2, 3]), column([1, 2, 3, 4])
    tails = np.zeros(1, np.uint64), np.ones(9, np.uint32)
    for columns in ([four, three, three], [three, four, three], [three, three, four]):
        with pytest.raises(ValueError, match="differ in length"):
            make.Lists(*columns, three, *tails)
    with pytest.raises(ValueError, match="token_starts"):
        make.Lists(three, three, three, three, np.empty(0, np.uint64), tails[1])


def test_a_scan_of_nothing_finds_nothing(make, cases, column):
    made = make.Scan([], np.empty((0, 2)), np.empty((0, 5), np.int64), np.empty(0, np.float32), 0)
    assert [len(each) for each in made.gather()] == [0, 0]
    top = make.TopK(3)
    made.best(top, 0, np.empty(0), 1.0, NO_FILTER)
    assert top.count == 0
    assert not made.damaged


def test_a_block_that_points_outside_is_reported(make, column):
    each = lists(make, column, range(300), documents=300)
    directory, data, count = column(range(300))
    directory = directory.copy()
    directory[2:, 1] += 2**20
    bad = make.Lists(
        (directory, data, count),
        *[column([1] * 300)] * 2,
        column(range(300)),
        np.zeros(3, np.uint64),
        np.ones(300, np.uint32),
    )
    row = [[0, 0, 0, 300, 0]]
    for made, damaged in ((scan(make, each, row), False), (scan(make, bad, row), True)):
        made.gather()
        assert made.damaged == damaged
    wanted = np.array([200], np.uint32)
    assert make.locate(bad, 0, 300, np.ones(1, np.float32), wanted) is None
