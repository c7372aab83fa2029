"""A folder of 20,000 files of which 100 change, 50 go and 50 come: how long the second run takes.

The index must equal one built afresh; so must one whose runs are killed at random moments.

    python tests/stress/second_run.py [files] [kills]
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import kashaf

WORDS = "كتاب مدرسة قلم ورق مكتبة مدينة سوق رسالة باب نهر جبل تاريخ علم شعر بيت طريق"


def text(number, rng):
    words = " ".join(rng.choices(WORDS.split(), k=120))
    return f"خبر رقم {number}\n\n{words}.\n"


def make(folder, numbers, rng):
    for number in numbers:
        path = folder / f"{number // 500:03}" / f"خبر-{number}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text(number, rng), "utf-8")


def change(folder, rng):
    """Change 100 files, remove 50, add 50."""
    there = sorted(folder.rglob("*.txt"))
    chosen = rng.sample(there, 150)
    for path in chosen[:100]:
        path.write_text(text(path.stem, rng) + "زيادة\n", "utf-8")
    for path in chosen[100:]:
        path.unlink()
    first = 10 * len(there)
    make(folder, range(first, first + 50), rng)


def index(home, place, wait=None):
    """Run `kashaf index`; kill it after some seconds, if it takes longer."""
    command = [sys.executable, "-m", "kashaf.cli", "index", "--index", place, "texts"]
    began = time.perf_counter()
    with subprocess.Popen(command, cwd=home, stdout=subprocess.PIPE) as process:
        try:
            told = process.communicate(timeout=wait)[0].decode().strip()
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            return None
    assert process.returncode == 0
    return time.perf_counter() - began, told


def content(place):
    opened = kashaf.open(place)
    return {document["id"]: document for document in opened.snapshot.all_documents()}


def main(files=20_000, kills=10):
    rng = random.Random(6)
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        folder = home / "texts"
        folder.mkdir()
        make(folder, range(files), rng)
        old = time.time() - 60
        for path in folder.rglob("*.txt"):
            os.utime(path, (old, old))
        print("first run: {:.2f} s: {}".format(*index(home, "one")))
        print("nothing changed: {:.2f} s: {}".format(*index(home, "one")))
        change(folder, rng)
        seconds, told = index(home, "one")
        print(f"second run: {seconds:.2f} s: {told}")
        assert ", 50 removed" in told and told.startswith("50 added, 100 changed"), told
        for _ in range(kills):
            change(folder, rng)
            while index(home, "one", rng.uniform(0.3, seconds * 1.5)) is None:
                print("killed")
        index(home, "afresh")
        assert content(home / "one") == content(home / "afresh")
        print(f"equal to an index built afresh after {kills} changes with kills")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
