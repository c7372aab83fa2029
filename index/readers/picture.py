"""Pictures, where the caller asks for recognition: the text that Tesseract sees on them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .model import Document, Options, Skipped, Source, Unreadable
from .ocr import read_picture
from .plausibility import score

PLAUSIBLE: Final = -4.5  # mean log probability; what is seen on a picture without text is below


def read(source: Source, options: Options) -> Iterator[Document | Skipped]:
    """Yield the one document of a picture; refuse one on which there is no text."""
    text = read_picture(source.load(options.limits.document), options.ocr or "")
    if not text or score(text) < PLAUSIBLE:
        raise Unreadable("empty", "no text was recognised on the picture")
    yield Document({"body": text}, notes=["text recognised from a picture"])
