"""A million JSON lines: memory of `kashaf index`, of the second run, and with one line changed.

Pages of mapped files, which the system takes back when it wants, are told apart.

python tests/stress/million_lines.py [lines]
"""

import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LIMIT = 300
WORDS = "كتاب مدرسة قلم ورق مكتبة مدينة سوق رسالة باب نهر جبل تاريخ علم شعر بيت طريق"
RESIDENT = re.compile(r"Rss(Anon|File):\s+(\d+) kB")


def write(path, lines, changed=-1):
    """Records with ids of their own, a title, a text, a date and a number."""
    rng, words = random.Random(6), WORDS.split()
    with path.open("w", encoding="utf-8") as out:
        for number in range(lines):
            record = {
                "id": f"خبر-{number}",
                "headline": f"عنوان {number}" + (" جديد" if number == changed else ""),
                "body": " ".join(rng.choices(words, k=20)) + f" {number}",
                "published": f"20{rng.randrange(24):02}-0{rng.randrange(1, 10)}-11",
                "price": number % 1000,
            }
            out.write(json.dumps(record, ensure_ascii=False) + "\n")


def resident(process):
    """The resident memory of a process now, in megabytes: its own, and pages of mapped files."""
    status = Path(f"/proc/{process.pid}/status").read_text("ascii", "replace")
    found = {kind: int(size) / 1024 for kind, size in RESIDENT.findall(status)}
    return found.get("Anon", 0), found.get("File", 0)


def index(home, *options):
    """Index; return the most memory of its own that the process had."""
    command = [sys.executable, "-m", "kashaf.cli", "index", *options, "records.jsonl"]
    command += ["--map", "title=headline,date=published", "--memory", "128"]
    own = mapped = 0.0
    with subprocess.Popen(command, cwd=home, stdout=subprocess.PIPE) as process:
        while process.poll() is None:
            sample = resident(process)
            own, mapped = max(own, sample[0]), max(mapped, sample[1])
            time.sleep(0.05)
        told = process.stdout.read().decode().strip().splitlines()[-1]
    assert process.returncode == 0
    print(f"{own:.0f} MB at most, and {mapped:.0f} MB of mapped files: {told}", flush=True)
    return own


def main(lines=1_000_000):
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        os.environ.pop("KASHAF_INDEX", None)
        write(home / "records.jsonl", lines)
        highest = [index(home), index(home)]
        write(home / "records.jsonl", lines, changed=lines // 2)
        highest.append(index(home))
    assert max(highest) < LIMIT, f"more than {LIMIT} MB"


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
