"""Runs all engines on the same documents and queries, and writes what came of it.

    python bench/run.py                                  the articles as they are
    python bench/run.py --documents all 100000           and 100 thousand made from them
    python bench/run.py --corpus my.jsonl.gz --engines kashaf tantivy

Every engine runs in processes of its own, kept to one core (two where two are measured),
and takes turns with the others, so that what else the machine does falls on all.
`docs/benchmarks.md` gets the tables, with the figures as JSON beside the work folder.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import corpus
import engines
import environment
import generate
import machine
import queries
import report
from corpus import Article

HERE = Path(__file__).resolve().parent
DATA = HERE.parent.parent / "shared" / "data"
"""Where the corpora that Kashaf is tuned with lie, if they are at hand."""


@dataclass
class Corpus:
    """A corpus laid out for the run.

    Attributes:
        folder: where its files are.
        documents, bytes: how many, and of how much text.
    """

    folder: Path
    documents: int
    bytes: int

    @property
    def name(self) -> str:
        return self.folder.name


@dataclass
class Run:
    """One run of some engines.

    Attributes:
        python: of the environment that the engines are installed in.
        given: the options.
        about: of each engine that is at hand: what it is.
        missing: of each that is not: why.
    """

    python: Path
    given: argparse.Namespace
    about: dict[str, dict[str, Any]] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)

    def child(self, engine: str, task: str, **job: Any) -> dict[str, Any]:
        """What an engine's own process says of a task."""
        job = {
            "engine": engine,
            "task": task,
            "clock": self.given.clock,
            "work": str(self.given.work),
            **job,
        }
        command = [str(self.python), str(HERE / "child.py"), json.dumps(job)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr.strip().splitlines()[-1] if done.stderr else "failed")
        answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return answer

    def find_engines(self) -> None:
        for engine in self.given.engines:
            try:
                self.about[engine] = self.child(engine, "about")
            except RuntimeError as error:
                self.missing[engine] = str(error)
                say(f"{engine}: left out: {error}")

    def measure(self, found: Corpus) -> dict[str, Any]:
        """All figures of all engines on one corpus."""
        out = self._indexed(found)
        self._search(found, out)
        self._cold(found, out)
        return out

    def _indexed(self, found: Corpus) -> dict[str, Any]:
        """The figures of indexing: measured, or those of the indexes that are kept."""
        file = found.folder / "indexing.json"
        if self.given.keep:
            kept = json.loads(file.read_text())
            return {engine: kept[engine] for engine in self.about}
        out: dict[str, Any] = {engine: {} for engine in self.about}
        for jobs in (1, 2) if self.given.clock == "wall" else (1,):
            self._index(found, jobs, out)
        file.write_text(json.dumps(out))
        return out

    def _index(self, found: Corpus, jobs: int, out: dict[str, Any]) -> None:
        for turn in range(self.given.repeat):
            for engine, about in self.about.items():
                if (turn and about["slow"]) or (jobs > 1 and not about["threads"]):
                    continue
                path = found.folder / "indexes" / (engine if jobs == 1 else f"{engine}-{jobs}")
                shutil.rmtree(path, ignore_errors=True)
                job = {"index": str(path), "documents": str(found.folder / "documents.tsv")}
                done = self.child(engine, "index", jobs=jobs, **job)
                out[engine].setdefault(f"index{jobs}", []).append(done)
                say(f"{found.name}: {engine} indexed on {jobs}: {done['seconds']:.2f} s")

    def _search(self, found: Corpus, out: dict[str, Any]) -> None:
        files = {kind: str(found.folder / f"{kind}.txt") for kind in ("queries", "phrases")}
        for _ in range(self.given.repeat):
            for engine in self.about:
                path = str(found.folder / "indexes" / engine)
                options = {"passes": self.given.passes, "limit": self.given.limit}
                done = self.child(engine, "search", index=path, **files, **options)
                out[engine].setdefault("search", []).append(done)
                say(f"{found.name}: {engine} searched")

    def _cold(self, found: Corpus, out: dict[str, Any]) -> None:
        query = (found.folder / "queries.txt").read_text("utf-8").splitlines()[0]
        pages = [engine for engine, about in self.about.items() if about["pages"]]
        for _ in range(11):
            for engine in pages:
                command = self._cold_command(engine, found.folder / "indexes" / engine, query)
                taken = run_time(command, self.given.clock)
                out[engine].setdefault("cold", []).append(taken)

    def _cold_command(self, engine: str, path: Path, query: str) -> list[str]:
        own = self.about[engine].get("cold")
        return [*(own or [str(self.python), str(HERE / "cold.py"), engine]), str(path), query]


def run_time(command: list[str], clock: str) -> float:
    """How long a process takes from beginning to end, in seconds."""
    now = time.perf_counter if clock == "wall" else children_time
    start = now()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return now() - start


def children_time() -> float:
    """The processor time of all processes that ended, in seconds."""
    from resource import RUSAGE_CHILDREN, getrusage

    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def lay_out(given: argparse.Namespace, base: list[Article], size: str) -> Corpus:
    """The corpus of a size, with its queries, in the work folder."""
    count = len(base) if size == "all" else int(size)
    folder = given.work / "corpora" / f"{given.name}-{size}"
    folder.mkdir(parents=True, exist_ok=True)
    say(f"{folder.name}: laying out {count:,} documents")
    made = generate.documents(count, base)
    total = corpus.lay_out(made, folder / "documents.tsv")
    asked = queries.from_titles((title for title, _ in base[:count]), given.queries // 2)
    asked += queries.from_questions(given.questions, given.queries - len(asked))
    Random(len(asked)).shuffle(asked)  # a slow engine answers the first ones only
    pairs = queries.phrases((body for _, body in base[:count]), given.queries)
    (folder / "queries.txt").write_text("\n".join(asked) + "\n", "utf-8")
    (folder / "phrases.txt").write_text("".join(f"{a}\t{b}\n" for a, b in pairs), "utf-8")
    return Corpus(folder, count, total)


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--corpus", type=Path, help="JSON lines with title and body, gzipped or not")
    add("--questions", type=Path, default=DATA / "arcd" / "queries.tsv", help="id TAB question")
    add("--documents", nargs="+", default=["all"], help="sizes to run: all, or a number")
    add("--engines", nargs="+", default=list(engines.NAMES), choices=engines.NAMES)
    add("--repeat", type=int, default=5, help="rounds; medians are of these")
    add("--passes", type=int, default=3, help="times each query runs in a round")
    add("--queries", type=int, default=500)
    add("--note", default="", help="what else a reader of the results must know")
    add("--keep", action="store_true", help="do not index again: search what the last run left")
    add("--clock", choices=("wall", "cpu"), default="wall", help="cpu: for a busy machine")
    add("--limit", type=float, default=20.0, help="seconds for one kind of query of one engine")
    add("--commit", help="of Kashaf, to measure that and not the checkout as it lies")
    add("--work", type=Path, default=HERE / ".work", help="environment, corpora and indexes")
    add("--page", type=Path, default=HERE.parent / "docs" / "benchmarks.md")
    given = parser.parse_args()
    articles = DATA / "ant" / "articles.jsonl.gz"
    if given.corpus is None and articles.is_file():
        given.corpus = articles
    given.name = given.corpus.name.partition(".")[0] if given.corpus else "made"
    given.work = given.work.resolve()
    return given


def say(text: str) -> None:
    print(f"[{time.strftime('%H:%M:%S')}] {text}", file=sys.stderr, flush=True)


def main() -> None:
    given = options()
    given.work.mkdir(parents=True, exist_ok=True)
    run = Run(environment.ready(given.work, given.commit), given)
    run.find_engines()
    if given.commit and "kashaf" in run.about:
        run.about["kashaf"]["version"] += f", {environment.commit_of(given.commit)[:9]}"
    base = list(corpus.articles(given.corpus)) if given.corpus else generate.base_corpus()
    for size in given.documents:
        found = lay_out(given, base, size)
        figures = report.condense(run.measure(found))
        result = {
            "name": found.name,
            "documents": found.documents,
            "bytes": found.bytes,
            "machine": machine.describe(),
            "clock": given.clock,
            "repeat": given.repeat,
            "note": given.note,
            "date": time.strftime("%Y-%m-%d"),
            "engines": run.about,
            "missing": run.missing,
            "figures": figures,
        }
        file = given.work / "results" / f"{found.name}.json"
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(result, ensure_ascii=False, indent=1), "utf-8")
        print(report.table(result))
    publish(run)


def publish(run: Run) -> None:
    """Bring the page and the plot up to date with every result in the work folder."""
    results = report.results(run.given.work / "results")
    if run.given.page.is_file():
        report.update(run.given.page, results)
    plot = [str(run.python), str(HERE / "plot.py"), str(run.given.work / "results")]
    subprocess.run([*plot, str(run.given.page.with_suffix(".svg"))], check=True, env=os.environ)


if __name__ == "__main__":
    main()
