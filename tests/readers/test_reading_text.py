"""Text, Markdown, HTML, JSON, JSON Lines, and the compressed files of them."""

import gzip
import json

import pytest
from kashaf.errors import DocumentError
from kashaf.index.readers import (
    Document,
    Limits,
    Options,
    Skipped,
    bytes_source,
    file_source,
    read,
)
from kashaf.index.readers.dates import iso_date

PROSE = "وصل الوفد إلى العاصمة مساء الخميس، وقال المتحدث إن الاتفاق مفيد للجميع."


def documents(name, data, **options):
    return list(read(bytes_source(name, data), Options(**options)))


def only(name, data, **options):
    [item] = documents(name, data, **options)
    return item


def test_first_line_alone_is_the_title():
    item = only("a.txt", f"رحلة الشتاء\n\n{PROSE}\nسطر".encode())
    assert item == Document({"title": "رحلة الشتاء", "body": f"{PROSE}\nسطر"})


def test_first_line_of_a_paragraph_is_no_title():
    assert only("a.txt", f"{PROSE}\n{PROSE}".encode()).fields == {"body": f"{PROSE}\n{PROSE}"}


def test_text_comes_back_as_written():
    text = "قَالَ: «السَّلامُ عليكم» — ١٢٣ ﷺ.\nسطرٌ\tثانٍ"
    assert only("a.txt", text.encode()).fields["body"] == text


def test_markdown():
    source = (
        "---\ntitle: عنوان\ndate: 5 مايو 2024\nlang: ar\n---\n# رأس\n\n"
        "فقرة **غامقة** و[رابط](http://example.org/x).\n\n- بند\n- بند `كود`\n\n"
        "| المدينة | السكان |\n|---|---|\n| حلب | ٢٠٠٠ |\n\n```\nx = 1\n```\n<div>وسم</div>\n"
    )
    item = only("a.md", source.encode())
    assert item.fields["title"] == "عنوان"
    assert item.fields["date"] == "2024-05-05"
    assert item.language == "ar"
    body = item.fields["body"]
    for kept in ("فقرة غامقة ورابط.", "بند كود", "حلب\t٢٠٠٠", "x = 1", "وسم"):
        assert kept in body
    for gone in ("**", "http", "|", "`", "<", "title:"):
        assert gone not in body


def test_markdown_heading_is_the_title():
    item = only("a.md", "# كتاب *الحيوان*\n\nنص".encode())
    assert item.fields == {"title": "كتاب الحيوان", "body": "نص"}


PAGE = """<!doctype html><html lang="ar"><head><title> خبر   اليوم </title>
<meta property="article:published_time" content="2024-03-01T10:00:00Z">
<style>.x{}</style></head><body><nav>قائمة</nav><header>رأس</header><main>
<h1>عنوان</h1><p>فقرة <b>أو</b>لى</p><p>ثانية<br>سطر</p>
<table><tr><td>حلب<td>٢٠٠٠</table></main><script>var a</script><footer>ذيل</footer></body></html>"""


@pytest.mark.parametrize("name", ["a.html", "a.txt", "a"])
def test_html_is_told_by_its_content(name):
    item = only(name, PAGE.encode())
    assert item.fields == {
        "title": "خبر اليوم",
        "date": "2024-03-01T10:00:00+00:00",
        "body": "عنوان\n\nفقرة أولى\n\nثانية\nسطر\n\nحلب\t٢٠٠٠",
    }
    assert item.language == "ar"


def test_html_believes_its_charset():
    page = f"<html><meta charset='windows-1256'><body><p>{PROSE}</p></body></html>"
    assert only("a.html", page.encode("cp1256")).fields["body"] == PROSE


def test_html_disbelieves_a_wrong_charset():
    page = f"<html><meta charset='utf-8'><body><p>{PROSE}</p></body></html>"
    assert only("a.html", page.encode("cp1256")).fields["body"] == PROSE


def test_html_of_a_deep_tree():
    page = "<html><body>" + "<div>" * 5_000 + PROSE
    assert only("a.html", page.encode()).fields["body"] == PROSE
    assert only("a.html", page.replace("<div>", "<div>" * 200).encode()).kind == "damaged"


def test_json_lines_go_on_after_a_bad_line():
    lines = [
        json.dumps({"id": 7, "headline": "أ", "text": "ب", "tags": ["x"], "m": {"k": [1, 2]}}),
        "",
        '{"broken": ',
        "[1]",
        '"نص وحده"',
        '{"body": "ج \\ud800 د"}',
        "{}",
    ]
    items = documents("a.jsonl", "\n".join(lines).encode())
    assert [item.part for item in items] == ["1", "3", "4", "5", "6", "7"]
    first, broken, array, bare, lone, empty = items
    assert first.fields == {"id": 7, "title": "أ", "body": "ب", "tags": ["x"], "m.k": [1, 2]}
    assert (broken.kind, broken.line) == ("bad-line", 3)
    assert array.kind == "bad-line"
    assert bare.fields == {"body": "نص وحده"}
    assert lone.fields == {"body": "ج \ufffd د"} and lone.notes
    assert empty.kind == "empty"


def test_json_lines_strict_stops():
    with pytest.raises(DocumentError, match=r"a\.jsonl:2: not JSON"):
        documents("a.jsonl", b'{"body": "x"}\n{\n{"body": "y"}', strict=True)


def test_records_are_mapped():
    data = json.dumps({"h": "رأس", "title": "غيره", "published": "١٥ ديسمبر ٢٠٠١"}).encode()
    item = only("a.jsonl", data, map={"title": "h", "date": "published"})
    assert item.fields == {"title": "رأس", "date": "2001-12-15"}


def test_a_line_over_the_limit_is_skipped():
    long = b'{"body": "' + b"x" * 5_000_000 + b'"}'
    data = b'{"body": "a"}\n' + long + b'\n{"body": "b"}\n'
    first, skipped, last = documents("a.jsonl", data, limits=Limits(document=3_000_000))
    assert (skipped.kind, skipped.line) == ("too-large", 2)
    assert (first.part, last.part) == ("1", "3")


def test_json_array_and_single_record():
    array = json.dumps([{"text": "أ"}, 5, {"text": "ب" * 200_000}]).encode()
    first, bad, last = documents("a.json", array)
    assert (first.part, bad.kind, last.part) == ("1", "bad-line", "3")
    assert len(last.fields["body"]) == 200_000
    assert only("a.json", b'{"body": "x",\n "n": 1.5}').part == ""


def test_broken_json_keeps_what_came_before():
    first, bad = documents("a.json", b'[{"text": "a"}, {"text": ')
    assert isinstance(first, Document)
    assert bad.kind == "bad-line"


def test_gzip_is_read_through():
    assert only("a.txt.gz", gzip.compress(PROSE.encode())).fields["body"] == PROSE
    damaged = gzip.compress(PROSE.encode() * 50)[:-30]
    assert only("a.txt.gz", damaged).kind == "damaged"


def test_a_bomb_is_refused():
    bomb = gzip.compress(b" " * 90_000_000)
    assert only("a.txt.gz", bomb).kind in ("limit", "too-large")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "binary"),
        (bytes(range(256)) * 20, "binary"),
        (b"\0" * 1000, "empty"),
        (b"ok text \x00\x01\x02\x03 more", "binary"),
    ],
)
@pytest.mark.parametrize("name", ["a", "a.txt", "a.jsonl", "a.md", "a.html", "a.json"])
def test_what_is_no_document_is_reported(name, data, kind):
    for item in documents(name, data):
        assert isinstance(item, Skipped)
        assert item.kind in (kind, "bad-line")


def test_files_that_cannot_be_opened(tmp_path):
    [missing] = read(file_source(tmp_path / "missing.txt"))
    [folder] = read(file_source(tmp_path))
    assert missing.kind == folder.kind == "unreadable"
    assert missing.reason == "No such file or directory"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2024-05-06", "2024-05-06"),
        ("2024-05-06T01:02:03Z", "2024-05-06T01:02:03+00:00"),
        ("٢٠٢٤/٠٥/٠٦", "2024-05-06"),
        ("5/6/2024", "2024-06-05"),
        ("15 كانون الأول 2001", "2001-12-15"),
        ("12 أيلول/سبتمبر 2003", "2003-09-12"),
        ("5 أوت 1999", "1999-08-05"),
        ("14 جانفي 2011", "2011-01-14"),
        ("May 5, 2024", "2024-05-05"),
        ("Tue, 05 Mar 2024 10:00:00 +0300", "2024-03-05T10:00:00+03:00"),
        ("31/2/2024", None),
        ("غداً", None),
        ("", None),
    ],
)
def test_dates(written, meant):
    assert iso_date(written) == meant
