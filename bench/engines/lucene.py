"""Lucene, where a Java with its compiler and Lucene's jars are at hand; see Lucene.java.

The jars are looked for in $LUCENE_JARS (a folder) and where Debian's liblucene8-java puts them.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from . import MEMORY, Engine

FOLDERS = (os.environ.get("LUCENE_JARS", ""), "/usr/share/java", "/usr/share/java/lucene")
JARS = ("core", "analyzers-common", "analysis-common", "queryparser", "highlighter", "memory",
        "queries")  # fmt: skip
SOURCE = Path(__file__).parent / "Lucene.java"


class Lucene(Engine):
    title = "Lucene"
    arabic = "light stems and folding (its ArabicAnalyzer, no stop words)"

    def about(self, job: dict[str, Any]) -> dict[str, Any]:
        """What it is; compiles the Java half first."""
        return {
            **super().about(job),
            **self._java(job, "about"),
            "cold": self._command(job, "cold"),
        }

    def version(self) -> str:
        return ""

    def index_task(self, job: dict[str, Any]) -> dict[str, Any]:
        """The answer of `child.index`, from a Java process."""
        arguments = [job["documents"], job["index"], str(job["jobs"]), str(MEMORY), job["clock"]]
        files = Path(job["index"])
        with tempfile.TemporaryDirectory() as spare:
            found = self._java(job, "index", *arguments, spare)
        stored = [f for f in files.iterdir() if f.suffix in (".fdt", ".fdx", ".fdm")]
        size = sum(file.stat().st_size for file in files.iterdir())
        return {**found, "size": size, "stored": sum(file.stat().st_size for file in stored)}

    def search_task(self, job: dict[str, Any]) -> dict[str, Any]:
        """The answer of `child.search`, from a Java process."""
        names = ("index", "queries", "phrases", "passes", "limit", "clock")
        found = self._java(job, "search", *(str(job[name]) for name in names))
        found["open"] = found.pop("open_ns") / 1e9
        found["times"] = {
            kind: [[ns / 1e9 for ns in times] for times in rows]
            for kind, rows in found.pop("times_ns").items()
        }
        return found

    def _java(self, job: dict[str, Any], *arguments: str) -> dict[str, Any]:
        done = subprocess.run(
            self._command(job, *arguments), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(done.stderr.strip()[-500:])
        answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return answer

    def _command(self, job: dict[str, Any], *arguments: str) -> list[str]:
        java, compiler = shutil.which("java"), shutil.which("javac")
        if not java or not compiler:
            raise RuntimeError("no Java with a compiler")
        classes = Path(job["work"]) / "lucene"
        path = os.pathsep.join([str(classes), *map(str, _jars())])
        made = classes / "Lucene.class"
        if not made.is_file() or made.stat().st_mtime < SOURCE.stat().st_mtime:
            subprocess.run([compiler, "-cp", path, "-d", str(classes), str(SOURCE)], check=True)
        return [java, "-cp", path, "Lucene", *arguments]


def _jars() -> list[Path]:
    for folder in filter(None, FOLDERS):
        found = [jar for name in JARS for jar in sorted(Path(folder).glob(f"lucene-{name}-*.jar"))]
        if found:
            return found
    raise RuntimeError("no jars of Lucene; Debian has them as liblucene8-java")


ENGINE = Lucene
