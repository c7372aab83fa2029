"""Files made to take for ever: each is read, or refused, in a few seconds."""

import importlib.util
import time
import zlib
from pathlib import Path

import pytest
from kashaf.index.readers import Limits, Options, bytes_source, read

_spec = importlib.util.spec_from_file_location("fuzz", Path(__file__).with_name("fuzz.py"))
fuzz = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(fuzz)

N = 100_000
HOSTILE = {
    "spaces.txt": b" " * 5 * N + b"x",
    "lines.txt": b"\n" * 5 * N + b"x",
    "spoilt.txt": "Ø§Ù„".encode() * N,
    "half.txt": ("ÇáÚ " * N).encode(),
    "lost.txt": "\ufffd".encode() * N + b"x" * 100,
    "brackets.md": b"[" * N,
    "stars.md": b"*a_" * N,
    "quotes.md": b"> " * N,
    "links.md": b"[a](" * N,
    "ticks.md": b"`a``b" * N,
    "lists.md": b"\n".join(b" " * (n % 500) + b"- x" for n in range(20_000)),
    "front.md": b"---\n" + b"a: b\n" * N,
    "tables.md": b"|a" * N + b"\n" + b"|-" * N,
    "open.html": b"<html>" + b"<div>" * N,
    "bold.html": b"<html>" + b"".join(b"<b id=%d>" % n for n in range(3000)) + b"<p>x" * 3000,
    "less.html": b"<html>" + b"<" * 5 * N,
    "comment.html": b"<html>" + b"<!--" * N,
    "table.html": b"<html>" + b"<table><tr><td>" * 6000,
    "attributes.html": b"<html><p " + b"".join(b"a%d=1 " % n for n in range(20_000)) + b">x",
    "entities.html": b"<html>" + b"&amp" * N,
    "comments": b"<!-- x -->" * 400 + b"<p>",
    "deep.json": b"[" * N,
    "deeper.json": b'{"a":' * N,
    "deep.jsonl": b'{"a":' * N + b"\n" + b"[" * N,
    "number.json": b'{"a": ' + b"9" * N + b"}",
    "string.json": b'{"a": "' + b"x" * 5 * N,
    "commas.json": b"[" + b"," * 5 * N,
    "quotes.csv": b'a,b\n"' + b'x""' * N,
    "commas.csv": b"a,b\n" + b"," * 5 * N,
    "rows.csv": b"a,b\n" + b'"\n' * N,
    "braces.rtf": b"{\\rtf1 " + b"{" * N,
    "words.rtf": b"{\\rtf1 {\\title " + b"\\abcdefgh" * N,
    "hex.rtf": b"{\\rtf1 " + b"\\'c7" * N,
    "times.srt": b"1\n00:00:01,000 --> 00:00:02,000\n" * 20_000,
    "tags.srt": b"1\n00:00:01,000 --> 00:00:02,000\n" + b"<" * N,
    "open.trec": b"<DOC>\n<DOCNO>1</DOCNO>\n" + b"<A1>" * N + b"</DOC>",
    "docs.trec": b"<DOC>\n" * N,
    "headers.eml": b"From: a@b\nTo: c@d\nSubject: " + b"=?utf-8?q?x?= " * 20_000 + b"\n\nx",
    "parts.eml": b"From: a@b\nTo: c@d\nSubject: x\nContent-Type: multipart/mixed; boundary=b\n\n"
    + b"--b\n\n" * 50_000,
    "nested.eml": b"".join(
        b"From: a\nTo: b\nSubject: c\nContent-Type: multipart/mixed; boundary=b%d\n\n--b%d\n"
        % (n, n)
        for n in range(2000)
    ),
    "froms.mbox": b"From a@b Tue Mar  5 10:00:00 2024\nSubject: x\n\n" * 20_000,
}


def pdf_of(*objects):
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % pair for pair in enumerate(objects, 1))
    return b"%PDF-1.4\n" + body + b"trailer << /Root 1 0 R >>\n%%EOF"


def pdf_of_forms(depth):
    """Return a page that draws a form ten times, which draws a form ten times, …"""
    head = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R "
        b"/Resources << /XObject << /X 5 0 R >> >> >>",
        b"<< /Length 5 >>\nstream\n/X Do\nendstream",
    )
    form = (
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X %d 0 R >> "
        b"/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> /Length %d >>\n"
        b"stream\n%s\nendstream"
    )
    draw, last = b"/X Do " * 10, b"BT /F 12 Tf (abc) Tj ET"
    forms = [form % (6 + level, len(draw), draw) for level in range(depth)]
    return pdf_of(*head, *forms, form % (99, len(last), last))


def pdf_of_text(count):
    """Return a page of very many lines, packed small."""
    packed = zlib.compress(b"BT /F 12 Tf (a) Tj ET\n" * count, 9)
    return pdf_of(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources "
        b"<< /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(packed), packed),
    )


@pytest.mark.parametrize("data", [pdf_of_forms(9), pdf_of_text(5_000_000)], ids=["forms", "text"])
def test_a_pdf_that_hangs_or_bloats_is_stopped(data):
    pytest.importorskip("pypdfium2")
    limits = Limits(seconds=2, memory=600 << 20)
    [item] = read(bytes_source("a.pdf", data), Options(limits=limits))
    assert item.kind in ("damaged", "too-large")
    [sound] = read(bytes_source("a.pdf", fuzz._pdf()))
    assert sound.fields["body"] == "some words"


@pytest.mark.parametrize("name", HOSTILE)
def test_no_file_takes_long(name):
    begun = time.monotonic()
    for item in read(bytes_source(name, HOSTILE[name]), Options(limits=fuzz.LIMITS)):
        assert not fuzz._wrong(item)
    assert time.monotonic() - begun < fuzz.SECONDS_A_FILE


def test_lone_surrogates_are_replaced():
    """No text with one can be stored; `fuzz.py` found them in these."""
    data = b"{\\rtf1\\ansi\\ansicpg1256 abc \\u-10001? \\u-10179?\\u-8704? \\'c7}"
    [item] = read(bytes_source("a.rtf", data))
    assert item.fields["body"].startswith("abc \ufffd 😀")
