"""Hits in paged documents say on which page they are."""

import json

import kashaf
from kashaf.search import display, json_page


def test_the_page_of_a_hit():
    index = kashaf.create(schema=kashaf.Schema({"id": "id", "body": "text", "pages": "stored"}))
    first, second = "باب في الخطّ.\n" * 30, "وهذا فصل في الحبر."
    with index.writer() as writer:
        writer.add(id="1", body=first + second, pages=[0, len(first)])
        writer.add(id="2", body="الحبر الأسود")
    index.refresh()
    hits = {hit.id: hit for hit in index.search("حبر")}
    assert (hits["1"].page, hits["2"].page) == (2, None)
    assert index.search("خط")[0].page == 1
    shown = "\n".join(display.hit_lines(hits["1"], display.Style()))
    assert "page 2" in shown
    rows = [json.loads(line) for line in json_page.as_jsonl(index.search("حبر"))]
    assert {row["id"]: row.get("page") for row in rows} == {"1": 2, "2": None}


def test_a_record_with_a_field_of_that_name():
    index = kashaf.create(schema=kashaf.Schema({"id": "id", "body": "text", "pages": "stored"}))
    with index.writer() as writer:
        writer.add(id="1", body="حبر", pages=["أ", "ب"])
    index.refresh()
    assert index.search("حبر")[0].page is None
