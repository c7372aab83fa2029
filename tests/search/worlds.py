# ruff: noqa: SIM905
"""Small worlds for tests: documents in Kashaf's index and in Whoosh's, and queries for both.

Whoosh's own engine is the oracle: its analyzer emits one rung of each word, so a term of
its index is what Kashaf calls a word on that rung.
"""

import datetime as dt
import functools
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from random import Random

import kashaf
from hypothesis import strategies as st
from kashaf import arabic
from kashaf.index.dates import instant
from kashaf.records import replace
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


def kind_of(field) -> str:
    return getattr(field, "kind", field)


def of_kind(schema: dict, kind: str) -> list[str]:
    return [name for name, field in schema.items() if kind_of(field) == kind]


WHOOSH_FIELDS = {
    "id": lambda text: fields.ID(stored=True, unique=True),
    "text": lambda text: text,
    "keyword": lambda text: fields.KEYWORD(commas=True),
    "number": lambda text: fields.NUMERIC(float),
    "date": lambda text: fields.DATETIME,
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
    schema: dict = field(default_factory=lambda: SCHEMA)

    @cached_property
    def kashaf(self):
        index = kashaf.create(None, self.schema)
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
        kinds = {name: kind_of(field) for name, field in self.schema.items()}
        schema = fields.Schema(**{name: WHOOSH_FIELDS[kind](text) for name, kind in kinds.items()})
        index = RamStorage().create_index(schema)
        for documents in self.commits:
            with index.writer() as writer:
                writer.merge = False
                for document in documents:
                    writer.add_document(**{name: _flat(v) for name, v in document.items()})
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


def _flat(value):
    return ",".join(value) if isinstance(value, list) else value


def document(rng: Random, id: str, schema: dict = SCHEMA) -> dict:
    """A random document; any field may be missing."""
    make = {
        "text": text,
        "keyword": lambda rng: rng.choice([None, *TAGS]),
        "number": lambda rng: rng.choice([None, 0.0, -1.5, 2.0, 7.0, 100.0]),
        "date": lambda rng: rng.choice([None, *DAYS]),
    }
    values = {name: make[kind_of(f)](rng) for name, f in schema.items() if name != "id"}
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


@functools.cache
def strange_world(seed: int) -> World:
    """A world with any number of fields of each kind, keywords in lists among them."""
    rng = Random(seed)
    schema = {"id": "id"}
    for kind, least in (("text", 1), ("keyword", 0), ("number", 0), ("date", 0)):
        for number in range(rng.randint(least, 3)):
            boost = rng.choice([0.5, 1.0, 3.0])
            schema[f"{kind}{number}"] = kashaf.Field(kind, boost) if kind == "text" else kind
    commits = []
    for n in range(rng.randint(1, 4)):
        documents = [document(rng, f"d{n}.{i}", schema) for i in range(rng.randint(1, 7))]
        for name in of_kind(schema, "keyword"):
            for each in documents:
                if rng.random() < 0.3:
                    each[name] = rng.sample(TAGS, rng.randint(1, 3))
        commits.append(documents)
    every = [document["id"] for documents in commits for document in documents]
    return World(commits, set(rng.sample(every, rng.randint(0, len(every) // 2))), schema)


strange_worlds = st.integers(0, 29).map(strange_world)


@dataclass(frozen=True)
class Both:
    """A query, as Kashaf's tree and as Whoosh's."""

    kashaf: object
    whoosh: object


@dataclass(frozen=True)
class Scope:
    """Where words are looked for: one text field, or with no name all of them."""

    name: str | None
    names: tuple[str, ...]


def scopes(schema: dict) -> list[Scope]:
    names = of_kind(schema, "text")
    return [Scope(None, tuple(names)), *(Scope(name, (name,)) for name in names)]


FIELDS = scopes(SCHEMA)


def in_fields(scope: Scope, make: Callable[[str], object]):
    """Whoosh's query over one text field, or over all."""
    every = [make(name) for name in scope.names]
    return every[0] if len(every) == 1 else query.Or(every)


def word(text: str, scope: Scope, rung: str) -> Both:
    terms = asked(text, rung)
    return Both(
        tree.Word(text, scope.name),
        in_fields(scope, lambda f: query.Or([query.Term(f, t) for t in terms])),
    )


def phrase(words: list[str], slop: int, scope: Scope, rung: str) -> Both:
    """Whoosh's phrase of one reading of each word; the others are left to `word`."""
    terms = [on_rung(text, rung) for text in words]
    return Both(
        tree.Phrase(tuple(words), slop, scope.name, rung),
        in_fields(scope, lambda f: query.Phrase(f, terms, slop=slop + 1)),
    )


def plain_words(rung: str):
    """Words that stand for one term on a rung, so that a phrase of them does."""
    return [w for w in WORDS if asked(w, rung) == {on_rung(w, rung)}]


def leaves(rung: str, within=FIELDS):
    names = st.sampled_from(within)
    one = st.builds(lambda w, f: word(w, f, rung), st.sampled_from(WORDS), names)
    several = st.lists(st.sampled_from(plain_words(rung)), min_size=2, max_size=3)
    some = st.builds(lambda ws, f: phrase(ws, 0, f, rung), several, names)
    return st.one_of(one, one, some)


def spread(kind: str, scope: Scope) -> st.SearchStrategy:
    """Patterns, near words and ranges, on the spelling rung."""
    part = st.sampled_from(WORDS).flatmap(lambda w: _spelled_part(arabic.rungs(w).spelling))
    if kind == "prefix":
        return part.map(
            lambda t: _on_text(tree.Pattern("prefix", t, scope.name), query.Prefix, scope, t)
        )
    if kind == "wildcard":
        return st.tuples(part, st.integers(0, 9), st.sampled_from("*?")).map(
            lambda p: _wild(p[0][: p[1]] + p[2] + p[0][p[1] + 1 :], scope)
        )
    if kind == "regex":
        shapes = ["{}.*", ".*{}", "{}.?", "({}|.)+", "[^ا]{}", "{}[ا-ي]{{1,3}}", ".*({})?ه"]
        return st.tuples(part, st.sampled_from(shapes)).map(
            lambda p: _regex(p[1].format(p[0]), scope)
        )
    if kind == "fuzzy":
        words = st.sampled_from(WORDS).map(lambda w: arabic.rungs(w).spelling)
        return st.tuples(words, st.integers(1, 2), st.integers(0, 1)).map(
            lambda p: Both(
                tree.Fuzzy(*p, scope.name),
                in_fields(
                    scope, lambda f: query.FuzzyTerm(f, p[0], maxdist=p[1], prefixlength=p[2])
                ),
            )
        )
    return st.tuples(part, part, st.booleans(), st.booleans()).map(lambda p: _between(p, scope))


def _spelled_part(spelling: str) -> st.SearchStrategy:
    return st.integers(1, len(spelling)).map(lambda end: spelling[:end])


def _on_text(mine, theirs, scope, *arguments):
    return Both(mine, in_fields(scope, lambda f: theirs(f, *arguments)))


def _wild(text: str, scope: Scope) -> Both:
    return _on_text(tree.Pattern("wildcard", text, scope.name), query.Wildcard, scope, text)


def _regex(text: str, scope: Scope) -> Both:
    """Whoosh's matches the beginning of a word, ours the whole."""
    mine = tree.Pattern("regex", text, scope.name)
    return _on_text(mine, query.Regex, scope, f"(?:{text})$")


def _between(ends, scope):
    low, high = sorted(ends[:2])
    mine = tree.Range(scope.name, low, high, *ends[2:])
    return _on_text(mine, query.TermRange, scope, low, high, *ends[2:])


def column(schema: dict = SCHEMA):
    """Parts about columns: keywords, numbers, dates, presence."""
    draw_from = st.sampled_from
    present = of_kind(schema, "text") + of_kind(schema, "keyword")
    parts = [
        st.just(Both(tree.Every(), query.Every())),
        draw_from(present).map(lambda f: Both(tree.Every(f), query.Every(f))),
    ]
    for name in of_kind(schema, "keyword"):
        parts += keyword_parts(name)
    parts += [number_range(name) for name in of_kind(schema, "number")]
    parts += [date_range(name) for name in of_kind(schema, "date")]
    return st.one_of(parts)


def keyword_parts(name: str):
    def pattern(kind, theirs):
        return lambda t: Both(tree.Pattern(kind, t, name), theirs(name, t))

    def between(p):
        (low, high), ends = sorted(p[:2]), p[2]
        mine = tree.Range(name, low, high, *ends)
        return Both(mine, query.TermRange(name, low, high, *ends))

    tags, sets = st.sampled_from(TAGS), ["[xy]*", "[!x]*", "*[ر-ي]"]
    return [
        tags.map(lambda t: Both(tree.Keyword(name, t), query.Term(name, t))),
        st.sampled_from(["", "ع", "y", "x", "م"]).map(pattern("prefix", query.Prefix)),
        st.sampled_from(["*ر", "? z", "x*", "ا*", *sets]).map(pattern("wildcard", query.Wildcard)),
        st.tuples(tags, st.integers(1, 2), st.integers(0, 1)).map(
            lambda p: Both(
                tree.Fuzzy(*p, name),
                query.FuzzyTerm(name, p[0], maxdist=p[1], prefixlength=p[2]),
            )
        ),
        st.sampled_from(["[a-z].*", "(ع|م).+", "x?"]).map(
            lambda t: Both(tree.Pattern("regex", t, name), query.Regex(name, f"(?:{t})$"))
        ),
        st.tuples(tags, tags, openness).map(between),
    ]


openness = st.tuples(st.booleans(), st.booleans())


def number_range(name: str):
    def between(p):
        low, high, ends = p
        mine = tree.Range(name, low, high, *ends)
        return Both(mine, query.NumericRange(name, low, high, *ends))

    numbers = st.sampled_from([None, -1.5, 0.0, 2.0, 5.0, 100.0])
    return st.tuples(numbers, numbers, openness).map(between)


def date_range(name: str):
    def between(p):
        low, high, ends = p
        mine = (None if day is None else instant(day) for day in (low, high))
        return Both(tree.Range(name, *mine, *ends), query.DateRange(name, low, high, *ends))

    days = st.sampled_from([None, *DAYS])
    return st.tuples(days, days, openness).map(between)


def compounds(parts):
    """Groups of parts.

    Not Whoosh's AndNot: its matcher goes wrong inside another. In its And what a Not lets
    through scores 1, in its Require nothing, as here.
    """
    pairs = st.tuples(parts, parts)
    some = st.lists(parts, min_size=1, max_size=3)
    return st.one_of(
        some.map(lambda p: _join(tree.And, query.And, p)),
        some.map(lambda p: _join(tree.Or, query.Or, p)),
        pairs.map(
            lambda p: Both(
                tree.And((p[0].kashaf, tree.Not(p[1].kashaf))),
                query.Require(p[0].whoosh, query.Not(p[1].whoosh)),
            )
        ),
        pairs.map(
            lambda p: Both(
                tree.Require(p[0].kashaf, p[1].kashaf), query.Require(p[0].whoosh, p[1].whoosh)
            )
        ),
    )


def maybes(parts):
    return st.tuples(parts, parts).map(
        lambda p: Both(
            tree.AndMaybe(p[0].kashaf, p[1].kashaf), query.AndMaybe(p[0].whoosh, p[1].whoosh)
        )
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


def trees(parts, weigh=True):
    """Trees of parts; without `weigh` only such as have the same scores in both engines.

    Whoosh's DisjunctionMax gives a document the best score of its two matchers also where one
    of them is at a later document, and its AndMaybe leaves the second matcher behind when it
    skips, whose score is then missing.
    """

    def more(p):
        return compounds(p) | maybes(p) | weighted(p) if weigh else compounds(p)

    return st.recursive(parts, more, max_leaves=6)
