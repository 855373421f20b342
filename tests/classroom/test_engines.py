"""Worker processes and a Dask cluster: who dies costs nobody a mark, and nothing is saved twice."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from graded_class import CLASS, course, fill, grade_class, registered, rows, twin, written
from tree import NAME, put

from grader.authoring import notebook_format
from grader.authoring.section import Section
from grader.classroom.autograde import Job, fingerprint, grade_one
from grader.classroom.report import Report
from grader.classroom.result import FAULT, GRADED, UNGRADABLE
from grader.classroom.workers import Cluster, Workers
from grader.judge import sandbox

HERE = Path(__file__).resolve().parents[1]
DEADLY = """import os, pathlib, signal
marks = pathlib.Path({folder!r})
(marks / str(len([*marks.iterdir()]))).touch()
if len([*marks.iterdir()]) <= {times}:
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(scope="module")
def section(tmp_path_factory):
    return course(tmp_path_factory.mktemp("course"))


def job(section, student="ana", data=None):
    data = json.dumps(written(section)).encode() if data is None else data
    return Job(
        str(section.root), NAME, student, data, (), fingerprint(section), f"key of {student}", sandbox.find()
    )


def deadly(section, tmp_path, times, text=DEADLY):
    """The course whose first test kills the process that runs it, the first `times` times: a bug of ours."""
    other = twin(section.root, tmp_path / "deadly")
    (tmp_path / "marks").mkdir()
    text = text.format(folder=str(tmp_path / "marks"), times=times)
    book = other.source
    test = next(cell for cell in book.cells if cell.id == "test-fetch-all-a")
    test.source = text + test.source
    put(other.source_path, notebook_format.text(book))
    return Section(other.root, NAME)


def graded_by(engine, jobs):
    """What an engine makes of some jobs at once."""

    async def run():
        async with engine:
            return await asyncio.gather(*map(engine.grade, jobs))

    return [result for result, _ in asyncio.run(run())]


def test_a_submission_whose_worker_dies_is_tried_again_and_harms_no_other(section, tmp_path):
    jobs = [
        job(section, "ana"),
        job(deadly(section, tmp_path, 1), "bea"),
        job(section, "carla"),
        job(section, "dani"),
    ]

    results = graded_by(Workers(2), jobs)

    assert [(each.student, each.status, each.core) for each in results] == [
        (student, GRADED, 10) for student in ("ana", "bea", "carla", "dani")
    ]
    assert len([*(tmp_path / "marks").iterdir()]) == 2


def test_a_submission_that_kills_its_worker_twice_gets_no_mark_and_no_zero(section, tmp_path, monkeypatch):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    ours, theirs = job(section, "ana"), job(deadly(section, tmp_path, 9), "bea")

    first, second = graded_by(Workers(1), [theirs, ours])

    assert (first.status, first.marks) == (FAULT, [])
    assert first.reason == "el proceso de corrección murió dos veces (señal 9)"
    assert [*temporary.glob("grader-*")] == []
    assert second.status == GRADED
    assert len([*(tmp_path / "marks").iterdir()]) == 2


@pytest.mark.parametrize(("times", "status"), [(1, GRADED), (9, FAULT)])
def test_a_submission_for_which_the_machine_was_too_busy_is_tried_again_alone(
    section, tmp_path, times, status
):
    text = DEADLY.replace(
        "os.kill(os.getpid(), signal.SIGKILL)",
        "from grader.judge.session import TOO_BUSY, JudgeFault; raise JudgeFault(TOO_BUSY)",
    )
    ours, theirs = job(section, "ana"), job(deadly(section, tmp_path, times, text), "bea")

    first, second = graded_by(Workers(2), [theirs, ours])

    assert (first.status, second.status) == (status, GRADED)
    assert ("demasiado ocupada" in first.reason) == (status == FAULT)
    assert len([*(tmp_path / "marks").iterdir()]) == 2


def stalling(section, tmp_path, stall):
    """The course whose first test lets the judge do this when the answer asks for it."""
    other = twin(section.root, tmp_path / "stalling")
    book = other.source
    test = next(cell for cell in book.cells if cell.id == "test-fetch-all-a")
    test.source = f"if run_virtual(fetch_all, [], service()).value == 'stall':\n    {stall}\n{test.source}"
    put(other.source_path, notebook_format.text(book))
    return Section(other.root, NAME)


@pytest.mark.parametrize(
    ("stall", "limits"),
    [
        ("while True: pass", {"cpu_limit": 1}),
        ("import time; time.sleep(600)", {"wall_limit": 6.0}),
        ("[bytes(1 << 28) + bytes(1) for _ in range(40)]", {}),
    ],
    ids=["time of a core", "time", "memory"],
)
def test_a_submission_that_stalls_the_judge_loses_that_cell_and_nothing_else(
    section, tmp_path, stall, limits
):
    other = stalling(section, tmp_path, stall)
    asks = json.dumps(
        written(other, fetch_all="async def fetch_all(ids, fetch):\n    return 'stall'")
    ).encode()

    first, second = graded_by(Workers(1, **limits), [job(other, "eva", asks), job(other, "ana")])

    assert {mark.grade_id: mark.earned for mark in first.marks} == {
        "test_fetch_all_a": 0,
        "test_round_trip_a": 2,
    }
    assert (first.status, second.status, second.core) == (GRADED, GRADED, 10)


def test_a_worker_with_another_course_gives_no_mark(section):
    late = replace(job(section), course="0" * 64)

    result, notebook = grade_one(late)

    assert (result.status, notebook) == (FAULT, "")
    assert "el curso no es el mismo" in result.reason


def test_a_course_that_changes_in_mid_run_gives_no_mark(section, tmp_path):
    other = twin(section.root, tmp_path / "course")
    made = job(other)
    assert grade_one(made)[0].status == GRADED

    put(other.source_path.parent / "helper.py", "x = 1")

    assert grade_one(made)[0].status == FAULT


def test_what_is_no_notebook_is_not_gradable(section):
    result, notebook = grade_one(job(section, data=b"{"))

    assert (result.status, notebook, result.marks) == (UNGRADABLE, "", [])


def test_workers_end_with_their_engine_and_with_a_killed_main_process(section, tmp_path):
    program = (
        "import asyncio, os, sys\n"
        "from grader.classroom.workers import Workers\n"
        "async def main():\n"
        "    async with Workers(2) as engine:\n"
        "        await asyncio.gather(*engine._starts)\n"
        "        print(*(worker._process.pid for worker in engine._workers), flush=True)\n"
        "        if len(sys.argv) > 1:\n"
        "            os.kill(os.getpid(), 9)\n"
        "if __name__ == '__main__':\n"
        "    asyncio.run(main())\n"
    )
    put(tmp_path / "program.py", program)
    for arguments in ([], ["killed"]):
        command = [sys.executable, str(tmp_path / "program.py"), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, cwd=HERE.parent)
        pids = [int(word) for word in done.stdout.split()]

        assert len(pids) == 2
        assert all(gone(pid) for pid in pids)


def gone(pid):
    """Wait until a process has ended."""
    for _ in range(200):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        if Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z":
            return True
        time.sleep(0.05)
    return False


def test_an_interrupt_ends_cleanly_and_says_how_to_go_on(section, tmp_path):
    root = registered(twin(section.root, tmp_path / "course")).root
    fill(Section(root, NAME))
    command = [sys.executable, str(HERE / "grade_here.py"), str(root), "--workers", "1"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=HERE.parent
    ) as process:
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        _, err = process.communicate()

    assert process.returncode == 2
    assert "Traceback" not in err, err
    assert "python3 -m grader grade --workers 1 --resume" in err
    assert grade_class(root, "--resume") == 1
    assert len(rows(root)[0]) == len(CLASS)


@pytest.fixture(scope="module")
def cluster():
    """A Dask cluster on this machine: two processes."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as made:
        yield made


def test_dask_gives_the_same_rows_though_a_worker_is_killed_in_mid_run(
    section, cluster, tmp_path, monkeypatch
):
    ours, theirs = (registered(twin(section.root, tmp_path / name)) for name in ("ours", "theirs"))
    for each in (ours, theirs):
        fill(each)
    grade_class(ours.root)
    killed = []
    take = Report.take

    def take_and_kill(self, *args, **options):
        take(self, *args, **options)
        if not killed:
            killed.append(next(iter(cluster.workers.values())).pid)
            os.kill(killed[0], signal.SIGKILL)

    monkeypatch.setattr(Report, "take", take_and_kill)

    assert grade_class(theirs.root, "--dask", cluster.scheduler_address) == 1
    assert killed
    assert rows(theirs.root) == rows(ours.root)


def test_dask_gives_no_mark_to_what_kills_its_workers(section, cluster, tmp_path):
    ours, theirs = job(section, "ana"), job(deadly(section, tmp_path, 99), "bea")

    first, second = graded_by(Cluster(cluster.scheduler_address), [theirs, ours])

    assert (first.status, first.reason) == (FAULT, "mató varias veces al trabajador de Dask")
    assert second.status == GRADED
