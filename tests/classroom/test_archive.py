"""`collect` and archives that an attacker packs: nothing of them lands where it should not."""

import io
import stat
import struct
import unicodedata
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from platforms import (
    ANA,
    BETO,
    SECTION,
    course,
    enrol,
    handed_in,
    moodle,
    pack,
    place,
    take,
)

from grader.classroom import collect
from grader.classroom.lms import archive
from grader.classroom.lms.archive import Damaged, open_archive
from grader.cli.trouble import Unable


@pytest.fixture
def root(tmp_path):
    enrol(course(tmp_path))
    return tmp_path


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


@pytest.mark.parametrize("end", ["9" * 5_000, "-1" * 15_000])
def test_a_name_without_end_costs_its_own_student(root, capsys, end):
    path = root / "largo.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(moodle(ANA, 1, f"{SECTION}-{end}.ipynb"), "a")
        file.writestr(moodle(BETO, 2), "b")

    assert collect.run(root, [str(path), SECTION]) == 1
    assert handed_in(root)[place("beto")] == b"b"
    assert "tiene un nombre de más de 255 letras" in capsys.readouterr().err


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
    (root / "any.zip").touch()
    return root, files_of(root.parent.parent)


def files_of(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@settings(max_examples=150)
@given(st.lists(st.lists(PARTS, min_size=1, max_size=4), min_size=1, max_size=4))
def test_whatever_the_names_nothing_is_written_elsewhere(anywhere, names):
    root, before = anywhere
    path = root / "any.zip"
    with zipfile.ZipFile(path, "w") as file:
        for number, name in enumerate(dict.fromkeys("/".join(parts) for parts in names)):
            info = zipfile.ZipInfo("x")
            info.filename = name
            file.writestr(info, str(number))

    try:
        collect.run(root, [str(path), SECTION])
    except Unable as refusal:
        said = str(refusal)
    else:
        said = "."

    assert said.endswith(".")
    assert said.isprintable()
    assert files_of(root.parent.parent) - {f"a/course/.nbgrader/submitted/{name}" for name in OURS} == before
