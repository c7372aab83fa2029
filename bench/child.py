"""Runs one task of one engine in this process and prints what it took, as one line of JSON.

child.py '{"engine": "tantivy", "task": "index", ...}'
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import corpus
import engines

CLOCKS = {"wall": time.perf_counter, "cpu": time.process_time}
OPENINGS = 11
K = 10
TINY = (
    0,
    "دار الكتب في المدينة القديمة",
    "فتحت دار الكتب أبوابها صباح اليوم بعد إصلاحات دامت سنتين، وقال مديرها إن القاعة الكبرى تتسع "
    "لنحو 300 قارئ، وإن المخطوطات نُقلت إلى خزائن جديدة تحفظها من الرطوبة والغبار. وأضاف أن "
    "الفهارس صارت متاحة على الشبكة (online catalogue)، يبحث فيها الطلاب والباحثون من بيوتهم، ثم "
    "يطلبون ما يريدون من الكتب والمجلات فتُحضر لهم في ساعة.",
)
"""What is indexed, and thrown away, before indexing is timed: long enough that all is loaded."""


def main() -> None:
    job = json.loads(sys.argv[1])
    pin(job.get("jobs", 1))
    print(json.dumps(run(engines.load(job["engine"]), job)))


def run(engine: engines.Engine, job: dict[str, Any]) -> dict[str, Any]:
    """Do a task here, or leave it to an engine that does it in another process."""
    if job["task"] == "about":
        return engine.about(job)
    if job["task"] == "index":
        Path(job["index"]).mkdir(parents=True)
    elsewhere = getattr(engine, f"{job['task']}_task", None)
    task = elsewhere or partial({"index": index, "search": search}[job["task"]], engine)
    answer: dict[str, Any] = task(job)
    return answer


def pin(cores: int) -> None:
    """Keep to so many cores, the last of those that are allowed; where the system can."""
    if hasattr(os, "sched_setaffinity"):
        allowed = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, allowed[-cores:])


def index(engine: engines.Engine, job: dict[str, Any]) -> dict[str, Any]:
    """Time the indexing of documents that are in memory, and see how far memory grows.

    One tiny document is indexed before, so that no engine is charged for what it loads once.
    """
    path = Path(job["index"])
    documents = list(corpus.read(Path(job["documents"])))
    with tempfile.TemporaryDirectory() as folder:
        engine.index([TINY], Path(folder), job["jobs"])
    gc.freeze()
    before = start_peak()
    seconds, _ = timed(lambda: engine.index(documents, path, job["jobs"]), job["clock"])
    peak = peak_memory() - before
    size = sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    return {"seconds": seconds, "peak": peak, "size": size, "stored": engine.stored_bytes(path)}


def search(engine: engines.Engine, job: dict[str, Any]) -> dict[str, Any]:
    """Time every query of each kind, once it is warm."""
    path = Path(job["index"])
    opening = statistics.median(
        timed(lambda: engine.open(path), job["clock"])[0] for _ in range(OPENINGS)
    )
    queries = Path(job["queries"]).read_text("utf-8").splitlines()
    pairs = [line.split("\t") for line in Path(job["phrases"]).read_text("utf-8").splitlines()]
    calls: dict[str, list[Callable[[], Any]]] = {}
    calls["ids"] = [partial(engine.ids, query, K) for query in queries]
    if engine.pages:
        calls["page"] = [partial(engine.page, query, K) for query in queries]
    if engine.phrases:
        calls["phrase"] = [partial(engine.phrase, first, second, K) for first, second in pairs]
    taken = {kind: passes(list_, job) for kind, list_ in calls.items()}
    hits = {kind: [found for _, _, found in rows] for kind, rows in taken.items()}
    return {
        "open": opening,
        "times": {kind: [times for _, times, _ in rows] for kind, rows in taken.items()},
        "first": {kind: [first for first, _, _ in rows] for kind, rows in taken.items()},
        "ids": hits["ids"],
        "phrase_hits": [len(found) for found in hits.get("phrase", [])],
        "page_hits": [len(found) for found in hits.get("page", [])],
    }


def passes(
    calls: list[Callable[[], Any]], job: dict[str, Any]
) -> list[tuple[float, list[float], Any]]:
    """Run all calls to warm up, then each so many times; stop early when the time is up.

    Returns:
        Of each call that was made: how long it took the first time, and each time after that;
        and what it returned.
    """
    now = CLOCKS[job["clock"]]
    end = now() + job["limit"] / 2
    warm = []
    for call in calls:
        warm.append(timed(call, job["clock"]))
        if now() > end:
            break
    times: list[list[float]] = [[] for _ in warm]
    for _ in range(job["passes"]):
        for row, call in zip(times, calls, strict=False):
            row.append(timed(call, job["clock"])[0])
        if now() > end + job["limit"] / 2:
            break
    return [(first, row, out) for row, (first, out) in zip(times, warm, strict=True)]


def timed(call: Callable[[], Any], clock: str) -> tuple[float, Any]:
    """How long a call takes, in seconds, and what it returns."""
    now = CLOCKS[clock]
    start = now()
    out = call()
    return now() - start, out


def start_peak() -> int:
    """Forget the peak of memory so far; return what is in use, in bytes."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")
    return _status("VmRSS") or peak_memory()


def peak_memory() -> int:
    """The most memory that was in use, in bytes."""
    from resource import RUSAGE_SELF, getrusage

    unit = 1 if sys.platform == "darwin" else 1024
    return _status("VmHWM") or getrusage(RUSAGE_SELF).ru_maxrss * unit


def _status(name: str) -> int:
    """A line of Linux's /proc/self/status, in bytes; 0 elsewhere."""
    try:
        text = Path("/proc/self/status").read_text()
    except OSError:
        return 0
    return int(text.split(f"{name}:")[1].split()[0]) * 1024


if __name__ == "__main__":
    main()
