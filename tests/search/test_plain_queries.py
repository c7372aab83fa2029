"""Queries of nothing but words are planned without being read, and as if they had been."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from kashaf import arabic
from kashaf.search import plain
from kashaf.search.algebra import OrStep
from kashaf.search.phrases import PhraseStep
from kashaf.search.plan import Scope, make_plan

from .worlds import WORDS

# one string, as a list of right-to-left words is hard to read
NAMES = "أبو بكر بن ابن عبد الله عبدالرحمن شباط آذار جانفي رجب شهر يا ﷺ".split()  # noqa: SIM905
NUMBERS = ["ثلاثة", "وعشرون", "مئة", "ألف", "23"]
ASKING = ["متى", "ما", "هو", "كيف؟", "أين", "كم"]
SIGNS = ["أو", "OR", "-مصر", '"كتاب درس"', "كت*", "covid-19", "،", "  ", "title:كتاب", "ب5"]

queries = st.lists(st.sampled_from([*WORDS, *NAMES, *NUMBERS, *ASKING, *SIGNS]), max_size=7).map(
    " ".join
)
kinds = st.sampled_from([None, (), arabic.KINDS, ("names",), ("numbers", "months")])


def shape(step):
    """All that a plan is made of, to compare."""
    if isinstance(step, OrStep):
        return "or", [shape(each) for each in step.steps]
    if isinstance(step, PhraseStep):
        return "phrase", [shape(each) for each in step.words], step.slop, step.idf
    if hasattr(step, "lookup"):
        others = [other.text for other in getattr(step.lookup, "others", ())]
        return "word", step.lookup.text, others, step.lookup.rung, step.fields, step.key, step.idf
    return type(step).__name__, [shape(each) for each in getattr(step, "steps", ())]


def both(library, query, kinds, rung):
    """The plan made of the words, or None, and the one made of the tree."""
    context = library._context
    scope = Scope(context.fields, rung)
    read = make_plan(context, library._read(query, False, kinds).node, scope)
    return plain.plan(context, query, scope, kinds), read


@settings(deadline=None, max_examples=300)
@given(
    query=queries | st.text(max_size=20), kinds=kinds, rung=st.sampled_from(["spelling", "root"])
)
@example(query="متى كيف", kinds=arabic.KINDS, rung="root")
@example(query="متى أبو بكر كتب ﷺ", kinds=arabic.KINDS, rung="root")
@example(query="ألف", kinds=arabic.KINDS, rung="root")
def test_the_plan_is_that_of_the_tree(library, query, kinds, rung):
    mine, read = both(library, query, kinds, rung)
    if mine is not None:
        assert shape(mine.step) == shape(read.step)
        assert list(map(shape, mine.words)) == list(map(shape, read.words))
        assert list(map(shape, mine.phrases)) == list(map(shape, read.phrases))
        assert list(mine.notices) == list(read.notices) == []


@pytest.mark.parametrize("query", ["كتاب", "متى كتب الكتاب", "عبد الله بن عمر", "شهر شباط", "a ب"])
def test_words_alone_need_not_be_read(library, query, monkeypatch):
    tree = library._read(query, False, arabic.KINDS).node
    expected = [(hit.id, hit.score) for hit in library.search(tree)]
    monkeypatch.setattr(library, "_read", lambda *_: pytest.fail("was read"))
    assert [(hit.id, hit.score) for hit in library.search(query)] == expected


@pytest.mark.parametrize(
    "query", ["", " كتاب", "كتاب؟", "كتاب أو درس", '"كتاب"', "-كتاب", "كتاب، درس"]
)
def test_what_says_more_is_read(library, query):
    assert plain.plan(library._context, query, Scope(library._context.fields, "root"), None) is None


def test_how_it_was_read_is_told_when_asked(library):
    page = library.search("متى كتب أبو بكر")
    assert page.reading == "متى OR كتب OR أبو OR بكر"
    assert [notice.message for notice in page.notices] == [
        "أبو بكر: also ابا بكر، ابي بكر، ابوبكر (one name, written otherwise)"
    ]
