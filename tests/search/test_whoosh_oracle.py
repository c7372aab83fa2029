"""Kashaf finds what Whoosh's own engine finds when its analyzer emits the same rung."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kashaf.search.tree import RUNGS

from .worlds import leaves, trees, worlds

many = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("rung", RUNGS)
@many
@given(world=worlds, data=st.data())
def test_words_phrases_and_booleans(rung, world, data):
    asked = data.draw(trees(leaves(rung)))
    assert world.found_by_kashaf(rung, asked.kashaf) == world.found_by_whoosh(rung, asked.whoosh)
