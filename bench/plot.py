"""Draws how cost grows with the number of documents.

plot.py RESULTS OUT.svg
"""

from __future__ import annotations

import sys
from pathlib import Path

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt
import report

PANELS = {
    "index1": ("indexing, one core (s)", 1.0),
    "ids": ("query, ten ids: median (ms)", 1e3),
    "ids95": ("query, ten ids: p95 (ms)", 1e3),
    "page": ("page with snippets: median (ms)", 1e3),
    "phrase": ("two-word phrase: median (ms)", 1e3),
    "size": ("index with stored text (MB)", 1e-6),
}


def main() -> None:
    plt.rcParams["svg.hashsalt"] = "kashaf"
    found = report.results(Path(sys.argv[1]))
    figure, axes = plt.subplots(2, 3, figsize=(12, 7), layout="constrained")
    engines = {name: about["title"] for r in found for name, about in r["engines"].items()}
    for axis, (key, (title, scale)) in zip(axes.flat, PANELS.items(), strict=True):
        for name, label in engines.items():
            points = [(r["documents"], r["figures"].get(name, {}).get(key)) for r in found]
            kept = [(x, y * scale) for x, y in points if y]
            width = 2.5 if name == "kashaf" else 1.2
            axis.plot(*zip(*kept, strict=True) if kept else ((), ()), "o-", lw=width, label=label)
        axis.set(title=title, xscale="log", yscale="log", xlabel="documents")
        axis.grid(alpha=0.3)
    axes.flat[0].legend(fontsize=8)
    figure.savefig(sys.argv[2], metadata={"Date": None})


if __name__ == "__main__":
    main()
