"""Condenses what was measured, and writes it as tables."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from statistics import mean, median, quantiles
from typing import Any

Figures = dict[str, float | None]
"""The figures of one engine; None: it cannot do that."""

ROWS = {
    "index1": ("indexing, one core", "s"),
    "index2": ("indexing, two cores", "s"),
    "bare": ("index size without stored text", "MB"),
    "size": ("index size with stored text", "MB"),
    "ids": ("query, ten ids: median", "ms"),
    "ids95": ("query, ten ids: p95", "ms"),
    "ids_first": ("query, ten ids, asked for the first time: median", "ms"),
    "page": ("page of ten with snippets: median", "ms"),
    "page95": ("page of ten with snippets: p95", "ms"),
    "phrase": ("two-word phrase: median", "ms"),
    "phrase95": ("two-word phrase: p95", "ms"),
    "phrase_first": ("two-word phrase, asked for the first time: median", "ms"),
    "cold": ("cold process, one page", "ms"),
    "open": ("opening", "ms"),
    "peak": ("memory while indexing", "MB"),
}
"""What is compared: less is better in every row."""

TARGETS = (
    ("indexing, one core", "index1", "tantivy", 1 / 3),
    ("indexing, one core", "index1", "whoosh", 1 / 30),
    ("query, ten ids: median", "ids", "tantivy", 0.5),
    ("query, ten ids: p95", "ids95", "tantivy", 0.5),
    ("page of ten with snippets: median", "page", "tantivy", 0.25),
    ("page of ten with snippets: p95", "page95", "tantivy", 0.25),
    ("two-word phrase: median", "phrase", "tantivy", 2.0),
    ("index size without stored text", "bare", "tantivy", 1.3),
    ("index size with stored text", "size", "tantivy", 0.9),
    ("cold process, one page", "cold", "whoosh", 0.45),
    ("memory while indexing", "peak", "tantivy", 1.0),
)
"""Kashaf's cost is to be at most so many times the other's."""

_UNIT = {"s": 1.0, "ms": 1e-3, "MB": 1e6}


def condense(measured: dict[str, Any]) -> dict[str, Figures]:
    """The medians of all rounds, engine by engine, in seconds and bytes."""
    return {engine: _figures(found) for engine, found in measured.items()}


def _figures(found: dict[str, Any]) -> Figures:
    out: Figures = dict.fromkeys(ROWS)
    for jobs in ("index1", "index2"):
        if jobs in found:
            out[jobs] = median(turn["seconds"] for turn in found[jobs])
    last = found["index1"][-1]
    out["peak"] = median(turn["peak"] for turn in found["index1"])
    out["size"] = None if last["stored"] == 0 else last["size"]
    out["bare"] = None if last["stored"] is None else last["size"] - last["stored"]
    out["open"] = median(turn["open"] for turn in found["search"])
    for kind in ("ids", "page", "phrase"):
        times = _per_query(
            [turn["times"][kind] for turn in found["search"] if kind in turn["times"]]
        )
        if times:
            out[kind], out[f"{kind}95"] = median(times), quantiles(times, n=20)[-1]
            out[f"{kind}_asked"] = len(times)
        first = _per_query([_once(turn, kind) for turn in found["search"]])
        if first and f"{kind}_first" in ROWS:
            out[f"{kind}_first"] = median(first)
    if "cold" in found:
        out["cold"] = median(found["cold"])
    search = found["search"][-1]
    out["hits"] = mean(map(len, search["ids"])) if search["ids"] else None
    out["phrase_hits"] = mean(search["phrase_hits"]) if search["phrase_hits"] else None
    return out


def _once(turn: dict[str, Any], kind: str) -> list[list[float]]:
    """How long each query took when it was asked for the first time, if that was measured."""
    return [[seconds] for seconds in turn.get("first", {}).get(kind, [])]


def _per_query(rounds: list[list[list[float]]]) -> list[float]:
    """Each query's median over all rounds, of those that every round came to."""
    asked = min(map(len, rounds), default=0)
    return [median([t for turn in rounds for t in turn[query]]) for query in range(asked)]


def table(result: dict[str, Any]) -> str:
    """One corpus: what each engine costs where Kashaf costs 1, with the figure itself."""
    figures, about = result["figures"], result["engines"]
    names = [name for name in about if name in figures]
    lines = ["| less is better | " + " | ".join(about[n]["title"] for n in names) + " |"]
    lines.append("|---|" + "--:|" * len(names))
    for key, (title, unit) in ROWS.items():
        one = figures.get("kashaf", {}).get(key)
        cells = [_cell(figures[name].get(key), one, unit) for name in names]
        lines.append(f"| {title} | " + " | ".join(cells) + " |")
    speed = [_speed(result["bytes"], figures[name]["index1"]) for name in names]
    lines.append("| *indexing, one core, MB of text a second* | " + " | ".join(speed) + " |")
    for key, title in (
        ("ids_asked", "queries answered in time"),
        ("hits", "hits a page of ten"),
        ("phrase_hits", "hits a phrase, at most ten"),
    ):
        cells = [_plain(figures[name].get(key)) for name in names]
        lines.append(f"| *{title}* | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def targets(result: dict[str, Any]) -> str:
    """What Kashaf aims at beside the others, and where it is."""
    figures = result["figures"]
    lines = ["| Kashaf's cost beside another's | aim | now | |", "|---|--:|--:|---|"]
    for title, key, other, aim in TARGETS:
        own, its = figures.get("kashaf", {}).get(key), figures.get(other, {}).get(key)
        if own and its:
            met = "met" if own <= aim * its else "missed"
            peer = result["engines"][other]["title"]
            lines.append(f"| {title}, {peer} | {aim:.2g} | {_round(own / its)} | {met} |")
    one, two = (figures.get("kashaf", {}).get(key) for key in ("index1", "index2"))
    if one and two:
        met = "met" if one / two >= 1.7 else "missed"
        lines.append(f"| indexing, two cores faster than one | 1.7 | {_round(one / two)} | {met} |")
    return "\n".join(lines)


def _cell(value: float | None, one: float | None, unit: str) -> str:
    if value is None:
        return "–"
    shown = f"{_round(value / _UNIT[unit])} {unit}"
    return f"**{_round(value / one)}** · {shown}" if one else shown


def _speed(size: int, seconds: float | None) -> str:
    return _round(size / 1e6 / seconds) if seconds else "–"


def _plain(value: float | None) -> str:
    if value is None:
        return "–"
    return str(value) if isinstance(value, int) else f"{value:.1f}"


def _round(value: float) -> str:
    """Two significant digits, or all before the point."""
    if value >= 10:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 1 else f"{value:.2g}"


def results(folder: Path) -> list[dict[str, Any]]:
    """All results of a folder, the smallest corpus first."""
    found = [json.loads(file.read_text("utf-8")) for file in folder.glob("*.json")]
    return sorted(found, key=lambda result: result["documents"])


def update(page: Path, found: list[dict[str, Any]]) -> None:
    """Put the tables between the page's markers."""
    text = page.read_text("utf-8")
    for mark, make in SECTIONS.items():
        text = _between(text, mark, make(found))
    page.write_text(text, "utf-8")


def _tables(found: list[dict[str, Any]]) -> str:
    parts = []
    for result in found:
        size = f"{result['documents']:,} documents, {result['bytes'] / 1e6:,.0f} MB of text"
        parts += [f"### {result['name']}: {size}", table(result), targets(result)]
    return "\n\n".join(parts)


def _machine(found: list[dict[str, Any]]) -> str:
    return "\n".join(_circumstances(result) for result in found)


def _circumstances(result: dict[str, Any]) -> str:
    own = result["engines"].get("kashaf", {}).get("version", "not measured")
    where = f"{result['machine']}; Kashaf {own}; {result['date']}"
    note = f"; {result['note']}" if result.get("note") else ""
    return f"- {result['name']}: {where}; {result['repeat']} rounds{_clock(result)}{note}"


def _clock(result: dict[str, Any]) -> str:
    """What to say of a run that did not go by the clock on the wall."""
    busy = "; processor time, for the machine was busy with other work"
    return busy if result["clock"] == "cpu" else ""


def _engines(found: list[dict[str, Any]]) -> str:
    last = found[-1]
    engines = {name: about for result in found for name, about in result["engines"].items()}
    lines = ["| engine | version | what it knows of Arabic here |", "|---|---|---|"]
    lines += [
        f"| {about['title']} | {about['version']} | {about['arabic']} |"
        for about in engines.values()
    ]
    lines += [
        f"\nNot at hand in this run: {name} ({why})." for name, why in last["missing"].items()
    ]
    return "\n".join(lines)


SECTIONS: dict[str, Callable[[list[dict[str, Any]]], str]] = {
    "tables": _tables,
    "machine": _machine,
    "engines": _engines,
}


def _between(text: str, mark: str, new: str) -> str:
    pattern = re.compile(f"(<!-- {mark} -->).*?(<!-- end -->)", re.DOTALL)
    return pattern.sub(lambda found: f"{found[1]}\n{new}\n{found[2]}", text)
