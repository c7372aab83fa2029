"""An environment of the benchmark's own: Kashaf from this checkout, the peers from PyPI."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

PEERS = ("tantivy", "bm25s", "whoosh3", "PyStemmer", "matplotlib")
ROOT = Path(__file__).resolve().parent.parent
SOURCES = {".py", ".pyx", ".pxd", ".pxi", ".pyi", ".cfg", ".toml", ".typed", ".bin", ".md", ".txt"}
LEFT_OUT = {"bench", "tests", "docs", "build", "dist", "examples"}


def ready(work: Path, commit: str | None) -> Path:
    """The Python of the environment, made or brought up to date first.

    Args:
        work: folder that the environment is in.
        commit: of Kashaf; None: the checkout as it lies.
    """
    python = work / "venv" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    if not python.exists():
        _run(sys.executable, "-m", "venv", str(work / "venv"))
        # The pip that comes with an older Python writes commands that begin with `import re`.
        _pip(python, "--upgrade", "pip", *PEERS)
    stamp, wanted = work / "kashaf.txt", commit_of(commit) if commit else _digest()
    if not stamp.is_file() or stamp.read_text() != wanted:
        _copy(work / "source", commit)
        _pip(python, str(work / "source"))
        stamp.write_text(wanted)
    return python


def commit_of(name: str) -> str:
    """The full name of a commit."""
    found = subprocess.run(
        ["git", "rev-parse", f"{name}^{{commit}}"], cwd=ROOT, check=True, capture_output=True
    )
    return found.stdout.decode().strip()


def _copy(to: Path, commit: str | None) -> None:
    """Lay Kashaf's sources into a new folder, so that the build leaves this checkout alone."""
    shutil.rmtree(to, ignore_errors=True)
    to.mkdir()
    if commit:
        archive = ["git", "archive", "--format=tar", "-o", str(to / "source.tar"), commit]
        subprocess.run(archive, cwd=ROOT, check=True)
        with tarfile.open(to / "source.tar") as tar:
            tar.extractall(to, filter="data")
        return
    for file in _files():
        target = to / file.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, target)


def _files() -> Iterator[Path]:
    """What of this checkout is needed to build the package."""
    for top in sorted(ROOT.iterdir()):
        if top.name in LEFT_OUT or top.name.startswith("."):
            continue
        if top.is_file():
            yield top
        elif top.suffix != ".egg-info":
            for file in sorted(top.rglob("*")):
                if file.is_file() and (file.suffix in SOURCES or file.parent.name == "data"):
                    yield file


def _digest() -> str:
    sha = hashlib.sha256()
    for file in _files():
        sha.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return sha.hexdigest()


def _pip(python: Path, *arguments: str) -> None:
    _run(str(python), "-m", "pip", "install", "-qq", "--disable-pip-version-check", *arguments)


def _run(*command: str) -> None:
    subprocess.run(command, check=True)
