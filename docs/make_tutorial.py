"""Plays the commands of the tutorials, in English and Arabic, and writes down what they print.

They are played in a copy of `docs/tutorial/`. A page's blocks of `console` are one session:
lines that begin with `$` are commands, what follows is what they printed.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from click.testing import CliRunner
from kashaf.commands.group import cli

DOCS = Path(__file__).parent
PAGES = ("tutorial.md", "arabic-guide.md")
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.M | re.S)


def played(text: str) -> str:
    """A page with its commands played anew."""
    with _copy():
        return CONSOLE.sub(lambda block: f"```console\n{_session(block[1])}```", text)


def _session(block: str) -> str:
    commands = [line[2:] for line in block.splitlines() if line.startswith("$ ")]
    return "".join(f"$ {command}\n{_run(command)}" for command in commands)


def _run(command: str) -> str:
    name, *arguments = shlex.split(command)
    if name == "kashaf":
        settings = {"COLUMNS": "80", "KASHAF_INDEX": None, "NO_COLOR": "1"}
        return CliRunner().invoke(cli, arguments, prog_name="kashaf", env=settings).output
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=True)
    return done.stdout


@contextmanager
def _copy() -> Iterator[None]:
    """Go into a copy of the tutorial's folder."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(DOCS / "tutorial", folder, dirs_exist_ok=True)
        os.chdir(folder)
        try:
            yield
        finally:
            os.chdir(before)


if __name__ == "__main__":
    for name in PAGES:
        page = DOCS / name
        page.write_text(played(page.read_text("utf-8")), "utf-8")
