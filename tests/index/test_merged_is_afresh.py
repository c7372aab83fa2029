"""Segments in any number, with deletions, then merged: always as if built afresh."""

import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kashaf.index import Corpus, Schema
from kashaf.index import merging_postings as chunks
from kashaf.storage import MemoryDirectory

from .model import SCHEMA, content, documents, fresh, require_sound, snapshot_of


def spread(found, cuts, dead, seed=0):
    """Return an index of documents, committed at each cut, some deleted in the end."""
    directory = MemoryDirectory()
    corpus = Corpus(directory, create=SCHEMA)
    edges = [0, *sorted(cuts), len(found)]
    for first, end in pairwise(edges):
        with corpus.writer() as writer:
            for each in found[first:end]:
                writer.add(each)
    with corpus.writer() as writer:
        for number in dead:
            writer.delete(str(number))
    return directory


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_split_with_any_deletions(data):
    count = data.draw(st.integers(0, 40))
    found = documents(count, data.draw(st.integers(0, 99)))
    cuts = data.draw(st.lists(st.integers(0, count), max_size=6))
    dead = data.draw(st.sets(st.integers(0, max(count - 1, 0)), max_size=count))
    directory = spread(found, cuts, dead)
    expected = content(fresh([each for each in found if int(each["id"]) not in dead]))
    require_sound(directory)
    assert content(directory) == expected
    with Corpus(directory).writer() as writer:
        writer.optimize()
    require_sound(directory)
    assert len(snapshot_of(directory).segments) <= 1
    assert content(directory) == expected


@pytest.mark.parametrize("size", [1, 7, 300])
def test_in_chunks_of_any_size(monkeypatch, size):
    """Chunks end inside the merge and runs begin anew; nothing of it shows."""
    monkeypatch.setattr(chunks, "GAP", size)
    cut = chunks.stretches
    monkeypatch.setattr("kashaf.index.merging_postings.stretches", lambda s, _: cut(s, size))
    monkeypatch.setattr("kashaf.index.merging.stretches", lambda s, _: cut(s, size))
    found = documents(300, 5)
    dead = random.Random(1).sample(range(300), 70)
    directory = spread(found, [50, 200], dead)
    with Corpus(directory).writer() as writer:
        writer.optimize()
    require_sound(directory)
    assert content(directory) == content(
        fresh([each for each in found if int(each["id"]) not in dead])
    )


def test_fields_that_came_later():
    directory = MemoryDirectory()
    corpus = Corpus(directory, create=Schema({"id": "id", "body": "text"}))
    with corpus.writer() as writer:
        writer.add(id="1", body="كتاب")
    with corpus.writer() as writer:
        writer.extend({"title": "text", "n": "number", "tag": "keyword"})
        writer.add(id="2", title="كتب", n=3, tag="x")
    with corpus.writer() as writer:
        writer.optimize()
    require_sound(directory)
    schema = corpus.snapshot().schema
    expected = fresh(
        [{"id": "1", "body": "كتاب"}, {"id": "2", "title": "كتب", "n": 3, "tag": "x"}], schema
    )
    assert content(directory) == content(expected)


def test_small_blocks_of_documents_are_packed_together():
    directory = MemoryDirectory()
    corpus = Corpus(directory, create=SCHEMA)
    for each in documents(30, 3):
        with corpus.writer() as writer:
            writer.add(each)
    with corpus.writer() as writer:
        writer.optimize()
    [segment] = corpus.snapshot().segments
    assert segment.stored.blocks < 10
