"""Vocabulary and postings of a segment against naive ones made of dicts."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kashaf import arabic
from kashaf.arabic import Rungs
from kashaf.index import Corpus, Schema
from kashaf.index.postings import TokensBefore
from kashaf.index.vocabulary import Vocabulary, sort_terms, write_vocabulary
from kashaf.storage import ColumnFile, ColumnWriter, MemoryDirectory

from .model import SCHEMA, WORDS, dfs, documents, fresh, keywords, lengths, postings, snapshot_of

letters = st.text("ابت", min_size=1, max_size=2)
ladders = st.lists(st.builds(Rungs, letters, letters, letters, letters), max_size=40)


def key(term):
    return tuple(part.encode() for part in (term.root, term.stem, term.spelling, term.written))


def vocabulary(terms):
    directory = MemoryDirectory()
    with ColumnWriter(directory, "file", "test") as out:
        order = sort_terms(terms)
        counts = write_vocabulary(out, order.levels, order.children)
        out.finish({})
    return Vocabulary(ColumnFile(directory, "file", "test"), counts)


def span(terms, **wanted):
    """The places of the terms that have these rungs, by looking at them all."""
    found = [n for n, t in enumerate(terms) if all(getattr(t, k) == v for k, v in wanted.items())]
    assert found == list(range(found[0], found[-1] + 1)) if found else True
    return (found[0], found[-1] + 1) if found else (0, 0)


@settings(max_examples=150, deadline=None)
@given(words=ladders, asked=st.builds(Rungs, letters, letters, letters, letters))
def test_every_rung_is_one_range(words, asked):
    terms = sorted(set(words), key=key)
    made = vocabulary(terms)
    assert made.rungs() == terms
    assert (made.terms, made.groups) == (len(terms), len({t.root for t in terms}))
    for word in [*terms, asked]:
        place = made.place(word.root, word.stem, word.spelling, word.written)
        first, end = span(terms, root=word.root)
        if place is None:
            assert first == end
            continue
        assert made.group_terms(place.group) == (first, end)
        assert made.group_rungs(place.group) == terms[first:end]
        rungs = {"root": word.root}
        for rung in ("stem", "spelling", "written"):
            rungs[rung] = getattr(word, rung)
            low, high = span(terms, **rungs)
            expected = (low - first, high - first) if low < high else (0, 0)
            assert getattr(place, rung) == expected


@given(words=ladders)
def test_sorting_gives_groups_and_forms(words):
    distinct = list(dict.fromkeys(words))
    order = sort_terms(distinct)
    ranked = [distinct[n] for n in order.ranked]
    assert ranked == sorted(distinct, key=key)
    roots = sorted({word.root for word in distinct}, key=str.encode)
    for number, word in enumerate(distinct):
        same = [term for term in ranked if term.root == word.root]
        assert roots[order.groups[number]] == word.root
        assert same[order.forms[number]] == word


def naive(found, field):
    """Word → [(document, positions)], and words a document."""
    index, sizes = {}, []
    for doc, each in enumerate(found):
        words = [word.text for word in arabic.words(each.get(field) or "")]
        sizes.append(len(words))
        for position, word in enumerate(words):
            rows = index.setdefault((field, arabic.rungs(word)), [])
            if not rows or rows[-1][0] != doc:
                rows.append((doc, []))
            rows[-1][1].append(position)
    return index, sizes


@settings(max_examples=60, deadline=None)
@given(bodies=st.lists(st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join), max_size=20))
def test_postings_are_those_of_a_naive_index(bodies):
    found = [{"id": str(n), "body": body} for n, body in enumerate(bodies)]
    directory = fresh(found, Schema({"id": "id", "body": "text"}))
    expected, sizes = naive(found, "body")
    snapshot = snapshot_of(directory)
    assert postings(snapshot) == expected
    assert dfs(snapshot) == {term: len(rows) for term, rows in expected.items()}
    assert lengths(snapshot) == {"body": sizes}


def test_all_fields_of_many_documents():
    """More than a block of postings of one word, and every kind of field beside."""
    found = documents(400, 12)
    snapshot = snapshot_of(fresh(found))
    for field in ("title", "body"):
        expected, sizes = naive(found, field)
        assert {k: v for k, v in postings(snapshot).items() if k[0] == field} == expected
        assert lengths(snapshot)[field] == sizes
    expected = {("id", each["id"]): [n] for n, each in enumerate(found)}
    for doc, each in enumerate(found):
        for tag in dict.fromkeys(each.get("tag", ())):
            expected.setdefault(("tag", tag), []).append(doc)
    assert keywords(snapshot) == expected
    assert [snapshot.find(each["id"]) for each in found] == list(range(400))
    assert list(snapshot.all_documents()) == found


def test_means_are_over_documents_that_have_words():
    directory = fresh([{"id": "1", "body": "كتاب كتب"}, {"id": "2"}, {"id": "3", "body": "قال"}])
    assert snapshot_of(directory).average_lengths == {"title": 1.0, "body": 1.5}


@pytest.mark.parametrize("count", [127, 128, 129, 256])
def test_blocks_that_end_where_a_word_does(count):
    found = [{"id": str(n), "body": "كتاب"} for n in range(count)]
    corpus = Corpus(fresh(found, SCHEMA))
    text = corpus.snapshot().segments[0].text["body"]
    assert text.docs.slice().tolist() == list(range(count))
    assert text.token_starts.tolist() == [min(128 * n, count) for n in range(-(-count // 128) + 1)]
    assert Counter(text.tfs.slice().tolist()) == {1: count}


def test_more_words_than_a_segment_takes_are_refused():
    before = TokensBefore()
    before.add(np.array([2**32 - 2], np.uint32))
    before.add(np.array([1], np.uint32))
    assert before.blocks().tolist() == [0, 2**32 - 1]
    before.add(np.array([1], np.uint32))
    with pytest.raises(OverflowError, match=r"less than 2\^32 words"):
        before.blocks()
