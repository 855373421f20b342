"""`collect`: archives as Moodle and Canvas pack them."""

import pytest
from platforms import (
    ANA,
    BETO,
    OTHER,
    PACKED,
    SECTION,
    canvas,
    course,
    enrol,
    gradebook,
    handed_in,
    moodle,
    place,
    take,
    utc,
)

from grader.cli.trouble import Unable

LATER = (2026, 10, 6, 12, 0, 0)


@pytest.fixture
def root(tmp_path):
    enrol(course(tmp_path))
    return tmp_path


@pytest.mark.parametrize("folders", [True, False])
def test_moodle_s_archive_is_collected(root, capsys, folders):
    members = {
        moodle(ANA, 501, folders=folders): "a",
        moodle(BETO, 502, folders=folders): "b",
        moodle("Cruz OBrien-Peña", 503, folders=folders): "c",
    }

    assert take(root, members) == 0
    assert handed_in(root) == {
        place(name, file): content
        for name, text in (("ana", b"a"), ("beto", b"b"), ("cruz", b"c"))
        for file, content in ((f"{SECTION}.ipynb", text), ("timestamp.txt", utc(*PACKED)))
    }
    assert capsys.readouterr().out == "✓ 3 entregas (3 nuevas), 0 por resolver\n"


def test_canvas_s_archive_is_collected_and_late_is_said(root, capsys):
    members = {canvas("garcíalópezana", 101): "a", canvas("núñezbeto", 102, late=True, attachment=3): "b"}

    assert take(root, members) == 0
    assert handed_in(root)[place("beto")] == b"b"
    assert "· beto: entregado fuera de plazo (LATE en Canvas)\n" in capsys.readouterr().out


def test_a_section_may_be_named_by_its_number_or_its_name(root):
    assert take(root, {moodle(ANA, 1, f"{OTHER}.ipynb"): "x"}, section=OTHER) == 0
    assert f"ana/{OTHER}/{OTHER}.ipynb" in handed_in(root)
    with pytest.raises(Unable, match="No hay sección «99»: prueba con 0"):
        take(root, {moodle(ANA, 1): "x"}, section="99")


@pytest.mark.parametrize(
    ("members", "kept"),
    [
        (
            {
                canvas("a", 101, attachment=7): "old",
                canvas("a", 101, f"{SECTION}-1.ipynb", attachment=12): "new",
            },
            "new",
        ),
        ({moodle(ANA, 1): "old", moodle(ANA, 1, f"{SECTION} (1).ipynb"): "new"}, "new"),
        ({moodle(ANA, 1, "x.ipynb"): "other", moodle(ANA, 1): "own"}, "own"),
        ({moodle(ANA, 1, "Mi tarea.ipynb"): "only"}, "only"),
        ({moodle(ANA, 1, f"{SECTION}.IPYNB"): "loud"}, "loud"),
        ({moodle(ANA, 1, f"sub/deep/{SECTION}.ipynb"): "deep", moodle(ANA, 1, "notas.txt"): "-"}, "deep"),
        ({f"vuelto a comprimir/{moodle(ANA, 1)}": "again", "__MACOSX/._x": "-", ".DS_Store": "-"}, "again"),
    ],
    ids=["canvas-attempts", "browser-copy", "two-files", "renamed", "capitals", "below", "zipped-again"],
)
def test_the_latest_notebook_of_the_section_counts(root, members, kept):
    assert take(root, members) == 0
    assert handed_in(root)[place("ana")] == kept.encode()


def test_a_renamed_notebook_and_the_ones_left_out_are_told(root, capsys):
    take(root, {moodle(ANA, 1): "old", moodle(ANA, 1, f"{SECTION} (1).ipynb"): "new"})

    said = capsys.readouterr().out
    assert f"· ana: «{SECTION} (1).ipynb» pasa a llamarse {SECTION}.ipynb\n" in said
    assert f"también entregó {SECTION}.ipynb; cuenta «{SECTION} (1).ipynb»" in said


@pytest.mark.parametrize(
    ("members", "line"),
    [
        ({moodle("Nadie Conocido", 9): "x"}, "no está en la lista: apúntalo con python3 -m grader roster"),
        ({canvas("nadie", 999): "x"}, "el ID 999 no está en la lista: apúntalo con python3 -m grader roster"),
        ({canvas("x", "anon_ab12"): "x"}, "es una entrega anónima: quita el anonimato"),
        ({"núñezbeto_102_text.html": "x"}, "es un texto o un enlace, no un archivo: pide el notebook"),
        ({moodle(BETO, 2, "tarea.zip"): "PK"}, "no entregó ningún .ipynb sino tarea.zip: pide el notebook"),
        (
            {moodle(BETO, 2, "a.ipynb"): "x", moodle(BETO, 2, "b.ipynb"): "y"},
            "varios notebooks (a.ipynb, b.ipynb)",
        ),
        ({"suelto.ipynb": "x"}, "no lleva el nombre que pone"),
        ({moodle(BETO, 2): "x" * 5_000_001}, "ocupa más de 5 MB: pide otra entrega"),
        ({canvas("núñezbeto", 102, "05\x1b[31m.ipynb"): "x"}, "tiene signos invisibles en el nombre"),
    ],
)
def test_what_cannot_be_placed_is_told_and_costs_nobody_else(root, capsys, members, line):
    form = canvas("garcíalópezana", 101) if "assign" not in "".join(members) else moodle(ANA, 1)

    assert take(root, {form: "a"} | members) == 1
    assert set(handed_in(root)) == {place("ana"), place("ana", "timestamp.txt")}
    said = capsys.readouterr().err
    assert line in said
    assert "\x1b" not in said


def test_two_students_of_one_name_are_told_apart_by_their_number_or_not_at_all(root, capsys):
    enrol(root, [("ana2", "Ana", "García López", "otra@uni.es", "777")])

    assert take(root, {moodle(ANA, 777): "second", moodle(ANA, 778): "who"}) == 1
    assert handed_in(root)[place("ana2")] == b"second"
    assert place("ana") not in handed_in(root)
    assert "hay 2 alumnos con ese nombre: apunta sus números" in capsys.readouterr().err


@pytest.mark.parametrize("word", ["Participant", "Participante"])
def test_a_blind_assignment_goes_by_the_number(root, word):
    assert take(root, {moodle(word, 102): "b"}) == 0
    assert place("beto") in handed_in(root)


@pytest.mark.parametrize(
    "name",
    [
        canvas("garcíalópezana", 101, f"5_102_1_{SECTION}.ipynb"),  # a file that looks like another's
        canvas("núñezbeto_102", 101),  # a display name that does
        canvas("eva", 888, f"5_102_1_{SECTION}.ipynb"),  # by somebody who is not on the list
        moodle("Eva", 8, f"x_102_assignsubmission_file_{SECTION}.ipynb", folders=False),
    ],
)
def test_nobody_hands_in_for_somebody_else(root, name):
    take(root, {name: "forged"})

    assert place("beto") not in handed_in(root)


def test_a_number_at_the_end_of_a_name_is_no_id(root):
    enrol(root, [("juan", "Juan_5", "Gil", "j@uni.es", "105")])

    assert take(root, {canvas("giljuan_5", 105): "j"}) == 0
    assert place("juan") in handed_in(root)


@pytest.mark.parametrize("name", ["../fuera", "..", "a/b", ".oculto", "a\nb"])
def test_an_id_that_is_no_folder_is_refused(root, capsys, name):
    enrol(root, [(name, "Eva", "Mala", "e@uni.es", "66")])

    assert take(root, {moodle("Eva Mala", 66): "x", moodle(ANA, 1): "a"}) == 1
    assert set(handed_in(root)) == {place("ana"), place("ana", "timestamp.txt")}
    assert "no sirve de carpeta" in capsys.readouterr().err


# Once more, older, newer


def test_the_same_archive_twice_changes_nothing(root, capsys):
    take(root, {moodle(ANA, 1): "a"})
    before, times = handed_in(root), sorted(path.stat().st_mtime_ns for path in root.rglob("*.ipynb"))

    assert take(root, {moodle(ANA, 1): "a"}, date=LATER) == 0
    assert handed_in(root) == before
    assert sorted(path.stat().st_mtime_ns for path in root.rglob("*.ipynb")) == times
    assert "1 entregas (1 sin cambios)" in capsys.readouterr().out


def test_a_newer_archive_wins_and_an_older_one_does_not(root, capsys):
    take(root, {moodle(ANA, 1): "first"})
    take(root, {moodle(ANA, 1): "second"}, date=LATER)
    assert handed_in(root)[place("ana")] == b"second"
    assert handed_in(root)[place("ana", "timestamp.txt")] == utc(*LATER)

    take(root, {moodle(ANA, 1): "first"})
    assert handed_in(root)[place("ana")] == b"second"
    assert "· ana: se queda con la entrega que ya tenía" in capsys.readouterr().out

    take(root, {moodle(ANA, 1): "first"}, "--force")
    assert handed_in(root)[place("ana")] == b"first"
    assert handed_in(root)[place("ana", "timestamp.txt")] == utc(*PACKED)


@pytest.mark.parametrize("stamp", [None, "", "ayer", "9" * 400])
def test_a_submission_without_a_date_is_not_overwritten(root, stamp):
    take(root, {moodle(ANA, 1): "a"})
    path = root / ".nbgrader" / "submitted" / place("ana", "timestamp.txt")
    path.unlink() if stamp is None else path.write_text(stamp)

    take(root, {moodle(ANA, 1): "b"}, date=LATER)

    assert handed_in(root)[place("ana")] == b"a"


def test_nbgrader_reads_the_date(root):
    from nbgrader.utils import parse_utc

    take(root, {moodle(ANA, 1): "a"})

    assert parse_utc(handed_in(root)[place("ana", "timestamp.txt")].decode().strip()).minute == PACKED[4]


def test_a_deadline_warns_that_dates_are_those_of_the_download(root, capsys):
    with gradebook(root) as book:
        book.add_assignment(SECTION, duedate="2026-10-01")

    take(root, {moodle(ANA, 1): "a"})

    assert "las fechas son las de la descarga: revisa timestamp.txt" in capsys.readouterr().err
