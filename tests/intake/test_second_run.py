"""The second run reads what changed, and ends where a first one would."""

import os
import random
import signal
import subprocess
import sys
import time

import kashaf
import pytest
from kashaf.errors import DocumentError, UsageError
from kashaf.index.check import check
from kashaf.index.intake import skipped_of, take_in
from kashaf.index.intake.report import Listener
from kashaf.index.readers import Options
from kashaf.storage import DiskDirectory

BOOK = "المكتبة\n\nقرأ الطالبُ الكُتُبَ في مكتبة المدينة.\n"


@pytest.fixture
def three(shelf):
    shelf.write(أ="الأول\nنص الأول", ب="الثاني\nنص الثاني", ج__د="الثالث\nنص الثالث")
    shelf.take()
    return shelf


def test_nothing_is_read_where_nothing_changed(three, outcome):
    generation = three.index.snapshot.generation
    report = three.take()
    assert (report.read, outcome(report)) == (0, (0, 0, 3, 0))
    assert three.index.snapshot.generation == generation


def test_new_changed_and_gone(three, outcome):
    three.write(أ="الأول\nتغيّر نصه", هـ="جديد\nنص جديد")
    (three.folder / "ب.txt").unlink()
    report = three.take()
    assert (report.read, outcome(report)) == (2, (1, 1, 1, 1))
    assert three.ids() == {"أ.txt", "هـ.txt", "ج/د.txt"}
    assert len(three.index.search("تغير")) == 1


def test_another_time_with_the_same_bytes_is_no_change(three, outcome):
    os.utime(three.folder / "أ.txt", (1, 1))
    report = three.take()
    assert (report.read, outcome(report)) == (0, (0, 0, 3, 0))
    assert three.take().read == 0


def test_a_file_written_just_now_is_looked_at_again(three):
    """Its time may not show a change within the grain of the file system's clock."""
    path = three.put("حديث.txt", "قديم", old=False)
    three.take()
    stat = path.stat()
    path.write_text("جديد", "utf-8")
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert three.take().changed == 1
    assert len(three.index.search("exact:جديد")) == 1


def test_missing_ones_are_kept_when_told(three, outcome):
    (three.folder / "ب.txt").unlink()
    assert outcome(three.take(keep_missing=True)) == (0, 0, 2, 0)
    assert len(three.ids()) == 3
    assert outcome(three.take()) == (0, 0, 2, 1)


def test_only_what_is_under_the_paths_is_removed(three):
    for name in ("ب.txt", "ج/د.txt"):
        (three.folder / name).unlink()
    three.take(three.folder / "ج")
    assert three.ids() == {"أ.txt", "ب.txt"}
    three.take(three.folder / "أ.txt")
    assert three.ids() == {"أ.txt", "ب.txt"}


def test_every_file_again_when_told(three, outcome):
    report = three.take(reread=True)
    assert (report.read, outcome(report)) == (3, (0, 0, 3, 0))


def test_other_options_read_again(three):
    report = three.take(options=Options(encoding="utf-8"))
    assert (report.read, report.unchanged) == (3, 3)
    assert three.take(options=Options(encoding="utf-8")).read == 0


def test_a_path_that_is_not_there_changes_nothing(three):
    with pytest.raises(UsageError, match="no such file or folder"):
        three.take(three.folder, three.home / "لا شيء")
    assert len(three.ids()) == 3


def test_paths_within_paths_are_taken_once(three, outcome):
    report = three.take(three.folder, three.folder / "ج", three.folder / "أ.txt")
    assert outcome(report) == (0, 0, 3, 0)


def test_the_index_may_move_with_its_folder(three, outcome, tmp_path_factory):
    (three.folder / "ب.txt").unlink()
    home = tmp_path_factory.mktemp("elsewhere") / "بيت"
    three.home.rename(home)
    index = kashaf.open(home / "فهرس")
    with index.writer() as writer:
        report = take_in(writer, [home / "نصوص"], home)
    assert (report.read, outcome(report)) == (0, (0, 0, 2, 1))


def records(*bodies):
    return "".join(f'{{"id": "{id}", "body": "{body}"}}\n' for id, body in bodies)


def test_records_that_are_gone_from_a_file(shelf, outcome):
    shelf.put("أخبار.jsonl", records(("1", "زرافة"), ("2", "نعامة"), ("3", "غزال")))
    shelf.take()
    shelf.put("أخبار.jsonl", records(("1", "زرافة"), ("3", "غزال وظبي"), ("4", "فيل")))
    assert outcome(shelf.take()) == (1, 1, 1, 1)
    assert shelf.ids() == {"1", "3", "4"}


def test_a_record_that_moved_to_another_file_stays(shelf):
    shelf.put("ب.jsonl", records(("1", "زرافة"), ("2", "نعامة")))
    shelf.take()
    shelf.put("أ.jsonl", records(("1", "زرافة")))
    shelf.put("ب.jsonl", records(("2", "نعامة")))
    shelf.take()
    assert shelf.ids() == {"1", "2"}
    assert shelf.documents()["1"]["path"] == "نصوص/أ.jsonl"


def test_more_documents_than_a_line_of_the_manifest_holds(shelf, outcome):
    shelf.put("كثير.jsonl", records(*((f"خ{n}", f"خبر {n}") for n in range(2500))))
    shelf.take()
    assert outcome(shelf.take()) == (0, 0, 2500, 0)
    (shelf.folder / "كثير.jsonl").unlink()
    assert outcome(shelf.take()) == (0, 0, 0, 2500)


def test_a_file_that_grows_while_it_is_read(shelf):
    path = shelf.put("ينمو.jsonl", records(("1", "زرافة")))
    calls = iter(range(100))

    def grow():
        if next(calls) == 1:  # after the first record
            with path.open("a", encoding="utf-8") as file:
                file.write(records(("2", "نعامة")))
        return False

    shelf.take(listener=Listener(stop=grow))
    shelf.take()
    assert shelf.ids() == {"1", "2"}


def stop_after(count):
    """A listener that asks to stop when it is asked for that time."""
    calls = iter(range(10**6))
    return Listener(stop=lambda: next(calls) >= count)


@pytest.mark.parametrize("after", [0, 1, 2, 3, 5, 6, 8, 10])
def test_stopped_anywhere_and_run_again(after, shelf):
    shelf.write(أ="الأول\nنص", ب="الثاني\nنص", ي="الأخير\nنص")
    shelf.put("ت.jsonl", records(*((str(n), f"خبر {n}") for n in range(8))))
    shelf.take()
    shelf.write(أ="الأول\nتغير", ث="جديد\nنص")
    shelf.put("ت.jsonl", records(*((str(n), f"خبر آخر {n}") for n in range(3, 9))))
    (shelf.folder / "ي.txt").unlink()
    report = shelf.take(listener=stop_after(after))
    assert report.stopped
    assert check(DiskDirectory(shelf.place)) == []
    assert not shelf.take().stopped
    again = shelf.take()
    assert again.read == 0
    assert shelf.ids() == {"أ.txt", "ب.txt", "ث.txt", *map(str, range(3, 9))}
    assert shelf.documents()["5"]["body"] == "خبر آخر 5"
    assert len(shelf.index.search("exact:تغير")) == 1


def test_saved_at_every_document(shelf):
    shelf.write(أ="الأول\nنص", ب="الثاني\nنص")
    shelf.put("ت.jsonl", records(*((str(n), f"خبر {n}") for n in range(5))))
    shelf.take(checkpoint=0)
    assert len(shelf.ids()) == 7
    assert shelf.take(checkpoint=0).read == 0
    (shelf.folder / "أ.txt").unlink()
    shelf.take(checkpoint=0)
    assert len(shelf.ids()) == 6


def test_strict_keeps_what_was_committed(three):
    three.put("سجلات.jsonl", '{"body": "زرافة"}\nليس سجلا\n')
    with pytest.raises(DocumentError, match=r"سجلات\.jsonl:2: "):
        three.take(options=Options(strict=True))
    assert len(three.ids()) == 3


CHILD = """
import sys, kashaf
from kashaf.index.check import check
from kashaf.index.intake import skipped_of, take_in
index = kashaf.open(sys.argv[1])
with index.writer() as writer:
    take_in(writer, [sys.argv[2]], sys.argv[3], checkpoint=0.02)
"""


def test_killed_at_random_moments_and_run_again(shelf):
    rng = random.Random(6)
    command = [sys.executable, "-c", CHILD, shelf.place, shelf.folder, shelf.home]
    for turn in range(4):
        for number in rng.sample(range(150), 60):
            path = shelf.folder / f"{number}.txt"
            if path.exists() and rng.random() < 0.3:
                path.unlink()
            else:
                shelf.put(path.name, f"{BOOK}\nدورة {turn} رقم {number}")
        with subprocess.Popen(command) as process:
            time.sleep(rng.uniform(0.4, 1.0))
            process.send_signal(signal.SIGKILL)
    shelf.take()
    other = kashaf.create()
    with other.writer() as writer:
        take_in(writer, [shelf.folder], shelf.home)
    other.refresh()
    assert shelf.documents() == {d["id"]: d for d in other.snapshot.all_documents()}
    ours, theirs = (index.search("مكتبة الطالب", limit=200) for index in (shelf.index, other))
    assert {hit.id for hit in ours} == {hit.id for hit in theirs}
    assert ours.total == theirs.total == len(shelf.ids())


def test_the_manifest_is_checked_and_backed_up(three, tmp_path):
    from kashaf.index.backup import backup

    directory = DiskDirectory(three.place)
    assert check(directory) == []
    backup(directory, tmp_path / "نسخة")
    assert check(DiskDirectory(tmp_path / "نسخة")) == []
    [manifest] = three.place.glob("*.kext")
    data = bytearray(manifest.read_bytes())
    data[100] ^= 1
    manifest.write_bytes(data)
    assert [finding.file for finding in check(directory)] == [manifest.name]


def afresh(shelf):
    """What an index of the same files, built at once, has."""
    other = kashaf.create()
    with other.writer() as writer:
        take_in(writer, [shelf.folder], shelf.home)
    other.refresh()
    return {d["id"]: d for d in other.snapshot.all_documents()}


@pytest.fixture
def twice(shelf):
    """The id 1 in two files."""
    shelf.put("أ.jsonl", records(("1", "زرافة"), ("2", "نعامة")))
    shelf.put("ب.jsonl", records(("1", "غزال"), ("3", "فيل")))
    shelf.take()
    return shelf


def test_of_one_id_in_two_files_the_last_counts(twice, outcome):
    assert twice.documents()["1"]["body"] == "غزال"
    [(name, skip)] = skipped_of(twice.place)
    assert (name, skip.kind) == ("نصوص/ب.jsonl", "repeated-id")
    assert "'1' in نصوص/أ.jsonl; the last record counts" in skip.reason
    report = twice.take()
    assert (report.read, report.changed, report.reasons["repeated-id"]) == (0, 0, 1)
    assert outcome(twice.take(reread=True))[1] == 0
    assert twice.documents() == afresh(twice)


def test_an_earlier_file_that_changes_does_not_take_the_id(twice):
    twice.put("أ.jsonl", records(("1", "أسد"), ("2", "نعامة وبطة")))
    report = twice.take()
    assert (report.changed, report.reasons["repeated-id"]) == (1, 2)
    assert twice.documents()["1"]["body"] == "غزال"
    assert twice.documents() == afresh(twice)


@pytest.mark.parametrize("kept", [None, records(("3", "فيل"))])
def test_the_record_that_was_hidden_comes_back(twice, kept):
    if kept:
        twice.put("ب.jsonl", kept)
    else:
        (twice.folder / "ب.jsonl").unlink()
    twice.take()
    assert twice.documents()["1"]["body"] == "زرافة"
    assert twice.documents() == afresh(twice)
    assert twice.take().read == 0
    assert twice.skips() == []


def test_one_id_twice_in_a_file(shelf, outcome):
    shelf.put("أ.jsonl", records(("1", "زرافة"), ("2", "نعامة"), ("1", "غزال")))
    assert outcome(shelf.take()) == (2, 0, 0, 0)
    assert shelf.documents()["1"]["body"] == "غزال"
    [(_, skip)] = skipped_of(shelf.place)
    assert skip.reason == (
        "ids that another record has, too: 1, such as '1' in نصوص/أ.jsonl; the last record counts"
    )
    assert shelf.take().read == 0


def test_any_changes_of_shared_ids_end_as_built_afresh(shelf):
    rng = random.Random(7)
    for _ in range(25):
        for name in rng.sample("أبتثج", rng.randint(1, 4)):
            path = shelf.folder / f"{name}.jsonl"
            if path.exists() and rng.random() < 0.3:
                path.unlink()
            else:
                ids = rng.sample("123456", rng.randint(1, 4))
                shelf.put(path.name, records(*((id, f"خبر {rng.random()}") for id in ids)))
        report = shelf.take(listener=stop_after(rng.choice([3, 10**6])))
        if report.stopped:
            shelf.take()
        assert shelf.documents() == afresh(shelf)
        assert shelf.take().read == 0
        assert check(DiskDirectory(shelf.place)) == []
