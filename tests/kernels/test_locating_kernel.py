"""Positions of a word in some documents."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

SOME = settings(deadline=None, max_examples=60)


def draw_wanted(data, case):
    seed = data.draw(st.integers(0, 2**32))
    share = data.draw(st.sampled_from([0, 0.02, 0.5, 1]))
    chosen = np.random.default_rng(seed).random(case.documents) < share
    return np.flatnonzero(chosen).astype(np.uint32)


@SOME
@given(data=st.data())
def test_both_makes_locate_the_same(compiled, twins, same, cases, data):
    case = data.draw(cases)
    wanted = draw_wanted(data, case)
    for number in range(len(case.picks)):
        found = case.located(compiled, number, wanted)
        assert found is not None
        same(found, case.located(twins, number, wanted))


@SOME
@given(data=st.data())
def test_positions_are_those_of_plain_python(make, small_cases, data):
    case = data.draw(small_cases)
    wanted = draw_wanted(data, case)
    for number, (_, at, group) in enumerate(case.picks):
        weights = case.runs[number][4]
        texts = list(case.fields[at].texts())
        expected = [
            (which, position, form)
            for which, doc in enumerate(wanted)
            for form in np.flatnonzero(weights).tolist()
            for position, token in enumerate(texts[doc])
            if token == (group, form)
        ]
        found = case.located(make, number, wanted)
        assert [each.dtype for each in found] == [np.uint32] * 3
        assert list(zip(*(each.tolist() for each in found), strict=True)) == expected
