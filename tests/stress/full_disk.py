"""A disk that is full, for real: `python full_disk.py [--rounds 200] [--system tmpfs|ext4]`.

A file system of a few megabytes is mounted (in a mount namespace of its own, so that nothing is
left behind). A writer adds, updates, deletes, merges and commits beside a filler that leaves it a
random room, until the disk refuses. Then the error must be one line; the index sound, and equal
to the last commit or the one that was under way; and when the filler is gone the writer, rolled
back, or a new one, must go on. ext4 needs root and loop devices.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from kashaf.errors import StorageError
from kashaf.index import Corpus, Schema
from kashaf.index import commit as commits
from kashaf.index.check import check

SIZE = 8 << 20
WORDS = [a + b + c for a in "كدرسق" for b in "تبلمن" for c in "عحفوي"]


class Work:
    """An index on a small disk, and what it should hold."""

    def __init__(self, place: Path, rng: random.Random) -> None:
        self.rng = rng
        self.filler = place / "filler"
        self.corpus = Corpus(place / "index", create=Schema({"id": "id", "body": "text"}))
        self.writer = self.corpus.writer()
        self.held: dict[str, str] = {}
        self.next: dict[str, str] = {}
        self.generation = 1
        self.refused = self.untold = self.reopened = 0

    def turn(self) -> None:
        """Change something and commit it."""
        self.next = dict(self.held)
        for _ in range(self.rng.randint(1, 30)):
            id = str(self.rng.randrange(150))
            body = " ".join(self.rng.choices(WORDS, k=self.rng.randint(1, 400)))
            self.writer.update(id=id, body=body)
            self.next.pop(id, None)
            self.next[id] = body
        for id in self.rng.sample(sorted(self.next), len(self.next) // 20):
            self.writer.delete(id)
            del self.next[id]
        if self.rng.random() < 0.1:
            self.writer.optimize()
        self.generation = self.writer.commit()
        self.held = self.next

    def fill(self) -> None:
        """Leave a random room."""
        stat = os.statvfs(self.filler.parent)
        room = self.rng.choice((0, 1 << 12, 1 << 15, 1 << 17))
        count = max(stat.f_bavail * stat.f_frsize - self.rng.randint(0, room), 0)
        with suppress(OSError), self.filler.open("wb") as file:
            file.write(bytes(count))

    def round(self) -> None:
        """Work until the disk refuses; look; free it; go on."""
        try:
            while True:
                self.fill()
                for _ in range(3):
                    self.turn()
        except StorageError as error:
            assert "\n" not in str(error), error
            assert "space" in str(error), error
        self.refused += 1
        self.require()
        if self.rng.random() < 0.3:
            self.reopened += 1
            self.writer.close()
            self.filler.unlink()
            self.writer = self.corpus.writer()
        else:
            self.filler.unlink()
            self.writer.rollback()
        self.turn()
        self.require()
        files = {path.name for path in self.filler.with_name("index").iterdir()}
        found = commits.newest(self.corpus.directory)
        assert found is not None
        assert found.files() == {name for name in files if not name.startswith("write.lock")}

    def require(self) -> None:
        """Compare what is there with what should be."""
        corpus = Corpus(self.filler.with_name("index"))
        assert check(corpus.directory) == []
        found = corpus.snapshot()
        if found.generation != self.generation:
            assert found.generation == self.generation + 1
            self.generation, self.held = found.generation, self.next
            self.untold += 1
        assert {d["id"]: d["body"] for d in found.all_documents()} == self.held


def mounted(system: str, place: str) -> None:
    """Mount the small file system; subprocess.CalledProcessError where that is not allowed."""
    if system == "tmpfs":
        command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", place]
    else:
        image = Path(place).with_suffix(".image")
        image.write_bytes(bytes(SIZE))
        subprocess.run(["mke2fs", "-q", "-t", system, image], check=True)
        command = ["mount", "-o", "loop", str(image), place]
    subprocess.run(command, check=True)


def not_here(system: str) -> int:
    """Say that nothing was tried."""
    print(f"no {system} can be mounted here")
    return 0


def main() -> int:
    """Mount, work, count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--system", default="tmpfs", choices=("tmpfs", "ext4"))
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if not given.inside:
        space = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-rm"]
        if subprocess.run([*space, "true"], check=False).returncode:
            return not_here(given.system)
        command = [*space, sys.executable, *sys.argv, "--inside"]
        return subprocess.run(command, check=False).returncode
    with tempfile.TemporaryDirectory() as above:
        place = Path(above, "disk")
        place.mkdir()
        try:
            mounted(given.system, str(place))
        except (OSError, subprocess.CalledProcessError):
            return not_here(given.system)
        try:
            work = Work(place, random.Random(given.seed))
            for _ in range(given.rounds):
                work.round()
            work.writer.close()
        finally:
            subprocess.run(["umount", "-l", place], check=True)
    print(
        f"{given.system}: {work.refused} refusals, {work.generation} commits, "
        f"{work.reopened} new writers, {work.untold} commits untold"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
