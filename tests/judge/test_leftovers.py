"""What a loaded cell leaves behind costs itself: it is named, and the rest is graded without it."""

import re
from copy import deepcopy

import pytest
from course import FETCH_ALL, course, submission

from grader.judge import sandbox, session
from grader.judge.judge import grade
from grader.judge.session import Session
from grader.loop.stopwatch import family

RIGHT = "async def fetch_all(ids, fetch):\n    return await asyncio.gather(*(fetch(i) for i in ids))"
FULL = {"test_fetch_all_a": 2, "test_round_trip_a": 3}

# What stands in a cell of the student's above the exercises, and what is said of whoever needs its name.
LEFTOVERS = {
    "1.4 GB": ("held = bytearray(1_400_000_000)\nheld[::4096] = bytes(len(held[::4096]))", "MB de memoria"),
    # To fill the memory takes longer than a cell may on a machine that is slow at that.
    "memory for ever": (
        "held = []\nwhile True: held.append(bytearray(b'x') * 10_000_000)",
        "MB de memoria|no terminó en 3 s",
    ),
    "memory for ever, caught": (
        "held = []\ntry:\n    while True: held.append(bytearray(b'x') * 10_000_000)\nexcept MemoryError: pass",
        "MB de memoria|límite de memoria|no terminó en 3 s",
    ),
    "shared memory": (
        "import mmap, os\nheld = mmap.mmap(os.open('/dev/zero', os.O_RDWR), 2_100_000_000, mmap.MAP_SHARED)\n"
        "held[::4096] = bytes(len(held[::4096]))",
        "memoria|MemoryError|Cannot allocate",
    ),
    "64 sleeping threads": (
        "import threading, time\n"
        "for _ in range(64): threading.Thread(target=time.sleep, args=(600,), daemon=True).start()",
        r"deja \d+ hilos o procesos en marcha",
    ),
    "50 processes": (
        "import subprocess\nfor _ in range(50): subprocess.Popen(['sleep', '600'])",
        r"deja \d+ hilos o procesos en marcha",
    ),
    "open files": ("held = [open('/dev/null') for _ in range(400)]", r"deja \d+ ficheros abiertos"),
    "no files any more": (
        "import resource\nresource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))",
        "ficheros abiertos|protocolo|terminó",
    ),
}


@pytest.mark.parametrize("source", [source for source, _ in LEFTOVERS.values()], ids=LEFTOVERS)
def test_what_a_cell_leaves_behind_costs_no_exercise(source):
    found = {v.grade_id: v.earned for v in grade(course(), submission(RIGHT, added=[source]))}

    assert found == FULL


@pytest.mark.parametrize(("source", "said"), LEFTOVERS.values(), ids=LEFTOVERS)
def test_an_answer_in_such_a_cell_is_told_what_it_leaves(source, said):
    first, second = grade(course(), submission(f"{source}\n\n{RIGHT}"))

    assert (first.earned, second.earned) == (0, 3)
    assert "tu notebook no define `fetch_all`: su celda" in first.full
    assert re.search(said, first.full), first.full


def test_600_mb_held_above_an_exercise_cost_nothing():
    held = "held = bytearray(600_000_000)\nheld[::4096] = bytes(len(held[::4096]))"

    assert {v.grade_id: v.earned for v in grade(course(), submission(RIGHT, added=[held]))} == FULL


def test_an_innocent_pool_costs_nothing():
    pool = "from concurrent.futures import ThreadPoolExecutor\npool = ThreadPoolExecutor(16)\nlist(pool.map(str, range(99)))"

    assert {v.grade_id: v.earned for v in grade(course(), submission(RIGHT, added=[pool]))} == FULL


# A hidden case has arguments of its own; what a cell keeps of them must not reach a message of another.
KEEPS = {
    "a file": ("", "open('/tmp/home/kept', 'a').write(repr(ids))", "open('/tmp/home/kept').read()"),
    "a file in its folder": ("", "open('kept', 'a').write(repr(ids))", "open('kept').read()"),
    "a pipe": (
        "import os\nends = os.pipe()\nos.set_blocking(ends[0], False)",
        "os.write(ends[1], repr(ids).encode())",
        "os.read(ends[0], 999)",
    ),
    "shared memory": (
        "import mmap, os\nkept = mmap.mmap(os.open('/dev/zero', os.O_RDWR), 4096, mmap.MAP_SHARED)",
        "kept.write(repr(ids).encode())",
        "kept[:]",
    ),
}


@pytest.mark.parametrize(("prepare", "keep", "read"), KEEPS.values(), ids=KEEPS)
def test_no_message_can_show_what_a_hidden_case_asked(prepare, keep, read):
    reference = course()
    hidden = next(cell for cell in reference.cells if cell.id == "test-fetch-all-a")
    hidden.source = hidden.source.replace("[], fetch", "[987654], fetch").replace("value=[]", "value=[0]")
    answer = f"{prepare}\n{FETCH_ALL.replace('return', f'{keep}' + chr(10) + '    return')}"
    leak = f"async def round_trip(n):\n    raise ValueError({read})"

    verdicts = grade(reference, submission(answer, round_trip=leak))

    assert [v.earned for v in verdicts] == [0, 0]
    assert verdicts[0].hidden
    assert "987654" not in "".join(v.message + str(v.outputs) for v in verdicts)
    assert "[1, 2, 3]" in verdicts[1].full or "No such file" in verdicts[1].full


# The first hidden case breaks the protocol: with the child the forks are lost that were put aside.
BREAKS = """import os
from grader.checks.service import BOOK
async def fetch_all(ids, fetch):
    if ids == [1]:
        os.write(BOOK.get()._port._writer, b"x\\n")
        await asyncio.sleep(9)
    if ids != [1, 2, 3]:
        open("/tmp/kept", "a").write(repr(ids))
    return await asyncio.gather(*(fetch(i) for i in ids))
"""
SHOWS = """import os
async def round_trip(n):
    if os.path.exists("/tmp/kept"):
        raise ValueError(open("/tmp/kept").read())
    await asyncio.sleep(1)
    return n
"""


def test_no_message_can_show_it_though_all_forks_are_lost_that_were_put_aside(monkeypatch):
    def go_on_from(session, before):
        passed_on.append((before, session))
        original(session, before)

    original, passed_on = Session.go_on_from, []
    monkeypatch.setattr(Session, "go_on_from", go_on_from)

    def with_hidden_cases(book):
        first = next(cell for cell in book.cells if cell.id == "test-fetch-all-a")
        last = next(cell for cell in book.cells if cell.id == "test-round-trip-a")
        again = deepcopy(first)
        again.id, again.metadata.nbgrader.grade_id = "test-fetch-all-b", "test_fetch_all_b"
        book.cells.insert(book.cells.index(first) + 1, again)
        first.source = first.source.replace("[], fetch", "[1], fetch")
        again.source = again.source.replace("[], fetch", "[987654], fetch")
        last.source += f"\n### BEGIN HIDDEN TESTS\n{last.source}\n### END HIDDEN TESTS"
        return book

    reference = with_hidden_cases(course())
    verdicts = grade(reference, with_hidden_cases(submission(BREAKS, round_trip=SHOWS)))

    assert [v.earned for v in verdicts] == [0, 0, 3]
    [(_, one), (before, _)] = passed_on
    assert before is one  # or each would have as much time as the first
    assert "987654" not in "".join(v.message + str(v.outputs) for v in verdicts)


def test_what_ran_after_a_hidden_case_tells_nothing_even_by_a_way_between_sandboxes(tmp_path):
    """Here they see one folder; in a sandbox it would be a side channel of the machine."""
    way = tmp_path / "way"
    breaks = BREAKS.replace("[1]:", f"[987654]:\n        open({str(way)!r}, 'w').write(repr(ids))")
    shows = SHOWS.replace('"/tmp/kept"', repr(str(way)))
    reference = course()
    for book in (reference, merged := submission(breaks, round_trip=shows)):
        first = next(cell for cell in book.cells if cell.id == "test-fetch-all-a")
        last = next(cell for cell in book.cells if cell.id == "test-round-trip-a")
        first.source = first.source.replace("[], fetch", "[987654], fetch")
        last.source += f"\n### BEGIN HIDDEN TESTS\n{last.source}\n### END HIDDEN TESTS"

    verdicts = grade(reference, merged, launch=sandbox.find(unsafe=True))

    assert way.read_text() == "[987654]"
    assert [v.earned for v in verdicts] == [0, 0]
    assert "987654" not in "".join(v.message + str(v.outputs) for v in verdicts)
    assert "✓ 1.2 round_trip — dos vueltas" in str(verdicts[1].outputs)
    assert "987654" in verdicts[1].full


def test_waiting_for_a_disk_is_forgiven_once_for_all_cells(monkeypatch):
    """A process whose child borrows its memory waits as if for a disk; each cell has a budget of its own."""
    disks, original = [], session.Budget

    def budget(*args, disk, **options):
        disks.append(disk)
        return original(*args, disk=disk, **options)

    monkeypatch.setattr(session, "Budget", budget)
    grade(course(), submission())

    assert len(disks) > 4
    assert disks[0] is not None
    assert len({*map(id, disks)}) == 1


LIVES_ON = """import os
from grader.checks.service import BOOK
async def fetch_all(ids, fetch):
    os.write(BOOK.get()._port._writer, b'{"op":"left"}' + bytes([10]))
    while True: pass
"""


def test_a_fork_that_says_it_has_left_is_ended(monkeypatch):
    """Or it would answer for the cells below."""
    counts, original = [], Session.load

    def load(session, cell):
        counts.append(len(family(session.line.pid)))
        original(session, cell)

    monkeypatch.setattr(Session, "load", load)
    first, second = grade(course(), submission(LIVES_ON))

    assert (first.earned, second.earned) == (0, 3)
    assert counts[0] == counts[-1]  # before and after its graded cell


def test_what_would_fill_the_memory_of_the_judge_costs_that_cell_and_is_a_zero():
    fills = """import os
from grader.checks import runner
from grader.checks.service import BOOK
runner.Run._overdue, runner.CPU_LIMIT = lambda *a: "", 1e9
async def fetch_all(ids, fetch):
    port = BOOK.get()._port
    one = b"[" + b"[]," * 190_000 + b"[]]"
    line = b'{"op":"begin","service":0,"kwargs":{},"args":[' + b",".join([one] * 7) + b"]}\\n"
    for _ in range(9):
        data = line
        while data: data = data[os.write(port._writer, data):]
        port.receive()
"""

    first, second = grade(course(), submission(fills))

    assert (first.earned, second.earned) == (0, 3)
    assert "envió demasiados datos" in first.full
