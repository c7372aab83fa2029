"""One line of 200 MB, and a folder with it and a good file: told in one line, the good one found.

Run it by itself: `python tests/stress/big_line.py`.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

MEGABYTES = 200
LINE = "كتاب ".encode() * 100_000


def kashaf(folder: Path, *arguments: str) -> str:
    """Run a command; return what it prints."""
    command = [sys.executable, "-m", "kashaf.cli", *arguments]
    return subprocess.run(
        command, cwd=folder, check=True, capture_output=True, encoding="utf-8"
    ).stdout


def main() -> None:
    """Fail with an assertion, or print how it went."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "good.txt").write_text("خبر\nفي المكتبة رسالة", "utf-8")
        for big in ("line.txt", "line.jsonl"):
            with (folder / big).open("wb") as file:
                file.write(b'{"id": "big", "body": "' if big.endswith("jsonl") else b"")
                for _ in range(MEGABYTES * 1_000_000 // len(LINE)):
                    file.write(LINE)
        told = kashaf(folder, "index", ".")
        assert "1 added" in told and "2 skipped (1 bad-line, 1 too-large)" in told, told
        assert "**رسالة**" in kashaf(folder, "search", "رسالة")
        print(told, end="")


if __name__ == "__main__":
    main()
