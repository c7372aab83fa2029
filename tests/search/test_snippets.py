"""Passages: cut out of the source, with every match set off."""

import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kashaf import arabic
from kashaf.search import html_page, snippets
from kashaf.search.display import Style
from kashaf.search.snippets import Occurrence

PIECES = ["كتاب", "كِتَابٌ", "مدرسة", "والمدارس", "covid", "19", "ﷺ", "مـــد", "ab"]
GAPS = [" ", "، ", "؟ ", ". ", "\n", " «", "» ", " <b>&", "  ", "؛ ", "\u200f "]


@st.composite
def texts(draw):
    words = draw(st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(GAPS)), max_size=120))
    return "".join(word + gap for word, gap in words)


@st.composite
def cases(draw):
    text = draw(texts())
    count = len(arabic.words(text))
    found = []
    if count:
        for position in draw(st.sets(st.integers(0, count - 1), max_size=12)):
            last = min(position + draw(st.integers(0, 2)), count - 1)
            word, weight = draw(st.integers(0, 3)), draw(st.floats(0.1, 5))
            found.append(Occurrence(position, word, weight, last))
    return text, sorted(found), draw(st.integers(20, 300))


@settings(max_examples=300, deadline=None)
@given(case=cases())
def test_passages(case):
    text, found, width = case
    words = arabic.words(text)
    passages = snippets.make("body", text, found, width)
    assert 1 <= len(passages) <= snippets.PASSAGES
    for passage in passages:
        assert text[passage.start : passage.end] == passage.text
        assert re.sub(r"\x01|\x02", "", passage.marked("\x01", "\x02")) == passage.text
        cut = [w for w in words if w.start < passage.start < w.end or w.start < passage.end < w.end]
        assert cut == []
        marked = [(passage.start + a, passage.start + b) for a, b in passage.marks]
        assert all(a < b for a, b in marked)
        assert all(b <= c for (_, b), (c, _) in itertools.pairwise(marked))
        for occurrence in found:
            start, end = words[occurrence.position].start, words[occurrence.end].end
            if passage.start <= start and end <= passage.end:
                assert any(a <= start and end <= b for a, b in marked)
    ends = [(passage.start, passage.end) for passage in passages]
    assert all(b <= c for (_, b), (c, _) in itertools.pairwise(ends))


@settings(max_examples=100, deadline=None)
@given(case=cases())
def test_the_best_passage_shows_a_match(case):
    text, found, width = case
    best = max(snippets.make("body", text, found, width), key=lambda passage: passage.worth)
    assert bool(best.marks) == bool(found)


@settings(max_examples=100, deadline=None)
@given(case=cases())
def test_html_is_escaped(case):
    text, found, width = case
    for passage in snippets.make("body", text, found, width):
        shown = html_page.passage(passage)
        assert set(re.findall(r"<[^>]*>", shown)) <= {"<mark>", "</mark>"}
        assert shown.count("<mark>") == len(passage.marks)


@settings(max_examples=100, deadline=None)
@given(case=cases())
@pytest.mark.parametrize("colour", [True, False])
def test_a_terminal_line_without_its_signs_is_the_source(colour, case):
    text, found, width = case
    for passage in snippets.make("body", text, found, width):
        line = Style(colour=colour, isolate=True).snippet(passage)
        bare = re.sub(r"\x1b\[[\d;]*m|\*\*|^\u2068|\u2069$", "", line)
        bare = bare.removeprefix("… ").removesuffix(" …")
        assert "".join(bare.split()) == "".join(
            re.sub(r"\s*\n\s*", " ⏎ ", passage.text.replace("**", "")).split()
        )


def test_a_phrase_is_marked_as_one(library):
    [hit] = library.search('"اتفاقية عسكرية"', limit=1)
    assert "**اتفاقية عسكرية**" in hit.snippet.marked()


def test_passages_show_what_the_first_does_not(library):
    import kashaf

    index = kashaf.create()
    filler = "هذا كلام طويل لا شأن له بما نبحث عنه اليوم. " * 20
    with index.writer() as writer:
        writer.add(
            id="1", body=f"في المدرسة تلميذ.\n{filler}\nعلى البحر سفينة.\n{filler}\nفوق الجبل نسر."
        )
    index.refresh()
    [hit] = index.search("مدرسة سفينة نسر")
    assert len(hit.passages) == 3
    assert [passage.start for passage in hit.passages] == sorted(p.start for p in hit.passages)


def test_sentences_end_at_the_arabic_question_mark():
    text = "ما هذا؟ " + "هذا كتاب قديم جدا عن تاريخ المدينة وأهلها؟ " + "وما ذاك؟ " * 40
    [passage] = snippets.make("body", text, [Occurrence(3, 0, 1.0)], 50, 1)
    assert passage.text.endswith("؟")
    assert not passage.cut_after


def test_visual_order(library):
    pytest.importorskip("bidi")
    line = Style(visual=True).line("1. كتاب 2017")
    assert line.index("1.") == 0
    assert "باتك" in line
