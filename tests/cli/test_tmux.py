"""What a page looks like on a terminal, as tmux has it on its screen."""

import os
import re
import shutil
import subprocess
import sys
import time
import unicodedata
from uuid import uuid4

import pytest

WIDTH = 72
TMUX = shutil.which("tmux")
pytestmark = pytest.mark.skipif(TMUX is None, reason="tmux is not installed")


@pytest.fixture
def screen(elsewhere):
    """Run a command on a screen of tmux; return its lines, without colours and with them."""
    settings = elsewhere / "tmux.conf"
    settings.write_text("set -g remain-on-exit on\n")
    socket = f"kashaf-{uuid4().hex[:8]}"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("TMUX")}
    environment |= {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TERM": "xterm-256color"}

    def tmux(*arguments):
        command = [TMUX, "-L", socket, "-f", settings, "-u", *map(str, arguments)]
        return subprocess.run(
            command, cwd=elsewhere, env=environment, check=True, capture_output=True, timeout=30
        ).stdout.decode()

    def screen(*arguments):
        command = [sys.executable, "-m", "kashaf.cli", *arguments]
        start = ["new-session", "-d", "-x", WIDTH, "-y", 60]
        tmux(*start, "--", *command)
        for _ in range(300):
            if tmux("list-panes", "-F", "#{pane_dead}").strip() == "1":
                break
            time.sleep(0.1)
        capture = ["capture-pane", "-p", "-S", "-"]  # with the line that its end pushes up
        plain, coloured = tmux(*capture), tmux(*capture, "-e", "-J")
        return plain.splitlines(), coloured.splitlines()

    yield screen
    subprocess.run([TMUX, "-L", socket, "kill-server"], check=False, capture_output=True)


def columns(text):
    """How many columns of a terminal a text takes."""
    widths = {"W": 2, "F": 2}
    return sum(
        widths.get(unicodedata.east_asian_width(char), 1)
        for char in text
        if unicodedata.category(char) not in ("Mn", "Me", "Cf")
    )


def bare(line):
    return re.sub(r"\x1b\[[\d;]*m", "", line)


def test_a_page(screen, library):
    plain, coloured = screen("search", "كتاب")
    shown = [bare(line) for line in coloured]
    assert shown[0] == "1–3 of 3 for \u2068كتاب\u2069"
    assert all(line.count("\u2068") == line.count("\u2069") for line in shown)
    [first] = [line for line in shown if line.startswith("  1. ")]
    assert re.fullmatch("  1. \u2068[^\u2069]+\u2069 *", first)
    [place] = [line for line in shown if "كتب جديدة.txt" in line]
    assert re.fullmatch(r" {5}\u2068library/akhbar/كتب جديدة\.txt\u2069  \d+\.\d\d *", place)
    assert max(map(columns, plain)) <= WIDTH


def test_its_colours(screen, library):
    _, coloured = screen("search", "كتاب")
    whole = "\n".join(coloured)
    marked = re.findall(r"\x1b\[1m\x1b\[33m([^\x1b]+)\x1b\[0m", whole)
    assert {"الكُتُبَ", "كتابَين"} <= set(marked)
    assert re.search(r"  1\. \u2068?\x1b\[1m", whole)
    assert "**" not in whole
