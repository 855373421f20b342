"""`export`: marks of a real gradebook as nbgrader, Moodle and Canvas read them."""

import csv
import io
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.plugins import CsvExportPlugin
from platforms import CLASS, OTHER, SECTION, assignment, course, enrol, gradebook, hand_in, table
from small_class import PROGRAMS, SEQUENTIAL, answered, api, submit
from small_class import course as small_course
from small_class import settings as small_settings
from tree import NAME

from grader.classroom import export, result, workdata
from grader.classroom.fill import number
from grader.classroom.sheet import harmless, is_formula
from grader.trouble import Unable

MOODLE = [
    *(
        "Identificador",
        "Nombre completo",
        "Dirección de correo",
        "Estado",
        "Calificación",
        "Calificación máxima",
    ),
    *(
        "La calificación puede ser cambiada",
        "Última modificación (entrega)",
        "Última modificación (calificación)",
    ),
    "Comentarios de retroalimentación",
]
CANVAS = [
    "Student",
    "ID",
    "SIS User ID",
    "SIS Login ID",
    "Section",
    f"{SECTION} (77)",
    "Otra (78)",
    "Final Score",
]


@pytest.fixture
def root(tmp_path):
    """Three students: full core and reto, core alone, not handed in."""
    enrol(course(tmp_path))
    assignment(tmp_path)
    hand_in(tmp_path, "ana", core=10, reto=2)
    hand_in(tmp_path, "beto", core=7.5, reto=0)
    return tmp_path


def out(root, *options):
    """Export; return (exit code, the rows of the file)."""
    path = root / "notas.csv"
    code = export.run(root, ["5", *options, "--output", str(path)])
    return code, table(path)


def column(rows, heading):
    return [row[rows[0].index(heading)] for row in rows[1:]]


def written(root, rows, *, separator=",", encoding="utf-8", newline="\n"):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, lineterminator=newline).writerows(rows)
    path = root / "hoja.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def worksheet(root, most="10,00", grades=("", "", ""), **form):
    people = zip(("501", "502", "503"), CLASS, grades, strict=True)
    rows = [
        [
            f"Participante {n}",
            f"{first} {last}",
            mail,
            "Enviado",
            grade,
            most,
            "Sí",
            "lunes, 5 de octubre",
            "-",
            "<p>Bien, a; b</p>",
        ]
        for n, (_, first, last, mail, _), grade in people
    ]
    return written(root, [MOODLE, *rows], **form)


def book(root, possible="10", **form):
    rows = [
        ["", "", "", "", "", "Manual Posting", "", ""],
        ["    Points Possible", "", "", "", "", possible, "5", "(read only)"],
        *([f"{last}, {first}", lms, "", name, "A", "", "3", "88"] for name, first, last, _, lms in CLASS),
        ["Student, Test", "999", "", "f00", "A", "", "", ""],
    ]
    return written(root, [CANVAS, *rows], **form)


# nbgrader's own


def test_nbgrader_s_columns_are_those_of_its_plugin(root, tmp_path):
    plugin = CsvExportPlugin(to=str(tmp_path / "theirs.csv"))
    with gradebook(root) as opened:
        plugin.export(opened)
    theirs = table(tmp_path / "theirs.csv")

    code, ours = out(root, "--to", "nbgrader")

    assert code == 0
    assert ours[0] == theirs[0]
    assert ours[1:3] == theirs[1:3]
    assert ours[3][:7] == theirs[3][:7]
    assert ours[3][7:] == ["", "", "", "10.0"]  # where theirs has zeros: nothing was handed in


def test_a_comma_in_a_name_does_not_move_the_columns(root):
    enrol(root, [("ana", "Ana", 'García, "la"', "ana@uni.es", "101")])

    _, rows = out(root, "--to", "nbgrader")

    assert column(rows, "last_name")[0] == 'García, "la"'
    assert column(rows, "score")[0] == "12.0"


def test_manual_points_penalties_and_extra_credit_are_nbgrader_s_own_sum(root):
    hand_in(root, "ana", core=4, reto=2, manual=9)
    hand_in(root, "beto", core=3, reto=0, late=5)
    with gradebook(root) as opened:
        opened.find_grade("core", SECTION, SECTION, "ana").extra_credit = 0.5
        opened.db.commit()

    _, rows = out(root, "--to", "nbgrader")

    assert column(rows, "raw_score")[:2] == ["11.5", "3.0"]
    assert column(rows, "late_submission_penalty")[:2] == ["0.0", "5.0"]
    assert column(rows, "score")[:2] == ["11.5", "0.0"]


# Who has no mark


def no_mark(root, student, way):
    if way == "ungraded":
        hand_in(root, student)
    elif way == "manual":
        hand_in(root, student, core=5, reto=0, look=True)
    elif way == "half":
        hand_in(root, student, core=None, reto=2)
    else:
        hand_in(root, student, core=9, reto=0)
        status = {"broken": result.UNGRADABLE, "fault": result.FAULT}[way]
        result.save(
            workdata.data(workdata.course(root)), result.Result(student, SECTION, status, "no es JSON")
        )


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


@pytest.mark.parametrize("way", ["ungraded", "manual", "broken"])
def test_a_sheet_keeps_what_it_says_of_who_has_no_mark(root, way):
    no_mark(root, "beto", way)

    code, rows = out(root, "--to", "moodle", "--worksheet", str(worksheet(root, grades=("", "6,00", ""))))

    assert code == 1
    assert column(rows, "Calificación") == ["10", "6,00", ""]


def test_what_was_not_handed_in_is_counted_and_no_fault(root, capsys):
    code, rows = out(root, "--to", "moodle")

    assert code == 0
    assert column(rows, SECTION) == ["10", "7.5", "-"]
    assert f"· {SECTION}: 1 sin entrega y sin nota en el archivo" in capsys.readouterr().err


# Moodle


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


@pytest.mark.parametrize(
    ("encoding", "separator", "newline"), [("utf-8-sig", ",", "\r\n"), ("cp1252", ";", "\r\n")]
)
def test_moodle_s_worksheet_is_filled_and_all_else_stays(root, encoding, separator, newline):
    form = {"encoding": encoding, "separator": separator, "newline": newline}
    path = worksheet(root, **form)
    before = path.read_bytes()

    assert export.run(root, ["5", "--to", "moodle", "--worksheet", str(path)]) == 0

    filled = (root / ".nbgrader" / "hoja-notas.csv").read_bytes()
    assert path.read_bytes() == before
    assert filled.startswith(b"\xef\xbb\xbf") == (encoding == "utf-8-sig")
    rows = list(csv.reader(io.StringIO(filled.decode(encoding), newline=""), delimiter=separator))
    assert column(rows, "Calificación") == ["10", "7,5", ""]
    for row in rows[1:]:
        row[4] = ""
    assert written(root, rows, **form).read_bytes() == before


@pytest.mark.parametrize(
    ("most", "grades"), [("100", ["100", "75", ""]), ("5.00", ["5", "3.75", ""]), ("8,0", ["8", "6", ""])]
)
def test_marks_are_scaled_to_the_maximum_of_the_worksheet(root, most, grades):
    code, rows = out(root, "--to", "moodle", "--worksheet", str(worksheet(root, most)))

    assert code == 0
    assert column(rows, "Calificación") == grades


def test_english_worksheets_are_filled_too(root):
    path = worksheet(root, "10.00")
    english = "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (submission),Last modified (grade),Feedback comments"
    text = path.read_text(encoding="utf-8")
    path.write_text(english + text[text.index("\n") :], encoding="utf-8")

    _, rows = out(root, "--to", "moodle", "--worksheet", str(path))

    assert column(rows, "Grade") == ["10", "7.5", ""]


def test_a_row_of_nobody_and_a_mark_without_a_row_are_told(root, capsys):
    path = worksheet(root)
    path.write_text(
        path.read_text(encoding="utf-8").replace("Beto Núñez", "Otro").replace("beto@", "otro@"),
        encoding="utf-8",
    )

    code, rows = out(root, "--to", "moodle", "--worksheet", str(path))

    assert code == 1
    assert column(rows, "Calificación") == ["10", "", ""]
    said = capsys.readouterr().err
    assert "✗ fila 3, Otro: no sé quién es: apúntalo con python3 -m grader roster" in said
    assert f"✗ {SECTION}, beto: 7.5 puntos sin fila en la hoja: apúntalos a mano" in said


# Canvas


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


@pytest.mark.parametrize(
    ("possible", "grades"),
    [
        ("10", ["12", "7.5", ""]),
        ("100", ["120", "75", ""]),
        ("20,00", ["24", "15", ""]),
        ("", ["12", "7.5", ""]),
    ],
)
def test_canvas_s_gradebook_is_filled_beyond_its_maximum_and_all_else_stays(root, possible, grades):
    path = book(root, possible)

    code, rows = out(root, "--to", "canvas", "--worksheet", str(path))

    before = table(path)
    assert code == 0
    assert column(rows, f"{SECTION} (77)") == ["Manual Posting", possible, *grades, ""]
    assert [row[:5] + row[6:] for row in rows] == [row[:5] + row[6:] for row in before]


@pytest.mark.parametrize("word", ["EX", "N/A"])
def test_canvas_s_own_words_stay(root, word):
    path = book(root)
    path.write_text(path.read_text(encoding="utf-8").replace("beto,A,", f"beto,A,{word}"), encoding="utf-8")

    _, rows = out(root, "--to", "canvas", "--worksheet", str(path))

    assert column(rows, f"{SECTION} (77)")[2:4] == ["12", word]


def test_a_column_of_another_name_is_chosen(root):
    for title in ("Otra", "Otra (78)"):
        _, rows = out(root, "--to", "canvas", "--worksheet", str(book(root)), "--column", title)

        assert column(rows, "Otra (78)") == ["", "5", "6", "3.75", "3", ""]  # scaled to 5 points


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


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ["--to", "moodle", "--worksheet", "CANVAS"],
            "no es la hoja de calificaciones de una tarea: descárgala",
        ),
        (["--to", "canvas", "--worksheet", "MOODLE"], "no tiene las columnas que hacen falta"),
        (["--to", "nbgrader", "--worksheet", "MOODLE"], "quita --worksheet y repite"),
        (
            ["--to", "canvas", "--worksheet", "CANVAS", "--column", "Nada"],
            "ninguna columna para Nada: elige una con --column («05_timeouts (77)», «Otra (78)»)",
        ),
        (
            ["--to", "canvas", "--worksheet", "CANVAS", "--column", "Final Score"],
            "solo lectura en Canvas: elige otra",
        ),
        (["6", "--to", "moodle"], "06_semaphores no está en el libro de notas: corrígela"),
        (["99", "--to", "moodle"], "ninguna sección «99»: elige entre"),
        (["--to", "excel"], "mira python3 -m grader --help"),
        ([], "mira python3 -m grader --help"),
    ],
)
def test_a_refusal_ends_with_what_to_do(root, options, message):
    sheets = {"MOODLE": root / "m.csv", "CANVAS": root / "c.csv"}
    worksheet(root).rename(sheets["MOODLE"])
    book(root).rename(sheets["CANVAS"])

    with pytest.raises(Unable) as refusal:
        export.run(root, [str(sheets.get(option, option)) for option in options])

    assert message in str(refusal.value)
    assert str(refusal.value).endswith(".")


@pytest.mark.parametrize(
    ("most", "message"),
    [("Apto", "pon puntos en la tarea, no una escala"), ("", "no es una calificación máxima")],
)
def test_a_scale_of_words_is_refused(root, most, message):
    with pytest.raises(Unable, match=message):
        out(root, "--to", "moodle", "--worksheet", str(worksheet(root, most)))


def test_a_worksheet_is_of_one_section(root):
    assignment(root, OTHER)
    with pytest.raises(Unable, match="di qué sección es, por ejemplo export 05"):
        export.run(root, ["--to", "moodle", "--worksheet", str(worksheet(root))])


def test_the_sheet_that_was_given_is_never_overwritten(root):
    path = worksheet(root)
    with pytest.raises(Unable, match="elige otro nombre con --output"):
        export.run(root, ["5", "--to", "moodle", "--worksheet", str(path), "--output", str(path)])


def test_an_empty_gradebook_is_told(tmp_path):
    with pytest.raises(Unable, match="El libro de notas está vacío"):
        export.run(course(tmp_path), ["--to", "moodle"])


def test_a_broken_gradebook_is_told(root):
    (root / ".nbgrader" / "gradebook.db").write_bytes(b"no" * 5000)

    with pytest.raises(Unable, match="El libro de notas no responde"):
        export.run(root, ["--to", "moodle"])


# With nbgrader's real grading


def test_a_class_that_nbgrader_graded_is_exported(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PATH", PROGRAMS + os.pathsep + os.environ["PATH"])
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
