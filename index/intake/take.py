"""Takes files in: reads those that are new or changed, removes the documents of those gone."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Any

from ...errors import SchemaError
from ..readers import Document, Options, Skipped
from ..schema import Field
from ..stored import dump, load
from ..writer import Writer
from . import sources
from .fields import Fields
from .naming import Naming, shown
from .pairing import Pair, paired
from .reading import Reading, digest_of, settled_mtime
from .report import Listener, Report
from .seen import Seen
from .shared_ids import SharedIds
from .sources import PURPOSE, Draft, Entry
from .walk import Found, Rules, is_inside, roots_of, walk

CHECKPOINT = 120.0
"""Seconds after which what is done so far is committed."""


def take_in(
    writer: Writer,
    paths: Iterable[str | os.PathLike[str]],
    base: str | os.PathLike[str],
    options: Options | None = None,
    kinds: Mapping[str, Field | str] | None = None,
    rules: Rules | None = None,
    listener: Listener | None = None,
    *,
    keep_missing: bool = False,
    reread: bool = False,
    checkpoint: float = CHECKPOINT,
) -> Report:
    """Bring an index to the state of some files and folders. The caller commits.

    Files that are as they were are not read. Documents of files that are gone from under the
    paths are deleted; what else is in the index stays.

    Args:
        writer: of the index.
        paths: files, and folders with all that is in them.
        base: the folder that sources are named from, where they are inside it.
        options: for the readers.
        kinds: field → kind, for fields that are not to be inferred.
        rules: what is wanted of a folder.
        listener: is told what happens, and asked whether to stop.
        keep_missing: keep the documents of files that are gone.
        reread: read every file, as if it had changed.
        checkpoint: commit every so many seconds, so that little is lost if the process is.

    Raises:
        SchemaError: if `kinds` contradicts the schema.
        UsageError: if a path is not there.
        DocumentError: with `options.strict`, at the first bad record.
    """
    began = time.monotonic()
    writer.extend(kinds or {})
    roots = roots_of(paths)

    def run(reread: bool) -> _Take:
        writer.flush()  # what is pending from here on is from earlier files of this run
        take = _Take(writer, Naming(base), options or Options(), listener or Listener())
        take.keep_missing, take.reread, take.every = keep_missing, reread, checkpoint
        try:
            take.run(roots, rules or Rules())
        finally:
            take.draft.close()
        return take

    take = run(reread)
    if take.again and not take.report.stopped:
        take.report.follow(run(reread=False).report)
    take.report.seconds = time.monotonic() - began
    return take.report


class _Take:
    """One run of `take_in`."""

    keep_missing = reread = False
    every = CHECKPOINT

    def __init__(
        self, writer: Writer, naming: Naming, options: Options, listener: Listener
    ) -> None:
        self._writer = writer
        self._naming = naming
        self._options = options
        self._fingerprint = _fingerprint(options)
        self._listener = listener
        self._old = writer.attached(PURPOSE)
        self._done: list[bytes] = []  # the key up to which the draft is complete
        self._part: tuple[str, Entry | None] | None = None  # what is half in the draft
        self._changed = False  # the manifest is no more what it was
        self._saved = time.monotonic()
        self._shared = SharedIds()
        self.again = 0  # sources that are to be read again at once
        self.draft = Draft()
        self.report = Report()
        self._fields = Fields(writer, self.report.inferred, self._note)

    def run(self, roots: list[str], rules: Rules) -> None:
        """Go through the files and the manifest side by side."""
        closed: list[str] = []  # folders that could not be entered
        for pair in paired(walk(roots, rules, self._naming.base), self._entries(), self._naming):
            if self._listener.stop():
                self.report.stopped = True
            if not self.report.stopped:
                self._take_pair(pair, roots, closed)
            if self.report.stopped:
                self._attach()
                return
            self._done = pair.key
            self._save_if_due()
        self._attach(complete=True)

    def _take_pair(self, pair: Pair, roots: list[str], closed: list[str]) -> None:
        found, entry = pair.found, pair.entry
        if found is not None:
            if found.folder:
                closed.append(found.path)
            self._take_file(found, entry)
        elif entry is not None:
            path = self._naming.path(entry.name)
            ours = any(is_inside(path, root) for root in roots)
            if ours and not self.keep_missing and not any(is_inside(path, f) for f in closed):
                self._remove(entry)
            else:
                self.draft.carry(entry)

    def _take_file(self, found: Found, entry: Entry | None) -> None:
        self.report.files += 1
        self._listener.progress(self.report, 0)
        name = self._naming.name(found.path)
        if entry is not None and not self.reread and self._is_same(found, entry):
            self._carry(found, entry)
        else:
            self._read(found, name, entry)
        self.report.nbytes += found.size

    def _is_same(self, found: Found, entry: Entry) -> bool:
        if entry.options != self._fingerprint or entry.size != found.size:
            return False
        if entry.mtime == found.mtime:
            return True
        return bool(entry.digest) and entry.digest == digest_of(found)

    def _carry(self, found: Found, entry: Entry) -> None:
        self.report.unchanged += entry.documents
        self.report.formats[entry.format] += entry.documents
        self.report.reasons.update(skip.kind for skip in entry.skips())
        if entry.mtime == found.mtime:
            self.draft.carry(entry)
        else:
            self._settle(found, entry)

    def _settle(self, found: Found, entry: Entry) -> None:
        """Take over a source whose bytes are the same at another time."""
        self._changed = True
        for id in entry.ids():
            self.draft.add_id(id)
        for skip in entry.skips():
            self.draft.add_skip(skip)
        mtime = settled_mtime(found, time.time_ns())
        self.draft.end(entry.name, found.size, mtime, entry.digest, entry.options, entry.format)

    def _read(self, found: Found, name: str, entry: Entry | None) -> None:
        self._part = name, entry
        self._changed = True
        self.report.read += 1
        reading = Reading(found, shown(name))
        kept = Seen()
        self._shared.begin(shown(name))
        for item in reading.items(self._options):
            self._take_item(shown(name), item, reading.format, kept)
            if not self._goes_on(reading):
                return
        if repeated := self._shared.end():
            self._skip(shown(name), repeated)
        for id in kept.lacking(entry.ids()) if entry else ():
            self._delete(id, shown(name))
        told = reading.digest, self._fingerprint, reading.format
        self.draft.end(name, found.size, reading.mtime(), *told)
        self._part = None

    def _goes_on(self, reading: Reading) -> bool:
        """Between the documents of a file: tell how far it is, save, see whether to stop."""
        if self.report.documents % 64 == 0:
            self._listener.progress(self.report, reading.position)
        self.report.stopped = self._listener.stop()
        self._save_if_due()
        return not self.report.stopped

    def _take_item(self, name: str, item: Document | Skipped, format: str, kept: Seen) -> None:
        if isinstance(item, Skipped):
            self._skip(name, item)
            return
        where = f"{name}#{item.part}" if item.part else name
        for note in item.notes:
            self._note(where, note)
        fields = self._fields.of(item, name, where)
        id = str(fields[self._writer.schema.id])
        try:
            mine = id != where and fields.get("path") == name  # else it says nothing of sources
            self._put(fields, id, name if mine else None)
        except SchemaError as error:
            self._skip(name, Skipped(str(error), "bad-line", item.part))
            return
        self.report.formats[format] += 1
        self.draft.add_id(id)
        kept.add(id)

    def _put(self, fields: dict[str, Any], id: str, name: str | None) -> None:
        """Put a document into the index, unless it is there, or a later one with its id.

        Args:
            fields: its fields.
            id: its id.
            name: its source, where the record brought the id along, so that others may, too.
        """
        pending = self._writer.is_pending(id)
        held = None if pending else self._writer.stored(id)
        other = held.get("path") if held and name else None
        if name and (pending or other not in (None, name)):
            self._shared.clash(id, other)
        if name and other and self._naming.key(str(other)) > self._naming.key(name):
            pass  # that comes later, and counts
        elif held is not None and held == load(dump({**fields, self._writer.schema.id: id})):
            self.report.unchanged += 1
        else:
            self.report.added += held is None and not pending
            self.report.changed += held is not None
            self._writer.update(fields)
        if name:
            self._shared.bring(id)

    def _remove(self, entry: Entry) -> None:
        self._changed = True
        for id in entry.ids():
            self._delete(id, shown(entry.name))

    def _delete(self, id: str, name: str) -> None:
        """Delete a document of a source, unless another source has it by now."""
        brought = id != name and not id.startswith(f"{name}#")
        if brought:
            path = str((self._writer.stored(id) or {}).get("path", name))
            if path != name and os.path.isfile(self._naming.path(path)):
                return
        deleted = self._writer.delete(id)
        self.report.removed += deleted
        if brought and deleted:
            self._shared.gone.add(id)

    def _skip(self, name: str, skipped: Skipped) -> None:
        self.report.reasons[skipped.kind] += 1
        self.draft.add_skip(skipped)
        self._listener.skipped(name, skipped)

    def _note(self, where: str, note: str) -> None:
        self.report.notes += 1
        self._listener.note(where, note)

    def _entries(self) -> Iterator[Entry]:
        """The old manifest; in the order that it would have with the base of today."""
        if self._old is None:
            return
        entries = sources.read(self._old)
        if sources.base_of(self._old) != self._naming.base:
            entries = iter(sorted(entries, key=lambda entry: self._naming.key(entry.name)))
        yield from entries

    def _save_if_due(self) -> None:
        if time.monotonic() - self._saved >= self.every:
            self._attach()
            self._writer.commit()
            self._saved = time.monotonic()

    def _attach(self, complete: bool = False) -> None:
        """Put the manifest beside the next commit."""
        self._forget_sharers()
        rest = iter(()) if complete else self._rest()
        if self._changed:
            base = self._naming.base
            self._writer.attach(PURPOSE, lambda out: self.draft.write(out, base, rest))

    def _forget_sharers(self) -> None:
        """Have sources read again that brought an id along whose document another took with it."""
        gone, self._shared.gone = self._shared.gone, Seen()
        if gone:
            self.again += self.draft.forget(lambda entry: any(id in gone for id in entry.ids()))

    def _rest(self) -> Iterator[bytes]:
        """The lines of what is half in the draft, and of what it does not have yet."""
        part, held = self._part or (None, None)
        if part is not None:
            yield from self.draft.unfinished(part, held.ids() if held else ())
        for entry in self._entries():
            if entry.name != part and self._naming.key(entry.name) > self._done:
                yield from entry.lines


def _fingerprint(options: Options) -> str:
    """A digest of what decides how a file is read."""
    told = (options.encoding, sorted(options.map.items()), options.ocr, options.limits)
    return blake2b(repr(told).encode(), digest_size=8).hexdigest()
