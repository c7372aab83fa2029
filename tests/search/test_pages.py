"""Pages: totals, order, filters, facets, groups, explanations."""

import itertools
from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kashaf import arabic
from kashaf.errors import SchemaError, UsageError
from whoosh import query as whoosh_query

from .worlds import WORDS, leaves, trees, worlds

many = settings(max_examples=100, deadline=None)
queries = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)


@many
@given(world=worlds, query=queries, limit=st.integers(1, 4))
def test_pages_in_a_row_are_one_long_page(world, query, limit):
    whole = world.kashaf.search(query, limit=1000)
    rows = []
    for offset in range(0, whole.total + limit, limit):
        rows += [(h.rank, h.id, h.score) for h in world.kashaf.search(query, limit, offset)]
    assert rows == [(h.rank, h.id, h.score) for h in whole]
    assert len(rows) == whole.total


@many
@given(world=worlds, data=st.data())
def test_explanations_add_up_to_the_score(world, data):
    asked = data.draw(trees(leaves("stem"))).kashaf
    for hit in world.kashaf.search(asked, limit=1000, match="stem"):
        leaves_of = [part.score for part in hit.explanation.leaves()]
        assert hit.explanation.score == pytest.approx(hit.score, rel=1e-5, abs=1e-5)
        assert sum(leaves_of) == pytest.approx(hit.score, rel=1e-5, abs=1e-5)


def some_query(rng, words):
    """Words with rungs, fields, weights, patterns and phrases among them."""
    shapes = [
        "{}",
        "{}",
        "{}",
        "root:{}",
        "title:{}",
        "{}^2",
        "{}*",
        '"{} {}"',
        "+{}",
        "{}~1",
        "-{}",
    ]
    parts = [rng.choice(shapes) for _ in range(rng.randint(1, 5))]
    return " ".join(part.format(rng.choice(words), rng.choice(words)) for part in parts)


def test_a_thousand_explanations_of_the_library_add_up(library):
    rng, hits = Random(3), []
    texts = [hit.fields.get("body", "") for hit in library.search("*", limit=1000)]
    words = [word.text for text in texts for word in arabic.words(str(text)[:500])]
    while len(hits) < 1000:
        page = library.search(some_query(rng, words), limit=1000)
        hits += rng.sample(page.hits, min(len(page.hits), 20))
    for hit in hits[:1000]:
        parts = [part.score for part in hit.explanation.leaves()]
        assert hit.explanation.score == pytest.approx(hit.score, rel=1e-5, abs=1e-5)
        assert sum(parts) == pytest.approx(hit.score, rel=1e-5, abs=1e-5)


@many
@given(world=worlds, query=queries, field=st.sampled_from(["tag", "size", "day", "id"]))
def test_facets_are_counted_exactly(world, query, field):
    page = world.kashaf.search(query, limit=1000)
    values = [hit.fields[field] for hit in page if field in hit.fields]
    if field == "day":
        values = [value[:4] for value in values]
    if field == "size":
        values = [f"{value:.15g}" for value in values]
    assert {each.value: each.count for each in page.facet(field)} == Counter(values)


@many
@given(world=worlds, query=queries, field=st.sampled_from(["tag", "size", "day"]))
@pytest.mark.parametrize("sign", ["", "-"])
def test_sorting(sign, world, query, field):
    hits = world.kashaf.search(query, limit=1000, sort=sign + field).hits
    assert {h.doc for h in hits} == {h.doc for h in world.kashaf.search(query, limit=1000)}
    there = [hit for hit in hits if field in hit.fields]
    assert hits[: len(there)] == there
    values = [hit.fields[field] for hit in there]
    assert values == sorted(values, reverse=bool(sign))
    for one, other in itertools.pairwise(hits):
        if one.fields.get(field) == other.fields.get(field):
            assert one.doc < other.doc


@many
@given(world=worlds, query=queries)
def test_groups(world, query):
    page = world.kashaf.search(query, limit=1000)
    groups = page.groups("tag", limit=100, best=2)
    assert sum(group.total for group, _ in groups) == page.total
    assert [hits[0].score for _, hits in groups] == sorted(
        (hits[0].score for _, hits in groups), reverse=True
    )
    for group, hits in groups:
        mine = [hit.id for hit in page if hit.fields.get("tag") == group.value]
        assert [hit.id for hit in hits] == mine[:2]
        assert group.total == len(mine)


@many
@given(world=worlds, query=queries, data=st.data())
def test_filters(world, query, data):
    whole = world.kashaf.search(query, limit=1000)
    where, test = data.draw(
        st.sampled_from(
            [
                ({"where": {"tag": "علوم"}}, lambda f: f.get("tag") == "علوم"),
                ({"where": ["tag=علوم", "tag=y z"]}, lambda f: f.get("tag") in ("علوم", "y z")),
                ({"where": {"size": 2}}, lambda f: f.get("size") == 2),
                ({"since": "2016-12"}, lambda f: f.get("day", "") >= "2016-12"),
                ({"until": "2016"}, lambda f: "day" in f and f["day"] < "2017"),
                (
                    {"since": "2016-01", "until": "2016-01"},
                    lambda f: f.get("day", "")[:7] == "2016-01",
                ),
            ]
        )
    )
    found = world.kashaf.search(query, limit=1000, **where)
    assert {h.id: h.score for h in found} == {h.id: h.score for h in whole if test(h.fields)}
    assert found.total == len(found)


@pytest.mark.parametrize(
    "options",
    [
        {"where": ["tag"]},
        {"where": {"nothing": 1}},
        {"where": {"size": "much"}},
        {"since": "yesterday"},
        {"sort": "body"},
        {"sort": "nothing"},
        {"limit": -1},
        {"offset": -1},
        {"match": "all"},
        {"fields": ["tag"]},
    ],
)
def test_what_cannot_be_asked(options):
    from .worlds import world

    with pytest.raises(UsageError):
        world(0).kashaf.search("كتاب", **options)


def test_a_text_field_cannot_be_counted():
    from .worlds import world

    with pytest.raises(SchemaError):
        world(0).kashaf.search("كتاب").facet("body")


def test_whooshs_classes_that_cannot_be_run():
    from .worlds import world

    with pytest.raises(UsageError, match="Otherwise"):
        one = whoosh_query.Term("body", "a")
        world(0).kashaf.search(whoosh_query.Otherwise(one, one))
    with pytest.raises(SchemaError):
        world(0).kashaf.search(whoosh_query.Term("nothing", "a"))


def test_the_profile_counts_postings(library):
    profile = library.search('مدرسة "في مصر" -حرب', where={"country": "مصر"}).profile
    assert profile.postings > 0
    assert any("word مدرسة" in line for line in profile.lines())
    assert all(part.seconds >= 0 for part in profile.parts)


def test_deleting_what_a_query_finds():
    import kashaf

    index = kashaf.create()
    with index.writer() as writer:
        for number in range(10):
            writer.add(id=str(number), body="مدرسة" if number % 2 else "كتاب")
    index.refresh()
    with index.writer() as writer:
        assert index.delete_by_query(writer, "مدارس") == 5
    index.refresh()
    assert (index.search("مدارس").total, len(index)) == (0, 5)
