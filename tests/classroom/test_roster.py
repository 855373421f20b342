"""`roster`: lists of students as nbgrader, Moodle and Canvas write them, into a real gradebook."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from platforms import course, enrol, students

from grader.classroom import roster
from grader.classroom.lms.people import People, Person, is_safe_id, name_key
from grader.cli.trouble import Unable


@pytest.fixture
def root(tmp_path):
    return course(tmp_path)


def load(root, text, *options, encoding="utf-8"):
    path = root / "lista.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return roster.run(root, [str(path), *options])


NBGRADER = (
    "id,first_name,last_name,email,lms_user_id\nana,Ana,García López,ana@uni.es,101\nbeto,Beto,Núñez,,\n"
)
MOODLE = "Nombre;Apellido(s);Dirección de correo\nAna;García López;ana@uni.es\nBeto;Núñez;beto@uni.es\n"
NUMBERS = "First name,Surname,ID number,Email address\nAna,García López,x101,ana@uni.es\nBeto,Núñez,x102,beto@uni.es\n"
WORKSHEET = (
    "Identificador,Nombre completo,Dirección de correo,Estado,Calificación,Calificación máxima,"
    "La calificación puede ser cambiada,Última modificación (entrega),Última modificación (calificación)\n"
    'Participante 501,Ana García López,ana@uni.es,Enviado,,"10,00",Sí,-,-\n'
)
CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,05_timeouts (77),Current Score\n"
    ",,,,,Manual Posting,\n"
    "    Points Possible,,,,,10,(read only)\n"
    '"García López, Ana",101,u1,ana,A,,\n'
    '"Núñez, Beto",102,u2,beto@uni.es,A,,\n'
    '"Student, Test",999,,6f1ed002ab5595859014ebf0951522d9,A,,\n'
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            NBGRADER,
            {"ana": ("Ana", "García López", "ana@uni.es", "101"), "beto": ("Beto", "Núñez", None, None)},
        ),
        (
            MOODLE,
            {
                "ana@uni.es": ("Ana", "García López", "ana@uni.es", None),
                "beto@uni.es": ("Beto", "Núñez", "beto@uni.es", None),
            },
        ),
        (
            NUMBERS,
            {
                "x101": ("Ana", "García López", "ana@uni.es", None),
                "x102": ("Beto", "Núñez", "beto@uni.es", None),
            },
        ),
        (WORKSHEET, {"ana@uni.es": ("Ana", "García López", "ana@uni.es", "501")}),
        (
            CANVAS,
            {
                "ana": ("Ana", "García López", None, "101"),
                "beto@uni.es": ("Beto", "Núñez", "beto@uni.es", "102"),
            },
        ),
    ],
    ids=["nbgrader", "moodle", "id-numbers", "worksheet", "canvas"],
)
def test_each_format_is_recognised_by_its_heading(root, text, found):
    assert load(root, text) == 0
    assert students(root) == found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_encodings_and_separators_of_a_spreadsheet_are_understood(root, encoding, separator):
    load(root, MOODLE.replace(";", separator).replace("\n", "\r\n"), encoding=encoding)

    assert students(root)["beto@uni.es"][1] == "Núñez"


def test_the_same_list_twice_changes_nothing(root, capsys):
    load(root, NBGRADER)
    before = students(root)
    capsys.readouterr()

    assert load(root, NBGRADER) == 0
    assert students(root) == before
    assert "0 nuevos, 0 cambiados, 2 ya estaban" in capsys.readouterr().out


def test_a_second_list_completes_the_students_by_their_address(root):
    enrol(root, [("ana", "Ana", "García López", "ana@uni.es", None)])

    load(root, WORKSHEET)

    assert students(root) == {"ana": ("Ana", "García López", "ana@uni.es", "501")}


def test_what_a_list_leaves_empty_is_kept(root):
    load(root, NBGRADER)

    load(root, "id,first_name,email\nana,Anna,\n")

    assert students(root)["ana"] == ("Anna", "García López", "ana@uni.es", "101")


def test_a_name_that_canvas_wrapped_as_text_is_unwrapped(root):
    load(root, 'Student,ID,SIS Login ID,Section\n"=""=Eva, Ana""",7,eva,A\n')

    assert students(root)["eva"][:2] == ("Ana", "=Eva")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("id,email\nana,ana@uni.es\n,beto@uni.es\n", "fila 3: falta el identificador (id): escríbelo"),
        ("id,email\n../ana,a@uni.es\n", "fila 2: «../ana» no sirve de identificador: usa letras"),
        ("id,email\n=1+1,a@uni.es\n", "fila 2: «=1+1» no sirve de identificador"),
        ("id,email\nana,no\n", "fila 2: «no» no es una dirección de correo: corrígela"),
        ("id,email\nana,=x@uni.es\n", "fila 2: «=x@uni.es» no es una dirección de correo"),
        ("id,email\n\nana,a@uni.es\nana,b@uni.es\n", "2 filas tienen el identificador «ana»: deja una"),
        ("id,email\nana,a@uni.es\nbeto,A@uni.es\n", "2 filas tienen el correo «a@uni.es»: deja una"),
        (
            'Student,ID,SIS Login ID,Section\n"E, A","1,23457E+08",a,A\n',
            "fila 2: «1,23457E+08» no es un número de usuario: si Excel lo ha cambiado, expórtalo otra vez",
        ),
        (f"id,first_name\nana,{'a' * 200}\n", "tiene más de 128 caracteres"),
        ("id,first_name\nana,A\u202ena\n", "signos invisibles: corrígelo"),
    ],
)
def test_a_bad_row_is_told_with_what_to_do_and_nothing_is_written(root, capsys, text, line):
    with pytest.raises(Unable, match=r"no he guardado nada: corrígelos y repite la orden\.$"):
        load(root, text)

    assert line in capsys.readouterr().err
    assert students(root) == {}


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("Alumno,Nota\nAna,5\n", [], "no tiene las columnas que hacen falta: escribe en la primera fila"),
        (MOODLE, ["--from", "canvas"], "escribe en la primera fila Student, ID, SIS Login ID, Section"),
        ("", [], "no tiene nombres de columnas"),
        ("id,email\n", [], "no tiene ningún alumno: expórtala otra vez"),
        (b"id,email\n\x81,a@uni.es\n", [], "No entiendo la codificación"),
        (b"PK\x03\x04\x00\x00,email\n1,2\n", [], "no es un CSV"),
        ("id,email\nana,a@uni.es,demás\n", [], "fila 2: hay 3 celdas para 2 columnas: quita las que sobran"),
        ("id,email\nana," + "x" * 200_000, [], "no es un CSV"),
    ],
)
def test_what_is_no_list_is_refused(root, text, options, message):
    with pytest.raises(Unable, match=r"[.:]\s?$|\.$") as caught:
        load(root, text, *options)

    assert message in str(caught.value)


def test_a_missing_file_is_told(root):
    with pytest.raises(Unable, match="comprueba el nombre y repite la orden"):
        roster.run(root, ["nada.csv"])


def test_a_huge_file_is_not_read(root):
    with pytest.raises(Unable, match="más de 20 MB"):
        load(root, b"id,email\n" + b"a" * 20_000_001)


@given(st.text(max_size=20))
def test_an_id_is_one_plain_name_of_a_folder(text):
    if is_safe_id(text):
        assert text not in (".", "..")
        assert not set(text) & set('/\\:*?"<>|\0\n\t ')
        assert text[0] not in "=+-@."


@pytest.mark.parametrize("text", ["CON", "nul", "Aux.txt", "com1", "LPT9.a"])
def test_an_id_is_no_device_of_windows(text):
    assert not is_safe_id(text)
    assert is_safe_id(f"{text.partition('.')[0]}rad")


@given(st.lists(st.text("abcñüÁ'-", min_size=1, max_size=8), min_size=1, max_size=4), st.randoms())
def test_a_name_is_the_same_in_any_order_without_accents_and_signs(words, random):
    moved = list(words)
    random.shuffle(moved)

    assert name_key(" ".join(words)) == name_key("_".join(moved).upper().replace("'", "").replace("ñ", "n"))


def test_two_students_of_one_name_are_never_guessed_apart():
    people = People([Person("a", "Ana", "Gil"), Person("b", "ANA", "Gil")])

    assert people.by_name("Gil, Ana") is None
    assert [one.id for one in people.namesakes("Ana Gil")] == ["a", "b"]
