"""The sample corpus: what its README promises of the queries in it."""

import re
from pathlib import Path

import kashaf
import pytest
from kashaf.index.intake import take_in

EXAMPLES = Path(__file__).parents[2] / "examples"
ROW = re.compile(r"^\| `([^`]+)` \|[^|]*\|(.*)\|$", re.M)
NAMED = re.compile(r"`(archive\.jsonl)` `([\w-]+)`|`([^`]+)`")
HIDDEN = ["نافذة_منبثقة", "عدّاد_الزوار", "نسق_مخفي", "إعلان_مدفوع", "جميع الحقوق محفوظة"]


def table():
    """(query, ids that come first in any order, ids that come later) of each row."""
    text = (EXAMPLES / "README.md").read_text("utf-8").partition("## Twelve queries")[2]
    rows = []
    for query, told in ROW.findall(text):
        first, _, later = told.partition(";")
        ids = ([record or name for _, record, name in NAMED.findall(p)] for p in (first, later))
        rows.append((query, *ids))
    return rows


@pytest.fixture(scope="module")
def index():
    index = kashaf.create()
    with index.writer() as writer:
        paths = [path for path in sorted(EXAMPLES.iterdir()) if path.name != "README.md"]
        report = take_in(writer, paths, EXAMPLES)
    index.refresh()
    assert report.skipped == 0
    assert len(index) >= 60
    return index


def test_the_table_is_read():
    assert len(table()) == 12


@pytest.mark.parametrize(("query", "first", "later"), table())
def test_a_query_of_the_table(query, first, later, index):
    found = [hit.id for hit in index.search(query)]
    assert set(found[: len(first)]) == set(first)
    assert set(later) <= set(found)


@pytest.mark.parametrize("query", HIDDEN)
def test_what_no_reader_sees_is_not_found(query, index):
    assert index.search(f'"{query.replace("_", " ")}"', match="spelling").hits == []


def test_every_snippet_quotes_its_document(index):
    for query, *_ in table():
        for hit in index.search(query):
            snippet = hit.snippet
            whole = hit.fields[snippet.field]
            assert whole[snippet.start : snippet.start + len(snippet.text)] == snippet.text
            assert snippet.marks, (query, hit)
