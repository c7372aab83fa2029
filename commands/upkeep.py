"""Upkeep: optimize, check, repair, upgrade, back up, export, delete."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from ..errors import UsageError
from .options import index_option
from .places import open_index, place_of
from .showing import FAILED, FOUND, NOTHING

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..storage import DiskDirectory

json_option = click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
wait_option = click.option(
    "--wait", default=0.0, metavar="SECONDS", help="Wait so long for another writer."
)
memory_option = click.option(
    "--memory", default=256, show_default=True, metavar="MB", help="Memory budget."
)


@click.command()
@index_option
@memory_option
@wait_option
def optimize(place: str | None, memory: int, wait: float) -> int:
    """Merge the index into one segment without deleted documents."""
    opened = open_index(place)
    with opened.writer(memory=memory, timeout=wait) as writer:
        writer.optimize()
    opened.refresh()
    click.echo(f"{len(opened):,} documents in {len(opened.snapshot.segments)} segment(s)")
    return FOUND


@click.command()
@index_option
@json_option
def check(place: str | None, as_json: bool) -> int:
    """Check every byte of the index, and that its parts fit together.

    Ends with 0 where all is sound, else with 3.
    """
    from ..index.check import check as run

    with _Bar("checking") as bar:
        found = run(_directory(place), bar.show)
    if as_json:
        rows = [{"file": f.file, "column": f.column, "message": f.message} for f in found]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        for finding in found:
            click.echo(str(finding))
        if found:
            click.echo("run 'kashaf repair' to salvage what is intact", err=True)
        else:
            click.echo("sound")
    return FAILED if found else FOUND


@click.command()
@index_option
@memory_option
@wait_option
def repair(place: str | None, memory: int, wait: float) -> int:
    """Make a damaged index sound again: keep what is intact, tell what is lost."""
    from ..index.repair import repair as run

    with _Bar("repairing") as bar:
        done = run(_directory(place), bar.show, memory, wait)
    for note in (*map(str, done.findings), *done.notes):
        click.echo(note, err=True)
    for id in done.lost:
        click.echo(f"lost: {id}")
    unknown = f", and {done.lost_unknown} whose ids are not known" if done.lost_unknown else ""
    click.echo(f"{done.kept} kept, {done.rebuilt} rebuilt, {len(done.lost)} lost{unknown}")
    return FAILED if done.lost or done.lost_unknown else FOUND


@click.command()
@index_option
@memory_option
@wait_option
def upgrade(place: str | None, memory: int, wait: float) -> int:
    """Bring the index to this version's rules of Arabic, without reading the documents again."""
    from ..index.upgrade import upgrade as run

    with _Bar("upgrading") as bar:
        changed = run(_directory(place), bar.show, memory, wait)
    click.echo("upgraded" if changed else "nothing to do")
    return FOUND


@click.command()
@click.argument("destination", metavar="DEST")
@index_option
def backup(destination: str, place: str | None) -> int:
    """Copy the index into an empty folder, consistently, even while it is written to."""
    from ..index.backup import backup as run

    with _Bar("copying") as bar:
        copied = run(_directory(place), destination, bar.show)
    click.echo(f"{copied.documents:,} documents copied to {destination}")
    return FOUND


@click.command()
@index_option
def export(place: str | None) -> int:
    """Print every document as a line of JSON, as it was added."""
    from ..index.backup import export as run
    from ..index.snapshot import open_newest

    snapshot = open_newest(_directory(place))
    count = run(snapshot, sys.stdout.buffer) if snapshot else 0
    sys.stdout.buffer.flush()
    return FOUND if count else NOTHING


@click.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@index_option
@wait_option
def delete(ids: tuple[str, ...], place: str | None, wait: float) -> int:
    """Delete the documents with these ids."""
    with open_index(place).writer(timeout=wait) as writer:
        missing = [id for id in ids if not writer.delete(id)]
    for id in missing:
        click.echo(f"no document with id {id!r}", err=True)
    click.echo(f"{len(ids) - len(missing)} deleted")
    return FOUND if len(missing) < len(ids) else NOTHING


def _directory(given: str | None) -> DiskDirectory:
    """The index's directory, not opened: it may be damaged, or of other rules."""
    from ..storage import DiskDirectory

    place = place_of(given)
    if place is None:
        raise UsageError("there is no index here or above; name one with --index")
    return DiskDirectory(place)


class _Bar:
    """A line on the terminal that tells how far something is; silent in pipes."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._shown = sys.stderr.isatty()

    def __enter__(self) -> _Bar:
        return self

    @property
    def show(self) -> Callable[[int, int], None]:
        """Called with what is done and all there is."""
        return self._show

    def _show(self, done: int, total: int) -> None:
        if self._shown:
            click.echo(f"\r{self._label} {100 * done // max(total, 1)} %", nl=False, err=True)

    def __exit__(self, *_: object) -> None:
        if self._shown:
            click.echo("\r\x1b[K", nl=False, err=True)
