"""`python3 -m grader lab`: the student's copy of the notebooks, and JupyterLab opened on it."""

import argparse
import contextlib
import hashlib
import json
import os
import shutil
import socket
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from grader.cli import bootstrap, installer
from grader.cli.bootstrap import ROOT
from grader.cli.trouble import AGAIN, Arguments, Unable, typed, writing

INDEX = "indice.ipynb"
RELEASES = ".release.json"  # in work/: the hash of each release file when it was copied
# What nbgrader adds to JupyterLab for the people who grade. Validate stays: it is the student's.
TEACHING_SERVERS = ("formgrader", "assignment_list", "course_list")
GUARD = "grader.classroom.formgrader"  # escapes what the formgrader's lists do not
HIDDEN = ("notebooks", "solutions", "tests")  # where only work/ is the student's: the release, all answers
TEACHING_PLUGINS = ("formgrader", "assignment-list", "course-list", "create-assignment", "menu")


def parse(argv: list[str]) -> argparse.Namespace:
    """Read the options: `port` (int or None), `browser`, `instructor`, `prepare`. Raises Unable."""
    parser = Arguments(add_help=False, allow_abbrev=False)
    parser.add_argument("--port", type=free_port)
    parser.add_argument("--no-browser", dest="browser", action="store_false")
    parser.add_argument("--instructor", action="store_true")
    parser.add_argument("--prepare", action="store_true")
    return parser.parse_args(argv)


def free_port(text: str) -> int:
    if not (text.isdecimal() and 0 < int(text) < 65536):
        raise argparse.ArgumentTypeError(f"«{text}» no es un puerto, de 1 a 65535")
    return int(text)


def main(argv: list[str]) -> int:
    """Bring work/ up to date and serve JupyterLab until Ctrl-C; 0 when it ended well. Raises Unable."""
    options = parse(argv)
    if options.prepare:
        from jupyter_core.paths import jupyter_config_dir

        prepare(Path(jupyter_config_dir()))
        return 0
    if options.port and taken(options.port):
        raise Unable(f"El puerto {options.port} está ocupado: elige otro con --port, o quita la opción.")
    folder = ROOT
    if not options.instructor:
        folder = ROOT / "work"
        bring()
    print(f"JupyterLab se abre en {folder.name if folder != ROOT else 'la raíz del curso'}."
          " Para terminar: Ctrl-C aquí.", flush=True)  # fmt: skip
    with settings_folder(options.instructor) as settings:
        write_settings(settings, settings_files(instructor=options.instructor))
        return serve(folder, settings, options)


def bring() -> None:
    """Bring work/ up to date and tell the student."""
    with writing(ROOT):
        for line in update(ROOT / "notebooks", ROOT / "work"):
            print(line)


def prepare(settings: Path) -> None:
    """Make work/ and the settings of a JupyterLab that somebody else starts in the root, as Binder does.

    settings: the folder of Jupyter's configuration, which may have none of these files yet. Raises Unable.
    """
    files = settings_files(instructor=False, hidden=HIDDEN)
    for name, content in files.items():
        if read_table(settings / name) not in ({}, content):
            raise Unable(
                f"Ya hay otra configuración en {settings / name}: "
                f"quítala, o usa {typed()} lab, que no la toca."
            )
    bring()
    with writing(settings):
        (settings / "labconfig").mkdir(parents=True, exist_ok=True)
        write_settings(settings, files)


def taken(port: int) -> bool:
    with socket.socket() as probe:
        # As the server does: a port in TIME_WAIT is free.
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def update(release: Path, work: Path) -> list[str]:
    """Copy to `work` what it has not; touch nothing that is there. Returns lines to tell the student."""
    work.mkdir(exist_ok=True)
    known = read_table(work / RELEASES)
    new, changed = [], []
    for source in sorted(release.rglob("*")):
        name = source.relative_to(release).as_posix()
        if source.is_dir() or any(part.startswith((".", "__")) for part in Path(name).parts):
            continue
        current = hashlib.sha256(source.read_bytes()).hexdigest()
        if not (work / name).exists():
            copy(source, work / name)
            known[name] = current
            new.append(name)
        elif known.setdefault(name, current) != current:
            changed.append(name)
    write(work / RELEASES, json.dumps(known, indent=1, sort_keys=True) + "\n")
    return tell(new, changed)


def tell(new: list[str], changed: list[str]) -> list[str]:
    lines = []
    if new:
        lines.append(f"Copiado a work/: {', '.join(new)}.")
    if changed:
        lines.append(
            f"Hay versión nueva de {', '.join(changed)}; lo tuyo en work/ no se toca. "
            "Para tenerla, cambia de nombre tu archivo y repite la orden."
        )
    return lines


def read_table(file: Path) -> dict[str, str]:
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_name(f".{target.name}.{os.getpid()}")
    shutil.copyfile(source, half)
    half.replace(target)


def write(file: Path, text: str) -> None:
    half = file.with_name(f"{file.name}.{os.getpid()}")
    half.write_text(text, encoding="utf-8")
    half.replace(file)


@contextlib.contextmanager
def settings_folder(instructor: bool) -> Iterator[Path]:
    """Our own Jupyter configuration folder: kept in our `.venv`, else made for this run."""
    if bootstrap.ours():
        folder = bootstrap.here() / installer.STATE / ("instructor" if instructor else "student")
        with writing(ROOT):
            (folder / "labconfig").mkdir(parents=True, exist_ok=True)
        yield folder
    else:
        with tempfile.TemporaryDirectory(prefix="asyncio-a-fondo-") as name:
            (Path(name) / "labconfig").mkdir()
            yield Path(name)


def settings_files(*, instructor: bool, hidden: Iterable[str] = ()) -> dict[str, dict[str, Any]]:
    """Return the content of Jupyter's settings by file. hidden: names that its lists of files leave out."""
    servers = {f"nbgrader.server_extensions.{name}": instructor for name in TEACHING_SERVERS}
    if instructor:
        servers[GUARD] = True
    off_plugins = {f"@jupyter/nbgrader:{name}": not instructor for name in TEACHING_PLUGINS}
    quiet = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}
    server: dict[str, Any] = {"ServerApp": {"jpserver_extensions": servers}}
    if hidden:
        server["ContentsManager"] = {"hide_globs": ["__pycache__", "*~", *hidden]}
    return {
        "jupyter_server_config.json": server,
        "labconfig/page_config.json": {"disabledExtensions": off_plugins},
        "labconfig/default_setting_overrides.json": quiet,
    }


def write_settings(folder: Path, files: dict[str, dict[str, Any]]) -> None:
    for name, content in files.items():
        write(folder / name, json.dumps(content, indent=1) + "\n")


def serve(folder: Path, settings: Path, options: argparse.Namespace) -> int:
    others = os.environ.get("JUPYTER_CONFIG_PATH")
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join([str(settings), *([others] if others else [])])
    os.chdir(ROOT)  # where nbgrader and its formgrader look for nbgrader_config.py
    flags = [
        f"--ServerApp.root_dir={folder}",
        f"--ServerApp.open_browser={options.browser}",
        "--ServerApp.answer_yes=True",  # one Ctrl-C ends it, without a question
        "--ServerApp.allow_root=True",  # in a container there is often nobody else
    ]
    if (folder / INDEX).is_file():
        flags.append(f"--LabApp.default_url=/lab/tree/{INDEX}")
    if options.port:
        flags += [f"--ServerApp.port={options.port}", "--ServerApp.port_retries=0"]
    try:
        from jupyterlab.labapp import LabApp

        LabApp.launch_instance(argv=flags)
    except KeyboardInterrupt:
        return 0
    except SystemExit as end:
        if end.code:
            raise Unable(f"JupyterLab no pudo arrancar (arriba dice por qué): corrígelo y {AGAIN}.") from end
    return 0
