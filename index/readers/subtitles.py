"""Subtitles (SRT, WebVTT): what is said, without numbers, times and markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from .model import Document, Options, Skipped, Source, Unreadable
from .text import load_text

_TIME: Final = re.compile(r"[ \t]*(?:\d+:)?\d+:\d\d[,.]\d+[ \t]*-->.*")
_MARKUP: Final = re.compile(r"<[^<>]{0,200}>|\{\\[^{}]{0,200}\}")
_HEAD: Final = re.compile(r"(?:WEBVTT|NOTE|STYLE|REGION)\b")


def read(source: Source, options: Options) -> Iterator[Document | Skipped]:
    """Yield the one document of a file of subtitles."""
    decoded = load_text(source, options)
    body = "\n".join(filter(None, map(_said, re.split(r"\n[ \t]*\n", decoded.text))))
    if not body:
        raise Unreadable("empty", "subtitles without text")
    yield Document({"body": body}, notes=decoded.notes)


def _said(block: str) -> str:
    """Return the words of one caption: the lines after that of its times."""
    lines = block.strip("\n").split("\n")
    if _HEAD.match(lines[0]):
        return ""
    times = [number for number, line in enumerate(lines) if _TIME.fullmatch(line)]
    said = lines[times[-1] + 1 :] if times else lines
    return "\n".join(line for text in said if (line := _MARKUP.sub("", text).strip()))
