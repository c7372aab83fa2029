"""Fifty texts in every format that Python itself writes: each phrase of each must come back."""

import csv
import gzip
import io
import json
import random
import re
import tarfile
import unicodedata
import zipfile
from email.message import EmailMessage
from html import escape

import pytest
import zstandard
from kashaf.index.readers import bytes_source, read


def folded(text):
    plain = unicodedata.normalize("NFKC", text)
    kept = "".join(char for char in plain if unicodedata.category(char) != "Mn")
    return " ".join(re.findall(r"\w+", kept))


def phrases(text):
    cells = [cell.split() for line in text.split("\n") for cell in line.split("\t")]
    spans = [" ".join(cell[at : at + 3]) for cell in cells for at in range(max(1, len(cell) - 2))]
    return random.Random(7).sample(spans, min(10, len(spans)))


def as_html(text):
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in line.split("\t")) + "</tr>"
        if "\t" in line
        else f"</table><p>{escape(line)}</p><table>"
        for line in text.split("\n")
    )
    return f"<!doctype html><meta charset=utf-8><nav>x</nav><main><table>{rows}</table>".encode()


def as_csv(text, delimiter=","):
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter)
    writer.writerows([["id", "body"], ["1", text]])
    return file.getvalue().encode()


def as_mail(text):
    mail = EmailMessage()
    mail["Subject"] = "x"
    mail["From"] = "a@b.c"
    mail["Date"] = "Tue, 05 Mar 2024 10:00:00 +0300"
    mail.set_content(text)
    return bytes(mail)


def as_zip(text):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("أ.txt", text)
    return file.getvalue()


def as_tar(text):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        entry = tarfile.TarInfo("أ.txt")
        entry.size = len(text.encode())
        archive.addfile(entry, io.BytesIO(text.encode()))
    return file.getvalue()


def as_srt(text):
    times = "00:00:01,000 --> 00:00:02,000"
    lines = text.split("\n")
    return "\n\n".join(f"{n}\n{times}\n{line}" for n, line in enumerate(lines, 1)).encode()


def as_warc(text):
    body = as_html(text)
    head = (
        "WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: http://a.b/c.html\r\n"
        "WARC-Date: 2024-01-01T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
        f"Content-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body + b"\r\n\r\n"


MAKERS = {
    "a.txt": str.encode,
    "a.md": lambda text: ("# x\n\n" + text.replace("\n", "\n\n")).encode(),
    "a.html": as_html,
    "a.json": lambda text: json.dumps([{"text": text}]).encode(),
    "a.jsonl": lambda text: json.dumps({"body": text}, ensure_ascii=False).encode(),
    "a.csv": as_csv,
    "a.tsv": lambda text: as_csv(text, "\t"),
    "a.eml": as_mail,
    "a.mbox": lambda text: b"From a@b Tue Mar  5 10:00:00 2024\n" + as_mail(text),
    "a.srt": as_srt,
    "a.trec": lambda text: f"<DOC>\n<DOCNO>1</DOCNO>\n<TEXT>{text}</TEXT>\n</DOC>".encode(),
    "a.warc": as_warc,
    "a.txt.gz": lambda text: gzip.compress(text.encode()),
    "a.txt.zst": lambda text: zstandard.compress(text.encode()),
    "a.zip": as_zip,
    "a.tgz": as_tar,
}


@pytest.mark.parametrize("name", MAKERS)
def test_every_phrase_comes_back(name, texts):
    if name == "a.warc":
        pytest.importorskip("warcio")
    missed = []
    for text in texts:
        [item] = read(bytes_source(name, MAKERS[name](text)))
        title = item.fields.get("title", "")
        found = f" {folded(title)} {folded(item.fields['body'])} "
        missed += [phrase for phrase in phrases(text) if f" {folded(phrase)} " not in found]
    assert not missed
