"""CSV and TSV; zip, tar and zst; and the ways an archive may try to do harm."""

import bz2
import gzip
import io
import lzma
import stat
import tarfile
import zipfile

import pytest
import zstandard
from kashaf.index.readers import Document, Limits, Options, bytes_source, file_source, read

PROSE = "وصل الوفد إلى العاصمة مساء الخميس، وقال المتحدث إن الاتفاق مفيد للجميع."


def documents(name, data, **options):
    return list(read(bytes_source(name, data), Options(**options)))


def zip_of(members, **how):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, **how) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def tar_of(members, mode="w"):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as archive:
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return file.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1256"])
def test_a_table_with_names(delimiter, encoding):
    rows = [
        ["العنوان", "النص", "city"],
        ["رحلة الشتاء والصيف", '"وصل الوفد\nإلى العاصمة"', "حلب"],
        ["كتاب الحيوان", "قال الجاحظ في كتابه", ""],
    ]
    data = "\r\n".join(delimiter.join(row) for row in rows).encode(encoding)
    first, second = documents("a.csv", data)
    assert first.fields == {
        "title": "رحلة الشتاء والصيف",
        "body": "وصل الوفد\nإلى العاصمة",
        "city": "حلب",
    }
    assert (first.part, second.part) == ("3", "4")
    assert second.fields == {"title": "كتاب الحيوان", "body": "قال الجاحظ في كتابه"}


def test_a_table_without_names():
    first, second = documents("a.csv", f"1,{PROSE.replace('،', '')}\n2,ب\n".encode())
    assert first.fields["body"].startswith("1\tوصل")
    assert second.part == "2"


def test_rows_are_findable_where_no_name_says_body():
    [item] = documents("a.tsv", "المدينة\tالسكان\nحلب\t٢٠٠٠\n".encode())
    assert item.fields == {"المدينة": "حلب", "السكان": "٢٠٠٠", "body": "حلب\t٢٠٠٠"}


def test_bad_rows_are_reported():
    good, bad, last = documents("a.csv", b"title,body\na,b\nc,d,e,f\ng,h\n")
    assert (bad.kind, bad.line) == ("bad-line", 3)
    assert isinstance(good, Document) and isinstance(last, Document)


ARCHIVES = {
    "zip": zip_of,
    "tar": tar_of,
    "tar.gz": lambda members: tar_of(members, "w:gz"),
    "tgz": lambda members: tar_of(members, "w:gz"),
    "tar.bz2": lambda members: bz2.compress(tar_of(members)),
    "tar.xz": lambda members: lzma.compress(tar_of(members)),
    "tar.zst": lambda members: zstandard.compress(tar_of(members)),
    "zip in tar": lambda members: tar_of({"in.zip": zip_of(members)}),
}


@pytest.mark.parametrize("kind", ARCHIVES)
def test_archives(kind):
    members = {
        "أ/نص.txt": PROSE.encode(),
        "b.jsonl": b'{"body": "one"}\n{"body": "two"}\n{',
        "c.png": b"\x89PNG\r\n\x1a\n",
        ".hidden": b"x",
    }
    items = documents(f"a.{kind}", ARCHIVES[kind](members))
    inside = "in.zip#" if "in tar" in kind else ""
    parts = ["أ/نص.txt", "b.jsonl#1", "b.jsonl#2", "b.jsonl#3", "c.png"]
    assert [item.part for item in items] == [inside + part for part in parts]
    assert items[0].fields["body"] == PROSE
    assert [item.kind for item in items[3:]] == ["bad-line", "binary"]


@pytest.mark.parametrize(
    "compress", [gzip.compress, bz2.compress, lzma.compress, zstandard.compress]
)
def test_single_compressed_files(compress):
    [item] = documents("a.txt", compress(PROSE.encode("cp1256")))
    assert item.fields["body"] == PROSE


def test_a_large_member_of_a_tar():
    lines = b'{"body": "' + b"x" * 2_000_000 + b'"}\n'
    items = documents("a.tar", tar_of({"b.jsonl": lines * 6}))
    assert [item.part for item in items] == [f"b.jsonl#{n}" for n in range(1, 7)]


@pytest.mark.parametrize("pack", [zip_of, tar_of])
@pytest.mark.parametrize("name", ["../../etc/x.txt", "/etc/x.txt", "a/../../x.txt", "C:/x.txt"])
def test_paths_stay_inside(pack, name):
    bad, good = documents("a", pack({name: b"x", "ok.txt": b"fine"}))
    assert bad.kind == "unsafe"
    assert good.part == "ok.txt"


def test_links_are_refused():
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE):
            entry = tarfile.TarInfo("link")
            entry.type = kind
            entry.linkname = "/etc/passwd"
            archive.addfile(entry)
    assert {item.kind for item in documents("a.tar", file.getvalue())} == {"unsafe"}
    entry = zipfile.ZipInfo("link")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert documents("a.zip", zip_of({entry: b"/etc/passwd"}))[0].kind == "unsafe"


SMALL = Limits(floor=1_000_000, ratio=10, document=10_000_000)


@pytest.mark.parametrize("wrap", [gzip.compress, zstandard.compress, bz2.compress, lzma.compress])
def test_bombs_one_file(wrap):
    [item] = documents("a", wrap(b"word " * 1_000_000), limits=SMALL)
    assert item.kind == "limit"


@pytest.mark.parametrize("pack", [zip_of, lambda members: gzip.compress(tar_of(members))])
def test_bombs_of_many_members(pack):
    members = {f"{n}.txt": b"word " * 100_000 for n in range(50)}
    items = documents("a", pack(members), limits=SMALL)
    assert items[-1].kind == "limit"
    assert len(items) < 5


def test_bombs_of_bombs():
    layer = zip_of({f"{n}.txt": b"word " * 100_000 for n in range(4)})
    for _ in range(2):
        layer = zip_of({f"{n}.zip": layer for n in range(10)})
    items = documents("a.zip", layer, limits=SMALL)
    assert items[-1].kind == "limit"
    assert sum(isinstance(item, Document) for item in items) < 5


def test_archives_in_archives_end():
    layer = b"text"
    for _ in range(8):
        layer = zip_of({"x": layer})
    [item] = documents("a.zip", layer)
    assert item.kind == "limit"


def test_many_members():
    items = documents(
        "a.zip", zip_of({f"{n}.txt": b"x" for n in range(10)}), limits=Limits(members=5)
    )
    assert [type(item).__name__ for item in items] == ["Document"] * 5 + ["Skipped"]


@pytest.mark.parametrize("pack", ARCHIVES.values(), ids=ARCHIVES)
def test_cut_archives_are_reported(pack, tmp_path):
    whole = pack({"a.txt": PROSE.encode() * 50, "b.txt": PROSE.encode() * 90})
    path = tmp_path / "a.bin"
    for share in (0.3, 0.6, 0.95):
        path.write_bytes(whole[: int(len(whole) * share)])
        items = list(read(file_source(path)))
        assert items
        for item in items:
            assert isinstance(item, Document) or item.kind in ("damaged", "binary", "encoding")


def test_locked_members():
    data = bytearray(zip_of({"a.txt": b"x"}))
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(magic) + offset] |= 1
    [item] = documents("a.zip", bytes(data))
    assert item.kind == "encrypted"


def test_member_names_of_old_windows():
    name = "مجلد/الرسالة الأولى.txt"
    raw = name.encode("cp1256")
    data = zip_of({"N" * len(raw): b"text"}).replace(b"N" * len(raw), raw)
    [item] = documents("a.zip", data)
    assert item.part == name
