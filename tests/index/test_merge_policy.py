"""When to merge: few segments, little rewriting, little waste, whatever comes."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kashaf.index import policy


class Simulation:
    """Segments as (live, deleted), merged as the policy wants; counts what is rewritten."""

    def __init__(self):
        self.segments = []
        self.added = self.rewritten = self.deleted = 0

    def add(self, size):
        self.segments.append([size, 0])
        self.added += size
        self.settle()

    def delete(self, at, count):
        segment = self.segments[at % len(self.segments)]
        count = min(count, segment[0])
        segment[0] -= count
        segment[1] += count
        self.deleted += count

    def settle(self):
        self.segments = [s for s in self.segments if s[0]]
        while (chosen := policy.choose([tuple(s) for s in self.segments])) is not None:
            first, end = chosen
            assert 0 <= first < end <= len(self.segments)
            assert end - first > 1 or self.segments[first][1]
            live = sum(s[0] for s in self.segments[first:end])
            self.segments[first:end] = [[live, 0]]
            self.rewritten += live

    @property
    def live(self):
        return sum(s[0] for s in self.segments)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 5000), st.integers(0, 60), st.integers(0, 5000)), max_size=150
    )
)
def test_few_segments_and_little_waste(steps):
    made = Simulation()
    for size, at, gone in steps:
        if made.segments:
            made.delete(at, gone)
        made.add(size)
        assert len(made.segments) <= policy.limit(max(s[0] for s in made.segments))
        assert all(dead < policy.WASTE * (live + dead) for live, dead in made.segments)


@pytest.mark.parametrize("size", [1, 10, 64, 100, 1000])
def test_a_document_is_rewritten_about_once_a_level(size):
    made = Simulation()
    for _ in range(min(100_000 // size, 20_000)):
        made.add(size)
    levels = policy.level_of(made.added) + 1
    small = policy.SMALLEST / min(size, policy.SMALLEST) / (policy.FANOUT - 1)
    assert made.rewritten / made.added <= levels + math.ceil(small)
    assert len(made.segments) <= policy.limit(made.added)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 3000), min_size=1, max_size=300))
def test_rewriting_is_logarithmic_for_any_sizes(sizes):
    made = Simulation()
    for size in sizes:
        made.add(size)
    small = policy.SMALLEST * len(sizes) * 2
    assert made.rewritten <= made.added * (policy.level_of(made.added) + 1) + small


def test_updates_of_everything_stay_cheap():
    """Each commit of 100 replaces 100 older documents, here and there."""
    made = Simulation()
    made.add(10_000)
    for turn in range(1000):
        for n in range(100):
            made.delete((turn * 31 + n * 7) % len(made.segments), 1)
        made.add(100)
        if made.live > 10_000:
            made.delete(0, made.live - 10_000)
            made.settle()
    assert made.rewritten / made.added < 12
    assert len(made.segments) <= policy.limit(10_000)


def test_a_large_segment_is_left_alone_by_small_ones():
    sizes = [(10**6, 0)] + [(1, 0)] * (policy.FANOUT - 1)
    assert policy.choose(sizes) is None
    assert policy.choose([*sizes, (1, 0)]) == (1, 1 + policy.FANOUT)
