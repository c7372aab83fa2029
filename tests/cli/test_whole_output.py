"""The whole output of each command that searches, as a transcript.

To take the transcript anew, after a change that is meant:

    KASHAF_TRANSCRIPT=write pytest tests/cli/test_whole_output.py
"""

import os
import re
import shlex
from pathlib import Path

import pytest

TRANSCRIPT = Path(__file__).parent / "data" / "transcript.txt"
PIECES = re.split(r"^\$ kashaf ", TRANSCRIPT.read_text("utf-8"), flags=re.M)[1:]
COMMANDS = [piece.partition("\n")[0] for piece in PIECES]
WRITING = os.environ.get("KASHAF_TRANSCRIPT") == "write"


def answered(run, command):
    """A command with what it prints and its exit code; seconds are left out."""
    told = run(*shlex.split(command))
    out = re.sub(r"\d+\.\d\d ms", "N ms", told.out + told.err).replace("\r\n", "\n")
    return f"{command}\n{out.rstrip()}\n[{told.code}]\n"


@pytest.mark.skipif(WRITING, reason="the transcript is being written")
@pytest.mark.parametrize("piece", PIECES, ids=COMMANDS)
def test_a_command_prints_what_it_printed(run, library, piece):
    assert answered(run, piece.partition("\n")[0]) == piece.rstrip() + "\n"


@pytest.mark.skipif(not WRITING, reason="KASHAF_TRANSCRIPT is not set")
def test_write_the_transcript(run, library):
    said = "\n".join(f"$ kashaf {answered(run, command)}" for command in COMMANDS)
    TRANSCRIPT.write_text(said, "utf-8")


def test_every_command_about_words_is_in_it():
    names = {command.split()[0] for command in COMMANDS}
    assert names >= {"search", "complete", "suggest", "words", "similar", "concord", "show"}
