"""What the tests of the house share: where it is, and its own files."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def own_files():
    """The files of the project: those that git knows, or all where there is no git."""
    try:
        told = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
        names = told.stdout.decode().rstrip("\0").split("\0")
        return [ROOT / name for name in names if (ROOT / name).is_file()]
    except (OSError, subprocess.CalledProcessError):
        made = {".git", ".venv", "build", "dist", "__pycache__"}
        return [p for p in ROOT.rglob("*") if p.is_file() and not made & {*p.parts}]


@pytest.fixture(scope="session")
def own_modules(own_files):
    """The Python files of the package itself, beside their names in it."""
    outside = {"tests", "bench", "docs", "setup.py"}
    found = {}
    for path in own_files:
        parts = path.relative_to(ROOT).parts
        if path.suffix == ".py" and parts[0] not in outside:
            names = ["kashaf", *parts[:-1], path.stem]
            found[".".join(names).removesuffix(".__init__")] = path
    return found
