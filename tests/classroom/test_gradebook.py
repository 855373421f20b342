"""The writer saves what `nbgrader autograde` saves: both grade one class, and the rows are equal."""

import datetime
import sqlite3
import threading

import pytest
from graded_class import (
    CLASS,
    NOTE,
    course,
    edit,
    fill,
    grade_class,
    registered,
    rows,
    stamp,
    twin,
    written,
)
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from small_class import SEQUENTIAL, graded, settings, submit
from tree import NAME

from grader.authoring.course import Course
from grader.authoring.release import generate
from grader.classroom import gradebook
from grader.classroom.gradebook import Writer
from grader.classroom.report import Report
from grader.classroom.result import FAULT, UNGRADABLE, Result
from grader.cli.trouble import Unable

CORE, RETO = "test_fetch_all_a", "test_round_trip_a"
DUE = datetime.datetime(2026, 2, 1)


def by_nbgrader(root):
    """Grade the class with nbgrader's own converter and our steps."""
    interface = NbGraderAPI(config=settings(root))
    for student in CLASS:
        interface.autograde(NAME, student, force=True)


def by_a_person(book):
    """What a teacher does between two gradings."""
    book.find_grade(NOTE, NAME, NAME, "ana").manual_score = 3
    book.find_grade(CORE, NAME, NAME, "bea").manual_score = 7
    book.find_grade(CORE, NAME, NAME, "bea").extra_credit = 1.5
    book.find_comment("fetch_all", NAME, NAME, "carla").manual_comment = "Ven a verme"
    book.find_grade(NOTE, NAME, NAME, "tarde").manual_score = 1


@pytest.fixture(scope="module")
def graded_twice(tmp_path_factory):
    """One class in two folders, one graded by nbgrader and one by `grade`: [(rows, rows) of each round], roots."""
    here = tmp_path_factory.mktemp("class")
    section = course(here / "ours")
    fill(section)
    api = NbGraderAPI(config=settings(section.root))
    assert api.generate_assignment(NAME)["success"]
    edit(section.root, lambda book: setattr(book.find_assignment(NAME), "duedate", DUE))
    other = twin(section.root, here / "theirs")
    rounds = []
    for _ in range(2):
        by_nbgrader(other.root)
        grade_class(section.root)
        rounds.append((rows(section.root), rows(other.root)))
        for each in (section, other):
            edit(each.root, by_a_person)
            submit(each.root, "dani", written(each, fetch_all=SEQUENTIAL))
            stamp(each.root, "fran", "2026-02-02 00:00:00 UTC")
    return rounds, section.root, other.root


@pytest.mark.parametrize("number", [0, 1], ids=["first", "again"])
def test_the_rows_are_those_of_nbgrader(graded_twice, number):
    ours, theirs = graded_twice[0][number]

    assert ours == theirs


def test_the_class_shows_what_it_is_for(graded_twice):
    _, submissions = graded_twice[0][1][0]
    found = {student: books[0] for student, _, books in submissions}
    grades = {student: {name: rest for name, *rest in book[4]} for student, book in found.items()}

    assert grades["bea"][RETO] == [2, None, None, False]
    assert grades["bea"][CORE] == [10, 7, 1.5, True]
    assert grades["carla"][NOTE] == [0, None, None, False]
    assert found["tarde"][1] == found["tarde"][2] == 11  # late: as much is taken as was earned
    assert ("fetch_all", "No response.", "Ven a verme") in found["carla"][5]
    assert grades["roto"][CORE] == [None, None, None, True]


@pytest.mark.parametrize("student", [student for student in CLASS if student != "roto"])
def test_the_graded_notebooks_are_those_of_nbgrader(graded_twice, student):
    _, ours, theirs = graded_twice

    assert graded(ours, student) == graded(theirs, student)


def test_feedback_and_export_of_nbgrader_work_on_them(graded_twice):
    api = NbGraderAPI(config=settings(graded_twice[1]))

    assert api.generate_feedback(NAME, "ana", force=True)["success"]
    page = graded_twice[1] / ".nbgrader" / "feedback" / "ana" / NAME / f"{NAME}.html"
    assert "M08" in page.read_text(encoding="utf-8")


# The writer alone.


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """A course with a gradebook that knows it and nobody in it."""
    return registered(course(tmp_path_factory.mktemp("course"))).root


@pytest.fixture
def root(template, tmp_path):
    return twin(template, tmp_path / "course").root


@pytest.fixture
def writer(root):
    with Writer(Course(root)) as writer:
        writer.prepare(NAME)
        yield writer


def grades(root, student):
    _, submissions = rows(root)
    books = next(books for name, _, books in submissions if name == student)
    return {name: rest for name, *rest in books[0][4]}


def test_a_file_that_is_no_submission_takes_the_marks_of_the_one_before(root):
    section = Course(root).section(NAME)
    submit(root, "ana", written(section))
    grade_class(root)
    edit(root, lambda book: setattr(book.find_grade(NOTE, NAME, NAME, "ana"), "manual_score", 3))
    path = submit(root, "ana", "{")

    assert grade_class(root) == 1
    assert grades(root, "ana") == {
        CORE: [None, None, None, True],
        RETO: [None, None, None, True],
        NOTE: [None, 3, None, True],
    }
    assert not (root / ".nbgrader" / "autograded" / "ana" / NAME / path.name).exists()


@pytest.mark.parametrize("status", [UNGRADABLE, FAULT])
def test_without_marks_a_person_must_look_and_no_zero_is_saved(root, writer, status):
    writer.save(Result("ana", NAME, status, "porque sí"), "", None)

    assert {tuple(grade) for grade in grades(root, "ana").values()} == {(None, None, None, True)}


def test_saving_twice_changes_nothing(root, writer):
    result = Result("ana", NAME, UNGRADABLE, "porque sí")
    writer.save(result, "", DUE)
    before = rows(root)
    writer.save(result, "", DUE)

    assert rows(root) == before


def change_source(root, old, new):
    """Change the source and release it anew."""
    path = root / "solutions" / NAME / f"{NAME}.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    generate(root, root / "fresh", [NAME])
    (root / "fresh" / NAME / f"{NAME}.ipynb").replace(root / "notebooks" / NAME / f"{NAME}.ipynb")


def test_a_changed_source_reaches_the_gradebook(root):
    change_source(root, '"points": 10', '"points": 8')
    submit(root, "ana", written(Course(root).section(NAME)))

    grade_class(root)

    assert grades(root, "ana")[CORE][0] == 8
    with Gradebook(f"sqlite:///{root}/.nbgrader/gradebook.db") as book:
        assert book.find_notebook(NAME, NAME).max_score == 12


def test_cells_that_come_or_go_after_marks_are_refused(root, writer):
    writer.save(Result("ana", NAME, FAULT), "", None)
    change_source(root, '"note"', '"another_note"')

    with pytest.raises(Unable, match=f"ya tiene notas .* nbgrader db assignment remove {NAME} --force"):
        writer.prepare(NAME)


def test_a_release_that_is_not_the_sources_is_refused(root, writer):
    path = root / "solutions" / NAME / f"{NAME}.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace('"note"', '"another_note"'), encoding="utf-8")

    with pytest.raises(Unable, match="grader release"):
        writer.prepare(NAME)


@pytest.fixture
def holder(root):
    """Another program that has begun to write into the gradebook."""
    other = sqlite3.connect(root / ".nbgrader" / "gradebook.db", check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    yield other
    other.close()


def test_a_gradebook_that_stays_locked_is_said_in_a_line(root, writer, holder, monkeypatch):
    monkeypatch.setattr(gradebook, "PATIENCE", 0.01)

    with pytest.raises(Unable) as caught, Writer(Course(root)):
        pass

    assert str(caught.value) == gradebook.LOCKED


def test_a_gradebook_that_is_locked_for_a_while_is_waited_for(root, writer, holder):
    saving = threading.Thread(target=writer.save, args=(Result("ana", NAME, FAULT), "", None))
    saving.start()
    holder.rollback()
    saving.join()

    assert grades(root, "ana")


def test_a_gradebook_that_gets_locked_in_mid_run_ends_it_with_that_line(root, monkeypatch):
    fill(Course(root).section(NAME), ["bea", "ana", "carla"])
    other = sqlite3.connect(root / ".nbgrader" / "gradebook.db")
    take = Report.take

    def take_and_lock(self, *args, **options):
        take(self, *args, **options)
        if not other.in_transaction:
            other.execute("BEGIN EXCLUSIVE")

    monkeypatch.setattr(Report, "take", take_and_lock)
    monkeypatch.setattr(gradebook, "PATIENCE", 0.01)

    with pytest.raises(Unable) as caught:
        grade_class(root, "--workers", "1")
    other.close()
    assert str(caught.value) == gradebook.LOCKED
    assert rows(root)[0]


def test_a_file_that_is_no_gradebook_is_said_in_a_line(root):
    (root / ".nbgrader" / "gradebook.db").write_bytes(b"no" * 1000)

    with pytest.raises(Unable, match=r"El libro de notas falla .*db_url"), Writer(Course(root)):
        pass


def test_a_gradebook_whose_maker_was_stopped_gets_its_version(root):
    path = root / ".nbgrader" / "gradebook.db"
    with sqlite3.connect(path) as half:
        version = half.execute("SELECT version_num FROM alembic_version").fetchall()
        half.execute("DROP TABLE alembic_version")

    with Writer(Course(root)), sqlite3.connect(path) as healed:
        assert healed.execute("SELECT version_num FROM alembic_version").fetchall() == version


def test_a_transaction_that_fails_leaves_nothing(root, writer, monkeypatch):
    monkeypatch.setattr(writer, "_penalise", lambda *args: 1 / 0)
    before = rows(root)

    with pytest.raises(ZeroDivisionError):
        writer.save(Result("ana", NAME, FAULT), "", None)

    assert rows(root) == before


def test_a_database_whose_driver_is_missing_says_what_to_install(root):
    config = root / "nbgrader_config.py"
    url = "postgresql+pg8000://marks@127.0.0.1/marks"
    config.write_text(f"{config.read_text('utf-8')}\nc.CourseDirectory.db_url = {url!r}\n", encoding="utf-8")

    with pytest.raises(Unable, match=r"necesita pg8000: instálalo con .* pg8000\.$"), Writer(Course(root)):
        pass
