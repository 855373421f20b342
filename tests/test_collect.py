"""`collect`: real archives, as Moodle and Canvas pack them and as an attacker would."""

import io
import stat
import struct
import unicodedata
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from platforms import OTHER, PACKED, SECTION, canvas, course, enrol, gradebook, handed_in, moodle, pack, utc

from grader.classroom import archive, collect
from grader.classroom.archive import Damaged, open_archive
from grader.trouble import Unable

ANA, BETO = "Ana García López", "Beto Núñez"
LATER = (2026, 10, 6, 12, 0, 0)


@pytest.fixture
def root(tmp_path):
    enrol(course(tmp_path))
    return tmp_path


def take(root, members, *options, date=PACKED, section="5"):
    return collect.run(root, [str(pack(root / "entregas.zip", members, date)), section, *options])


def place(student, file=f"{SECTION}.ipynb"):
    return f"{student}/{SECTION}/{file}"


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
    with pytest.raises(Unable, match=f"ninguna sección «99»: elige entre {SECTION}, {OTHER}"):
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


def test_an_id_that_is_no_folder_is_refused(root, capsys):
    enrol(root, [("../fuera", "Eva", "Mala", "e@uni.es", "66")])

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


# Archives that nobody's platform makes


def refused(root, path, message):
    with pytest.raises(Unable) as caught:
        collect.run(root, [str(path), SECTION])
    assert message in str(caught.value)
    assert str(caught.value).endswith(".")
    assert not (root / ".nbgrader" / "submitted").exists()


def raw(root, name, *, mode=0o100644, flags=0, content="x", more=()):
    """An archive with an honest member and one that zipfile writes as it is told."""
    path = root / "malo.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(moodle(ANA, 1), "a")
        info = zipfile.ZipInfo("x")
        info.filename, info.external_attr = name, mode << 16
        file.writestr(info, content)
        info.flag_bits |= flags
        for other in more:
            file.writestr(other, "y")
    return path


@pytest.mark.parametrize(
    "name",
    [
        "../x.ipynb",
        "a/../../x.ipynb",
        "/etc/x",
        "C:/x.ipynb",
        "c:x",
        "a\\..\\x",
        "..",
        "./x",
        "//host/x",
        "a//b",
    ],
)
def test_a_name_that_leaves_its_folder_refuses_the_archive(root, name):
    refused(root, raw(root, name), "no he guardado nada: descárgalo otra vez")


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK])
def test_a_link_or_special_file_refuses_the_archive(root, kind):
    refused(
        root,
        raw(root, moodle(BETO, 2), mode=kind | 0o777, content="/etc/passwd"),
        "enlace o un archivo especial",
    )


def test_a_name_with_a_zero_byte_refuses_the_archive(root):
    path = raw(root, "aaaaaaaa.ipynb")
    path.write_bytes(path.read_bytes().replace(b"aaaaaaaa.ipynb", b"aaaa\0aaa.ipynb"))

    refused(root, path, "no he guardado nada")


def test_an_encrypted_member_refuses_the_archive(root):
    refused(root, raw(root, moodle(BETO, 2), flags=1), "está cifrado")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_one_name_twice_refuses_the_archive(root):
    refused(root, raw(root, moodle(BETO, 2), more=[moodle(BETO, 2)]), "está dos veces")


@pytest.mark.parametrize(
    "content", [b"", b"no soy un zip", b"PK\5\6", b"PK\5\6" + b"\xff" * 18, b"PK\3\4" + b"\0" * 900]
)
def test_what_is_no_archive_is_told(root, content):
    (root / "malo.zip").write_bytes(content)

    refused(root, root / "malo.zip", "")


def test_other_archives_are_told(root):
    refused(root, pack(root / "malo.zip", {"fotos/verano.jpg": "x"}), "No parece un zip de entregas")
    refused(root, root / "nada.zip", "comprueba el nombre")


def test_too_many_members_refuse_the_archive_before_they_are_read(root, monkeypatch):
    monkeypatch.setattr(archive, "MAX_MEMBERS", 1)

    refused(root, raw(root, moodle(BETO, 2)), "descárgalo por grupos")


def test_too_long_a_list_of_members_refuses_the_archive(root, monkeypatch):
    monkeypatch.setattr(archive, "MAX_DIRECTORY", 100)

    refused(root, raw(root, moodle(BETO, 2)), "descárgalo por grupos")


def test_too_many_bytes_in_all_refuse_the_archive(root, monkeypatch):
    monkeypatch.setattr(archive, "MAX_TOTAL", 10)

    refused(
        root,
        pack(root / "malo.zip", {moodle(ANA, 1): "a" * 11}),
        "descárgalo otra vez de la plataforma, por grupos",
    )


def lying(root, size, declared):
    """An archive whose member of `size` zeros says, in both headers, that it has `declared` bytes."""
    path = pack(root / "malo.zip", {moodle(ANA, 1): b"0" * size, moodle(BETO, 2): "b"})
    true, false = struct.pack("<I", size), struct.pack("<I", declared)
    assert path.read_bytes().count(true) == 2
    path.write_bytes(path.read_bytes().replace(true, false))
    return path


@pytest.mark.parametrize("declared", [100, 4_999_999, 2**32 - 2])
def test_a_bomb_costs_its_own_student_whatever_its_header_says(root, capsys, declared):
    path = lying(root, 30_000_000, declared)
    assert path.stat().st_size < 50_000

    assert collect.run(root, [str(path), SECTION]) == 1
    assert handed_in(root)[place("beto")] == b"b"
    assert place("ana") not in handed_in(root)


def test_no_more_is_unpacked_of_a_bomb_than_a_submission_may_have(root):
    path = lying(root, 30_000_000, 29_999_999)

    with open_archive(path) as opened:
        member = opened.members[0]
        object.__setattr__(member, "trouble", "")  # as if the header had said nothing
        with pytest.raises(Damaged, match="ocupa más de 5 MB"):
            opened.read(member)
        assert archive.MAX_TOTAL - opened._left == 5_000_001


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_way_of_packing_that_no_platform_uses_costs_its_own_student(root, capsys, method):
    path = root / "raro.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(moodle(ANA, 1), "a", compress_type=method)
        file.writestr(moodle(BETO, 2), "b")

    assert collect.run(root, [str(path), SECTION]) == 1
    assert set(handed_in(root)) == {place("beto"), place("beto", "timestamp.txt")}


def test_a_damaged_member_costs_its_own_student(root, capsys):
    path = root / "roto.zip"
    with zipfile.ZipFile(path, "w") as file:  # stored, so that its bytes stand there
        file.writestr(moodle(ANA, 1), "a" * 50)
        file.writestr(moodle(BETO, 2), "b" * 50)
    path.write_bytes(path.read_bytes().replace(b"a" * 50, b"a" * 49 + b"z"))

    assert collect.run(root, [str(path), SECTION]) == 1
    assert handed_in(root)[place("beto")] == b"b" * 50
    assert "está dañado en el zip: pide otra entrega" in capsys.readouterr().err


def test_a_zip_inside_is_not_opened(root):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as file:
        file.writestr(f"{SECTION}.ipynb", "x")

    assert take(root, {moodle(ANA, 1, "entrega.zip"): inner.getvalue(), moodle(BETO, 2): "b"}) == 1
    assert place("ana") not in handed_in(root)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_name_in_utf_8_that_does_not_say_so_is_understood(root, form):
    name = unicodedata.normalize(form, moodle(BETO, 2)).encode("utf-8")
    placeholder = b"x" * len(name)
    path = pack(root / "mac.zip", {placeholder.decode(): "b"})
    path.write_bytes(path.read_bytes().replace(placeholder, name))

    assert collect.run(root, [str(path), SECTION]) == 0
    assert handed_in(root)[place("beto")] == b"b"


PARTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    [
        "..",
        ".",
        "",
        "C:",
        "a\\b",
        ANA,
        "_1_assignsubmission_file",
        "garcíalópezana_101_5_",
        ".ipynb",
        "\x1b[2J",
    ]
)


OURS = {
    place(student, file)
    for student in ("ana", "beto", "cruz")
    for file in (f"{SECTION}.ipynb", "timestamp.txt")
}


@pytest.fixture(scope="module")
def anywhere(tmp_path_factory):
    """A course with a wall of files around it."""
    root = tmp_path_factory.mktemp("wall") / "a" / "course"
    root.mkdir(parents=True)
    enrol(course(root))
    return root


@settings(max_examples=150)
@given(st.lists(st.lists(PARTS, min_size=1, max_size=4), min_size=1, max_size=4))
def test_whatever_the_names_nothing_is_written_elsewhere(anywhere, names):
    path = anywhere / "any.zip"
    with zipfile.ZipFile(path, "w") as file:
        for number, name in enumerate(dict.fromkeys("/".join(parts) for parts in names)):
            info = zipfile.ZipInfo("x")
            info.filename = name
            file.writestr(info, str(number))

    try:
        collect.run(anywhere, [str(path), SECTION])
    except Unable as refusal:
        said = str(refusal)
    else:
        said = "."

    wall = anywhere.parent.parent
    files = {item.relative_to(wall).as_posix() for item in wall.rglob("*") if item.is_file()}
    inside = "a/course/.nbgrader"
    expected = {"a/course/any.zip", "a/course/nbgrader_config.py", f"{inside}/gradebook.db"}
    assert said.endswith(".")
    assert said.isprintable()
    assert files - {f"{inside}/submitted/{name}" for name in OURS} == expected
