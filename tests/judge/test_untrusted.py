"""A folder that somebody else filled: links are not followed, nothing waits, and names are only shown when tame."""

import os
import socket

import pytest

from grader.judge import files
from grader.judge.files import MAX_BYTES, MAX_ENTRIES, NotGradable, opened, printable, strangers

FILE = "01_mini.ipynb"

needs_links = pytest.mark.skipif(os.name == "nt", reason="links and pipes need rights on Windows")


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "submitted" / "ana" / "01_mini"
    path.mkdir(parents=True)
    return path


def read(folder):
    with opened(folder, below=2) as room:
        return room.read(FILE)


def test_a_file_is_read_whole(folder):
    (folder / FILE).write_bytes(b"\r\n\x1a" * 100_000)

    assert read(folder) == b"\r\n\x1a" * 100_000


def test_a_relative_folder_is_read_as_well(folder, monkeypatch):
    (folder / FILE).write_bytes(b"x")
    monkeypatch.chdir(folder.parent)

    assert read(files.Path("01_mini")) == b"x"


@pytest.mark.parametrize("size", [MAX_BYTES, MAX_BYTES + 1])
def test_a_file_has_a_largest_size(folder, size):
    with (folder / FILE).open("wb") as file:
        file.truncate(size)

    if size == MAX_BYTES:
        assert len(read(folder)) == size
    else:
        with pytest.raises(NotGradable, match=r"ocupa más de 5 MB: borra sus salidas en JupyterLab"):
            read(folder)


def test_a_file_that_grows_while_it_is_read_is_not_read_to_its_end(folder, monkeypatch):
    (folder / FILE).write_bytes(b"x" * (MAX_BYTES + 10))
    small = os.stat_result([0o100644, *[0] * 9])
    monkeypatch.setattr(files.os, "fstat", lambda file: small)  # what it was when it was looked at

    with pytest.raises(NotGradable, match="ocupa más de 5 MB"):
        read(folder)


def test_a_missing_file_and_a_missing_folder_are_said_so(folder):
    with pytest.raises(NotGradable, match=f"falta {FILE}: entrégalo"):
        read(folder)
    with pytest.raises(NotGradable, match="falta 02_other: entrégalo"):
        read(folder.parent / "02_other")
    with pytest.raises(NotGradable, match="la entrega no está"):
        read(folder / "a" / "b" / "c")


@needs_links
@pytest.mark.parametrize("target", ["secret.ipynb", "nothing", "/dev/zero", "."])
def test_a_link_in_the_place_of_the_file_is_refused(folder, target):
    (folder / "secret.ipynb").write_bytes(b"secret")
    (folder / FILE).symlink_to(target)

    with pytest.raises(NotGradable, match=f"{FILE} es un enlace: entrega un archivo normal en su lugar"):
        read(folder)


@needs_links
@pytest.mark.parametrize("above", [0, 1])
def test_a_link_in_the_place_of_a_folder_is_refused(folder, tmp_path, above):
    (folder / FILE).write_bytes(b"secret")
    link = [folder, folder.parent][above]
    link.rename(tmp_path / "elsewhere")
    link.symlink_to(tmp_path / "elsewhere")

    with pytest.raises(NotGradable, match=f"{link.name} es un enlace: entrega una carpeta en su lugar"):
        read(folder)


@needs_links
def test_the_folder_of_the_class_may_be_a_link(folder, tmp_path):
    (folder / FILE).write_bytes(b"x")
    (tmp_path / "here").symlink_to(tmp_path / "submitted")

    assert read(tmp_path / "here" / "ana" / "01_mini") == b"x"


@needs_links
def test_a_file_that_turns_into_a_link_meanwhile_is_not_read(folder, monkeypatch):
    (folder / "secret").write_bytes(b"secret")
    (folder / FILE).symlink_to("secret")
    monkeypatch.setattr(files.Folder, "kind", lambda room, name: "file")  # what it was a moment before

    with opened(folder.parent, below=0) as room, pytest.raises(OSError, match="symbolic link"):
        room.read(f"01_mini/{FILE}")


@needs_links
@pytest.mark.parametrize("looked_at", ["special", "file"])  # also when it becomes one meanwhile
def test_a_pipe_is_refused_at_once(folder, monkeypatch, looked_at):
    os.mkfifo(folder / FILE)
    kinds = {FILE: looked_at}
    monkeypatch.setattr(files.Folder, "kind", lambda room, name: kinds.get(name, "folder"))

    with pytest.raises(NotGradable, match=f"{FILE} no es un archivo normal: quítalo"):
        read(folder)


@needs_links
def test_a_socket_is_refused(folder, monkeypatch):
    monkeypatch.chdir(folder)  # the path of a socket must be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(FILE)

        with pytest.raises(NotGradable, match="no es un archivo normal"):
            read(folder)


def test_a_folder_in_the_place_of_the_file_is_refused_and_the_other_way_round(folder):
    (folder / FILE).mkdir()
    with pytest.raises(NotGradable, match="no es un archivo normal"):
        read(folder)

    (folder.parent / "02_other").write_bytes(b"")
    with pytest.raises(NotGradable, match="02_other no es una carpeta: quítalo"):
        read(folder.parent / "02_other")


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
@pytest.mark.parametrize("above", [0, 1])
def test_what_may_not_be_read_is_said_so(folder, above):
    (folder / FILE).write_bytes(b"x")
    place = [folder / FILE, folder][above]
    place.chmod(0)

    try:
        with pytest.raises(NotGradable, match=r"no se puede leer \(.+\): da permiso de lectura"):
            read(folder)
    finally:
        place.chmod(0o700)


def listed(folder):
    with opened(folder, below=2) as room:
        return strangers(room, {FILE})


@needs_links
def test_what_lies_beside_is_listed_with_what_it_is(folder):
    for name in (FILE, "grader.py", "asyncio.py", "x.pth", "sitecustomize.py"):
        (folder / name).write_text("")
    (folder / ".ipython").mkdir()
    (folder / "secret.txt").symlink_to("/etc/passwd")
    os.mkfifo(folder / "wait")

    assert listed(folder) == [
        ".ipython/",
        "asyncio.py",
        "grader.py",
        "secret.txt (enlace)",
        "sitecustomize.py",
        "wait (especial)",
        "x.pth",
    ]


@pytest.mark.parametrize(
    ("count", "last"), [(20, "f0019"), (21, "y 1 más"), (MAX_ENTRIES + 1, "y más de 980 más")]
)
def test_of_many_files_some_are_listed_and_the_rest_is_counted(folder, count, last):
    for number in range(count):
        (folder / f"f{number:04}").write_text("")

    assert len(listed(folder)) <= 21
    assert listed(folder)[-1] == last


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("mi tarea (2).ipynb", "mi tarea (2).ipynb"),
        ("niño_ñandú.py", "niño_ñandú.py"),
        ("a\x1b[31mb\nc\r", "a�[31mb�c�"),
        ("evil\u202egnp.exe", "evil�gnp.exe"),
        ("zero\u200bwidth\u2066", "zero�width�"),
        (os.fsdecode(b"\xff"), "�" if os.name != "nt" else "ÿ"),
        ("x" * 61, "x" * 60 + "…"),
    ],
)
def test_a_name_is_shown_without_what_a_terminal_would_obey(name, shown):
    assert printable(name) == shown
