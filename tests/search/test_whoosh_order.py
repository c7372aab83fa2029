"""Kashaf ranks as Whoosh's own engine does, where the two formulas are the same.

They are the same for words that stand for one term, in one field each, where every rung up to
the one asked for weighs 1 and every document has every field. Kashaf has the documents in
several segments with some deleted, Whoosh those that are left, for it counts deleted ones in
its statistics. Whoosh's weight of a word is log(N / (n + 1)) + 1, so

- for one word its BM25F is taken as it is, and the order must be the same up to ties;
- in trees of words the weight of each is given to Whoosh, worked out here from the documents,
  as the boost of a term, and the scores must be the same.
"""

import functools
import itertools
import math
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kashaf import arabic
from kashaf.search import Index, tree
from kashaf.search.ranking import Ranking
from whoosh import query, scoring

from .worlds import WORDS, Both, World, on_rung, plain_words, trees

many = settings(max_examples=150, deadline=None)
EVEN = Ranking(k1=0.9, b=0.6, written=1.0, spelling=1.0, stem=1.0, root=1.0, clash=1.0)
SCHEMA = {"id": "id", "title": "text", "body": "text"}
DEPTH = {"written": 1, "spelling": 2, "stem": 3, "root": 4}


def known(rung):
    """Words that stand for one term on a rung, with no doubt about it."""
    readings = {word: arabic.readings(word) for word in plain_words(rung)}
    return [word for word, found in readings.items() if len(found) == 1 and found[0].weight == 1]


class Ranked:
    """The same live documents in Kashaf's index and in Whoosh's.

    Texts are of ten words at most: Whoosh stores lengths in a byte, and rounds longer ones.
    """

    def __init__(self, seed):
        rng = Random(seed)
        sizes = [rng.randint(1, 8) for _ in range(rng.randint(1, 4))]
        commits = [
            [self._document(rng, f"d{n}.{i}") for i in range(k)] for n, k in enumerate(sizes)
        ]
        every = [document for documents in commits for document in documents]
        gone = {document["id"] for document in every if rng.random() < 0.2 and len(every) > 3}
        whole = World(commits, gone, SCHEMA).kashaf
        self.kashaf = Index(whole._corpus, EVEN)
        self.live = [document for document in every if document["id"] not in gone]
        self._left = World([self.live[:5], self.live[5:]] if len(self.live) > 5 else [self.live])
        self._left.schema = SCHEMA

    @staticmethod
    def _document(rng, id):
        texts = (" ".join(rng.choices(WORDS, k=rng.randint(1, 10))) for _ in range(2))
        return {"id": id, "title": next(texts), "body": next(texts)}

    def idf(self, word, field, rung):
        """A word's weight by docs/ranking.md, counted in the documents."""
        rungs = ["written"] if rung == "written" else list(DEPTH)[1 : DEPTH[rung]]
        return sum(self._idf_on(word, field, each) for each in rungs) / len(rungs)

    def _idf_on(self, word, field, rung):
        """Each written form counts in each document that has it."""
        met = on_rung(word, rung)
        texts = [{w.text for w in arabic.words(document[field])} for document in self.live]
        n = sum(on_rung(form, rung) == met for forms in texts for form in forms)
        count = len(self.live)
        return math.log1p((count - min(n, count) + 0.5) / (min(n, count) + 0.5))

    def by_whoosh(self, rung, asked, weighting):
        searcher = self._left.whoosh(rung)
        searcher.weighting = weighting
        searcher._idf_cache.clear()
        return {hit["id"]: hit.score for hit in searcher.search(asked, limit=None)}

    def by_kashaf(self, rung, asked):
        return [(h.id, h.score) for h in self.kashaf.search(asked, limit=1000, match=rung)]


ranked_worlds = st.integers(0, 19).map(functools.cache(Ranked))


@pytest.mark.parametrize("rung", DEPTH)
@many
@given(world=ranked_worlds, data=st.data(), field=st.sampled_from(["title", "body"]))
def test_one_word_is_ranked_as_by_whoosh(rung, world, data, field):
    word = data.draw(st.sampled_from(known(rung)))
    mine = world.by_kashaf(rung, tree.Word(word, field))
    weighting = scoring.BM25F(B=EVEN.b, K1=EVEN.k1)
    theirs = world.by_whoosh(rung, query.Term(field, on_rung(word, rung)), weighting)
    assert {id for id, _ in mine} == set(theirs)
    scores = [theirs[id] for id, _ in mine]
    assert all(a >= b - 1e-6 * a for a, b in itertools.pairwise(scores))
    for (one, a), (other, b) in itertools.pairwise(mine):
        if a == b:
            assert theirs[one] == pytest.approx(theirs[other], rel=1e-6)


class Saturating(scoring.BM25F):
    """Whoosh's BM25F with weight 1 for each term, and without its constant factor k1 + 1."""

    def idf(self, searcher, fieldname, text):
        return 1 / (self.K1 + 1)


def words(world, rung):
    def made(word, field):
        term = query.Term(field, on_rung(word, rung), boost=world.idf(word, field, rung))
        return Both(tree.Word(word, field), term)

    return st.builds(made, st.sampled_from(known(rung)), st.sampled_from(["title", "body"]))


@pytest.mark.parametrize("rung", ["written", "spelling", "stem"])
@many
@given(world=ranked_worlds, data=st.data())
def test_trees_of_words_have_whooshs_scores(rung, world, data):
    asked = data.draw(trees(words(world, rung), weigh=False))
    mine = world.by_kashaf(rung, asked.kashaf)
    theirs = world.by_whoosh(rung, asked.whoosh, Saturating(B=EVEN.b, K1=EVEN.k1))
    assert {id for id, _ in mine} == set(theirs)
    for id, score in mine:
        assert score == pytest.approx(theirs[id], rel=1e-5, abs=1e-6)
    scores = [score for _, score in mine]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("rung", ["written", "spelling", "stem"])
@many
@given(world=ranked_worlds, data=st.data())
def test_what_is_wished_adds_its_score(rung, world, data):
    parts = trees(words(world, rung), weigh=False)
    needed, wished = data.draw(parts).kashaf, data.draw(parts).kashaf
    one, other = (dict(world.by_kashaf(rung, part)) for part in (needed, wished))
    expected = {id: score + other.get(id, 0.0) for id, score in one.items()}
    assert dict(world.by_kashaf(rung, tree.AndMaybe(needed, wished))) == pytest.approx(expected)
