"""The hook for text recognition: Tesseract, if the machine has it and the caller asks for it.

Off by default: it takes seconds a page and guesses where other readers know.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import Final

SECONDS: Final = 120


def lacking(languages: str) -> str | None:
    """What is missing for some languages ("ara+eng"), as a line that says so; else None."""
    program = shutil.which("tesseract")
    if program is None:
        return "--ocr needs Tesseract, and there is no program 'tesseract' here"
    done = subprocess.run(
        [program, "--list-langs"], capture_output=True, text=True, timeout=SECONDS, check=False
    )
    there = [line for line in done.stdout.split("\n")[1:] if line]
    missing = [language for language in languages.split("+") if language not in there]
    if not missing:
        return None
    return f"Tesseract has no data for {', '.join(missing)} here; it has {', '.join(there)}"


def read_grey(width: int, height: int, grey: bytes, languages: str) -> str:
    """Return the text on a picture, a byte a point; "" if there is none, or no Tesseract."""
    return read_picture(b"P5 %d %d 255\n" % (width, height) + grey, languages)


def read_picture(picture: bytes, languages: str) -> str:
    """Return the text on a picture in a file format; "" if there is none, or no Tesseract."""
    program = shutil.which("tesseract")
    if program is None:
        return ""
    command = [program, "stdin", "stdout", "-l", languages]
    environment = os.environ | {"OMP_THREAD_LIMIT": "1"}  # more threads take longer, all together
    try:
        done = subprocess.run(
            command,
            input=picture,
            capture_output=True,
            timeout=SECONDS,
            check=False,
            env=environment,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else ""
