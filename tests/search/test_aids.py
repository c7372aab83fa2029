"""Suggestions, completion, families, similar documents, the doctor, concordances."""

import csv
import io
import random
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kashaf import arabic
from kashaf.search import keyboard, misspelling
from kashaf.search.concordance import as_csv, as_table, concordance
from kashaf.search.display import Style
from kashaf.search.word_list import word_list

ARABIZI = Path(__file__).parent / "data" / "arabizi.tsv"
LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"


def frequent(library, least=4, count=1000):
    words = word_list(library.snapshot)
    order = sorted(range(len(words)), key=lambda at: (-words.counts[at], at))
    arab = [words[at] for at in order if set(words[at]) <= set(LETTERS + "ء")]
    return [word for word in arab if len(word) >= least][:count]


def misspelled(word, rng):
    """A slip: a letter confused, left out, doubled, or two exchanged."""
    kind, at = rng.randrange(4), rng.randrange(len(word) - 1)
    pairs = {pair[0]: pair[1] for pair in misspelling.CONFUSED}
    pairs |= {pair[1]: pair[0] for pair in misspelling.CONFUSED}
    if kind == 0 and any(letter in pairs for letter in word):
        at = rng.choice([i for i, letter in enumerate(word) if letter in pairs])
        return word[:at] + pairs[word[at]] + word[at + 1 :]
    if kind == 1:
        return word[: at + 1] + word[at + 2 :]
    if kind == 2:
        return word[: at + 1] + word[at] + word[at + 1 :]
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


@pytest.mark.parametrize("seed", [5, 6, 7])
def test_misspellings_of_frequent_words(library, seed):
    """Of three draws of 200 each; on 10,138 articles it is 95.5 to 99.5 of a hundred."""
    rng = random.Random(seed)
    words, pool = word_list(library.snapshot), frequent(library, 5, 400)
    rng.shuffle(pool)
    slips = [(misspelled(word, rng), word) for word in pool]
    lacking = [pair for pair in slips if not words.count(arabic.rungs(pair[0]).spelling)]
    cases, hits = lacking[:200], 0
    for slip, word in cases:
        found = library.suggest(slip, 3)
        hits += any(arabic.rungs(each.text).spelling == word for each in found)
    assert len(cases) == 200
    assert hits / len(cases) >= 0.9


def test_words_through_the_wrong_keyboard(library):
    hits, cases = 0, frequent(library, 3, 1000)
    for word in cases:
        typed = keyboard.as_latin(word)
        assert arabic.rungs(keyboard.as_arabic(typed)).spelling == arabic.rungs(word).spelling
        first = library.search(typed, limit=1).suggestions[:1]
        hits += [arabic.rungs(each.text).spelling for each in first] == [word]
    assert len(cases) == 1000
    assert hits / len(cases) >= 0.95


def test_arabizi():
    """The index holds the words of the table and the words of a sample text."""
    import kashaf

    rows = [line.split("\t") for line in ARABIZI.read_text("utf-8").splitlines()]
    index = kashaf.create()
    with index.writer() as writer:
        for number, (_, word) in enumerate(rows):
            writer.add(id=str(number), body=word)
        for path in sorted((Path(__file__).parents[2] / "examples").rglob("*.txt")):
            writer.add(id=path.name, body=path.read_text("utf-8"))
    index.refresh()
    hits = 0
    for typed, word in rows:
        found = {arabic.rungs(each.text).spelling for each in index.suggest(typed, 5)}
        hits += arabic.rungs(word).spelling in found
    assert len(rows) >= 100
    assert hits / len(rows) > 0.7


def test_words_of_the_index_are_not_doubted(library):
    assert library.suggest("المدرسة") == []
    assert library.correct("المدرسة") is None
    assert library.search("مدرسة").suggestions == []


@pytest.mark.parametrize(
    "query",
    [
        "title:*",
        "-مدرصةة",
        "category:مجتمع",
        "كتاب NOT مدرسة",
        "والمدرصةةة*",
        "مدرصةة~1",
        "pages:[2 TO 3]",
    ],
)
def test_syntax_is_not_doubted(library, query):
    assert library.suggest(query) == []
    assert library.search(query).suggestions == []


def test_a_word_among_syntax_is_corrected_in_its_place(library):
    assert library.correct("title:مدرصة OR pages:2") == "title:مدرسة OR pages:2"
    assert library.correct('"مدرصة الكتاب" -كتاب') == '"مدرسة الكتاب" -كتاب'


def test_a_page_doubts_only_words_that_find_nothing(library):
    assert library.suggest("حرب") != []  # in no text as it stands
    page = library.search("مدرصة حرب")
    assert library.search("حرب").total
    assert {page.query[each.start : each.end] for each in page.suggestions} == {"مدرصة"}


def test_the_other_keyboard_is_the_only_reading_of_signs_in_a_word(library):
    assert {each.how for each in library.suggest("hg;jhf")} == {"keyboard"}


def test_the_whole_query_with_suggestions(library):
    assert library.correct("مدرصة hg;jhf") == "مدرسة الكتاب"


def test_completion_is_by_frequency_and_fast(library):
    found = library.complete("مدر", 5)
    assert found[0].text == "مدرسة"
    assert [each.count for each in found] == sorted((e.count for e in found), reverse=True)
    assert library.complete("") != []
    assert library.complete("ققققق") == []
    start = time.perf_counter()
    for _ in range(100):
        library.complete("ال")
    assert (time.perf_counter() - start) / 100 < 0.005


def test_the_family_of_a_root(library):
    lemmas = library.words("كتب")
    forms = {form for lemma in lemmas for form, _ in lemma.forms}
    assert {"كتاب", "المكتبة"} <= forms
    assert library.words("زززز") == []
    assert {lemma.root for lemma in library.words("مكتبة")} == {"كتب"}


def test_similar_documents(library):
    page = library.similar("arsh-015", limit=3)
    assert "arsh-015" not in {hit.id for hit in page}
    assert page.hits
    assert library.similar("nobody") is None


@pytest.mark.parametrize(
    ("query", "options", "first"),
    [
        ("مدرسة", {"where": {"country": "مصر", "source": "لا أحد"}}, "without the filters"),
        (
            "مدرسة",
            {"where": {"source": "لا أحد"}, "since": "2010"},
            "with other values, in these dates",
        ),
        ('"عسكرية اتفاقية"', {}, "the words of phrases in any order"),
        ("مدرسة زرافة", {"every_word": True}, "any of the words"),
        ("exact:السُّرُاجِ", {}, "without marks"),
        ("مدرسة -مدرسة", {}, "without exclusions"),
        ("path:مدرسة", {}, None),
        ("تتدارسنها", {"match": "spelling"}, "by stem"),
        ("مدرصة", {}, "as مدرسة"),
        ("title:يدرس", {"match": "spelling"}, "in any field"),
    ],
)
def test_the_doctor(library, query, options, first):
    assert library.search(query, **options).total == 0
    found = library.diagnose(query, **options)
    labels = [remedy.label for remedy in found]
    if first is None:
        assert labels == []
        return
    assert first in labels
    for remedy in found:
        assert remedy.total > 0
        page = library.search(remedy.query, **{**options, **remedy.options})
        assert page.total == remedy.total


@pytest.mark.parametrize("order", ["text", "before", "after"])
def test_concordance(library, order):
    page = library.search("مدارس")
    lines = concordance(page, 4, order)
    assert {line.id for line in lines} == {hit.id for hit in page}
    texts = {hit.id: hit.fields for hit in page}
    for line in lines:
        source = texts[line.id][line.field]
        assert source[line.start :].startswith(line.match)
        assert source[: line.start].rstrip().endswith(line.before)
    if order == "after":
        keys = [[arabic.rungs(w.text).spelling for w in arabic.words(e.after)] for e in lines]
        assert keys == sorted(keys)
    rows = list(csv.reader(io.StringIO(as_csv(lines))))
    assert len(rows) == len(lines) + 1


def cost_by_definition(typed, meant):
    """`misspelling.edit_costs`, one cell after another."""
    rows = {(0, 0): 0.0}
    for i in range(len(typed) + 1):
        for j in range(len(meant) + 1):
            ways = [rows[i, j]] if not i and not j else []
            if i:
                ways.append(rows[i - 1, j] + lone(typed, i - 1))
            if j:
                ways.append(rows[i, j - 1] + lone(meant, j - 1))
            if i and j:
                ways.append(rows[i - 1, j - 1] + exchanged(typed[i - 1], meant[j - 1]))
            if i > 1 and j > 1 and typed[i - 2 : i] == meant[j - 2 : j][::-1]:
                ways.append(rows[i - 2, j - 2] + misspelling.TURNED)
            rows[i, j] = min(ways)
    first = misspelling.FIRST if typed[:1] != meant[:1] else 0.0
    return rows[len(typed), len(meant)] + first


def lone(word, at):
    if at and word[at] == word[at - 1]:
        return misspelling.DOUBLED
    return misspelling.WEAK if word[at] in "اويءه" else 1.0


def exchanged(one, other):
    if one == other:
        return 0.0
    if one + other in misspelling.CONFUSED or other + one in misspelling.CONFUSED:
        return misspelling.CONFUSION
    near = frozenset((one, other)) in misspelling._NEIGHBOURS
    return misspelling.NEIGHBOUR if near else 1.0


short = st.text("ضظسصتطمكايx9", min_size=1, max_size=6)


@settings(max_examples=300, deadline=None)
@given(typed=short, meant=st.lists(short, min_size=1, max_size=8))
def test_the_costs_of_edits(typed, meant):
    found = misspelling.edit_costs(typed, meant)
    assert found == pytest.approx([cost_by_definition(typed, each) for each in meant])


def test_a_concordance_fits_the_terminal(library):
    lines = concordance(library.search("مدارس"), 8)
    for row in as_table(lines, Style(), 50):
        assert len([char for char in row if not unicodedata.combining(char)]) <= 50
    wide, narrow = (list(as_table(lines, Style(), columns)) for columns in (None, 50))
    assert all(line.match in row for line, row in zip(lines, narrow, strict=True))
    assert sum(map(len, narrow)) < sum(map(len, wide))


def test_a_lemma_is_written_as_its_readers_do(library):
    assert "مدرسة" in {lemma.name for lemma in library.words("درس")}
    told = [why.told for hit in library.search("المدارس") for why in hit.why if why.rung == "stem"]
    assert any("the same stem, مدرسة" in each for each in told)
