"""nbgrader's other ways to the judge, in one process: formgrader, event loops, faults, and stock nbgrader beside it."""

import ast
import asyncio
import contextlib
import json
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import pytest
from course import Unstartable
from nbformat.v4 import new_output
from nbgrader.apps.api import NbGraderAPI
from small_class import (
    SEQUENTIAL,
    answered,
    api,
    course,
    feedback,
    grades_of,
    marks,
    settings,
    submit,
)
from traitlets.config import Config
from traitlets.utils.importstring import import_item
from tree import NAME, ROOT

from grader.classroom import nbgrader_steps
from grader.judge import sandbox
from grader.judge.judge import Verdict

CORE, RETO = "test_fetch_all_a", "test_round_trip_a"


@pytest.fixture(scope="module")
def section(tmp_path_factory):
    """The course, released and with a gradebook; each test submits under a name of its own."""
    section = course(tmp_path_factory.mktemp("course"))
    api(settings(section.root))
    return section


@pytest.fixture
def root(section):
    return section.root


def test_stock_nbgrader_gives_the_same_marks(section, tmp_path):
    shutil.copytree(section.root / "solutions", tmp_path / "source")
    submit(tmp_path, "right", answered(section))
    submit(tmp_path, "wrong", answered(section, fetch_all=SEQUENTIAL))
    (tmp_path / ".nbgrader" / "submitted").rename(tmp_path / "submitted")
    shutil.copy(section.root / ".nbgrader" / "gradebook.db", tmp_path)  # for its tables, which take a while
    stock = api(Config({"CourseDirectory": {"root": str(tmp_path)}}))
    ours = NbGraderAPI(config=settings(section.root))
    for student in ("right", "wrong"):
        submit(
            section.root,
            student,
            json.loads((tmp_path / "submitted" / student / NAME / f"{NAME}.ipynb").read_text()),
        )
        assert stock.autograde(NAME, student)["success"]
        assert ours.autograde(NAME, student)["success"]

    theirs = marks(tmp_path, "gradebook.db")

    assert theirs == {"right": {CORE: 10, RETO: 2}, "wrong": {CORE: 0, RETO: 2}}
    assert {student: marks(section.root)[student] for student in theirs} == theirs


def test_a_judge_that_does_not_start_gives_no_mark_and_says_so(section, root, monkeypatch):
    monkeypatch.setattr(sandbox, "find", lambda unsafe: Unstartable())
    submit(root, "fault", answered(section))
    interface = NbGraderAPI(config=settings(root))

    result = interface.autograde(NAME, "fault")

    assert grades_of(root)["fault"] == {CORE: (None, True), RETO: (None, True)}
    assert f"fault, {CORE}: sin nota: fallo de la corrección" in result["log"]
    assert interface.generate_feedback(NAME, "fault")["success"]
    assert "Falta la nota por un fallo de la corrección" in feedback(root, "fault")


def test_grading_works_inside_a_running_event_loop(section, root):
    submit(root, "pressed", answered(section))

    async def press():
        return NbGraderAPI(config=settings(root)).autograde(NAME, "pressed")

    assert asyncio.run(press())["success"]
    assert marks(root)["pressed"] == {CORE: 10, RETO: 2}


def test_points_given_by_a_person_stay_when_graded_again(section, root):
    submit(root, "again", answered(section, fetch_all=SEQUENTIAL))
    interface = NbGraderAPI(config=settings(root))
    interface.autograde(NAME, "again")
    with interface.gradebook as gradebook:
        gradebook.find_grade(CORE, NAME, NAME, "again").manual_score = 4
        gradebook.db.commit()

    interface.autograde(NAME, "again")

    with interface.gradebook as gradebook:
        assert gradebook.find_submission(NAME, "again").score == 6
    assert grades_of(root)["again"][CORE] == (0, True)


def test_a_step_that_cannot_be_imported_grades_nothing(section, root):
    submit(root, "unjudged", answered(section))
    config = settings(root)
    config.Autograde.autograde_preprocessors[0] = "grader.classroom.missing.JudgeExecute"

    result = NbGraderAPI(config=config).autograde(NAME, "unjudged")

    assert not result["success"]
    assert marks(root)["unjudged"] == {CORE: None, RETO: None}


def test_the_settings_name_classes_by_strings_that_exist_and_import_nothing_of_ours():
    config = settings(ROOT)
    lists = [
        config.GenerateAssignment.preprocessors,
        config.Autograde.sanitize_preprocessors,
        config.Autograde.autograde_preprocessors,
        config.GenerateFeedback.preprocessors,
        config.HTMLExporter.preprocessors,
        config.HTMLExporter.filters.values(),
    ]
    tree = ast.parse((ROOT / "nbgrader_config.py").read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

    assert all(isinstance(name, str) and import_item(name) for names in lists for name in names)
    assert Path(config.HTMLExporter.template_file).is_file()
    assert imported <= sys.stdlib_module_names


def test_a_verdict_without_error_output_gets_one_unless_it_is_full():
    lost, full = Verdict("a", 2, None, "fault", "no", "no"), Verdict("a", 2, 2, "passed", "", "")

    assert [output.output_type for output in nbgrader_steps.outputs(lost)] == ["error"]
    assert nbgrader_steps.outputs(full) == []


def test_stderr_and_results_of_a_verdict_are_dropped():
    stray = [
        new_output("stream", name="stderr", text="x"),
        new_output("execute_result", data={"text/plain": "1"}),
    ]

    assert nbgrader_steps.outputs(Verdict("a", 2, 2, "passed", "", "", stray)) == []


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("a\n### BEGIN HIDDEN TESTS\nb\n### END HIDDEN TESTS\nc", "a\nc"),
        ("### BEGIN HIDDEN TESTS\nb\n### END HIDDEN TESTS\nc\n### BEGIN HIDDEN TESTS\nd", "c"),
        ("a\n### END HIDDEN TESTS\nb", "a\n### END HIDDEN TESTS\nb"),
    ],
)
def test_hidden_regions_are_cut_and_an_open_one_to_the_end(source, shown):
    assert nbgrader_steps.without_hidden(source) == shown


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def wait_for(port):
    """Wait until a server listens: Jupyter says where it runs a moment before it does."""
    for _ in range(200):
        with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise TimeoutError


@contextlib.contextmanager
def formgrader(root):
    """A Jupyter server with nbgrader's formgrader in the course's folder; yields a function that posts to it."""
    command = [sys.executable, "-m", "jupyter_server", "--allow-root", "--no-browser"]
    command += [f"--port={free_port()}", "--IdentityProvider.token=t"]
    command += ["--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}"]
    process = subprocess.Popen(command, cwd=root, stderr=subprocess.PIPE, text=True)
    try:
        ports = (re.search(r"http://127.0.0.1:(\d+)/", line) for line in process.stderr)
        port = next(int(found[1]) for found in ports if found)
        threading.Thread(target=process.stderr.read, daemon=True).start()
        wait_for(port)

        def post(path):
            request = urllib.request.Request(
                f"http://127.0.0.1:{port}/{path}", b"", {"Authorization": "token t"}
            )
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as answer:
                return json.load(answer)

        yield post
    finally:
        process.terminate()
        process.wait()


def test_the_formgrader_s_button_uses_the_judge(section, root):
    submit(root, "button_right", answered(section))
    submit(root, "button_wrong", answered(section, fetch_all=SEQUENTIAL))

    with formgrader(root) as post:
        answers = [
            post(f"formgrader/api/submission/{NAME}/button_{student}/autograde")
            for student in ("right", "wrong")
        ]

    assert all(answer["success"] for answer in answers)
    assert marks(root)["button_right"] == {CORE: 10, RETO: 2}
    assert marks(root)["button_wrong"] == {CORE: 0, RETO: 2}
