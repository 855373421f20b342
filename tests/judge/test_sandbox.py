"""The sandbox: what a submission sees, may use and leaves behind. Everything here runs for real, in bubblewrap."""

import json
import os
import platform
import select
import socket
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from course import course, submission

from grader.judge import sandbox, seccomp
from grader.judge.judge import grade
from grader.judge.sandbox import Limits
from grader.judge.session import Session
from grader.loop.stopwatch import family

try:
    LAUNCH = sandbox.find()
except sandbox.NoSandbox as reason:
    pytest.skip(f"NOT TESTED: {reason}", allow_module_level=True)

LIMITED = """
import errno, json, mmap, os, socket, sys
from grader.judge.sandbox import Limits
Limits.from_text(sys.argv[1]).apply()
def error_of(call, *args, **options):
    try:
        call(*args, **options)
    except OSError as error:
        return errno.errorcode[error.errno]
    return None
"""


def inside(program, limits=None, launch=LAUNCH):
    """What a Python program in the sandbox assigns to `result`, under the limits of a child."""
    text = f"{LIMITED}\n{program}\nprint(json.dumps(result))"
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "modules").mkdir()
        command = [sys.executable, "-c", text, (limits or Limits()).to_text()]
        with launch.run(Path(folder), command) as process:
            out, err = process.communicate()
    assert process.returncode == 0, err.decode()
    return json.loads(out)


def test_of_the_machine_there_is_a_system_python_and_this_package():
    seen = inside(
        "result = {path: sorted(os.listdir(path)) for path in ('/course', '/etc', '.', '/course/modules')}"
    )

    assert seen == {
        "/course": ["grader", "modules"],
        "/etc": [name for name in ("hosts", "ld.so.cache") if name == "hosts" or Path("/etc", name).exists()],
        ".": [],
        "/course/modules": [],
    }


@pytest.mark.parametrize("path", ["solutions", "notebooks", "tests", ".git", ".nbgrader", "README.md"])
def test_nothing_of_the_course_is_there(path):
    assert inside(f"result = os.path.exists({str(sandbox.COURSE / path)!r})") is False


def test_the_home_of_whoever_grades_is_not_there(tmp_path):
    for place in (Path.home(), tmp_path):
        (place / ".grader-test").write_text("secret")
    try:
        places = [str(place / ".grader-test") for place in (Path.home(), tmp_path)]
        assert inside(f"result = [os.path.exists(path) for path in {places}]") == [False, False]
    finally:
        (Path.home() / ".grader-test").unlink()


def test_the_environment_is_named_word_by_word(monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "x")

    assert set(inside("result = list(os.environ)")) <= {
        *("PATH", "LANG", "HOME", "PWD", "MALLOC_ARENA_MAX"),
        *("PYTHONPATH", "PYTHONSAFEPATH", "PYTHONHASHSEED"),
    }


def test_it_is_an_ordinary_user_without_capabilities_among_its_own_processes():
    status = inside("result = open('/proc/self/status').read()")
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)

    assert fields["Uid"].split() == ["1000"] * 4
    assert [int(fields[name], 16) for name in ("CapEff", "CapPrm", "CapBnd")] == [0, 0, 0]
    assert fields["NoNewPrivs"] == "1"
    assert inside("result = [name for name in os.listdir('/proc') if name.isdigit()]") == ["1", "2"]


def test_only_its_home_can_be_written_and_only_so_much():
    full = """
def fill(folder):
    taken = 0
    for number in range(100):
        try:
            with open(f"{folder}/{number}", "wb", buffering=0) as file:
                while True:
                    taken += file.write(b"x" * 100_000)
        except OSError as error:
            if error.errno == errno.ENOSPC:
                return taken
places = ["/", "/course", "/course/grader", "/course/modules", "/usr", "/etc", "/dev", "/proc"]
result = [error_of(open, f"{place}/x", "w") for place in places], fill("/tmp"), fill("/dev/shm")
"""
    limits = Limits(scratch=8 << 20, file_size=3 << 20)
    refused, home, shared = inside(full, limits, sandbox.Bubblewrap(LAUNCH.program, limits))

    assert set(refused) <= {"EROFS", "EACCES", "ENOENT", "EPERM"}
    assert [home, shared] == [8 << 20, 8 << 20]


def test_a_large_file_is_refused():
    program = """
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
result = error_of(os.truncate, os.open("/tmp/x", os.O_CREAT | os.O_WRONLY), 33 << 20)
"""
    assert inside(program) == "EFBIG"


def test_its_network_is_its_own_loopback():
    with socket.socket() as server, socket.socket(socket.AF_UNIX) as local:
        server.bind(("127.0.0.1", 0))
        server.listen()
        local.bind("\0grader-test")
        local.listen()
        program = f"""
own = socket.create_server(("127.0.0.1", 0))
outside = socket.socket(), socket.socket(socket.AF_INET6), socket.socket(socket.AF_UNIX), socket.socket()
goals = ("127.0.0.1", {server.getsockname()[1]}), ("2001:db8::1", 80), "\\0grader-test", ("192.0.2.1", 80)
result = [error_of(s.connect, goal) for s, goal in zip(outside, goals)]
result.append(error_of(socket.create_connection, own.getsockname()))
try:
    socket.getaddrinfo("example.org", 80)
except socket.gaierror:
    result.append("no names")
result += [error_of(socket.socket, family, socket.SOCK_STREAM) for family in (socket.AF_VSOCK, socket.AF_NETLINK)]
"""
        assert inside(program) == [
            *("ECONNREFUSED", "ENETUNREACH", "ECONNREFUSED", "ENETUNREACH"),
            None,
            "no names",
            *("EAFNOSUPPORT", "EAFNOSUPPORT"),
        ]


def test_memory_that_no_limit_counts_and_doors_of_the_kernel_are_refused():
    program = """
import ctypes
def error_number(call, *args):
    call.restype = ctypes.c_int
    return errno.errorcode.get(ctypes.get_errno(), "") if call(*args) == -1 else None
libc = ctypes.CDLL(None, use_errno=True)
result = [
    error_of(os.memfd_create, "x"),
    error_of(mmap.mmap, -1, 4096),
    error_number(libc.shmget, 0, 4096, 0o1600),
    error_number(libc.unshare, 0x10000000),
    error_number(libc.ptrace, 0, 0, 0, 0),
    error_of(os.posix_fadvise, 0, 0, 0, os.POSIX_FADV_DONTNEED),
    error_of(os.preadv, 0, [bytearray(1)], 0, os.RWF_NOWAIT),
]
private = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
"""
    assert inside(program) == ["EPERM"] * 7


def test_all_its_processes_stay_in_one_session_and_whoever_asks_for_another_goes_on():
    """The kernel may share the processors out between sessions: /proc/PID/autogroup."""
    program = """
import subprocess
told = "import os; os.setpgid(0, 0); os.setsid(); print(os.getsid(0))"
done = subprocess.run([sys.executable, "-c", told], start_new_session=True, capture_output=True, text=True)
result = [int(done.stdout), os.getsid(0)]
"""
    ours, theirs = inside(program)

    assert ours == theirs


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_filter_jumps_forward_to_its_own_steps_and_ends(machine):
    steps = list(struct.iter_unpack("<HBBI", seccomp.program(machine)))
    ends = [i for i, step in enumerate(steps) if step[0] == 0x06]

    for at, (code, yes, no, _) in enumerate(steps):
        if code & 0x07 == 0x05:
            assert max(at + 1 + yes, at + 1 + no) < len(steps)
    assert ends[-1] == len(steps) - 1
    assert seccomp.program("unknown") == b""


def test_one_process_cannot_take_more_memory_than_it_may():
    assert inside("try:\n    bytearray(3 << 30)\nexcept MemoryError:\n    result = 'refused'") == "refused"


FORKS = """
import time
count = 0
while count < 1000:
    try:
        if os.fork() == 0:
            time.sleep(600)
    except BlockingIOError:
        break
    count += 1
result = count
"""


def test_it_may_start_so_many_processes_and_no_more():
    assert 0 < inside(FORKS) < Limits().processes


def bodies(body):
    return submission(f"async def fetch_all(ids, fetch):\n    import os\n{body}")


def points(notebook):
    return {verdict.grade_id: verdict.earned for verdict in grade(course(), notebook, launch=LAUNCH)}


def test_the_memory_of_all_its_processes_together_is_bounded():
    body = """
    for _ in range(12):
        if os.fork() == 0:
            held = bytearray(os.urandom(1 << 20)) * 400
            break
    os.read(os.pipe()[0], 1)"""
    verdicts = {verdict.grade_id: verdict for verdict in grade(course(), bodies(body), launch=LAUNCH)}

    assert verdicts["test_fetch_all_a"].earned == 0
    assert "pasó el límite de memoria (1.5 GB)" in verdicts["test_fetch_all_a"].full
    assert verdicts["test_round_trip_a"].earned == 3


HOLDS = {
    "processes": FORKS,
    "memory": "held = bytearray(os.urandom(1 << 20)) * 1100\nresult = len(held)\nimport time",
}


@pytest.mark.parametrize("attack", HOLDS.values(), ids=HOLDS)
def test_a_neighbour_is_unharmed_while_one_has_all_that_it_may_have(attack):
    """The second one runs from beginning to end while the first holds its processes, or its memory."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "modules").mkdir()
        program = f"{LIMITED}\n{attack}\nprint(result, flush=True)\ntime.sleep(600)"
        attacker = LAUNCH.run(Path(folder), [sys.executable, "-c", program, Limits().to_text()])
        with attacker:
            assert int(attacker.stdout.readline()) > 0
            assert points(submission()) == {"test_fetch_all_a": 2, "test_round_trip_a": 3}
            attacker.kill()


class Ends:
    """Waits for the ends of processes by their descriptors, not by looking again and again."""

    def __init__(self, pids):
        self.opened = [os.pidfd_open(pid) for pid in pids]

    def all_within(self, seconds):
        for descriptor in self.opened:
            poll = select.poll()
            poll.register(descriptor, select.POLLIN)
            if not poll.poll(1000 * seconds):
                return False
        return True


DETACHED = """import os, time
if os.fork() == 0:
    os.setpgid(0, 0)
    if os.fork() == 0:
        time.sleep(600)
    os._exit(0)"""


def load(session, source):
    from grader.judge.session import Cell

    return session.load(Cell("cell", source, True))


def test_no_process_is_left_after_a_session():
    with Session(LAUNCH) as session:
        load(session, DETACHED)
        ends = Ends(family(session.line.pid))

    assert len(ends.opened) >= 4  # bubblewrap's own, the child, and the one that went away
    assert ends.all_within(10)


GRADER = """
import os, sys, tempfile, time
from pathlib import Path
from grader.judge import sandbox
from grader.loop.stopwatch import family
stubborn = "import os, time; os.fork(); print(1, flush=True); time.sleep(600)"  # it reads nothing, and stays
with tempfile.TemporaryDirectory() as folder:
    (Path(folder) / "modules").mkdir()
    child = sandbox.find().run(Path(folder), [sys.executable, "-c", stubborn])
    child.stdout.readline()
    child.stdout.readline()
    print(*family(child.pid), flush=True)
    time.sleep(600)
"""


def test_no_process_is_left_when_the_grader_itself_is_killed(tmp_path):
    grader = subprocess.Popen(
        [sys.executable, "-c", GRADER],
        stdout=subprocess.PIPE,
        cwd=sandbox.COURSE,
        env=os.environ | {"TMPDIR": str(tmp_path)},
    )
    with grader:
        ends = Ends(map(int, grader.stdout.readline().split()))
        grader.kill()

    assert len(ends.opened) >= 4
    assert ends.all_within(10)


ORDINARY = f"""
import os, select, subprocess, sys
from grader.judge.judge import grade
from course import course, submission
assert os.getuid() == 65534
forks = "async def fetch_all(ids, fetch):\\n    import os\\n    n = 0\\n    while n < 500:\\n        n += 1\\n"
forks += "        if os.fork() == 0: os.read(os.pipe()[0], 1)\\n"
bomb = grade(course(), submission(forks))
print([mark.earned for mark in grade(course(), submission())], [mark.earned for mark in bomb], bomb[0].full)
grader = subprocess.Popen([sys.executable, "-c", {GRADER!r}], stdout=subprocess.PIPE)
ends = [os.pidfd_open(int(pid)) for pid in grader.stdout.readline().split()]
grader.kill()
for end in ends:
    poll = select.poll()
    poll.register(end, select.POLLIN)
    print("ended" if poll.poll(10_000) else "left")
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="all tests here run as an ordinary user already")
def test_it_works_for_an_ordinary_user_too():
    """In a room where somebody else can open this Python, which may lie in root's home."""
    hidden = {path for path in Path(sys.base_prefix).parents if not path.stat().st_mode & 0o001}
    words = ["--dev-bind", "/", "/"]
    for parent in sorted(hidden):
        words += ["--perms", "0755", "--tmpfs", str(parent)]
    if hidden:
        for parent in reversed(Path(sys.base_prefix).parents):
            words += ["--perms", "0755", "--dir", str(parent)] if parent.is_relative_to(min(hidden)) else []
        words += ["--ro-bind", sys.base_prefix, sys.base_prefix]
    command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", sys.executable, "-c", ORDINARY]
    path = os.pathsep.join((str(sandbox.COURSE), str(sandbox.COURSE / "tests")))
    done = subprocess.run(
        [LAUNCH.program, *words, *command],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        cwd="/",
    )

    assert done.stdout.startswith("[2, 3] [0.0, 3]"), done.stderr
    assert "BlockingIOError" in done.stdout
    assert done.stdout.count("ended") >= 3
    assert "left" not in done.stdout


def test_where_bubblewrap_may_not_work_nothing_runs_and_the_reason_is_said():
    """Inside a sandbox no second one can be made: a machine that forbids user namespaces, for real."""
    program = """
from grader.judge import sandbox
try:
    sandbox.find()
except sandbox.NoSandbox as reason:
    result = str(reason)
"""
    said = inside(program)

    assert said.startswith("El sandbox no funciona (bwrap: ")
    assert "AppArmor" in said
    assert said.endswith("o acepta el riesgo con --unsafe-no-sandbox.")


def finds(monkeypatch, **changes):
    for name, value in changes.items():
        monkeypatch.setattr(*value) if name == "attribute" else monkeypatch.setenv(name, value)
    sandbox._probed.cache_clear()
    try:
        return sandbox.find()
    finally:
        sandbox._probed.cache_clear()


def test_where_bubblewrap_is_missing_it_says_how_to_install_it(monkeypatch, tmp_path):
    with pytest.raises(sandbox.NoSandbox, match=r"instala bubblewrap .* --unsafe-no-sandbox\.$"):
        finds(monkeypatch, PATH=str(tmp_path))


def test_on_other_systems_it_says_where_to_grade(monkeypatch):
    with pytest.raises(sandbox.NoSandbox, match=r"corrige en Linux .* WSL2"):
        finds(monkeypatch, attribute=(sys, "platform", "darwin"))


def test_a_processor_whose_system_calls_are_not_known_is_told_not_trusted(monkeypatch):
    with pytest.raises(sandbox.NoSandbox, match=r"no conoce el procesador riscv64.* --unsafe-no-sandbox\.$"):
        finds(monkeypatch, attribute=(platform, "machine", lambda: "riscv64"))


def test_a_course_that_submissions_would_see_is_refused(monkeypatch):
    with pytest.raises(sandbox.NoSandbox, match=r"El curso está dentro de /usr.* muévelo"):
        finds(monkeypatch, attribute=(sandbox, "COURSE", Path("/usr/share/course")))


def test_only_who_asks_for_it_by_name_gets_a_plain_process():
    assert sandbox.find().sandboxed is True
    assert sandbox.find(unsafe=True).sandboxed is False
