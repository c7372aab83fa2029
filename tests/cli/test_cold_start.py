"""A plain search from a cold process imports what it needs and no more."""

import os
import subprocess
import sys
from pathlib import Path

import kashaf
import pytest
from kashaf import kernels

pytestmark = pytest.mark.skipif(not kernels.native, reason="the twins are made of NumPy")

HEAVY = {
    "numpy", "whoosh", "click", "pyarabic.number_const", "rapidfuzz", "selectolax",
    "dataclasses", "inspect", "pathlib", "hashlib", "tempfile", "importlib.metadata",
    "datetime", "tomllib", "shutil", "json", "platform", "zstandard",
    "kashaf.storage.column_writer", "kashaf.index.crew", "kashaf.kernels._analyzing",
}  # fmt: skip
SLOW = {"typing", "re", "enum", "threading", "contextlib"}
"""What no query of plain words waits for; one with quotes needs `re`."""
ROOMS = ("kashaf.index.intake", "kashaf.index.readers", "kashaf.kernels.twins")
OWN = 81
"""Modules of Kashaf that a plain search imports, at most. Each takes a quarter of a millisecond."""


def loaded(folder, *arguments):
    """What a fresh interpreter has imported after a command."""
    program = (
        "import sys\n"
        "from kashaf.cli import _run\n"
        f"assert _run({[*map(str, arguments)]!r}) == 0\n"
        "print(*sys.modules)"
    )
    # -S: what the environment imports at its start is not ours to answer for.
    # So there are no editable installs, and the package is found by its name in a folder.
    folder.mkdir()
    (folder / "kashaf").symlink_to(Path(kashaf.__file__).parent, target_is_directory=True)
    path = os.pathsep.join([str(folder), *sys.path])
    told = subprocess.run(
        [sys.executable, "-S", "-c", program],
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
        env={"PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
    )
    return set(told.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("query", ["كتاب", "الكتب في المدينة", '"قرأ الطالب" كتاب', "كتاب الورّاق؟"])
def test_a_plain_search(library, query, tmp_path):
    modules = loaded(tmp_path / "apart", "search", "--index", library, query)
    assert modules & HEAVY == set()
    assert modules & SLOW == set() or '"' in query
    own = {name for name in modules if name.partition(".")[0] == "kashaf"}
    assert [name for name in own if name.startswith(ROOMS)] == []
    assert len(own) <= OWN, sorted(own)


def test_other_commands_import_their_own(library, tmp_path):
    modules = loaded(tmp_path / "apart", "concord", "--index", library, "كتاب")
    assert "click" in modules
    assert modules & {"kashaf.commands.indexing", "kashaf.commands.upkeep"} == set()
