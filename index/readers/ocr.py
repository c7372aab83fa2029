"""The hook for text recognition: Tesseract, if the machine has it and the caller asks for it.

Off by default: it takes seconds a page and guesses where other readers know.
"""

from __future__ import annotations

import shutil
import subprocess
from typing import Final

SECONDS: Final = 120


def read_picture(width: int, height: int, grey: bytes, languages: str) -> str:
    """Return the text on a picture, a byte a point; "" if there is none, or no Tesseract."""
    program = shutil.which("tesseract")
    if program is None:
        return ""
    picture = b"P5 %d %d 255\n" % (width, height) + grey
    command = [program, "stdin", "stdout", "-l", languages]
    try:
        done = subprocess.run(
            command, input=picture, capture_output=True, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else ""
