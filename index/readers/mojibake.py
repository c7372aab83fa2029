"""Text that was read in the wrong encoding and saved again: told, and mended or refused.

    UTF-8 read as Latin-1 or windows-1252     Ø§Ù„Ø¹Ø±Ø¨ÙŠØ©
    UTF-8 read as windows-1256                ط§ظ„ط¹ط±ط¨ظٹط©
    windows-1256 read as Latin-1 or 1252      ÇáÚÑÈíÉ

Each line is turned back the way that makes it most plausible, if that is far more plausible
than it was; so a sound line is left alone, and so is a file that is spoilt only in parts.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from .model import Unreadable
from .plausibility import score

GAIN: Final = 1.0  # nats a character: the least by which mending must make sense
ROUNDS: Final = 3  # spoilt more than once
SPOILT: Final = 0.05  # share of spoilt letters from which a text is refused

_HIGH_1252: Final = "€‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œžŸŽ\x80-\xbf"
_HIGH_1256: Final = "€پ‚ƒ„…†‡ˆ‰ٹ‹Œچژڈگ‘’“”•–—ک™ڑ›œ\u200c\u200dں\xa0،\xa2-\xbf؛؟ھ"
# Each pattern begins with one set of characters, which is what makes the search for it fast.
_WESTERN_SIGNS: Final = re.compile(
    f"[\xc0-\xff](?:(?<=[ØÙÚÛÃÂâ])[{_HIGH_1252}\ufffd ?][ØÙÚÛÃÂâ][{_HIGH_1252}\ufffd ?]"
    "|[\xc0-\xff]{2}|[\xc0-\xff] [\xc0-\xff]{2})"
)
_ARABIC_SIGNS: Final = re.compile(f"[طظ][{_HIGH_1256}][طظ][{_HIGH_1256}]")
_LOST: Final = re.compile(r"\ufffd|\?{3,}")


def mend(text: str) -> tuple[str, list[str]]:
    """Return the text mended, with a note if it was; raise `Unreadable` if it is past that."""
    if not (_looks_spoilt(text) or "\ufffd" in text or "???" in text):
        return text, []
    lines = text.split("\n")
    spoilt = [number for number, line in enumerate(lines) if _looks_spoilt(line)]
    healed = 0
    for number in spoilt:
        mended = _mend_line(lines[number])
        healed += mended != lines[number]
        lines[number] = mended
    if healed:
        text = "\n".join(lines)
    lost = sum(len(match.group()) for match in _LOST.finditer(text))
    _refuse_spoilt(text, lost + _still_spoilt(lines, spoilt))
    return text, [f"mended a wrong conversion (mojibake) on {healed} lines"] if healed else []


def _looks_spoilt(text: str) -> bool:
    if text.isascii():
        return False
    return bool(_WESTERN_SIGNS.search(text) or _ARABIC_SIGNS.search(text))


def _still_spoilt(lines: list[str], suspects: list[int]) -> int:
    """Return how many characters stand on lines that neither were mended nor make sense."""
    bad = (lines[number] for number in suspects if _looks_spoilt(lines[number]))
    return sum(len(line) for line in bad if score(line) < -5.5)


def _refuse_spoilt(text: str, count: int) -> None:
    size = len(text) - text.count(" ")
    if count > 3 and count > SPOILT * size:
        raise Unreadable("mojibake", "text spoilt by a wrong conversion (mojibake), past mending")


def _mend_line(line: str) -> str:
    """Return what the line was, having tried all ways it may have been spoilt in turn."""
    found, newest = [], [line]
    for _ in range(ROUNDS):
        newest = [reading for spoilt in newest for reading in _readings(spoilt)]
        found += newest
    best = max(found, key=score, default=line)
    return best if score(best) >= score(line) + GAIN else line


def _readings(line: str) -> list[str]:
    """Return what the line was, for each way it may have been spoilt that can be undone."""
    found = []
    western = _encode(line.replace("Ù\ufffd", "Ù\x81"), _western())  # 0x81: ف; 1252 has none
    arabic = _encode(line, _arabic())
    for data, encoding in ((western, "utf-8"), (arabic, "utf-8"), (western, "windows-1256")):
        try:
            found.append(data.decode(encoding))
        except UnicodeDecodeError:
            continue
    return [reading for reading in found if reading]


def _encode(line: str, table: dict[int, int]) -> bytes:
    try:
        return line.translate(table).encode("latin-1")
    except UnicodeEncodeError:
        return b""


@cache
def _western() -> dict[int, int]:
    """Return windows-1252 as characters → bytes; those it lacks pass as Latin-1."""
    return _bytes_of("windows-1252")


@cache
def _arabic() -> dict[int, int]:
    return _bytes_of("windows-1256")


def _bytes_of(encoding: str) -> dict[int, int]:
    chars = (bytes([code]).decode(encoding, "ignore") for code in range(0x80, 0x100))
    return {ord(char): code for code, char in enumerate(chars, 0x80) if char}
