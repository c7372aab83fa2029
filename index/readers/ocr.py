"""The hook for text recognition: Tesseract, if the machine has it and the caller asks for it.

Off by default: it takes seconds a page and guesses where other readers know.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Final

SECONDS: Final = 120


def read_picture(picture: Any, languages: str) -> str:
    """Return the text on a picture (of Pillow); "" if there is none, or no Tesseract."""
    program = shutil.which("tesseract")
    if program is None:
        return ""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "page.png")
        picture.save(path)
        command = [program, str(path), "stdout", "-l", languages]
        try:
            done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired):
            return ""
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else ""
