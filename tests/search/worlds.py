# ruff: noqa: SIM905
"""Small worlds for tests: documents in Kashaf's index and in Whoosh's, and queries for both.

Whoosh's own engine is the oracle: its analyzer emits one rung of each word, so a term of
its index is what Kashaf calls a word on that rung.
"""

import datetime as dt
import functools
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from random import Random

import kashaf
from hypothesis import strategies as st
from kashaf import arabic
from kashaf.index.dates import instant
from kashaf.search import tree
from pyarabic import araby
from whoosh import analysis, fields, query
from whoosh.filedb.filestore import RamStorage

WORDS = (
    "كتاب الكتاب والكتاب كِتَاب كُتّاب كتب كُتُب كَتَبَ مكتبة المكتبة مكتبات كاتب درس الدرس مدرسة المدرسة "
    "مدارس تدريس مَلِك مُلك ملك الملك "
    "مسؤول مسئول قال يقول قول في من علي على مصر covid covids ١٩ 19 a é"
).split()
TAGS = ["علوم", "أدب", "x", "y z", "مصر"]
DAYS = [dt.datetime(2016, 1, 1), dt.datetime(2016, 12, 31, 23, 59), dt.datetime(2017, 3, 5)]

SCHEMA = {
    "id": "id",
    "title": kashaf.Field("text", 2.0),
    "body": "text",
    "tag": "keyword",
    "size": "number",
    "day": "date",
}


def on_rung(word: str, rung: str) -> str:
    """What a word of a document is called on a rung."""
    rungs = arabic.rungs(word)
    names = {"written": rungs.written, "spelling": rungs.spelling, "root": rungs.root}
    return names.get(rung) or f"{rungs.root}\0{rungs.stem}"


def bare(word: str) -> str:
    """A word without marks and tatweel, by pyarabic."""
    return unicodedata.normalize("NFKC", araby.strip_tatweel(araby.strip_tashkeel(word)))


def asked(word: str, rung: str) -> set[str]:
    """What a word of a query may be called on a rung."""
    if rung == "written":
        return {w for w in WORDS if arabic.compatible(word, w) and bare(word) == bare(w)}
    if rung == "spelling":
        return {arabic.rungs(word).spelling}
    readings = arabic.readings(word)
    return {r.root if rung == "root" else f"{r.root}\0{r.stem}" for r in readings}


class RungTokenizer(analysis.Tokenizer):
    """Cuts a text as Kashaf does and emits one rung of each word."""

    def __init__(self, rung: str) -> None:
        self.rung = rung

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RungTokenizer) and self.rung == other.rung

    __hash__ = None

    def __call__(self, value, positions=False, chars=False, **options):
        for position, word in enumerate(arabic.words(value)):
            token = analysis.Token(positions=positions, chars=chars, **options)
            token.text = token.original = on_rung(word.text, self.rung)
            token.pos, token.boost, token.stopped = position, 1.0, False
            token.startchar, token.endchar = word.start, word.end
            yield token


@dataclass(eq=False)
class World:
    """Commits, each a list of documents, and ids deleted after them."""

    commits: list[list[dict]]
    deleted: set[str] = field(default_factory=set)

    @cached_property
    def kashaf(self):
        index = kashaf.create(None, SCHEMA)
        for documents in self.commits:
            with index.writer() as writer:
                for document in documents:
                    writer.add(document)
        with index.writer() as writer:
            for id in self.deleted:
                writer.delete(id)
        index.refresh()
        return index

    @functools.cache  # noqa: B019
    def whoosh(self, rung: str):
        """A searcher of Whoosh's over the same documents, on one rung."""
        text = fields.TEXT(analyzer=RungTokenizer(rung), phrase=True)
        schema = fields.Schema(
            id=fields.ID(stored=True, unique=True),
            title=text,
            body=text,
            tag=fields.ID,
            size=fields.NUMERIC(float),
            day=fields.DATETIME,
        )
        index = RamStorage().create_index(schema)
        for documents in self.commits:
            with index.writer() as writer:
                writer.merge = False
                for document in documents:
                    writer.add_document(**document)
        with index.writer() as writer:
            writer.merge = False
            for id in self.deleted:
                writer.delete_by_term("id", id)
        return index.searcher()

    def found_by_whoosh(self, rung: str, asked) -> set[str]:
        return {hit["id"] for hit in self.whoosh(rung).search(asked, limit=None)}

    def found_by_kashaf(self, rung: str, asked) -> set[str]:
        page = self.kashaf.search(asked, limit=1000, match=rung)
        assert page.total == len(page.hits)
        return {hit.id for hit in page}


def document(rng: Random, id: str) -> dict:
    """A random document; any field may be missing."""
    values = {
        "title": text(rng),
        "body": text(rng),
        "tag": rng.choice([None, *TAGS]),
        "size": rng.choice([None, 0.0, -1.5, 2.0, 7.0, 100.0]),
        "day": rng.choice([None, *DAYS]),
    }
    return {"id": id} | {k: v for k, v in values.items() if v not in (None, "")}


def text(rng: Random) -> str:
    return " ".join(rng.choices(WORDS, k=rng.randrange(9)))


@functools.cache
def world(seed: int) -> World:
    """Up to three segments of up to eight documents, some deleted."""
    rng = Random(seed)
    sizes = [rng.randint(1, 8) for _ in range(rng.randint(1, 3))]
    commits = [[document(rng, f"d{n}.{i}") for i in range(size)] for n, size in enumerate(sizes)]
    every = [document["id"] for documents in commits for document in documents]
    return World(commits, set(rng.sample(every, rng.randint(0, min(3, len(every) - 1)))))


worlds = st.integers(0, 11).map(world)
"""Few, so that each is made once; the queries are what there are many of."""


@dataclass(frozen=True)
class Both:
    """A query, as Kashaf's tree and as Whoosh's."""

    kashaf: object
    whoosh: object


FIELDS = [None, "title", "body"]


def in_fields(name: str | None, make: Callable[[str], object]):
    """Whoosh's query over one text field, or over both."""
    return make(name) if name else query.Or([make("title"), make("body")])


def word(text: str, name: str | None, rung: str) -> Both:
    terms = asked(text, rung)
    return Both(
        tree.Word(text, name),
        in_fields(name, lambda f: query.Or([query.Term(f, t) for t in terms])),
    )


def phrase(words: list[str], slop: int, name: str | None, rung: str) -> Both:
    """Whoosh's phrase of one reading of each word; the others are left to `word`."""
    terms = [on_rung(text, rung) for text in words]
    return Both(
        tree.Phrase(tuple(words), slop, name, rung),
        in_fields(name, lambda f: query.Phrase(f, terms, slop=slop + 1)),
    )


def plain_words(rung: str):
    """Words that stand for one term on a rung, so that a phrase of them does."""
    return [w for w in WORDS if asked(w, rung) == {on_rung(w, rung)}]


def leaves(rung: str):
    names = st.sampled_from(FIELDS)
    one = st.builds(lambda w, f: word(w, f, rung), st.sampled_from(WORDS), names)
    several = st.lists(st.sampled_from(plain_words(rung)), min_size=2, max_size=3)
    some = st.builds(lambda ws, f: phrase(ws, 0, f, rung), several, names)
    return st.one_of(one, one, some)


def spread(kind: str, name: str | None) -> st.SearchStrategy:
    """Patterns, near words and ranges, on the spelling rung."""
    part = st.sampled_from(WORDS).flatmap(lambda w: _spelled_part(arabic.rungs(w).spelling))
    if kind == "prefix":
        return part.map(lambda t: _on_text(tree.Pattern("prefix", t, name), query.Prefix, name, t))
    if kind == "wildcard":
        return st.tuples(part, st.integers(0, 9), st.sampled_from("*?")).map(
            lambda p: _wild(p[0][: p[1]] + p[2] + p[0][p[1] + 1 :], name)
        )
    if kind == "regex":
        shapes = ["{}.*", ".*{}", "{}.?", "({}|.)+", "[^ا]{}", "{}[ا-ي]{{1,3}}", ".*({})?ه"]
        return st.tuples(part, st.sampled_from(shapes)).map(
            lambda p: _regex(p[1].format(p[0]), name)
        )
    if kind == "fuzzy":
        words = st.sampled_from(WORDS).map(lambda w: arabic.rungs(w).spelling)
        return st.tuples(words, st.integers(1, 2), st.integers(0, 1)).map(
            lambda p: Both(
                tree.Fuzzy(*p, name),
                in_fields(
                    name, lambda f: query.FuzzyTerm(f, p[0], maxdist=p[1], prefixlength=p[2])
                ),
            )
        )
    return st.tuples(part, part, st.booleans(), st.booleans()).map(lambda p: _between(p, name))


def _spelled_part(spelling: str) -> st.SearchStrategy:
    return st.integers(1, len(spelling)).map(lambda end: spelling[:end])


def _on_text(mine, theirs, name, *arguments):
    return Both(mine, in_fields(name, lambda f: theirs(f, *arguments)))


def _wild(text: str, name: str | None) -> Both:
    return _on_text(tree.Pattern("wildcard", text, name), query.Wildcard, name, text)


def _regex(text: str, name: str | None) -> Both:
    """Whoosh's matches the beginning of a word, ours the whole."""
    mine = tree.Pattern("regex", text, name)
    return _on_text(mine, query.Regex, name, f"(?:{text})$")


def _between(ends, name):
    low, high = sorted(ends[:2])
    mine = tree.Range(name, low, high, *ends[2:])
    return _on_text(mine, query.TermRange, name, low, high, *ends[2:])


def column(draw_from=st.sampled_from):
    """Parts about columns: keywords, numbers, dates, presence."""
    numbers = st.sampled_from([None, -1.5, 0.0, 2.0, 5.0, 100.0])
    days = st.sampled_from([None, *DAYS])
    openness = st.tuples(st.booleans(), st.booleans())
    return st.one_of(
        draw_from(TAGS).map(lambda t: Both(tree.Keyword("tag", t), query.Term("tag", t))),
        st.just(Both(tree.Every(), query.Every())),
        draw_from(["title", "body", "tag"]).map(lambda f: Both(tree.Every(f), query.Every(f))),
        draw_from(["", "ع", "y", "x", "م"]).map(
            lambda t: Both(tree.Pattern("prefix", t, "tag"), query.Prefix("tag", t))
        ),
        draw_from(["*ر", "? z", "x*", "ا*"]).map(
            lambda t: Both(tree.Pattern("wildcard", t, "tag"), query.Wildcard("tag", t))
        ),
        st.tuples(draw_from(TAGS), draw_from(TAGS), openness).map(_keyword_range),
        st.tuples(numbers, numbers, openness).map(_numbers),
        st.tuples(days, days, openness).map(_dates),
    )


def _keyword_range(p):
    (low, high), openness = sorted(p[:2]), p[2]
    mine, theirs = tree.Range("tag", low, high, *openness), (low, high, *openness)
    return Both(mine, query.TermRange("tag", *theirs))


def _numbers(p):
    low, high, openness = p
    return Both(
        tree.Range("size", low, high, *openness), query.NumericRange("size", low, high, *openness)
    )


def _dates(p):
    low, high, openness = p
    mine = tree.Range("day", *(None if d is None else instant(d) for d in (low, high)), *openness)
    return Both(mine, query.DateRange("day", low, high, *openness))


def compounds(parts):
    """Groups of parts. Not Whoosh's AndNot: its matcher goes wrong inside another."""
    pairs = st.tuples(parts, parts)
    some = st.lists(parts, min_size=1, max_size=3)
    return st.one_of(
        some.map(lambda p: _join(tree.And, query.And, p)),
        some.map(lambda p: _join(tree.Or, query.Or, p)),
        pairs.map(
            lambda p: Both(
                tree.And((p[0].kashaf, tree.Not(p[1].kashaf))),
                query.And([p[0].whoosh, query.Not(p[1].whoosh)]),
            )
        ),
        pairs.map(
            lambda p: Both(
                tree.AndMaybe(p[0].kashaf, p[1].kashaf), query.AndMaybe(p[0].whoosh, p[1].whoosh)
            )
        ),
        pairs.map(
            lambda p: Both(
                tree.Require(p[0].kashaf, p[1].kashaf), query.Require(p[0].whoosh, p[1].whoosh)
            )
        ),
    )


def weighted(parts):
    """Parts inside what changes scores and not documents."""
    return st.one_of(
        parts.map(lambda p: Both(tree.Constant(p.kashaf), query.ConstantScoreQuery(p.whoosh))),
        parts.map(lambda p: Both(replace(p.kashaf, boost=2.0), p.whoosh)),
        st.lists(parts, min_size=1, max_size=3).map(
            lambda p: _join(tree.Best, query.DisjunctionMax, p)
        ),
    )


def _join(mine, theirs, parts):
    return Both(mine(tuple(p.kashaf for p in parts)), theirs([p.whoosh for p in parts]))


def trees(parts):
    return st.recursive(parts, lambda p: compounds(p) | weighted(p), max_leaves=6)
