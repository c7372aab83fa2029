"""How queries are read."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from kashaf.errors import KashafError
from kashaf.search import grammar, language, reading, tree
from kashaf.search.wording import show

from .worlds import WORDS

GOLDEN = Path(__file__).parent / "data" / "queries.tsv"
NAMES = "title: root: نص: date:[".split()  # noqa: SIM905
SIGNS = [*"()\"*?~^:+-[]{}<>=/\\'؟،؛«»“” \n\0", *NAMES, " TO ", 'r"']
OPERATORS = ["AND", "OR", "NOT", "أو", "ANDNOT", "ANDMAYBE", "REQUIRE"]

scraps = st.lists(st.sampled_from(WORDS + SIGNS + OPERATORS), max_size=12)
strings = st.one_of(st.text(max_size=40), scraps.map("".join), scraps.map(" ".join))


def read(library, text, **options):
    return language.read(text, library.schema, **options)


def shown(library, text, **options):
    reading = read(library, text, **options)
    return show(reading.meant or reading.node)


def golden():
    rows = [line.split("\t") for line in GOLDEN.read_text("utf-8").splitlines()]
    return [(*row, "", "")[:3] for row in rows]


@pytest.mark.parametrize(("query", "reading", "notices"), golden())
def test_a_hundred_queries_that_a_person_would_type(library, query, reading, notices):
    found = read(library, query)
    assert show(found.meant or found.node) == reading
    assert " | ".join(notice.message for notice in found.notices) == notices


def test_there_are_a_hundred():
    assert len({query for query, *_ in golden()}) >= 100


@settings(max_examples=200, deadline=None)
@given(words=st.lists(st.sampled_from([*WORDS, "covid-19", "a.b", "؟", "،", "«مصر»"]), max_size=6))
@pytest.mark.parametrize("every_word", [False, True])
def test_plain_words_are_read_alike_with_and_without_the_parser(library, every_word, words):
    text = " ".join(words)
    plain = reading.bag(text, every_word)
    parsed = grammar.read(text, library.schema, every_word).node
    assert plain == parsed
    assert spans(plain) == spans(parsed)


PIECES = [*WORDS, "covid-19", "AND", "أو", "to", "_", "ـ", "و1", "r"]
INSIDE = st.lists(st.sampled_from(PIECES), max_size=3).map(lambda words: f'"{" ".join(words)}"')


@settings(max_examples=400, deadline=None)
@given(
    pieces=st.lists(st.sampled_from(PIECES) | INSIDE, max_size=5),
    joint=st.sampled_from([" ", "  ", ""]),
)
@pytest.mark.parametrize("every_word", [False, True])
def test_phrases_are_read_alike_with_and_without_the_parser(library, every_word, pieces, joint):
    text = joint.join(pieces)
    plain = reading.quoted(text, every_word)
    if plain is None:
        return
    parsed = grammar.read(text, library.schema, every_word)
    assert plain == parsed
    assert spans(plain.node) == spans(parsed.node)
    assert spans(plain.meant) == spans(parsed.meant)


@pytest.mark.parametrize(
    "text", ['"كتاب جديد"', 'كتاب "بيت كبير" مدرسة', '"بيت كبير"  "كِتاب جديد"']
)
def test_a_phrase_among_words_needs_no_parser(text):
    assert reading.quoted(text) is not None


def spans(node):
    return [part.span for part in getattr(node, "parts", [node])]


@settings(max_examples=400, deadline=None)
@given(text=strings)
def test_any_string_has_a_reading_and_an_answer(library, text):
    try:
        page = library.search(text, limit=3)
    except KashafError as error:
        assert len(str(error).splitlines()) == 1
        return
    assert len(page.hits) <= page.total
    assert all(notice.start is None or 0 <= notice.start <= len(text) for notice in page.notices)
    for start, end in words_spans(page.result.reading.node):
        assert 0 <= start < end <= len(text)


def words_spans(node):
    if isinstance(node, tree.Word) and node.span:
        yield node.span
    for part in getattr(node, "parts", ()):
        yield from words_spans(part)


@settings(max_examples=300, deadline=None)
@example(text="0\ufd400")
@example(text="root:*;")
@example(text="root:*:0")
@example(text="root:*;0")
@example(text="root:-*0")
@example(text='" 0"*0')
@example(text='0*"0+"')
@given(text=strings)
def test_what_was_read_is_read_the_same_again(library, text):
    first = shown(library, text)
    if first != "(nothing)":
        assert shown(library, first) == first


def test_the_position_of_a_word_is_that_in_the_query(library):
    text = "قال: كتاب (مدرسة OR title:قلم)"
    node = read(library, text).node
    found = {text[start:end] for start, end in words_spans(node)}
    assert found == {"قال", "كتاب", "مدرسة", "قلم"}


SYNTAX = re.compile(
    r"""["“”()\[\]{}^*~?+:<>]|(?:^|\s)-\S|(?:^|\s)(?:AND|OR|NOT|ANDNOT|ANDMAYBE|REQUIRE|أو)(?:\s|$)"""
)


@given(st.text(st.sampled_from("aAND-OR أو\n\u00a0:")) | strings)
def test_what_says_more_than_words(text):
    assert language.has_syntax(text) == bool(SYNTAX.search(text))


def test_plain_words_do_not_load_the_parser():
    code = (
        "import sys, kashaf; i = kashaf.create(); i.search('كتاب جديد').total; "
        "assert not [m for m in sys.modules if m.startswith('whoosh')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_all_words(library):
    assert isinstance(read(library, "كتاب قلم", every_word=True).node, tree.And)
    anyone = library.search("كتاب مدينة").total
    assert library.search("كتاب مدينة", every_word=True).total < anyone


def test_a_plus_demands_and_a_minus_excludes(library):
    both = library.search("+مدرسة كتاب").total
    assert both == library.search("مدرسة").total
    assert library.search("مدرسة -كتاب").total == both - library.search("مدرسة AND كتاب").total


def test_rungs_by_word(library):
    totals = [
        library.search(f"{rung}:مدرسة").total for rung in ("exact", "spelling", "stem", "root")
    ]
    assert totals == sorted(totals)
    assert totals[0] < totals[3]
    assert library.search("جذر:مدرسة").total == totals[3]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("عنوان:مدرسة", "title:مدرسة"),
        ("نص:مدرسة", "body:مدرسة"),
        ("تاريخ:[2016 إلى 2018]", "date:[2016 TO 2018]"),
        ("مدرسة أو كتاب", "مدرسة OR كتاب"),
        ("حرفي:مدرسة", "exact:مدرسة"),
        ("title:(root:كتب قلم)", "title:root:كتب OR title:قلم"),
        ("pages:>2", "pages:{2 TO]"),
        ("pages:<=٢", "pages:[TO 2]"),
    ],
)
def test_ways_to_say_the_same(library, one, other):
    assert shown(library, one) == shown(library, other)


def test_a_long_query_is_read_as_words(library):
    page = library.search("(كتاب OR قلم) " * 400)
    assert "longer than" in str(page.notices[0])
    assert page.total


def test_a_condition_beside_words_is_a_filter(library):
    found = library.search("كتاب date:2022")
    only = library.search("كتاب", since="2022", until="2022")
    assert [hit.id for hit in found] == [hit.id for hit in only]
    assert [hit.score for hit in found] == pytest.approx([hit.score for hit in only])
    several = library.search("كتاب date:2022 date:2017").total
    assert several == found.total + library.search("كتاب date:2017").total


def test_conditions_leave_the_words_as_they_are(library):
    question = library.search("متى فتحت المدرسة")
    limited = library.search("متى فتحت المدرسة date:>1000 -غاعغ")
    scores = {hit.id: hit.score for hit in question}
    assert limited.hits
    for hit in limited:
        assert hit.score == pytest.approx(scores.get(hit.id, hit.score))
