"""The benchmark's tables."""

import re

import pytest
import report
import run


@pytest.fixture
def measured():
    turn = {"seconds": 2.0, "peak": 3e6, "size": 5_000_000, "stored": 2_000_000}
    times = {"ids": [[0.002, 0.004, 0.003]] * 20, "phrase": [[0.001]] * 20}
    search = {
        "open": 0.01,
        "times": times,
        "first": {"ids": [0.005] * 20, "phrase": [0.006] * 20},
        "ids": [[1, 2]] * 20,
        "phrase_hits": [1],
        "page_hits": [],
    }
    kashaf = {"index1": [turn] * 3, "search": [search], "cold": [0.1]}
    slower = {"index1": [{**turn, "seconds": 6.0}], "search": [search]}
    return {"kashaf": kashaf, "tantivy": slower}


@pytest.fixture
def result(measured):
    about = {name: {"title": name, "version": "1", "arabic": "some"} for name in measured}
    return {
        "name": "made", "documents": 20, "bytes": 8_000_000, "machine": "m", "date": "d",
        "clock": "wall", "repeat": 3, "engines": about, "missing": {"lucene": "no Java"},
        "figures": report.condense(measured),
    }  # fmt: skip


def test_medians_are_taken_of_rounds_and_then_of_queries(measured):
    figures = report.condense(measured)["kashaf"]
    assert figures["ids"] == figures["ids95"] == 0.003
    assert figures["ids_first"] == 0.005
    assert figures["bare"] == 3_000_000
    assert figures["page"] is None


def test_kashaf_costs_one_and_the_others_so_many_times_that(result):
    rows = dict(re.findall(r"^\| (.*?) \| (.*) \|$", report.table(result), re.MULTILINE))
    assert rows["indexing, one core"] == "**1.0** · 2.0 s | **3.0** · 6.0 s"
    assert rows["cold process, one page"] == "**1.0** · 100 ms | –"
    assert rows["*indexing, one core, MB of text a second*"] == "4.0 | 1.3"


def test_targets_are_met_or_missed(result):
    text = report.targets(result)
    assert "| indexing, one core, tantivy | 0.33 | 0.33 | met |" in text
    assert "| query, ten ids: median, tantivy | 0.5 | 1.0 | missed |" in text


def test_the_page_is_filled_between_its_marks(result, tmp_path):
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- machine -->\nold\n<!-- end -->\nb\n<!-- engines -->\n<!-- end -->\n")
    report.update(page, [result])
    text = page.read_text()
    assert "old" not in text and "- made: m; Kashaf 1; d; 3 rounds\n<!-- end -->\nb\n" in text
    assert "Not at hand in this run: lucene (no Java)" in text


def test_the_real_page_has_every_mark():
    text = (run.HERE.parent / "docs" / "benchmarks.md").read_text("utf-8")
    for mark in report.SECTIONS:
        assert f"<!-- {mark} -->" in text
