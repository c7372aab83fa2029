"""Several threads make the same index as one."""

import threading
import time

import pytest
from kashaf.index import Corpus, builder, inverting, merging, parts
from kashaf.index.check import check
from kashaf.index.crew import Crew, Line

from .model import SCHEMA, documents


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    monkeypatch.setattr(builder, "BATCH", 16)
    monkeypatch.setattr(builder, "BATCH_SIZE", 2_500)
    monkeypatch.setattr(inverting, "RANGE", 300)
    monkeypatch.setattr(parts, "FEW", 10)


def written(path, jobs, memory=256):
    """Documents, some of them updated and deleted again, over several commits."""
    corpus = Corpus(path, create=SCHEMA)
    with corpus.writer(jobs=jobs, memory=memory) as writer:
        for n, each in enumerate(documents(600, 11)):
            writer.add(each)
            if n % 7 == 3:
                writer.update({"id": str(n * 5 % (n + 1)), "body": f"كتاب {n} كلمة{n}"})
            if n % 11 == 5:
                writer.delete(str(n * 3 % (n + 1)))
            if n % 250 == 249:
                writer.commit()
    assert check(corpus.directory) == []
    return {file.name: file.read_bytes() for file in path.iterdir() if file.is_file()}


@pytest.mark.parametrize("jobs", [2, 5])
def test_threads_write_the_files_that_one_writes(tmp_path, jobs):
    assert written(tmp_path / "one", 1) == written(tmp_path / "some", jobs)


@pytest.mark.parametrize("held", [1, 1 << 30])
def test_threads_merge_to_the_file_that_one_merges_to(tmp_path, monkeypatch, held):
    """Also where the columns are merged one by one, since they are too large to hold."""
    monkeypatch.setattr(merging, "POSTING_BYTES", 1 << 13)
    found = []
    for jobs in (1, 3):
        written(tmp_path / str(jobs), jobs)
        corpus = Corpus(tmp_path / str(jobs))
        monkeypatch.setattr(merging, "HELD_BYTES", (1 << 20) // held + 1)
        with corpus.writer(jobs=jobs, memory=1) as writer:
            writer.optimize()
        assert check(corpus.directory) == []
        assert len(corpus.snapshot().segments) == 1
        found.append({file.name: file.read_bytes() for file in corpus.directory.path.iterdir()})
    assert found[0] == found[1]


def test_segments_end_where_they_do_with_one_thread(tmp_path):
    """What is held in memory is counted alike whatever the threads have done of it."""
    one, some = (written(tmp_path / str(jobs), jobs, memory=1) for jobs in (1, 3))
    assert len(one) > 3
    assert one == some


@pytest.mark.parametrize(
    "place",
    [
        "builder.keys_of",
        "builder.Lexicon.read",
        "stored.packed_blocks",
        "builder.write_vocabulary",
        "inverting.pack_blocks",
    ],
)
def test_what_fails_in_a_thread_fails_the_commit(tmp_path, monkeypatch, place):
    corpus = Corpus(tmp_path, create=SCHEMA)
    with corpus.writer(jobs=2) as writer:
        writer.add(id="0")
        writer.commit()

        def fail(*args):
            raise MemoryError("no more")

        with monkeypatch.context() as patch:
            patch.setattr(f"kashaf.index.{place}", fail)
            with pytest.raises(MemoryError):
                for each in documents(300, 2, first=1):
                    writer.add(each)
                writer.commit()
        writer.rollback()
        writer.add(id="1")
    assert [each["id"] for each in corpus.snapshot().all_documents()] == ["0", "1"]


def test_the_threads_end_with_the_writer(tmp_path):
    writer = Corpus(tmp_path, create=SCHEMA).writer(jobs=2)
    for each in documents(300, 1):
        writer.add(each)
    assert crew_threads()
    writer.close()
    assert not crew_threads()


def crew_threads():
    return [each for each in threading.enumerate() if each.name.startswith("kashaf")]


@pytest.mark.parametrize("jobs", [1, 3])
def test_results_come_in_order(jobs):
    crew = Crew(jobs)
    found = crew.each(lambda n: (time.sleep(0.002 * (n % 3)), n)[1], ((n,) for n in range(30)))
    assert list(found) == list(range(30))
    crew.close()


def test_what_waits_is_bounded():
    """The one who begins work waits while too much of it is not done."""
    crew, gate, begun = Crew(2), threading.Event(), []
    feeder = threading.Thread(
        target=lambda: begun.extend(crew.begin(gate.wait) for _ in range(50)), daemon=True
    )
    feeder.start()
    feeder.join(0.2)
    assert feeder.is_alive()
    gate.set()
    feeder.join(10)
    assert [task.result() for task in begun] == [True] * 50
    crew.close()


def test_a_line_is_done_in_order_by_whoever_is_free():
    crew, line, done = Crew(3), Line(), []

    def work(number):
        time.sleep(0.002 * (number % 3))
        done.append(number)
        return number * number

    tasks = [crew.begin_in(line, work, number) for number in range(12)]
    assert crew.begin(len, "كتاب").result() == 4
    assert [task.result() for task in tasks] == [number * number for number in range(12)]
    assert done == [*range(12)]
    assert crew.begin_in(line, work, 12).result() == 144
    crew.close()


def test_nobody_waits_for_the_piece_before():
    """Else a thread would stand idle that other work has need of."""
    crew, line, first = Crew(2), Line(), threading.Event()
    tasks = [crew.begin_in(line, first.wait), crew.begin_in(line, len, "ab")]
    assert crew.begin(len, "كتب").result() == 3
    assert not tasks[1].done()
    first.set()
    assert tasks[1].result() == 2
    crew.close()


@pytest.mark.parametrize("jobs", [2, 4])
def test_what_comes_after_a_failed_piece_fails_too(jobs):
    crew, line = Crew(jobs), Line()
    tasks = [crew.begin_in(line, work) for work in (list, lambda: 1 // 0, list)]
    assert tasks[0].result() == []
    for task in tasks[1:]:
        with pytest.raises(ZeroDivisionError):
            task.result()
    crew.close()


def test_one_job_does_the_work_of_a_line_at_once():
    assert Crew(1).begin_in(Line(), len, "ab").result() == 2


@pytest.mark.parametrize("jobs", [1, 3])
def test_a_range_that_cannot_be_inverted_holds_up_nobody(tmp_path, monkeypatch, jobs):
    split, left = inverting.split_blocks, [3]

    def fails(*args):
        left[0] -= 1
        if not left[0]:
            raise MemoryError("no room")
        return split(*args)

    monkeypatch.setattr(inverting, "split_blocks", fails)
    corpus = Corpus(tmp_path, create=SCHEMA)
    with pytest.raises(MemoryError), corpus.writer(jobs=jobs) as writer:
        for each in documents(200, 5):
            writer.add(each)
    assert len(corpus.snapshot().segments) == 0
