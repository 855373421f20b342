"""`python3 -m grader lab`: a real JupyterLab, asked through its own API."""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from grader.cli import bootstrap
from grader.cli.lab import main
from grader.cli.trouble import Unable

TOKEN = "a-token-of-the-test"
EMPTY = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}

posix_only = pytest.mark.skipif(
    os.name == "nt", reason="Ctrl-C as a signal to one process exists on POSIX only"
)


def test_a_port_that_is_taken_is_named_before_anything_starts():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(Unable, match=f"El puerto {port} está ocupado"):
            main(["--port", str(port), "--no-browser"])


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


class Server:
    """A running `python -m grader lab` and the answers of its API."""

    def __init__(self, process, port):
        self.process = process
        self.address = f"localhost:{port}"

    def get(self, path, body=None):
        request = urllib.request.Request(
            f"http://{self.address}/{path}",
            headers={"Authorization": f"token {TOKEN}", "Content-Type": "application/json"},
            data=None if body is None else json.dumps(body).encode(),
        )
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
            return answer.read().decode()

    def status(self, path):
        try:
            self.get(path)
        except urllib.error.HTTPError as error:
            return error.code
        return 200

    def names(self):
        return sorted(entry["name"] for entry in json.loads(self.get("api/contents"))["content"])

    def disabled(self):
        page = self.get("lab").partition('<script id="jupyter-config-data" type="application/json">')[2]
        listed = json.loads(page.partition("</script>")[0])["disabledExtensions"]
        return {name for name in listed if name.startswith("@jupyter/nbgrader")}

    def run(self, code):
        """What `code` prints in a new kernel of this server."""
        import websocket

        kernel = json.loads(self.get("api/kernels", {"name": "python3"}))["id"]
        channel = websocket.create_connection(
            f"ws://{self.address}/api/kernels/{kernel}/channels?token={TOKEN}", timeout=120
        )
        content = {"code": code, "silent": False, "allow_stdin": False}
        header = {
            "msg_id": "m",
            "msg_type": "execute_request",
            "session": "s",
            "username": "",
            "version": "5.3",
        }
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
        channel.send(json.dumps({**message, "channel": "shell"}))
        printed, open_ends = "", {"execute_reply", "idle"}  # which come on two channels, in any order
        while open_ends:
            answer = json.loads(channel.recv())
            if answer["parent_header"].get("msg_id") == "m":
                content = answer["content"]
                printed += content.get("text", "") + "\n".join(content.get("traceback", []))
                open_ends -= {answer["msg_type"], content.get("execution_state")}
        channel.close()
        return printed.strip()


def environment(home):
    """The person's own Jupyter configuration neither reaches the test nor is written by it."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("JUPYTER")}
    return {**kept, "HOME": str(home), "USERPROFILE": str(home), "JUPYTER_TOKEN": TOKEN}


def lab(clone, *options, terminal=None):
    """The course's own command, with a home that is empty at first."""
    home = clone.parent / "home"
    home.mkdir(exist_ok=True)
    port = free_port()
    return served(port, clone, home, "-m", "grader", "lab", "--port", str(port), *options, terminal=terminal)


@contextlib.contextmanager
def served(port, folder, home, *command, terminal=None):
    process = subprocess.Popen(
        [sys.executable, *command, "--no-browser"],
        cwd=folder, env=environment(home), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
        stdin=subprocess.DEVNULL if terminal is None else terminal,
    )  # fmt: skip
    try:
        await_server(process, port)
        yield Server(process, port)
    finally:
        process.kill()
        process.communicate()


def await_server(process, port):
    said = []
    for line in process.stdout:
        said.append(line)
        if "is running at" in line:
            break
    # It says so some milliseconds before it listens.
    while process.poll() is None:
        with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
    pytest.fail("the server did not start:\n" + "".join(said))


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    clone = tmp_path_factory.mktemp("course") / "clone"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(bootstrap.ROOT / "grader", clone / "grader", ignore=ignored)
    shutil.copy(bootstrap.ROOT / "pyproject.toml", clone)
    (clone / "notebooks" / "03_tasks").mkdir(parents=True)
    (clone / "notebooks" / "03_tasks" / "03_tasks.ipynb").write_text(json.dumps(EMPTY))
    return clone


@pytest.fixture(scope="module")
def student(clone):
    with lab(clone) as server:
        yield server


@pytest.fixture(scope="module")
def instructor(clone):
    with lab(clone, "--instructor") as server:
        yield server


def test_a_student_sees_the_own_copy_of_the_notebooks_only(student, clone):
    assert student.names() == ["03_tasks"]
    assert (clone / "work/03_tasks/03_tasks.ipynb").exists()


def test_a_student_has_none_of_the_teachers_tools(student):
    assert student.disabled() == {
        f"@jupyter/nbgrader:{name}"
        for name in ("formgrader", "assignment-list", "course-list", "create-assignment", "menu")
    }
    assert [student.status(path) for path in ("formgrader", "formgraders", "courses")] == [404, 404, 404]


def test_a_student_keeps_the_validate_button(student):
    answer = json.loads(student.get("assignments/validate?path=03_tasks/03_tasks.ipynb", {}))

    assert answer["success"] is True
    assert "@jupyter/nbgrader:validate-assignment" not in student.disabled()


def test_no_window_asks_for_news(student):
    settings = json.loads(student.get("lab/api/settings/@jupyterlab/apputils-extension:notification"))

    assert settings["schema"]["properties"]["fetchNews"]["default"] == "false"


def test_a_kernel_imports_the_grader_of_this_folder(student, clone):
    assert student.run("import grader; print(grader.__file__)") == str(clone / "grader" / "__init__.py")


def test_a_kernel_finds_the_programs_of_the_environment_first(student):
    printed = student.run("import shutil, sys; print(shutil.which('alembic')); print(sys.executable)")

    program, interpreter = map(Path, printed.splitlines())
    assert program.parent == interpreter.parent


def test_an_instructor_gets_the_whole_course_with_every_tool(instructor):
    assert "notebooks" in instructor.names()
    assert instructor.disabled() == set()
    assert [instructor.status(path) for path in ("formgrader", "formgraders", "courses")] == [
        200,
        200,
        200,
    ]


def test_nothing_of_the_persons_own_configuration_is_written(student, instructor, clone):
    written = {file.name for file in (clone.parent / "home" / ".jupyter").rglob("*")}

    assert written <= {"migrated"}  # Jupyter's own note, made at its very first start


@pytest.fixture(scope="module")
def binder(tmp_path_factory):
    """The repository with a home of its own after postBuild, as Binder makes it."""
    course = tmp_path_factory.mktemp("binder") / "course"
    for name in ("grader", "notebooks", "solutions", "tests/answers"):
        ignored = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
        shutil.copytree(bootstrap.ROOT / name, course / name, ignore=ignored)
    for name in ("postBuild", "pyproject.toml", "nbgrader_config.py", "README.md"):
        shutil.copy(bootstrap.ROOT / name, course)
    (course.parent / "home").mkdir()
    scripts = Path(sys.executable).parent  # Binder's environment is the first on PATH
    there = environment(course.parent / "home")
    path = os.pathsep.join([str(scripts), there["PATH"]])
    subprocess.run([course / "postBuild"], cwd=course.parent, env={**there, "PATH": path}, check=True)
    return course


@pytest.fixture(scope="module")
def on_binder(binder):
    port = free_port()
    options = ["--allow-root", f"--ServerApp.port={port}", "--ServerApp.port_retries=0"]
    with served(port, binder, binder.parent / "home", "-m", "jupyterlab", *options) as server:
        yield server


@posix_only
def test_binder_opens_the_index_of_the_students_copy(on_binder):
    text = (bootstrap.ROOT / "README.md").read_text(encoding="utf-8")
    [address] = set(re.findall(r"urlpath=(lab/tree/[\w./]+)", text))

    assert address == "lab/tree/work/indice.ipynb"
    assert "# Asyncio a fondo" in on_binder.get(f"api/contents/{address.removeprefix('lab/tree/')}")
    assert on_binder.status(address) == 200


@posix_only
def test_binder_shows_the_students_copy_and_no_solutions(on_binder):
    assert "work" in on_binder.names()
    assert not {"notebooks", "solutions", "tests"} & set(on_binder.names())


@posix_only
def test_binder_has_none_of_the_teachers_tools(on_binder):
    assert len(on_binder.disabled()) == 5
    assert [on_binder.status(path) for path in ("formgrader", "formgraders", "courses")] == [404, 404, 404]


@posix_only
def test_binder_keeps_the_validate_button(on_binder):
    answer = json.loads(on_binder.get("assignments/validate?path=work/indice.ipynb", {}))

    assert answer["success"] is True


@posix_only
def test_check_and_reset_work_on_binder(binder):
    told = [
        subprocess.run(
            [sys.executable, "-m", "grader", *order], cwd=binder, env=environment(binder.parent / "home"),
            capture_output=True, encoding="utf-8", check=True,
        ).stdout
        for order in (["check", "03"], ["reset", "03", "3.1"])
    ]  # fmt: skip

    assert "○ 3.1 fetch_all" in told[0]
    assert told[1].startswith("3.1 fetch_all: ya era el esqueleto")


@posix_only
def test_postbuild_may_run_twice_and_never_over_what_is_somebodys_own(binder):
    home = binder.parent / "home"
    path = {"PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])}
    again = subprocess.run([binder / "postBuild"], env={**environment(home), **path}, capture_output=True)
    theirs = binder.parent / "theirs" / ".jupyter" / "jupyter_server_config.json"
    theirs.parent.mkdir(parents=True)
    theirs.write_text('{"ServerApp": {}}')

    refused = subprocess.run(
        [binder / "postBuild"], env={**environment(theirs.parent.parent), **path}, capture_output=True,
        encoding="utf-8",
    )  # fmt: skip

    assert again.returncode == 0
    assert refused.returncode == 2
    assert refused.stderr.startswith(f"Ya hay otra configuración en {theirs}: quítala")
    assert theirs.read_text() == '{"ServerApp": {}}'


@posix_only
@pytest.mark.parametrize("where", ["in a terminal", "without a terminal"])
def test_one_ctrl_c_ends_it_with_exit_code_0_and_no_question(clone, where):
    controller, terminal = os.openpty()
    with lab(clone, terminal=terminal if where == "in a terminal" else None) as server:
        kernel = int(server.run("import os; print(os.getpid())"))

        server.process.send_signal(signal.SIGINT)

        assert server.process.wait(timeout=60) == 0
        assert gone(kernel)
    os.close(terminal)
    os.close(controller)


def gone(pid):
    """True once no such process lives (a kernel notices within a second that its server ended)."""
    with contextlib.suppress(ProcessLookupError):
        while True:
            os.kill(pid, 0)
            state = Path(f"/proc/{pid}/stat")
            if state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z":
                return True
    return True
