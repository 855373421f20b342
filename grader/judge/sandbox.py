"""Where a submission's child runs: in a bubblewrap sandbox, or, only when asked to by name, without one.

Inside there is a read-only system, Python, this package, the section's modules, an empty home of bounded
size, a network of its own with nothing on it but loopback, and no other process. Limits are set by the child
before it reads a line of the submission; the memory of all its processes together is watched from outside.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path

from grader.cli.trouble import Unable
from grader.judge import seccomp

GIB, MIB = 1 << 30, 1 << 20
_SCRATCH = ("tmp", "dev/shm")


@dataclass(frozen=True)
class Limits:
    """memory: bytes of a process and of all together; scratch: bytes of its home; seconds: of one core.

    What a loaded cell may leave behind, so that the graded cells below it still find room: held bytes,
    kept processes and threads, kept open files. sockets: of all processes together, whose buffers are the
    kernel's memory.
    """

    memory: int = 3 * GIB // 2
    processes: int = 96  # threads count
    file_size: int = 32 * MIB
    scratch: int = 64 * MIB
    open_files: int = 512
    files: int = 20_000
    seconds: int = 120
    held: int = GIB
    kept_processes: int = 40
    kept_files: int = 256
    sockets: int = 800

    def to_text(self) -> str:
        return json.dumps(asdict(self))

    @staticmethod
    def from_text(text: str) -> Limits:
        return Limits(**json.loads(text))

    def apply(self) -> None:
        """Put this process and all that it starts under the limits."""
        import resource

        for name, value in {
            "RLIMIT_AS": self.memory,
            "RLIMIT_NPROC": self.processes,
            "RLIMIT_FSIZE": self.file_size,
            "RLIMIT_NOFILE": self.open_files,
            "RLIMIT_CPU": self.seconds,
            "RLIMIT_CORE": 0,
        }.items():
            resource.setrlimit(getattr(resource, name), (value, value))
        os.nice(5)  # the judge goes first


def memory_of(pid: int) -> int:
    """Return the bytes that a process holds; pages that several processes share are split among them.

    Counted are private pages and shared memory, also of MAP_SHARED; programs and libraries are not.
    """
    try:
        lines = Path("/proc", str(pid), "smaps_rollup").read_text().splitlines()
    except PermissionError:  # the process made itself unreadable: count all that it maps
        return _resident(pid)
    except OSError:  # it has ended
        return 0
    held = dict(line.split()[:2] for line in lines[1:])
    return 1024 * (int(held.get("Pss_Anon:", held.get("Pss:", 0))) + int(held.get("Pss_Shmem:", 0)))


def files_of(pids: Sequence[int]) -> int:
    """Return how many files and folders stand where processes may write; 0 where that is unknown.

    pids: the outermost first. Looked at is the innermost that has not ended.
    """
    for pid in reversed(pids):
        with contextlib.suppress(OSError):
            inside = [os.statvfs(Path("/proc", str(pid), "root", name)) for name in _SCRATCH]
            if inside[0].f_fsid != os.statvfs("/tmp").f_fsid:
                return sum(each.f_files - each.f_ffree for each in inside)
    return 0


def sockets_of(pid: int) -> int:
    """Return how many sockets a process holds."""
    found = 0
    with contextlib.suppress(OSError):
        for fd in os.listdir(f"/proc/{pid}/fd"):
            with contextlib.suppress(OSError):
                found += os.readlink(f"/proc/{pid}/fd/{fd}").startswith("socket:")
    return found


def _resident(pid: int) -> int:
    try:
        fields = Path("/proc", str(pid), "statm").read_text().split()
    except OSError:
        return 0
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE")


PACKAGE = Path(__file__).resolve().parents[1]
COURSE = PACKAGE.parent
NO_SANDBOX = "SIN SANDBOX: el código de las entregas se ejecuta como un programa cualquiera de esta máquina"
UNSAFE = "o acepta el riesgo con --unsafe-no-sandbox"
INSTALL = (
    "instala bubblewrap (Debian y Ubuntu: sudo apt install bubblewrap; Fedora: sudo dnf install bubblewrap)"
)
ELSEWHERE = "corrige en Linux con bubblewrap (en Windows, WSL2; en macOS, una máquina virtual)"
APPARMOR = (
    "permite a bwrap crear espacios de nombres de usuario "
    "(Ubuntu 24.04: un perfil de AppArmor para /usr/bin/bwrap con «userns,»)"
)

_SYSTEM = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
TMP = "/tmp"
HOME = "/tmp/home"  # empty, whatever of the machine lies below /tmp
_OUTSIDER = 65534  # nobody: root has no limit on processes, so what root starts runs as somebody else
_SHARED_FOLDERS = ("/usr/local/share/nbgrader", "/usr/share/nbgrader")  # where an exchange may lie
_PROBE = """
import os
assert os.getuid() != 0 and not os.path.exists({course!r}), "isolation"
networks = [line.split(":")[0].strip() for line in open("/proc/net/dev").readlines()[2:]]
assert networks in ([], ["lo"]), "network"
import grader.judge.child
print("ready")
"""


class NoSandbox(Unable):
    """There is no sandbox on this machine; nothing was executed."""


@dataclass(frozen=True)
class Bare:
    """Starts a child as a plain process, which may do whatever its user may."""

    sandboxed: bool = False
    limits: Limits | None = None

    def start(self, home: Path) -> subprocess.Popen[bytes]:
        """Start a child in the folder `home`, whose `modules` it may import."""
        keep = ("PATH", "SYSTEMROOT", "LANG", "LC_ALL")
        kept = {name: os.environ[name] for name in keep if name in os.environ}
        modules = os.pathsep.join((str(COURSE), str(home / "modules")))
        return _popen(_child(None), cwd=home, env=kept | _environment(modules, str(home)))


@dataclass(frozen=True)
class Bubblewrap:
    """Starts a child in a sandbox. program: the path of bwrap."""

    program: str
    limits: Limits = field(default_factory=Limits)
    sandboxed: bool = True

    def start(self, home: Path) -> subprocess.Popen[bytes]:
        """Start a child; of the folder `home` it sees a read-only `modules`."""
        return self.run(home, _child(self.limits))

    def run(self, home: Path, command: list[str]) -> subprocess.Popen[bytes]:
        """Start any command in the sandbox."""
        (home / "hosts").write_text("127.0.0.1 localhost\n::1 localhost\n", encoding="ascii")
        (home / "filter").write_bytes(seccomp.program())
        binds = _binds(home)
        with (home / "filter").open("rb") as calls:
            outer = []
            if os.geteuid() == 0:
                outer = self._as_somebody_else(binds)
                binds = {inside: inside for inside in binds}  # that room has them in their places
            guard = ["--seccomp", str(calls.fileno())]
            inner = [self.program, *_isolation(), *guard, *self._view(binds)]
            return _popen([*outer, *inner, *command], pass_fds=(calls.fileno(),), env={})

    def _view(self, binds: dict[str, str]) -> list[str]:
        """What the child sees."""
        scratch = ["--perms", "0700", "--size", str(self.limits.scratch), "--tmpfs"]
        files = [
            *("--proc", "/proc", "--dev", "/dev"),
            *(*scratch, "/dev/shm", *scratch, TMP, *_mounted(binds)),
            *("--perms", "0700", "--dir", HOME, "--chdir", HOME),
            *("--remount-ro", "/dev", "--remount-ro", "/"),
        ]
        given = _environment("/course:/course/modules", HOME)
        names = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "2"} | given
        return files + [word for name, value in names.items() for word in ("--setenv", name, value)]

    def _as_somebody_else(self, binds: dict[str, str]) -> list[str]:
        """Root first makes a room in which somebody else can open the files, then goes on as that user.

        The room has a process tree of its own: root without capabilities may not end another user's process,
        but the kernel ends the tree with its first one.
        """
        room = [self.program, "--unshare-pid", "--die-with-parent", "--tmpfs", TMP, *_mounted(binds)]
        room += ["--bind", "/proc", "/proc", "--dev-bind", "/dev", "/dev"]
        ids = [f"--reuid={_OUTSIDER}", f"--regid={_OUTSIDER}", "--clear-groups"]
        return [*room, "setpriv", *ids]


Launch = Bare | Bubblewrap


def find(*, unsafe: bool = False) -> Launch:
    """Return how children are started on this machine. Raises NoSandbox where they would not be shut in.

    unsafe: start them as plain processes instead; whoever asks for it must tell so on each run.
    """
    return Bare() if unsafe else _probed()


@cache
def _probed() -> Bubblewrap:
    """Try the sandbox out: that bwrap is installed says nothing about whether it may work."""
    if not sys.platform.startswith("linux"):
        raise NoSandbox(f"Aquí no hay sandbox para las entregas: {ELSEWHERE} {UNSAFE}.")
    if not seccomp.program():
        machine = platform.machine()
        raise NoSandbox(f"El sandbox no conoce el procesador {machine}: corrige en x86-64 o ARM64 {UNSAFE}.")
    program = shutil.which("bwrap")
    if program is None:
        raise NoSandbox(f"Falta el sandbox de las entregas: {INSTALL} {UNSAFE}.")
    exposed = [str(path) for path in _visible() if COURSE.is_relative_to(path)]
    if exposed:
        raise NoSandbox(
            f"El curso está dentro de {exposed[0]}, que las entregas ven: muévelo a otra carpeta."
        )
    launch = Bubblewrap(program)
    said = _try_out(launch)
    if said != "ready":
        raise NoSandbox(f"El sandbox no funciona ({said}): {APPARMOR} {UNSAFE}.")
    return launch


def _try_out(launch: Bubblewrap) -> str:
    import tempfile

    with tempfile.TemporaryDirectory(prefix="grader-") as folder:
        (Path(folder) / "modules").mkdir()
        probe = _PROBE.format(course=str(COURSE / "solutions"))
        with launch.run(Path(folder), [sys.executable, "-c", probe]) as process:
            out, err = process.communicate(timeout=30)
    lines = (out or err).decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else f"código {process.returncode}"


def _child(limits: Limits | None) -> list[str]:
    given = [] if limits is None else [limits.to_text()]
    return [sys.executable, "-m", "grader.judge.child", *given]


def _environment(modules: str, home: str) -> dict[str, str]:
    return {"PYTHONPATH": modules, "PYTHONSAFEPATH": "1", "PYTHONHASHSEED": "0", "HOME": home}


def _popen(command: list[str], **options: object) -> subprocess.Popen[bytes]:
    pipe = subprocess.PIPE
    process: subprocess.Popen[bytes] = subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=os.name == "posix", **options
    )  # type: ignore[call-overload]
    return process


def _isolation() -> list[str]:
    words = "--unshare-all --unshare-user --disable-userns --die-with-parent --new-session --clearenv"
    return [*words.split(), "--uid", "1000", "--gid", "1000", "--hostname", "sandbox"]


def _visible() -> list[Path]:
    """The folders of the machine that the sandbox shows: the system and Python."""
    prefixes = {Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve()}
    return [Path("/usr"), *sorted(path for path in prefixes if not path.is_relative_to("/usr"))]


def _binds(home: Path) -> dict[str, str]:
    """The read-only part, path inside -> path here: system, Python, this package, the section's modules."""
    system = [Path("/", name) for name in _SYSTEM]
    shown = [*_visible(), *(path for path in system if path.is_dir() and not path.is_symlink())]
    cache = [Path("/etc/ld.so.cache")]
    return {str(path): str(path) for path in [*shown, *filter(Path.exists, cache)]} | {
        "/etc/hosts": str(home / "hosts"),
        "/course/grader": str(PACKAGE),
        "/course/modules": str(home / "modules"),
    }


def _mounted(binds: dict[str, str]) -> Iterator[str]:
    """Mount them; the folders above are made by name, else bwrap makes them so that only root may pass."""
    parents = {parent for inside in binds for parent in Path(inside).parents if parent != Path("/")}
    for parent in sorted(parents):
        yield from ("--perms", "0755", "--dir", str(parent))
    for inside, here in binds.items():
        yield from ("--ro-bind", here, inside)
    for path in (Path("/", name) for name in _SYSTEM):
        if path.is_symlink():
            yield from ("--symlink", str(path.readlink()), str(path))
    for folder in filter(os.path.isdir, _SHARED_FOLDERS):
        yield from ("--tmpfs", folder, "--remount-ro", folder)
