"""`export`: marks of a real gradebook as nbgrader, Moodle and Canvas read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.plugins import CsvExportPlugin
from platforms import (
    OTHER,
    SECTION,
    assignment,
    column,
    course,
    enrol,
    gradebook,
    graded_class,
    hand_in,
    no_mark,
    out,
    table,
)
from small_class import SEQUENTIAL, answered, api, submit
from small_class import course as small_course
from small_class import settings as small_settings
from tree import NAME

from grader.classroom import export
from grader.classroom.lms.csv_file import harmless, is_formula
from grader.classroom.lms.worksheets import number
from grader.cli.trouble import Unable


@pytest.fixture
def root(tmp_path):
    return graded_class(tmp_path)


def test_nbgrader_s_columns_and_numbers_are_those_of_its_plugin(root, tmp_path):
    hand_in(root, "ana", core=4, reto=2, manual=9, late=1.5, when="2026-10-05 10:00:00")
    hand_in(root, "beto", core=3, reto=0, late=5)
    with gradebook(root) as opened:
        opened.find_grade("core", SECTION, SECTION, "ana").extra_credit = 0.5
        opened.db.commit()
        CsvExportPlugin(to=str(tmp_path / "theirs.csv")).export(opened)
    theirs = table(tmp_path / "theirs.csv")

    code, ours = out(root, "--to", "nbgrader")

    assert code == 0
    assert ours[:3] == theirs[:3]
    assert [row[7:10] for row in ours[1:3]] == [["11.5", "1.5", "10.0"], ["3.0", "5.0", "0.0"]]
    assert ours[3] == [*theirs[3][:7], "", "", "", "10.0"]  # nothing was handed in: theirs has zeros


def test_a_comma_in_a_name_does_not_move_the_columns(root):
    enrol(root, [("ana", "Ana", 'García, "la"', "ana@uni.es", "101")])

    _, rows = out(root, "--to", "nbgrader")

    assert column(rows, "last_name")[0] == 'García, "la"'
    assert column(rows, "score")[0] == "12.0"


# Who has no mark


@pytest.mark.parametrize(
    ("way", "why"),
    [
        ("ungraded", "sin corregir: ejecuta python3 -m grader grade"),
        ("half", "sin corregir"),
        ("manual", "falta corregir a mano: hazlo en el formgrader"),
        ("broken", "no calificable (no es JSON): mira la entrega"),
        ("fault", "fallo de la corrección (no es JSON)"),
    ],
)
@pytest.mark.parametrize("kind", ["nbgrader", "moodle", "canvas"])
def test_a_submission_without_a_mark_gets_no_number_and_is_listed(root, capsys, kind, way, why):
    no_mark(root, "beto", way)

    code, rows = out(root, "--to", kind)

    row = next(row for row in rows if "beto" in row)
    heading = "score" if kind == "nbgrader" else SECTION
    assert code == 1
    assert row[rows[0].index(heading)] == {"moodle": "-"}.get(kind, "")
    assert f"· {SECTION}, beto: sin nota en el archivo, {why}" in capsys.readouterr().err


def test_what_was_not_handed_in_is_counted_and_no_fault(root, capsys):
    code, rows = out(root, "--to", "moodle")

    assert code == 0
    assert column(rows, SECTION) == ["10", "7.5", "-"]
    assert f"· {SECTION}: 1 sin entrega y sin nota en el archivo" in capsys.readouterr().err


# Files of our own


def test_moodle_s_import_has_a_column_for_each_section(root):
    assignment(root, OTHER)
    hand_in(root, "cruz", core=3, reto=0, section=OTHER)
    path = root / "notas.csv"

    assert export.run(root, ["--to", "moodle", "--output", str(path)]) == 0
    assert table(path) == [
        ["First name", "Last name", "ID number", "Email address", SECTION, OTHER],
        ["Ana", "García López", "ana", "ana@uni.es", "10", "-"],
        ["Beto", "Núñez", "beto", "beto@uni.es", "7.5", "-"],
        ["Cruz", "O'Brien-Peña", "cruz", "cruz@uni.es", "-", "3"],
    ]


def test_what_moodle_cuts_off_is_said(root, capsys):
    code, rows = out(root, "--to", "moodle")

    assert code == 0
    assert column(rows, SECTION)[0] == "10"
    assert (
        "ana: 12 puntos pasan a 10, lo que admite Moodle: apunta el resto aparte" in capsys.readouterr().err
    )


def test_canvas_s_import_has_its_columns_and_points_possible(root):
    code, rows = out(root, "--to", "canvas")

    assert code == 0
    assert rows == [
        ["Student", "ID", "SIS Login ID", "Section", SECTION],
        ["    Points Possible", "", "", "", "10"],
        ["García López, Ana", "101", "ana", "", "12"],
        ["Núñez, Beto", "102", "beto", "", "7.5"],
        ["O'Brien-Peña, Cruz", "103", "cruz", "", ""],
    ]


# Formulas


@pytest.mark.parametrize("kind", ["nbgrader", "moodle", "canvas"])
def test_a_name_is_no_formula_in_the_file(root, kind):
    enrol(root, [("ana", "@SUM(1)", '=HYPERLINK("http://site")', "ana@uni.es", "101")])

    code, rows = out(root, "--to", kind)

    assert code == 0
    assert [cell for row in rows for cell in row if is_formula(cell) and cell != "-"] == []
    assert any(cell.startswith("'=HYPERLINK") for row in rows for cell in row)


@pytest.mark.parametrize("kind", ["nbgrader", "moodle", "canvas"])
@pytest.mark.parametrize(
    "who", [("=1+1", "x@uni.es", "1"), ("dora", "=1+1@uni.es", "1"), ("dora", "x@uni.es", "+1")]
)
def test_a_student_whose_key_is_a_formula_is_left_out_and_told(root, capsys, kind, who):
    enrol(root, [(who[0], "Dora", "Gil", who[1], who[2])])

    code, rows = out(root, "--to", kind)

    assert code == 1
    assert [cell for row in rows for cell in row if is_formula(cell) and cell != "-"] == []
    assert "no sale, su identificador o correo no es válido: corrígelo" in capsys.readouterr().err


@given(st.text())
def test_harmless_text_is_never_a_formula_and_keeps_what_it_says(text):
    assert not is_formula(harmless(text))
    assert harmless(text).removeprefix("'") in (text, text.removeprefix("'"))


@given(st.floats(0, 1000))
def test_a_number_has_at_most_two_decimals(value):
    assert abs(float(number(value)) - value) <= 0.005 + 1e-9
    assert len(number(value).partition(".")[2]) <= 2


# Refusals


def test_an_empty_gradebook_is_told(tmp_path):
    with pytest.raises(Unable, match="El libro de notas está vacío"):
        export.run(course(tmp_path), ["--to", "moodle"])


def test_a_broken_gradebook_is_told(root):
    (root / ".nbgrader" / "gradebook.db").write_bytes(b"no" * 5000)

    with pytest.raises(Unable, match="El libro de notas no responde"):
        export.run(root, ["--to", "moodle"])


# With nbgrader's real grading


def test_a_class_that_nbgrader_graded_is_exported(tmp_path, capsys):
    section = small_course(tmp_path)
    interface = api(small_settings(tmp_path))
    submit(tmp_path, "right", answered(section))
    submit(tmp_path, "wrong", answered(section, fetch_all=SEQUENTIAL))
    submit(tmp_path, "broken", '{"nbformat": 4, "cells": [')
    for student in ("right", "wrong", "broken"):
        interface.autograde(NAME, student)

    code = export.run(tmp_path, ["1", "--to", "canvas"])

    rows = {row[2]: row[4] for row in table(tmp_path / ".nbgrader" / "canvas.csv")[2:]}
    assert code == 1
    assert rows == {"right": "12", "wrong": "2", "broken": ""}
    assert f"{NAME}, broken: sin nota en el archivo" in capsys.readouterr().err
