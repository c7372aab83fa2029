"""`kashaf index` and its kin from outside: Ctrl-C, watching, configuration, reports."""

import json
import os
import signal
import subprocess
import sys
import time

import kashaf
import pytest
from kashaf import cli
from kashaf.commands.meter import Meter
from kashaf.index.intake import Report


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.delenv("KASHAF_INDEX", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(capsys):
    def run(*arguments):
        capsys.readouterr()
        code = cli._run(list(arguments))
        return code, *capsys.readouterr()

    return run


def start(*arguments):
    command = [sys.executable, "-m", "kashaf.cli", "index", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def records(count):
    return "".join(f'{{"id": "خ{n}", "body": "خبر رقم {n}"}}\n' for n in range(count))


def until(ready, seconds=20):
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


def documents(place):
    try:
        return len(kashaf.open(place))
    except kashaf.KashafError:
        return -1


def test_ctrl_c_keeps_what_is_done(elsewhere, run):
    (elsewhere / "أخبار.jsonl").write_text(records(100_000), "utf-8")
    with start("أخبار.jsonl") as process:
        until(lambda: documents(".kashaf") == 0)  # made, and being filled
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate()
    assert process.returncode == 3
    assert err.decode().splitlines() == [
        "stopped; what is done is kept, and the same command goes on from here"
    ]
    done = documents(".kashaf")
    assert 0 <= done < 100_000
    (elsewhere / "أخبار.jsonl").write_text(records(done + 10), "utf-8")
    assert run("index", "أخبار.jsonl")[1].startswith(f"10 added, 0 changed, {done} unchanged")


@pytest.mark.parametrize("told", [True, False], ids=["told", "polling"])
def test_watching(told, elsewhere):
    if told:
        pytest.importorskip("watchfiles")
    folder = elsewhere / "نصوص"
    folder.mkdir()
    (folder / "أ.txt").write_text("خبر", "utf-8")
    code = "" if told else "sys.modules['watchfiles'] = None"
    script = f"""
import sys
from kashaf.index.intake import watch
{code}
from kashaf import cli
cli.main(['index', '--watch', 'نصوص'])
"""
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stderr.readline().startswith(b"watching")
        time.sleep(0.3)
        (folder / "ب.txt").write_text("خبر آخر", "utf-8")
        told = [process.stdout.readline().split(b",")[0] for _ in range(2)]
        assert documents(".kashaf") == 2
        process.send_signal(signal.SIGINT)
        assert process.stderr.read() == b""
    assert (process.returncode, told) == (0, [b"1 added", b"1 added"])


def test_skipped(elsewhere, run):
    (elsewhere / "أ.jsonl").write_text('{"body": "خبر"}\nليس سجلا\n', "utf-8")
    (elsewhere / "ب.bin").write_bytes(b"\x7fELF\0\0")
    run("index", "أ.jsonl", "ب.bin")
    code, out, _ = run("skipped")
    assert code == 0
    assert [line.partition(": ")[0] for line in out.splitlines()] == ["أ.jsonl:2", "ب.bin"]
    rows = [json.loads(line) for line in run("skipped", "--json")[1].splitlines()]
    assert [(row["path"], row["line"], row["kind"]) for row in rows] == [
        ("أ.jsonl", 2, "bad-line"),
        ("ب.bin", None, "binary"),
    ]


def test_nothing_skipped(elsewhere, run):
    (elsewhere / "أ.txt").write_text("خبر", "utf-8")
    run("index", "أ.txt")
    assert run("skipped") == (1, "nothing was skipped\n", "")
    assert run("skipped", "--json") == (1, "", "")


def test_names_of_fields(elsewhere, run):
    row = {"headline": "زرافة", "published": "2001-02-03", "نص الخبر": "في الحديقة", "x": 1}
    (elsewhere / "أ.jsonl").write_text(f"{json.dumps(row)}\n" * 2, "utf-8")
    told = run(
        "index", "أ.jsonl", "--map", "title=headline,date=published", "--map", "body=نص الخبر"
    )
    assert told[0] == 0
    shown = json.loads(run("show", "أ.jsonl#1")[1])
    assert (shown["title"], shown["date"]) == ("زرافة", "2001-02-03")
    assert shown["body"] == "في الحديقة"


def test_a_heading_with_spaces_names_a_field(elsewhere, run):
    (elsewhere / "أ.csv").write_text("العنوان,اسم الكاتب\nخبر,سعاد\nآخر,هند\n", "utf-8")
    run("index", "أ.csv")
    assert run("search", "اسم_الكاتب:هند")[0] == 0


@pytest.mark.parametrize("option", [["--map", "title"], ["--map", "=x"], ["--field", "x:"]])
def test_options_that_mean_nothing(option, elsewhere, run):
    (elsewhere / "أ.txt").write_text("خبر", "utf-8")
    code, out, err = run("index", "أ.txt", *option)
    assert (code, out) == (2, "")
    assert err.startswith(f"kashaf: {option[0]} takes ")
    assert not (elsewhere / ".kashaf").exists()


def test_ocr_without_tesseract(elsewhere, run, monkeypatch):
    (elsewhere / "أ.txt").write_text("خبر", "utf-8")
    monkeypatch.setenv("PATH", str(elsewhere))
    code, _, err = run("index", "أ.txt", "--ocr", "ara")
    assert (code, err) == (
        2,
        "kashaf: --ocr needs Tesseract, and there is no program 'tesseract' here\n",
    )


def test_several_processes(elsewhere, run):
    (elsewhere / "أ.jsonl").write_text(records(300), "utf-8")
    assert run("index", "أ.jsonl", "--jobs", "2")[1].startswith("300 added")
    assert run("index", "أ.jsonl", "--jobs", "2", "--reread")[1].startswith(
        "0 added, 0 changed, 300 unchanged"
    )


def test_init_writes_what_can_be_read(elsewhere, run):
    assert run("init") == (0, "written: kashaf.toml\n", "")
    text = (elsewhere / "kashaf.toml").read_text("utf-8")
    (elsewhere / "أ.txt").write_text("خبر", "utf-8")
    assert run("index", "-q", ".")[0] == 0
    assert documents(".kashaf") == 1
    code, _, err = run("init")
    assert (code, "is there already" in err) == (2, True)
    every = "".join(line.removeprefix("# ") for line in text.splitlines(True)[3:])
    (elsewhere / "kashaf.toml").write_text(every.replace('"ara"', '""'), "utf-8")
    assert run("index", "-q", "أ.txt") == (0, "", "")
    assert run("search", "خبر")[0] == 0


CONFIG = """
ignore = ["مسودة*"]
[fields]
tag = { type = "text", boost = 2 }
[map]
title = "headline"
[weights]
root = 0
[weights.fields]
title = 9
"""


def test_a_config_holds(elsewhere, run):
    (elsewhere / "kashaf.toml").write_text(CONFIG, "utf-8")
    row = '{"headline": "زرافة", "body": "مكتبة", "tag": "بيت كبير"}\n'
    (elsewhere / "أ.jsonl").write_text(row * 2, "utf-8")
    (elsewhere / "مسودة.txt").write_text("سر", "utf-8")
    assert run("index", "-q", ".")[0] == 0
    assert documents(".kashaf") == 2
    assert run("search", "tag:بيوت")[0] == 0
    assert json.loads(run("show", "أ.jsonl#1")[1])["title"] == "زرافة"


WRONG = {
    "fild = 1": "'fild' is not known; there is ignore, ",
    "memory = 'x'": "memory must be a whole number, not 'x'",
    "jobs = true": "jobs must be a whole number, not True",
    "[fields]\nx = 3": "fields.x must be a type, or ",
    "[map]\nx = 3": "map.x must be a name",
    "ignore = [1]": "ignore must be a list of patterns",
    "= 3": "Invalid statement",
}


@pytest.mark.parametrize("text", WRONG)
def test_a_config_that_is_wrong(text, elsewhere, run):
    (elsewhere / "kashaf.toml").write_text(text, "utf-8")
    (elsewhere / "أ.txt").write_text("خبر", "utf-8")
    code, _, err = run("index", "أ.txt")
    assert code == 2
    assert err.startswith(f"kashaf: {elsewhere}/kashaf.toml: {WRONG[text]}")
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("text", ["[weights]\nstim = 1", "[weights]\nstem = -1"])
def test_weights_that_are_wrong(text, elsewhere, run):
    (elsewhere / "أ.txt").write_text("خبر", "utf-8")
    run("index", "أ.txt")
    (elsewhere / "kashaf.toml").write_text(text, "utf-8")
    code, _, err = run("search", "خبر")
    assert (code, "weights.st" in err) == (2, True)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(shell, run):
    code, out, _ = run("completion", shell)
    assert code == 0
    assert "_KASHAF_COMPLETE" in out


def test_completion_completes():
    settings = {"_KASHAF_COMPLETE": "bash_complete", "COMP_WORDS": "kashaf ski", "COMP_CWORD": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "kashaf.cli"],
        env={**os.environ, **settings},
        capture_output=True,
        check=True,
    )
    assert done.stdout == b"plain,skipped\n"


def test_the_line_of_progress():
    meter = Meter(200, 50_000_000)
    report = Report(added=1500, files=40, nbytes=9_000_000)
    assert meter.line(report, 1_000_000, 0.5) == "40/200 files, 1,500 documents"
    assert meter.line(report, 1_000_000, 20.0) == (
        "40/200 files, 1,500 documents, 0.5 MB/s, 1:20 left"
    )
    assert meter.line(report, 0, 9000.0).endswith("11:23:20 left")
