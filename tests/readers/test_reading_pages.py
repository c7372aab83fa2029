"""PDF and office documents, made by the tools that people make them with, from fifty texts.

Ten phrases of three words are drawn from each text; each must be found in what is read.
`MISSES` lists those that are not, with the cause.
"""

import io
import random
import re
import unicodedata
import zipfile
from functools import cache
from pathlib import Path

import pytest
from kashaf.index.readers import Document, Limits, Options, bytes_source, file_source, read

DATA = Path(__file__).with_name("data")

MISSES = {
    # The second ل of والحريم shares its place with a ligature of the font.
    "fifty-reportlab-visual.pdf": {"المرأة والحريم والذاكرة،"},
    # A raised mark repeats its letter at another place of the line.
    "fifty-typst.pdf": {"وذلك لمرافقة والدي", "وعشرين مهاجراً كانوا"},
    # The file gives no letter for أ joined to what is before it: told, and left as U+FFFD.
    "fifty-weasyprint.pdf": {
        "العَزْمِ تَأْتِي العَزَائِمُ،",
        "أَهْلِ العَزْمِ تَأْتِي",
        "بأن نصف دماغه",
        "كأنها نجوم. تباع",
        "ثم مضوا كأنهم",
        "يتأثر بالطعام كثيراً.",
        "ظهرت رسالة خطأ",
        "سألته يوماً لماذا",
        "رائحتها. وحين سألته",
        "الزوار يسألونه دائماً",
    },
}
FILES = {
    "fifty.docx": None,
    "fifty.odt": None,
    "fifty.epub": None,
    "fifty.rtf": "striprtf",
    "fifty-libreoffice.pdf": "pypdfium2",
    "fifty-chromium-amiri.pdf": "pypdfium2",
    "fifty-chromium-dejavu.pdf": "pypdfium2",
    "fifty-chromium-naskh.pdf": "pypdfium2",
    "fifty-reportlab-visual.pdf": "pypdfium2",
    "fifty-typst.pdf": "pypdfium2",
    "fifty-fpdf2.pdf": "pypdfium2",
    "fifty-weasyprint.pdf": "pypdfium2",
}


def folded(text):
    plain = unicodedata.normalize("NFKC", text)
    kept = "".join(char for char in plain if unicodedata.category(char) != "Mn")
    return " ".join(re.findall(r"\w+", kept))


def phrases(text):
    cells = [cell.split() for line in text.split("\n") for cell in line.split("\t")]
    spans = [" ".join(cell[at : at + 3]) for cell in cells for at in range(max(1, len(cell) - 2))]
    return random.Random(7).sample(spans, min(10, len(spans)))


def only(source, **options):
    [item] = read(source, Options(**options))
    return item


@cache
def fifty(name):
    """Return what is read of a file, once for all tests."""
    return only(file_source(DATA / name))


@pytest.mark.parametrize("name", FILES)
def test_the_round_trip(name, texts):
    if FILES[name]:
        pytest.importorskip(FILES[name])
    item = fifty(name)
    assert isinstance(item, Document)
    body = f" {folded(item.fields['body'])} "
    wanted = [phrase for text in texts for phrase in phrases(text)]
    missed = {phrase for phrase in wanted if f" {folded(phrase)} " not in body}
    assert missed == MISSES.get(name, set())
    assert len(missed) <= 0.02 * len(wanted)


@pytest.mark.parametrize("name", ["fifty.docx", "fifty.odt", "fifty.epub", "fifty.rtf"])
def test_office_documents_come_back_to_the_letter(name, texts):
    if FILES[name]:
        pytest.importorskip(FILES[name])
    item = fifty(name)
    assert item.fields["title"] == "خمسون نصاً"
    assert item.fields["body"].split() == "\n".join(texts).split()


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".pdf")])
def test_pages_are_where_they_begin(name, texts):
    pytest.importorskip("pypdfium2")
    item = fifty(name)
    assert len(item.pages) == len(texts)
    ends = [*item.pages[1:], len(item.fields["body"])]
    pages = [item.fields["body"][start:end] for start, end in zip(item.pages, ends, strict=True)]
    begun = [folded(text)[:9] == folded(page)[:9] for text, page in zip(texts, pages, strict=True)]
    assert sum(begun) >= 48


def test_the_name_of_a_file_is_no_title():
    pytest.importorskip("pypdfium2")
    assert "title" not in fifty("fifty-chromium-naskh.pdf").fields
    assert fifty("fifty-libreoffice.pdf").fields["title"] == "خمسون نصاً"


def test_marks_stay_with_their_letters(texts):
    pytest.importorskip("pypdfium2")
    item = fifty("fifty-chromium-naskh.pdf")
    words = set(item.fields["body"].split())
    marked = [word for word in texts[3].split() if word]
    found = sum(unicodedata.normalize("NFC", word) in words for word in marked)
    assert found >= 0.95 * len(marked)


def test_text_drawn_backwards_is_turned():
    pytest.importorskip("pypdfium2")
    item = only(file_source(DATA / "fifty-reportlab-backwards.pdf"))
    assert "وقال مدير البحوث إن المخابر" in item.fields["body"]
    assert any(note.startswith("visual order repaired on pages 1-3") for note in item.notes)


def pdf_of(*objects):
    """Return a PDF of the objects given, the first of which is the catalogue."""
    data, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    return data + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF" % (count, table, count, len(data))
    )


CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"


def test_a_scanned_page_needs_ocr():
    pytest.importorskip("pypdfium2")
    draw = b"q 100 0 0 100 0 0 cm /P Do Q"
    data = pdf_of(
        CATALOGUE,
        PAGES,
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R "
        b"/Resources << /XObject << /P 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(draw), draw),
        b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray "
        b"/BitsPerComponent 8 /Length 1 >>\nstream\n\0\nendstream",
    )
    assert only(bytes_source("a.pdf", data)).kind == "needs-ocr"


def test_an_empty_page_is_empty():
    pytest.importorskip("pypdfium2")
    data = pdf_of(CATALOGUE, PAGES, b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>")
    assert only(bytes_source("a.pdf", data)).kind == "empty"


def test_letters_of_a_wrong_encoding_are_refused_or_mended():
    pytest.importorskip("pypdfium2")
    shown = "ÇáÓáÇã Úáíßã æÑÍãÉ Çááå æÈÑßÇÊå".encode("cp1252")
    draw = b"BT /F 12 Tf 10 100 Td (" + shown + b") Tj ET"
    data = pdf_of(
        CATALOGUE,
        PAGES,
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 200] /Contents 4 0 R "
        b"/Resources << /Font << /F 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(draw), draw),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    )
    assert "السلام عليكم ورحمة الله وبركاته" in only(bytes_source("a.pdf", data)).fields["body"]


def test_a_damaged_pdf_is_reported():
    pytest.importorskip("pypdfium2")
    assert only(bytes_source("a.pdf", b"%PDF-1.7\nnothing")).kind == "damaged"


def zip_of(members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def docx_of(xml):
    return zip_of({"[Content_Types].xml": "<x/>", "word/document.xml": xml})


WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def test_word_tables_notes_and_deletions():
    xml = (
        f"<w:document {WORD}><w:body><w:p><w:pPr><w:pStyle w:val='Title'/></w:pPr>"
        "<w:r><w:t>عنوان</w:t></w:r></w:p>"
        "<w:p><w:r><w:t>قبل</w:t><w:tab/><w:t>بعد</w:t></w:r>"
        "<w:del><w:r><w:delText>محذوف</w:delText></w:r></w:del></w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>حلب</w:t></w:r></w:p></w:tc>"
        "<w:tc><w:p><w:r><w:t>٢٠٠٠</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:body></w:document>"
    )
    item = only(bytes_source("a.docx", docx_of(xml)))
    assert item.fields["title"] == "عنوان"
    assert item.fields["body"] == "عنوان\nقبل\tبعد\nحلب \t٢٠٠٠"


BOMB = (
    "<!DOCTYPE x [<!ENTITY a 'word word word word '>"
    + "".join(
        f"<!ENTITY {chr(98 + n)} '{''.join(f'&{chr(97 + n)};' for _ in range(10))}'>"
        for n in range(9)
    )
    + f"]><w:document {WORD}><w:body><w:p><w:r><w:t>&j;</w:t></w:r></w:p></w:body></w:document>"
)
LEAK = (
    "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"
    f"<w:document {WORD}><w:body><w:p><w:r><w:t>&a;</w:t></w:r></w:p></w:body></w:document>"
)


@pytest.mark.parametrize("xml", [BOMB, LEAK], ids=["bomb", "leak"])
def test_xml_entities_are_refused(xml):
    assert only(bytes_source("a.docx", docx_of(xml))).kind == "unsafe"


def test_xml_nested_too_deep():
    xml = f"<w:document {WORD}>" + "<w:p>" * 100_000
    assert only(bytes_source("a.docx", docx_of(xml))).kind == "damaged"


def test_a_bomb_in_a_document():
    xml = (
        f"<w:document {WORD}><w:body><w:p><w:t>"
        + "x" * 5_000_000
        + "</w:t></w:p></w:body></w:document>"
    )
    limits = Limits(floor=1_000_000, ratio=10)
    assert only(bytes_source("a.docx", docx_of(xml)), limits=limits).kind == "limit"


def test_a_document_is_told_by_its_content():
    data = (DATA / "fifty.odt").read_bytes()
    assert only(bytes_source("misnamed.docx", data)).fields["title"] == "خمسون نصاً"


def test_workbooks_are_read_by_rows(texts):
    items = list(read(file_source(DATA / "fifty.xlsx")))
    assert [item.fields["body"] for item in items[:50]] == texts
    assert items[0].fields["title"] == "نص 0"
    assert items[0].part == "النصوص#2"
    assert items[50].fields == {"المدينة": "حلب", "السكان": "2000", "body": "حلب\t2000"}


def test_slides_are_pages(texts):
    item = only(file_source(DATA / "fifty.pptx"))
    assert len(item.pages) == 50
    ends = [*item.pages[1:], len(item.fields["body"])]
    for text, start, end in zip(texts, item.pages, ends, strict=True):
        assert item.fields["body"][start:end].split() == text.split()


def test_a_workbook_of_the_other_kind_is_named():
    item = only(bytes_source("a.xlsb", zip_of({"xl/workbook.bin": "x"})))
    assert item.kind == "unsupported" and "xlsb" in item.reason


def test_old_word_files_are_named():
    item = only(bytes_source("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)))
    assert item.kind == "unsupported"


def test_rtf_of_windows_1256():
    pytest.importorskip("striprtf")
    said = "".join(f"\\'{byte:02x}" for byte in "السلام عليكم".encode("cp1256"))
    data = f"{{\\rtf1\\ansi\\ansicpg1256 {said}\\par}}".encode()
    assert only(bytes_source("a.doc", data)).fields["body"] == "السلام عليكم"
