"""Makes `stored.zdict`, the dictionary that stored documents are compressed with.

It is trained on the texts of `examples/`, which were written for this project: common Arabic
words, and how zstd best codes squeezed lines. It is a part of the file format: a changed one
cannot read what was written with the one before. It was run once, as
`python -m kashaf.index.data.make`, and is here to tell how.
"""

from pathlib import Path

import zstandard

from ... import kernels

ID = 40_001
"""Dictionaries without a public number have one from 32768 on (RFC 8878); it is in each frame."""

SIZE = 1 << 15
PIECE = 700
KINDS = {".txt", ".md", ".html", ".jsonl"}


def main() -> None:
    here = Path(__file__).resolve().parent
    files = sorted(p for p in (here.parents[1] / "examples").glob("*/*") if p.suffix in KINDS)
    texts = [file.read_text("utf-8", errors="replace") for file in files]
    pieces: list[bytes | bytearray | memoryview] = [
        kernels.squeeze(t[at : at + PIECE].encode())
        for t in texts
        for at in range(0, len(t), PIECE)
    ]
    made = zstandard.train_dictionary(SIZE, pieces, k=500, d=6, dict_id=ID)
    (here / "stored.zdict").write_bytes(made.as_bytes())


if __name__ == "__main__":
    main()
