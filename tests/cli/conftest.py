"""The command line, run in this process and in one of its own, and a small library to search."""

import os
import subprocess
import sys
from dataclasses import dataclass

import pytest
from kashaf import cli

LIBRARY = {
    "akhbar/كتب جديدة.txt": "المكتبة الوطنية\n\nقرأ الطالبُ الكُتُبَ في مكتبة المدينة.\n",
    "akhbar/suq.md": "---\ntitle: السوق\ndate: 2017-03-05\n---\nباع الورّاق كتابَين بدينار.\n",
    "waraq.html": "<title>الورّاقون</title><p>صنعة الورق قديمة.<script>كتاب مخفي</script>",
    "records.jsonl": (
        '{"id": "r1", "title": "دفتر", "body": "دفتر الحساب.", "price": 3, "tag": "بيت"}\n'
        '{"id": "r2", "title": "رسالة", "body": "كتب رسالة إلى أمه.", "date": "1999-01-02"}\n'
    ),
}


@dataclass
class Told:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def lines(self):
        return self.out.splitlines()


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """Every test runs in an empty folder, with nothing set that changes the answers."""
    for name in ("KASHAF_INDEX", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(capsys):
    def run(*arguments):
        capsys.readouterr()
        code = cli._run([str(argument) for argument in arguments])
        return Told(code, *capsys.readouterr())

    return run


@pytest.fixture
def apart(elsewhere):
    """Run a command in a process of its own; further arguments go to `subprocess.run`."""

    def apart(*arguments, **options):
        command = [sys.executable, "-m", "kashaf.cli", *map(str, arguments)]
        options.setdefault("capture_output", True)
        done = subprocess.run(command, cwd=elsewhere, check=False, **options)
        streams = ((stream or b"").decode() for stream in (done.stdout, done.stderr))
        return Told(done.returncode, *streams)

    return apart


@pytest.fixture
def on_a_terminal(elsewhere):
    """Run a command on a terminal of its own; return what it shows."""
    pty = pytest.importorskip("pty")

    def on_a_terminal(*arguments, **settings):
        ours, theirs = pty.openpty()
        command = [sys.executable, "-m", "kashaf.cli", *map(str, arguments)]
        with subprocess.Popen(
            command, cwd=elsewhere, env={**os.environ, **settings}, stdout=theirs, stderr=theirs
        ) as process:
            os.close(theirs)
            shown = b""
            try:
                while piece := os.read(ours, 4096):
                    shown += piece
            except OSError:  # the end of a terminal, on Linux
                pass
        os.close(ours)
        assert process.returncode in (0, 1)
        return shown.decode().replace("\r\n", "\n")

    return on_a_terminal


def write(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())


@pytest.fixture
def files(elsewhere):
    """Write files, given by name and text or bytes."""
    return lambda written: write(elsewhere, written)


@pytest.fixture
def library(elsewhere, run):
    """The small library, indexed."""
    write(elsewhere / "library", LIBRARY)
    assert run("index", "-q", "library").code == cli.FOUND
    return elsewhere / ".kashaf"
