"""Kashaf finds what Whoosh's own engine finds when its analyzer emits the same rung."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kashaf.search import plan
from kashaf.search.tree import RUNGS

from .worlds import FIELDS, column, leaves, scopes, spread, strange_worlds, trees, worlds

many = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(autouse=True, scope="module")
def no_bound_on_effort():
    """Whoosh has none, and trees drawn here may hold more patterns than one query may cost."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plan, "EFFORT", 1000)
        yield


@pytest.mark.parametrize("rung", RUNGS)
@many
@given(world=worlds, data=st.data())
def test_words_phrases_and_booleans(rung, world, data):
    asked = data.draw(trees(leaves(rung)))
    assert world.found_by_kashaf(rung, asked.kashaf) == world.found_by_whoosh(rung, asked.whoosh)


SPREADS = ("prefix", "wildcard", "regex", "fuzzy", "range")


@pytest.mark.parametrize("kind", SPREADS)
@many
@given(world=worlds, data=st.data())
def test_parts_that_stand_for_many_words(kind, world, data):
    asked = data.draw(st.sampled_from(FIELDS).flatmap(lambda name: spread(kind, name)))
    found = world.found_by_kashaf("spelling", asked.kashaf)
    assert found == world.found_by_whoosh("spelling", asked.whoosh)


@many
@given(world=worlds, data=st.data())
def test_columns(world, data):
    asked = data.draw(column())
    assert world.found_by_kashaf("root", asked.kashaf) == world.found_by_whoosh(
        "root", asked.whoosh
    )


@many
@given(world=worlds, data=st.data())
def test_trees_of_every_node(world, data):
    names = st.sampled_from(FIELDS)
    spreads = st.tuples(st.sampled_from(SPREADS), names).flatmap(lambda pair: spread(*pair))
    asked = data.draw(trees(st.one_of(leaves("spelling"), spreads, column())))
    found = world.found_by_kashaf("spelling", asked.kashaf)
    assert found == world.found_by_whoosh("spelling", asked.whoosh)


@many
@given(world=worlds, data=st.data())
def test_trees_of_whooshs_own_classes(world, data):
    names = st.sampled_from(FIELDS[1:])
    spreads = st.tuples(st.sampled_from(SPREADS), names).flatmap(lambda pair: spread(*pair))
    asked = data.draw(trees(st.one_of(spreads, column())))
    found = world.found_by_kashaf("spelling", asked.whoosh)
    assert found == world.found_by_whoosh("spelling", asked.whoosh)


@many
@given(world=strange_worlds, rung=st.sampled_from(RUNGS), data=st.data())
def test_trees_of_every_node_over_any_schema(world, rung, data):
    """Patterns go by spelling, so only there are they among the parts."""
    within = scopes(world.schema)
    parts = [leaves(rung, within), column(world.schema)]
    if rung == "spelling":
        names = st.sampled_from(within)
        parts.append(st.tuples(st.sampled_from(SPREADS), names).flatmap(lambda p: spread(*p)))
    asked = data.draw(trees(st.one_of(parts)))
    assert world.found_by_kashaf(rung, asked.kashaf) == world.found_by_whoosh(rung, asked.whoosh)
