"""`kashaf index` and `kashaf skipped`: files in, and what of them is not in."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import NotAnIndexError, UsageError
from . import config
from .meter import Meter
from .options import index_option
from .places import INDEX_NAME, near, place_of, place_of_index
from .showing import FAILED, FOUND, NOTHING

if TYPE_CHECKING:
    from ..index import Field
    from ..index.intake import Report, Rules
    from ..index.intake.report import Listener
    from ..index.readers import Options
    from ..search import Index

STOPPED = "stopped; what is done is kept, and the same command goes on from here"

FLAGS: tuple[tuple[Any, ...], ...] = (
    ("--keep-missing", "Keep the documents of files that are gone."),
    ("--reread", "Read every file again, changed or not."),
    ("--hidden", "Take hidden files, too."),
    ("--follow", "Go into folders that are symbolic links."),
    ("--strict", "Stop at the first bad record."),
    ("--watch", "Stay, and index again whenever a file changes."),
)


def _flags(command: Any) -> Any:
    for name, told in reversed(FLAGS):
        command = click.option(name, is_flag=True, help=told)(command)
    return command


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@index_option
@click.option(
    "--field", "kinds", multiple=True, metavar="NAME:TYPE", help="Type of a field, not inferred."
)
@click.option(
    "--map",
    "names",
    multiple=True,
    metavar="FIELD=NAME,...",
    help="Take a field from another of the records': title=headline,date=published.",
)
@click.option("--encoding", metavar="NAME", help="Read text files in this encoding.")
@click.option("--ocr", metavar="LANGUAGES", help="Read pages without text by Tesseract: ara+eng.")
@_flags
@click.option("--memory", type=int, metavar="MB", help="Memory budget; else 256.")
@click.option("--jobs", type=int, metavar="N", help="Threads; else one a core.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
@click.option("-v", "--verbose", is_flag=True, help="List what is skipped or mended as it is met.")
def index(paths: tuple[str, ...], place: str | None, **options: Any) -> int:
    """Make or update an index of files and folders.

    Reads text, Markdown, HTML and JSON Lines, and what else is installed; see docs/formats.md.
    The second time only what is new or changed is read, and documents of files that are gone
    are removed. Hidden files, and what a .kashafignore names, are left out. Ctrl-C keeps what
    is done; the same command goes on from there.
    """
    target = Path(place_of(place) or INDEX_NAME)
    job = _Job(paths, target, config.read(target.absolute()), options)
    code = job.run()
    if options["watch"] and code == FOUND:
        job.watch()
    return code


@click.command()
@index_option
@click.option("--json", "as_json", is_flag=True, help="Print as JSON, a line each.")
def skipped(place: str | None, as_json: bool) -> int:
    """Print what is not in the index, and why."""
    import json

    from ..index.intake import skipped_of

    found = NOTHING
    for name, skip in skipped_of(place_of_index(place)):
        found = FOUND
        if as_json:
            row = {"path": name, "part": skip.part, "line": skip.line}
            told = row | {"kind": skip.kind, "reason": skip.reason}
            click.echo(json.dumps(told, ensure_ascii=False))
        else:
            click.echo(f"{_place(name, skip)}: {skip.reason} ({skip.kind})")
    if found == NOTHING and not as_json:
        click.echo("nothing was skipped")
    return found


class _Job:
    """What `kashaf index` was told, put together once; it runs as often as is wanted."""

    def __init__(
        self, paths: tuple[str, ...], target: Path, told: config.Config, options: dict[str, Any]
    ) -> None:
        self._paths = paths
        self._target = target
        self._base = target.absolute().parent
        self._config = told
        self._given = options
        self._quiet = options["quiet"]
        self._stop = self._watching = False
        self._meter: Meter | None = None

    def run(self) -> int:
        """Index once; tell of it; return the exit code."""
        from ..index.intake import roots_of, take_in

        rules, options = self._rules(), self._options()
        kinds: dict[str, Field | str] = {**self._config.kinds()}
        kinds |= dict(_split(text, ":", "--field") for text in self._given["kinds"])
        self._start_meter(roots_of(self._paths), rules)
        writer_options = {n: self._config.get(n, self._given[n], d) for n, d in _WRITER.items()}
        began = time.monotonic()
        with self._interruptible(), _open_or_create(self._target).writer(**writer_options) as out:
            report = take_in(
                out,
                self._paths,
                self._base,
                options,
                kinds,
                rules,
                self._listener(),
                keep_missing=self._config.get("keep-missing", self._given["keep_missing"], False),
                reread=self._given["reread"],
            )
        report.seconds = time.monotonic() - began  # the commit included
        self._tell(report)
        if report.stopped:
            return FAILED
        return FOUND if report.documents or not report.skipped else FAILED

    def watch(self) -> None:
        """Index again at every change, until Ctrl-C."""
        from ..index.intake.watch import changes

        self._watching = True
        if not self._quiet:
            click.echo("watching; Ctrl-C ends it", err=True)
        with suppress(KeyboardInterrupt):
            for _ in changes(self._paths, self._target):
                self.run()
                if self._stop:
                    return

    def _rules(self) -> Rules:
        from ..index.intake import Rules

        return Rules(
            self._config.get("hidden", self._given["hidden"], False),
            self._config.get("follow", self._given["follow"], False),
            self._config.ignore(),
            frozenset([str(self._base / config.NAME)]),
        )

    def _options(self) -> Options:
        from ..index.readers import Options
        from ..index.readers.ocr import lacking

        typed = [part for text in self._given["names"] for part in text.split(",")]
        ocr = self._config.get("ocr", self._given["ocr"])
        if ocr and (missing := lacking(ocr)):
            raise UsageError(missing)
        return Options(
            encoding=self._config.get("encoding", self._given["encoding"]),
            map=self._config.map() | dict(_split(text, "=", "--map") for text in typed),
            strict=self._given["strict"],
            ocr=ocr,
        )

    def _listener(self) -> Listener:
        from ..index.intake.report import Listener

        listener = Listener(stop=lambda: self._stop)
        if self._meter:
            listener.progress = self._meter.show
        if self._given["verbose"]:
            listener.skipped = lambda name, skip: self._say(
                f"{_place(name, skip)}: skipped: {skip.reason}"
            )
            listener.note = lambda where, note: self._say(f"{where}: {note}")
        return listener

    def _start_meter(self, roots: list[str], rules: Rules) -> None:
        from ..index.intake import measure

        if not self._quiet and sys.stderr.isatty():
            self._meter = Meter(*measure(roots, rules, str(self._base)))

    def _say(self, line: str) -> None:
        if self._meter:
            self._meter.clear()
        click.echo(line, err=True)

    def _tell(self, report: Report) -> None:
        if self._meter:
            self._meter.clear()
        if not self._quiet and (report.read or report.removed or not self._watching):
            for line in _lines(report, self._target):
                click.echo(line)
        if report.stopped:
            click.echo(STOPPED, err=True)

    @contextmanager
    def _interruptible(self) -> Iterator[None]:
        """Ctrl-C asks to stop after the document at hand; a second one does not ask."""

        def ask(number: int, frame: object) -> None:
            self._stop = True
            signal.signal(signal.SIGINT, before)

        try:
            before = signal.signal(signal.SIGINT, ask)
        except ValueError:  # not the main thread: whoever runs this has its own ways
            yield
            return
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)


_WRITER = {"memory": 256, "jobs": None}


def _open_or_create(place: Path) -> Index:
    from .. import search as searching

    try:
        return searching.open(place)
    except NotAnIndexError:
        return searching.create(place)


def _split(text: str, sign: str, option: str) -> tuple[str, str]:
    name, found, value = text.partition(sign)
    if not (name and found and value):
        wanted = "NAME:TYPE" if sign == ":" else "FIELD=NAME"
        raise UsageError(f"{option} takes {wanted}, not {text!r}")
    return name, value


def _place(name: str, skip: Any) -> str:
    """Where something that was skipped is: its file, and the line or the part of it."""
    if skip.line:
        return f"{name}:{skip.line}"
    return f"{name}#{skip.part}" if skip.part else name


def _lines(report: Report, target: Path) -> Iterator[str]:
    if report.inferred:
        fields = ", ".join(f"{name}:{kind}" for name, kind in report.inferred.items())
        yield f"fields found: {fields} (--field NAME:TYPE to change)"
    yield _summary(report, target)
    if len(report.formats) > 1:
        counts = ", ".join(f"{n} {name}" for name, n in sorted(report.formats.items()) if n)
        yield f"documents by format: {counts}"


def _summary(report: Report, target: Path) -> str:
    reasons = ", ".join(f"{n} {kind}" for kind, n in sorted(report.reasons.items()))
    removed = f"{report.removed} removed, " if report.removed else ""
    skips = f"{report.skipped} skipped" + (f" ({reasons})" if reasons else "")
    rate = report.nbytes / 1e6 / max(report.seconds, 1e-9)
    return (
        f"{report.added} added, {report.changed} changed, {report.unchanged} unchanged, "
        f"{removed}{skips}; {report.seconds:.1f} s, {rate:.1f} MB/s; index: {near(target)}"
    )
