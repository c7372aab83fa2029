"""Patterns: what they match, and that no pattern takes long."""

import fnmatch
import re
import time

import kashaf
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kashaf import kernels
from kashaf.errors import QueryError
from kashaf.search import automaton, tree
from kashaf.search.patterns import finder_of, fold
from whoosh.query import Wildcard

letters = st.text("abك", max_size=8)
atoms = st.sampled_from(
    ["a", "b", "ك", ".", "[ab]", "[^a]", "[a-b]", r"\w", r"\d", "(a|b)", "((ab)?)"]
)
counts = st.sampled_from(["", "", "*", "+", "?", "{2}", "{1,3}", "{2,}", "*?"])
patterns = st.lists(st.tuples(atoms, counts).map("".join), max_size=5).map("".join)


@settings(max_examples=500, deadline=None)
@given(one=patterns, other=patterns, words=st.lists(letters, max_size=12))
def test_regular_expressions_match_as_pythons_do(one, other, words):
    pattern = f"({one}|{other})"
    words = sorted(set(words))
    found = [words[at] for at in automaton.compile(pattern).accepted(words)]
    assert found == [word for word in words if re.fullmatch(pattern, word)]


@pytest.mark.parametrize(
    "pattern",
    ["(", ")", "[", "a{", "*", "a**b(", r"\1", "(?=a)", "(?P<n>a)", "a{999}", "\\", "(" * 99],
)
def test_what_is_no_regular_expression_here(pattern):
    try:
        automaton.compile(pattern)
    except QueryError as error:
        assert "regular expression" in str(error)


HARD = ["(a*)*b", "(a|a)*b", "(a|aa)+b", "(.*)*(.*)*b", "(a{1,50}){1,50}b"]


@pytest.mark.parametrize("pattern", HARD)
def test_no_regular_expression_takes_long(pattern):
    start = time.process_time()
    words = sorted("a" * length for length in range(1, 3000, 100))
    try:
        assert list(automaton.compile(pattern).accepted(words)) == []
    except QueryError as error:
        assert "too large" in str(error)
    assert time.process_time() - start < 5


@pytest.mark.parametrize("pattern", ["*a" * 90, "*" * 200, "?*" * 90, "*a*b*c*d*e*f*g*h*x"])
def test_no_wildcard_takes_long(pattern):
    start = time.process_time()
    finder = finder_of(tree.Pattern("wildcard", pattern), fold)
    finder(texts("a" * length + "z" for length in (10, 1000, 20_000)))
    assert time.process_time() - start < 2


def texts(strings):
    every = [s.encode() for s in strings]
    starts = np.cumsum([0, *map(len, every)], dtype=np.int64)
    return kernels.Texts(np.frombuffer(b"".join(every), np.uint8), starts)


SETS = ["[ab]*", "[!ab]?", "a[", "a[]", "[]]x", "[!]*", "[a^]*", "*[\\]", "[a-c]?", "a.*", "[*]b"]
SET_WORDS = ["", "a", "ab", "a[", "a[]", "b", "cx", "]x", "[x", "!", "^a", "\\", "a.", "a.b", "*b"]


@pytest.mark.parametrize("pattern", SETS)
def test_wildcards_with_sets_match_as_pythons_do(pattern):
    words = sorted(SET_WORDS)
    places, _ = finder_of(tree.Pattern("wildcard", pattern), str)(texts(words))
    match = re.compile(fnmatch.translate(pattern)).match
    assert [words[at] for at in places] == [word for word in words if match(word)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("والمكت*", {"والمكتبات"}),
        ("*تبات", {"والمكتبات", "مكتبات"}),
        ("مكت?ة", {"مكتبة"}),
        ("مكتبه~1", {"مكتبة"}),
        ("مِكت*ة", {"مكتبة"}),
        ('r"(وال)?مكتبات"', {"والمكتبات", "مكتبات"}),
        ("body:[مكتبا TO مكتبة]", {"مكتبات", "مكتبة"}),
    ],
)
def test_patterns_go_by_the_words_as_they_are_spelled(query, found):
    import kashaf

    index = kashaf.create()
    words = ["والمكتبات", "مكتبات", "مكتبة", "كتاب", "مدرسة"]
    with index.writer() as writer:
        for word in words:
            writer.add(id=word, body=f"في {word} شيء")
    index.refresh()
    page = index.search(query)
    assert {hit.id for hit in page} == found
    assert all(hit.snippet.marks for hit in page)


def test_a_pattern_for_too_many_words_says_so(monkeypatch, library):
    from kashaf.search import expansion

    whole = library.search("ا*").total
    monkeypatch.setattr(expansion, "LIMIT", 50)
    page = library.search("ا*")
    assert "the 50 most frequent are searched" in str(page.notices[0])
    assert 0 < page.total <= whole


def test_more_patterns_than_one_query_may_have(library):
    page = library.search(" ".join(f"{letter}*" for letter in "ابتثجحخدذرزسشصضطظعغفقكلمنهويءئ" * 2))
    assert any("too many patterns" in str(notice) for notice in page.notices)


def test_an_empty_index_has_no_words_for_a_pattern():
    page = kashaf.create().search("كت*")
    assert (page.total, page.hits) == (0, [])


@pytest.mark.parametrize(("text", "found"), [("?", {"واو"}), ("??", {"من"}), ("???*", {"كتاب"})])
def test_in_a_tree_question_marks_alone_are_letters(text, found):
    index = kashaf.create()
    with index.writer() as writer:
        for id, body in (("واو", "و"), ("من", "من"), ("كتاب", "كتاب")):
            writer.add({"id": id, "body": body})
    index.refresh()
    assert {hit.id for hit in index.search(Wildcard("body", text))} == found
    assert index.search(text).total == 0  # typed, they are punctuation
