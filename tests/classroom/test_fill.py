"""`export --worksheet`: marks put into the sheets that Moodle and Canvas hand out."""

import csv
import io

import pytest
from platforms import (
    OTHER,
    SECTION,
    assignment,
    book,
    column,
    graded_class,
    no_mark,
    out,
    table,
    worksheet,
    written,
)

from grader.classroom import export
from grader.cli.trouble import Unable


@pytest.fixture
def root(tmp_path):
    return graded_class(tmp_path)


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
        (["99", "--to", "moodle"], "No hay sección «99»: prueba con"),
        (["--to", "excel"], "-m grader --help"),
        ([], "-m grader --help"),
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


@pytest.mark.parametrize("way", ["ungraded", "manual", "broken"])
def test_a_sheet_keeps_what_it_says_of_who_has_no_mark(root, way):
    no_mark(root, "beto", way)

    code, rows = out(root, "--to", "moodle", "--worksheet", str(worksheet(root, grades=("", "6,00", ""))))

    assert code == 1
    assert column(rows, "Calificación") == ["10", "6,00", ""]
