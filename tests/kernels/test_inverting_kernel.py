"""Tokens in reading order in, postings in dictionary order out."""

from collections import defaultdict
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

SOME = settings(deadline=None, max_examples=80)


def inverter(make, tokens, *rest):
    """An inverter, which overwrites the tokens that it is given."""
    return make.Inverter(tokens.copy(), *rest)


@st.composite
def inputs(draw, longest=700, documents=st.integers(0, 40)):  # noqa: B008
    """Documents of tokens; a run of one group in one document may be long."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    lengths = rng.integers(0, draw(st.integers(1, longest)), draw(documents)).astype(np.uint32)
    vocabulary, groups = draw(st.integers(1, 60)), draw(st.integers(1, 9))
    tokens = (vocabulary * rng.random(int(lengths.sum())) ** 2).astype(np.uint32)
    group_of = rng.integers(0, groups, vocabulary).astype(np.uint32)
    form_of = rng.integers(0, 70, vocabulary).astype(np.uint32)
    return tokens, lengths, group_of, form_of, np.arange(0, 70 * groups + 1, 70, dtype=np.uint32)


def plain(tokens, lengths, group_of, form_of, firsts):
    """The same by a dictionary."""
    found = defaultdict(list)
    reading = iter(tokens.tolist())
    for doc, length in enumerate(lengths.tolist()):
        for position, token in zip(range(length), reading, strict=False):
            found[int(group_of[token]), doc, int(form_of[token])].append(position)
    keys = sorted(found)
    starts = [sum(group < each for group, _, _ in keys) for each in range(len(firsts))]
    docs, forms = [doc for _, doc, _ in keys], [form for _, _, form in keys]
    positions = [position for key in keys for position in found[key]]
    dfs = [0] * int(firsts[-1])
    for group, _, form in keys:
        dfs[firsts[group] + form] += 1
    return starts, docs, forms, [len(found[key]) for key in keys], positions, dfs


def joined(inverter, cuts, firsts):
    """The postings of all groups, inverted range by range; as `plain` gives them."""
    found = [[0], [], [], [], [], []]
    for first, end in pairwise([0, *sorted(cuts), len(firsts) - 1]):
        starts, *rest = inverter.invert(first, end)
        assert [each.dtype for each in (starts, *rest)] == [np.uint32] * 6
        assert len(rest[3]) == inverter.edges[end] - inverter.edges[first]
        found[0] += [len(found[1]) + start for start in starts.tolist()]
        for all_, each in zip(found[1:], rest, strict=True):
            all_ += each.tolist()
    found[0] = [*found[0][1:], len(found[1])]
    return tuple(found)


CUTS = st.lists(st.integers(0, 9), max_size=4)


@SOME
@given(arguments=inputs(), cuts=CUTS)
def test_both_makes_invert_the_same(compiled, twins, same, arguments, cuts):
    cuts = [min(cut, len(arguments[-1]) - 1) for cut in cuts]
    mine, oracle = inverter(compiled, *arguments), twins.Inverter(*arguments)
    same([mine.edges], [oracle.edges])
    for span in pairwise([0, *sorted(cuts), len(arguments[-1]) - 1]):
        same(mine.invert(*span), oracle.invert(*span))


@SOME
@given(arguments=inputs(longest=30, documents=st.integers(0, 6)), cuts=CUTS)
def test_postings_are_those_of_plain_python(make, arguments, cuts):
    cuts = [min(cut, len(arguments[-1]) - 1) for cut in cuts]
    assert joined(inverter(make, *arguments), cuts, arguments[-1]) == plain(*arguments)


def test_groups_that_are_not_there_are_refused(make):
    none, zero = np.empty(0, np.uint32), np.zeros(1, np.uint32)
    inverter = make.Inverter(none, zero, none, none, np.array([0, 1, 2], np.uint32))
    assert inverter.edges.tolist() == [0, 0, 0]
    for span in ((-1, 1), (2, 1), (0, 3)):
        with pytest.raises(ValueError, match="there are no groups"):
            inverter.invert(*span)


def test_the_arguments_are_left_alone(make):
    arguments = [
        np.array(each, np.uint32) for each in ([1, 0, 1], [2, 1], [0, 1], [0, 0], [0, 1, 2])
    ]
    for each in arguments:
        each.flags.writeable = False
    starts, docs, *_ = inverter(make, *arguments).invert(0, 2)
    assert starts.tolist() == [0, 1]
    assert docs.tolist() == [0, 0, 1]


@pytest.mark.parametrize(
    ("tokens", "lengths", "group_of", "form_of", "firsts", "message"),
    [
        ([0, 0], [3], [0], [0], [0, 1], "do not sum"),
        ([0, 0], [1], [0], [0], [0, 1], "do not sum"),
        ([0, 0], [2**32 - 1, 3], [0], [0], [0, 1], "do not sum"),
        ([], [2], [0], [0], [0, 1], "do not sum"),
        ([0, 1], [2], [0], [0], [0, 1], "no group"),
        ([0], [1], [], [], [0, 1], "no group"),
        ([0], [1], [1], [0], [0, 1], "none of the groups"),
        ([0], [1], [0], [0], [0], "none of the groups"),
        ([0], [1], [0], [1], [0, 1], "none of the groups"),
        ([0], [1], [0], [0], [1, 0], "do not ascend"),
        ([], [], [], [], [], "do not ascend"),
        ([], [], [], [], [1, 2], "do not ascend"),
        ([0], [1], [0], [0, 0], [0, 1], "a group and a form"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(
    make, tokens, lengths, group_of, form_of, firsts, message
):
    parts = (tokens, lengths, group_of, form_of, firsts)
    with pytest.raises(ValueError, match=message):
        make.Inverter(*(np.array(each, np.uint32) for each in parts))


@SOME
@given(values=st.lists(st.integers(0, 2**32 - 1), max_size=60), data=st.data())
def test_runs_are_gathered_as_slices_are(make, values, data):
    places = st.integers(0, len(values))
    runs = [(min(p), max(p)) for p in data.draw(st.lists(st.tuples(places, places), max_size=20))]
    begins = np.array([first for first, _ in runs], np.int64)
    counts = np.array([end - first for first, end in runs], np.int64)
    found = make.gather(np.array(values, np.uint32), begins, counts)
    assert found.dtype == np.uint32
    assert found.tolist() == [value for first, end in runs for value in values[first:end]]


@pytest.mark.parametrize(
    ("begins", "counts"),
    [
        ([0], [4]),
        ([4], [0]),
        ([-1], [1]),
        ([1], [-1]),
        ([2], [2**63 - 1]),
        ([2**63 - 1], [1]),
        ([0, 1], [1]),
    ],
)
def test_runs_outside_are_refused(make, begins, counts):
    with pytest.raises(ValueError, match="run"):
        make.gather(np.arange(3, dtype=np.uint32), np.array(begins), np.array(counts))


@st.composite
def unordered(draw):
    """Postings of some runs, each in order, as merged segments give them; or of none."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    count, runs = draw(st.integers(0, 600)), draw(st.sampled_from([1, 2, 3, 600]))
    columns = [rng.integers(0, high, count).astype(np.uint32) for high in (3, 90, 4)]
    columns[0] += np.uint32(draw(st.sampled_from([0, 2**32 - 3])))
    bounds = np.linspace(0, count, runs + 1).astype(int)
    for first, end in pairwise(bounds):
        order = np.lexsort([column[first:end] for column in columns[::-1]])
        for column in columns:
            column[first:end] = column[first:end][order]
    return columns


@SOME
@given(columns=unordered())
def test_postings_are_sorted_as_python_sorts(make, columns):
    order = make.sort_postings(*columns)
    assert order.dtype == np.int64
    rows = list(zip(*(column.tolist() for column in columns), strict=True))
    assert order.tolist() == sorted(range(len(rows)), key=rows.__getitem__)


def test_columns_of_postings_that_differ_are_refused(make):
    two, three = np.zeros(2, np.uint32), np.zeros(3, np.uint32)
    for columns in ((two, two, three), (two, three, two), (three, two, two)):
        with pytest.raises(ValueError, match="a posting has"):
            make.sort_postings(*columns)
