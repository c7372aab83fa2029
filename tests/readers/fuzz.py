"""Mutate small real files and read them: `python tests/readers/fuzz.py --seconds 3600`.

Whatever the bytes, a reader must give documents and refusals, in time, within memory. The
seed is printed; a file that breaks the promise is kept, under the name it had.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import random
import resource
import sys
import tarfile
import tempfile
import time
import zipfile
from email.message import EmailMessage
from pathlib import Path

import zstandard
from kashaf.index.readers import KINDS, Document, Limits, Options, Skipped, bytes_source, read

DATA = Path(__file__).with_name("data")
PROSE = "وصل الوفد إلى العاصمة مساء الخميس، وقال المتحدث (Karim) إن الاتفاق مفيد.\n"
SECONDS_A_FILE = 10
LIMITS = Limits(document=4 << 20, file=16 << 20, floor=8 << 20, ratio=50)


def seeds() -> dict[str, bytes]:
    """Return a small sound file of each format."""
    files = _texts() | _records()
    files |= {
        "a.txt.gz": gzip.compress(files["a.txt"]),
        "a.txt.zst": zstandard.compress(files["a.txt"]),
        "a.zip": _zip({"x/أ.txt": files["a.txt"], "b.jsonl": files["a.jsonl"]}),
        "a.tar": _tar({"x/أ.txt": files["a.txt"], "b.html": files["a.html"]}),
        "a.eml": _mail(),
        "a.mbox": b"From a@b Tue Mar  5 10:00:00 2024\n" + _mail() + b"\n",
        "a.pdf": _pdf(),
    }
    for path in (*sorted(DATA.glob("fifty.*")), DATA / "page.pdf"):
        files[path.name] = path.read_bytes()
    return files


def _texts() -> dict[str, bytes]:
    page = f"<!doctype html><html lang=ar><title>ع</title><main><p>{PROSE}<table><tr><td>١"
    return {
        "a.txt": (PROSE * 3).encode(),
        "b.txt": (PROSE * 3).encode("cp1256"),
        "c.txt": PROSE.encode("utf-16"),
        "d.txt": PROSE.encode().decode("cp1256").encode(),
        "a.md": f"---\ntitle: x\n---\n# رأس\n\n*{PROSE}*\n\n|a|b|\n|---|---|\n|1|2|\n".encode(),
        "a.html": page.encode(),
        "a.rtf": b"{\\rtf1\\ansi\\ansicpg1256{\\info{\\title x}} \\'c7\\'e1\\u1571 ?\\par x}",
        "a.srt": f"1\n00:00:01,000 --> 00:00:02,000\n{PROSE}\n\n".encode(),
    }


def _records() -> dict[str, bytes]:
    record = {"id": 1, "title": "أ", "body": PROSE, "m": {"k": [1, {"x": None}]}}
    trec = f"<DOC>\n<DOCNO>1</DOCNO>\n<TITLE>ع</TITLE>\n<TEXT>{PROSE}</TEXT>\n</DOC>\n"
    warc = (
        "WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: http://a.b/c.html\r\n"
        "WARC-Date: 2024-01-01T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
        "Content-Type: text/html\r\nContent-Length: 16\r\n\r\n<p>some text</p>\r\n\r\n"
    )
    return {
        "a.json": json.dumps([record, record]).encode(),
        "a.jsonl": (json.dumps(record, ensure_ascii=False) + "\n").encode() * 3,
        "a.csv": f'title,body\n"أ","{PROSE}"\nب,"ج"\n'.encode(),
        "a.trec": (trec * 2).encode(),
        "a.warc": warc.encode() * 2,
    }


def _zip(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def _tar(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return file.getvalue()


def _mail() -> bytes:
    mail = EmailMessage()
    mail["Subject"] = "دعوة"
    mail["From"] = "سمير <a@b.c>"
    mail["Date"] = "Tue, 05 Mar 2024 10:00:00 +0300"
    mail.set_content(PROSE)
    mail.add_attachment(PROSE.encode(), "text", "plain", filename="ملحق.txt")
    return bytes(mail)


def _pdf() -> bytes:
    draw = b"BT /F 12 Tf 10 100 Td (some words) Tj ET"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 200] /Contents 4 0 R "
        b"/Resources << /Font << /F 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(draw), draw),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % pair for pair in enumerate(objects, 1))
    return b"%PDF-1.4\n" + body + b"trailer << /Size 6 /Root 1 0 R >>\n%%EOF"


def mutate(data: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """Return the data changed in one to eight places."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(changed) + 1)
        size = chance.choice([1, 2, 4, 16, 200])
        kind = chance.randrange(6)
        if kind == 0 and changed:
            changed[at % len(changed)] ^= 1 << chance.randrange(8)
        elif kind == 1:
            del changed[at : at + size]
        elif kind == 2:
            changed[at:at] = chance.randbytes(size)
        elif kind == 3:
            changed[at:at] = changed[at : at + size] * chance.choice([1, 3, 50])
        elif kind == 4:
            other = chance.choice(others)
            start = chance.randrange(len(other))
            changed[at : at + size] = other[start : start + size]
        elif chance.randrange(4) == 0:
            del changed[at:]
    return bytes(changed)


def check(name: str, data: bytes) -> str:
    """Read one file; return what is wrong with what came of it, or ""."""
    begun = time.monotonic()
    try:
        for item in read(bytes_source(name, data), Options(limits=LIMITS)):
            wrong = _wrong(item)
            if wrong:
                return wrong
    except Exception as trouble:
        return f"raised {trouble!r}"
    taken = time.monotonic() - begun
    return f"took {taken:.1f} s" if taken > SECONDS_A_FILE else ""


def _wrong(item: Document | Skipped) -> str:
    if isinstance(item, Skipped):
        sound = item.kind in KINDS and item.reason and "\n" not in item.reason
        return "" if sound else f"a refusal that says nothing: {item!r}"
    try:
        json.dumps(item.fields, ensure_ascii=False, default=str).encode()
    except (UnicodeEncodeError, ValueError) as trouble:
        return f"fields that cannot be stored: {trouble!r}"
    return "" if any(item.fields.values()) else "a document with nothing in it"


def run(seconds: float, seed: int) -> tuple[int, list[str]]:
    """Fuzz for a time; return how many files were read and what went wrong."""
    chance = random.Random(seed)
    files = seeds()
    others = list(files.values())
    found: list[str] = []
    count, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        name = chance.choice(sorted(files))
        data = mutate(files[name], others, chance)
        count += 1
        wrong = check(name, data)
        if wrong:
            path = Path(tempfile.mkdtemp(prefix="kashaf-fuzz-"), name)
            path.write_bytes(data)
            found.append(f"{path}: {wrong}")
    return count, found


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description="Mutate small real files and read them.")
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    given = parser.parse_args()
    print(f"seed {given.seed}", flush=True)
    count, found = run(given.seconds, given.seed)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(*found, f"{count} files, {len(found)} wrong, {memory} MB at most", sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
