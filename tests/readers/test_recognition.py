"""Pages that are pictures, read by Tesseract; skipped where it is not installed."""

import io
import re
import shutil

import pytest
from kashaf.index.readers import Options, Skipped, bytes_source, read
from kashaf.index.readers.ocr import lacking

Image = pytest.importorskip("PIL.Image")
pdfium = pytest.importorskip("pypdfium2")

pytestmark = pytest.mark.skipif(
    shutil.which("tesseract") is None or lacking("ara") is not None,
    reason="Tesseract with Arabic is not installed",
)
OCR = Options(ocr="ara")


@pytest.fixture(scope="module")
def scan():
    """A page of Arabic as a picture, and its words."""
    from pathlib import Path

    path = Path(__file__).with_name("data") / "fifty-libreoffice.pdf"
    file = pdfium.PdfDocument(path)
    picture = file[0].render(scale=200 / 72).to_pil().convert("L")
    [item] = read(bytes_source("a.pdf", path.read_bytes()))
    return picture, set(re.findall(r"\w+", item.fields["body"][: item.pages[1]]))


def as_file(picture, kind):
    file = io.BytesIO()
    picture.save(file, kind, resolution=200)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["PDF", "PNG", "JPEG", "TIFF"])
def test_a_scanned_page_is_recognised(scan, kind):
    picture, words = scan
    source = bytes_source(f"a.{kind.lower()}", as_file(picture, kind))
    [skipped] = read(source)
    assert skipped.kind == ("needs-ocr" if kind == "PDF" else "binary")
    [item] = read(source, OCR)
    found = set(re.findall(r"\w+", item.fields["body"]))
    assert len(found & words) > 0.8 * len(words)
    assert "recognised" in item.notes[0]


def test_a_picture_without_text_is_skipped():
    [item] = read(bytes_source("a.png", as_file(Image.new("L", (300, 300), 200), "PNG")), OCR)
    assert isinstance(item, Skipped)
    assert item.kind == "empty"


def test_a_damaged_picture_is_skipped(scan):
    [item] = read(bytes_source("a.png", as_file(scan[0], "PNG")[:200]), OCR)
    assert item.kind == "empty"


def test_data_that_is_missing_is_told():
    assert lacking("ara+xyz").startswith("Tesseract has no data for xyz here; it has ara")
