"""Bytes → text: the encoding is told by marks, by validity, then by plausibility.

The order: a byte order mark; UTF-16/32 by its zero bytes; UTF-8 by being valid; and for the
one-byte encodings the bigram model of `plausibility`. Pairs of bytes are counted once, and
each candidate is scored by what those pairs would mean in it, so that all candidates are
compared over the same evidence: the difference of two sums is the log of the odds.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .forms import misfits, spell_out
from .model import Unreadable
from .mojibake import mend
from .plausibility import classes_of, log_odds, score

# Ties go to the first: where MacArabic and ISO-8859-6 agree on every byte, so do the texts.
ONE_BYTE: Final = ("windows-1256", "iso-8859-6", "mac_arabic", "cp720", "cp864", "cp1252")
SAMPLE_BYTES: Final = 1 << 17
PLAUSIBLE: Final = -4.5  # mean log probability: Arabic is above -4.1, noise below -4.6
WESTERN: Final = -3.3  # likewise for cp1252; French is near -2, Russian read so near -3.6
MISFIT: Final = 4.0  # nats off for a shape that its neighbour rules out
ENOUGH: Final = 64  # bytes from which a guess at the encodings of the world makes sense

_MARKS: Final = (  # UTF-32 first: its mark begins with that of UTF-16
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS: Final = bytes({*range(32), 127} - {*b"\t\n\r\f\b\x0b\x1a\x1b"})


@dataclass(frozen=True, slots=True)
class Guess:
    """An encoding, and how sure it is, from 0 to 1."""

    encoding: str
    confidence: float = 1.0

    def notes(self) -> list[str]:
        """Return the line that reports the choice; UTF-8 goes without saying."""
        if self.encoding in ("utf-8", "utf-8-sig"):
            return []
        return [f"read as {self.encoding} (confidence {self.confidence:.2f})"]


@dataclass(slots=True)
class Decoded:
    """Text, the encoding it was in, and what was done to it."""

    text: str
    encoding: str
    notes: list[str] = field(default_factory=list)


def decode(data: bytes, *, encoding: str | None = None, declared: str | None = None) -> Decoded:
    """Return the text of `data`, or raise `Unreadable`.

    `encoding` is obeyed; `declared`, which the file says of itself, is believed if the
    bytes bear it out.
    """
    guess = Guess(_known(encoding)) if encoding else _weigh(data, declared)
    text = data.decode(guess.encoding, "replace").removeprefix("\ufeff")
    notes = guess.notes()
    broken = text.count("\ufffd")
    if broken:
        notes.append(f"{broken} broken characters")
    text, mended = settle(text, guess.encoding)
    return Decoded(text, guess.encoding, notes + mended)


def settle(text: str, encoding: str) -> tuple[str, list[str]]:
    """Undo what an encoding or a wrong conversion did to decoded text, with notes."""
    if encoding == "cp864":
        text = spell_out(text)
    return mend(text)


def detect(data: bytes) -> Guess:
    """Return the encoding of text, or raise `Unreadable` for bytes that are no text."""
    if not data.strip(b"\0 \t\r\n"):
        raise Unreadable("empty", "nothing in it")
    return _by_mark(data) or _by_zeros(data) or _utf8(data) or _one_byte(data)


def _known(encoding: str) -> str:
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        raise Unreadable("encoding", f"no encoding is called {encoding!r}") from None


def _weigh(data: bytes, declared: str | None) -> Guess:
    """Return the declared encoding if it reads the bytes about as well as the detected one."""
    guess = detect(data)
    if not declared or guess.encoding.startswith("utf") or guess.encoding == declared.lower():
        return guess
    try:
        name = codecs.lookup(declared).name
        told = data[:SAMPLE_BYTES].decode(name)
    except (LookupError, UnicodeDecodeError):
        return guess
    found = data[:SAMPLE_BYTES].decode(guess.encoding, "replace")
    return Guess(name) if score(told) >= score(found) - 0.3 else guess


def _by_mark(data: bytes) -> Guess | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return Guess(encoding)
    return None


def _by_zeros(data: bytes) -> Guess | None:
    """Tell UTF-16 and UTF-32 without a mark: their bytes repeat a few values every 2 or 4."""
    head = data[: SAMPLE_BYTES & ~3]
    if head.count(0) + head.count(6) < len(head) / 8:
        return None
    best, found = PLAUSIBLE, None
    for encoding, width in (("utf-32-le", 4), ("utf-32-be", 4), ("utf-16-le", 2), ("utf-16-be", 2)):
        worth = _score_wide(head[: len(head) // width * width], encoding)
        if worth > best:
            best, found = worth, Guess(encoding, 0.99)
    return found


def _score_wide(head: bytes, encoding: str) -> float:
    text = head.decode(encoding, "replace")
    return score(text) if "\0" not in text else -np.inf


def _utf8(data: bytes) -> Guess | None:
    """Tell UTF-8, also with a few broken characters in it."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
        broken = text.count("\ufffd")
        whole = len(data) - len(text)  # continuation bytes: about one a sound character
        if broken * 20 > whole:
            return None
        return Guess("utf-8", 1 - broken / whole)
    if _control_share(data) > 0.01:
        raise Unreadable("binary", "binary: control characters among the text")
    return Guess("utf-8")


def _control_share(data: bytes) -> float:
    head = data[:SAMPLE_BYTES]
    return 1 - len(head.translate(None, _CONTROLS)) / len(head)


def _one_byte(data: bytes) -> Guess:
    if _control_share(data) > 0.005:
        raise Unreadable("binary", "binary: not text in any encoding known here")
    totals, pairs = _totals(_excerpt(data))
    best = int(totals.argmax())
    if totals[best] / pairs < (WESTERN if ONE_BYTE[best] == "cp1252" else PLAUSIBLE):
        return _by_others(data)
    rivals = totals[totals < totals[best]]
    odds = np.exp(np.clip(rivals - totals[best], -50, 0)).sum()
    return Guess(ONE_BYTE[best], float(1 / (1 + odds)))


def _excerpt(data: bytes) -> bytes:
    if len(data) <= 2 * SAMPLE_BYTES:
        return data
    middle = len(data) // 2
    return data[:SAMPLE_BYTES] + data[middle : middle + SAMPLE_BYTES]


def _totals(data: bytes) -> tuple[NDArray[np.float64], int]:
    """Return the log probability of the bytes in each encoding, and of how many pairs.

    Pairs of two ASCII bytes mean the same in all and are left out.
    """
    codes = np.frombuffer(data, dtype=np.uint8).astype(np.intp)
    pairs = codes[:-1] * 256 + codes[1:]
    pairs = pairs[(codes[:-1] | codes[1:]) >= 0x80]
    counts = np.bincount(pairs, minlength=0x10000)
    return (_tables() @ counts).round(6), max(1, len(pairs))


@cache
def _tables() -> NDArray[np.float64]:
    """Return `[encoding, byte pair]` → log probability of the two characters meant."""
    rows = []
    for encoding in ONE_BYTE:
        meant = "".join(bytes([code]).decode(encoding, "replace") for code in range(256))
        classes = classes_of(meant)
        row = log_odds()[np.ix_(classes, classes)]
        rows.append((row - MISFIT * misfits(meant)).ravel())
    return np.array(rows)


def _by_others(data: bytes) -> Guess:
    """Ask charset-normalizer about text that is neither Arabic nor western European."""
    from charset_normalizer import from_bytes

    match = from_bytes(data[:SAMPLE_BYTES]).best() if len(data) >= ENOUGH else None
    if match is None or match.chaos > 0.1 or not match.alphabets:
        raise Unreadable("encoding", "text in an encoding that could not be told")
    return Guess(match.encoding, round(1 - match.chaos, 2))
